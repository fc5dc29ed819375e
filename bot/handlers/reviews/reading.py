"""HR reads the reviews of a person: what was sent, and never their own manager's."""

from bot.domain.access import Act
from bot.domain.cycle import Stage
from bot.domain.refusal import N_, Refused
from bot.handlers.reviews import windows
from bot.handlers.reviews.case import case_to_read
from bot.handlers.reviews.conversation import flow
from bot.slack.flow import FormReply, Open, Replace, Reply, Turn
from bot.store import cycles

BEFORE = {Stage.PREPARING, Stage.PLANNING, Stage.EXECUTING}


@flow.command("reviews", N_("Read the reviews of a person"), for_hr=True)
@flow.action
def choose(turn: Turn) -> Reply:
    """Ask whose reviews HR wants to read."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    return Open(windows.whose(turn.t, read))


@flow.view
def read(turn: Turn) -> FormReply:
    """Show what was sent, to whoever may see it; the audit says who looked."""
    person_id = turn.inputs.text(windows.WHOSE)
    found = cycles.running_for(turn.session, person_id)
    begun = [one for one in found if one.stage_on(turn.today) not in BEFORE]
    if not begun:
        raise Refused("There are no reviews of this person yet.", field=windows.WHOSE)
    case = case_to_read(turn, begun[0].id, person_id)
    turn.note(Act.SEE_REVIEW, person_id, f"review/{begun[0].id}")
    return Replace(windows.to_read(turn.t, case))
