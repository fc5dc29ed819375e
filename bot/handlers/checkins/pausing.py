"""A pause: nothing is asked until a day, by a word, a button or a form."""

from datetime import date

from bot.domain.cadence import instant
from bot.domain.checkin import AT, checked_pause, pause_until
from bot.domain.refusal import N_, Refused
from bot.handlers.checkins.conversation import flow
from bot.slack.blocks import Message, View, button, buttons, day_input, form, section
from bot.slack.flow import Answer, Open, Turn
from bot.slack.text import Text
from bot.slack.words import Words
from bot.store import people

OFF = frozenset({"off", "end", "stop", "关", "关闭", "结束", "取消"})


# What people see --------------------------------------------------------------------------


def pause_state(t: Words, until: date | None) -> Message:
    """Whether prompts are paused, and how to change it; no button to end it, for what is typed cannot be withdrawn."""
    label = t("Another day") if until else t("Pause")
    state = (
        t.sentences(_rests(t, until), t("`/cairn pause off` ends the pause."))
        if until
        else t("Check-ins and reminders reach you as usual.")
    )
    return Message(state, [section(state), buttons(button(label, does=choose))])


def _rests(t: Words, until: date) -> Text:
    return t("No check-ins, invitations or reminders until {day}.", day=until)


def pause_form(t: Words, until: date | None) -> View:
    """Until when."""
    day = day_input("until", t("No check-ins, invitations or reminders until"), initial=until)
    return form(t("Pause prompts"), [day], does=begin, submit=t("Pause"), close=t("Not now"))


def pause_begun(t: Words, until: date, *, leads: bool) -> Message:
    """Prompts are paused."""
    text = t.sentences(
        _rests(t, until),
        t("What colleagues write to you still comes in working hours: thanks, feedback, answers, requests for help."),
        t("The digests of your team still come.") if leads else None,
    )
    return Message(text, [section(text), buttons(button(t("End the pause"), does=resume))])


def pause_moved(t: Words, until: date) -> Message:
    """What the card of a pause becomes when another day was chosen."""
    return Message(t("The pause is now until {day}.", day=until))


def pause_over(t: Words) -> Message:
    """Prompts come again."""
    return Message(t.sentences(t("The pause is over."), t("Check-ins and reminders reach you as usual.")))


# What happens -----------------------------------------------------------------------------


@flow.command("pause", N_("Pause check-ins and reminders until a day, or end the pause"))
@flow.action
def pause(turn: Turn) -> Answer | None:
    """Begin, end or show a pause: `until 2027-02-01`, `off`, or nothing."""
    typed = turn.carry.strip()
    if not typed:
        return Answer(pause_state(turn.t, _paused_until(turn)))
    if typed.lower() in OFF:
        _end(turn)
        return Answer(pause_over(turn.t))
    _begin(turn, pause_until(typed, turn.today))
    return None


@flow.action
def choose(turn: Turn) -> Open:
    """Ask until when."""
    return Open(pause_form(turn.t, _paused_until(turn)))


@flow.view
def begin(turn: Turn) -> None:
    """Begin a pause until the day that was chosen."""
    until = turn.inputs.day("until")
    if until is None:
        raise Refused("Please choose a day", field="until")
    _begin(turn, checked_pause(until, turn.today))


@flow.action
def resume(turn: Turn) -> None:
    """End the pause; the card that offered it says so."""
    _end(turn)


@flow.timer
def over(turn: Turn) -> None:
    """The day has come: nothing is left to end."""
    if turn.person.paused_until == date.fromisoformat(turn.carry):
        turn.say(turn.person, _key(turn, turn.person.paused_until), pause_over)


def _begin(turn: Turn, until: date) -> None:
    """Keep the pause; its card takes the place of one that stood for another day."""
    before = _paused_until(turn)
    if before and before != until:
        turn.say(turn.person, _key(turn, before), pause_moved, until)
    leads = bool(people.reports_of(turn.session, turn.person.id, turn.today))
    people.pause(turn.session, turn.person.id, until)
    turn.say(turn.person, _key(turn, until), pause_begun, until, leads=leads)
    turn.remind(over, turn.person.id, instant(until, AT, turn.person.tz), str(until))
    turn.note("pause", turn.person.id)


def _end(turn: Turn) -> None:
    if before := _paused_until(turn):
        turn.say(turn.person, _key(turn, before), pause_over)
        turn.forget(over, turn.person.id, str(before))
    people.pause(turn.session, turn.person.id, None)
    turn.note("pause", turn.person.id)


def _paused_until(turn: Turn) -> date | None:
    until = turn.person.paused_until
    return until if until and until > turn.today else None


def _key(turn: Turn, until: date) -> str:
    return f"checkins/pause/{turn.person.id}/{until}"
