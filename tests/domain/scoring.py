"""Words for the stories about scores."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.domain.composite import Mix, Panel, Rating
from bot.domain.explain import Source
from bot.domain.goal_score import Goal
from bot.domain.measure import Actual, Direction, Measure, State
from bot.domain.score import Assessment
from bot.domain.score_rules import ScoreRules

D = Decimal
ONLY_GOALS = ScoreRules(mix=Mix(goals=D(100), manager=D(0), peer=D(0)))
CRM = Source("CRM", reporter="nightly import")


def goal(key: str, weight: str | int, target: str | int = 100, **more: Any) -> Goal:
    """Make a higher-is-better goal."""
    return Goal(key, D(weight), Measure(key.title(), Direction.HIGHER, target=D(target), **more))


def value(number: str | int | Decimal, **more: Any) -> Actual:
    """Make an actual value."""
    return Actual(State.VALUE, D(number), source=CRM, **more)


def person(goals: tuple[Goal, ...], actuals: Mapping[str, Actual], **more: Any) -> Assessment:
    """Make the assessment of one person, rated 4 by the manager."""
    return Assessment(goals, actuals, **{"competencies": (Rating("Teamwork", D(4)),), **more})


def peers(*ratings: str | int, group_mean: str | int = "3.8") -> Panel:
    """Make a panel of colleagues."""
    return Panel(tuple(D(each) for each in ratings), D(group_mean), Source("sealed answers"))
