"""What a person filled in: read by name, checked at the door."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from bot.domain.refusal import Refused
from bot.domain.written import amount_of
from bot.slack.text import readable

LONGEST = 3_000
"""Characters that Slack lets anybody write into one input, where the input itself allows no fewer."""
MOST = Decimal(10) ** 18
"""Numbers of this size are typing errors, and so are those as close to nothing."""


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

    def amount(self, name: str, unit: str = "") -> Decimal | None:
        """A number in this unit as people write it (1,200,000 or 120万), or None when the field was left empty."""
        return amount_of(self.text(name), unit, name)

    def number(self, name: str) -> Decimal | None:
        """A number that Slack itself has looked at, or None when the field was left empty."""
        typed = normalize("NFKC", self.text(name)).replace(",", "").replace(" ", "")
        if not typed:
            return None
        try:
            value = Decimal(typed)
        except InvalidOperation:
            raise Refused("Please write a number here, such as 12.5", field=name) from None
        if not value.is_finite() or abs(value) >= MOST:
            raise Refused("This number is too large", field=name)
        if value and abs(value) < 1 / MOST:
            raise Refused("Please write a number here, such as 12.5", field=name)
        return value

    def day(self, name: str) -> date | None:
        """A date, or None."""
        typed = self.text(name)
        try:
            return date.fromisoformat(typed) if typed else None
        except ValueError:
            raise Refused("Please choose a day", field=name) from None

    def time(self, name: str) -> time | None:
        """A time of day, or None."""
        typed = self.text(name)
        try:
            return time.fromisoformat(typed) if typed else None
        except ValueError:
            raise Refused("Please choose a time", field=name) from None

    def many(self, name: str) -> list[str]:
        """Everything chosen."""
        value = self.values.get(name)
        return [str(one) for one in value] if isinstance(value, list) else []

    def file(self, name: str) -> File:
        """The file given."""
        if name not in self.files:
            raise Refused("Please choose a file", field=name)
        return self.files[name]


def read_state(surface: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in on a view or message, as plain values by block id: text, a chosen value, a list of them.

    Raises `Refused` for a text that is longer than its input takes.
    """
    values: dict[str, Any] = {}
    blocks = {str(one.get("block_id")): one for one in listed(surface, "blocks") if isinstance(one, dict)}
    for block_id, element in elements(surface):
        allowed = part(blocks.get(block_id, {}), "element").get("max_length")
        most = allowed if isinstance(allowed, int) and allowed > 0 else LONGEST
        if len(str(element.get("value") or "")) > most:
            raise Refused("This is longer than {most} characters. Please shorten it.", field=block_id, most=most)
        values[readable(block_id)] = _value(element)
    return values


def elements(surface: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Slack's `state.values` of a view or message, as block ids and elements."""
    for block_id, inside in part(part(surface, "state"), "values").items():
        if isinstance(inside, dict):
            yield from ((block_id, element) for element in inside.values() if isinstance(element, dict))


def part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside what arrived; empty when it is absent or of another shape."""
    inside = whole.get(name)
    return inside if isinstance(inside, dict) else {}


def listed(whole: Mapping[str, Any], name: str) -> Sequence[Any]:
    """A list inside what arrived; empty when it is absent or of another shape."""
    inside = whole.get(name)
    return inside if isinstance(inside, list) else ()


def _value(element: Mapping[str, Any]) -> Any:
    match element:
        case {"selected_option": chosen}:
            return value_of(chosen)
        case {"selected_options": chosen}:
            return [value_of(one) for one in chosen] if isinstance(chosen, list) else []
    for name in ("value", "selected_date", "selected_time", "selected_user", "selected_users", "selected_conversation"):
        if name in element:
            return _clean(element[name])
    return None


def value_of(chosen: object) -> str:
    """The value of a chosen option; empty when nothing was chosen."""
    return readable(chosen.get("value")) if isinstance(chosen, dict) else ""


def _clean(value: object) -> Any:
    return [readable(one) for one in value] if isinstance(value, list) else readable(value)
