"""Reviews: what is asked of the author before one can be sent; the reasons for a grade are asked by `gate`.

What was typed is kept in `notes` under the name of its field, and so is what is missing: `reason("selling")` is both
the field of a reason and the note that holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.effort import OPEN_ANSWER, units
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
GIVEN_ON = "given_on"
"""Beside reasons that were given later: on which day."""


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
    author expects, `notes` what they wrote, by field. `later` are the reasons that were given after it was sent, by the
    grade that they explain.
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
    later: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

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


def own_words(notes: Mapping[str, str]) -> list[str]:
    """What was written in words, of all that was noted: neither days nor what was chosen from a list."""
    chosen = {EARLIER, RAISED_ON, GIVEN_ON, STRENGTH_DAY, GAP_DAY, EXAMPLE_DAY}
    return [words for name, words in notes.items() if name not in chosen and not name.startswith(seen_on(""))]


def heard(review: Review) -> Sentence | None:
    """Whether and when the person has heard of what a grade rests on; None where that was not asked."""
    day = review.day(RAISED_ON)
    match review.note(EARLIER):
        case "":
            return None
        case said if said == NOT_RAISED:
            return sentence("Not raised before.")
        case said if said == IN_A_TALK:
            return sentence("Raised in a talk on {day}.", day=day) if day else sentence("Raised in a talk.")
        case _:
            return sentence("Raised in the check-in of {day}.", day=review.day(EARLIER))


def incomplete(review: Review, asked: Asked) -> Problems:
    """List what every review has to have, whatever its grade."""
    found = _choices(review, asked)
    if review.kind is Kind.SELF:
        return found | _own_words(review, asked)
    return found | _strength_and_gap(review, asked)


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


def _strength_and_gap(review: Review, asked: Asked) -> Problems:
    """One strength, and one gap with a dated example."""
    found: Problems = {}
    if units(review.note(STRENGTH)) < OPEN_ANSWER:
        found[STRENGTH] = sentence("Please write the strength as a full sentence: what did you see? At least 4 words.")
    if units(review.note(GAP)) < OPEN_ANSWER:
        found[GAP] = sentence("Please write the gap as a full sentence with an example. At least 4 words.")
    found |= day_problem(review, STRENGTH_DAY, asked, needed=False)
    return found | day_problem(review, GAP_DAY, asked, needed=True)


def day_problem(review: Review, name: str, asked: Asked, *, needed: bool) -> Problems:
    """What is wrong with the day of an example, which lies in the period under review."""
    day = review.day(name)
    if day is None:
        return {name: sentence("On which day was it?")} if needed else {}
    if not asked.first_day <= day <= asked.today:
        between = sentence("Please choose a day from {first} to {last}.", first=asked.first_day, last=asked.today)
        return {name: between}
    return {}
