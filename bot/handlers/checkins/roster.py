"""Who is on somebody's team, how each one is doing, and what is open: what the team's page is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.access import Act
from bot.domain.checkin import Checkin, Turned, turned
from bot.domain.coaching import Answering
from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.reported import Reported
from bot.domain.support import Support, those_in
from bot.handlers.checkins.conversation import Row, answering_of, rows_of
from bot.slack.flow import Step, Turn
from bot.store import actuals, checkins, cycles, goals, one_on_ones, people, support, talks
from bot.store.talks import TalkPoint

ON_PAGE = "team"
"""How the last thing begins that the page's buttons carry; after it, the report with which the page begins."""


@dataclass(frozen=True)
class Report:
    """One person of the team: their last check-in that the manager has, and what is open."""

    person: Person
    checkin: Checkin | None = None
    rows: tuple[Row, ...] = ()
    turns: Mapping[str, Turned] = field(default_factory=dict)
    requests: tuple[Support, ...] = ()
    points: tuple[TalkPoint, ...] = ()
    talked_on: date | None = None


@dataclass(frozen=True)
class Team:
    """What the page shows to `reader_id`; `first` is the first report on it."""

    reports: tuple[Report, ...]
    answering: tuple[tuple[Person, Answering], ...]
    named: Mapping[str, Person]
    steps: Mapping[str, Step]
    first: int = 0
    reader_id: str = ""

    @property
    def page(self) -> str:
        """What the buttons carry, to come back to this page."""
        return f"{ON_PAGE}{self.first}"


def team_of(turn: Turn, first: int = 0) -> Team:
    """Gather the page of whoever looks; only of those whose check-ins they may see today."""
    found = people.reports_of(turn.session, turn.person.id, turn.today)
    reports = {one.id: one for one in found if turn.may(Act.SEE_CHECKINS, one.id)}
    open_now = [one for one in support.of_people(turn.session, reports) if one.open]
    points = talks.waiting(turn.session, turn.person.id, reports)
    running = [one for one in cycles.every(turn.session) if _runs(one, turn)]
    talked_on = one_on_ones.last_talks(turn.session, turn.person.id)
    known = _in_cycles(turn, running, reports)
    shown = [
        _report(
            one,
            known.get(one.id, ((), (), {})),
            tuple(each for each in open_now if each.person_id == one.id),
            tuple(points.get(one.id, ())),
            talked_on.get(one.id),
        )
        for one in reports.values()
    ]
    return Team(
        tuple(sorted(shown, key=lambda one: (not one.requests, one.person.name, one.person.id))),
        tuple(answering_of(turn, [one.id for one in running], turn.person)),
        people.named(turn.session, those_in(open_now)) if open_now else {},
        {name: turn.flows.steps[name] for name in ("support.offer", "support.deliver", "talks.open_talk")},
        first if first < len(shown) else 0,
        turn.person.id,
    )


def _runs(cycle: Cycle, turn: Turn) -> bool:
    return cycle.stage_on(turn.today) not in {Stage.PREPARING, Stage.CLOSED}


Known = Mapping[str, tuple[Sequence[Goal], Sequence[Checkin], Mapping[str, Reported]]]


def _in_cycles(turn: Turn, running: Sequence[Cycle], reports: Mapping[str, Person]) -> Known:
    """In the newest cycle each one has goals in: those agreed, the check-ins that were told, and the values so far."""
    found: dict[str, tuple[Sequence[Goal], Sequence[Checkin], Mapping[str, Reported]]] = {}
    for cycle in reversed(running):
        agreed = goals.agreed_by_person(turn.session, cycle.id, list(reports))
        answers = checkins.in_cycle(turn.session, cycle.id, reports)
        values = actuals.so_far(turn.session, cycle.id, list(reports))
        for person_id, those in agreed.items():
            told = [one for one in answers.get(person_id, ()) if one.told]
            found[person_id] = those, told, values.get(person_id, {})
    return found


def _report(
    person: Person,
    known: tuple[Sequence[Goal], Sequence[Checkin], Mapping[str, Reported]],
    requests: tuple[Support, ...],
    points: tuple[TalkPoint, ...],
    talked_on: date | None,
) -> Report:
    agreed, told, values = known
    last = told[-1] if told else None
    turns = turned(last, told[-2]) if last and len(told) > 1 else ()
    by_goal = {one.goal_id: one for one in turns}
    return Report(person, last, rows_of(agreed, last, values), by_goal, requests, points, talked_on)
