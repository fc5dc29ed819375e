"""Money by rules: a pool shared out to the cent under caps, and raises by grade and place in the pay range.

Arithmetic is exact: what is compared or shared out is multiplied, never divided, and rounded once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.refusal import Refused
from bot.domain.rounding import ARITHMETIC, EXACT, HUNDRED, half_up, largest_remainder, total

CENT = Decimal("0.01")
MOST_OF_TARGET = Decimal(2)
"""Nobody gets more than this many times their target."""
USUAL_FACTORS = (Decimal("0.8"), Decimal("1.25"))
"""Outside of these the grades rather than the pool say what a target is worth: worth a second look."""
_NOTHING = Decimal(0)


# A pool --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """What one person's share rests on: target × multiplier × the share of the cycle they were there (0 to 1).

    Nobody gets more than `cap`, where there is one. Amounts are whole cents.
    """

    person_id: str
    target: Decimal
    multiplier: Decimal
    served: Decimal = Decimal(1)
    cap: Decimal | None = None

    @property
    def base(self) -> Decimal:
        """What the pool is shared out in proportion to."""
        return EXACT.multiply(EXACT.multiply(self.target, self.multiplier), self.served)


@dataclass(frozen=True)
class Shared:
    """Who gets how much, by person. `factor` is pool ÷ sum of bases before caps; None when nobody is eligible.

    `unspent` is left where everybody is at their cap, or nobody is eligible.
    """

    factor: Decimal | None
    amounts: Mapping[str, Decimal]
    capped: tuple[str, ...]
    unspent: Decimal

    @property
    def is_usual(self) -> bool:
        """Whether a target is worth about what it says; with inflated grades everybody's bonus shrinks."""
        low, high = USUAL_FACTORS
        return self.factor is not None and low <= self.factor <= high


def share(pool: Decimal, parts: Sequence[Part]) -> Shared:
    """Share out a pool: who would come above their cap gets the cap, and the others share the rest, until it fits.

    Sums are exact to the cent (largest remainder, ties by person id); the order of people never matters.
    """
    _check(pool, parts)
    ordered = sorted(parts, key=lambda one: one.person_id)
    amounts = {one.person_id: _NOTHING for one in ordered}
    sharing, left = [one for one in ordered if one.base], pool
    factor = ARITHMETIC.divide(pool, total(one.base for one in sharing)) if sharing else None
    while above := _above(sharing, left):
        amounts |= above
        left -= sum(above.values(), _NOTHING)
        sharing = [one for one in sharing if one.person_id not in above]
    if sharing:
        cents = largest_remainder([one.base for one in sharing], left, CENT)
        amounts |= dict(zip([one.person_id for one in sharing], cents, strict=True))
        left = _NOTHING
    capped = tuple(one.person_id for one in ordered if one.base and amounts[one.person_id] == one.cap)
    return Shared(factor, amounts, capped, left)


def _above(sharing: Sequence[Part], left: Decimal) -> dict[str, Decimal]:
    """The caps of those who would reach them if what is left were shared among these."""
    bases = total(one.base for one in sharing)
    return {
        one.person_id: one.cap
        for one in sharing
        if one.cap is not None and EXACT.multiply(one.base, left) >= EXACT.multiply(one.cap, bases)
    }


# A pool for each department -----------------------------------------------------------------

RESULT_FACTORS = (Decimal("0.8"), Decimal("1.2"))
"""How much a department's result may make of its targets, at least and at most."""


