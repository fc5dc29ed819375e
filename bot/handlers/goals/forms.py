"""The two pages of one goal: its words, and its numbers."""

from bot.domain.goal import Goal, Side
from bot.domain.goal_template import COUNTED
from bot.domain.measure import Direction
from bot.handlers.goals import drafting
from bot.handlers.goals.reach import named, reach
from bot.handlers.goals.shown import DIRECTIONS
from bot.handlers.goals.talk import Talk
from bot.slack.blocks import (
    Block,
    Confirm,
    View,
    button,
    buttons,
    choice,
    day_input,
    form,
    number_input,
    section,
    text_input,
)
from bot.slack.text import bold, escape, lines
from bot.slack.words import Words


def numbers(t: Words, talk: Talk, goal: Goal) -> View:
    """The numbers of one goal."""
    place = f"{talk.ref}/{goal.id}"
    likely = t("How likely do you think it is? (0 to 10)")
    seen = t("Your manager sees this number with the goal. You may leave it empty.")
    odds = number_input(named(goal, "odds"), likely, initial=goal.odds, least=0, most=10, whole=True, optional=True,
                        hint=seen)  # fmt: skip
    blocks = [
        section(lines(bold(escape(goal.title)), escape(goal.measure), t(DIRECTIONS[goal.direction]))),
        *reach(t, goal),
        number_input(named(goal, "weight"), t("Weight, in percent"), initial=goal.weight, least=0, most=100),
        day_input(named(goal, "due"), t("Due"), initial=goal.due),
        *([odds] if talk.side is Side.EMPLOYEE else []),
        _ways_on(t, talk, goal),
    ]
    return form(t("Edit goal"), blocks, does=drafting.keep_numbers, submit=t("Save"), close=t("Later"), carry=place)


def words_of(t: Words, talk: Talk, goal: Goal) -> View:
    """The words of one goal."""
    source = t("Where does the number come from?")
    blocks = [
        text_input(named(goal, "title"), t("Title"), initial=goal.title, longest=100),
        text_input(named(goal, "measure"), t("How is it measured?"), initial=goal.measure, lines=True, longest=500),
        *_unit(t, goal),
        text_input(named(goal, "source"), source, initial=goal.source, longest=100, optional=True),
        *_adds(t, goal),
    ]
    place = f"{talk.ref}/{goal.id}/{goal.direction}"
    return form(t("Edit goal"), blocks, does=drafting.keep_words, submit=t("To the numbers"), close=t("Later"),
                carry=place)  # fmt: skip


def _ways_on(t: Words, talk: Talk, goal: Goal) -> Block:
    place = f"{talk.ref}/{goal.id}"
    sure = Confirm(
        t("Remove this goal?"), t("Its weight becomes free for the others."), t("Remove it"), t("Leave it in")
    )
    points = button(t("Points on the way"), does=drafting.pointing, carry=place)
    supports = button(t("Objective it supports"), does=drafting.supporting, carry=place)
    return buttons(
        button(t("Change the words"), does=drafting.reword, carry=place),
        points if goal.direction in COUNTED and not goal.points else None,
        supports if goal.direction in COUNTED and talk.side is Side.EMPLOYEE else None,
        button(t("Back to the list"), does=drafting.back, carry=place),
        button(t("Remove this goal"), does=drafting.remove, carry=place, style="danger", confirm=sure),
    )


def _unit(t: Words, goal: Goal) -> list[Block]:
    if goal.direction in {Direction.MILESTONES, Direction.RUBRIC}:
        return []
    such = t("Such as %, days or orders")
    return [text_input(named(goal, "unit"), t("Unit"), initial=goal.unit, longest=40, hint=such)]


def _adds(t: Words, goal: Goal) -> list[Block]:
    """Only what adds up shrinks with the days of who joins later; a measure of the department says it itself."""
    if goal.kpi or goal.direction not in COUNTED:
        return []
    offered = [
        ("yes", t("It adds up, as orders or revenue do")),
        ("no", t("It stands at a level, as a rate or an average does")),
    ]
    asked, chosen = t("What kind of number is it?"), "yes" if goal.cumulative else "no"
    return [choice(named(goal, "adds"), asked, offered, chosen=chosen)]
