"""A pool as it is drawn up: everybody's line from frozen facts, and a fingerprint of all of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.domain.pool import CENT, MOST_OF_TARGET, Matrix, Paid, Part, merit, percent_of, share
from bot.domain.proration import Served, eligible_days
from bot.domain.rounding import ARITHMETIC, EXACT, half_up

FORMAT = 1
SHOWN = 8
"""Characters of the fingerprint that whoever approves copies from the file."""
MATRIX: Matrix = {
    "S": (Decimal(8), Decimal(6), Decimal(4)),
    "A": (Decimal(6), Decimal(4), Decimal(3)),
    "B": (Decimal(4), Decimal(3), Decimal(2)),
}
"""Raises in percent, before they are fitted to the budget; whoever is below gets none."""


@dataclass(frozen=True)
class Entitled:
    """Somebody in the pool: the coefficient that was decided, the share of the cycle they were there, their base."""

    person_id: str
    department: str
    grade: str
    coefficient: Decimal
    served: Decimal
    target: Decimal = field(repr=False)
    salary: Decimal | None = field(default=None, repr=False)
    midpoint: Decimal | None = field(default=None, repr=False)

    @property
    def ratio(self) -> Decimal | None:
        """Salary ÷ middle of the range."""
        return ARITHMETIC.divide(self.salary, self.midpoint) if self.salary is not None and self.midpoint else None


def share_served(summary: Mapping[str, Any]) -> Decimal:
    """The share of a cycle that somebody was there, over all their roles in it, from what went into their result."""
    written = [one["served"] for one in (*summary.get("earlier", ()), summary) if one.get("served")]
    if not written:
        return Decimal(1)
    days = sum((eligible_days(_served(one)) for one in written), Decimal(0))
    return min(Decimal(1), half_up(days / written[-1]["cycle_days"], 6))


def _served(written: Mapping[str, Any]) -> Served:
    leave = (Decimal(written["leave_days"]), Decimal(written["leave_before"]))
    return Served(written["cycle_days"], written["employed_days"], *leave)


def drawn_up(people: Sequence[Entitled], total: Decimal | None, budget: Decimal | None) -> dict[str, Any]:
    """Everybody's amount as plain JSON. Without a total it is the sum of targets, each for the time served.

    With a budget in percent of salaries there are raises beside it.
    """
    ordered = sorted(people, key=lambda one: one.person_id)
    targets = sum((half_up(one.target * one.served) for one in ordered), Decimal(0))
    pool = targets if total is None else total
    caps = {one.person_id: half_up(one.target * MOST_OF_TARGET) for one in ordered}
    parts = [Part(one.person_id, one.target, one.coefficient, one.served, caps[one.person_id]) for one in ordered]
    shared = share(pool, parts)
    raises = _raises(ordered, budget) if budget is not None else {}
    return {
        "format": FORMAT,
        "total": str(pool),
        "unspent": str(shared.unspent),
        "factor": None if shared.factor is None else str(half_up(shared.factor, 6)),
        "usual": shared.is_usual,
        "budget": None if budget is None else str(budget),
        "lines": [
            _line(one, caps[one.person_id], shared.amounts[one.person_id]) | raises.get(one.person_id, {})
            for one in ordered
        ],
    }


def amended(approved: Mapping[str, Any], fresh: Mapping[str, Any], moved: Collection[str]) -> dict[str, Any]:
    """An approved pool in which the lines of these people alone are as a `fresh` one has them, and never lower.

    Who had no line gets one. The factor stays the approved one, so that a grade is worth the same to all. Everybody
    else keeps what was approved: what is added comes on top of the total.
    """
    before = {line["person"]: line for line in approved["lines"]}
    factor = Decimal(approved["factor"] or fresh["factor"] or 0)
    anew = {line["person"]: _at(factor, line) for line in fresh["lines"] if line["person"] in moved}
    made = {one: _raised(before.get(one, NO_LINE), line) for one, line in anew.items()}
    lines = [line for _, line in sorted({**before, **made}.items())]
    added = sum((Decimal(line["amount"]) - Decimal(line.get("before", line["amount"])) for line in lines), Decimal(0))
    return {**approved, "lines": lines, "added": str(added.quantize(CENT))}


NO_LINE: Mapping[str, Any] = {"amount": "0.00"}
"""What stood of somebody whose grade came after the approval."""


def _at(factor: Decimal, line: Mapping[str, Any]) -> dict[str, Any]:
    """A line with the amount that this factor makes."""
    target, coefficient, served, cap = (Decimal(line[name]) for name in ("target", "coefficient", "served", "cap"))
    amount = half_up(EXACT.multiply(EXACT.multiply(target, coefficient), EXACT.multiply(served, factor)))
    return {**line, "amount": str(min(cap, amount).quantize(CENT))}


def _raised(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """A line made anew, with the amount that was approved first beside it."""
    amount = max(Decimal(before["amount"]), Decimal(after["amount"]))
    raises = before if Decimal(before.get("raise", 0)) > Decimal(after.get("raise", 0)) else after
    kept = {name: raises[name] for name in ("percent", "raise", "once") if name in raises}
    return {**after, **kept, "amount": str(amount), "before": before.get("before", before["amount"])}


def _line(one: Entitled, cap: Decimal, amount: Decimal) -> dict[str, Any]:
    return {
        "person": one.person_id,
        "department": one.department,
        "grade": one.grade,
        "coefficient": str(one.coefficient),
        "served": str(one.served),
        "target": str(one.target),
        "cap": str(cap),
        "amount": str(amount.quantize(CENT)),
    }


def _raises(people: Sequence[Entitled], budget: Decimal) -> dict[str, dict[str, Any]]:
    paid = [Paid(one.person_id, one.salary, percent_of(MATRIX, one.grade, one.ratio), one.ratio)
            for one in people if one.salary is not None]  # fmt: skip
    found = merit(paid, budget)
    return {
        one.person_id: {
            "salary": str(one.salary),
            "ratio": None if one.ratio is None else str(half_up(one.ratio, 4)),
            "percent": str(found.raises[one.person_id].percent),
            "raise": str(found.raises[one.person_id].amount.quantize(CENT)),
            "once": found.raises[one.person_id].once,
        }
        for one in paid
    }