def divided(pool: Decimal, targets: Mapping[str, Decimal], factors: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Divide a pool into those of departments, in proportion to their targets × the factor of their result (1 if none).

    Sums are exact to the cent. Where nobody has a target every department gets nothing.
    """
    for factor in factors.values():
        check_result_factor(factor)
    names = sorted(targets)
    weights = [EXACT.multiply(targets[name], factors.get(name, Decimal(1))) for name in names]
    if not total(weights):
        return dict.fromkeys(names, _NOTHING)
    return dict(zip(names, largest_remainder(weights, check_amount(pool), CENT), strict=True))


def check_result_factor(factor: Decimal | None, field: str | None = None) -> Decimal:
    """Take the factor of a department's result: from 0.8 to 1.2, with two decimals at most."""
    low, high = RESULT_FACTORS
    if factor is None or not low <= factor <= high or factor != factor.quantize(CENT, context=ARITHMETIC):
        raise Refused(
            "A department's factor lies between {low} and {high}, with two decimals at most.",
            field=field,
            low=low,
            high=high,
        )
    return factor


# Inside --------------------------------------------------------------------------------------


def _check(pool: Decimal, parts: Sequence[Part]) -> None:
    for amount in (pool, *(one.target for one in parts), *(one.cap for one in parts if one.cap is not None)):
        check_amount(amount)
    if any(one.multiplier < 0 for one in parts):
        raise Refused("A coefficient cannot be below zero: a bonus is never taken from anybody.")
    if any(not 0 <= one.served <= 1 for one in parts):
        raise Refused("The share of a cycle lies between 0 and 1.")
    if len({one.person_id for one in parts}) < len(parts):
        raise Refused("Somebody stands in the pool twice.")


def check_amount(amount: Decimal) -> Decimal:
    """Take an amount of money: not below zero, in whole cents, below a trillion."""
    if not 0 <= amount < Decimal(10) ** 12 or amount != amount.quantize(CENT, context=ARITHMETIC):
        raise Refused("An amount is not below zero, has two decimals at most, and is smaller than a trillion.")
    return amount


# Raises --------------------------------------------------------------------------------------

Matrix = Mapping[str, tuple[Decimal, Decimal, Decimal]]
"""Percent of a raise by grade: for who is paid below 0.9 of the middle of their range, around it, above 1.1 of it."""
LOW, HIGH = Decimal("0.9"), Decimal("1.1")
RED_CIRCLE = Decimal("1.2")
"""Above this many times the middle of the range a raise is paid once and does not raise the salary."""
STEP = Decimal("0.1")
"""Percent to which raises are rounded down where the budget does not reach."""


@dataclass(frozen=True)
class Paid:
    """Somebody's salary, and the percent that the matrix gives; without a middle of the range `ratio` is None."""

    person_id: str
    salary: Decimal
    percent: Decimal
    ratio: Decimal | None = None


@dataclass(frozen=True)
class Raise:
    """A raise in percent and as an amount; `once` is paid as one sum."""

    percent: Decimal
    amount: Decimal
    once: bool = False


@dataclass(frozen=True)
class Merit:
    """Raises by person. `factor` is budget ÷ cost by the matrix; None when the matrix gives nobody anything."""

    factor: Decimal | None
    raises: Mapping[str, Raise]
    unspent: Decimal


def percent_of(matrix: Matrix, grade: str, ratio: Decimal | None) -> Decimal:
    """The percent of a grade at this place in the range (salary ÷ its middle); unknown grades get none."""
    below, around, above = matrix.get(grade, (_NOTHING, _NOTHING, _NOTHING))
    if ratio is None:
        return around
    return below if ratio < LOW else above if ratio > HIGH else around


def merit(people: Sequence[Paid], budget: Decimal) -> Merit:
    """Fit raises to a budget in percent of all salaries: to the cent where it is enough, else rounded down."""
    if budget < 0 or any(one.salary < 0 or one.percent < 0 for one in people):
        raise Refused("Neither a salary, a raise nor a budget can be below zero.")
    ordered = sorted(people, key=lambda one: one.person_id)
    salaries = total(one.salary for one in ordered)
    costs = [EXACT.multiply(one.salary, one.percent) for one in ordered]
    cost, money = total(costs), _down(EXACT.multiply(salaries, budget) / HUNDRED, CENT)
    if not cost:
        return Merit(None, {one.person_id: Raise(_NOTHING, _NOTHING) for one in ordered}, money)
    if EXACT.multiply(salaries, budget) >= cost:
        percents = [half_up(one.percent * salaries * budget / cost, 3) for one in ordered]
        amounts = largest_remainder(costs, money, CENT)
    else:
        percents = [_fitted(one.percent, EXACT.multiply(salaries, budget), cost) for one in ordered]
        raised = zip(ordered, percents, strict=True)
        amounts = tuple(_down(EXACT.multiply(one.salary, percent) / HUNDRED, CENT) for one, percent in raised)
    raises = {
        one.person_id: Raise(percent, amount, once=one.ratio is not None and one.ratio > RED_CIRCLE)
        for one, percent, amount in zip(ordered, percents, amounts, strict=True)
    }
    return Merit(ARITHMETIC.divide(salaries * budget, cost), raises, money - sum(amounts, _NOTHING))


def _fitted(percent: Decimal, budget: Decimal, cost: Decimal) -> Decimal:
    return EXACT.divide_int(EXACT.multiply(percent, budget), EXACT.multiply(cost, STEP)) * STEP


def _down(value: Decimal, step: Decimal) -> Decimal:
    return EXACT.divide_int(value, step) * step
