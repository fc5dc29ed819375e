"""A value reported by hand: it counts once the other of the two people, employee or manager, has confirmed it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.goal import Goal
from bot.domain.goal_template import COUNTED
from bot.domain.measure import Actual, State, check_actual
from bot.domain.refusal import Refused
from bot.domain.reported import first_day_of

SHORTEST_EVIDENCE = 8
"""Letters: a link or a sentence is longer."""


class ClaimState(StrEnum):
    """Where a reported value stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Claim:
    """Somebody's value of a measure (`kpi`: the key of a goal) in a period, with evidence; `asked` was asked."""

    id: str
    cycle_id: str
    person_id: str
    kpi: str
    title: str
    period: str
    value: Decimal
    unit: str
    evidence: str
    by: str
    asked: str
    at: datetime
    state: ClaimState = ClaimState.WAITING
    reason: str = ""


def other_of(by: str, person_id: str, manager_id: str) -> str:
    """Who has to confirm: the manager what the employee reports, the employee what the manager reports."""
    other = manager_id if by == person_id else person_id
    if not other or other == by:
        raise Refused("Nobody is there to confirm this value. Please ask HR to take it from a file.")
    return other


def check_claim(value: Decimal | None, period: str, evidence: str, periods: Collection[str], today: date) -> Decimal:
    """Give the value if it may be reported; refuse one without a number, evidence, or a period that has begun."""
    if value is None:
        raise Refused("Please write a number here, such as 12.5", field="value")
    if period not in periods:
        raise Refused("This period does not belong to the goal's cycle.", field="period")
    if first_day_of(period) > today:
        raise Refused("{period} has not begun yet, so nobody knows its value.", field="period", period=period)
    if len(evidence) < SHORTEST_EVIDENCE:
        raise Refused("Please give a link, or say where the number can be looked up.", field="evidence")
    return value


def check_scored(value: Decimal, goal: Goal) -> None:
    """Refuse a number that could not be scored; where months add up, one of them may be below zero."""
    if goal.direction in COUNTED and not goal.cumulative:
        check_actual(goal.to_measure(), Actual(State.VALUE, value, goal.unit))


def check_answer(claim: Claim, person_id: str, manager_id: str) -> None:
    """Refuse whoever is not the other one as things stand now, and an answer to what does not wait any more."""
    if person_id == claim.by or person_id != other_of(claim.by, claim.person_id, manager_id):
        raise Refused("Only the other one of you two can confirm or dispute this value.")
    if claim.state is not ClaimState.WAITING:
        raise Refused("This value was confirmed, disputed or withdrawn meanwhile.")
