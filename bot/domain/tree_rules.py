"""Whether a result's tree is one that its rules make: its shape, what each part weighs, and every constant in it.

That a tree agrees with itself says little: whoever forges one can calculate it again. What was reached and how people
were rated are facts that no rule knows, so they stay what the tree says.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot.domain.calibration import by_the_rules
from bot.domain.composite import HIGHEST, LABELS, LOWEST, MOST_PULLED, Component, Mix, weights_in_use
from bot.domain.explain import Node
from bot.domain.kpi import ATTAINMENTS
from bot.domain.rounding import HUNDRED, total
from bot.domain.score import PLACES
from bot.domain.score_rules import Missing

Rules = Mapping[str, Any]
"""Rules as they are written."""

_COMPONENT_OF = {label: component for component, label in LABELS.items()}
_STANDS_FOR = {Missing.ZERO: Decimal(0), Missing.NEUTRAL: Decimal(1)}


def breaches(root: Node, rules: Rules) -> Iterator[str]:
    """Say in plain English what in a tree is not as the rules have it."""
    rounded = by_the_rules(root)
    if not _over_one(rounded, "rounded"):
        yield _odd(rounded)
        return
    yield from _given(rounded, {"places": PLACES})
    yield from _mixed(rounded.children[0], rules)


def _mixed(node: Node, rules: Rules) -> Iterator[str]:
    parts = {_COMPONENT_OF.get(child.label.text): child for child in node.children if not child.name}
    if node.formula != "sum" or None in parts or len(parts) < len(node.children):
        yield _odd(node)
        return
    counted = {component for component, part in parts.items() if component and part.formula == "share"}
    mix = Mix(**{name: Decimal(share) for name, share in rules["mix"].items()})
    for component, weight in weights_in_use(mix, counted).items():
        yield from _component(component, parts.get(component), weight, rules)


def _component(component: Component, part: Node | None, weight: Decimal, rules: Rules) -> Iterator[str]:
    if part is None or part.formula == "left_out":
        if weight:
            yield f"{component.value} counts {weight} % by the rules, and nothing in the tree."
        return
    if not _over_one(part, "share"):
        yield _odd(part)
        return
    yield from _given(part, {"weight": weight, "whole": HUNDRED})
    inside = part.children[0]
    match component:
        case Component.GOALS:
            yield from _goals(inside, rules)
        case Component.MANAGER:
            yield from _by_manager(inside)
        case _:
            yield from _by_panel(inside, rules)


# Goals -------------------------------------------------------------------------------------


def _goals(node: Node, rules: Rules) -> Iterator[str]:
    """The goals of one role, or of several by their days."""
    if node.formula != "sum":
        yield from _role(node, rules)
        return
    days = total(share.inputs["weight"].value for share in node.children)
    for share in node.children:
        if share.name or not _over_one(share, "share"):
            yield _odd(share)
            continue
        yield from _given(share, {"whole": days}, "weight")
        yield from _role(share.children[0], rules)


def _role(node: Node, rules: Rules) -> Iterator[str]:
    if node.formula != "adjusted" or not node.children or node.children[0].formula != "sum" or not _numbered(node):
        yield _odd(node)
        return
    yield from _given(node, {"bonus_cap": Decimal(rules["bonus_cap"]), "cap": Decimal(rules["total_cap"])})
    goals = node.children[0].children
    weights = [goal.inputs["weight"].value for goal in goals]
    if total(weights) != HUNDRED or min(weights) < 0:
        yield "the weights of the goals do not make 100."
    whole = total(goal.inputs["weight"].value for goal in goals if goal.formula != "left_out")
    for goal in goals:
        yield from _goal(goal, whole, rules)


def _numbered(node: Node) -> bool:
    """Whether points come first, then additions and deductions, so named that none of them is passed over."""
    points, *others = node.children
    pluses = sum(child.name.startswith("plus") for child in others)
    names = [f"plus{n + 1}" for n in range(pluses)] + [f"minus{n + 1}" for n in range(len(others) - pluses)]
    real = all(child.formula == "given" and child.value > 0 for child in others)
    return not points.name and [child.name for child in others] == names and real


def _goal(node: Node, whole: Decimal, rules: Rules) -> Iterator[str]:
    if node.name or (node.formula == "points" and not _over_one(node, "points")):
        yield _odd(node)
        return
    match node.formula:
        case "points":
            yield from _given(node, {"whole": whole}, "weight")
            yield from _reached(node.children[0], rules)
        case "stand_in":
            yield from _given(node, {"whole": whole}, "weight", "value")
            if node.inputs["value"].value not in {_STANDS_FOR.get(rules[name]) for name in ("missing", "missing_own")}:
                yield f"{_name(node)} has a value that the rules do not give."
        case "left_out":
            pass
        case _:
            yield _odd(node)


def _reached(node: Node, rules: Rules) -> Iterator[str]:
    if not _over_one(node, "clamp") or node.children[0].formula not in ATTAINMENTS:
        yield _odd(node)
        return
    yield from _given(node, {"floor": Decimal(rules["item_floor"]), "cap": Decimal(rules["item_cap"])})


# Ratings -----------------------------------------------------------------------------------


def _by_manager(node: Node) -> Iterator[str]:
    yield from _of_hundred(node, "mean")
    for leaf in node.children[0].children:
        if leaf.formula != "given" or leaf.name or not LOWEST <= leaf.value <= HIGHEST:
            yield _odd(leaf)


def _by_panel(node: Node, rules: Rules) -> Iterator[str]:
    yield from _of_hundred(node, "shrunken_mean")
    average = node.children[0]
    limit = {"limit": MOST_PULLED} if average.version > 1 else {}  # the first version had none
    yield from _given(average, {"pull": Decimal(rules["peer_pull"]), **limit}, "raters", "mean", "group_mean")
    means = (average.inputs["mean"].value, average.inputs["group_mean"].value)
    if average.inputs["raters"].value < rules["peer_least"] or not all(LOWEST <= one <= HIGHEST for one in means):
        yield _odd(average)


def _of_hundred(node: Node, inside: str) -> Iterator[str]:
    if not _over_one(node, "rescaled") or node.children[0].formula != inside:
        yield _odd(node)
    yield from _given(node, {"low": LOWEST, "high": HIGHEST})


# What is compared ----------------------------------------------------------------------------


def _over_one(node: Node, formula: str) -> bool:
    """Whether a node is made by this formula from one part."""
    return node.formula == formula and len(node.children) == 1 and not node.children[0].name


def _given(node: Node, by_rules: Mapping[str, Decimal], *free: str) -> Iterator[str]:
    """What a node was given that the rules give otherwise; `free` is what no rule knows."""
    for name, value in by_rules.items():
        found = node.inputs[name].value if name in node.inputs else "missing"
        if found != value:
            yield f"{_name(node)}: {name} is {found}, but {value:f} by the rules."
    if strange := sorted(node.inputs.keys() - by_rules.keys() - set(free)):
        yield f"{_name(node)} was given what the rules do not know: {', '.join(strange)}."


def _odd(node: Node) -> str:
    return f"{_name(node)} is not made as the rules make it."


def _name(node: Node) -> str:
    return node.label.text.format_map(node.label.facts)
