"""The flow itself, and the facts that its cards are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain import template as templates_of
from bot.domain.cadence import IsWorkday, instant
from bot.domain.checkin import (
    DIGEST_AT,
    Checkin,
    Confidence,
    Trail,
    digest_day,
    ignored,
    kind_question,
    needs_attention,
    trails,
    turned,
)
from bot.domain.coaching import Answering, Round, answering
from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.refusal import Sentence
from bot.domain.reported import Reported, key_of
from bot.domain.support import State, Support, request_of, those_in
from bot.domain.talk import Entry
from bot.domain.template import Template
from bot.slack.flow import Flow, Step, Turn
from bot.slack.training import READ
from bot.store import actuals, checkins, cycles, goals, people, support, talks, templates
from bot.store.talks import TalkPoint

flow = Flow("checkins")

NOTE_MOST = 1000
"""Characters of a note, and of what is blocking."""
NOTHING_KNOWN: Mapping[str, Reported] = {}

PRESSED = ("support.arrived", "support.withdraw", "talks.done_in_checkin", READ)
"""Steps of other conversations that a card leads to."""

# Facts ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """Where one goal stands, as a card shows it; `known` is the actual value that goes before what was said."""

    goal: Goal
    value: Decimal | None = None
    confidence: Confidence | None = None
    known: Reported | None = None


@dataclass(frozen=True)
class Card:
    """Everything a person's card or form shows of one check-in."""

    checkin: Checkin
    rows: tuple[Row, ...]
    prompt: templates_of.Text | None
    support: tuple[templates_of.Named, ...]
    manager: Person | None
    repeatable: bool
    question: Sentence | None = None
    request: Support | None = None
    named: Mapping[str, Person] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    trails: tuple[Trail, ...] = ()
    to_do: tuple[Entry, ...] = ()
    overdue: bool = False
    """Whether the morning of its digest has gone by without one: who would get it is away."""

    @property
    def carry(self) -> str:
        """What the card's buttons bring along."""
        one = self.checkin
        return f"{one.cycle_id}/{one.person_id}/{one.day}"


@dataclass(frozen=True)
class Told:
    """One person's line in a digest."""

    person: Person
    checkin: Checkin
    rows: tuple[Row, ...]
    changes: tuple[tuple[Goal, Confidence, Confidence], ...]
    help_wanted: tuple[templates_of.Text, ...] = ()
    urgent: bool = False
    talk: bool = False
    request: Support | None = None
    listed: bool = False

    @property
    def carry(self) -> str:
        """What the buttons about this person bring along."""
        one = self.checkin
        return f"{one.cycle_id}/{one.person_id}/{one.day}"

    @property
    def offer(self) -> str:
        """What help is offered for: the request that is open, or what was said."""
        return self.request.carry if self.request and self.request.open else self.carry


@dataclass(frozen=True)
class Digest:
    """What a manager is told of one round."""

    cycle_id: str
    day: date
    lines: tuple[Told, ...] = field(default=())
    without_goals: int = 0
    still_open: tuple[Support, ...] = ()
    answering: tuple[tuple[Person, Answering], ...] = ()
    named: Mapping[str, Person] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)

    @property
    def answered(self) -> tuple[Told, ...]:
        """Those who answered."""
        return tuple(line for line in self.lines if line.checkin.answered)

    @property
    def silent(self) -> tuple[Told, ...]:
        """Those who did not."""
        return tuple(line for line in self.lines if not line.checkin.answered)

    @property
    def unread(self) -> bool:
        """Whether there is an answer that the manager has not acknowledged."""
        return any(not line.checkin.read for line in self.answered)


# Reading them -----------------------------------------------------------------------------


def card_key(checkin: Checkin) -> str:
    """The key of a person's card."""
    return f"checkins/{checkin.cycle_id}/{checkin.person_id}/{checkin.day}"


def digest_key(cycle_id: str, manager_id: str, day: date) -> str:
    """The key of a manager's digest."""
    return f"checkins/{cycle_id}/{manager_id}/{day}/digest"


def workdays_of(turn: Turn, person: Person, *, asked: bool = True) -> IsWorkday:
    """The days on which somebody works; a pause keeps away what asks something of them."""
    worked = turn.workdays(person)
    paused = person.paused_until if asked else None
    return lambda day: worked(day) and (paused is None or day >= paused)


