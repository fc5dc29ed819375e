"""Why a number is what it is: a tree that holds every input with its source, and can be calculated again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Any

from bot.domain.formulas import FORMULAS, LATEST, Formula
from bot.domain.refusal import Refused, Sentence
from bot.domain.rounding import ARITHMETIC


@dataclass(frozen=True)
class Source:
    """Where a value comes from, when it was taken, and who reported it."""

    name: str
    at: datetime | None = None
    reporter: str = ""


@dataclass(frozen=True)
class Input:
    """A value that was given, not calculated. Percent ("%") and percentage points ("pp") are different units."""

    value: Decimal
    unit: str = ""
    source: Source | None = None


@dataclass(frozen=True)
class Node:
    """One calculated value; `name` is how the parent's formula reads it, unnamed children are its parts."""

    label: Sentence
    formula: str
    version: int
    value: Decimal
    inputs: Mapping[str, Input] = field(default_factory=dict)
    children: tuple["Node", ...] = ()
    note: Sentence | None = None
    name: str = ""


def compute(
    formula: str,
    label: Sentence,
    inputs: Mapping[str, Input] | None = None,
    children: tuple[Node, ...] = (),
    *,
    note: Sentence | None = None,
    name: str = "",
) -> Node:
    """Calculate a value by the latest version of a formula and keep how."""
    inputs, version = inputs or {}, LATEST[formula]
    value = _apply(FORMULAS[formula, version], inputs, ((child.name, child.value) for child in children))
    return Node(label, formula, version, value, inputs, children, note, name)


def recompute(node: Node) -> Decimal:
    """Calculate a tree again from its inputs alone; stored values are not looked at."""
    return _apply(formula_of(node), node.inputs, ((child.name, recompute(child)) for child in node.children))


def differences(node: Node) -> Iterator[tuple[Node, Decimal]]:
    """Find every node whose stored value is not, digit for digit, what its inputs make, with what they make."""
    again = recompute(node)
    if str(again) != str(node.value):
        yield node, again
    for child in node.children:
        yield from differences(child)


def formula_of(node: Node) -> Formula:
    """Look up the formula and version by which a node was calculated."""
    found = FORMULAS.get((node.formula, node.version))
    if found is None:
        raise Refused(
            "This result uses formula {formula}, version {version}, which this release does not know.",
            formula=node.formula,
            version=node.version,
        )
    return found


def walk(node: Node) -> Iterator[Node]:
    """Go through a tree, parents first."""
    yield node
    for child in node.children:
        yield from walk(child)


def _apply(formula: Formula, inputs: Mapping[str, Input], children: Iterable[tuple[str, Decimal]]) -> Decimal:
    given, parts = {name: each.value for name, each in inputs.items()}, []
    for name, value in children:
        if name:
            given[name] = value
        else:
            parts.append(value)
    with localcontext(ARITHMETIC):
        return formula.apply(given, parts)


def to_json(node: Node) -> dict[str, Any]:
    """Make plain JSON of a tree; decimals become strings, so that no digit is lost."""
    return {
        "label": sentence_to_json(node.label),
        "formula": node.formula,
        "version": node.version,
        "value": str(node.value),
        "inputs": {name: _input_to_json(each) for name, each in node.inputs.items()},
        "children": [to_json(child) for child in node.children],
        "note": sentence_to_json(node.note) if node.note else None,
        "name": node.name,
    }


def from_json(data: Mapping[str, Any]) -> Node:
    """Read a tree back; `from_json(to_json(node)) == node`."""
    return Node(
        label=sentence_from_json(data["label"]),
        formula=data["formula"],
        version=data["version"],
        value=Decimal(data["value"]),
        inputs={name: _input_from_json(each) for name, each in data["inputs"].items()},
        children=tuple(from_json(child) for child in data["children"]),
        note=sentence_from_json(data["note"]) if data["note"] else None,
        name=data["name"],
    )


def _input_to_json(each: Input) -> dict[str, Any]:
    source = each.source and {
        "name": each.source.name,
        "at": each.source.at.isoformat() if each.source.at else None,
        "reporter": each.source.reporter,
    }
    return {"value": str(each.value), "unit": each.unit, "source": source}


def _input_from_json(data: Mapping[str, Any]) -> Input:
    source = data["source"] and Source(
        data["source"]["name"],
        datetime.fromisoformat(data["source"]["at"]) if data["source"]["at"] else None,
        data["source"]["reporter"],
    )
    return Input(Decimal(data["value"]), data["unit"], source)


def sentence_to_json(said: Sentence) -> dict[str, Any]:
    """Make plain JSON of a sentence, still to be translated."""
    facts = {name: {"decimal": str(fact)} if isinstance(fact, Decimal) else fact for name, fact in said.facts.items()}
    return {"text": said.text, "facts": facts}


def sentence_from_json(data: Mapping[str, Any]) -> Sentence:
    """Read a sentence back."""
    facts = {name: Decimal(fact["decimal"]) if isinstance(fact, dict) else fact for name, fact in data["facts"].items()}
    return Sentence(data["text"], facts)
