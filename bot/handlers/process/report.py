"""Looking back on a cycle: the report is made when its process is reviewed, made anew at the close, and read."""

from bot.domain.access import Act
from bot.domain.cycle import Cycle, Stage
from bot.domain.org import Person
from bot.domain.pulse import OPEN_FOR
from bot.domain.refusal import N_
from bot.domain.team import Duty
from bot.handlers.process import news, shown
from bot.handlers.process.conversation import flow
from bot.handlers.process.looking import page_for
from bot.handlers.process.pulse import open_answers
from bot.slack.flow import Open, Replace, Turn
from bot.store import cycles, health, people

LOOKED_AT = frozenset({Stage.REVIEWING, Stage.CLOSED})


@flow.timer
def look_back(turn: Turn) -> None:
    """The process is reviewed: make the report, and tell who reads it; a week later the pulse is opened."""
    cycle = cycles.get(turn.session, turn.carry)
    _make(turn, cycle)
    turn.remind(open_answers, "", turn.now + OPEN_FOR, cycle.id)
    for one in readers(turn):
        turn.remind(tell, one.id, turn.now, cycle.id)


@flow.timer
def close(turn: Turn) -> None:
    """The cycle closes: its report is what the next one is compared with."""
    _make(turn, cycles.get(turn.session, turn.carry))


def _make(turn: Turn, cycle: Cycle) -> None:
    health.keep(turn.session, cycle.id, health.look(turn.session, cycle, turn.now), turn.now)


def readers(turn: Turn) -> list[Person]:
    """HR, and whoever owns the process; each once."""
    both = [*people.holders(turn.session, people.HR), *people.holders(turn.session, Duty.OWNER)]
    return [*{one.id: one for one in both}.values()]


@flow.prompt
def tell(turn: Turn) -> None:
    """Say that one can look back."""
    if turn.may(Act.SEE_PROCESS, turn.person.id) and health.is_looked_at(turn.session, turn.carry):
        cycle = cycles.get(turn.session, turn.carry)
        turn.say(turn.person, f"process/{cycle.id}/{turn.person.id}/report", shown.made, cycle, show)


@flow.command("process", N_("How the process went, and what the next cycle does differently"))
@flow.action
def show(turn: Turn) -> Open:
    """For HR and the owner the report; for everybody what their cycles began with."""
    if not turn.may(Act.SEE_PROCESS, turn.person.id):
        return Open(news.of_mine(turn))
    _catch_up(turn)
    return Open(page_for(turn, turn.carry.strip()))


@flow.action
def look(turn: Turn) -> Replace:
    """The report of another cycle, or the page again."""
    turn.must(Act.SEE_PROCESS, turn.person.id)
    return Replace(page_for(turn, turn.carry.strip()))


def _catch_up(turn: Turn) -> None:
    """Cycles that were launched before there were reports get theirs when somebody looks."""
    for one in cycles.every(turn.session):
        if one.launched and one.stage_on(turn.today) in LOOKED_AT and not health.is_looked_at(turn.session, one.id):
            _make(turn, one)
