"""Reviews: what is asked of the author, and the reasons without which a rating or a grade cannot be sent.

What was typed is kept in `notes` under the name of its field, and so is what is missing: `reason("selling")` is both
the field of a reason and the note that holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.effort import OPEN_ANSWER, REASON, is_filler, units
from bot.domain.refusal import Sentence, sentence
from bot.domain.template import GRADES

FULL_REASON = Decimal(20)
"""Units of text wanted for a rating or a grade at either end (about 20 words, or 32 Chinese characters)."""
ENDS = (GRADES[0], GRADES[-1])
MIDDLE = GRADES[len(GRADES) // 2]
MUCH_MIDDLE, ENOUGH_RATINGS = Decimal("0.7"), 5
LOW_GRADES = 2

WELL, NOT_WELL, NEED = "well", "not_well", "need"
GRADE, STRENGTH, STRENGTH_DAY, GAP, GAP_DAY = "grade", "strength", "strength_day", "gap", "gap_day"
EXAMPLE, EXAMPLE_DAY, EARLIER, RAISED_ON = "example", "example_day", "earlier", "raised_on"
NOT_RAISED, IN_A_TALK = "not_raised", "in_a_talk"
"""Besides an earlier note: what can be said of whether the person has heard of it before."""


class Kind(StrEnum):
    """Who reviews."""

    SELF = "self"
    MANAGER = "manager"


class State(StrEnum):
    """Whether it counts."""

    DRAFT = "draft"
    SENT = "sent"


@dataclass(frozen=True)
class Review:
    """One author's review of a person in a cycle. It counts when it is `sent`; a draft is its author's alone.

    `competencies` are ratings from 1 to 5, `levels` the chosen level of each rubric goal, `overall` the grade that the
    author expects, `notes` what they wrote, by field.
    """

    cycle_id: str
    person_id: str
    author_id: str
    kind: Kind
    state: State = State.DRAFT
    competencies: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, Decimal] = field(default_factory=dict)
    overall: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict, repr=False)
    sent_at: datetime | None = None

    @property
    def sent(self) -> bool:
        """Whether it counts."""
        return self.state is State.SENT

    def note(self, name: str) -> str:
        """What was written into a field."""
        return self.notes.get(name, "")

    def day(self, name: str) -> date | None:
        """The day given in a field."""
        return date.fromisoformat(self.note(name)) if self.note(name) else None


@dataclass(frozen=True)
class Asked:
    """What a review has to answer, by id. `grades` go from the best down; days lie from `first_day` to `today`.

    `own_grade` is what the person expects themself, empty until they said so; `earlier` are the ids of earlier notes
    that a manager can point to.
    """

    competencies: tuple[str, ...]
    rubrics: tuple[str, ...]
    goals: tuple[str, ...]
    grades: tuple[str, ...]
    first_day: date
    today: date
    own_grade: str = ""
    earlier: frozenset[str] = frozenset()


Problems = dict[str, Sentence]
"""What is missing or wrong, by field."""


def rating(competency_id: str) -> str:
    """The field of a rating."""
    return f"rating_{competency_id}"


def reason(competency_id: str) -> str:
    """The field of what a rating rests on."""
    return f"reason_{competency_id}"


def seen_on(competency_id: str) -> str:
    """The field of the day of the example behind a rating."""
    return f"day_{competency_id}"


def level(goal_id: str) -> str:
    """The field of a rubric goal's level."""
    return f"level_{goal_id}"


def why(goal_id: str) -> str:
    """The field of the reason that a surprising grade owes for a goal."""
    return f"why_{goal_id}"


def is_surprise(review: Review, asked: Asked) -> bool:
    """Tell whether a manager's grade is low or a full band away from what the person expects: no-surprise gate."""
    grade = review.overall
    if review.kind is Kind.SELF or grade is None:
        return False
    return grade in asked.grades[-LOW_GRADES:] or bool(asked.own_grade and asked.own_grade != grade)


def problems(review: Review, asked: Asked) -> Problems:
    """List all that keeps a review from being sent; empty when it is complete."""
    found = _choices(review, asked)
    if review.kind is Kind.SELF:
        return found | _own_words(review, asked)
    found |= _rating_reasons(review, asked) | _strength_and_gap(review, asked)
    return found | _surprise(review, asked) if is_surprise(review, asked) else found


