"""Whether a target is likely too hard or too easy, by one's own history of the measure over equal periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

FEW, ENOUGH = 2, 4  # periods: below FEW nothing is said, below ENOUGH only growth is looked at
TOO_HARD, TOO_EASY = Decimal("0.2"), Decimal("0.9")  # estimated chance of success
STEEP, FLAT = Decimal("1.5"), Decimal(1)  # target over the usual result


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
    reached = sum(past >= target if higher else past <= target for past in history)
    if len(history) >= ENOUGH:
        chance = Decimal(reached + 1) / (len(history) + 2)
        verdict = Verdict.HARD if chance < TOO_HARD else Verdict.EASY if chance > TOO_EASY else Verdict.FINE
        return Difficulty(verdict, len(history), reached, chance)
    return Difficulty(_growth(target, history, higher=higher), len(history), reached)


def _growth(target: Decimal, history: Sequence[Decimal], *, higher: bool) -> Verdict:
    if len(history) < FEW:
        return Verdict.UNKNOWN
    wanted, usual = (target, median(history)) if higher else (median(history), target)
    if wanted <= 0 or usual <= 0:
        return Verdict.UNKNOWN
    ratio = wanted / usual
    return Verdict.HARD if ratio > STEEP else Verdict.EASY if ratio < FLAT else Verdict.FINE
