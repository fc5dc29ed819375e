"""Reading a screen: what can be pressed, by the ids that are the same in every language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

REFUSAL_TITLES = {"Please note", "请注意"}
COMING = {"One moment…", "请稍候……"}


@dataclass(frozen=True)
class Press:
    """Something to press: the step behind it, what it carries, and how to press it."""

    step: str
    value: str
    where: Json
    option: str | None = None
    primary: bool = False

    @property
    def named(self) -> tuple[str, str]:
        """What it is, wherever it stands."""
        return self.step, self.value

    @property
    def surface(self) -> str:
        """The message or window it stands on."""
        return str(self.where.get("ts") or self.where.get("view_id"))

    @property
    def fields(self) -> Json:
        """As the control API takes it."""
        return {**self.where, **({"value": self.option} if self.option is not None else {})}


def in_message(channel: str, message: Json) -> list[Press]:
    """What can be pressed on a message."""
    return list(_presses(message.get("blocks") or [], {"channel": channel, "ts": message["ts"]}))


def in_view(view: Json) -> list[Press]:
    """What can be pressed in a modal or on Home."""
    return list(_presses(view["blocks"], {"view_id": view["id"]}))


def steps_of(blocks: tuple[Json, ...]) -> set[str]:
    """The steps behind everything that can be pressed on these blocks."""
    return {press.step for press in _presses(list(blocks), {})}


def _presses(blocks: list[Json], surface: Json) -> Iterator[Press]:
    for block in blocks:
        inside = block["elements"] if block["type"] == "actions" else [block.get("accessory") or {}]
        for element in inside:
            if "action_id" in element:
                where = {**surface, "block_id": block.get("block_id", ""), "action_id": element["action_id"]}
                yield from _ways(element, where)


def _ways(element: Json, where: Json) -> Iterator[Press]:
    """A button is pressed in one way, a menu in as many as it has options."""
    step = element["action_id"].split("#", 1)[0]
    if element["type"] == "button":
        yield Press(step, element.get("value", ""), where, primary=element.get("style") == "primary")
    for option in element.get("options", ()):
        yield Press(step, option["value"], where, option["value"])


def inputs_of(view: Json) -> list[Json]:
    """The inputs of a form, in their order."""
    return [block for block in view["blocks"] if block["type"] == "input"]


def words(surface: Json) -> str:
    """All words on a message or view, for a report about it."""
    found: list[str] = []
    _collect(surface.get("blocks") or surface.get("text"), found)
    return " | ".join(found)


def _collect(part: Any, found: list[str]) -> None:
    if isinstance(part, str):
        found.append(part)
    elif isinstance(part, list):
        for one in part:
            _collect(one, found)
    elif isinstance(part, dict):
        for name in ("text", "label", "hint", "elements", "element", "accessory", "fields", "options"):
            _collect(part.get(name), found)


def is_refusal(view: Json) -> bool:
    """Whether a window only says that something cannot be done."""
    return not view.get("submit") and (view.get("title") or {}).get("text") in REFUSAL_TITLES


def is_coming(view: Json) -> bool:
    """Whether a window only says that its content is on its way."""
    return words(view) in COMING
