"""What tells people's results apart: a part in which everybody gets the same decides nothing, whatever its weight."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from statistics import pstdev

from bot.domain.bands import BANDS, Band, band_of
from bot.domain.calibration import by_the_rules
from bot.domain.composite import LABELS, Component, effective_shares
from bot.domain.explain import Node
from bot.domain.rounding import ARITHMETIC, HUNDRED, half_up, largest_remainder

FEWEST = 8
"""Results below which nothing is said: their spread would tell little of the mix, and something of each."""
STEP = Decimal(10)
"""Percent by which a weight is tried more and less, the others following in proportion."""

Part = tuple[Component, Decimal]
"""A component and its weight."""


@dataclass(frozen=True)
class ToldApart:
    """Of how many results, and how much of the difference between them came from each component, in percent.

    `moved`: how many of them would have another grade at most, if one weight were ten percent more or less.
    """

    count: int
    shares: Mapping[Component, Decimal]
    moved: int = 0


def told_apart(roots: Sequence[Node], bands: Sequence[Band] = BANDS) -> ToldApart | None:
    """Compare the results that are mixed alike, the most there are; None for too few, or where nothing differs.

    The share of a component is near its weight times the standard deviation of its values. It is shown, never applied.
    """
    mixes = [_parts(by_the_rules(root)) for root in roots]
    alike = Counter(tuple(one) for one in mixes if one).most_common(1)
    if not alike or alike[0][1] < FEWEST:
        return None
    ((mix, count),) = alike
    spreads = [pstdev(one[part] for one in mixes if tuple(one) == mix) for part in mix]
    if not any(weight * spread for (_, weight), spread in zip(mix, spreads, strict=True)):
        return None
    weights = [weight for _, weight in mix]
    shares = largest_remainder(effective_shares(weights, spreads))
    values = [[one[part] for part in mix] for one in mixes if tuple(one) == mix]
    return ToldApart(
        count, dict(zip((component for component, _ in mix), shares, strict=True)), _moved(weights, values, bands)
    )


def _moved(weights: Sequence[Decimal], results: Sequence[Sequence[Decimal]], bands: Sequence[Band]) -> int:
    graded = _grades(weights, results, bands)
    tried = [_grades(other, results, bands) for other in _others(weights)]
    return max((sum(one != now for one, now in zip(each, graded, strict=True)) for each in tried), default=0)


def _others(weights: Sequence[Decimal]) -> Iterator[list[Decimal]]:
    """The same mix with one weight ten percent more or less."""
    for n, weight in enumerate(weights):
        for changed in (weight + STEP, weight - STEP):
            if 0 <= changed <= HUNDRED and weight < HUNDRED:
                scale = ARITHMETIC.divide(HUNDRED - changed, HUNDRED - weight)
                yield [changed if k == n else ARITHMETIC.multiply(one, scale) for k, one in enumerate(weights)]


def _grades(weights: Sequence[Decimal], results: Sequence[Sequence[Decimal]], bands: Sequence[Band]) -> list[str]:
    return [_grade(weights, values, bands) for values in results]


def _grade(weights: Sequence[Decimal], values: Sequence[Decimal], bands: Sequence[Band]) -> str:
    with localcontext(ARITHMETIC):
        score = sum((weight * value for weight, value in zip(weights, values, strict=True)), Decimal(0)) / HUNDRED
    return band_of(half_up(score), bands)


def _parts(root: Node) -> dict[Part, Decimal]:
    """The value of each component that counts in a result of one role, with its weight."""
    mixed = root.children[0]
    found = {label: component for component, label in LABELS.items()}
    return {
        (found[each.label.text], each.inputs["weight"].value): each.children[0].value
        for each in mixed.children
        if each.formula == "share" and each.label.text in found
    }
