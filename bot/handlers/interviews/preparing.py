"""Each of the two prepares apart; nobody reads the other's before both have sent theirs, or the talk is tomorrow."""

from bot.domain.access import Act
from bot.domain.interview import LONGEST, Cause, Prepared, Side, cause_field, check_prepared
from bot.domain.refusal import Refused
from bot.handlers.interviews import agenda, views
from bot.handlers.interviews.conversation import Case, case_of, flow
from bot.slack.flow import Open, Replace, Turn, known
from bot.store import interviews


@flow.action
def prepare(turn: Turn) -> Open:
    """Open the form."""
    return Open(views.prepare_form(turn.t, _open(case_of(turn))))


@flow.action
def prepare_here(turn: Turn) -> Replace:
    """The same in the window that stands."""
    return Replace(views.prepare_form(turn.t, _open(case_of(turn))))


@flow.view
def keep_prepared(turn: Turn) -> Replace:
    """Keep what one side sees; when both have, the agenda stands before both."""
    case, inputs = _open(case_of(turn)), turn.inputs
    causes = {
        one.id: tuple(known(Cause, chosen) for chosen in inputs.many(cause_field(n)))
        for n, one in enumerate(case.missed)
    }
    one = Prepared(
        case.side,
        turn.person.id,
        tuple(inputs.many("strengths")),
        tuple(inputs.many("gaps")),
        {goal_id: some for goal_id, some in causes.items() if some},
        inputs.text("examples")[:LONGEST],
        inputs.text("wish")[:LONGEST],
    )
    check_prepared(one, case.topics, [goal.id for goal in case.missed])
    interviews.prepare(turn.session, case.talk, one, turn.now)
    turn.note(Act.PREPARE_INTERVIEW, case.person.id, case.carry)
    now = case_of(turn)
    if len(now.sent) == len(Side) and now.other:  # who sends last has it before them
        turn.remind(agenda.show_agenda, now.other.id, turn.now, case.carry)
    return Replace(views.page_of(turn.t, now))


def _open(case: Case) -> Case:
    """What both have sent stands, and so does what was said before a talk."""
    if case.talk.held_on:
        raise Refused("You have talked already.")
    if len(case.sent) == len(Side):
        raise Refused("Both of you have sent it, so it stands as it is. The rest belongs in the talk.")
    return case
