"""For who has a message read aloud: what each button is about, and all words of a message as one text."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bot.slack.text import Text, clip, escape, lines, unmarked

Block = dict[str, Any]

LONGEST = 75
_MARKS = re.compile(r"<[^>]*>|[*_~`]")
"""Mentions and what makes text bold: nothing that is said."""


def told_apart(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks; a button whose name another has gets a label of its own, which nobody sees."""
    named = Counter(one["text"]["text"] for block in blocks for one in _buttons(block))
    equal = [name for name, count in named.items() if count > 1]
    if not equal:
        return [*blocks]
    seen: Counter[str] = Counter()
    told, beside = [], ""
    for block in blocks:
        beside = _heard(block) or beside
        told.append(_labelled(block, equal, beside, seen))
    return told


def _buttons(block: Block) -> Iterator[dict[str, Any]]:
    beside = [block["accessory"]] if "accessory" in block else []
    inside = block["elements"] if block["type"] == "actions" else []
    return (one for one in (*beside, *inside) if one.get("type") == "button")


def _labelled(block: Block, equal: Sequence[str], beside: str, seen: Counter[str]) -> Block:
    if not any(one["text"]["text"] in equal for one in _buttons(block)):
        return block
    if "accessory" in block:
        return {**block, "accessory": _called(block["accessory"], equal, beside, seen)}
    return {**block, "elements": [_called(one, equal, beside, seen) for one in block["elements"]]}


def _called(element: dict[str, Any], equal: Sequence[str], beside: str, seen: Counter[str]) -> dict[str, Any]:
    if element.get("type") != "button" or (name := element["text"]["text"]) not in equal:
        return element
    label = clip(Text(f"{name}: {beside}" if beside else name), LONGEST)
    seen[label] += 1
    if seen[label] > 1:
        count = f" ({seen[label]})"
        label = Text(clip(label, LONGEST - len(count)) + count)
    return {**element, "accessibility_label": label}


def _heard(block: Block) -> str:
    """The first line of what a block says, as it is spoken."""
    shown = block.get("text")
    words = shown.get("text", "") if isinstance(shown, dict) else ""
    said = (" ".join(html.unescape(_MARKS.sub("", line)).split()) for line in words.splitlines())
    return next((line for line in said if line), "")


def whole(headline: Text, blocks: Sequence[Block]) -> Text:
    """All words of a message as one text, the headline first: a screen reader reads that, and no block."""
    said = unmarked(lines(*(each for block in blocks for each in _words(block))))
    first = unmarked(headline)
    return said if said.startswith(first) else lines(first, said)


def _words(block: Block) -> Iterator[Text]:
    """What is written in a block, in the order in which it is seen; what is plain text there is made safe here."""
    inside = block["elements"] if block["type"] == "context" else []
    for shown in (block.get("text"), *block.get("fields", ()), *inside):
        if isinstance(shown, dict) and isinstance(words := shown.get("text"), str):
            yield Text(words) if shown["type"] == "mrkdwn" else escape(words)
