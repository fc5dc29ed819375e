"""When people of the rehearsal do not work or want no prompts: what they enter, and what must then stay away."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from scripts.rehearsal.errands import Errand, at

COUNTRIES = {"Asia/Shanghai": "CN", "Europe/Berlin": "DE", "America/New_York": "US"}
EVERY_DAY = frozenset(range(7))
NEVER = datetime.max  # noqa: DTZ901 - on the clock of whoever it is about


@dataclass(frozen=True)
class TimeOff:
    """A stretch on somebody's own clock in which nothing comes unasked, on these weekdays, and how they say so.

    In a pause they work: they look at Slack, and what asks them for nothing still comes.
    """

    person_id: str
    begins: datetime
    ends: datetime
    errands: tuple[Errand, ...]
    weekdays: frozenset[int] = EVERY_DAY
    pause: bool = False

    def holds(self, person_id: str, local: datetime) -> bool:
        """Whether it keeps something away from this person at this moment of theirs."""
        mine = person_id == self.person_id and local.weekday() in self.weekdays
        return mine and self.begins <= local.replace(tzinfo=None) < self.ends


def part_time(person_id: str, said: datetime, weekday: int) -> TimeOff:
    """Somebody does not work on this day of the week (Monday is 0), from when they say so on."""
    errand = Errand(person_id, said, "/cairn calendar", "days.choose_week", {"weekdays": [str(weekday)]})
    return TimeOff(person_id, said, NEVER, (errand,), frozenset({weekday}))


def leave(person_id: str, said: datetime, first: date, last: date, *, back: datetime = NEVER) -> TimeOff:
    """Somebody is away from the first day to the last, or until they are `back` and take the rest out."""
    days = {"first": first.isoformat(), "last": last.isoformat()}
    errand = Errand(person_id, said, "/cairn calendar", "days.choose_days", days)
    ends = datetime.combine(last + timedelta(days=1), time())
    off = TimeOff(person_id, datetime.combine(first, time()), ends, (errand,))
    return off if back == NEVER else _cut_short(off, Errand(person_id, back, "/cairn calendar", "days.cancel"))


def pause(person_id: str, said: datetime, until: date, *, over: datetime = NEVER) -> TimeOff:
    """Somebody wants no prompts until a day, or until they say that it is `over`."""
    errand = Errand(person_id, said, f"/cairn pause until {until}")
    off = TimeOff(person_id, said, datetime.combine(until, time()), (errand,), pause=True)
    return off if over == NEVER else _cut_short(off, Errand(person_id, over, "/cairn pause off"))


def left(person_id: str, on: datetime) -> TimeOff:
    """Somebody leaves the company: nothing comes any more."""
    return TimeOff(person_id, on, NEVER, (Errand(person_id, on, leaves=True),))


def _cut_short(off: TimeOff, by: Errand) -> TimeOff:
    return replace(off, ends=by.at, errands=(*off.errands, by))


THURSDAY, FRIDAY, WEDNESDAY = 3, 4, 2
EVERYBODYS = (
    part_time("U01JONAS", at(1, 4), THURSDAY),
    part_time("U01GRETA", at(1, 4), FRIDAY),
    part_time("U01TING", at(1, 5), WEDNESDAY),
    part_time("U01KATRIN", at(1, 4), THURSDAY),
    leave("U01SOFIA", at(1, 11), date(2027, 2, 15), date(2027, 2, 26)),
    leave("U01HAITAO", at(2, 1), date(2027, 3, 1), date(2027, 3, 5)),
    leave("U01HAO", at(1, 25), date(2027, 2, 1), date(2027, 3, 26), back=at(2, 22)),
    pause("U01EMILY", at(1, 25), date(2027, 2, 15)),
    pause("U01LI", at(1, 25), date(2027, 3, 30), over=at(2, 15)),
)
"""Four work part of the week, three are away, two pause; one of these leaves and one of these pauses ends early.

Jonas, Greta and Ting do not work on the day of their check-in, Katrin not on that of the digest; Haitao and Li lead.
"""
LEFT = (left("U01CAOJUN", at(3, 12, 17)), left("U01LEI", at(4, 8, 17)))
"""One leaves while the work is done, one while everybody writes about everybody."""
ERRANDS = tuple(errand for off in (*EVERYBODYS, *LEFT) for errand in off.errands)


def is_workday(zone: str, day: date) -> bool:
    """Whether a date is worked where a time zone is, by the public calendar of its country alone."""
    return _public(COUNTRIES[zone], day.year).is_working_day(day)


@cache
def _public(country: str, year: int) -> HolidayBase:
    return country_holidays(country, years=year, expand=False)


@dataclass(frozen=True)
class Calendar:
    """The days each person works: where their time zone is, and less what is theirs alone. Nothing here asks Cairn."""

    is_workday: Callable[[str, date], bool] = is_workday
    everybodys: Collection[TimeOff] = (*EVERYBODYS, *LEFT)

    def works(self, person_id: str, local: datetime, *, asked: bool = True) -> bool:
        """Whether somebody may be written to unasked on this day of theirs, and `asked` for something."""
        off = any(one.holds(person_id, local) for one in self.everybodys if asked or not one.pause)
        return not off and self.is_workday(str(local.tzinfo), local.date())

    def days_between(self, person_id: str, zone: ZoneInfo, first: date, last: date) -> int:
        """On how many days between these two somebody works and may be asked."""
        noons = (datetime.combine(first, time(12), zone) + timedelta(days=n) for n in range(1, (last - first).days))
        return sum(self.works(person_id, noon) for noon in noons)
