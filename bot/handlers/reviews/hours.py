"""When people are asked: at hours they work, once more after some days, managers after everybody else."""

from datetime import datetime, timedelta

from bot.domain.cadence import add_working_days
from bot.domain.cycle import Cycle, Stage, opening
from bot.slack.flow import Turn

SELF_FIRST = timedelta(days=7)
"""How long self-reviews have before managers are asked for theirs."""
REMIND_AFTER = 3
"""Working days after which a review that is still open is asked for once more."""


def managers_asked(cycle: Cycle, tz: str) -> datetime:
    """When managers are asked for their reviews, where they are."""
    return opening(cycle.opens[Stage.ASSESSING] + SELF_FIRST, tz)


def once_more_at(turn: Turn) -> datetime:
    """When to remind this person."""
    return opening(add_working_days(turn.today, REMIND_AFTER, turn.workdays(turn.person)), turn.person.tz)
