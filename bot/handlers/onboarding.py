"""Onboarding: a greeting the first time somebody comes by, never before; with one next step and their language."""

from bot.slack.blocks import Block, Message, button, buttons, context, menu, section
from bot.slack.flow import Flow, Task, Turn
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words
from bot.store import people

flow = Flow("onboarding")

LANGUAGES = {"en": "English", "zh": "中文"}

# What people see --------------------------------------------------------------------------


def greeting(t: Words, name: str, task: Task | None) -> Message:
    """Who Cairn is, the one next step, and in which language and zone we talk."""
    hello = t("Hello {name}, I am Cairn. Good to meet you.", name=name)
    about = t(
        "I walk with you through the performance cycle: you agree goals with your manager, answer short check-ins, "
        "give and get feedback, and receive a result that you can understand and question."
    )
    languages = [(code, Text(label)) for code, label in LANGUAGES.items()]
    return Message(
        hello,
        [
            section(lines(bold(hello), about)),
            *next_step(t, task),
            buttons(menu(t("Language"), languages, does=choose_language, chosen=t.language)),
            context(
                t("Times are shown in your own zone, {zone}, as Slack knows it.", zone=t.tz.key),
                t("`/cairn` says what to do now, `/cairn help` what else there is, `/cairn privacy` who sees what."),
            ),
        ],
    )


def next_step(t: Words, task: Task | None) -> list[Block]:
    """The one thing to do, or that there is none."""
    if task is None:
        return [section(t("There is nothing to do now. When something waits for you, I will tell you here."))]
    press = button(task.label, does=task.does, carry=task.carry, style="primary")
    return [section(lines(bold(t("Your next step")), task.text)), buttons(press)]


# What happens -----------------------------------------------------------------------------


@flow.timer
def greet(turn: Turn) -> None:
    """Greet somebody, once."""
    if people.greet_once(turn.session, turn.person.id):
        _say(turn)


def _say(turn: Turn) -> None:
    tasks = turn.flows.waiting(turn)
    key = f"onboarding/{turn.person.id}"
    turn.say(turn.person, key, greeting, turn.person.name, tasks[0] if tasks else None)


@flow.action
def choose_language(turn: Turn) -> None:
    """Go on in another language, the greeting first."""
    if turn.carry in LANGUAGES:
        people.choose_language(turn.session, turn.person.id, turn.carry)
        turn.person = people.get(turn.session, turn.person.id) or turn.person
        _say(turn)
