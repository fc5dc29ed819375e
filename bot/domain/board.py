"""The board of those who calibrate: who stands out, which alike got different grades, and what a meeting changed."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from heapq import nsmallest

from bot.domain.calibration import Change, in_force, points
from bot.domain.refusal import N_
from bot.domain.rounding import ARITHMETIC, half_up, mean

ALIKE = Decimal(1)
"""Points of attainment within which two people reached the same."""
MUCH_NARROWER = Decimal("0.2")
"""A share of the spread: when more of it is lost, differences were levelled rather than looked at."""

ENOUGH = 8
"""People from whom on an average and a spread of grades say something; of fewer, one change moves both."""


class Aspect(StrEnum):
    """What the board shows."""

    APART = "apart"
    PAIRS = "pairs"
    NEAR = "near"
    TOO_LOW = "too_low"
    UNDATED = "undated"
    CHANGED = "changed"
    AGAIN = "again"


ASPECT_NAMES: Mapping[Aspect, str] = {
    Aspect.APART: N_("Rating and goals apart"),
    Aspect.PAIRS: N_("Same attainment, other grade"),
    Aspect.NEAR: N_("Close to a boundary"),
    Aspect.TOO_LOW: N_("Is anybody too low?"),
    Aspect.UNDATED: N_("No dated example"),
    Aspect.CHANGED: N_("Changed"),
    Aspect.AGAIN: N_("Look again"),
}


@dataclass(frozen=True)
class Figures:
    """One person's result in a line: `grade` as it stands, `formula` the one by the rules.

    `attainment` is the goals' (100 on target), `rating` the manager's from 0 to 100, `near` a boundary close by.
    """

    person_id: str
    score: Decimal
    grade: str
    formula: str
    attainment: Decimal | None = None
    rating: Decimal | None = None
    near: Decimal | None = None

    @property
    def apart(self) -> Decimal:
        """How far the manager's rating lies from what the goals say; 0 where there is only one of them."""
        return abs(self.above)

    @property
    def above(self) -> Decimal:
        """How far the goals lie above the manager's rating."""
        if self.attainment is None or self.rating is None:
            return Decimal(0)
        return self.attainment - self.rating


@dataclass(frozen=True)
class Pair:
    """Two people who reached the same and got different grades."""

    higher: Figures
    lower: Figures


def by_difference(figures: Iterable[Figures]) -> list[Figures]:
    """Everybody, those first whose manager's rating and goals say the most different."""
    return sorted(figures, key=lambda one: (-one.apart, one.person_id))


def perhaps_too_low(figures: Iterable[Figures]) -> list[Figures]:
    """Those whose goals say more than their manager's rating, the most first."""
    return sorted((one for one in figures if one.above > 0), key=lambda one: (-one.above, one.person_id))


def near_boundary(figures: Iterable[Figures]) -> list[Figures]:
    """Those within a point of a grade's boundary, by their result from the top."""
    return sorted((one for one in figures if one.near is not None), key=lambda one: (-one.score, one.person_id))


def pairs(figures: Iterable[Figures], grades: Sequence[str], most: int) -> list[Pair]:
    """The most telling pairs: the same attainment within a point, grades as far apart as possible.

    For each person and each lower grade the closest in attainment is looked at, so that a company costs n log n.
    """
    by_grade: dict[str, list[tuple[Decimal, str, Figures]]] = {}
    for one in figures:
        if one.attainment is not None:
            by_grade.setdefault(one.grade, []).append((one.attainment, one.person_id, one))
    for row in by_grade.values():
        row.sort(key=lambda entry: entry[:2])
    found = (
        Pair(one, closest)
        for grade, row in by_grade.items()
        for lower in grades[grades.index(grade) + 1 :]
        for _, _, one in row
        if (closest := _closest(one, by_grade.get(lower, []))) is not None
    )
    return nsmallest(most, found, key=lambda pair: _telling(pair, grades))


def _closest(one: Figures, row: Sequence[tuple[Decimal, str, Figures]]) -> Figures | None:
    reached = one.attainment or Decimal(0)
    place = bisect_left(row, reached, key=lambda entry: entry[0])
    around = [entry[2] for entry in row[max(place - 1, 0) : place + 1]]
    alike = [other for other in around if _distance(one, other) <= ALIKE]
    return min(alike, key=lambda other: (_distance(one, other), other.person_id), default=None)


def _distance(one: Figures, other: Figures) -> Decimal:
    return abs((one.attainment or Decimal(0)) - (other.attainment or Decimal(0)))


def _telling(pair: Pair, grades: Sequence[str]) -> tuple[int, Decimal, str, str]:
    higher, lower = pair.higher, pair.lower
    gap = points(higher.grade, grades) - points(lower.grade, grades)
    return -gap, _distance(higher, lower), higher.person_id, lower.person_id


def to_look_at_again(figures: Iterable[Figures], newest: Mapping[str, Change]) -> list[Figures]:
    """Those whose grade was changed before the rules came to another one: the change does not count any more."""
    return [one for one in figures if one.person_id in newest and not in_force(newest[one.person_id], one.formula)]


# What a meeting changed --------------------------------------------------------------------


@dataclass(frozen=True)
class Drift:
    """What the changes of a meeting did to the grades, in grade points (1 for the lowest grade).

    `mean` and `spread` are differences: after less before. `narrower` is the share of the spread that was lost.
    """

    mean: Decimal
    spread: Decimal
    narrower: Decimal
    up: int
    down: int
    people: int

    @property
    def telling(self) -> bool:
        """Whether there are enough people to speak of an average and a spread."""
        return self.people >= ENOUGH

    @property
    def levelled(self) -> bool:
        """Whether so much of the spread was lost that it has to be asked about."""
        return self.telling and self.narrower > MUCH_NARROWER


def grades_before(figures: Iterable[Figures], changes: Sequence[Change]) -> dict[str, str]:
    """Everybody's grade as it stood before these changes, in the order in which they were made."""
    before = {one.person_id: one.grade for one in figures}
    for change in reversed(changes):
        if change.person_id in before:
            before[change.person_id] = change.before
    return before


def drift(before: Mapping[str, str], after: Mapping[str, str], grades: Sequence[str]) -> Drift:
    """Compare the grades of the same people before and after."""
    if not before:
        return Drift(Decimal(0), Decimal(0), Decimal(0), 0, 0, 0)
    old = {one: points(grade, grades) for one, grade in before.items()}
    new = {one: points(after[one], grades) for one in before}
    was, now = _spread(list(old.values())), _spread(list(new.values()))
    return Drift(
        _mean(list(new.values())) - _mean(list(old.values())),
        now - was,
        half_up(ARITHMETIC.divide(was - now, was), 4) if was else Decimal(0),
        sum(new[one] > old[one] for one in old),
        sum(new[one] < old[one] for one in old),
        len(old),
    )


def _mean(values: Sequence[int]) -> Decimal:
    return mean([Decimal(value) for value in values])


def _spread(values: Sequence[int]) -> Decimal:
    """The standard deviation of all who are there (they are not a sample)."""
    middle = _mean(values)
    with localcontext(ARITHMETIC):
        return mean([(value - middle) ** 2 for value in values]).sqrt()


def distribution(given: Iterable[str], grades: Sequence[str]) -> dict[str, int]:
    """How many have each grade, from the best down."""
    counted = Counter(given)
    return {grade: counted[grade] for grade in grades}
