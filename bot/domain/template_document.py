"""A template as a document again: what `parse_template` takes, fit for JSON and YAML."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.template import FORMAT, Level, Template


def document_of(template: Template) -> dict[str, Any]:
    """Write a template out; reading it back gives the same template and the same hash."""
    return {"format": FORMAT, **_document(template)}


def _document(value: Any) -> Any:
    if isinstance(value, Level):
        return {"percent": value.percent, "en": value.text.en, "zh": value.text.zh}
    if hasattr(value, "__dataclass_fields__"):
        told = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: _document(each) for name, each in told.items() if _is_said(name, each)}
    if isinstance(value, Mapping):
        return {str(key): _document(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_document(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.value if isinstance(value, StrEnum) else value


def _is_said(name: str, value: Any) -> bool:
    """Leave out what stands for "not given": nothing, an empty text or list, the weight of a measure on the shelf."""
    return value is not None and value not in ("", ()) and not (name == "weight" and value == 0)
