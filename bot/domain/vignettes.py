"""The warm-up before calibrating: two people who do not exist, rated by everybody, so that standards meet first.

Only how far the ratings lie apart is shown, and only from three on; whose is whose is nobody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.refusal import N_

ENOUGH = 3
"""Ratings of a vignette before anything of them is shown."""
LEVELS: Sequence[tuple[int, str]] = (
    (1, N_("1: far below what was agreed")),
    (2, N_("2: below what was agreed")),
    (3, N_("3: what was agreed")),
    (4, N_("4: more than was agreed")),
    (5, N_("5: far more than was agreed")),
)


@dataclass(frozen=True)
class Vignette:
    """Somebody's quarter in a few lines."""

    id: str
    name: str
    words: str


VIGNETTES = (
    Vignette(
        "kim",
        N_("Kim, account manager"),
        N_(
            "Revenue 104 % of target, of which a third is one order that came without Kim's doing. Two customers wrote"
            " that they waited a week for an answer; both stayed. Kim showed a new colleague around for two months,"
            " which no goal asked for, and handed in every report late."
        ),
    ),
    Vignette(
        "noor",
        N_("Noor, warehouse"),
        N_(
            "Deliveries on time 91 % of an agreed 95 %, in the quarter in which the main road was closed for five"
            " weeks. No accident, stock differences halved. Noor said in the second week that the target was out of"
            " reach and proposed another route, which was taken up in the ninth."
        ),
    ),
)
IDS = frozenset(one.id for one in VIGNETTES)


@dataclass(frozen=True)
class Spread:
    """How far the ratings of a vignette lie apart."""

    count: int
    lowest: int
    highest: int
    middle: int


def spread(levels: Sequence[int]) -> Spread | None:
    """What may be shown of these ratings; None while they are too few."""
    ordered = sorted(levels)
    if len(ordered) < ENOUGH:
        return None
    return Spread(len(ordered), ordered[0], ordered[-1], ordered[(len(ordered) - 1) // 2])
