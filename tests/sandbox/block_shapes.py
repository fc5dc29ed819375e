"""Blocks and elements to check, as small as they can be."""

from typing import Any

from tiny_app import plain

Block = dict[str, Any]


def message(*blocks: Block, **more: Any) -> Block:
    return {"text": "in words", "blocks": list(blocks), **more}


def section(text: str = "hello", **more: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(value: str, text: str = "") -> Block:
    return {"text": plain(text or value), "value": value}


def select(*values: str, **more: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", "options": [option(each) for each in values], **more}


def ask(**element: Any) -> Block:
    return {"type": "input", "label": plain("What?"), "element": {"action_id": "a", **element}}


def chart(**more: Any) -> Block:
    series = [{"name": "Sales", "data": [{"label": "Q1", "value": 12.5}, {"label": "Q2", "value": 0}]}]
    bars = {"type": "bar", "series": series, "axis_config": {"categories": ["Q1", "Q2"]}}
    return {"type": "data_visualization", "title": "Sales", "chart": bars | more}


def pie(*values: float) -> Block:
    segments = [{"label": f"s{at}", "value": value} for at, value in enumerate(values)]
    return {"type": "data_visualization", "title": "Parts", "chart": {"type": "pie", "segments": segments}}


def cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def table(*rows: list[Block], kind: str = "table", **more: Any) -> Block:
    return {"type": kind, "rows": list(rows), **more}


def figures(*rows: list[Block], **more: Any) -> Block:
    return table(*rows, kind="data_table", **{"caption": "Figures", **more})


RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "hi", "style": {"bold": True}}]},
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}],
        },
    ],
}
CONFIRM = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Delete it"), "deny": plain("Keep it")}
