"""Points on the way to a target, in the goal's own unit."""

from decimal import Decimal

import pytest

from bot.domain.kpi import Point, check_measure, looks_like, stepped
from bot.domain.refusal import Refused
from tests.domain.measuring import RANGE, higher, lower, reached

D = Decimal


def at(*pairs: tuple[str, str]) -> tuple[Point, ...]:
    return tuple(Point(D(value), D(worth)) for value, worth in pairs)


SALES = at(("80", "0.5"), ("100", "1"), ("120", "1.5"))
STEEP = at(("80", "0.5"), ("100", "1"), ("120", "2"))
HOURS = at(("8", "0.5"), ("4", "1"), ("2", "1.2"))


@pytest.mark.parametrize(
    ("measure", "points", "actuals"),
    [
        (higher("100"), SALES, {"79": "0", "80": ".5", "85": ".625", "90": ".75", "110": "1.25", "150": "1.5"}),
        (higher("100"), STEEP, {"95": ".875", "105": "1.25", "115": "1.75"}),
        (lower("4"), HOURS, {"9": "0", "6": ".75", "3": "1.1", "1": "1.2"}),
        (lower("4", baseline=D(12)), HOURS, {"9": "0", "6": ".75", "3": "1.1"}),
        (higher("95", baseline=D(80)), at(("80", "0"), ("92", ".5"), ("95", "1")), {"79": "0", "86": ".25", "95": "1"}),
        (lower("0"), at(("3", "0"), ("1", ".8"), ("0", "1")), {"4": "0", "2": ".4", "1": ".8", "0": "1"}),
        (higher("-2"), at(("-5", "0"), ("-2", "1")), {"-6": "0", "-3.5": ".5", "3": "1"}),
        (higher("3"), at(("1", "0.3333"), ("3", "1")), {"1": ".3333", "0.99": "0", "3": "1"}),
    ],
)
def test_attainment_goes_evenly_from_point_to_point(measure, points, actuals):
    made = stepped(measure, points)
    check_measure(made)
    assert {actual: reached(made, actual) for actual in actuals} == {a: D(worth) for a, worth in actuals.items()}


def test_points_say_what_80_and_100_percent_look_like():
    made = stepped(higher("100"), SALES)
    assert (looks_like(made, D("0.8")), looks_like(made, D(1)), looks_like(made, D("1.2"))) == (92, 100, 108)


@pytest.mark.parametrize(
    ("measure", "points", "wanted"),
    [
        (RANGE, SALES, "go with a plain target"),
        (higher("90"), SALES, "must be its target of {target}"),
        (higher("100"), at(("100", "1"), ("80", "0.5")), "worst result to the best"),
        (lower("4"), at(("2", "1.2"), ("4", "1")), "worst result to the best"),
        (higher("100"), at(("80", "1.1"), ("100", "1")), "worst result to the best"),
    ],
)
def test_points_that_make_no_sense_are_refused_under_their_own_field(measure, points, wanted):
    with pytest.raises(Refused, match=wanted) as refused:
        stepped(measure, points)
    assert refused.value.field == "points"


def test_a_baseline_beyond_the_target_is_refused_with_points_as_without():
    with pytest.raises(Refused, match="above the baseline"):
        stepped(higher("100", baseline=D(100)), SALES)
