"""The inputs that say what is to be reached, by the direction of a goal."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.goal import Goal, written_milestones
from bot.domain.measure import Direction
from bot.domain.refusal import Refused
from bot.slack.blocks import Block, number_input, text_input
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

    def number(name: str, label: Text, hint: Text | None = None) -> Block:
        needed = name in {"target", "low", "high"}
        return number_input(named(goal, name), label, initial=getattr(goal, name), optional=not needed, hint=hint)

    match goal.direction:
        case Direction.RANGE:
            slack = t("How far outside the range it is worth nothing")
            return [number("low", t("From")), number("high", t("To")), number("tolerance", t("Tolerance"), slack)]
        case Direction.MILESTONES:
            each = t("One milestone a line, points first, as in “30 First version works”.")
            written = written_milestones(goal.milestones)
            name = named(goal, "milestones")
            return [text_input(name, t("Milestones"), initial=written, lines=True, hint=each)]
        case Direction.RUBRIC:
            return []
    target = number("target", t("Target ({unit})", unit=goal.unit))
    baseline = number("baseline", t("Baseline"), t("The value that is worth nothing. Leave it empty if that is zero."))
    zero = t("Only with a target of zero: the value that is worth nothing.")
    if goal.direction is Direction.LOWER:
        return [target, baseline, number("tolerance", t("Tolerance"), zero)]
    return [target, baseline, number("stretch", t("Stretch"), t("The value that is worth 120 %."))]


def numbers_of(goal: Goal) -> tuple[str, ...]:
    """The numbers that the form of this goal asked for; the others keep their values."""
    match goal.direction:
        case Direction.RANGE:
            return ("low", "high", "tolerance")
        case Direction.HIGHER:
            return ("target", "baseline", "stretch")
        case Direction.LOWER:
            return ("target", "baseline", "tolerance")
        case _:
            return ()
