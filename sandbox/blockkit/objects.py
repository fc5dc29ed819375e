"""Composition objects: texts, options, confirm dialogs, filters, images, rich text."""

from collections.abc import Iterator
from typing import Any

from sandbox.blockkit.grammar import (
    Check,
    Finding,
    anything,
    at_least_one,
    boolean,
    exactly_one,
    many,
    matching,
    number,
    one_of,
    record,
    string,
    tagged,
    whole,
)

ACTION_ID = string(255)
URL = string(3000)
HTTP_URL = matching(r"https?://\S{1,2990}", "a web address of at most 3000 characters")
STYLE = one_of("primary", "danger")


def plain(most: int, least: int = 1) -> Check:
    """Accept a plain_text object."""
    text = record({"type": one_of("plain_text"), "text": string(most, least)}, {"emoji": boolean})
    return tagged({"plain_text": text}, {"mrkdwn": text})


def text(most: int, least: int = 1) -> Check:
    """Accept a plain_text or mrkdwn object."""
    return tagged(
        {
            "plain_text": record({"text": string(most, least)}, {"emoji": boolean}),
            "mrkdwn": record({"text": string(most, least)}, {"verbatim": boolean}),
        }
    )


CONFIRM = record({"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE})
PLAIN_OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
TEXT_OPTION = record({"text": text(75), "value": string(150)}, {"description": text(75)})
URL_OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
OPTIONS = many(PLAIN_OPTION, 1, 100)
GROUPS = many(record({"label": plain(75), "options": OPTIONS}), 1, 100)
DISPATCH = record(
    {
        "trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 1, 2),
    }
)
FILTER = record(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
SLACK_FILE = record({}, {"id": string(255), "url": URL}, exactly_one("id", "url"))
IMAGE = record(
    {"alt_text": string(2000)},
    {"image_url": HTTP_URL, "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
)
IMAGE_ELEMENT = tagged({"image": IMAGE})

_FACE = record(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"),
        boolean,
    ),
)
_STYLED: dict[str, Check] = {"style": _FACE}
_INLINE: dict[str, Check] = {
    "text": record({"text": string(100_000, 1)}, _STYLED),
    "link": record({"url": URL}, {"text": string(100_000), "unsafe": boolean, **_STYLED}),
    "emoji": record({"name": string(100)}, {"unicode": string(100), "skin_tone": whole(1, 6), **_STYLED}),
    "user": record({"user_id": string(255)}, _STYLED),
    "usergroup": record({"usergroup_id": string(255)}, _STYLED),
    "channel": record({"channel_id": string(255)}, _STYLED),
    "broadcast": record({"range": one_of("here", "channel", "everyone")}, _STYLED),
    "date": record({"timestamp": whole(0), "format": string(255)}, {"url": URL, "fallback": string(255), **_STYLED}),
    "color": record({"value": string(20)}, _STYLED),
}
# Added in 2026 for things apps rarely send; their fields are not checked.
_RARE = ("attachment_mention", "canvas", "citation", "file", "list_record", "message_mention", "tag")
_INLINE |= dict.fromkeys(_RARE, anything)
_RUN = many(tagged(_INLINE), 0, 10_000)
_BORDER = one_of(0, 1)
_SECTION = record({"elements": _RUN})
RICH_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": record({"elements": _RUN}, {"border": _BORDER}),
    "rich_text_preformatted": record({"elements": _RUN}, {"border": _BORDER, "language": string(50)}),
    "rich_text_list": record(
        {"style": one_of("bullet", "ordered"), "elements": many(tagged({"rich_text_section": _SECTION}), 1, 10_000)},
        {"indent": whole(0, 8), "offset": whole(0), "border": _BORDER},
    ),
}
RICH_ELEMENTS = many(tagged(RICH_PARTS), 1, 10_000)
RICH_TEXT = tagged({"rich_text": record({"elements": RICH_ELEMENTS}, {"block_id": string(255)})})
RAW_TEXT = record({"text": string(100_000, 0)})
RAW_NUMBER = record({"value": number()}, {"text": string(255)})


def options_agree(value: Any, path: str, _: str) -> Iterator[Finding]:
    """Require options or groups, values unique, and each initial option identical to one of them."""
    if ("options" in value) == ("option_groups" in value):
        yield Finding(path, "conflict", "needs exactly one of options and option_groups")
        return
    grouped = [option for group in value.get("option_groups", ()) for option in group["options"]]
    options = [*value.get("options", ()), *grouped]
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        yield Finding(path, "duplicate_option", "two options have the same value", "")
    initial = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    for each in initial:
        if each not in options:
            yield Finding(path, "initial_option", "an initial option is not identical to one of the options")


def few_enough(value: Any, path: str, _: str) -> Iterator[Finding]:
    """Require no more initial choices than may be selected."""
    most = value.get("max_selected_items")
    for name, chosen in value.items():
        if most and name.startswith("initial_") and len(chosen) > most:
            yield Finding(f"{path}/{name}", "wrong_count", f"has more than max_selected_items, which is {most}")
