"""A pool as it is drawn up: everybody's line from frozen facts, and a fingerprint of all of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.domain.pool import CENT, MOST_OF_TARGET, Matrix, Paid, Part, Shared, divided, merit, percent_of, share
from bot.domain.proration import Served, eligible_days
from bot.domain.rounding import ARITHMETIC, EXACT, half_up

FORMAT = 1
SHOWN = 8
"""Characters of the fingerprint that whoever approves copies from the file."""
DIGITS = 15
"""Decimals of a share of a cycle, as many as a spreadsheet keeps: with six, 12,000 × 102 ÷ 244 was a cent too much."""
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
    return min(Decimal(1), half_up(ARITHMETIC.divide(days, Decimal(written[-1]["cycle_days"])), DIGITS))


def _served(written: Mapping[str, Any]) -> Served:
    leave = (Decimal(written["leave_days"]), Decimal(written["leave_before"]))
    return Served(written["cycle_days"], written["employed_days"], *leave)


def drawn_up(
    people: Sequence[Entitled],
    total: Decimal | None,
    budget: Decimal | None,
    split: Mapping[str, Decimal] | None = None,
) -> dict[str, Any]:
    """Everybody's amount as plain JSON. Without a total it is the sum of targets, each for the time served.

    With a budget in percent of salaries there are raises beside it. With a `split`, the factors of the departments'
    results, each department has a pool and a factor of its own.
    """
    ordered = sorted(people, key=lambda one: one.person_id)
    pool = _targets(ordered) if total is None else total
    departments = {} if split is None else _by_department(ordered, pool, split)
    shared = share(pool, _parts(ordered)) if split is None else _together(pool, departments)
    raises = _raises(ordered, budget) if budget is not None else {}
    return {
        "format": FORMAT,
        **_sums(pool, shared),
        **({"departments": _written(departments), "usual": _all_usual(departments)} if departments else {}),
        "budget": None if budget is None else str(budget),
        "lines": [_line(one, shared.amounts[one.person_id]) | raises.get(one.person_id, {}) for one in ordered],
    }


def _targets(people: Sequence[Entitled]) -> Decimal:
    return sum((half_up(one.target * one.served) for one in people), Decimal(0))


def _parts(people: Sequence[Entitled]) -> list[Part]:
    return [Part(one.person_id, one.target, one.coefficient, one.served, _cap(one)) for one in people]


def _cap(one: Entitled) -> Decimal:
    return half_up(one.target * MOST_OF_TARGET)


def _sums(pool: Decimal, shared: Shared) -> dict[str, Any]:
    return {
        "total": str(pool),
        "unspent": str(shared.unspent),
        "factor": None if shared.factor is None else str(half_up(shared.factor, 6)),
        "usual": shared.is_usual,
    }


# A pool for each department --------------------------------------------------------------------


@dataclass(frozen=True)
class Division:
    """A department's pool: the factor of its result, how much it is, and how that is shared out."""

    result: Decimal
    pool: Decimal
    shared: Shared


def _by_department(people: Sequence[Entitled], pool: Decimal, split: Mapping[str, Decimal]) -> dict[str, Division]:
    theirs: dict[str, list[Entitled]] = {}
    for one in people:
        theirs.setdefault(one.department, []).append(one)
    pools = divided(pool, {name: _targets(some) for name, some in theirs.items()}, split)
    return {
        name: Division(split.get(name, Decimal(1)), pools[name], share(pools[name], _parts(some)))
        for name, some in sorted(theirs.items())
    }


def _together(pool: Decimal, departments: Mapping[str, Division]) -> Shared:
    """Everybody's amount. There is no one factor; what was left over anywhere is left over."""
    amounts: dict[str, Decimal] = {}
    for one in departments.values():
        amounts |= one.shared.amounts
    capped = tuple(sorted(person for one in departments.values() for person in one.shared.capped))
    return Shared(None, amounts, capped, pool - sum(amounts.values(), Decimal(0)))


def _written(departments: Mapping[str, Division]) -> list[dict[str, Any]]:
    return [
        {"department": name, "result": str(one.result), **_sums(one.pool, one.shared)}
        for name, one in departments.items()
    ]


def _all_usual(departments: Mapping[str, Division]) -> bool:
    return all(one.shared.is_usual for one in departments.values())


# After an approval -----------------------------------------------------------------------------


def amended(approved: Mapping[str, Any], fresh: Mapping[str, Any], moved: Collection[str]) -> dict[str, Any]:
    """An approved pool in which the lines of these people alone are as a `fresh` one has them, and never lower.

    Who had no line gets one. The factor stays the approved one, so that a grade is worth the same to all. Everybody
    else keeps what was approved: what is added comes on top of the total.
    """
    before = {line["person"]: line for line in approved["lines"]}
    anew = {
        line["person"]: _at(_factor_of(line, approved, fresh), line)
        for line in fresh["lines"]
        if line["person"] in moved
    }
    made = {one: _raised(before.get(one, NO_LINE), line) for one, line in anew.items()}
    lines = [line for _, line in sorted({**before, **made}.items())]
    added = sum((Decimal(line["amount"]) - Decimal(line.get("before", line["amount"])) for line in lines), Decimal(0))
    return {**approved, "lines": lines, "added": str(added.quantize(CENT))}


NO_LINE: Mapping[str, Any] = {"amount": "0.00"}
"""What stood of somebody whose grade came after the approval."""


def _factor_of(line: Mapping[str, Any], *documents: Mapping[str, Any]) -> Decimal:
    """The factor by which a line is multiplied, of the first that has one: its department's, where each has its own."""
    for document in documents:
        parts = {one["department"]: one["factor"] for one in document.get("departments", ())}
        written = parts.get(line["department"]) if parts else document["factor"]
        if written is not None:
            return Decimal(written)
    return Decimal(0)


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


def _line(one: Entitled, amount: Decimal) -> dict[str, Any]:
    return {
        "person": one.person_id,
        "department": one.department,
        "grade": one.grade,
        "coefficient": str(one.coefficient),
        "served": str(one.served),
        "target": str(one.target),
        "cap": str(_cap(one)),
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
