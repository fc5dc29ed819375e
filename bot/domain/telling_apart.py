"""What tells people's results apart: a part in which everybody gets the same decides nothing, whatever its weight."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import pstdev

from bot.domain.composite import LABELS, Component, effective_shares
from bot.domain.explain import Node
from bot.domain.rounding import largest_remainder

FEWEST = 8
"""Results below which nothing is said: their spread would tell little of the mix, and something of each."""

Part = tuple[Component, Decimal]
"""A component and its weight."""


@dataclass(frozen=True)
class ToldApart:
    """Of how many results, and how much of the difference between them came from each component, in percent."""

    count: int
    shares: Mapping[Component, Decimal]


def told_apart(roots: Sequence[Node]) -> ToldApart | None:
    """Compare the results that are mixed alike, the most there are; None for too few, or where nothing differs.

    The share of a component is near its weight times the standard deviation of its values. It is shown, never applied.
    """
    mixes = [_parts(root) for root in roots]
    alike = Counter(tuple(one) for one in mixes if one).most_common(1)
    if not alike or alike[0][1] < FEWEST:
        return None
    ((mix, count),) = alike
    spreads = [pstdev(one[part] for one in mixes if tuple(one) == mix) for part in mix]
    if not any(weight * spread for (_, weight), spread in zip(mix, spreads, strict=True)):
        return None
    shares = largest_remainder(effective_shares([weight for _, weight in mix], spreads))
    return ToldApart(count, dict(zip((component for component, _ in mix), shares, strict=True)))


def _parts(root: Node) -> dict[Part, Decimal]:
    """The value of each component that counts in a result of one role, with its weight."""
    mixed = root.children[0]
    found = {label: component for component, label in LABELS.items()}
    return {
        (found[each.label.text], each.inputs["weight"].value): each.children[0].value
        for each in mixed.children
        if each.formula == "share" and each.label.text in found
    }
