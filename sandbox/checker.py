"""The strict checker: what Slack would refuse in a message or view, and what nobody should send."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.blockkit import spoken, together
from sandbox.blockkit.blocks import BLOCK
from sandbox.blockkit.grammar import Check, Finding, anything, boolean, length, many, one_of, record, string
from sandbox.blockkit.objects import plain

__all__ = ["Finding", "check_announced", "check_message", "check_response", "check_view"]

TEXT_GOOD = 4_000
VIEW_BYTES = 250_000
_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_MESSAGE_BLOCKS = many(BLOCK, 0, 50)
_COMMON: dict[str, Check] = {
    "type": one_of("modal", "home"),
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_BLOCKS: dict[str, Check] = {"blocks": many(BLOCK, 0, 100)}
_MODAL = record(
    {**_BLOCKS, "title": plain(24)},
    {
        **_COMMON,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = record(_BLOCKS, _COMMON)
_LEGACY = ("fallback", "color", "pretext", "author_name", "author_link", "author_icon", "title", "title_link", "text")
_LEGACY_MORE = ("fields", "image_url", "thumb_url", "footer", "footer_icon", "ts", "mrkdwn_in", "callback_id", "id")


def _attached(value: Any, path: str, surface: str) -> Iterator[Finding]:
    yield from _surface(value, surface, _MESSAGE_BLOCKS, path)


_attachment = record({}, {**dict.fromkeys((*_LEGACY, *_LEGACY_MORE), anything), "blocks": _attached})


def check_message(payload: dict[str, Any]) -> list[Finding]:
    """Check the arguments of chat.postMessage and its kin, as plain JSON data."""
    blocks = payload.get("blocks") or []
    found = list(_surface(blocks, "message", _MESSAGE_BLOCKS))
    if not found:
        found += together.sums(blocks, "/blocks")
    for at, each in enumerate(payload.get("attachments") or []):
        found += _attachment(each, f"/attachments/{at}", "message")
    if not found:
        found += spoken.heard(blocks, "/blocks")
    return [*found, *_text(payload), *_metadata(payload.get("metadata") or {})]


def check_announced(payload: dict[str, Any]) -> list[Finding]:
    """Check of a message that Slack takes whether its notifications and what is read aloud begin alike."""
    return list(spoken.announced(payload.get("text") or "", payload.get("blocks") or []))


def check_view(view: dict[str, Any]) -> list[Finding]:
    """Check a modal or Home view, as plain JSON data."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [Finding("/view/type", "unknown_type", "a view is of type modal or home")]
    found = list((_MODAL if kind == "modal" else _HOME)(view, "/view", kind))
    if found:
        return found
    found += _together(view["blocks"], "/view/blocks", kind)
    if kind == "modal" and "submit" not in view and together.has_input(view["blocks"]):
        found.append(Finding("/view/submit", "missing", "a modal with an input needs a submit button"))
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        found.append(Finding("/view", "too_long", "the view is larger than 250 KB", "view_too_large"))
    if not found:
        found += [*spoken.heard(view["blocks"], "/view/blocks"), *spoken.named(view, "/view")]
    return found


def check_response(view: dict[str, Any], payload: dict[str, Any] | None) -> list[Finding]:
    """Check what an app answers to the submission of `view`."""
    kind = (payload or {}).get("response_action")
    if payload and kind in {"update", "push"}:
        return check_view(payload.get("view") or {})
    if payload and kind == "errors":
        return list(_errors(view, payload.get("errors")))
    if kind in {None, "clear"}:
        return []
    return [Finding("/response_action", "unknown_value", f"{kind} is not a response_action", "invalid_arguments")]


def _errors(view: dict[str, Any], errors: Any) -> Iterator[Finding]:
    inputs = {block.get("block_id") for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        yield Finding("/errors", "missing", "errors must name at least one block", "invalid_arguments")
        return
    for block_id in errors:
        if block_id not in inputs:
            sentence = f"{block_id} is not an input block of this view"
            yield Finding(f"/errors/{block_id}", "unknown_block", sentence, "invalid_arguments")


def _surface(blocks: Any, surface: str, check: Check, path: str = "/blocks") -> Iterator[Finding]:
    found = list(check(blocks, path, surface))
    yield from found
    if not found:
        yield from _together(blocks, path, surface)


def _together(blocks: list[Any], path: str, surface: str) -> Iterator[Finding]:
    yield from together.unique_ids(blocks, path)
    yield from together.one_focus(blocks, path)
    yield from together.response_urls(blocks, path, surface)


def _text(payload: dict[str, Any]) -> Iterator[Finding]:
    text = payload.get("text") or ""
    if not isinstance(text, str):
        yield Finding("/text", "wrong_type", "must be a string", "invalid_arguments")
    elif not text.strip():
        sentence = "has no top-level text, which notifications and screen readers read"
        yield Finding("/text", "top_level_text", sentence, "")
    elif length(text) > TEXT_GOOD:
        yield Finding("/text", "too_long", f"should be at most {TEXT_GOOD} characters, is {length(text)}", "")


def _metadata(metadata: Any) -> Iterator[Finding]:
    """Hold metadata to opaque, flat, small values: everybody in the workspace can read it."""
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    for name, value in (payload if isinstance(payload, dict) else {}).items():
        if not _SNAKE.fullmatch(name):
            yield Finding(f"/metadata/event_payload/{name}", "metadata", "names should be snake_case", "")
        if isinstance(value, dict | list):
            yield Finding(f"/metadata/event_payload/{name}", "metadata", "values should be flat", "")
        if isinstance(value, str) and len(value) > 255:
            yield Finding(f"/metadata/event_payload/{name}", "metadata", "values should be ids, not texts", "")
