"""When a prompt is due: cadences in a person's own wall time, moved off weekends and holidays, and polite hours.

A working-day rule is a function `date -> bool`; where the calendar comes from is none of this module's business.
An occurrence's identity is the schedule and the *local date*: a person who flies west meets the same date twice,
but is asked once. Instants are never kept for long, because time zone rules change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.refusal import Refused

IsWorkday = Callable[[date], bool]

OPENS, CLOSES, DAY_ENDS = time(9, 30), time(16, 30), time(18)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
# How far to look before a calendar is called empty; a long leave is not an empty calendar.
HORIZON, EMPTY_SLOTS = 800, 120


class Shift(StrEnum):
    """What becomes of a prompt whose day is not worked."""

    NEXT = "next_workday"
    PREVIOUS = "prev_workday"
    SKIP = "skip"


@dataclass(frozen=True)
class Weekly:
    """Every `every` weeks on a weekday (Monday is 0); `anchor` is any date in a week that counts.

    A prompt moves by less than half the interval: behind a longer break the next one is near enough.
    """

    weekday: int
    at: time
    every: int = 1
    anchor: date = date(2024, 1, 1)
    shift: Shift = Shift.NEXT

    @property
    def reach(self) -> int:
        """The most days a prompt may move."""
        return (7 * self.every - 1) // 2


@dataclass(frozen=True)
class Monthly:
    """On the nth working day of each month; -1 is the last, -2 the one before. A short month gives what it has."""

    nth: int
    at: time


Cadence = Weekly | Monthly


@dataclass(frozen=True)
class Occurrence:
    """One prompt: the local date that identifies it and the instant, in UTC, at which it fires."""

    local_date: date
    at: datetime


def next_occurrence(after: datetime, tz: str, cadence: Cadence, is_workday: IsWorkday) -> Occurrence:
    """Return the first occurrence that fires after an aware instant; `tz` is an IANA name such as Asia/Shanghai."""
    return next(occurrences(after, tz, cadence, is_workday))


def occurrences(after: datetime, tz: str, cadence: Cadence, is_workday: IsWorkday) -> Iterator[Occurrence]:
    """Yield every occurrence after an aware instant, in order and without end; refuse a calendar without workdays."""
    zone = ZoneInfo(tz)
    first = _local_date(after, zone)
    for day in _due_dates(cadence, first, _real_workdays(is_workday, zone)):
        at = instant(day, cadence.at, tz)
        if at > after:
            yield Occurrence(day, at)


def instant(day: date, wall: time, tz: str) -> datetime:
    """Return the UTC instant of a local wall time: the first if it comes twice, shifted later if the clock skips it."""
    return datetime.combine(day, wall.replace(fold=0), tzinfo=ZoneInfo(tz)).astimezone(UTC)


def add_working_days(day: date, n: int, is_workday: IsWorkday) -> date:
    """Return the nth working day after a date, before it if n is negative; the date itself for 0."""
    step = DAY if n >= 0 else -DAY
    for _ in range(abs(n)):
        day = _nearest_workday(day + step, step, is_workday)
    return day


def working_days_between(start: date, end: date, is_workday: IsWorkday) -> int:
    """Count the working days after `start` up to and including `end`."""
    return sum(is_workday(start + DAY * i) for i in range(1, (end - start).days + 1))


def within_quiet_hours(at: datetime, tz: str, is_workday: IsWorkday) -> bool:
    """Tell whether nobody should be nudged at this instant: before 09:30, from 16:30 on, or on a day off."""
    local = at.astimezone(ZoneInfo(tz))
    return not (OPENS <= local.time() < CLOSES and is_workday(local.date()))


def next_civil_hour(at: datetime, tz: str, is_workday: IsWorkday) -> datetime:
    """Return, in UTC, the earliest moment from `at` on that is outside quiet hours."""
    if not within_quiet_hours(at, tz, is_workday):
        return at.astimezone(UTC)
    zone = ZoneInfo(tz)
    local = at.astimezone(zone)
    day = local.date() if local.time() < OPENS else local.date() + DAY
    return instant(_nearest_workday(day, DAY, _real_workdays(is_workday, zone)), OPENS, tz)


def may_follow(due: datetime, at: datetime, tz: str, is_workday: IsWorkday) -> bool:
    """Tell whether what was due in civil hours and is late may still go out: on a working day from 09:30 to 18:00.

    Without this, what missed its hours (an outage, a long queue) would wait for another day each time it does.
    """
    local = at.astimezone(ZoneInfo(tz))
    late = not within_quiet_hours(due, tz, is_workday) and due <= at
    return late and OPENS <= local.time() < DAY_ENDS and is_workday(local.date())


def _local_date(at: datetime, zone: ZoneInfo) -> date:
    if at.tzinfo is None:
        raise ValueError("The instant needs a time zone.")
    return at.astimezone(zone).date()


def _real_workdays(is_workday: IsWorkday, zone: ZoneInfo) -> IsWorkday:
    """Leave out dates the zone never had: an island that crosses the date line skips a day."""

    def real(day: date) -> bool:
        midnight = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        return is_workday(day) and midnight.astimezone(zone).date() == day

    return real


def _nearest_workday(day: date, step: timedelta, is_workday: IsWorkday) -> date:
    found = _first_workday(day, step, HORIZON, is_workday)
    if found is None:
        raise Refused("This working calendar has no working day for two years. Please check its exceptions.")
    return found


def _first_workday(day: date, step: timedelta, days: int, is_workday: IsWorkday) -> date | None:
    return next((d for d in (day + step * i for i in range(days)) if is_workday(d)), None)


def _due_dates(cadence: Cadence, first: date, is_workday: IsWorkday) -> Iterator[date]:
    """Yield due dates in order, starting early enough that none from `first` on is missed."""
    slots = _weekly(cadence, first, is_workday) if isinstance(cadence, Weekly) else _monthly(cadence, first, is_workday)
    empty = 0
    while empty < EMPTY_SLOTS:
        day = next(slots)
        empty = 0 if day else empty + 1
        if day:
            yield day
    raise Refused("This prompt never falls on a working day. Please check its weekday and the working calendar.")


def _weekly(cadence: Weekly, first: date, is_workday: IsWorkday) -> Iterator[date | None]:
    monday = first - DAY * first.weekday()
    anchor = cadence.anchor - DAY * cadence.anchor.weekday()
    late = (monday - anchor) // WEEK % cadence.every
    start = monday - WEEK * (late + cadence.every) + DAY * cadence.weekday
    reach = 0 if cadence.shift is Shift.SKIP else cadence.reach
    step = -DAY if cadence.shift is Shift.PREVIOUS else DAY
    for i in count():
        yield _first_workday(start + WEEK * cadence.every * i, step, reach + 1, is_workday)


def _monthly(cadence: Monthly, first: date, is_workday: IsWorkday) -> Iterator[date | None]:
    month = (first - WEEK).replace(day=1)  # a skipped clock hour may push last month's prompt over midnight
    while True:
        following = (month + DAY * 31).replace(day=1)
        days = [day for i in range((following - month).days) if is_workday(day := month + DAY * i)]
        index = cadence.nth - 1 if cadence.nth > 0 else len(days) + cadence.nth
        yield days[min(max(index, 0), len(days) - 1)] if days else None
        month = following
