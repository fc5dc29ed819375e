"""Home: what waits for me, what is going on, my language."""

from bot.domain.refusal import N_
from bot.slack.blocks import Block, Home, button, buttons, context, divider, header, menu, section
from bot.slack.flow import Flow, Task, Turn
from bot.slack.words import Words
from bot.store import people

flow = Flow("home")

LANGUAGES = {"en": N_("English"), "zh": N_("Chinese")}
MOST_TASKS = 8

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
    return [divider(), buttons(chooser), context(t("Times are shown in your own zone, {zone}.", zone=t.tz.key))]


# What happens -----------------------------------------------------------------------------


@flow.whole_home
def draw(turn: Turn) -> Home:
    """The whole tab: what waits, then each conversation's part, then settings."""
    top = [header(turn.t("Waiting for you")), *waiting(turn.t, turn.flows.waiting(turn))]
    return Home([*top, *turn.flows.home_sections(turn), *settings(turn.t)])


@flow.action
def opened(turn: Turn) -> None:
    """Somebody opened the tab."""
    turn.say_home()


@flow.action
def choose_language(turn: Turn) -> None:
    """Somebody chose their language."""
    if turn.carry in LANGUAGES:
        people.choose_language(turn.session, turn.person.id, turn.carry)
        turn.say_home()
