"""Agreeing under protest: it binds, the reason is kept, and whoever stands above the manager learns of it."""

from bot.domain.access import Act
from bot.domain.cycle import Cycle
from bot.domain.goal import Sheet, Side
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.handlers.goals import offering
from bot.handlers.goals.shown import goal_in_full
from bot.handlers.goals.talk import Talk, flow
from bot.slack.blocks import Message, View, button, context, divider, form, page, section, text_input
from bot.slack.flow import Open, Turn
from bot.slack.text import lines, quote
from bot.slack.words import Words
from bot.store import cycles, goals, people

# What people see --------------------------------------------------------------------------


def question(t: Words, talk: Talk) -> View:
    """Why somebody agrees without being convinced."""
    blocks = [
        section(t("The goals will hold as {name} suggests them.", name=talk.manager)),
        text_input("why", t("What are you not convinced of?"), lines=True, longest=500),
        context(
            t(
                "Whoever may read your goals may read this: {name}, one level up, HR and the head of the department. "
                "It is not held against you.",
                name=talk.manager,
            )
        ),
    ]
    agree = t("Agree under protest")
    return form(
        t("Agree under protest"), blocks, does=agree_under_protest, submit=agree, close=t("Not now"), carry=talk.asked
    )


def told_above(t: Words, cycle: Cycle, person: Person, manager: Person | None, version: int) -> Message:
    """For one level up: that it happened. The reason is behind the button."""
    text = t("{name} agreed to goals in {cycle} under protest.", name=person, cycle=cycle.name)
    see = button(t("See why"), does=why, carry=f"{cycle.id}/{person.id}/{version}")
    whose = [context(t("Their manager is {name}.", name=manager))] if manager else []
    return Message(text, [section(text, see), *whose])


def reason(t: Words, person: Person, sheet: Sheet) -> View:
    """The reason, and the goals it is about."""
    said = t("{name} is not convinced, and agreed to go along:", name=person)
    each = (section(goal_in_full(t, goal)) for goal in sheet.agreed)
    return page(t("Under protest"), [section(lines(said, quote(sheet.protest))), divider(), *each], close=t("Close"))


# What happens -----------------------------------------------------------------------------


@flow.action
def protest(turn: Turn) -> Open:
    """The person would agree, and say that they are not convinced."""
    talk = offering.answering(turn)
    if talk.side is not Side.EMPLOYEE:
        raise Refused("Only the person whose goals they are can agree under protest.")
    return Open(question(turn.t, talk))


@flow.view
def agree_under_protest(turn: Turn) -> None:
    """It is agreed and frozen like any other agreement; one level up is told in a working hour of theirs."""
    why_not = turn.inputs.text("why")
    if not why_not:
        raise Refused("Please say in a sentence what you are not convinced of.", field="why")
    new = offering.settle(turn, offering.answering(turn), why_not)
    above = people.manager_of(turn.session, new.manager.id, turn.today)
    for one in [above] if above else people.holders(turn.session, people.HR):
        turn.remind(tell_above, one.id, turn.now, f"{new.ref}/{new.sheet.version}")


@flow.prompt
def tell_above(turn: Turn) -> None:
    """One level up, or HR where there is none, learns that goals were agreed under protest."""
    cycle_id, person_id, version = turn.carried(3)
    if found := _protest(turn, cycle_id, person_id, version):
        cycle, (person, sheet) = cycles.get(turn.session, cycle_id), found
        manager = people.manager_of(turn.session, person_id, turn.today)
        key = f"goals/{turn.carry}/above/{turn.person.id}"
        turn.say(turn.person, key, told_above, cycle, person, manager, sheet.version)


@flow.action
def why(turn: Turn) -> Open:
    """One level up wants to know why."""
    cycle_id, person_id, version = turn.carried(3)
    turn.must(Act.SEE_GOALS, person_id)
    found = _protest(turn, cycle_id, person_id, version)
    if found is None:
        raise Refused("These goals were agreed anew since then, without a protest.")
    turn.look(Act.SEE_GOALS, person_id, f"goals/{cycle_id}/{person_id}/{version}")
    return Open(reason(turn.t, *found))


# Inside -----------------------------------------------------------------------------------


def _protest(turn: Turn, cycle_id: str, person_id: str, version: str) -> tuple[Person, Sheet] | None:
    """Whose agreement under protest this is, as long as it is the one that holds."""
    sheet = goals.sheet(turn.session, cycle_id, person_id)
    person = people.get(turn.session, person_id)
    if sheet is None or person is None or not sheet.protest or str(sheet.version) != version:
        return None
    return person, sheet
