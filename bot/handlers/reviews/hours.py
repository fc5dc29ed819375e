"""When people are asked: at hours they work, once more after some days, managers after everybody else."""

from datetime import datetime, timedelta

from bot.domain.cadence import IsWorkday, add_working_days, next_civil_hour
from bot.domain.cycle import Cycle, Stage, opening
from bot.slack.flow import Turn
from bot.sources.workdays import country_of, workdays
from bot.store import people

SELF_FIRST = timedelta(days=7)
"""How long self-reviews have before managers are asked for theirs."""
REMIND_AFTER = 3
"""Working days after which a review that is still open is asked for once more."""


def managers_asked(cycle: Cycle, tz: str) -> datetime:
    """When managers are asked for their reviews, where they are."""
    return opening(cycle.opens[Stage.ASSESSING] + SELF_FIRST, tz)


def put_off(turn: Turn, step: str) -> bool:
    """Whether nobody should be asked at this hour; then the step waits for the next one that is worked."""
    civil = next_civil_hour(turn.now, turn.person.tz, _workdays(turn))
    if civil <= turn.now:
        return False
    turn.remind(step, turn.person.id, civil, turn.carry)
    return True


def once_more_at(turn: Turn) -> datetime:
    """When to remind this person."""
    return opening(add_working_days(turn.today, REMIND_AFTER, _workdays(turn)), turn.person.tz)


def _workdays(turn: Turn) -> IsWorkday:
    """The days on which this person may be asked: worked, and not in a pause of their own."""
    worked = workdays(country_of(turn.person.tz), {}, people.days_off(turn.session, turn.person.id))
    paused = turn.person.paused_until
    return lambda day: worked(day) and (paused is None or day >= paused)
