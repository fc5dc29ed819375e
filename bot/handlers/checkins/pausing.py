"""A pause: no prompts until a day, by a word or a button."""

from datetime import date

from bot.domain.checkin import pause_until
from bot.domain.refusal import N_
from bot.handlers.checkins import views
from bot.handlers.checkins.conversation import flow
from bot.slack.flow import Answer, Turn
from bot.store import people

OFF = frozenset({"off", "end", "stop", "关", "关闭", "结束", "取消"})


@flow.command("pause", N_("Pause check-in prompts until a day, or end the pause"))
@flow.action
def pause(turn: Turn) -> Answer:
    """Begin, end or show a pause: `until 2027-02-01`, `off`, or nothing."""
    typed = turn.carry.strip()
    if not typed:
        until = turn.person.paused_until
        return _state(turn, until if until and until > turn.today else None)
    until = None if typed.lower() in OFF else pause_until(typed, turn.today)
    people.pause(turn.session, turn.person.id, until)
    turn.note("pause", turn.person.id)
    return _state(turn, until)


@flow.action
def resume(turn: Turn) -> Answer:
    """End the pause."""
    people.pause(turn.session, turn.person.id, None)
    turn.note("pause", turn.person.id)
    return _state(turn, None)


def _state(turn: Turn, until: date | None) -> Answer:
    leads = bool(people.reports_of(turn.session, turn.person.id, turn.today))
    return Answer(views.pause_state(turn.t, until, leads=leads))
