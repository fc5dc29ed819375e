"""What people enter: the values of inputs in Slack's shapes, and the rules Slack's client applies."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.errors import ActError
from sandbox.model import Json

# element type -> (the key its value has in state, the key its initial value has in the element)
_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d")


def walk(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every block together with each of its interactive elements."""
    for block in blocks:
        yield from walk(block.get("child_blocks") or [])
        inside = [block[name] for name in ("accessory", "element") if name in block]
        if block["type"] in {"actions", "context_actions"}:
            inside += block["elements"]
        for card in block["elements"] if block["type"] == "carousel" else [block]:
            inside += card.get("actions") or []
        for element in inside:
            if "action_id" in element:
                yield block, element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """Return the block and element with these ids."""
    for block, element in walk(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise ActError(f"There is no {action_id} in a block {block_id} here.")


def options_of(element: Json) -> list[Json]:
    """Return an element's options, those of its groups included."""
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def initial_inputs(blocks: list[Json]) -> Json:
    """Return state.values as it stands before anybody has touched the surface."""
    values: Json = {}
    for block, element in walk(blocks):
        if element["type"] in _KEYS:
            key, initial = _KEYS[element["type"]]
            value = element.get(initial, [] if key.startswith("selected_") and key.endswith("s") else None)
            values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], key: value}
    return values


def carried(inputs: Json, blocks: list[Json]) -> Json:
    """Return the inputs of new blocks, with what was entered in equally named ones before."""
    values = initial_inputs(blocks)
    for block_id, actions in values.items():
        for action_id, shape in actions.items():
            before = inputs.get(block_id, {}).get(action_id)
            if before and before["type"] == shape["type"]:
                actions[action_id] = before
    return values


def entered(inputs: Json, blocks: list[Json], values: Json) -> Json:
    """Return the inputs after a person has entered `values`: {block_id: {action_id: value}}."""
    after = {block_id: dict(actions) for block_id, actions in inputs.items()}
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            _, element = find_element(blocks, block_id, action_id)
            after.setdefault(block_id, {})[action_id] = shaped(element, value)
    return after


def shaped(element: Json, value: Any) -> Json:
    """Return a value a person chose or typed in the shape Slack gives it."""
    kind = element["type"]
    if kind not in _KEYS:
        raise ActError(f"{element['action_id']} is a {kind}; nothing can be entered in it.")
    key = _KEYS[kind][0]
    if key == "selected_option":
        return {"type": kind, key: None if value is None else _option(element, value)}
    if key == "selected_options":
        return {"type": kind, key: [_option(element, each) for each in value or []]}
    if value and isinstance(value, str):
        _formed(element, value)
    return {"type": kind, key: None if value == "" else value}


def _formed(element: Json, value: str) -> None:
    wanted = {"datepicker": _DATE, "timepicker": _TIME}.get(element["type"])
    if wanted and not wanted.fullmatch(value):
        raise ActError(f'"{value}" is not what a {element["type"]} gives.')


def _option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option.get("value") == value:
            return option
    if isinstance(value, dict) and element["type"].endswith("external_select"):
        return value
    raise ActError(f"{element['action_id']} has no option {value!r}.")


def chosen(element: Json, value: Any) -> Json:
    """Return the part of an action payload that says what was pressed or chosen."""
    if element["type"] in _KEYS:
        return {k: v for k, v in shaped(element, value).items() if k != "type"}
    if element["type"] == "overflow":
        return {"selected_option": _option(element, value)}
    named: Json = {name: element[name] for name in ("text", "value", "style") if name in element}
    if element["type"] == "feedback_buttons":
        side = next(element[name] for name in ("positive_button", "negative_button") if element[name]["value"] == value)
        return {"text": side["text"], "value": value}
    return named


def problems(blocks: list[Json], inputs: Json) -> dict[str, str]:
    """Return the sentence the client shows under each input block that cannot be submitted yet."""
    wrong = {}
    for block, element in walk(blocks):
        if block["type"] == "input":
            shape = inputs.get(block["block_id"], {}).get(element["action_id"], {})
            sentence = _problem(block, element, shape.get(_KEYS[element["type"]][0]))
            if sentence:
                wrong[block["block_id"]] = sentence
    return wrong


def _problem(block: Json, element: Json, value: Any) -> str:
    if value is None or value in ("", []):
        return "" if block.get("optional") else "Please complete this required field."
    check = _RULES.get(element["type"])
    if isinstance(value, list):
        return _too_many(element, value)
    return check(element, str(value)) if check else ""


def _too_many(element: Json, value: list[Any]) -> str:
    most = element.get("max_selected_items") or element.get("max_files") or 100
    return f"Please choose at most {most}." if len(value) > most else ""


def _text_problem(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please write at least {least} characters."
    return f"Please write at most {most} characters." if len(value) > most else ""


def _number_problem(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


def _email_problem(_: Json, value: str) -> str:
    return "" if _EMAIL.fullmatch(value) else "Please enter an e-mail address."


def _url_problem(_: Json, value: str) -> str:
    return "" if _URL.fullmatch(value) else "Please enter a web address."


_RULES = {
    "plain_text_input": _text_problem,
    "number_input": _number_problem,
    "email_text_input": _email_problem,
    "url_text_input": _url_problem,
}
