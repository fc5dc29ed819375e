"""Who acts for a manager who is away: for a time, and never about themself or somebody above them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.org import Person
from bot.domain.refusal import Refused

A_DAY, LONGEST = timedelta(days=1), timedelta(days=366)


@dataclass(frozen=True)
class StandIn:
    """`stand_in_id` acts for `manager_id`, from the first day to the last; `named_by` is that manager, or HR."""

    id: str
    manager_id: str
    stand_in_id: str
    first_day: date
    last_day: date
    named_by: str

    def held_around(self, day: date) -> bool:
        """Whether it held on a day that may be one off, for days are not the same everywhere."""
        return self.first_day - A_DAY <= day <= self.last_day + A_DAY

    def meets(self, first_day: date, last_day: date) -> bool:
        """Whether it holds on one of these days."""
        return self.first_day <= last_day and first_day <= self.last_day


def may_act_about(about_id: str, line: Collection[str]) -> bool:
    """Whether a stand-in may act about somebody; `line` is the stand-in and everybody above them."""
    return about_id not in line


def check_days(first_day: date | None, last_day: date | None, today: date) -> tuple[date, date]:
    """The days as they are typed: both there, in order, not over, and a year at most."""
    if first_day is None or last_day is None:
        raise Refused("Please choose both days.", field="last" if first_day else "first")
    if last_day < first_day:
        raise Refused("The last day cannot come before the first.", field="last")
    if last_day < today:
        raise Refused("These days are over", field="last")
    if last_day - first_day > LONGEST:
        raise Refused(
            "A year at most. For longer, please give the team another manager: `/cairn people`.", field="last"
        )
    return max(first_day, today), last_day


def check_stand_in(manager: Person, other: Person | None, days: tuple[date, date], known: Sequence[StandIn]) -> Person:
    """Refuse somebody who cannot stand in; `known` is every arrangement of these two people."""
    if other is None or not other.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="stand_in")
    if other.id == manager.id:
        raise Refused("Please choose somebody else: this is about the days you are not there.", field="stand_in")
    meeting = [one for one in known if one.meets(*days)]
    if any(one.manager_id == other.id for one in meeting):
        raise Refused("Somebody else stands in for {name} on these days.", field="stand_in", name=other.name)
    if any(one.stand_in_id == manager.id for one in meeting):
        raise Refused(
            "{name} stands in for somebody else on these days. Please end that first, or choose other days.",
            field="first",
            name=manager.name,
        )
    return other
