"""Block elements: their fields, limits and surfaces."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from sandbox.blockkit.grammar import (
    Check,
    Finding,
    boolean,
    many,
    matching,
    one_of,
    only_on,
    record,
    string,
    tagged,
    whole,
)
from sandbox.blockkit.objects import (
    ACTION_ID,
    CONFIRM,
    DISPATCH,
    FILTER,
    GROUPS,
    IMAGE,
    OPTIONS,
    PLAIN_OPTION,
    RICH_TEXT,
    STYLE,
    TEXT_OPTION,
    URL,
    URL_OPTION,
    few_enough,
    options_agree,
    plain,
)

_ID = {"action_id": ACTION_ID}
_HINT = {**_ID, "focus_on_load": boolean, "placeholder": plain(150)}
_PICK: dict[str, Check] = {**_HINT, "confirm": CONFIRM}
_TICK: dict[str, Check] = {**_ID, "focus_on_load": boolean, "confirm": CONFIRM}
_TYPE: dict[str, Check] = {**_HINT, "dispatch_action_config": DISPATCH}
_MULTI: dict[str, Check] = {**_PICK, "max_selected_items": whole(1)}
_NAME = string(255)
_DECIMAL = matching(r"-?\d+(\.\d+)?", "a number written as a string")
_LABEL = {"accessibility_label": string(75)}


def _in_order(low: str, high: str) -> Check:
    def check(value: Any, path: str, _: str) -> Iterator[Finding]:
        if low in value and high in value and Decimal(str(value[low])) > Decimal(str(value[high])):
            yield Finding(path, "out_of_range", f"{low} is above {high}")

    return check


def _decimals(value: Any, path: str, _: str) -> Iterator[Finding]:
    for name in ("initial_value", "min_value", "max_value"):
        if not value["is_decimal_allowed"] and "." in value.get(name, ""):
            yield Finding(f"{path}/{name}", "wrong_form", "has decimals, which this input does not allow")


def _zone(value: Any, path: str, _: str) -> Iterator[Finding]:
    if not isinstance(value, str) or value not in available_timezones():
        yield Finding(path, "wrong_form", "must be the name of a time zone")


def _selects() -> Mapping[str, Check]:
    """Return the five kinds of select, single and multiple."""
    found: dict[str, Check] = {}
    static: dict[str, Check] = {"options": OPTIONS, "option_groups": GROUPS}
    length: dict[str, Check] = {"min_query_length": whole(0)}
    one, several = PLAIN_OPTION, many(PLAIN_OPTION, 1, 100)
    found["static_select"] = record({}, {**_PICK, **static, "initial_option": one}, options_agree)
    found["multi_static_select"] = record(
        {}, {**_MULTI, **static, "initial_options": several}, options_agree, few_enough
    )
    found["external_select"] = record({}, {**_PICK, **length, "initial_option": one})
    found["multi_external_select"] = record({}, {**_MULTI, **length, "initial_options": several}, few_enough)
    for noun in ("user", "conversation", "channel"):
        extra: dict[str, Check] = {}
        if noun == "conversation":
            extra = {"default_to_current_conversation": boolean, "filter": FILTER}
        single: dict[str, Check] = {} if noun == "user" else {"response_url_enabled": boolean}
        initial: dict[str, Check] = {f"initial_{noun}s": many(_NAME, 1, 100)}
        found[f"{noun}s_select"] = record({}, {**_PICK, **extra, **single, f"initial_{noun}": _NAME})
        found[f"multi_{noun}s_select"] = record({}, {**_MULTI, **extra, **initial}, few_enough)
    return found


_FEEDBACK = record({"text": plain(75), "value": string(2000)}, _LABEL)

ELEMENTS: dict[str, Check] = {
    "button": record(
        {"text": plain(75)},
        {
            **_ID,
            **_LABEL,
            "value": string(2000),
            "url": URL,
            "style": STYLE,
            "confirm": CONFIRM,
            "agent_prompt": string(4000),
        },
    ),
    "checkboxes": record(
        {"options": many(TEXT_OPTION, 1, 10)}, {**_TICK, "initial_options": many(TEXT_OPTION, 1, 10)}, options_agree
    ),
    "radio_buttons": record(
        {"options": many(TEXT_OPTION, 1, 10)}, {**_TICK, "initial_option": TEXT_OPTION}, options_agree
    ),
    "overflow": record({"options": many(URL_OPTION, 1, 5)}, {**_ID, "confirm": CONFIRM}, options_agree),
    **_selects(),
    "datepicker": record({}, {**_PICK, "initial_date": matching(r"\d{4}-\d\d-\d\d", "a date as YYYY-MM-DD")}),
    "timepicker": record(
        {}, {**_PICK, "initial_time": matching(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm"), "timezone": _zone}
    ),
    "datetimepicker": only_on(
        "message modal", record({}, {**_TICK, "initial_date_time": whole(1_000_000_000, 9_999_999_999)})
    ),
    "plain_text_input": record(
        {},
        {
            **_TYPE,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        _in_order("min_length", "max_length"),
    ),
    "rich_text_input": only_on(
        "modal home",
        record(
            {},
            {**_TYPE, "initial_value": RICH_TEXT, "min_lines": whole(1, 100), "max_lines": whole(1, 100)},
            _in_order("min_lines", "max_lines"),
        ),
    ),
    "number_input": only_on(
        "modal",
        record(
            {"is_decimal_allowed": boolean},
            {**_TYPE, "initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
            _in_order("min_value", "max_value"),
            _in_order("min_value", "initial_value"),
            _in_order("initial_value", "max_value"),
            _decimals,
        ),
    ),
    "email_text_input": only_on("modal", record({}, {**_TYPE, "initial_value": string(3000, 0)})),
    "url_text_input": only_on("modal", record({}, {**_TYPE, "initial_value": string(3000, 0)})),
    "file_input": only_on("modal", record({}, {**_ID, "filetypes": many(_NAME, 1, 100), "max_files": whole(1, 10)})),
    "feedback_buttons": only_on("message", record({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ID)),
    "icon_button": only_on(
        "message",
        record(
            {"icon": one_of("trash"), "text": plain(75)},
            {**_ID, **_LABEL, "value": string(2000), "confirm": CONFIRM, "visible_to_user_ids": many(_NAME, 1, 10)},
        ),
    ),
    "workflow_button": only_on(
        "message",
        record(
            {
                "text": plain(75),
                "workflow": record(
                    {
                        "trigger": record(
                            {"url": URL},
                            {
                                "customizable_input_parameters": many(
                                    record({"name": _NAME, "value": string(3000)}), 1, 100
                                )
                            },
                        )
                    }
                ),
            },
            {**_ID, **_LABEL, "style": STYLE},
        ),
    ),
    "image": IMAGE,
}

_SELECTS = [name for name in ELEMENTS if name.endswith("_select")]
_CHOICES = ["button", "checkboxes", "radio_buttons", "overflow", *_SELECTS, "datepicker", "timepicker"]
_INPUTS = [name for name in ELEMENTS if name.endswith("_input")]


def among(*names: str) -> Check:
    """Accept one of these elements."""
    return tagged({name: ELEMENTS[name] for name in names}, ELEMENTS)


ACCESSORY = among(*_CHOICES, "workflow_button", "image")
IN_ACTIONS = among(*_CHOICES, "datetimepicker", "workflow_button")
IN_INPUT = among("checkboxes", "radio_buttons", *_SELECTS, "datepicker", "timepicker", "datetimepicker", *_INPUTS)
IN_CONTEXT_ACTIONS = among("feedback_buttons", "icon_button")
BUTTON = among("button")
