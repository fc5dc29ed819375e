"""Rules for who listens instead of looking: no mark alone, buttons that say what they do, a chart with words beside."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.blockkit.grammar import Finding

_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_SAYS_NOTHING = frozenset({"submit", "ok", "yes", "no", "cancel", "确定", "是", "否", "取消"})
_CHART = "data_visualization"
_ENOUGH = 12
"""Characters of a chart's label, which Slack lets be twenty, that have to stand in the words beside it."""


def heard(blocks: list[Any], path: str) -> Iterator[Finding]:
    """Hold what is shown to what somebody hears who has it read aloud."""
    yield from _marks_alone(blocks, path)
    yield from _equal_buttons(blocks, path)
    yield from _charts(blocks, path)
    asked = [one["confirm"] for one in _buttons(blocks) if "confirm" in one]
    yield from _unnamed((one[name] for one in asked for name in ("confirm", "deny")), path)


def announced(text: str, blocks: list[Any]) -> Iterator[Finding]:
    """Hold a message to one beginning: a phone notifies with the text, a computer with the blocks.

    A screen reader says the text alone, so it is the headline of the blocks, or all of their words.
    """
    shown = _run(" ".join(words for block in blocks for words in _written(block)))
    if shown and not shown.startswith(_run(text).rstrip("…")):
        sentence = "the blocks begin with other words than the text; on a computer they are the notification"
        yield Finding("/blocks", "begins_otherwise", sentence, "")


def named(view: dict[str, Any], path: str) -> Iterator[Finding]:
    """Hold both buttons of a form to a name of their own."""
    yield from _unnamed((view.get(name) for name in ("submit", "close") if "submit" in view), path)


def _unnamed(buttons: Iterable[dict[str, Any] | None], path: str) -> Iterator[Finding]:
    for shown in (one["text"] for one in buttons if one):
        if shown.strip().lower() in _SAYS_NOTHING:
            yield Finding(path, "unnamed_button", f"{shown} does not say what it does", "")


def says_something(shown: str) -> bool:
    """Whether a text has a word or a number in it, and not only marks and emoji."""
    return any(sign.isalnum() for sign in _EMOJI.sub("", shown))


def _marks_alone(blocks: list[Any], path: str) -> Iterator[Finding]:
    """What names a thing has a word; what people wrote themselves may be a mark."""
    for at, block in enumerate(blocks):
        names = [one["text"]["text"] for one in _buttons(block)]
        names += [block["text"]["text"]] if block["type"] == "header" else []
        names += [block["label"]["text"]] if block["type"] == "input" else []
        for shown in names:
            if not says_something(shown):
                yield Finding(f"{path}/{at}", "mark_alone", f"{shown!r} says nothing to who cannot see it", "")


def _equal_buttons(blocks: list[Any], path: str) -> Iterator[Finding]:
    named = Counter(one.get("accessibility_label") or one["text"]["text"] for one in _buttons(blocks))
    for name, count in named.items():
        if count > 1:
            sentence = f"{count} buttons are called {name}; an accessibility_label tells them apart"
            yield Finding(path, "equal_buttons", sentence, "")


def _charts(blocks: list[Any], path: str) -> Iterator[Finding]:
    words = _bare(" ".join(shown for one in blocks if one["type"] != _CHART for shown in _texts(one)))
    for at, block in enumerate(blocks):
        if block["type"] != _CHART:
            continue
        series = block["chart"].get("series") or [{"data": block["chart"].get("segments", ())}]
        names = {one.get("name", "") for one in series}
        labels = {point["label"] for one in series for point in one["data"]}
        if not any(all(_bare(each)[:_ENOUGH] in words for each in one if each) for one in (names, labels) if any(one)):
            yield Finding(f"{path}/{at}", "chart_alone", "what the chart shows has to stand in words beside it", "")


def _run(words: str) -> str:
    """Words as they are said one after the other, wherever lines break."""
    return " ".join(_bare(words).split())


def _written(block: dict[str, Any]) -> Iterator[str]:
    """What stands in a block itself, and not on what is pressed there."""
    inside = block.get("elements", []) if block["type"] == "context" else []
    for shown in (block.get("text"), *block.get("fields", []), *inside):
        if isinstance(shown, dict) and isinstance(shown.get("text"), str):
            yield shown["text"]


def _bare(words: str) -> str:
    """Words without what makes them bold or code."""
    return re.sub(r"[*_`~]", "", html.unescape(words))


def _texts(node: Any) -> Iterator[str]:
    """Every text in a block, a button's and an option's too."""
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        for key, each in node.items():
            if key == "text" and isinstance(each, str):
                yield each
            elif key != "accessibility_label":
                yield from _texts(each)


def _buttons(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for each in node:
            yield from _buttons(each)
    elif isinstance(node, dict):
        if node.get("type") == "button":
            yield node
        for each in node.values():
            yield from _buttons(each)
