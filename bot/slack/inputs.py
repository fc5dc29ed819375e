"""What a person filled in: read by name, checked at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from bot.domain.refusal import Refused


@dataclass(frozen=True)
class File:
    """A file somebody gave to Cairn."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Inputs:
    """The values of a form by the names of its inputs; absent and empty are the same."""

    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: Mapping[str, File] = field(default_factory=dict, repr=False)

    def __contains__(self, name: str) -> bool:
        return bool(self.values.get(name))

    def text(self, name: str) -> str:
        """Words, without the blanks around them."""
        value = self.values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> Decimal | None:
        """A number, or None when the field was left empty."""
        typed = normalize("NFKC", self.text(name)).replace(",", "").replace(" ", "")
        if not typed:
            return None
        try:
            value = Decimal(typed)
        except InvalidOperation:
            raise Refused("Please write a number here, such as 12.5", field=name) from None
        if not value.is_finite() or abs(value) >= Decimal(10) ** 18:
            raise Refused("This number is too large", field=name)
        return value

    def day(self, name: str) -> date | None:
        """A date, or None."""
        typed = self.text(name)
        return date.fromisoformat(typed) if typed else None

    def many(self, name: str) -> list[str]:
        """Everything chosen."""
        value = self.values.get(name)
        return [str(one) for one in value] if isinstance(value, list) else []

    def file(self, name: str) -> File:
        """The file given."""
        if name not in self.files:
            raise Refused("Please choose a file", field=name)
        return self.files[name]


def read_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """Slack's `state.values` as plain values by block id: text, a chosen value, a list of chosen values."""
    values: dict[str, Any] = {}
    for block_id, elements in state.items():
        for element in elements.values():
            values[block_id] = _value(element)
    return values


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_options" in element:
        return [one["value"] for one in element["selected_options"] or []]
    for name in ("value", "selected_date", "selected_time", "selected_user", "selected_users", "selected_conversation"):
        if name in element:
            return element[name]
    return None
