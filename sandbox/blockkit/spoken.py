"""Rules for who listens instead of looking: no mark alone, equal buttons told apart, a chart with its words beside."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.grammar import Finding

_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_CHART = "data_visualization"
_ENOUGH = 12
"""Characters of a chart's label, which Slack lets be twenty, that have to stand in the words beside it."""


def heard(blocks: list[Any], path: str) -> Iterator[Finding]:
    """Hold what is shown to what somebody hears who has it read aloud."""
    yield from _marks_alone(blocks, path)
    yield from _equal_buttons(blocks, path)
    yield from _charts(blocks, path)


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
