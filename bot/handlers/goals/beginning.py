"""Where the manager has the first word: who waits for goals, a card that lists them, and one reminder."""

from collections.abc import Sequence

from bot.domain.attention import Attention
from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import SheetState, Side
from bot.domain.org import Person
from bot.domain.stage_card import Task
from bot.handlers.goals import looking
from bot.handlers.goals.talk import OPEN, flow, working_days_on
from bot.slack.blocks import Does, Message, button, buttons, context, section
from bot.slack.flow import Turn
from bot.slack.text import bold, escape, lines
from bot.slack.training import READ, two_minutes
from bot.slack.words import Words
from bot.store import cycles, first_word, goals, people

PATIENCE = 3
"""Working days after which a manager is reminded of goals to write, once."""
SHOWN = 15

# What people see --------------------------------------------------------------------------


def expect(t: Words, cycle: Cycle, manager: Person | None) -> Message:
    """For the person: goals come to them, and they answer."""
    text = t("{cycle} begins. Your manager writes the first goals.", cycle=cycle.name)
    who = t("{name} writes them", name=manager) if manager else t("Your manager writes them")
    what = t("{who}; you answer: agree, suggest a change, or agree under protest. Nothing holds before you agree.",
             who=who)  # fmt: skip
    return Message(text, [section(lines(bold(text), what))])


def to_write(t: Words, cycle: Cycle, waiting: Sequence[Person], read: Does) -> Message:
    """For the manager: whose first goals are theirs to write."""
    text = t.plural("Write first goals for one person in {cycle}.", "Write first goals for {n} people in {cycle}.",
                    len(waiting), cycle=cycle.name)  # fmt: skip
    by = t("Please do so by {day}. They may agree or suggest a change.", day=t.weekday(cycle.opens[Stage.EXECUTING]))
    each = (section(escape(one.name), button(t("Write goals"), does=looking.look, carry=f"{cycle.id}/{one.id}"))
            for one in waiting[:SHOWN])  # fmt: skip
    rest = len(waiting) - SHOWN
    more = [context(t.plural("and one more", "and {n} more", rest))] if rest > 0 else []
    return Message(text, [section(lines(bold(text), by)), *each, *more, buttons(two_minutes(t, Task.GOAL, read))])


def written(t: Words, cycle: Cycle) -> Message:
    """What the card turns into when nobody waits any more."""
    return Message(t("Everybody in your team has goals to answer for {cycle}.", cycle=cycle.name), over=True)


# What happens -----------------------------------------------------------------------------


def begin(turn: Turn, cycle: Cycle) -> None:
    """Goals open where this person is, and their manager has the first word."""
    manager = people.manager_of(turn.session, turn.person.id, turn.today)
    turn.say(turn.person, f"goals/{cycle.id}/{turn.person.id}/invite", expect, cycle, manager)
    if manager:
        turn.remind(invite_manager, manager.id, turn.now, cycle.id)
        turn.remind(nudge_to_write, manager.id, working_days_on(turn, manager, PATIENCE), cycle.id)


@flow.prompt_that(Attention.EXPIRES)
def invite_manager(turn: Turn) -> None:
    """The manager learns whose goals are theirs to begin."""
    _say(turn, "begin")


@flow.prompt_that(Attention.EXPIRES)
def nudge_to_write(turn: Turn) -> None:
    """Three working days later: remind of those who still wait."""
    _say(turn, "begin/nudge")


def count_down(turn: Turn, cycle: Cycle) -> None:
    """A manager has written for one of them: the card has one less."""
    if first_word.begins(turn.session, cycle.id) is Side.MANAGER:
        key = f"goals/{cycle.id}/{turn.person.id}/begin"
        waiting = waiting_for(turn, cycle)
        if waiting:
            turn.say(turn.person, key, to_write, cycle, waiting, turn.flows.steps[READ])
        else:
            turn.say(turn.person, key, written, cycle)


def waiting_for(turn: Turn, cycle: Cycle) -> list[Person]:
    """My people in a cycle for whom nobody has said a first word yet."""
    reports = {one.id: one for one in people.reports_of(turn.session, turn.person.id, turn.today)}
    known = goals.sheets(turn.session, cycle.id, reports)
    taking_part = {one.person_id for one in cycles.participants(turn.session, cycle.id, reports)}
    return [
        one
        for one in reports.values()
        if one.id in taking_part and (one.id not in known or known[one.id].state is SheetState.DRAFT)
    ]


def _say(turn: Turn, key: str) -> None:
    cycle = cycles.get(turn.session, turn.carry)
    waiting = waiting_for(turn, cycle)
    if waiting and cycle.stage_on(turn.today) in OPEN:
        read = turn.flows.steps[READ]
        turn.say(turn.person, f"goals/{cycle.id}/{turn.person.id}/{key}", to_write, cycle, waiting, read)
