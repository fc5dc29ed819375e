"""The working calendar: make-up workdays, the company's exceptions, a person's days off, other weekends."""

from datetime import date, timedelta

import pytest

from bot.domain.cadence import add_working_days, working_days_between
from bot.sources.workdays import country_of, provisional, workdays

china = workdays("CN", {}, ())


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 23), False),  # a Monday of it
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2025, 10, 11), True),
        (date(2026, 9, 19), False),
    ],
)
def test_china_works_its_make_up_days_and_rests_on_bridge_days(day, worked):
    assert china(day) is worked


def test_the_working_day_after_a_chinese_friday_may_be_a_sunday():
    assert add_working_days(date(2026, 9, 18), 1, china) == date(2026, 9, 20)


def test_september_2026_has_22_working_days_in_china():
    assert working_days_between(date(2026, 8, 31), date(2026, 9, 30), china) == 22


def test_the_companys_exceptions_correct_the_calendar():
    rule = workdays("CN", {date(2026, 10, 10): False, date(2026, 10, 3): True}, ())
    assert not rule(date(2026, 10, 10))
    assert rule(date(2026, 10, 3))
    assert rule(date(2026, 10, 9))


def test_a_day_of_leave_goes_before_every_calendar():
    rule = workdays("CN", {date(2026, 9, 20): True}, {date(2026, 9, 20), date(2026, 9, 21)})
    assert add_working_days(date(2026, 9, 18), 1, rule) == date(2026, 9, 22)


def test_israel_rests_on_friday_and_saturday():
    week = [date(2026, 11, 1) + timedelta(days=i) for i in range(7)]  # a week from Sunday on, without holidays
    assert [workdays("IL", {}, ())(day) for day in week] == [True] * 5 + [False] * 2


def test_the_emirates_moved_their_weekend_in_2022():
    rule = workdays("AE", {}, ())
    assert rule(date(2021, 11, 7))
    assert not rule(date(2026, 11, 8))


@pytest.mark.parametrize("country", ["", "ZZ", "nowhere"])
def test_without_a_known_country_monday_to_friday_are_worked(country):
    rule = workdays(country, {}, ())
    assert [rule(date(2026, 12, 21) + timedelta(days=i)) for i in range(7)] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("tz", "country"),
    [
        ("Asia/Shanghai", "CN"),
        ("Asia/Urumqi", "CN"),
        ("PRC", "CN"),
        ("Asia/Hong_Kong", "HK"),
        ("Asia/Taipei", "TW"),
        ("Asia/Calcutta", "IN"),
        ("Asia/Kathmandu", "NP"),
        ("Europe/Kyiv", "UA"),
        ("America/New_York", "US"),
        ("UTC", ""),
        ("Etc/GMT+5", ""),
        ("Mars/Olympus", ""),
    ],
)
def test_a_time_zone_suggests_its_country(tz, country):
    assert country_of(tz) == country


def test_a_chinese_year_without_announced_make_up_days_is_provisional():
    assert not provisional("CN", 2026)
    assert provisional("CN", 2040)
    assert not provisional("US", 2040)
    assert not provisional("", 2040)
