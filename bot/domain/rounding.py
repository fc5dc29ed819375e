"""Decimal arithmetic that two people with a calculator would agree on."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from bot.domain.refusal import Refused

ARITHMETIC = Context(prec=34, rounding=ROUND_HALF_UP)
EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
"""Room for every digit of a product, where a comparison or a remainder must not be a matter of rounding."""
HUNDRED = Decimal(100)

# 30 ÷ 3 thirds leave 9.999…9 after 34 digits; a human means 10. Dropping the last digits first keeps "…5" a tie.
_TAIL = Decimal("1E-20")


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round to `places` decimals, halves away from zero, as one does on paper."""
    settled = value.quantize(_TAIL, context=ARITHMETIC) if value.adjusted() < 12 else value
    return settled.quantize(Decimal(1).scaleb(-places), context=ARITHMETIC)


def total(values: Iterable[Decimal]) -> Decimal:
    """Add up in one fixed order, so that the order in which values arrive never changes the last digit."""
    result = Decimal(0)
    for value in sorted(values):
        result = ARITHMETIC.add(result, value)
    return result


def mean(values: Sequence[Decimal]) -> Decimal:
    """Arithmetic mean of at least one value."""
    return ARITHMETIC.divide(total(values), Decimal(len(values)))


def clamp(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Keep a value between two limits."""
    return max(low, min(high, value))


def check_weights(weights: Iterable[Decimal]) -> None:
    """Refuse weights, in percent, that do not make exactly 100; they are never mended silently."""
    weights = list(weights)
    made = total(weights)
    if made != HUNDRED:
        raise Refused("The weights add up to {total}; they must make exactly 100.", field="weight", total=made)
    if any(weight < 0 for weight in weights):
        raise Refused("A weight cannot be below zero.", field="weight")


def largest_remainder(
    parts: Sequence[Decimal], whole: Decimal = HUNDRED, step: Decimal = Decimal(1)
) -> tuple[Decimal, ...]:
    """Split `whole` in proportion to `parts`, in multiples of `step` that add up exactly (Hare's method)."""
    everything = total(parts)
    if everything <= 0 or any(part < 0 for part in parts):
        raise Refused("There is nothing to share out: give at least one part above zero and none below.")
    steps, rest = [], []
    for part in parts:
        count, remainder = EXACT.divmod(EXACT.multiply(part, whole), EXACT.multiply(everything, step))
        steps.append(int(count))
        rest.append(remainder)
    left = int(whole / step) - sum(steps)
    for i in sorted(range(len(parts)), key=lambda i: (-rest[i], i))[:left]:
        steps[i] += 1
    return tuple(count * step for count in steps)
