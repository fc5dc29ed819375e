"""The no-surprise gate: the reasons that a manager owes before a grade can stand. One rule for everybody who asks.

It is asked when a review is sent, when a self-review comes after it, before a result is released, and by whoever moves
a grade. Reasons are written with the review or given later (`Review.later`), each for the grade that they explain:
what speaks for an A does not explain a D.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.domain.bands import Band, band_of
from bot.domain.checkin import Checkin
from bot.domain.effort import OPEN_ANSWER, REASON, is_filler, units
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.refusal import sentence
from bot.domain.review import (
    EARLIER,
    ENDS,
    EXAMPLE,
    EXAMPLE_DAY,
    FULL_REASON,
    IN_A_TALK,
    LOW_GRADES,
    NOT_RAISED,
    RAISED_ON,
    STRENGTH,
    STRENGTH_DAY,
    Asked,
    Kind,
    Problems,
    Review,
    day_problem,
    incomplete,
    reason,
    seen_on,
    why,
)
from bot.domain.rounding import half_up
from bot.domain.score import PLACES
from bot.domain.score_rules import RULES
from bot.domain.template import Template

NAMES = tuple(band.name for band in RULES.bands)
"""The grades, from the best down."""


def asked_of(
    template: Template, goals: Sequence[Goal], history: Sequence[Checkin], first_day: date, today: date, own: str = ""
) -> Asked:
    """Put together what a review of somebody has to answer; `own` is the grade that they expect themself."""
    return Asked(
        competencies=tuple(one.id for one in template.competencies),
        rubrics=tuple(goal.id for goal in goals if goal.direction is Direction.RUBRIC and goal.levels),
        goals=tuple(goal.id for goal in goals),
        grades=NAMES,
        first_day=first_day,
        today=today,
        own_grade=own,
        earlier=frozenset(one.day.isoformat() for one in history),
    )


@dataclass(frozen=True)
class Asks:
    """What a grade asks of the manager.

    `reasons`: one per indicator, and where it was raised before; `example`: one with its day, `full`: in 20 words.
    """

    reasons: bool = False
    example: bool = False
    full: bool = False


def problems(review: Review, asked: Asked, attained: str | None = None) -> Problems:
    """List all that keeps a review from being sent; empty when it is complete."""
    return incomplete(review, asked) | owed(review, asked, attained)


def owed(review: Review, asked: Asked, attained: str | None, given: str | None = None) -> Problems:
    """List the reasons that a manager's review owes, by field; a self-review owes none.

    `attained` is the grade that the goals alone would give, as far as it is known: a manager who expects another one
    says why, also where it became known only after the review. `given` is the grade that the person gets, once there is
    one. Until then the gate watches the grade that the manager expects.
    """
    if review.kind is Kind.SELF:
        return {}
    found, grade = {} if given else _rating_reasons(review, asked), given or review.overall
    if grade is None:
        return found
    asks, told = asks_for(review, asked, attained, grade), replace(review, notes=reasons_for(review, grade))
    if asks.example:
        found |= _example(told, asked, full=asks.full)
    if _rests_on_strength(review, asked, grade):
        found |= _strength(review, asked)
    return found | (_surprise(told, asked) if asks.reasons else {})


def covered(review: Review, asked: Asked, band: str, attained: str | None = None) -> bool:
    """Tell whether somebody may be given this grade: it surprises nobody, or its reasons are recorded."""
    return not owed(review, asked, attained, band)


def grade_of_goals(attainment: Decimal | None, bands: Sequence[Band] = RULES.bands) -> str | None:
    """The grade that goals with this attainment would give by themselves."""
    return None if attainment is None else band_of(half_up(attainment, int(PLACES)), bands)


def explained_by_calibration(band: str, formula: str | None) -> bool:
    """Tell whether a grade was raised in calibration above the low ones: that change has its own reason on record."""
    if formula is None or NAMES.index(band) >= NAMES.index(formula):
        return False
    return band not in NAMES[-LOW_GRADES:]


def asks_for(review: Review, asked: Asked, attained: str | None, grade: str | None) -> Asks:
    """Tell what a grade asks for: it may be low, at an end, or away from what the person, manager or goals say.

    Grades go by whole bands, so another grade is at least one band away. What the goals say is held against what the
    manager expects; to a grade that nobody expected they say nothing, for they are a part of it.
    """
    if review.kind is Kind.SELF or grade is None:
        return Asks()
    surprise = grade in asked.grades[-LOW_GRADES:] or _differs(grade, asked.own_grade, review.overall)
    apart = _differs(grade, asked.own_grade, review.overall, attained if review.overall else None)
    at_an_end = grade in {asked.grades[0], asked.grades[-1]}
    full = (apart or at_an_end) and not _rests_on_strength(review, asked, grade)
    return Asks(surprise, surprise or full, full)


def asks_anything(review: Review, own: str, attained: str | None, grade: str | None) -> bool:
    """Tell quickly whether a grade asks for any reason, before all of what it asks is gathered."""
    asked = Asked((), (), (), NAMES, date.min, date.min, own)
    return asks_for(review, asked, attained, grade).example or grade == NAMES[0]


def reasons_for(review: Review, grade: str) -> Mapping[str, str]:
    """What was written to explain this grade: later, or with the review when it is the grade expected there."""
    return review.later.get(grade) or (review.notes if grade == review.overall else {})


def explaining(review: Review, grade: str | None) -> Review:
    """A review as it explains the grade that was given: with what was written for it later, if anything was."""
    later = review.later.get(grade or "")
    return replace(review, overall=grade, notes={**review.notes, **later}) if later else review


def _rests_on_strength(review: Review, asked: Asked, grade: str) -> bool:
    """The best grade, where its manager expected it, has its full reason in the strength."""
    return grade == review.overall == asked.grades[0]


def _differs(grade: str, *others: str | None) -> bool:
    return any(other and other != grade for other in others)


def _rating_reasons(review: Review, asked: Asked) -> Problems:
    """A manager's rating at either end needs a reason and a day; the same for the best as for the worst."""
    found: Problems = {}
    for one in asked.competencies:
        at_an_end = review.competencies.get(one) in ENDS
        if at_an_end and units(review.note(reason(one))) < FULL_REASON:
            found[reason(one)] = sentence("A 1 or a 5 needs a reason of about 20 words: what did you see, and when?")
        found |= day_problem(review, seen_on(one), asked, needed=at_an_end)
    return found


