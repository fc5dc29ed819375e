"""The inputs that say what is to be reached, by the direction of a goal."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from bot.domain.goal import Goal
from bot.domain.goal_lines import written_levels, written_milestones, written_points
from bot.domain.kpi import STRETCH_WORTH, looks_like
from bot.domain.measure import Direction, Point
from bot.domain.refusal import Refused
from bot.slack.blocks import Block, amount_input, text_input
from bot.slack.text import Text
from bot.slack.words import Words


def named(goal: Goal, name: str) -> str:
    """Name an input of this goal; Slack would carry what was typed over to an equally named input of the next one."""
    return f"{name}-{goal.id}"


@contextmanager
def under_its_input(goal: Goal) -> Iterator[None]:
    """What a rule refuses under the name of a fact stands under the input of this goal that asks for it."""
    try:
        yield
    except Refused as refused:
        if refused.field is not None:
            refused.field = named(goal, refused.field)
        raise


def reach(t: Words, goal: Goal) -> list[Block]:
    """The inputs for this goal; what it cannot be agreed without is required."""
    match goal.direction:
        case Direction.RANGE:
            slack = t("How far outside the range it is worth nothing")
            return [
                _number(goal, "low", t("From")),
                _number(goal, "high", t("To")),
                _number(goal, "tolerance", t("Tolerance"), slack),
            ]
        case Direction.MILESTONES:
            each = t("One milestone a line, points first, the day last if it has one: “30 First version 2027-02-26”.")
            return [_lines(goal, "milestones", t("Milestones"), written_milestones(goal.milestones), each)]
        case Direction.RUBRIC:
            each = t("One level a line, the lowest first, with its percent: “60 Needs reminders”.")
            return [_lines(goal, "levels", t("Levels"), written_levels(goal.levels), each)]
        case _:
            return _toward_target(t, goal)


def _toward_target(t: Words, goal: Goal) -> list[Block]:
    target = _number(goal, "target", t("Target ({unit})", unit=goal.unit))
    nothing = t("The value that is worth nothing. Leave it empty if that is zero.")
    baseline = _number(goal, "baseline", t("Baseline"), nothing)
    if goal.points:
        each = t("One point a line: the value, then what it is worth in percent. Empty it to go without.")
        return [target, baseline, _lines(goal, "points", t("Points on the way"), written_points(goal.points), each,
                                         optional=True)]  # fmt: skip
    if goal.direction is Direction.LOWER:
        zero = t("Only with a target of zero: the value that is worth nothing.")
        return [target, baseline, _number(goal, "tolerance", t("Tolerance"), zero)]
    return [target, baseline, _number(goal, "stretch", t("Stretch"), t("The value that is worth 120 %."))]


def _number(goal: Goal, name: str, label: Text, hint: Text | None = None) -> Block:
    needed = name in {"target", "low", "high"}
    return amount_input(named(goal, name), label, initial=getattr(goal, name), optional=not needed, hint=hint)


def _lines(goal: Goal, name: str, label: Text, written: str, hint: Text, *, optional: bool = False) -> Block:
    return text_input(named(goal, name), label, initial=written, lines=True, longest=3000, hint=hint, optional=optional)


def numbers_of(goal: Goal) -> tuple[str, ...]:
    """The numbers that the form of this goal asked for; the others keep their values."""
    match goal.direction:
        case Direction.RANGE:
            return ("low", "high", "tolerance")
        case Direction.HIGHER | Direction.LOWER if goal.points:
            return ("target", "baseline")
        case Direction.HIGHER:
            return ("target", "baseline", "stretch")
        case Direction.LOWER:
            return ("target", "baseline", "tolerance")
        case _:
            return ()


def first_points(goal: Goal) -> tuple[Point, ...]:
    """Points to start from: as the goal is judged without them."""
    if goal.target is None:
        raise Refused("Please write the target first; the points lead to it.")
    ends = (0, 1, STRETCH_WORTH)
    known = {Decimal(1): goal.target}
    if goal.target > 0 or goal.baseline is not None or goal.tolerance is not None:
        with under_its_input(goal):
            measure = goal.to_measure()
        known = {Decimal(worth): value for worth in ends if (value := looks_like(measure, Decimal(worth))) is not None}
    return tuple(Point(value, worth) for worth, value in known.items())
