"""Coverage: the sum of the parts divided by the whole, and what it means in words."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.measure import Direction
from bot.domain.refusal import Sentence, sentence
from bot.domain.rounding import ARITHMETIC, HUNDRED

ZERO = Decimal(0)
TEN = Decimal(10)
MUCH = 110
"""Percent above which it is asked whether so much is meant; up to there it is a buffer."""


@dataclass(frozen=True)
class Coverage:
    """How much of a target is covered, both in the same unit; where `rough`, only about how much may be said."""

    target: Decimal
    covered: Decimal
    rough: bool = False

    @property
    def percent(self) -> int:
        """As people say it: never 100 while something is missing or too much; in tens, where it is rough."""
        exact = ARITHMETIC.divide(ARITHMETIC.multiply(self.covered, HUNDRED), self.target)
        if self.rough:
            return int((exact / TEN).to_integral_value(rounding=ROUND_HALF_UP)) * 10
        rounded = int(exact.to_integral_value(rounding=ROUND_HALF_UP))
        if self.gap:
            return min(rounded, 99)
        return max(rounded, 101) if self.excess else 100

    @property
    def gap(self) -> Decimal:
        """What is missing."""
        return max(self.target - self.covered, ZERO)

    @property
    def excess(self) -> Decimal:
        """What is more than needed."""
        return max(self.covered - self.target, ZERO)


def amount(value: Decimal, unit: str) -> Sentence:
    """A number with its unit, to its last digit: what was agreed is read as it was written."""
    if unit == "%":
        return sentence("{number} %", number=value)
    return sentence("{number} {unit}", number=value, unit=unit)


def said_of_parts(one: Coverage, unit: str, direction: Direction) -> Sentence:
    """How far an objective was given out."""
    facts = _facts(one, unit)
    match direction:
        case _ if one.rough:
            return sentence("Given out to about {percent} %.", **facts)
        case Direction.LOWER if one.excess:
            return sentence("{percent} % is given out: {rest} % ({amount}) over the limit.", **facts)
        case Direction.LOWER if one.gap:
            return sentence("{percent} % of the limit is given out: {rest} % ({amount}) is still free.", **facts)
        case _ if one.gap:
            return sentence("Given out to {percent} %: {rest} % ({amount}) is with nobody yet.", **facts)
        case _ if one.percent > MUCH:
            return sentence("{percent} % is given out: {amount} more than needed. Is so much meant?", **facts)
        case _ if one.excess:
            return sentence("{percent} % is given out: {rest} % ({amount}) more than needed, as a buffer.", **facts)
        case _:
            return sentence("Given out to 100 %: nothing is left over.")


def said_of_goals(one: Coverage, unit: str, direction: Direction) -> Sentence:
    """How much of an objective stands in people's goals."""
    facts = _facts(one, unit)
    match direction:
        case _ if one.rough:
            return sentence("Covered to about {percent} % by people's goals.", **facts)
        case _ if not one.covered:
            return sentence("Nothing of it is in anybody's goals yet.")
        case Direction.LOWER if one.excess:
            return sentence("Goals take {percent} %: {rest} % ({amount}) over the limit.", **facts)
        case Direction.LOWER if one.gap:
            return sentence("Goals take {percent} % of the limit: {rest} % ({amount}) is still free.", **facts)
        case _ if one.gap:
            return sentence("Covered to {percent} %: {rest} % ({amount}) is not in anybody's goals yet.", **facts)
        case _ if one.percent > MUCH:
            return sentence("Covered to {percent} %: {amount} more than needed. Is so much meant?", **facts)
        case _ if one.excess:
            return sentence("Covered to {percent} %: {rest} % ({amount}) more than needed, as a buffer.", **facts)
        case _:
            return sentence("Covered to 100 %: all of it is in people's goals.")


def _facts(one: Coverage, unit: str) -> dict[str, object]:
    rest = amount(one.gap or one.excess, unit)
    return {"percent": one.percent, "rest": abs(100 - one.percent), "amount": rest}
