"""The page about how a process went, gathered for HR or the owner."""

from datetime import datetime

from bot.domain.access import Act
from bot.domain.cycle import Cycle
from bot.domain.health import Health
from bot.domain.process_change import State
from bot.handlers.process import shown
from bot.handlers.process.conversation import in_use, names_of
from bot.slack.blocks import View
from bot.slack.flow import Turn
from bot.store import cycles, health, process_changes, pulse

WAITING = (State.PROPOSED, State.ACCEPTED)
DONE_WITH = (State.DECLINED, State.OVERTAKEN, State.ADOPTED)


def page_for(turn: Turn, wanted: str = "") -> View:
    """The page of this cycle, else of the newest that has a report."""
    made = health.newest(turn.session)
    chosen = wanted if wanted in made else next(iter(made), "")
    kept = health.of_cycle(turn.session, chosen) if chosen else None
    if kept is None:
        return shown.nothing_yet(turn.t)
    turn.note(Act.SEE_PROCESS, turn.person.id, chosen)
    steps = turn.flows.steps
    propose = steps["process.propose"] if turn.may(Act.PROPOSE_CHANGE, turn.person.id) else None
    doing = shown.Doing(steps["process.look"], steps["process.open_change"], propose)
    others = [cycles.get(turn.session, one) for one in made if one != chosen]
    return shown.page_of(turn.t, _shown(turn, cycles.get(turn.session, chosen), kept, others), doing)


def _shown(turn: Turn, cycle: Cycle, kept: tuple[Health, datetime], others: list[Cycle]) -> shown.Shown:
    before = health.before(turn.session, cycle)
    settled = process_changes.in_state(turn.session, DONE_WITH)
    changes = [*process_changes.in_state(turn.session, WAITING), *(one for one in settled if one.cycle_id == cycle.id)]
    names = names_of(in_use(turn), turn.t.language)
    return shown.Shown(cycle, *kept, before, _pulse(turn, cycle, before), changes, names, others)


def _pulse(turn: Turn, cycle: Cycle, before: tuple[Cycle, Health] | None) -> shown.Pulse:
    if not pulse.is_over(turn.session, cycle.id):
        return shown.Pulse()
    return shown.Pulse(
        pulse.counts(turn.session, cycle.id),
        pulse.counts(turn.session, before[0].id) if before else (),
        pulse.sentences(turn.session, cycle.id),
        pulse.count_done(turn.session, cycle.id),
        over=True,
    )
