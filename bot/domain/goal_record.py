"""Goals as documents: what the database keeps, and the fingerprint of what was agreed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.goal import Goal
from bot.domain.measure import Anchor, Direction, Milestone, Point
from bot.domain.score_rules import ScoreRules

_NUMBERS = ("weight", "target", "baseline", "stretch", "low", "high", "tolerance")


def document_of(goal: Goal) -> dict[str, Any]:
    """Write a goal out; numbers keep their digits."""
    return {each.name: _plain(getattr(goal, each.name)) for each in fields(goal)}


def goal_of(document: Mapping[str, Any]) -> Goal:
    """Read a goal back, also one written before goals had points and milestones days."""
    numbers = {name: None if document[name] is None else Decimal(document[name]) for name in _NUMBERS}
    pieces = {
        "direction": Direction(document["direction"]),
        "due": date.fromisoformat(document["due"]) if document["due"] else None,
        "milestones": tuple(_milestone(*each) for each in document["milestones"]),
        "levels": tuple(Anchor(Decimal(level), words, Decimal(worth)) for level, words, worth in document["levels"]),
        "points": tuple(Point(Decimal(value), Decimal(worth)) for value, worth in document.get("points", ())),
    }
    return Goal(**{**document, **numbers, **pieces})


def goals_of(documents: Sequence[Mapping[str, Any]]) -> tuple[Goal, ...]:
    """Read a set of goals back."""
    return tuple(goal_of(document) for document in documents)


def rules_hash(goals: Sequence[Goal], template: str, rules: ScoreRules) -> str:
    """Fingerprint what was agreed: the goals, the template (by its hash) and the rules of scoring."""
    said = {"goals": [document_of(goal) for goal in goals], "template": template, "rules": rules.hash}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _milestone(name: str, worth: str, due: str | None = None) -> Milestone:
    return Milestone(name, Decimal(worth), date.fromisoformat(due) if due else None)


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
        case Milestone():
            return [value.name, _plain(value.worth), *([value.due.isoformat()] if value.due else [])]
        case Anchor():
            return [_plain(value.level), value.words, _plain(value.worth)]
        case Point():
            return [_plain(value.value), _plain(value.worth)]
        case tuple():
            return [_plain(each) for each in value]
        case Direction():
            return value.value
        case _:
            return value
