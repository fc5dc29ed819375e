"""How far one goal was reached: attainment by direction, 1 meaning 100 %, refusing where a formula would lie.

Beyond plain actual ÷ target: a baseline anchors both directions, also for negative numbers; lower-is-better is
mirrored (0 at twice the target) or, where a company insists, inverse; a curve goes through agreed points.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import pairwise

from bot.domain.explain import Input, Node, compute
from bot.domain.measure import (
    PERCENT,
    PERCENT_POINTS,
    Actual,
    Anchor,
    Direction,
    Measure,
    Milestone,
    Point,
    Provider,
    State,
    check_actual,
    check_measure,
)
from bot.domain.proration import GRACE, Served, eligible_days
from bot.domain.refusal import Refused, Sentence, sentence
from bot.domain.rounding import ARITHMETIC, HUNDRED, check_weights, clamp, mean, total

__all__ = [
    "ATTAINMENTS",
    "PERCENT",
    "PERCENT_POINTS",
    "Actual",
    "Anchor",
    "Direction",
    "Measure",
    "Milestone",
    "Point",
    "Provider",
    "State",
    "aspirational",
    "attainment",
    "check_actual",
    "check_measure",
    "formula_for",
    "grade",
    "looks_like",
    "objective",
    "stepped",
    "stretched",
]

STRETCH_WORTH = Decimal("1.2")
_ZERO, _ONE = Decimal(0), Decimal(1)
_AGREED = {
    "ratio": ("target",),
    "anchored": ("baseline", "target"),
    "mirror": ("target",),
    "inverse": ("target",),
    "tolerance": ("tolerance",),
    "curve": ("baseline", "target"),
    "curve_down": ("target",),
    "range": ("low", "high", "slack_low", "slack_high"),
    "rubric": (),
}
ATTAINMENTS = frozenset({*_AGREED, "milestones"})
"""The formulas by which an attainment is made, before caps."""


def formula_for(measure: Measure) -> str:
    """Choose the formula that a measure asks for."""
    if measure.direction in {Direction.RANGE, Direction.MILESTONES, Direction.RUBRIC}:
        return measure.direction.value
    higher = measure.direction is Direction.HIGHER
    if measure.curve:
        return "curve" if higher or measure.baseline is not None else "curve_down"
    if measure.baseline is not None:
        return "anchored"
    if higher:
        return "ratio"
    if measure.tolerance is not None:
        return "tolerance"
    return "inverse" if measure.inverse else "mirror"


def attainment(measure: Measure, actual: Actual, served: Served | None = None, grace: Decimal = GRACE) -> Node:
    """Calculate how far a goal was reached, before caps; a cumulative target shrinks to the days that count."""
    check_measure(measure)
    check_actual(measure, actual)
    if measure.direction is Direction.MILESTONES:
        return _milestones(measure, actual)
    inputs = {"actual": Input(_number(actual), measure.unit, actual.source)} | _agreed(measure)
    parts: tuple[Node, ...] = ()
    if measure.cumulative and served is not None:
        inputs, parts = _prorated(measure, inputs, _days_that_count(measure, actual, served, grace), served)
    if actual.shared is not None:
        parts = (_part_of(measure, inputs.pop("actual"), *actual.shared), *parts)
    return compute(formula_for(measure), _reached(measure), inputs, parts)


def _reached(measure: Measure) -> Sentence:
    return sentence("How far “{goal}” was reached", goal=measure.name)


def _number(actual: Actual) -> Decimal:
    if actual.value is None:
        raise ValueError("checked before: this measure needs a number")
    return actual.value


def _agreed(measure: Measure) -> dict[str, Input]:
    """Gather the agreed numbers that the formula of this measure reads."""
    fields = ((name, getattr(measure, name)) for name in _AGREED[formula_for(measure)])
    inputs = {name: Input(value, measure.unit, measure.source) for name, value in fields if value is not None}
    for n, (x, y) in enumerate(measure.curve, start=1):
        inputs |= {f"x{n}": Input(x, source=measure.source), f"y{n}": Input(y, source=measure.source)}
    for n, each in enumerate(measure.anchors, start=1):
        inputs |= {f"level{n}": Input(each.level, source=measure.source)}
        inputs |= {f"worth{n}": Input(each.worth, source=measure.source)}
    return inputs


def _milestones(measure: Measure, actual: Actual) -> Node:
    worths = Input(total(each.worth for each in measure.milestones), source=measure.source)
    parts = tuple(_milestone(measure, each, actual) for each in measure.milestones)
    return compute("milestones", _reached(measure), {"worths": worths}, parts)


def _milestone(measure: Measure, each: Milestone, actual: Actual) -> Node:
    late = (actual.done or {}).get(each.name)
    inputs = {
        "worth": Input(each.worth, source=measure.source),
        "done": Input(_ZERO if late is None else _ONE, source=actual.source),
        "days_late": Input(Decimal(late or 0), "working days", actual.source),
        "late_rate": Input(measure.late_rate, source=measure.source),
        "late_floor": Input(measure.late_floor, source=measure.source),
    }
    return compute("milestone", sentence("Milestone “{name}”", name=each.name), inputs)


def _days_that_count(measure: Measure, actual: Actual, served: Served, grace: Decimal) -> Decimal:
    """Leave shrinks a target only where a smaller target helps: it must never lower an attainment."""
    counted = eligible_days(served, grace)
    if counted <= 0:
        raise Refused("Nobody can be measured by “{goal}” over no days at all.", goal=measure.name)
    helps = measure.direction is Direction.HIGHER and _number(actual) >= 0
    return counted if helps else Decimal(served.employed_days)


def _part_of(measure: Measure, whole: Input, days: Decimal, of_days: Decimal) -> Node:
    """One number that counts in several roles: the part of it for this one, by working days as its target is."""
    given = compute("given", sentence("What “{goal}” came to in all these roles", goal=measure.name), {"value": whole})
    label = sentence("The part of it for the {days} working days in this role", days=days)
    shares = {"weight": Input(days, "working days"), "whole": Input(of_days, "working days")}
    return compute("share", label, shares, (given,), name="actual")


def _prorated(
    measure: Measure, inputs: dict[str, Input], days: Decimal, served: Served
) -> tuple[dict[str, Input], tuple[Node, ...]]:
    """Put calculated children in the place of the agreed amounts that add up over a cycle."""
    label = sentence("The part of “{goal}” that falls on the days that count", goal=measure.name)
    names = [name for name in ("baseline", "target") if name in inputs]
    span = {
        "eligible_days": Input(days, "working days"),
        "cycle_days": Input(Decimal(served.cycle_days), "working days"),
    }
    children = tuple(compute("prorated", label, {"full": inputs[name]} | span, name=name) for name in names)
    return {name: each for name, each in inputs.items() if name not in names}, children


def stretched(measure: Measure, stretch: Decimal, worth: Decimal = STRETCH_WORTH) -> Measure:
    """Let a stretch target be worth 120 %: attainment rises evenly to the target, then evenly to the stretch."""
    check_measure(measure)
    if measure.target is None or measure.curve or formula_for(measure) not in {"ratio", "mirror", "anchored"}:
        raise Refused("A stretch goes with a plain target, which “{goal}” has not.", field="stretch", goal=measure.name)
    if stretch == measure.target or (stretch > measure.target) is (measure.direction is Direction.LOWER):
        raise Refused(
            "The stretch of “{goal}” must be harder to reach than its target of {target}.",
            field="stretch",
            goal=measure.name,
            target=measure.target,
        )
    zero = Decimal(2) if formula_for(measure) == "mirror" else _ZERO
    start = measure.baseline or _ZERO
    far = ARITHMETIC.divide(stretch - start, measure.target - start)
    return replace(measure, curve=((zero, _ZERO), (_ONE, _ONE), (far, worth)))


def stepped(measure: Measure, points: Sequence[Point]) -> Measure:
    """Score along points from the worst to the best, one of them the target at 100 %; below the first it is nothing.

    A target that nothing can be divided by (zero, or negative without a baseline) leaves the points as they are.
    """
    if measure.target is None or measure.direction not in {Direction.HIGHER, Direction.LOWER}:
        raise Refused("Points go with a plain target, which “{goal}” has not.", field="points", goal=measure.name)
    if Point(measure.target, _ONE) not in points:
        raise Refused(
            "One of the points of “{goal}” must be its target of {target}, worth 100.",
            field="points",
            goal=measure.name,
            target=measure.target,
        )
    if measure.baseline is None and measure.target <= 0:
        curve = tuple((each.value, each.worth) for each in points)
        made = replace(measure, target=None, tolerance=None, curve=curve)
    else:
        start = measure.baseline or _ZERO
        whole = measure.target - start or _ONE
        curve = tuple((ARITHMETIC.divide(each.value - start, whole), each.worth) for each in points)
        made = replace(measure, tolerance=None, curve=curve)
    check_measure(made)
    return made


def looks_like(measure: Measure, reached: Decimal) -> Decimal | None:
    """Find the actual value that makes an attainment, for "what 80, 100 and 120 % look like"; None if none does."""
    if measure.direction not in {Direction.HIGHER, Direction.LOWER}:
        return None
    with localcontext(ARITHMETIC):
        if measure.curve:
            x = _x_for(measure.curve, reached)
            return None if x is None else _from_axis(measure, x)
        if measure.tolerance is not None and formula_for(measure) == "tolerance":
            return measure.tolerance * (_ONE - reached) if reached <= 1 else None
        if formula_for(measure) == "inverse":
            return _from_axis(measure, _ONE / reached) if reached > 0 else None
        value = _from_axis(measure, 2 - reached if formula_for(measure) == "mirror" else reached)
    return value if value >= 0 or measure.baseline is not None else None


def _x_for(curve: Sequence[tuple[Decimal, Decimal]], reached: Decimal) -> Decimal | None:
    for (x0, y0), (x1, y1) in pairwise(curve):
        if y0 <= reached <= y1 and y0 < y1:
            return x0 + (x1 - x0) * (reached - y0) / (y1 - y0)
    return next((x for x, y in curve if y == reached), None)


def _from_axis(measure: Measure, x: Decimal) -> Decimal:
    if measure.target is None:
        return x
    start = measure.baseline or _ZERO
    return start + x * (measure.target - start)


def grade(reached: Decimal) -> Decimal:
    """Grade a key result of an objective: 0.0 to 1.0."""
    return clamp(reached, _ZERO, _ONE)


def objective(grades: Sequence[Decimal], weights: Sequence[Decimal] | None = None) -> Decimal:
    """Grade an objective as the (weighted) mean of its key results; weights must make exactly 100."""
    if not weights:
        return mean(grades)
    check_weights(weights)
    return total(g * w for g, w in zip(grades, weights, strict=True)) / HUNDRED


def aspirational(graded: Decimal) -> Decimal:
    """Score an aspirational key result, should a company count them: 0.7 is full marks."""
    return min(_ONE, ARITHMETIC.divide(graded, Decimal("0.7")))
