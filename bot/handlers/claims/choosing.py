"""Which values can be reported, and which may still count: as people stand today, not as they stood at the launch."""

from dataclasses import dataclass
from datetime import date

from bot.domain.actuals import periods_between
from bot.domain.claim import Claim
from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.org import Person
from bot.domain.reported import first_day_of, key_of
from bot.slack.flow import Turn
from bot.store import actuals, cycles, people, results


@dataclass(frozen=True)
class Choice:
    """A goal that a value can be reported for: whose it is, and in which cycle."""

    cycle: Cycle
    person: Person
    goal: Goal

    @property
    def key(self) -> str:
        """What a form carries of it."""
        return f"{self.cycle.id}/{self.person.id}/{key_of(self.goal)}"


def choices(turn: Turn) -> list[Choice]:
    """My own agreed goals, then those of the people I manage, in the cycles that take values."""
    launched = [one for one in cycles.every(turn.session) if one.launched]
    open_now = [one for one in launched if not _closed(turn, one) and begun_of(one, turn.today)]
    return sorted(
        (one for cycle in open_now for one in _choices_in(turn, cycle)),
        key=lambda one: (one.person != turn.person, one.person.name),
    )


def _choices_in(turn: Turn, cycle: Cycle) -> list[Choice]:
    reports = people.reports_of(turn.session, turn.person.id, turn.today)
    ids = [turn.person.id, *(one.id for one in reports)]
    finished = results.finished(turn.session, ids)
    takers = cycles.participants(turn.session, cycle.id, ids)
    mine = [one.person_id for one in takers if (cycle.id, one.person_id) not in finished]
    agreed = actuals.judged_by(turn.session, cycle.id, mine) if mine else {}
    named = people.named(turn.session, agreed)
    return [
        Choice(cycle, named[person_id], goal)
        for person_id, those in agreed.items()
        for goal in those
        if goal.direction is not Direction.RUBRIC
    ]


def _closed(turn: Turn, cycle: Cycle) -> bool:
    return cycle.stage_on(turn.today) is Stage.CLOSED


def periods_of(cycle: Cycle) -> frozenset[str]:
    """The periods that lie within a cycle."""
    return periods_between(cycle.starts_on, cycle.ends_on)


def begun_of(cycle: Cycle, today: date) -> list[str]:
    """Those of them that have begun, in their order: of what is still to come nobody knows a value."""
    return sorted(each for each in periods_of(cycle) if first_day_of(each) <= today)


def manager_id(turn: Turn, person_id: str) -> str:
    """Whom somebody reports to today, if that one is still here: nobody else has the right to answer."""
    manager = people.manager_of(turn.session, person_id, turn.today)
    return manager.id if manager and manager.takes_part else ""


def may_count(turn: Turn, claim: Claim) -> bool:
    """A value that comes after the result would silently differ from what the result was made of."""
    cycle = cycles.get(turn.session, claim.cycle_id)
    finished = results.finished(turn.session, [claim.person_id])
    return not _closed(turn, cycle) and (cycle.id, claim.person_id) not in finished
