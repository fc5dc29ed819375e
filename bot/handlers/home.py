"""Home: what waits for me, a few buttons and the window with all the others, what is going on, my language."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.pacing import finish
from bot.domain.refusal import N_, Refused
from bot.slack import limits
from bot.slack.blocks import (
    WHOLE,
    Block,
    Home,
    Message,
    View,
    button,
    buttons,
    context,
    divider,
    header,
    menu,
    page,
    section,
)
from bot.slack.flow import OUTDATED, Answer, Command, Flow, Open, Replace, Reply, Task, Turn
from bot.slack.menu import GROUPS, LABELS
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words
from bot.store import cycles, outbox, people, standstill, timers

flow = Flow("home")

LANGUAGES = {"en": "English", "zh": "中文"}
"""Each by its own name, so that whoever reads only that one finds it."""
SPOKEN = {
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
    "zh": "zh",
    "chinese": "zh",
    "中文": "zh",
    "汉语": "zh",
}
"""What people type for a language."""
AT_HAND = ("setup", "goals", "checkin", "result")
"""Words with a button in Home itself."""
HERE_ALREADY = frozenset({"now", "language"})
MOST_TASKS = 8
MOST_BLOCKS = 100
"""What Slack shows on a Home tab."""

# What people see --------------------------------------------------------------------------


def waiting(t: Words, tasks: list[Task]) -> list[Block]:
    """Each thing that waits, with its button."""
    if not tasks:
        return [section(t("Nothing waits for you. Enjoy the quiet."))]
    shown = [
        section(task.text, button(task.label, does=task.does, carry=task.carry, style="primary" if n == 0 else None))
        for n, task in enumerate(tasks[:MOST_TASKS])
    ]
    hidden = len(tasks) - len(shown)
    return [*shown, *([context(t.plural("and one more", "and {n} more", hidden))] if hidden else [])]


def at_hand(t: Words, commands: Mapping[str, Command]) -> Block:
    """The few buttons that most people need, and the way to all the others."""
    few = (commands[word] for word in AT_HAND if word in commands)
    return buttons(
        *(button(t(LABELS[one.word]), does=one.step) for one in few),
        button(t("More…"), does=show_more),
    )


def everything(t: Words, commands: Mapping[str, Command]) -> View:
    """Every command, in groups."""
    groups = {name: [commands[word] for word in words if word in commands] for name, words in GROUPS.items()}
    shown = [block for name, mine in groups.items() if mine for block in _group(t, t(name), mine)]
    typed = t("Each can also be typed: `/cairn help` lists the words.")
    return page(t("More"), [*shown, context(typed)], close=t("Close"))


def _group(t: Words, name: Text, commands: Sequence[Command]) -> list[Block]:
    return [section(bold(name)), buttons(*(button(t(LABELS[one.word]), does=go, carry=one.word) for one in commands))]


def for_hr(t: Words, *, started: bool, troubles: list[Text], sending: Text | None) -> list[Block]:
    """Where HR begins; what is on its way, and what did not work."""
    nothing = t("There is no cycle yet. The preparation leads you there, step by step.")
    return [
        *([] if started else [context(nothing)]),
        *([context(sending)] if sending else []),
        *([context(t.sentences(*troubles, t("The operator's log has the reasons.")))] if troubles else []),
    ]


def troubles_of(t: Words, unsent: int, failed: int, doubtful: int = 0) -> list[Text]:
    """What did not work and is not tried any more, and what nobody can find out."""
    doubts = t.plural(
        "One message is in doubt: Slack does not say whether it arrived.",
        "{n} messages are in doubt: Slack does not say whether they arrived.",
        doubtful,
    )
    messages = t.plural("One message could not be sent.", "{n} messages could not be sent.", unsent)
    steps = t.plural("One planned step failed.", "{n} planned steps failed.", failed)
    return [messages] * bool(unsent) + [doubts] * bool(doubtful) + [steps] * bool(failed)


def refusing(t: Words, error: str) -> Text:
    """Slack takes nothing of a kind until an operator acts; its word helps them."""
    return t("Slack refuses what I send (“{error}”). Please tell whoever runs me.", error=error)


def on_the_way(t: Words, count: int, until: datetime) -> Text:
    """How many messages are being sent, and when the last one is out."""
    return t.sentences(
        t.plural("{n} message is on its way.", "{n} messages are on their way.", count),
        t("At the pace Slack takes, the last one is out at about {time}.", time=t.time(until)),
    )


def settings(t: Words) -> list[Block]:
    """What a person can set for themself."""
    names = [(code, Text(name)) for code, name in LANGUAGES.items()]
    chooser = menu(t("Language"), names, does=choose_language, chosen=t.language)
    zone = t("Times are shown in your own zone, {zone}.", zone=t.tz.key)
    more = t("`/cairn privacy` says what I keep about you and who sees it.")
    return [divider(), buttons(chooser), context(zone, more)]


def which_language(t: Words, *, whole_text: bool) -> Message:
    """The languages there are, and how much of a message a screen reader gets to read."""
    text = t("Which language shall I use with you?")
    choices = [(code, Text(name)) for code, name in LANGUAGES.items()]
    chooser = menu(t("Language"), choices, does=choose_here, chosen=t.language)
    aloud = t(
        "Slack has a screen reader read the first line of a message and no more. I can add all its words to that."
    )
    short = t("Notifications on a phone stay as short as they are.")
    press = button(t("First line only"), does=read_out) if whole_text else button(
        t("All words, please"), does=read_out, carry=WHOLE)  # fmt: skip
    return Message(text, [section(text), buttons(chooser), section(lines(bold(t("Read aloud")), aloud), press),
                          context(short)])  # fmt: skip


def read_out_now(t: Words, *, whole_text: bool) -> Message:
    """What is read out from now on."""
    if whole_text:
        return Message(t("From now on all words of my messages to you can be read out."))
    return Message(t("From now on the first line of my messages to you is read out."))


def now_in(t: Words) -> Message:
    """The first sentence in a new language."""
    return Message(t("From now on I write to you in {language}.", language=LANGUAGES[t.language]))


# What happens -----------------------------------------------------------------------------


@flow.whole_home
def draw(turn: Turn) -> Home:
    """The whole tab: what waits, a few buttons, each conversation's part; the top and the settings have their room."""
    t, hr = turn.t, _is_hr(turn)
    begins = hr and not any(one.launched for one in cycles.every(turn.session))
    top = [
        header(t("Waiting for you")),
        *waiting(t, turn.flows.waiting(turn)),
        at_hand(t, _commands(turn, hr=hr)),
        *(_notices(turn, begins=begins) if hr else []),
    ]
    end = settings(t)
    return Home([*top, *turn.flows.home_sections(turn)[: MOST_BLOCKS - len(top) - len(end)], *end])