def middle_hint(ratings: Sequence[int]) -> Sentence | None:
    """Return a question to an author most of whose ratings are the middle; it stops nothing."""
    if len(ratings) < ENOUGH_RATINGS or ratings.count(MIDDLE) <= MUCH_MIDDLE * len(ratings):
        return None
    return sentence(
        "{share} of your ratings are the middle one. Where is the work clearly stronger or weaker than that?"
        " You may also leave it as it is.",
        share=f"{round(100 * ratings.count(MIDDLE) / len(ratings))}%",
    )


def _choices(review: Review, asked: Asked) -> Problems:
    """Every rating, every level and the grade have to be chosen."""
    found: Problems = {}
    for one in asked.competencies:
        if review.competencies.get(one) not in GRADES:
            found[rating(one)] = sentence("Please choose the words that fit best.")
    for one in asked.rubrics:
        if one not in review.levels:
            found[level(one)] = sentence("Please choose the level that was reached.")
    if review.overall not in asked.grades:
        found[GRADE] = sentence("Please choose a grade.")
    return found


def _own_words(review: Review, asked: Asked) -> Problems:
    """A self-review: a line behind a rating at either end, what went well and what did not."""
    found: Problems = {}
    for one in asked.competencies:
        if review.competencies.get(one) in ENDS and units(review.note(reason(one))) < OPEN_ANSWER:
            found[reason(one)] = sentence("A rating at either end needs an example of at least 4 words.")
    for name in (WELL, NOT_WELL):
        if not review.note(name):
            found[name] = sentence("Please write at least a line here.")
    return found


def _rating_reasons(review: Review, asked: Asked) -> Problems:
    """A manager's rating at either end needs a reason and a day; the same for the best as for the worst."""
    found: Problems = {}
    for one in asked.competencies:
        at_an_end = review.competencies.get(one) in ENDS
        if at_an_end and units(review.note(reason(one))) < FULL_REASON:
            found[reason(one)] = sentence("A 1 or a 5 needs a reason of about 20 words: what did you see, and when?")
        found |= _day(review, seen_on(one), asked, needed=at_an_end)
    return found


def _strength_and_gap(review: Review, asked: Asked) -> Problems:
    """One strength and one gap with a dated example; the best grade needs what it rests on as well."""
    found: Problems = {}
    best = review.overall == asked.grades[0]
    if best and units(review.note(STRENGTH)) < FULL_REASON:
        found[STRENGTH] = sentence("The best grade needs about 20 words on what it rests on.")
    elif units(review.note(STRENGTH)) < OPEN_ANSWER:
        found[STRENGTH] = sentence("Please write the strength as a full sentence: what did you see? At least 4 words.")
    if units(review.note(GAP)) < OPEN_ANSWER:
        found[GAP] = sentence("Please write the gap as a full sentence with an example. At least 4 words.")
    found |= _day(review, STRENGTH_DAY, asked, needed=best)
    return found | _day(review, GAP_DAY, asked, needed=True)


def _surprise(review: Review, asked: Asked) -> Problems:
    """A surprising grade: a reason per indicator, one dated example, and whether the person has heard of it."""
    indicators = [why(one) for one in asked.goals] or [reason(one) for one in asked.competencies]
    found: Problems = {
        name: sentence("This grade needs a reason for each indicator, of about 8 words.")
        for name in indicators
        if units(review.note(name)) < REASON
    }
    if is_filler(review.note(EXAMPLE)) or units(review.note(EXAMPLE)) < OPEN_ANSWER:
        found[EXAMPLE] = sentence("This grade needs one example: what happened? At least 4 words.")
    return found | _day(review, EXAMPLE_DAY, asked, needed=True) | _heard_before(review, asked)


def _heard_before(review: Review, asked: Asked) -> Problems:
    said = review.note(EARLIER)
    if said not in asked.earlier | {NOT_RAISED, IN_A_TALK}:
        return {EARLIER: sentence("Please point to an earlier note, or say that it was not raised before.")}
    raised = review.day(RAISED_ON)
    if said == IN_A_TALK and raised is None:
        return {RAISED_ON: sentence("On which day did you talk about it?")}
    if raised is not None and raised > asked.today:
        return {RAISED_ON: sentence("This day is still to come.")}
    return {}


def _day(review: Review, name: str, asked: Asked, *, needed: bool) -> Problems:
    """The day of an example lies in the period under review."""
    day = review.day(name)
    if day is None:
        return {name: sentence("On which day was it?")} if needed else {}
    if not asked.first_day <= day <= asked.today:
        between = sentence("Please choose a day from {first} to {last}.", first=asked.first_day, last=asked.today)
        return {name: between}
    return {}
