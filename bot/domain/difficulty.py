"""Whether a target is likely too hard or too easy: by one's own history, by colleagues in the role, by time in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile
from statistics import median

from bot.domain.org import Stint

FEW, ENOUGH = 2, 4  # periods: below FEW nothing is said, below ENOUGH only growth is looked at
TOO_HARD, TOO_EASY = Decimal("0.2"), Decimal("0.9")  # estimated chance of success
STEEP, FLAT = Decimal("1.5"), Decimal(1)  # target over the usual result
COLLEAGUES = 5  # fewer in the same role are not compared with: they could be told apart
RAMP = (Decimal("0.4"), Decimal("0.7"))  # of a target, in the first and in the second period


class Verdict(StrEnum):
    """What the history says about a target."""

    UNKNOWN = "unknown"
    HARD = "hard"
    FINE = "fine"
    EASY = "easy"


@dataclass(frozen=True)
class Difficulty:
    """The verdict and what it rests on: periods seen, periods that reached the target, and the chance if enough."""

    verdict: Verdict
    periods: int
    reached: int
    chance: Decimal | None = None


def difficulty(target: Decimal, history: Sequence[Decimal], *, higher: bool = True) -> Difficulty:
    """Judge a target by past results; `higher` tells whether more is better.

    With four periods or more the chance is Laplace's (reached + 1) / (periods + 2), with two or three the target is
    compared with the median. This is a rule of thumb: it knows no trend and no season.
    """
    reached = sum(reaches(past, target, higher=higher) for past in history)
    if len(history) >= ENOUGH:
        chance = Decimal(reached + 1) / (len(history) + 2)
        verdict = Verdict.HARD if chance < TOO_HARD else Verdict.EASY if chance > TOO_EASY else Verdict.FINE
        return Difficulty(verdict, len(history), reached, chance)
    return Difficulty(_growth(target, history, higher=higher), len(history), reached)


def reaches(value: Decimal, mark: Decimal, *, higher: bool = True) -> bool:
    """Whether a value is at least as good as a mark."""
    return value >= mark if higher else value <= mark


def _growth(target: Decimal, history: Sequence[Decimal], *, higher: bool) -> Verdict:
    if len(history) < FEW:
        return Verdict.UNKNOWN
    wanted, usual = (target, median(history)) if higher else (median(history), target)
    if wanted <= 0 or usual <= 0:
        return Verdict.UNKNOWN
    ratio = wanted / usual
    return Verdict.HARD if ratio > STEEP else Verdict.EASY if ratio < FLAT else Verdict.FINE


# Colleagues in the same role ------------------------------------------------------------


def percentile(target: Decimal, others: Sequence[Decimal], *, higher: bool = True) -> Decimal | None:
    """The share of others whose number is easier to reach than this target; None when there are too few to hide in."""
    if len(others) < COLLEAGUES:
        return None
    easier = sum(other < target if higher else other > target for other in others)
    return Decimal(easier) / len(others)


# Newcomers ------------------------------------------------------------------------------


def day_in_role(stints: Sequence[Stint], day: date) -> date:
    """The day to ask about somebody's role: this one, or the first that they are there."""
    return max(day, min((one.starts_on for one in stints), default=day))


def in_role_since(stints: Sequence[Stint], day: date) -> date | None:
    """Since when somebody has been in the role they have on a day; another manager makes no other role."""
    held = sorted((one for one in stints if one.starts_on <= day), key=lambda one: one.starts_on, reverse=True)
    same = takewhile(lambda one: (one.department, one.position) == (held[0].department, held[0].position), held)
    return min((one.starts_on for one in same), default=None)


def ramp(joined: date, cycle: tuple[date, date]) -> Decimal | None:
    """The share of a full target that is fair to ask of somebody who joined the role on this day; None when all of it.

    `cycle` is its first and last day; a period is as long as the cycle.
    """
    length = (cycle[1] - cycle[0]).days + 1
    periods = max((cycle[0] - joined).days, 0) // length
    return RAMP[periods] if periods < len(RAMP) else None


def eased(mark: Decimal, share: Decimal, baseline: Decimal | None = None, *, higher: bool = True) -> Decimal:
    """What a share of a full target comes to: from the baseline on, else a part of it (lower is better: a multiple)."""
    if baseline is not None:
        return baseline + share * (mark - baseline)
    return mark * share if higher else mark / share
