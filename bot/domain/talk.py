"""One-on-ones of somebody and their manager: points, notes and action items, the rhythm, and when one is settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.cadence import IsWorkday, Occurrence, Weekly, instant, next_occurrence
from bot.domain.refusal import N_, Refused

LONGEST, LONGEST_NOTE = 300, 1000
"""Characters of a point or an action item, and of a note."""
AT = time(9, 35)
"""When the agenda of the day comes, on the reader's wall clock."""
FURTHEST = timedelta(days=366)
LONG_AGO = timedelta(days=60)
"""A talk from before that is not noted any more; nor are thanks and feedback looked for before a first talk."""
JUST_NOW = timedelta(days=2)
"""A talk, or one that was left out, this long ago or less is the one that was meant."""

RHYTHMS: Mapping[int, str] = {
    1: N_("Every week"),
    2: N_("Every two weeks"),
    4: N_("Every four weeks, about once a month"),
    0: N_("No rhythm; we talk when we need to"),
}
"""Weeks from one talk to the next, in words; 0 is none."""


class Kind(StrEnum):
    """What an entry is: a point for the next talk, a note that both or its author read, or an action item."""

    POINT = "point"
    SHARED = "shared"
    PRIVATE = "private"
    ITEM = "item"


@dataclass(frozen=True)
class Entry:
    """Something that one of the two wrote; an action item has who does it, and by when.

    One that was agreed in the talk about a result has that result's cycle, the gap it is for, and the support for it.
    """

    id: str
    manager_id: str
    person_id: str
    kind: Kind
    author_id: str
    text: str = field(repr=False)
    at: datetime
    owner_id: str = ""
    due: date | None = None
    done_at: datetime | None = None
    cycle_id: str = ""
    gap: str = ""
    support: str = field(default="", repr=False)

    def is_late(self, today: date) -> bool:
        """Whether it should have been done before this day."""
        return self.done_at is None and self.due is not None and self.due < today


@dataclass(frozen=True)
class Terms:
    """What two people settled: the weeks between talks from a first day on; when they last talked or left one out."""

    weeks: int = 0
    first_on: date | None = None
    last_on: date | None = None
    skipped_on: date | None = None

    def met_on(self, day: date) -> bool:
        """Whether the talk of about this day took place."""
        return self.last_on is not None and abs(day - self.last_on) <= JUST_NOW

    def is_settled(self, day: date) -> bool:
        """Whether it took place, or was left out."""
        return self.met_on(day) or (self.skipped_on is not None and abs(day - self.skipped_on) <= JUST_NOW)


def next_talk(terms: Terms, after: datetime, tz: str, is_workday: IsWorkday) -> Occurrence | None:
    """The next day in their rhythm, as it falls for one of the two; a day off moves it to the next working day."""
    if not terms.weeks or terms.first_on is None:
        return None
    rhythm = Weekly(terms.first_on.weekday(), AT, terms.weeks, terms.first_on)
    return next_occurrence(max(after, instant(terms.first_on, time(), tz)), tz, rhythm, is_workday)


def falls_on(terms: Terms, day: date, tz: str, is_workday: IsWorkday) -> bool:
    """Whether a talk falls on this day for one of the two, and not only its card, late."""
    before = instant(day, time(), tz) - timedelta(microseconds=1)
    following = next_talk(terms, before, tz, is_workday)
    return following is not None and following.local_date == day


def check_words(words: str, name: str) -> None:
    """Refuse an empty point, note or item."""
    if not words:
        raise Refused("Please write a few words", field=name)


def check_talked(day: date | None, today: date) -> date:
    """The day of a talk that took place: today, or one of the last weeks."""
    if day is None:
        return today
    if day > today:
        raise Refused("This day is still to come.", field="day")
    if day < today - LONG_AGO:
        raise Refused("This is long ago. Please choose one of the last {n} days.", field="day", n=LONG_AGO.days)
    return day


def check_day(day: date | None, today: date, name: str) -> date:
    """The day of a first talk or an action item: today or later, within a year."""
    if day is None:
        raise Refused("Please choose a day", field=name)
    if not today <= day <= today + FURTHEST:
        raise Refused("Please choose a day from today on, within a year", field=name)
    return day