def _example(told: Review, asked: Asked, *, full: bool) -> Problems:
    """One example with its day."""
    said, found = told.note(EXAMPLE), day_problem(told, EXAMPLE_DAY, asked, needed=True)
    if full and units(said) < FULL_REASON:
        return found | {EXAMPLE: sentence("This grade needs about 20 words with an example: what happened?")}
    if is_filler(said) or units(said) < OPEN_ANSWER:
        return found | {EXAMPLE: sentence("This grade needs one example: what happened? At least 4 words.")}
    return found


def _strength(review: Review, asked: Asked) -> Problems:
    """What the best grade rests on, with its day."""
    found = day_problem(review, STRENGTH_DAY, asked, needed=True)
    if units(review.note(STRENGTH)) < FULL_REASON:
        found[STRENGTH] = sentence("The best grade needs about 20 words on what it rests on.")
    return found


def _surprise(told: Review, asked: Asked) -> Problems:
    """A surprising grade: a reason per indicator, and whether the person has heard of it."""
    indicators = [why(one) for one in asked.goals] or [reason(one) for one in asked.competencies]
    found: Problems = {
        name: sentence("This grade needs a reason for each indicator, of about 8 words.")
        for name in indicators
        if units(told.note(name)) < REASON
    }
    return found | _heard_before(told, asked)


def _heard_before(told: Review, asked: Asked) -> Problems:
    said = told.note(EARLIER)
    if said not in asked.earlier | {NOT_RAISED, IN_A_TALK}:
        return {EARLIER: sentence("Please point to an earlier note, or say that it was not raised before.")}
    if said == IN_A_TALK and told.day(RAISED_ON) is None:
        return {RAISED_ON: sentence("On which day did you talk about it?")}
    return day_problem(told, RAISED_ON, asked, needed=False)
