"""Finding one's way in the tree that explains a result: places, the arithmetic of a number, and its goals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.composite import LABELS, Component
from bot.domain.explain import Node
from bot.domain.refusal import Refused
from bot.domain.rounding import half_up

ROOT = "top"
"""The place of the result itself; below it places are 0, 0.1, 0.1.2 …"""

SHARES = frozenset({"ratio", "anchored", "mirror", "inverse", "tolerance", "range", "milestones", "curve",
                    "curve_down", "rubric", "clamp"})  # fmt: skip
"""Formulas whose value is an attainment, 1 meaning 100 %."""

Write = Callable[[Decimal], str]

_PATTERNS: Mapping[str, str] = {
    "prorated": "{full} × {eligible_days} ÷ {cycle_days}",
    "ratio": "{actual} ÷ {target}",
    "anchored": "({actual} − {baseline}) ÷ ({target} − {baseline})",
    "mirror": "2 − {actual} ÷ {target}",
    "inverse": "{target} ÷ {actual}",
    "tolerance": "1 − {actual} ÷ {tolerance}",
    "milestones": "({parts}) ÷ {worths}",
    "points": "{part} × 100 × {weight} ÷ {whole}",
    "stand_in": "{value} × 100 × {weight} ÷ {whole}",
    "sum": "{parts}",
    "mean": "({parts}) ÷ {count}",
    "shrunken_mean": "({raters} × {mean} + {pull} × {group_mean}) ÷ ({raters} + {pull})",
    "rescaled": "({part} − {low}) ÷ ({high} − {low}) × 100",
    "share": "{part} × {weight} ÷ {whole}",
    "milestone": "{worth} × {done} × max({late_floor}, 1 − {late_rate} × {days_late})",
    "clamp": "{part}",
    "rounded": "{part}",
}


@dataclass(frozen=True)
class GoalLine:
    """One goal in a result: its place in the tree, how far it was reached, as what that counts, and its points."""

    place: str
    title: str
    weight: Decimal
    reached: Decimal | None
    counted: Decimal | None
    points: Decimal


def find(root: Node, place: str) -> Node:
    """The node at a place; one that does not exist is refused."""
    node = root
    for step in _steps(place):
        if not (step.isdecimal() and int(step) < len(node.children)):
            raise Refused("This result was computed anew. Please open it again.")
        node = node.children[int(step)]
    return node


def below(place: str, n: int) -> str:
    """The place of the nth child."""
    return ".".join([*_steps(place), str(n)])


def above(place: str) -> str | None:
    """The place of the parent; None at the top."""
    steps = _steps(place)
    return (".".join(steps[:-1]) or ROOT) if steps else None


def _steps(place: str) -> list[str]:
    return [] if place == ROOT else place.split(".")


def places(root: Node, place: str = ROOT) -> Iterator[tuple[str, Node]]:
    """Every node with its place, parents first."""
    yield place, root
    for n, child in enumerate(root.children):
        yield from places(child, below(place, n))


def components(root: Node, place: str = ROOT) -> list[tuple[str, Node]]:
    """The parts a result is mixed of, with their places; none lies in another."""
    if "weight" in root.label.facts and "goal" not in root.label.facts:
        return [(place, root)]
    return [found for n, child in enumerate(root.children) for found in components(child, below(place, n))]


def worth_of(root: Node, component: Component) -> Decimal | None:
    """What a part is worth before it is weighed: goals in percent of target, ratings from 0 to 100."""
    made = (node.children[0].value for _, node in components(root) if node.children and _is(node, component))
    return next(made, None)


def is_from_colleagues(root: Node, place: str) -> bool:
    """Whether a place lies in what colleagues said in confidence: its points are seen by all who see the result."""
    theirs = (Component.PEER, Component.CUSTOMER)
    closed = [where for where, node in components(root) if any(_is(node, one) for one in theirs)]
    return any(place == where or place.startswith(f"{where}.") for where in closed)


def _is(node: Node, component: Component) -> bool:
    return node.label.text == LABELS[component]


def goal_lines(root: Node) -> list[GoalLine]:
    """The goals of a result, in their order; `reached` is None for one without a value."""
    return [
        _line(place, node)
        for place, node in places(root)
        if node.formula in {"points", "stand_in", "left_out"} and "goal" in node.label.facts
    ]


def _line(place: str, node: Node) -> GoalLine:
    title, weight = str(node.label.facts["goal"]), node.inputs["weight"].value
    if node.formula != "points":
        return GoalLine(place, title, weight, None, None, node.value)
    limited = node.children[0]
    return GoalLine(place, title, weight, limited.children[0].value, limited.value, node.value)


def arithmetic(node: Node, write: Write) -> str | None:
    """The calculation in numbers, such as 950 ÷ 1,000 = 0.95; None where words and inputs say it better."""
    if node.formula == "adjusted":
        made = _adjusted(node, write)
    elif (pattern := _pattern(node)) is None:
        return None
    else:
        made = pattern.format_map(_numbers(node, write))
    return f"{made} {_becomes(node)} {write(node.value)}"


def _pattern(node: Node) -> str | None:
    """How a value is written; an average that was held at its limit is the average and the limit."""
    if node.formula == "shrunken_mean" and "limit" in node.inputs:
        moved, limit = node.value - node.inputs["mean"].value, node.inputs["limit"].value
        if abs(moved) == limit:
            return "{mean} + {limit}" if moved > 0 else "{mean} − {limit}"
    return _PATTERNS.get(node.formula)


def _becomes(node: Node) -> str:
    if node.formula in {"clamp", "rounded"}:
        return "→"
    return "=" if half_up(node.value, 4) == node.value else "≈"


def _numbers(node: Node, write: Write) -> dict[str, str]:
    parts = [_braced(child.value, write) for child in node.children if not child.name]
    given = {name: _braced(each.value, write) for name, each in node.inputs.items()}
    given |= {child.name: _braced(child.value, write) for child in node.children if child.name}
    return given | {"part": parts[0] if parts else "", "parts": " + ".join(parts), "count": str(len(parts))}


def _adjusted(node: Node, write: Write) -> str:
    made = ""
    for child in node.children:
        sign = " − " if child.name.startswith("minus") else " + " if child.name else ""
        made += sign + _braced(child.value, write)
    return made


def _braced(value: Decimal, write: Write) -> str:
    return f"({write(value)})" if value < 0 else write(value)
