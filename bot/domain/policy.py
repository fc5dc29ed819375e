"""What the company decides about being written to: what becomes of a missed prompt, and how much is written unasked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.cadence import DAY, IsWorkday
from bot.domain.refusal import N_, Refused

LONGEST_SPAN = 31
"""Days that one entry of the calendar may name."""
FURTHEST = timedelta(days=800)
"""How far from today an entry of the calendar may lie."""
WEEKDAYS = range(7)
MOST_A_WEEK = 20
LEAST_KEPT, MOST_KEPT = 30, 3650
"""Days for which records of people who left may be kept."""


class Missed(StrEnum):
    """What becomes of a check-in that came due while Cairn was down."""

    LATE = "late"
    NEXT_DAY = "next_day"
    LEFT_OUT = "left_out"


class ResultShown(StrEnum):
    """When people see their own released result."""

    AT_ONCE = "at_once"
    AT_TALK = "at_talk"


RESULT_SHOWN_NAMES: Mapping[ResultShown, str] = {
    ResultShown.AT_ONCE: N_("As soon as it is released"),
    ResultShown.AT_TALK: N_("In the talk with their manager, after ten working days at the latest"),
}
MISSED_NAMES: Mapping[Missed, str] = {
    Missed.LATE: N_("Asked late, up to {n} hours; after that on the next working day"),
    Missed.NEXT_DAY: N_("Asked on the next working day"),
    Missed.LEFT_OUT: N_("Left out; the next one comes in its time"),
}


@dataclass(frozen=True)
class Policy:
    """The company's choices.

    `late_hours` is how late a missed check-in may still be asked on the same day; `a_week` is how many messages
    somebody may get unasked in a week; `result_shown` is when people see their own result; `keep_left_days` is for how
    long the records of somebody who left are kept, 0 for as long as nobody has decided.
    """

    missed: Missed = Missed.LATE
    late_hours: int = 24
    a_week: int = 5
    result_shown: ResultShown = ResultShown.AT_ONCE
    keep_left_days: int = 0

    def asks_late(self, late: timedelta) -> bool:
        """Whether a check-in that is this late may still be asked on its own day."""
        return self.missed is Missed.LATE and late <= timedelta(hours=self.late_hours)


USUAL = Policy()
"""What holds where nothing was chosen."""


def with_missed(policy: Policy, missed: str, late_hours: Decimal | None) -> Policy:
    """The policy with another choice for missed check-ins."""
    if missed not in list(Missed):
        raise Refused("Please choose one of these.", field="missed")
    hours = _whole(late_hours, 24, "late_hours")
    return replace(policy, missed=Missed(missed), late_hours=hours)


def with_a_week(policy: Policy, a_week: Decimal | None) -> Policy:
    """The policy with another attention budget."""
    return replace(policy, a_week=_whole(a_week, MOST_A_WEEK, "a_week"))


def with_result_shown(policy: Policy, chosen: str) -> Policy:
    """The policy with another moment at which people see their result."""
    if chosen not in list(ResultShown):
        raise Refused("Please choose one of these.", field="result_shown")
    return replace(policy, result_shown=ResultShown(chosen))


def with_keep_left_days(policy: Policy, days: Decimal | None) -> Policy:
    """The policy with another time for which records of people who left are kept."""
    if days is None or days % 1 or not LEAST_KEPT <= days <= MOST_KEPT:
        least, most = LEAST_KEPT, MOST_KEPT
        raise Refused(
            "Please give a whole number of days from {least} to {most}.", field="days", least=least, most=most
        )
    return replace(policy, keep_left_days=int(days))


def _whole(number: Decimal | None, most: int, field: str) -> int:
    if number is None or number != int(number) or not 1 <= number <= most:
        raise Refused("Please give a whole number from 1 to {most}", field=field, most=most)
    return int(number)


def span(first: date | None, last: date | None, today: date, *, most: int = LONGEST_SPAN) -> tuple[date, date]:
    """The days of an entry, both ends included: near enough, in their order, and not too many."""
    if first is None:
        raise Refused("Please choose a day", field="first")
    if abs(first - today) > FURTHEST:
        raise Refused("This day is too far away", field="first")
    until = last or first
    if until < first:
        raise Refused("The last day comes before the first", field="last")
    if (until - first).days >= most:
        raise Refused("Please enter at most {n} days at once", field="last", n=most)
    return first, until


def checked_weekdays(chosen: list[str], today: date, works: IsWorkday) -> str:
    """The weekdays on which somebody does not work, as digits (Monday is 0); some working day has to be left."""
    free = "".join(str(n) for n in WEEKDAYS if str(n) in chosen)
    soon = (today + DAY * n for n in range(60))
    if not any(works(day) and str(day.weekday()) not in free for day in soon):
        raise Refused("One working day at least has to be left", field="weekdays")
    return free
