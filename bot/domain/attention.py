"""The attention budget: how much is written to somebody unasked in a week, and what the bot's own figures say of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

from bot.domain.cadence import instant

ENOUGH = 5
"""Answers from which on a median says nothing of one person."""


class Attention(StrEnum):
    """What a message that nobody asked for costs its reader.

    FREE was asked for after all: a result, the answer to a question, what somebody wanted to be reminded of. EXPIRES
    loses its point within days, and goes before what WAITS. REMINDS is the same, and is not sent while what it reminds
    of is kept back. BRINGS is what a colleague wrote (thanks, feedback, a question): it has the places of what WAITS,
    and comes in a pause as what is FREE does.
    """

    FREE = "free"
    EXPIRES = "expires"
    REMINDS = "reminds"
    WAITS = "waits"
    BRINGS = "brings"

    @property
    def rests(self) -> bool:
        """Whether a pause keeps it away."""
        return self not in {Attention.FREE, Attention.BRINGS}


def has_room(sent: int, a_week: int, attention: Attention) -> bool:
    """Whether one more message may come on its own, after so many this week.

    The last place is kept for the message that gathers the rest, the two before it for what expires: never more than
    `a_week` in all.
    """
    kept_free = 3 if attention in {Attention.WAITS, Attention.BRINGS} else 1
    return sent < a_week - kept_free


def monday_of(at: datetime, tz: str) -> date:
    """The Monday of somebody's week."""
    today = at.astimezone(ZoneInfo(tz)).date()
    return today - timedelta(days=today.weekday())


def week_begins(monday: date, tz: str) -> datetime:
    """The moment at which a week begins where somebody is."""
    return instant(monday, time(), tz)


@dataclass(frozen=True)
class Asked:
    """A message that was written unasked, or gathered with others; answered when its reader acted on it."""

    person_id: str
    at: datetime
    answered_at: datetime | None
    merged: bool


@dataclass(frozen=True)
class Figures:
    """The bot's own figures of some time, without names; `median` is None while too few answered."""

    sent: int
    merged: int
    answered: int
    median: timedelta | None
    most: int


def figures(asked: Sequence[Asked]) -> Figures:
    """Count. `most` is the most messages that one person got in one week, the gathering one among them."""
    own = [one for one in asked if not one.merged]
    took = sorted(one.answered_at - one.at for one in own if one.answered_at)
    weeks = Counter((one.person_id, one.at.isocalendar()[:2]) for one in own)
    gathered = {(one.person_id, one.at.isocalendar()[:2]) for one in asked if one.merged}
    most = max((weeks[each] + (each in gathered) for each in {*weeks, *gathered}), default=0)
    usual = timedelta(seconds=median(one.total_seconds() for one in took)) if len(took) >= ENOUGH else None
    return Figures(len(own), len(asked) - len(own), sum(bool(one.answered_at) for one in asked), usual, most)