@flow.action
def show_more(turn: Turn) -> Open:
    """Somebody looks for what has no button in Home."""
    return Open(everything(turn.t, _commands(turn, hr=_is_hr(turn))))


@flow.action
def go(turn: Turn) -> Reply:
    """Somebody chose there: it comes in the place of the window, for Slack stacks no more than three."""
    command = turn.flows.commands.get(turn.carry)
    if command is None:
        raise Refused(OUTDATED)
    turn.carry = ""
    match command.step(turn):
        case Open(view):
            return Replace(view)
        case Answer(message):
            return Replace(page(turn.t("Cairn"), message.body()["blocks"], close=turn.t("Close")))
        case reply:
            return reply


def _is_hr(turn: Turn) -> bool:
    return turn.person in people.holders(turn.session, people.HR)


def _notices(turn: Turn, *, begins: bool) -> list[Block]:
    t, session = turn.t, turn.session
    sent, failed = outbox.backlog(session), timers.count_failed(session)
    refused = [refusing(t, one.error) for one in standstill.current(session, turn.real_now)]
    troubles = [*refused, *troubles_of(t, sent.given_up, failed, sent.doubtful)]
    return for_hr(t, started=not begins, troubles=troubles, sending=_sending(turn))


def _sending(turn: Turn) -> Text | None:
    """What is on its way, when that takes long enough to be worth saying."""
    count = outbox.count_bulk(turn.session) + timers.count_due(turn.session, turn.now, turn.flows.prompts)
    pace = limits.posts_per_minute(turn.session)
    until = finish({turn.now: count}, pace)
    return on_the_way(turn.t, count, until) if until and count > pace * limits.WORTH_SAYING else None


def _commands(turn: Turn, *, hr: bool) -> dict[str, Command]:
    """The words that somebody may use and that Home does not show in another way."""
    known = turn.flows.commands.values()
    return {one.word: one for one in known if (hr or not one.for_hr) and one.word not in HERE_ALREADY}


@flow.action
def opened(turn: Turn) -> None:
    """Somebody opened the tab, perhaps for the first time."""
    turn.say_home()
    if not people.was_greeted(turn.session, turn.person.id):
        turn.remind("onboarding.greet", turn.person.id, turn.now)


@flow.action
def choose_language(turn: Turn) -> None:
    """Somebody chose their language in Home."""
    _speak(turn, turn.carry)


@flow.action
def choose_here(turn: Turn) -> Answer:
    """Somebody chose their language in an answer."""
    _speak(turn, turn.carry)
    return Answer(now_in(turn.t))


@flow.command("language", N_("Choose your language, and how much of a message is read aloud"))
@flow.action
def set_language(turn: Turn) -> Answer:
    """Somebody typed their language, or asked which there are."""
    code = SPOKEN.get(turn.carry.strip().lower())
    if code is None:
        return Answer(which_language(turn.t, whole_text=turn.person.whole_text))
    _speak(turn, code)
    return Answer(now_in(turn.t))


@flow.action
def read_out(turn: Turn) -> Answer:
    """Somebody chose how much of a message is read out to them."""
    chosen = turn.carry == WHOLE
    people.choose_whole_text(turn.session, turn.person.id, chosen=chosen)
    return Answer(read_out_now(turn.t, whole_text=chosen))


def _speak(turn: Turn, code: str) -> None:
    """Use a language with this person from here on."""
    if code in LANGUAGES:
        people.choose_language(turn.session, turn.person.id, code)
        turn.person = people.get(turn.session, turn.person.id) or turn.person
