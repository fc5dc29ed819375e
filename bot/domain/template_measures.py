"""From a template's words to what is scored: a measure, and an actual value given as one number."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from bot.domain.measure import Actual, Anchor, Direction, Measure, Milestone, State
from bot.domain.template import Kpi

ZERO, HUNDRED = Decimal(0), Decimal(100)


class Read(Protocol):
    """What says how a value is read: a measure, or the goal that is judged by one."""

    @property
    def direction(self) -> Direction:
        """Which way is better."""
        ...

    @property
    def unit(self) -> str:
        """The unit that was agreed."""
        ...

    @property
    def milestones(self) -> Sequence[Milestone]:
        """The deliverables, in their order."""
        ...


def measure_of(kpi: Kpi, language: str) -> Measure:
    """Make the measure that a goal begins with, in the words of one language."""
    slack = ZERO if kpi.tolerance is None else kpi.tolerance
    return Measure(
        name=kpi.title.read(language),
        direction=kpi.direction,
        unit=kpi.unit.read(language),
        target=kpi.target,
        baseline=kpi.baseline,
        low=kpi.low,
        high=kpi.high,
        slack_low=slack,
        slack_high=slack,
        milestones=tuple(Milestone(each.title.read(language), Decimal(each.points)) for each in kpi.milestones),
        anchors=tuple(
            Anchor(Decimal(level), each.text.read(language), each.percent / HUNDRED)
            for level, each in enumerate(kpi.levels, 1)
        ),
        cumulative=kpi.cumulative,
    )


def actual_of(measure: Read, value: Decimal | None) -> Actual:
    """Read an imported value: a number, a rubric's level, or the points of the milestones reached; None is missing."""
    if value is None:
        return Actual(State.MISSING, unit=measure.unit)
    if measure.direction is Direction.MILESTONES:
        return Actual(State.VALUE, done=reached(measure, value))
    return Actual(State.VALUE, value, measure.unit)


def reached(measure: Read, points: Decimal) -> dict[str, int]:
    """Say which milestones the points stand for, taken in their order and on time; points in between add nothing."""
    done: dict[str, int] = {}
    for each in measure.milestones:
        points -= each.worth
        if points < 0:
            break
        done[each.name] = 0
    return done
