"""The rules by which a cycle is scored: published before it starts, frozen, and known by their hash."""

import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from bot.domain.bands import BANDS, Band, check_bands
from bot.domain.composite import MIX, Mix, check_mix
from bot.domain.fingerprint import fingerprint
from bot.domain.proration import GRACE
from bot.domain.refusal import Refused


class Missing(StrEnum):
    """What happens to the weight of a goal whose actual value did not arrive."""

    RENORMALISE = "renormalise"
    ZERO = "zero"
    NEUTRAL = "neutral"
    HOLD = "hold"


@dataclass(frozen=True)
class ScoreRules:
    """Caps and floor are attainments (1 = 100 %); limits, bonus and bands are points.

    `missing` is for values a system delivers, `missing_own` for values the person delivers: dropping the weight of
    a number that somebody held back would reward holding it back, so the result waits instead.
    """

    version: str = "1"
    item_cap: Decimal = Decimal("1.20")
    item_floor: Decimal = Decimal("0.00")
    missing: Missing = Missing.RENORMALISE
    missing_own: Missing = Missing.HOLD
    missing_limit: Decimal = Decimal(30)
    min_service: Fraction = Fraction(1, 3)
    leave_grace: Decimal = GRACE
    bonus_cap: Decimal = Decimal(10)
    total_cap: Decimal = Decimal(120)
    mix: Mix = MIX
    peer_least: int = 4
    peer_pull: Decimal = Decimal(2)
    bands: tuple[Band, ...] = BANDS
    near: Decimal = Decimal(1)

    @cached_property
    def hash(self) -> str:
        """Fingerprint these rules: the same on every machine, and for 1.2 as for 1.20."""
        return fingerprint(self.written)

    @cached_property
    def written(self) -> dict[str, Any]:
        """These rules as plain JSON, every number as text."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return plain


RULES = ScoreRules()


def _plain(value: object) -> str:
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)


def check_rules(rules: ScoreRules) -> None:
    """Refuse rules that contradict themselves."""
    check_bands(rules.bands)
    check_mix(rules.mix)
    if not 0 <= rules.item_floor < rules.item_cap:
        raise Refused(
            "The cap of a goal ({cap}) must lie above its floor ({floor}), and neither below zero.",
            field="item_cap",
            cap=rules.item_cap,
            floor=rules.item_floor,
        )
    if rules.bonus_cap < 0 or rules.total_cap <= 0 or not 0 <= rules.missing_limit <= 100:
        raise Refused("Limits for additions, the total and missing weight cannot be below zero.", field="bonus_cap")
    if not 0 <= rules.min_service <= 1:
        raise Refused("The least service is a share of the cycle, between 0 and 1.", field="min_service")
    if rules.peer_least < 3 or rules.peer_pull < 0:
        raise Refused("Ratings by fewer than three colleagues are never counted.", field="peer_least")
