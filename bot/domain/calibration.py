"""Calibration: people who look at results side by side change a grade, with a reason; no formula moves anybody.

A change never touches a number. It stands above the rounded result as a node of its own, so the tree below is what the
rules made, for good, and the newest change counts as long as the rules still make the grade that was looked at.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from urllib.parse import urlsplit

from bot.domain.effort import is_filler
from bot.domain.explain import Input, Node, compute
from bot.domain.refusal import Refused, sentence
from bot.domain.review import EARLIER, NOT_RAISED, Review, seen_on
from bot.domain.score import Outcome
from bot.domain.team import line_above

LEAST_REASON = 20
"""Characters of the reason for a change."""
CALIBRATED = "calibrated"
"""The formula of the node that carries a changed grade."""


@dataclass(frozen=True)
class Change:
    """One change of a grade. `formula` is the grade by the rules at that time; evidence is a `link`, a `day` or both.

    `meeting` and `n` count up: the review meetings of a cycle, and the changes of a person in it.
    """

    cycle_id: str
    person_id: str
    formula: str
    before: str
    after: str
    reason: str = field(repr=False)
    link: str
    day: date | None
    by: str
    at: datetime
    meeting: int = 1
    n: int = 1


@dataclass(frozen=True)
class Meeting:
    """A review meeting of those who calibrate: opened and closed by HR, with what was found about who is too low."""

    cycle_id: str
    n: int
    opened_by: str
    opened_at: datetime
    closed_by: str = ""
    closed_at: datetime | None = None
    found: str = field(default="", repr=False)

    @property
    def is_open(self) -> bool:
        """Whether grades may be changed in it."""
        return self.closed_at is None


# Who -----------------------------------------------------------------------------------


def unseen_by(viewer_id: str, managers: Mapping[str, str]) -> set[str]:
    """Whose results somebody never sees side by side: their own, and those of everybody above them."""
    return {viewer_id, *line_above(viewer_id, managers)}


# What a change needs ---------------------------------------------------------------------


def check_change(change: Change, grades: Sequence[str], days: tuple[date, date]) -> None:
    """Refuse a change without another grade, a reason or evidence; `days` are the first of the cycle and today."""
    if change.after not in grades or change.after == change.before:
        raise Refused("Please choose another grade than the present one.", field="after")
    if len(change.reason) < LEAST_REASON or is_filler(change.reason):
        raise Refused(
            "Please write a reason of at least {least} characters: what does the evidence show?",
            field="reason",
            least=LEAST_REASON,
        )
    if change.link and not _is_address(change.link):
        raise Refused("This is no address; it begins with https://.", field="link")
    if not change.link and change.day is None:
        raise Refused("Please name the evidence: a link to it, or the day on which it was seen.", field="link")
    if change.day is not None and not days[0] <= change.day <= days[1]:
        raise Refused("Please choose a day from {first} to {last}.", field="day", first=days[0], last=days[1])


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not set(link) & set(" |<>\n\t")


# What a change does ----------------------------------------------------------------------


def in_force(change: Change | None, formula: str | None) -> bool:
    """Whether a change counts: what was looked at is still what the rules make; else it has to be looked at again."""
    return change is not None and change.formula == formula


def counting(changes: Sequence[Change], formula: str | None) -> tuple[Change, ...]:
    """The changes of one person that made the grade what it is, in their order; none when the newest does not count."""
    newest_first = takewhile(lambda one: in_force(one, formula), reversed(changes))
    return tuple(newest_first)[::-1]


def points(grade: str, grades: Sequence[str]) -> int:
    """A grade as a number for averages: 1 for the lowest."""
    return len(grades) - grades.index(grade)


def calibrated(outcome: Outcome, change: Change | None, grades: Sequence[str]) -> Outcome:
    """What the rules made, with the grade that people gave it; the number and its tree stay beneath."""
    if change is None or outcome.tree is None or not in_force(change, outcome.band) or change.after == outcome.band:
        return outcome
    inputs = {
        "earned": Input(Decimal(points(change.formula, grades))),
        "given": Input(Decimal(points(change.after, grades))),
    }
    label = sentence("Result, grade {before} changed to {after} by people", before=change.formula, after=change.after)
    return replace(outcome, band=change.after, tree=compute(CALIBRATED, label, inputs, (outcome.tree,)))


def by_the_rules(tree: Node) -> Node:
    """The tree as the rules made it."""
    return tree.children[0] if tree.formula == CALIBRATED else tree


# The evidence behind a result --------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """How much stands behind a result: dated examples in the manager's review, and what others said that was shared."""

    dated: int = 0
    shared: int = 0
    not_raised: bool = False

    @property
    def missing(self) -> bool:
        """Whether no example has a day: there is nothing to look at together."""
        return not self.dated


def evidence_in(review: Review | None, shared: int = 0) -> Evidence:
    """Count what a sent review rests on."""
    if review is None or not review.sent:
        return Evidence(0, shared)
    return Evidence(len(days_in(review)), shared, review.note(EARLIER) == NOT_RAISED)


def days_in(review: Review) -> list[date]:
    """The days of the examples in a review."""
    named = (name for name in review.notes if name.startswith(seen_on("")) or name.endswith("_day"))
    return [day for name in named if (day := review.day(name)) is not None]


def without_example(reviews: Mapping[str, Review], people: Collection[str]) -> set[str]:
    """Of these people those whose review holds no dated example."""
    return {one for one in people if evidence_in(reviews.get(one)).missing}
