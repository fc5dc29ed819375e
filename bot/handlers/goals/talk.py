"""The talk of two people about one person's goals: who speaks, about which sheet, and whether it is the time for it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.access import Act
from bot.domain.cadence import add_working_days
from bot.domain.cycle import Cycle, Participant, Stage, opening
from bot.domain.difficulty import day_in_role, in_role_since, ramp
from bot.domain.goal import Goal, Sheet, Side
from bot.domain.goal_parts import Owed
from bot.domain.goal_template import Known, prefill
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.template import Template
from bot.slack.flow import Flow, Turn
from bot.store import cycles, goals, objectives, past, people, templates
from bot.store.goals import Draft

flow = Flow("goals")

OPEN = frozenset({Stage.PLANNING, Stage.EXECUTING})
"""The stages in which goals may be agreed."""


@dataclass(frozen=True)
class Talk:
    """A sheet, the two people it is between, and which of them has the word."""

    cycle: Cycle
    participant: Participant
    sheet: Sheet
    person: Person
    manager: Person
    side: Side

    @property
    def me(self) -> Person:
        """Who has the word."""
        return self.person if self.side is Side.EMPLOYEE else self.manager

    @property
    def other(self) -> Person:
        """Who answers."""
        return self.manager if self.side is Side.EMPLOYEE else self.person

    @property
    def ref(self) -> str:
        """What a button carries to come back to this talk."""
        return f"{self.cycle.id}/{self.person.id}"

    @property
    def asked(self) -> str:
        """What a button carries that answers just this offer."""
        return f"{self.ref}/{self.sheet.revision}"


def talk_about(turn: Turn, cycle_id: str, person_id: str, *, revision: str = "") -> Talk:
    """Join the talk about somebody's goals, as themself or as their manager; with a revision, only while it stands."""
    own = turn.person.id == person_id
    turn.must(Act.DRAFT_GOALS if own else Act.AGREE_GOALS, person_id)
    cycle = cycles.get(turn.session, cycle_id)
    participant = cycles.participant(turn.session, cycle_id, person_id)
    person = turn.person if own else people.get(turn.session, person_id)
    manager = _manager(turn, participant) if own else turn.person
    if person is None or manager is None:
        raise Refused("There is no manager to agree these goals with. Please ask HR to name one.")
    sheet = goals.opened(turn.session, cycle_id, person_id)
    if revision and revision != str(sheet.revision):
        raise Refused("These goals changed meanwhile. Please look at the newest version in Home.")
    return Talk(cycle, participant, sheet, person, manager, Side.EMPLOYEE if own else Side.MANAGER)


def must_be_open(turn: Turn, cycle: Cycle) -> None:
    """Refuse outside the time in which goals may be agreed."""
    stage = cycle.stage_on(turn.today)
    if stage is Stage.PREPARING:
        raise Refused("Goals open on {day}.", day=cycle.opens[Stage.PLANNING])
    if stage not in OPEN:
        raise Refused("Goals could be agreed until {day}, when assessing began.", day=cycle.opens[Stage.ASSESSING])


def must_be_answered(talk: Talk) -> None:
    """Refuse to offer goals to somebody who has left."""
    if not talk.other.takes_part:
        raise Refused(
            "{name} does not take part in Cairn any more, so nobody would answer. Please ask HR.", name=talk.other.name
        )


def writing(turn: Turn, talk: Talk) -> tuple[Goal, ...]:
    """What this side is writing: its draft, else what lies on the table, else what the department proposes."""
    if kept := draft_of(turn, talk):
        return kept.goals
    return talk.sheet.goals or prefilled(turn, talk.participant, talk.person, talk.cycle)


def draft_of(turn: Turn, talk: Talk) -> Draft | None:
    """This side's draft on what lies on the table now."""
    kept = goals.draft(turn.session, talk.cycle.id, talk.person.id, talk.me.id)
    return kept if kept and kept.revision == talk.sheet.revision else None


def left_behind(turn: Turn, talk: Talk) -> Draft | None:
    """This side's draft on what lay on the table before: the other side spoke meanwhile."""
    kept = goals.draft(turn.session, talk.cycle.id, talk.person.id, talk.me.id)
    return kept if kept and kept.revision != talk.sheet.revision and kept.goals != talk.sheet.goals else None


def prefilled(turn: Turn, participant: Participant, person: Person, cycle: Cycle) -> tuple[Goal, ...]:
    """What the department proposes, in the person's own language."""
    template = templates.template_of(turn.session, participant.template)
    return prefill(template, person.language, cycle.ends_on)


def template_of(turn: Turn, talk: Talk) -> Template:
    """The template that was frozen for this person at the launch."""
    return templates.template_of(turn.session, talk.participant.template)


def known_about(turn: Turn, talk: Talk) -> Known:
    """What is known of this person when a set of their goals is checked."""
    cycle, stints = talk.cycle, people.stints_of(turn.session, talk.person.id)
    day = day_in_role(stints, turn.today)
    since = in_role_since(stints, day)
    stint = next((one for one in stints if one.covers(day)), None)
    supports = objectives.supported_by(turn.session, cycle.id, talk.person.id)
    linked = frozenset(one.goal_id for one in supports)
    parts = objectives.without_parts(turn.session, talk.person.id, turn.today)
    line = people.line_of(turn.session, talk.person.id, turn.today) if linked else []
    return Known(
        past.before(turn.session, cycle, talk.person.id, stint, template_of(turn, talk)),
        ramp(since, (cycle.starts_on, cycle.ends_on)) if since else None,
        linked,
        objectives.in_line(turn.session, line, turn.today) if line else (),
        cycle.ends_on,
        joins_on=first if cycle.starts_on < (first := day_in_role(stints, cycle.starts_on)) else None,
        owed=[Owed(one, one.between(cycle.starts_on, cycle.ends_on)) for one in parts],
        supports=supports,
    )


def working_days_on(turn: Turn, person: Person, count: int) -> datetime:
    """In the morning, this many working days from now, where somebody is."""
    today = turn.now.astimezone(ZoneInfo(person.tz)).date()
    return opening(add_working_days(today, count, turn.workdays(person)), person.tz)


def _manager(turn: Turn, participant: Participant) -> Person | None:
    now = people.manager_of(turn.session, participant.person_id, turn.today)
    return now or people.get(turn.session, participant.manager_id)
