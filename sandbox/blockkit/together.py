"""Rules about all blocks of one surface together: ids, focus, sums of text, counts."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.figures import cells_length
from sandbox.blockkit.grammar import Finding, length

# Slack's own limit is not documented (seen: 11,341 refused, 13,200 passed); good messages stay well below.
TEXT_GOOD = 10_000
TEXT_MOST = 12_000
_COUNTED_APART = {"table", "data_table", "data_visualization", "markdown"}


def unique_ids(blocks: list[Any], path: str) -> Iterator[Finding]:
    """Require unique block_ids, and unique action_ids within each block."""
    ids = Counter(block["block_id"] for block in _nested(blocks) if "block_id" in block)
    for name, count in ids.items():
        if count > 1:
            yield Finding(path, "duplicate_block_id", f"the block_id {name} is used {count} times")
    for block in _nested(blocks):
        actions = Counter(element["action_id"] for element in elements(block) if "action_id" in element)
        for name, count in actions.items():
            if count > 1:
                yield Finding(path, "duplicate_action_id", f"the action_id {name} is used {count} times in one block")


def one_focus(blocks: list[Any], path: str) -> Iterator[Finding]:
    """Require at most one element that takes the focus."""
    if sum(bool(element.get("focus_on_load")) for block in _nested(blocks) for element in elements(block)) > 1:
        yield Finding(path, "focus_on_load", "only one element may have focus_on_load")


def response_urls(blocks: list[Any], path: str, surface: str) -> Iterator[Finding]:
    """Allow response_url_enabled only in input blocks of modals."""
    for block in _nested(blocks):
        wrong = surface != "modal" or block["type"] != "input"
        if wrong and any(element.get("response_url_enabled") for element in elements(block)):
            yield Finding(path, "response_url_enabled", "response_url_enabled is only for inputs of modals")


def sums(blocks: list[Any], path: str) -> Iterator[Finding]:
    """Hold a message's text, markdown, tables and charts to their limits."""
    total = sum(_text(block) for block in blocks if block["type"] not in _COUNTED_APART)
    if total > TEXT_GOOD:
        code = "msg_blocks_too_long" if total > TEXT_MOST else ""
        yield Finding(path, "text_sum", f"the blocks hold {total} characters of text; {TEXT_GOOD} is the most", code)
    yield from _sum(blocks, path, "markdown", 12_000)
    yield from _sum(blocks, path, "table", 10_000)
    yield from _sum(blocks, path, "data_table", 20_000)
    kinds = Counter(block["type"] for block in _nested(blocks))
    if kinds["data_visualization"] > 2:
        yield Finding(path, "wrong_count", "a message can hold at most two charts")
    if kinds["table"] > 1:
        yield Finding(path, "wrong_count", "a message can hold only one table")


def _sum(blocks: list[Any], path: str, kind: str, most: int) -> Iterator[Finding]:
    found = [block for block in _nested(blocks) if block["type"] == kind]
    total = sum(length(block["text"]) if kind == "markdown" else cells_length(block) for block in found)
    if total > most:
        yield Finding(path, "text_sum", f"all {kind} blocks together hold {total} characters; {most} is the most")


def _text(node: Any) -> int:
    if isinstance(node, list):
        return sum(_text(each) for each in node)
    if not isinstance(node, dict):
        return 0
    return sum(length(each) if key == "text" and isinstance(each, str) else _text(each) for key, each in node.items())


def _nested(blocks: list[Any]) -> Iterator[Any]:
    for block in blocks:
        yield block
        yield from _nested(block.get("child_blocks", []))


def has_input(blocks: list[Any]) -> bool:
    """Tell whether any block is an input block."""
    return any(block["type"] == "input" for block in _nested(blocks))


def elements(block: Any) -> list[Any]:
    """Return the elements of one block that may carry an action_id."""
    found = [block[name] for name in ("accessory", "element") if name in block]
    if block["type"] in {"actions", "context_actions"}:
        found += block["elements"]
    cards = block["elements"] if block["type"] == "carousel" else [block]
    return found + [button for card in cards if card["type"] == "card" for button in card.get("actions", ())]