def template_in(turn: Turn, cycle_id: str, person_id: str) -> Template:
    """The template that a participant's cycle runs on."""
    return templates.template_of(turn.session, cycles.participant(turn.session, cycle_id, person_id).template)


def running_cycle(turn: Turn) -> Cycle | None:
    """The person's cycle in which the work is being done today."""
    cycle = cycles.current_for(turn.session, turn.person.id, turn.today)
    return cycle if cycle and cycle.stage_on(turn.today) is Stage.EXECUTING else None


def fresh(turn: Turn, cycle: Cycle, day: date) -> Checkin:
    """A check-in of this person that begins now, and the digest that it will go into."""
    manager = people.manager_of(turn.session, turn.person.id, turn.today)
    blank = Checkin(cycle.id, turn.person.id, day)
    if manager is None or not manager.takes_part:
        return blank
    on = digest_day(day, turn.now, manager.tz, workdays_of(turn, manager, asked=False))
    return Checkin(cycle.id, turn.person.id, day, manager_id=manager.id, digest_on=on)


def card_of(turn: Turn, checkin: Checkin, known: Mapping[str, Reported] = NOTHING_KNOWN) -> Card:
    """Gather what the card of this check-in shows; `known` are the actual values so far."""
    template = template_in(turn, checkin.cycle_id, checkin.person_id)
    before = before_of(turn, checkin)
    request = request_of(checkin, support.of_people(turn.session, [checkin.person_id]) if checkin.told else ())
    written_by = {checkin.comment_by, *(by for by, _ in checkin.earlier)}
    named = {*(those_in([request]) if request else ()), *written_by} - {""}
    agreed = goals.agreed_goals(turn.session, checkin.cycle_id, checkin.person_id)
    prompts, reader = template.checkin.questions, reader_of(turn, checkin)
    morning = instant(checkin.digest_on, DIGEST_AT, reader.tz) if reader and checkin.digest_on else turn.now
    return Card(
        checkin,
        rows_of(
            agreed,
            checkin if checkin.items else (before[-1] if before else None),
            known,
        ),
        prompts[checkin.day.isocalendar().week % len(prompts)] if prompts else None,
        template.support,
        reader,
        repeatable=any(before and before[-1].item(goal.id) for goal in agreed),
        question=kind_question(before, checkin),
        request=request,
        named=people.named(turn.session, named) if named else {},
        steps={name: turn.flows.steps[name] for name in PRESSED},
        trails=trails(agreed, [*before, *([checkin] if checkin.answered else [])]),
        overdue=not checkin.told and turn.now > morning,
    )


def reader_of(turn: Turn, checkin: Checkin) -> Person | None:
    """Who was told of a check-in; until then, whoever would be today. One that nobody is told of has none."""
    if checkin.told:
        return people.get(turn.session, checkin.manager_id)
    manager = people.manager_of(turn.session, checkin.person_id, turn.today) if checkin.digest_on else None
    return manager if manager and manager.takes_part else None


def before_of(turn: Turn, checkin: Checkin) -> list[Checkin]:
    """The answered check-ins before this one, the newest last."""
    found = checkins.history(turn.session, checkin.cycle_id, checkin.person_id)
    return [one for one in found if one.day < checkin.day]


def actuals_of(turn: Turn, cycle_id: str, person_id: str) -> Mapping[str, Reported]:
    """The actual values of a person so far."""
    return actuals.so_far(turn.session, cycle_id, [person_id]).get(person_id, {})


def rows_of(
    agreed: Sequence[Goal], seen: Checkin | None, known: Mapping[str, Reported] = NOTHING_KNOWN
) -> tuple[Row, ...]:
    """Each goal with what a check-in said of it, and what is known where that said no number or an older one."""
    items = [(goal, seen.item(goal.id) if seen else None, known.get(key_of(goal))) for goal in agreed]
    return tuple(
        Row(
            goal,
            item.value if item else None,
            item.confidence if item else None,
            actual if item is None or item.value is None or _newer(actual, seen) else None,
        )
        for goal, item, actual in items
    )


def _newer(actual: Reported | None, seen: Checkin | None) -> bool:
    return actual is not None and (seen is None or actual.at.date() > seen.day)


def seen_in(turn: Turn, cycle_id: str, manager: Person, day: date) -> list[Checkin]:
    """The check-ins of a round, of those alone who report to this manager today."""
    found = checkins.in_digest(turn.session, cycle_id, manager.id, day)
    reports = {one.id for one in people.reports_of(turn.session, manager.id, turn.today)}
    return [one for one in found if one.person_id in reports]


