"""Onboarding: a greeting the first time somebody comes by, never before; with one next step and their language."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from bot.domain.cycle import STAGE_NAMES, Cycle, Stage
from bot.domain.refusal import N_
from bot.slack.blocks import Block, Message, button, buttons, context, menu, section
from bot.slack.flow import Flow, Task, Turn
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words
from bot.store import cycles, people

flow = Flow("onboarding")

LANGUAGES = {"en": "English", "zh": "中文"}


class Part(StrEnum):
    """What somebody mostly does here."""

    EMPLOYEE = "employee"
    MANAGER = "manager"
    HR = "hr"


ABOUT: Mapping[Part, str] = {
    Part.EMPLOYEE: N_(
        "I walk with you through the performance cycle: you agree goals with your manager, answer short check-ins, "
        "give and get feedback, and receive a result that you can understand and question. Most of it takes minutes."
    ),
    Part.MANAGER: N_(
        "I walk with you and your team through the performance cycle: you agree goals with each of them, read all "
        "check-ins in one message, help where somebody is stuck, and no result comes as a surprise."
    ),
    Part.HR: N_(
        "I walk with you and your company through the performance cycle: I lead you through the preparation, remind "
        "and count for you. What is decided, people decide."
    ),
}
BEFORE: Mapping[Part, str] = {
    Part.EMPLOYEE: N_("You are in no cycle yet. When yours begins, I write to you here, in your working hours."),
    Part.MANAGER: N_(
        "You are in no cycle yet. When yours begins, I write to you and your team here, in everyone's working hours."
    ),
    Part.HR: N_(
        "The first preparation takes about twenty minutes, and you may stop at any point. What goes to everybody, you "
        "read first."
    ),
}
PRIVATE: Mapping[Part, str] = {
    Part.EMPLOYEE: N_(
        "Your manager sees your goals and check-ins, HR what results rest on. I read no channels and no other messages."
    ),
    Part.MANAGER: N_(
        "Check-ins are for you and whoever wrote them; HR sees what results rest on. Who wrote a confidential answer, "
        "you do not learn. I read no channels and no other messages."
    ),
    Part.HR: N_(
        "You see what results rest on. Check-ins of other teams, private notes and who wrote a confidential answer are "
        "closed to you too. I read no channels and no other messages."
    ),
}

# What people see --------------------------------------------------------------------------


def greeting(t: Words, name: str, part: Part, cycle: Cycle | None, today: date, task: Task | None) -> Message:
    """Who Cairn is, what happens next and when, what is private, and in which language and zone we talk."""
    hello = t("Hello {name}, I am Cairn. Good to meet you.", name=name)
    languages = [(code, Text(label)) for code, label in LANGUAGES.items()]
    return Message(
        hello,
        [
            section(lines(bold(hello), t(ABOUT[part]))),
            section(lines(bold(t("What happens next")), when(t, part, cycle, today))),
            *next_step(t, task),
            section(lines(bold(t("What is private")), t(PRIVATE[part]))),
            buttons(menu(t("Language"), languages, does=choose_language, chosen=t.language)),
            context(
                t("Times are shown in your own zone, {zone}, as Slack knows it.", zone=t.tz.key),
                t("`/cairn` says what to do now, `/cairn help` what else there is, `/cairn privacy` who sees what."),
            ),
        ],
    )


def when(t: Words, part: Part, cycle: Cycle | None, today: date) -> Text:
    """Where their cycle stands and what opens when; before one, who does what."""
    if cycle is None:
        return t(BEFORE[part])
    stands = t("“{cycle}” now: {stage}.", cycle=cycle.name, stage=t(STAGE_NAMES[cycle.stage_on(today)]))
    coming = [(day, stage) for stage, day in cycle.opens.items() if day > today]
    if not coming:
        return stands
    day, stage = min(coming)
    return lines(stands, t("Next, on {day}: {stage}.", day=day, stage=t(STAGE_NAMES[stage])))


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
    part = _part(turn)
    cycle = cycles.known_to(turn.session, turn.person.id, turn.today)
    if part is Part.HR and cycle is None:  # they look after those that they are not in themselves
        runs = (one for one in cycles.every(turn.session) if one.launched)
        cycle = next((one for one in runs if one.stage_on(turn.today) is not Stage.CLOSED), None)
    facts = (turn.person.name, part, cycle, turn.today, tasks[0] if tasks else None)
    turn.say(turn.person, f"onboarding/{turn.person.id}", greeting, *facts)


def _part(turn: Turn) -> Part:
    if turn.person in people.holders(turn.session, people.HR):
        return Part.HR
    return Part.MANAGER if people.reports_of(turn.session, turn.person.id, turn.today) else Part.EMPLOYEE


@flow.action
def choose_language(turn: Turn) -> None:
    """Go on in another language, the greeting first."""
    if turn.carry in LANGUAGES:
        people.choose_language(turn.session, turn.person.id, turn.carry)
        turn.person = people.get(turn.session, turn.person.id) or turn.person
        _say(turn)
