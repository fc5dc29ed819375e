"""How a manager answers, as numbers for one level up: never what was written, never by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from bot.domain.cadence import IsWorkday, add_working_days, working_days_between
from bot.domain.support import State, Support

PATIENCE = 2
"""Working days of the manager after which a digest, or a request, counts as left alone."""
ENOUGH_REPORTS = 3
"""With fewer reports a number of requests would say who asked."""


@dataclass(frozen=True)
class Round:
    """A digest with at least one answer in it: the manager's days on which it came, and on which all was read."""

    day: date
    read_on: date | None


@dataclass(frozen=True)
class Answering:
    """How one manager answers: digests answered of those old enough to count, and the usual number of working days.

    `waiting` requests wait longer than the patience; of `promises` that were due, `kept` were delivered in time.
    """

    answered: int = 0
    digests: int = 0
    days: int | None = None
    waiting: int = 0
    promises: int = 0
    kept: int = 0
    tells_support: bool = False


def left_alone(since: date, today: date, is_workday: IsWorkday) -> bool:
    """Whether more than the patience has passed on the manager's calendar."""
    return today > add_working_days(since, PATIENCE, is_workday)


def answering(
    rounds: Sequence[Round], asked: Sequence[Support], reports: int, now: datetime, tz: str, is_workday: IsWorkday
) -> Answering:
    """Compute a manager's numbers from their digests and the requests that they were asked, in their time zone."""
    today = now.astimezone(ZoneInfo(tz)).date()
    answered = [one for one in rounds if one.read_on]
    alone = [one for one in rounds if not one.read_on and left_alone(one.day, today, is_workday)]
    days = [working_days_between(one.day, one.read_on, is_workday) for one in answered if one.read_on]
    due = [
        one
        for one in asked
        if one.state is State.DELIVERED or (one.due and one.state is State.PROMISED and one.due < today)
    ]
    return Answering(
        len(answered),
        len(answered) + len(alone),
        round(median(days)) if days else None,
        sum(one.state is State.ASKED and left_alone(_day(one, tz), today, is_workday) for one in asked),
        len(due),
        sum(bool(one.delivered_on and one.due and one.delivered_on <= one.due) for one in due),
        tells_support=reports >= ENOUGH_REPORTS,
    )


def _day(one: Support, tz: str) -> date:
    return one.asked_at.astimezone(ZoneInfo(tz)).date()
