"""Stretch targets, and what 80, 100 and 120 % look like."""

from decimal import Decimal

import pytest

from bot.domain.kpi import attainment, looks_like, stretched
from bot.domain.refusal import Refused
from bot.domain.rounding import half_up
from tests.domain.measuring import RANGE, higher, lower, points, reached, value

D = Decimal


@pytest.mark.parametrize(
    ("measure", "stretch", "actuals"),
    [
        (higher("100"), "150", {"0": "0", "50": "0.5", "100": "1", "125": "1.1", "150": "1.2", "900": "1.2"}),
        (lower("4"), "1", {"9": "0", "8": "0", "6": "0.5", "4": "1", "2.5": "1.1", "1": "1.2", "0": "1.2"}),
        (higher("95", baseline=D(80)), "98", {"70": "0", "92": "0.8", "95": "1", "96.5": "1.1", "98": "1.2"}),
        (lower("4", baseline=D(6)), "3", {"7": "0", "5": "0.5", "4": "1", "3.5": "1.1", "3": "1.2"}),
        (lower("-4", baseline=D(0)), "-6", {"1": "0", "-4": "1", "-5": "1.1", "-6": "1.2"}),
    ],
)
def test_a_stretch_is_worth_120_percent_and_no_more(measure, stretch, actuals):
    ambitious = stretched(measure, D(stretch))
    assert {actual: reached(ambitious, actual) for actual in actuals} == {a: D(worth) for a, worth in actuals.items()}


@pytest.mark.parametrize(
    ("measure", "stretch"),
    [(higher("100"), "100"), (higher("100"), "90"), (lower("4"), "5"), (RANGE, "5"), (lower("0", tolerance=D(3)), "0")],
)
def test_a_stretch_is_harder_than_the_target(measure, stretch):
    with pytest.raises(Refused) as refused:
        stretched(measure, D(stretch))
    assert refused.value.field == "stretch"


@pytest.mark.parametrize(
    "measure",
    [
        higher("100"),
        lower("4"),
        lower("4", inverse=True),
        higher("95", baseline=D(80)),
        lower("4", baseline=D(6)),
        lower("0", tolerance=D(3)),
        stretched(higher("100"), D(150)),
        stretched(lower("4", baseline=D(6)), D(3)),
        lower(curve=points(("8", "0.5"), ("4", "1.0"), ("2", "1.2"))),
    ],
)
@pytest.mark.parametrize("share", ["0.8", "1", "1.2"])
def test_a_goal_says_what_an_attainment_looks_like(measure, share):
    number = looks_like(measure, D(share))
    if number is None:
        assert measure.tolerance
        assert D(share) > 1
    else:
        assert half_up(attainment(measure, value(number)).value, 12) == D(share)


def test_what_cannot_be_reached_looks_like_nothing():
    assert looks_like(RANGE, D(1)) is None
    assert looks_like(lower("4"), D("2.1")) is None
    assert looks_like(stretched(higher("100"), D(150)), D("1.3")) is None