def digest_of(turn: Turn, cycle_id: str, manager: Person, day: date) -> Digest:
    """Gather a digest."""
    seen = seen_in(turn, cycle_id, manager, day)
    known = people.named(turn.session, [one.person_id for one in seen])
    listed = talks.waiting(turn.session, manager.id, known)
    without = _without_goals(turn, cycle_id, manager)  # it reads the sheets of all, which each line looks at
    every = checkins.every_in_cycle(turn.session, cycle_id, known)
    asked = support.of_people(turn.session, known)
    lines = [
        replace(
            _told(turn, known[one.person_id], every[one.person_id], one, listed.get(one.person_id, ())),
            request=request_of(one, [each for each in asked if each.person_id == one.person_id]),
        )
        for one in seen
    ]
    ordered = tuple(sorted(lines, key=lambda line: (not line.urgent, line.person.name)))
    older = _still_open(turn, manager, day, {line.request.id for line in lines if line.request})
    requests = [*older, *(line.request for line in lines if line.request)]
    return Digest(
        cycle_id,
        day,
        ordered,
        without,
        tuple(older),
        tuple(answering_of(turn, [cycle_id], manager)),
        people.named(turn.session, those_in(requests)) if requests else {},
        {name: turn.flows.steps[name] for name in ("support.offer", "support.deliver")},
    )


def _still_open(turn: Turn, manager: Person, day: date, shown: set[str]) -> list[Support]:
    """What waits from before: requests without an answer, and promises that are due."""
    mine = support.concerning(turn.session, manager.id, turn.today)
    those = [one for one in mine if one.person_id != manager.id and one.id not in shown and one.day < day]
    return [one for one in those if one.state is State.ASKED or one.is_due(day)]


def answering_of(turn: Turn, cycle_ids: Sequence[str], leader: Person) -> list[tuple[Person, Answering]]:
    """How those who report to somebody, and lead people themselves, answer their own teams: numbers alone."""
    reports = people.reports_of(turn.session, leader.id, turn.today)
    sizes = people.team_sizes(turn.session, [one.id for one in reports], turn.today)
    return [(one, _answering(turn, cycle_ids, one, sizes[one.id])) for one in reports if one.id in sizes]


def _answering(turn: Turn, cycle_ids: Sequence[str], manager: Person, reports: int) -> Answering:
    zone = ZoneInfo(manager.tz)
    rounds = [
        Round(day, read_at.astimezone(zone).date() if read_at else None)
        for cycle_id in cycle_ids
        for day, read_at in checkins.rounds(turn.session, cycle_id, manager.id)
    ]
    asked = [one for cycle_id in cycle_ids for one in support.asked_of(turn.session, cycle_id, manager.id, turn.today)]
    return answering(rounds, asked, reports, turn.now, manager.tz, turn.workdays(manager))


def _without_goals(turn: Turn, cycle_id: str, manager: Person) -> int:
    """How many of a manager's team take part without agreed goals, and so are not asked."""
    reports = {one.id for one in people.reports_of(turn.session, manager.id, turn.today)}
    team = cycles.participants(turn.session, cycle_id, reports)
    sheets = goals.sheets(turn.session, cycle_id, reports)
    return sum(one.person_id not in sheets or not sheets[one.person_id].agreed for one in team)


def _told(turn: Turn, person: Person, theirs: Sequence[Checkin], checkin: Checkin, points: Sequence[TalkPoint]) -> Told:
    agreed = goals.agreed_goals(turn.session, checkin.cycle_id, person.id)
    by_id = {goal.id: goal for goal in agreed}
    before = [one for one in theirs if one.answered and one.day < checkin.day]
    changes = turned(checkin, before[-1] if before else None)
    kinds = {one.id: one.name for one in template_in(turn, checkin.cycle_id, person.id).support}
    return Told(
        person,
        checkin,
        rows_of(agreed, checkin),
        tuple((by_id[one.goal_id], one.before, one.after) for one in changes if one.goal_id in by_id),
        tuple(kinds[one] for one in checkin.help_wanted if one in kinds),
        urgent=needs_attention(checkin, before[-1] if before else None),
        talk=ignored([one for one in theirs if one.day <= checkin.day]),
        listed=any(one.ref == str(checkin.day) for one in points),
    )
