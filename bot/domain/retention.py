"""When the records of somebody who left are erased, and what keeps them."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.refusal import N_

NOTICE = timedelta(days=14)
"""HR reads for so long who is about to be erased, before anybody is."""


class Hold(StrEnum):
    """What keeps the records of somebody who left beyond their day."""

    APPEAL = "appeal"
    PLAN = "plan"
    CYCLE = "cycle"
    HR = "hr"


HOLD_NAMES: Mapping[Hold, str] = {
    Hold.APPEAL: N_("an appeal is open"),
    Hold.PLAN: N_("an improvement plan is open"),
    Hold.CYCLE: N_("a cycle they took part in is not closed"),
    Hold.HR: N_("HR keeps them"),
}


def is_near(left_on: date, keep_days: int, today: date) -> bool:
    """Whether HR is to read now that somebody is about to be erased."""
    return today >= left_on + timedelta(days=keep_days) - NOTICE


def erased_on(left_on: date, keep_days: int, told_on: date | None, today: date) -> date:
    """The first day on which somebody may be erased: their time is over, and HR knew for two weeks."""
    return max(left_on + timedelta(days=keep_days), (told_on or today) + NOTICE)
