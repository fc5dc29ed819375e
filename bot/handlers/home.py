"""Home: what waits for me, what is going on, my language."""

from bot.domain.refusal import N_
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
from bot.slack.flow import Answer, Flow, Task, Turn
from bot.slack.words import Words
from bot.store import people

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
    """The whole tab: what waits, then each conversation's part, then settings, which always have their room."""
    top = [header(turn.t("Waiting for you")), *waiting(turn.t, turn.flows.waiting(turn))]
    end = settings(turn.t)
    return Home([*top, *turn.flows.home_sections(turn)[: MOST_BLOCKS - len(top) - len(end)], *end])


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
