"""Home: what waits for me, what is going on, my language."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.pacing import finish
from bot.domain.refusal import N_
from bot.slack import limits
from bot.slack.blocks import (
    Block,
    Home,
    Message,
    button,
    buttons,
    context,
    divider,
    header,
    menu,
    section,
)
from bot.slack.flow import Answer, Command, Flow, Task, Turn
from bot.slack.text import Text, bold, row
from bot.slack.words import Words
from bot.store import cycles, outbox, people, timers

flow = Flow("home")

LANGUAGES = {"en": N_("English"), "zh": N_("Chinese")}
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
LABELS = {
    "setup": N_("Preparation"),
    "cycle": N_("Open a cycle"),
    "people": N_("People"),
    "templates": N_("Templates"),
    "import": N_("Import a file"),
    "actuals": N_("Actual values"),
    "sources": N_("Sources"),
    "report": N_("Report a value"),
    "peers": N_("Feedback"),
    "reviews": N_("Reviews"),
    "results": N_("Results"),
    "goals": N_("Goals"),
    "objectives": N_("Objectives"),
    "checkin": N_("Check-in"),
    "review": N_("Write reviews"),
    "result": N_("My result"),
    "pause": N_("Pause"),
    "rules": N_("Outcome rules"),
    "course": N_("The course"),
    "privacy": N_("Privacy"),
    "help": N_("Help"),
}
"""Commands as buttons, in this order; a word that is not here comes last, under its purpose."""
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


def by_button(t: Words, commands: Iterable[Command], first: str = "") -> Block:
    """Commands as buttons beside each other, one of them shown as the first thing to do."""
    order = list(LABELS)
    known = sorted(commands, key=lambda one: order.index(one.word) if one.word in LABELS else len(order))
    return buttons(
        *(
            button(t(LABELS.get(one.word, one.purpose)), does=one.step, style="primary" if one.word == first else None)
            for one in known
        )
    )


def for_hr(
    t: Words, commands: Sequence[Command], *, started: bool, troubles: list[Text], sending: Text | None
) -> list[Block]:
    """Everything that HR can do, and where to begin; what is on its way, and what did not work."""
    nothing = t("There is no cycle yet. The preparation leads you there, step by step.")
    return [
        divider(),
        section(bold(t("For HR"))),
        *([] if started else [section(nothing)]),
        by_button(t, commands, first="" if started else "setup"),
        *([context(sending)] if sending else []),
        *([context(row(*troubles, t("The operator's log has the reasons."), between=between(t)))] if troubles else []),
    ]


def between(t: Words) -> str:
    """What stands between two sentences: nothing in Chinese."""
    return "" if t.language == "zh" else " "


def troubles_of(t: Words, unsent: int, failed: int) -> list[Text]:
    """What did not work and is not tried any more."""
    messages = t.plural("One message could not be sent.", "{n} messages could not be sent.", unsent)
    steps = t.plural("One planned step failed.", "{n} planned steps failed.", failed)
    return [messages] * bool(unsent) + [steps] * bool(failed)


def on_the_way(t: Words, count: int, until: datetime) -> Text:
    """How many messages are being sent, and when the last one is out."""
    return row(
        t.plural("{n} message is on its way.", "{n} messages are on their way.", count),
        t("At the pace Slack takes, the last one is out at about {time}.", time=t.time(until)),
        between=between(t),
    )


def settings(t: Words) -> list[Block]:
    """What a person can set for themself."""
    names = [(code, t(name)) for code, name in LANGUAGES.items()]
    chooser = menu(t("Language"), names, does=choose_language, chosen=t.language)
    zone = t("Times are shown in your own zone, {zone}.", zone=t.tz.key)
    more = t("`/cairn privacy` says what I keep about you and who sees it.")
    return [divider(), buttons(chooser), context(zone, more)]


def which_language(t: Words) -> Message:
    """The languages there are."""
    text = t("Which language shall I use with you?")
    choices = [(code, t(name)) for code, name in LANGUAGES.items()]
    chooser = menu(t("Language"), choices, does=choose_here, chosen=t.language)
    return Message(text, [section(text), buttons(chooser)])


def now_in(t: Words) -> Message:
    """The first sentence in a new language."""
    return Message(t("From now on I write to you in {language}.", language=t(LANGUAGES[t.language])))


# What happens -----------------------------------------------------------------------------


@flow.whole_home
def draw(turn: Turn) -> Home:
    """The whole tab: what waits, what HR can do, each conversation's part; commands and settings have their room."""
    top = [header(turn.t("Waiting for you")), *waiting(turn.t, turn.flows.waiting(turn)), *_for_hr(turn)]
    end = [divider(), by_button(turn.t, _commands(turn, hr=False)), *settings(turn.t)]
    return Home([*top, *turn.flows.home_sections(turn)[: MOST_BLOCKS - len(top) - len(end)], *end])


def _for_hr(turn: Turn) -> list[Block]:
    if turn.person not in people.holders(turn.session, people.HR):
        return []
    unsent, failed = outbox.backlog(turn.session).given_up, timers.count_failed(turn.session)
    started = any(one.launched for one in cycles.every(turn.session))
    troubles = troubles_of(turn.t, unsent, failed)
    return for_hr(turn.t, _commands(turn, hr=True), started=started, troubles=troubles, sending=_sending(turn))


def _sending(turn: Turn) -> Text | None:
    """What is on its way, when that takes long enough to be worth saying."""
    count = outbox.count_bulk(turn.session) + timers.count_due(turn.session, turn.now, turn.flows.prompts)
    pace = limits.posts_per_minute(turn.session)
    until = finish({turn.now: count}, pace)
    return on_the_way(turn.t, count, until) if until and count > pace * limits.WORTH_SAYING else None


def _commands(turn: Turn, *, hr: bool) -> list[Command]:
    known = turn.flows.commands.values()
    return [one for one in known if one.for_hr == hr and one.word not in HERE_ALREADY]


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


@flow.command("language", N_("Choose your language: en or zh"))
@flow.action
def set_language(turn: Turn) -> Answer:
    """Somebody typed their language, or asked which there are."""
    code = SPOKEN.get(turn.carry.strip().lower())
    if code is None:
        return Answer(which_language(turn.t))
    _speak(turn, code)
    return Answer(now_in(turn.t))


def _speak(turn: Turn, code: str) -> None:
    """Use a language with this person from here on."""
    if code in LANGUAGES:
        people.choose_language(turn.session, turn.person.id, code)
        turn.person = people.get(turn.session, turn.person.id) or turn.person
