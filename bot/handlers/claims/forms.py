"""The two windows in which a value is reported: for which goal, then how much of what it is counted in."""

from collections.abc import Sequence
from datetime import date

from bot.domain.goal import Goal
from bot.domain.measure import PERCENT, Direction
from bot.domain.org import Person
from bot.handlers.claims import steps
from bot.handlers.claims.choosing import Choice, begun_of
from bot.slack.blocks import View, amount_input, choice, fields, form, menu, page, section, text_input
from bot.slack.goal_words import aim
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words

MOST_GOALS = 100
"""Goals in one menu; a larger team gets several."""


def which_goal(t: Words, me: Person, offered: Sequence[Choice]) -> View:
    """Whose and which goal; choosing one leads on."""
    goals = [(one.key, _named(t, me, one)) for one in offered]
    parts = [goals[at : at + MOST_GOALS] for at in range(0, len(goals), MOST_GOALS)]
    intro = t("It counts as soon as the other of you two, employee or manager, has confirmed it.")
    menus = [
        section(
            bold(row(some[0][1], some[-1][1], between=" – ") if len(parts) > 1 else t("Goal")),
            menu(t("Choose a goal"), some, does=steps.choose),
        )
        for some in parts
    ]
    return page(t("Report a value"), [section(intro), *menus], close=t("Not now"))


def sheet(t: Words, me: Person, one: Choice, today: date) -> View:
    """Which number is asked: its target, in what and how it is counted; then for when, how much, and the evidence."""
    goal = one.goal
    about = [(t("Target for {cycle}", cycle=one.cycle.name), aim(t, goal)), (t("Unit"), escape(goal.unit))]
    periods = [(each, escape(each)) for each in begun_of(one.cycle, today)]
    evidence = t("A link, or where the number can be looked up. It stays beside the value.")
    return form(
        t("Report a value"),
        [
            section(lines(bold(_named(t, me, one)), escape(goal.measure))),
            *([fields([(name, said) for name, said in about if said])] if any(said for _, said in about) else []),
            section(counted(t, goal)),
            choice("period", t("Period"), periods, chosen=periods[0][0] if len(periods) == 1 else None),
            amount_input("value", t("Actual value")),
            text_input("evidence", t("Evidence"), lines=True, hint=evidence),
        ],
        does=steps.report,
        submit=t("Ask to confirm"),
        close=t("Not now"),
        carry=one.key,
    )


def counted(t: Words, goal: Goal) -> Text:
    """How the number is counted."""
    if goal.direction is Direction.MILESTONES:
        each = bullets(t("{name}: {points} points", name=one.name, points=one.worth) for one in goal.milestones)
        return lines(t("Write the sum of the points of the milestones that are done."), each)
    if goal.cumulative:
        said = t("It adds up over the cycle: write what the chosen period alone brought.")
    else:
        said = t("It stands at a level: write where it stood at the end of the chosen period.")
    percent = t("Write 20 for 20 %.") if goal.unit == PERCENT else None
    return t.sentences(said, percent)


def _named(t: Words, me: Person, one: Choice) -> Text:
    mine = one.person == me
    return escape(one.goal.title) if mine else t("{name}: {title}", name=one.person, title=one.goal.title)
