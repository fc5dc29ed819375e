"""When a prompt is due: wall time through clock changes, days off, moved zones, and a slow oracle over many zones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cadence import (
    Monthly,
    Occurrence,
    Shift,
    Weekly,
    add_working_days,
    instant,
    may_follow,
    next_civil_hour,
    next_occurrence,
    occurrences,
    within_quiet_hours,
    working_days_between,
)
from bot.domain.refusal import Refused

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
NINE = time(9)
DAY = timedelta(days=1)


def every_day(_: date) -> bool:
    return True


def monday_to_friday(day: date) -> bool:
    return day.weekday() < SAT


def sunday_to_thursday(day: date) -> bool:
    return day.weekday() not in {FRI, SAT}


def without(*off: date):
    return lambda day: monday_to_friday(day) and day not in off


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2026, 3, 6), 14), (date(2026, 3, 9), 13), (date(2026, 10, 30), 13), (date(2026, 11, 2), 14)],
)
def test_nine_in_new_york_stays_nine_when_the_clock_changes(day, hour):
    cadence = Weekly(day.weekday(), NINE)
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    due = next_occurrence(midnight, "America/New_York", cadence, monday_to_friday)
    assert due == Occurrence(day, midnight + timedelta(hours=hour))


def test_a_skipped_wall_time_fires_an_hour_late_and_keeps_its_date():
    due = next_occurrence(utc(2026, 3, 7), "America/New_York", Weekly(SUN, time(2, 30)), every_day)
    assert due == Occurrence(date(2026, 3, 8), utc(2026, 3, 8, 7, 30))


def test_a_repeated_wall_time_fires_once_the_first_time():
    due = islice(occurrences(utc(2026, 10, 31), "America/New_York", Weekly(SUN, time(1, 30)), every_day), 2)
    assert [one.at for one in due] == [utc(2026, 11, 1, 5, 30), utc(2026, 11, 8, 6, 30)]


@pytest.mark.parametrize(
    ("tz", "day"),
    [
        ("Africa/Cairo", date(2026, 4, 24)),
        ("America/Santiago", date(2026, 9, 6)),
        ("Asia/Beirut", date(2026, 3, 29)),
        ("America/Havana", date(2026, 3, 8)),
    ],
)
def test_where_midnight_is_skipped_the_prompt_fires_at_one_on_the_same_date(tz, day):
    noon_before = datetime.combine(day - DAY, time(12), tzinfo=UTC)
    due = next_occurrence(noon_before, tz, Weekly(day.weekday(), time()), every_day)
    assert due.local_date == day
    assert due.at.astimezone(ZoneInfo(tz)).replace(tzinfo=None) == datetime.combine(day, time(1))


def test_lord_howe_changes_by_half_an_hour():
    before, after = islice(occurrences(utc(2026, 4, 1), "Australia/Lord_Howe", Weekly(FRI, NINE), every_day), 2)
    assert before.at == utc(2026, 4, 2, 22)
    assert after.at == utc(2026, 4, 9, 22, 30)


def test_kathmandu_is_a_quarter_to():
    assert instant(date(2026, 5, 1), NINE, "Asia/Kathmandu") == utc(2026, 5, 1, 3, 15)


def test_a_date_apia_never_had_moves_like_a_holiday():
    friday = Weekly(FRI, NINE)
    due = next_occurrence(utc(2011, 12, 29), "Pacific/Apia", friday, monday_to_friday)
    assert due == Occurrence(date(2012, 1, 2), instant(date(2012, 1, 2), NINE, "Pacific/Apia"))
    daily = next_occurrence(utc(2011, 12, 29), "Pacific/Apia", friday, every_day)
    assert daily.local_date == date(2011, 12, 31)


def test_a_prompt_on_a_holiday_moves_to_the_next_workday_or_the_one_before_or_is_skipped():
    holiday = date(2026, 5, 1)
    rule = without(holiday)

    def due(shift: Shift) -> date:
        return next_occurrence(utc(2026, 4, 28), "Europe/Berlin", Weekly(FRI, NINE, shift=shift), rule).local_date

    assert due(Shift.NEXT) == date(2026, 5, 4)
    assert due(Shift.PREVIOUS) == date(2026, 4, 30)
    assert due(Shift.SKIP) == date(2026, 5, 8)


def test_after_a_long_holiday_the_prompts_do_not_pile_up():
    golden_week = without(*(date(2026, 10, day) for day in range(1, 8)))
    due = islice(occurrences(utc(2026, 9, 24), "Asia/Shanghai", Weekly(FRI, NINE), golden_week), 3)
    assert [one.local_date for one in due] == [date(2026, 9, 25), date(2026, 10, 9), date(2026, 10, 16)]


def test_a_friday_and_saturday_weekend_moves_friday_to_sunday():
    due = next_occurrence(utc(2026, 11, 5), "Asia/Jerusalem", Weekly(FRI, NINE), sunday_to_thursday)
    assert due.local_date == date(2026, 11, 8)


def test_every_two_weeks_keeps_step_with_its_anchor():
    cadence = Weekly(MON, NINE, every=2, anchor=date(2026, 1, 8))  # a Thursday: its week counts
    due = islice(occurrences(utc(2026, 1, 6), "Europe/Paris", cadence, every_day), 3)
    assert [one.local_date for one in due] == [date(2026, 1, 19), date(2026, 2, 2), date(2026, 2, 16)]


def test_an_anchor_in_the_future_keeps_the_same_step():
    past = Weekly(MON, NINE, every=2, anchor=date(2026, 1, 5))
    future = Weekly(MON, NINE, every=2, anchor=date(2027, 1, 4))
    for cadence in (past, future):
        assert next_occurrence(utc(2026, 1, 6), "UTC", cadence, every_day).local_date == date(2026, 1, 19)


def test_last_working_days_of_2026():
    due = islice(occurrences(utc(2026, 1, 1), "America/New_York", Monthly(-1, NINE), monday_to_friday), 6)
    days = ["2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29", "2026-06-30"]
    assert [one.local_date.isoformat() for one in due] == days


def test_the_third_working_day_of_a_month_counts_around_holidays():
    rule = without(date(2026, 1, 1))
    due = islice(occurrences(utc(2026, 1, 1), "Asia/Shanghai", Monthly(3, NINE), rule), 2)
    assert [one.local_date for one in due] == [date(2026, 1, 6), date(2026, 2, 4)]


def test_a_month_with_too_few_working_days_gives_its_last_and_an_empty_one_none():
    def rule(day: date) -> bool:
        return day.month == 3 or (day.month == 1 and day.day in {5, 6})

    due = islice(occurrences(utc(2026, 1, 1), "UTC", Monthly(5, NINE), rule), 2)
    assert [one.local_date for one in due] == [date(2026, 1, 6), date(2026, 3, 5)]


def test_flying_west_repeats_a_date_and_its_identity():
    thursday = Weekly(THU, time(15))
    in_shanghai = next_occurrence(utc(2026, 6, 3), "Asia/Shanghai", thursday, monday_to_friday)
    in_new_york = next_occurrence(in_shanghai.at, "America/New_York", thursday, monday_to_friday)
    assert in_new_york.local_date == in_shanghai.local_date
    assert in_new_york.at > in_shanghai.at


def test_flying_east_skips_none_when_asked_from_the_last_occurrence():
    thursday = Weekly(THU, time(15))
    last = next_occurrence(utc(2026, 6, 3), "America/New_York", thursday, monday_to_friday)
    following = next_occurrence(last.at, "Asia/Shanghai", thursday, monday_to_friday)
    assert following.local_date == last.local_date + 7 * DAY


def test_a_calendar_without_working_days_is_refused():
    for cadence in (Weekly(MON, NINE), Monthly(1, NINE)):
        with pytest.raises(Refused, match="working calendar"):
            next_occurrence(utc(2026, 1, 1), "UTC", cadence, lambda _: False)
    with pytest.raises(Refused):
        add_working_days(date(2026, 1, 1), 1, lambda _: False)


def test_an_instant_without_a_zone_is_a_programming_error():
    with pytest.raises(ValueError, match="time zone"):
        next_occurrence(datetime(2026, 1, 1), "UTC", Weekly(MON, NINE), every_day)  # noqa: DTZ001 - it is the point


def test_working_days_are_added_forwards_and_backwards():
    friday = date(2026, 3, 6)
    assert add_working_days(friday, 1, monday_to_friday) == date(2026, 3, 9)
    assert add_working_days(friday, -5, monday_to_friday) == date(2026, 2, 27)
    assert add_working_days(date(2026, 3, 7), 0, monday_to_friday) == date(2026, 3, 7)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 300))
def test_counting_undoes_adding(day, n):
    assert working_days_between(day, add_working_days(day, n, sunday_to_thursday), sunday_to_thursday) == n


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-06T09:30", "2026-03-06T09:30"),
        ("2026-03-06T07:00", "2026-03-06T09:30"),
        ("2026-03-06T16:29", "2026-03-06T16:29"),
        ("2026-03-06T16:30", "2026-03-09T09:30"),  # a Friday evening, and the clock changes over the weekend
        ("2026-03-07T11:00", "2026-03-09T09:30"),
        ("2026-03-05T23:00", "2026-03-06T09:30"),
    ],
)
def test_a_nudge_waits_for_civil_hours(local, expected):
    zone = ZoneInfo("America/New_York")
    at = datetime.fromisoformat(local).replace(tzinfo=zone)
    wanted = datetime.fromisoformat(expected).replace(tzinfo=zone)
    assert next_civil_hour(at, zone.key, monday_to_friday) == wanted
    assert within_quiet_hours(at, zone.key, monday_to_friday) is (local != expected)


@pytest.mark.parametrize(
    ("due", "at", "goes"),
    [
        ("2026-03-05T09:30", "2026-03-05T16:31", True),
        ("2026-03-05T09:30", "2026-03-05T18:00", False),
        ("2026-03-05T09:30", "2026-03-06T17:00", True),
        ("2026-03-05T09:30", "2026-03-06T09:00", False),
        ("2026-03-05T17:00", "2026-03-05T17:00", False),  # not late: it only came up in the evening
        ("2026-03-06T09:30", "2026-03-07T11:00", False),  # a Saturday
    ],
)
def test_what_missed_its_hours_has_the_whole_working_day(due, at, goes):
    zone = ZoneInfo("America/New_York")
    first, then = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in (due, at))
    assert may_follow(first, then, zone.key, monday_to_friday) is goes


ZONES = [
    "UTC", "America/New_York", "America/Santiago", "America/Havana", "America/St_Johns", "America/Nuuk",
    "Atlantic/Azores", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem",
    "Asia/Kathmandu", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tehran", "Asia/Pyongyang", "Australia/Lord_Howe",
    "Europe/London", "Europe/Istanbul", "Europe/Moscow", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
]  # fmt: skip
QUARTER = timedelta(minutes=15)
WEEKENDS = {"Saturday and Sunday": monday_to_friday, "Friday and Saturday": sunday_to_thursday, "none": every_day}


@settings(max_examples=50)
@given(
    st.sampled_from([datetime(2011, 12, 20, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]),
    st.timedeltas(timedelta(), timedelta(days=60)),
    st.sampled_from(ZONES),
    st.sampled_from(sorted(WEEKENDS)),
)
def test_a_nudge_waits_no_longer_than_it_must(start, later, tz, weekend):
    at, works = start + later, WEEKENDS[weekend]
    due = next_civil_hour(at, tz, works)
    assert not within_quiet_hours(due, tz, works)
    waited = (at + QUARTER * i for i in range((due - at) // QUARTER + 1))
    assert due == at or all(within_quiet_hours(moment, tz, works) for moment in waited if moment < due)


@cache
def clock(tz: str, year: int) -> dict[datetime, datetime]:
    """Walk two years by quarter hours and note when the wall clock first shows, or has just skipped, each time."""
    zone, at = ZoneInfo(tz), datetime(year, 1, 1, tzinfo=UTC)
    shown: dict[datetime, datetime] = {}
    offset = at.astimezone(zone).utcoffset() or timedelta()
    while at.year < year + 2:
        local = at.astimezone(zone)
        skipped, offset = (local.utcoffset() or timedelta()) - offset, local.utcoffset() or timedelta()
        for late in range(skipped // QUARTER, 0, -1):  # a skipped time fires as late as the clock jumped
            shown.setdefault(local.replace(tzinfo=None) - QUARTER * late, at + skipped - QUARTER * late)
        shown.setdefault(local.replace(tzinfo=None), at)
        at += QUARTER
    return shown


def oracle(tz: str, year: int, weekday: int, wall: time, works) -> Iterator[Occurrence]:
    """Look at every date of two years: it is due if its weekday matches, or if it is the first workday after one."""
    shown = clock(tz, year)
    zone = ZoneInfo(tz)
    real = {at.astimezone(zone).date() for at in shown.values()}
    for i in range(5, 720):
        day = date(year, 1, 1) + DAY * i
        back = (day.weekday() - weekday) % 7
        waited = [day - DAY * n for n in range(1, back + 1)]
        if back <= 3 and works(day) and day in real and not any(works(d) and d in real for d in waited):
            yield Occurrence(day, shown[datetime.combine(day, wall)])


@settings(max_examples=50)
@given(
    st.sampled_from(ZONES),
    st.sampled_from([2010, 2011, 2015, 2018, 2025, 2026]),
    st.integers(0, 6),
    st.integers(0, 95),
    st.sampled_from(sorted(WEEKENDS)),
)
def test_in_every_zone_each_due_date_has_exactly_one_occurrence(tz, year, weekday, quarter, weekend):
    wall, works = time(quarter // 4, quarter % 4 * 15), WEEKENDS[weekend]
    expected = list(oracle(tz, year, weekday, wall, works))
    after = expected[0].at - timedelta(seconds=1)
    at, found = after, []
    while len(found) < len(expected):  # as a scheduler does: from each occurrence to the next
        found.append(next_occurrence(at, tz, Weekly(weekday, wall), works))
        at = found[-1].at
    assert found == expected
    assert len({one.local_date for one in found}) == len(found)
    assert found == list(islice(occurrences(after, tz, Weekly(weekday, wall), works), len(expected)))
