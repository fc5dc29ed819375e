"""Words for the stories about attainment."""

from decimal import Decimal
from typing import Any

from bot.domain.kpi import Actual, Direction, Measure, State, attainment
from bot.domain.rounding import half_up

D = Decimal
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER


def higher(target=None, **more: Any):
    return Measure("Sales", HIGHER, target=None if target is None else D(target), **more)


def lower(target=None, **more: Any):
    return Measure("Defects", LOWER, target=None if target is None else D(target), **more)


RANGE = Measure("Stock", Direction.RANGE, low=D(45), high=D(55))


def value(number, **more: Any):
    return Actual(State.VALUE, D(number), **more)


def reached(measure, number, served=None):
    """Attainment as people read it: four decimals."""
    return half_up(attainment(measure, value(number), served).value, 4)


def points(*pairs: tuple[str, str]):
    return tuple((D(x), D(y)) for x, y in pairs)
