"""What a goal is measured by, what was reached, and refusals of what cannot be scored honestly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from bot.domain.explain import Source
from bot.domain.refusal import N_, Refused

PERCENT, PERCENT_POINTS = "%", "pp"
ZERO = Decimal(0)


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"
    MILESTONES = "milestones"
    RUBRIC = "rubric"


class State(StrEnum):
    """What is known about an actual value; missing is a state, never zero."""

    VALUE = "value"
    PENDING = "pending"  # not due yet
    MISSING = "missing"  # overdue
    NA = "na"  # does not apply, with a reason that manager and HR approved
    DISPUTED = "disputed"


class Provider(StrEnum):
    """Who has to deliver an actual value; nobody may gain by holding back a number of their own."""

    SYSTEM = "system"
    EMPLOYEE = "employee"


@dataclass(frozen=True)
class Milestone:
    """A deliverable, what it is worth next to the others, and by when if it has a day of its own."""

    name: str
    worth: Decimal
    due: date | None = None


@dataclass(frozen=True)
class Anchor:
    """A level of a rubric: what it looks like, in words, and what it is worth (1 = 100 %)."""

    level: Decimal
    words: str
    worth: Decimal


@dataclass(frozen=True)
class Point:
    """A value and what reaching it is worth (1 = 100 %)."""

    value: Decimal
    worth: Decimal


@dataclass(frozen=True)
class Measure:
    """How a goal will be judged, as agreed. Percent targets are written 20 with unit "%", never 0.2.

    `curve` holds (x, attainment). Its x is how far from baseline to target where there is a baseline, actual ÷ target
    where there is only a target, else the actual itself.
    `tolerance` is the count at which a lower-is-better target of zero is worth nothing.
    """

    name: str
    direction: Direction
    unit: str = ""
    target: Decimal | None = None
    baseline: Decimal | None = None
    inverse: bool = False
    tolerance: Decimal | None = None
    curve: tuple[tuple[Decimal, Decimal], ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    slack_low: Decimal = ZERO
    slack_high: Decimal = ZERO
    milestones: tuple[Milestone, ...] = ()
    late_rate: Decimal = Decimal("0.02")
    late_floor: Decimal = Decimal("0.5")
    anchors: tuple[Anchor, ...] = ()
    cumulative: bool = False
    source: Source | None = None


@dataclass(frozen=True)
class Actual:
    """What was reached: a number, a rubric's level, or the milestones done with their working days late.

    `shared` are the working days in this role, and in all roles of the cycle that this one number counts for.
    """

    state: State
    value: Decimal | None = None
    unit: str = ""
    done: Mapping[str, int] | None = None
    source: Source | None = None
    provider: Provider = Provider.SYSTEM
    reason: str = ""
    shared: tuple[Decimal, Decimal] | None = None


def check_measure(measure: Measure) -> None:
    """Refuse, when a goal is agreed, whatever could not be scored honestly later."""
    _CHECKS[measure.direction](measure)
    relative = measure.direction in {Direction.HIGHER, Direction.LOWER} and measure.target is not None
    if measure.cumulative and not relative:
        raise Refused(
            "“{goal}” can only add up over the cycle if it has a target to add up to.",
            field="target",
            goal=measure.name,
        )


def _check_number(measure: Measure) -> None:
    if measure.curve:
        _check_curve(measure)
    elif measure.baseline is not None:
        _check_baseline(measure, measure.baseline)
    elif measure.direction is Direction.LOWER and measure.tolerance is not None:
        _check_tolerance(measure, measure.tolerance)
    elif measure.target is None:
        raise Refused("“{goal}” has no target. Which number should be reached?", field="target", goal=measure.name)
    elif measure.target <= 0:
        raise Refused(
            "With a target of {target}, dividing by it would make nonsense of “{goal}”. "
            "Add a baseline, the value that is worth 0; for a target of zero, a tolerance also works.",
            field="baseline",
            goal=measure.name,
            target=measure.target,
        )


def _check_baseline(measure: Measure, baseline: Decimal) -> None:
    higher = measure.direction is Direction.HIGHER
    if measure.target is None or measure.target == baseline or (measure.target > baseline) is not higher:
        text = (
            N_("“{goal}” is better when higher, so its target must be above the baseline of {baseline}.")
            if higher
            else N_("“{goal}” is better when lower, so its target must be below the baseline of {baseline}.")
        )
        raise Refused(text, field="target", goal=measure.name, baseline=baseline)


def _check_tolerance(measure: Measure, tolerance: Decimal) -> None:
    if tolerance <= 0 or measure.target not in {None, ZERO}:
        raise Refused(
            "A tolerance goes with a target of zero and says at which number “{goal}” is worth nothing. "
            "Give a number above zero.",
            field="tolerance",
            goal=measure.name,
        )


def _check_curve(measure: Measure) -> None:
    if measure.baseline is not None:
        _check_baseline(measure, measure.baseline)
    elif measure.target is not None and measure.target <= 0:
        raise Refused(
            "“{goal}” is scored along agreed points, which need a target above zero, or a baseline, or no target.",
            field="target",
            goal=measure.name,
        )
    sign = -1 if measure.direction is Direction.LOWER and measure.baseline is None else 1
    points = [(sign * x, y) for x, y in measure.curve]
    rising = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(points))
    if not rising or any(y < 0 for _, y in points):
        raise Refused(
            "The points of “{goal}” must go from the worst result to the best, and never be worth less on the way.",
            field="points",
            goal=measure.name,
        )


def _check_range(measure: Measure) -> None:
    low, high = measure.low, measure.high
    if low is None or high is None or low > high or measure.slack_low < 0 or measure.slack_high < 0:
        raise Refused(
            "“{goal}” needs a range from a lower to a higher number, and slack of zero or more on each side.",
            field="low",
            goal=measure.name,
        )


def _check_milestones(measure: Measure) -> None:
    names = {each.name for each in measure.milestones}
    if not names or len(names) < len(measure.milestones) or any(each.worth <= 0 for each in measure.milestones):
        raise Refused(
            "“{goal}” needs at least one milestone; each has a name of its own and is worth more than zero.",
            field="milestones",
            goal=measure.name,
        )


def _check_rubric(measure: Measure) -> None:
    levels = [each.level for each in measure.anchors]
    worths = [each.worth for each in measure.anchors]
    worded = all(each.words.strip() for each in measure.anchors)
    if not levels or sorted(set(levels)) != levels or sorted(worths) != worths or worths[0] < 0 or not worded:
        raise Refused(
            "“{goal}” needs levels from the lowest to the highest, each described in words, none worth less than the "
            "one below it.",
            field="levels",
            goal=measure.name,
        )


_CHECKS = {
    Direction.HIGHER: _check_number,
    Direction.LOWER: _check_number,
    Direction.RANGE: _check_range,
    Direction.MILESTONES: _check_milestones,
    Direction.RUBRIC: _check_rubric,
}


def check_actual(measure: Measure, actual: Actual) -> None:
    """Refuse an actual value that this measure cannot turn into an honest attainment."""
    if measure.direction is Direction.MILESTONES:
        _check_done(measure, actual)
        return
    if actual.value is None or not actual.value.is_finite():
        raise Refused("“{goal}” has no number yet. Missing is not zero.", field="value", goal=measure.name)
    if actual.unit != measure.unit:
        raise Refused(
            "“{goal}” was agreed in “{agreed}”, but the value is in “{given}”. Convert it first; percent and "
            "percentage points are not the same.",
            field="value",
            goal=measure.name,
            agreed=measure.unit,
            given=actual.unit,
        )
    _check_value(measure, actual.value)


def _check_value(measure: Measure, value: Decimal) -> None:
    if measure.direction is Direction.RUBRIC:
        if value not in {each.level for each in measure.anchors}:
            raise Refused("“{goal}” has no level {level}.", field="value", goal=measure.name, level=value)
        return
    divides = measure.direction is not Direction.RANGE and measure.baseline is None
    if divides and value < 0 and (measure.target is not None or measure.tolerance is not None):
        raise Refused(
            "“{goal}” came out at {value}, and a negative number cannot be divided by its target. Agree on a baseline.",
            field="value",
            goal=measure.name,
            value=value,
        )
    if divides and measure.inverse and not measure.curve and value == 0:
        raise Refused(
            "“{goal}” came out at 0, and target ÷ 0 has no answer. Use the mirrored formula, 2 − actual ÷ target.",
            field="value",
            goal=measure.name,
        )


def _check_done(measure: Measure, actual: Actual) -> None:
    known = {each.name for each in measure.milestones}
    if actual.done is None:
        raise Refused("Nobody has said yet which milestones of “{goal}” are done.", field="value", goal=measure.name)
    for name, days_late in actual.done.items():
        if name not in known or days_late < 0:
            raise Refused(
                "“{goal}” has no milestone “{milestone}” that could be {days} working days late.",
                field="value",
                goal=measure.name,
                milestone=name,
                days=days_late,
            )
