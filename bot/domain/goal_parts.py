"""What somebody's goals hold of the parts of objectives that they were given, and which goal could be linked to one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.cascade import Objective, Support, is_alike
from bot.domain.coverage import amount
from bot.domain.finding import Finding, Level
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.refusal import sentence
from bot.domain.rounding import ARITHMETIC, HUNDRED, total

UNLINKED = "unlinked"
"""The rule of a finding about a goal that is counted and named like a part, and linked to nothing."""


@dataclass(frozen=True)
class Owed:
    """A part that somebody was given and gave to nobody else, and how much of it the days of a cycle ask for."""

    part: Objective
    amount: Decimal


@dataclass(frozen=True)
class Named:
    """A goal with every way in which its unit is written and it is called."""

    goal: Goal
    units: frozenset[str]
    names: frozenset[str]

    def fits(self, part: Objective) -> bool:
        """Whether it is counted like a part, and one of the two names is in the other."""
        title = part.title.strip().casefold()
        called = {one.strip().casefold() for one in self.names} - {""}
        return is_alike(self.units, self.goal.direction, part) and any(one in title or title in one for one in called)


def part_findings(goals: Sequence[Named], owed: Iterable[Owed], supports: Sequence[Support]) -> Iterator[Finding]:
    """Say where goals hold less than a part asks for, and that one like it is not linked; nothing of other parts."""
    linked = {one.goal_id for one in supports}
    for one in owed:
        if one.part.direction is not Direction.HIGHER or not one.part.months or one.amount <= 0:
            continue
        shares = {each.goal_id: each.share for each in supports if each.objective_id == one.part.id}
        alike = [n for n, each in enumerate(goals) if each.goal.id not in linked and each.fits(one.part)]
        counted = shares | {goals[n].goal.id: HUNDRED for n in alike}
        held = total(_part_of(each.goal, counted[each.goal.id]) for each in goals if each.goal.id in counted)
        if counted and held < one.amount:
            yield _short(one, held)
        for n in alike:
            words = sentence("“{title}” is counted like the part “{part}” and is not linked to it yet.",
                             title=goals[n].goal.title, part=one.part.title)  # fmt: skip
            yield Finding(UNLINKED, Level.HINT, words, n)


def _part_of(goal: Goal, share: Decimal) -> Decimal:
    return ARITHMETIC.divide(ARITHMETIC.multiply(goal.target or Decimal(0), share), HUNDRED)


def _short(one: Owed, held: Decimal) -> Finding:
    words = sentence(
        "Of the part “{part}” ({owed} in these months) these goals hold {held}.",
        part=one.part.title,
        owed=amount(one.amount, one.part.unit),
        held=amount(held, one.part.unit),
    )
    return Finding("part", Level.HINT, words)
