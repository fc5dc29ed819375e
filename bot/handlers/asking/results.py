"""A question about one's own result: it goes to whoever leads its asker, and is answered where it stands."""

from bot.domain.access import Act
from bot.domain.asking import LONGEST
from bot.domain.refusal import Refused
from bot.handlers.asking import steps, views
from bot.handlers.asking.conversation import about_result, flow, who_of
from bot.slack.flow import Open, Replace, Turn
from bot.store import cycles, interviews, results


@flow.action
def about(turn: Turn) -> Open:
    """Ask what they would like to know."""
    cycle_id = _shown(turn)
    cycle, who = cycles.get(turn.session, cycle_id), who_of(turn, turn.person.id, about_result(cycle_id))
    return Open(views.about_result(turn.t, cycle, who, cycle_id))


@flow.view
def send(turn: Turn) -> Replace:
    """Bring it to whoever answers."""
    cycle_id, asked = _shown(turn), turn.inputs.text("words")[:LONGEST]
    if not asked:
        raise Refused("Please write your question.", field="words")
    return Replace(steps.pass_on(turn, asked, about_result(cycle_id)))


def _shown(turn: Turn) -> str:
    """The cycle that was carried, if one's own result of it may be seen."""
    (cycle_id,) = turn.carried(1)
    turn.must(Act.ANSWER_RESULT, turn.person.id)
    one = results.result(turn.session, cycle_id, turn.person.id)
    if one is None or not interviews.may_see(turn.session, one, turn.today, turn.workdays(turn.person)):
        raise Refused("This result has not been released.")
    return cycle_id
