"""What stands out in a result: up to three strengths and three gaps, the manager's own words first, each with why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.why import GoalLine

MOST = 3
HIGH, LOW = 4, 2
"""Ratings from 1 to 5 that are a strength, from here up, or a gap, from here down."""


@dataclass(frozen=True)
class Standouts:
    """Beside what the manager wrote: competencies by id, the clearest first, then goals, the weightiest first."""

    competencies: tuple[str, ...] = ()
    goals: tuple[GoalLine, ...] = ()


def strengths(ratings: Mapping[str, int], goals: Sequence[GoalLine], written: int) -> Standouts:
    """Competencies rated high, and goals that were reached; with the `written` ones no more than three."""
    high = sorted((one for one, rating in ratings.items() if rating >= HIGH), key=lambda one: -ratings[one])
    reached = [one for one in goals if one.reached is not None and one.reached >= 1]
    return _no_more(high, sorted(reached, key=lambda one: -one.points), written)


def gaps(ratings: Mapping[str, int], goals: Sequence[GoalLine], written: int) -> Standouts:
    """Competencies rated low, and goals that were missed, those that cost most first; likewise."""
    low = sorted((one for one, rating in ratings.items() if rating <= LOW), key=lambda one: ratings[one])
    missed = [(one.weight * (1 - one.reached), one) for one in goals if one.reached is not None and one.reached < 1]
    return _no_more(low, [one for _, one in sorted(missed, key=lambda each: -each[0])], written)


def _no_more(competencies: Sequence[str], goals: Sequence[GoalLine], written: int) -> Standouts:
    free = MOST - written
    return Standouts(tuple(competencies[:free]), tuple(goals[: max(free - len(competencies), 0)]))
