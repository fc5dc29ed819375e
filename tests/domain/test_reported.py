"""Which number stands for a whole cycle when months and quarters are reported."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.domain.actuals import months_between
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.reported import Reported, by_measure, key_of, known_measures, months_of, over_cycle, so_far
from bot.sources.templates import shipped

D = Decimal
QUARTER = ("2027-01", "2027-02", "2027-03")


def said(period, value, *, cumulative=True, source="CRM", day=1):
    at = datetime(2027, 4, day, tzinfo=UTC)
    number = None if value is None else D(value)
    return Reported("visits", period, number, "visits", source, "U01MEI", at, cumulative=cumulative)


@pytest.mark.parametrize(
    ("period", "count", "first"),
    [("2027", 12, "2027-01"), ("2027-H2", 6, "2027-07"), ("2027-Q4", 3, "2027-10"), ("2027-11", 1, "2027-11")],
)
def test_a_period_has_its_months(period, count, first):
    assert (len(months_of(period)), min(months_of(period))) == (count, first)


def test_months_that_add_up_make_the_cycle_and_keep_every_source():
    found = over_cycle([said("2027-01", 5), said("2027-02", 6, source="App", day=9), said("2027-03", 7)], QUARTER)
    assert (found.value, found.period, found.source, found.at.day) == (D(18), "2027-01 – 2027-03", "CRM, App", 9)


def test_a_month_that_lacks_leaves_the_whole_unknown_rather_than_small():
    assert over_cycle([said("2027-01", 5), said("2027-03", 7)], QUARTER) is None
    gap = [said("2027-01", 5), said("2027-02", None), said("2027-03", 7)]
    assert over_cycle(gap, QUARTER) is None
    (known,) = so_far(gap).values()
    assert known.value == 12, "what is known until now is said all the same"


def test_the_whole_months_of_a_cycle_that_cuts_others_are_not_all_of_it():
    months = months_between(date(2027, 1, 15), date(2027, 3, 30))
    assert over_cycle([said("2027-02", 5)], months) is None
    assert over_cycle([said("2027-02", 5), said("2027-01-15/2027-03-30", 9)], months).value == 9


def test_a_value_of_the_whole_cycle_goes_before_its_parts_even_when_it_is_not_known():
    parts = [said(month, 5) for month in QUARTER]
    assert over_cycle([*parts, said("2027-Q1", 99)], QUARTER).value == 99
    assert over_cycle([*parts, said("2027-Q1", None)], QUARTER).value is None


def test_a_rate_is_never_added_the_last_one_stands():
    rates = [said("2027-01", 80, cumulative=False), said("2027-03", 90, cumulative=False)]
    assert over_cycle(rates, QUARTER).value == 90
    assert over_cycle(rates[:1], QUARTER) is None


def test_values_are_gathered_by_measure():
    other = replace(said("2027-Q1", 3), kpi="orders")
    assert {kpi: one.value for kpi, one in by_measure([said("2027-Q1", 5), other], QUARTER).items()} == {
        "visits": 5,
        "orders": 3,
    }


def test_an_agreed_goal_is_known_by_its_own_title_and_by_its_templates_names():
    mine = Goal("g1", "Kilometres", "Odometer", "km", Direction.HIGHER, D(50), date(2027, 3, 31), target=D(5))
    sold = Goal("g2", "Turnover", "Sold", "EUR", Direction.HIGHER, D(50), None, target=D(5), kpi="revenue")
    known = known_measures((mine, sold), shipped()["sales"].kpis)
    assert key_of(mine) == "g1"
    assert known["g1"].expected.names == ("Kilometres", "Odometer")
    assert {"Turnover", "销售额"} <= set(known["revenue"].expected.names)
    assert known["revenue"].unit == "EUR"
    assert known["growth"].expected.percent
