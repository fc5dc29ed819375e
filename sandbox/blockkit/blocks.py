"""Blocks: their fields, limits and surfaces."""

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.elements import ACCESSORY, BUTTON, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT
from sandbox.blockkit.figures import CHART, DATA_TABLE, TABLE
from sandbox.blockkit.grammar import (
    Check,
    Finding,
    at_least_one,
    boolean,
    exactly_one,
    many,
    one_of,
    only_on,
    record,
    string,
    tagged,
)
from sandbox.blockkit.objects import (
    HTTP_URL,
    IMAGE_ELEMENT,
    RICH_ELEMENTS,
    RICH_TEXT,
    SLACK_FILE,
    URL,
    plain,
    text,
)

_ID: dict[str, Check] = {"block_id": string(255)}
_IN_CONTEXT = tagged(
    {
        "plain_text": text(3000),
        "mrkdwn": text(3000),
        "image": IMAGE_ELEMENT,
    }
)


def _no_files_at_once(value: Any, path: str, _: str) -> Iterator[Finding]:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        yield Finding(path, "conflict", "dispatch_action may not go with file_input")


def _one_icon(value: Any, path: str, _: str) -> Iterator[Finding]:
    if "icon" in value and "slack_icon" in value:
        yield Finding(path, "conflict", "has both icon and slack_icon")


def _one_divider(value: Any, path: str, _: str) -> Iterator[Finding]:
    if value.get("is_collapsible") and "has_header_divider" in value:
        yield Finding(path, "conflict", "has_header_divider only goes with containers that do not collapse")


def _not_by_apps(_: Any, path: str, surface: str) -> Iterator[Finding]:
    yield Finding(path, "wrong_surface", f"apps cannot put a file block into a {surface}")


def _pending_inside_plan(value: Any, path: str, _: str) -> Iterator[Finding]:
    if value.get("status") == "pending":
        yield Finding(f"{path}/status", "unknown_value", "pending is only for tasks inside a plan")


def _unique_tasks(value: Any, path: str, _: str) -> Iterator[Finding]:
    ids = [task["task_id"] for task in value["tasks"]]
    if len(set(ids)) < len(ids):
        yield Finding(f"{path}/tasks", "duplicate_id", "every task_id must be unique")


_TASK_NEED: dict[str, Check] = {"task_id": string(255), "title": string(3000)}
_TASK_MAY: dict[str, Check] = {
    **_ID,
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": many(tagged({"url": record({"url": URL, "text": string(3000)})}), 1, 100),
    "status": one_of("pending", "in_progress", "complete", "error"),
}
_TASK = record(_TASK_NEED, _TASK_MAY)
_CARD = record(
    {},
    {
        **_ID,
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "slack_icon": record({"name": string(255)}),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": many(BUTTON, 1, 3),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    _one_icon,
)
_VIDEO = record(
    {
        "alt_text": string(2000),
        "title": plain(199),
        "thumbnail_url": URL,
        "video_url": URL,
    },
    {
        **_ID,
        "author_name": string(49),
        "description": plain(200),
        "provider_icon_url": URL,
        "provider_name": string(50),
        "title_url": URL,
    },
)
_IMAGE = record(
    {"alt_text": string(2000)},
    {**_ID, "image_url": HTTP_URL, "slack_file": SLACK_FILE, "title": plain(2000)},
    exactly_one("image_url", "slack_file"),
)
_SECTION = record(
    {},
    {**_ID, "text": text(3000), "fields": many(text(2000), 1, 10), "accessory": ACCESSORY, "expand": boolean},
    at_least_one("text", "fields"),
)
_INPUT = record(
    {"label": plain(2000), "element": IN_INPUT},
    {**_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    _no_files_at_once,
)

BLOCKS: dict[str, Check] = {
    "actions": record({"elements": many(IN_ACTIONS, 1, 25)}, _ID),
    "alert": only_on(
        "modal",
        record({"text": text(200)}, {**_ID, "level": one_of("default", "info", "warning", "error", "success")}),
    ),
    "card": _CARD,
    "carousel": only_on("message home", record({"elements": many(tagged({"card": _CARD}), 1, 10)}, _ID)),
    "context": record({"elements": many(_IN_CONTEXT, 1, 10)}, _ID),
    "context_actions": only_on("message", record({"elements": many(IN_CONTEXT_ACTIONS, 1, 5)}, _ID)),
    "data_table": only_on("message home", DATA_TABLE),
    "data_visualization": only_on("message home", CHART),
    "divider": record({}, _ID),
    "file": _not_by_apps,
    "header": record({"text": plain(150)}, _ID),
    "image": _IMAGE,
    "input": _INPUT,
    "markdown": only_on("message", record({"text": string(12_000)}, _ID)),
    "plan": only_on("message", record({"title": string(3000), "tasks": many(_TASK, 1, 50)}, _ID, _unique_tasks)),
    "rich_text": record({"elements": RICH_ELEMENTS}, _ID),
    "section": _SECTION,
    "table": only_on("message home", TABLE),
    "task_card": only_on("message", record(_TASK_NEED, _TASK_MAY, _pending_inside_plan)),
    "video": _VIDEO,
}
_CHILDREN = (
    "actions context divider file header image input rich_text section table video"  # as the container's page lists
)
BLOCKS["container"] = only_on(
    "message home",
    record(
        {"child_blocks": many(tagged({name: BLOCKS[name] for name in _CHILDREN.split()}, BLOCKS), 1, 10)},
        {
            **_ID,
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "icon": IMAGE_ELEMENT,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        at_least_one("title", "rich_text_title"),
        _one_divider,
    ),
)
BLOCK = tagged(BLOCKS)
