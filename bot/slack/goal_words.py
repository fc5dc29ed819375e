"""What a goal is to reach, in the same words wherever people read it: with the direction, and in its own unit."""

from decimal import Decimal

from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.slack.text import Text, escape
from bot.slack.words import Words


def amount(t: Words, value: Decimal, unit: str) -> Text:
    """A number with its unit, to its last digit: what was agreed is what people read."""
    return t("{number} %", number=value) if unit == "%" else t("{number} {unit}", number=value, unit=unit)


def aim(t: Words, goal: Goal) -> Text:
    """What is to be reached."""
    match goal.direction:
        case Direction.RANGE if goal.low is not None and goal.high is not None:
            return t("{low} to {high}", low=goal.low, high=amount(t, goal.high, goal.unit))
        case Direction.MILESTONES:
            return t.plural("{n} milestone", "{n} milestones", len(goal.milestones))
        case Direction.RUBRIC if (aimed_at := goal.aimed_level) is not None:
            return escape(aimed_at.words)
        case Direction.HIGHER if goal.target is not None:
            return t("at least {amount}", amount=amount(t, goal.target, goal.unit))
        case Direction.LOWER if goal.target is not None:
            return t("at most {amount}", amount=amount(t, goal.target, goal.unit))
        case _:
            return t("no target yet")
