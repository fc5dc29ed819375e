"""What an app may put into a message or a view: read, checked strictly, given its missing ids."""

import json
from typing import Any

from sandbox.api.registry import Call
from sandbox.checker import Finding, check_announced, check_message, check_view
from sandbox.errors import SlackError
from sandbox.model import Json
from sandbox.shapes import file_shape
from sandbox.state import State


def message_content(call: Call, source: str) -> Json:
    """Return the checked text, blocks, attachments and metadata of a message about to be posted."""
    payload = {
        "text": call.text("text"),
        "blocks": _blocks(call),
        "attachments": call.data("attachments", "invalid_attachments") or [],
        "metadata": _metadata(call),
    }
    if markdown := call.text("markdown_text"):
        if payload["text"] or payload["blocks"]:
            raise SlackError("markdown_text_conflict")
        payload |= {"text": markdown, "blocks": [{"type": "markdown", "text": markdown}]}
    return checked_message(call.state, call.app.id, source, payload)


def note_announced(call: Call, source: str, content: Json) -> None:
    """Note what notifies somebody, or stands where it did, with other words than it begins with."""
    judge(call.state, call.app.id, source, check_announced(content))


def checked_message(state: State, app_id: str, source: str, payload: Json) -> Json:
    """Refuse a message Slack would refuse; note what it merely advises against."""
    if not payload.get("text") and not payload.get("blocks") and not payload.get("attachments"):
        raise SlackError("no_text")
    judge(state, app_id, source, check_message({k: v for k, v in payload.items() if v}))
    text = str(payload.get("text") or "")[:40_000]
    return {**payload, "text": text, "blocks": with_ids(state, payload.get("blocks") or [])}


def checked_view(state: State, app_id: str, source: str, view: Any, kind: str) -> Json:
    """Refuse a view Slack would refuse; return it with every block_id filled in."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise SlackError("invalid_arguments", [f"[ERROR] the view must be of type {kind} [json-pointer:/view/type]"])
    if len(json.dumps(view, ensure_ascii=False).encode()) > 250_000:
        raise SlackError("view_too_large")
    findings = check_view(view)
    judge(state, app_id, source, [_as_argument(each) for each in findings])
    return {**view, "blocks": with_ids(state, view["blocks"])}


def _as_argument(finding: Finding) -> Finding:
    code = "invalid_arguments" if finding.code else ""
    return Finding(finding.path, finding.rule, finding.sentence, code)


def judge(state: State, app_id: str, source: str, findings: list[Finding]) -> None:
    """Refuse for the findings that carry an error code; keep the others for the inspector."""
    for each in findings:
        if not each.code:
            state.find(source, app_id, each.rule, each.sentence, each.path)
    refused = [each for each in findings if each.code]
    if refused:
        raise SlackError(refused[0].code, [f"[ERROR] {each.sentence} [json-pointer:{each.path}]" for each in refused])


def with_ids(state: State, blocks: list[Json]) -> list[Json]:
    """Return the blocks with a block_id (and action_ids) wherever the app left them out."""
    return [_with_id(state, block) for block in blocks]


def _with_id(state: State, block: Json) -> Json:
    filled = _resolved(state, {"block_id": state.new_id("b"), **block})
    if "child_blocks" in filled:
        filled["child_blocks"] = with_ids(state, filled["child_blocks"])
    for name in ("accessory", "element"):
        if name in filled:
            filled[name] = _with_action(state, filled[name])
    if block["type"] in {"actions", "context_actions"}:
        filled["elements"] = [_with_action(state, element) for element in filled["elements"]]
    return filled


def _with_action(state: State, element: Json) -> Json:
    if element["type"] == "image":
        return _resolved(state, element)
    return {"action_id": state.new_id("a"), **element}


def _resolved(state: State, image: Json) -> Json:
    """Return an image whose uploaded file is there and has its address."""
    if "id" not in image.get("slack_file", {}):
        return image
    file = state.files.get(image["slack_file"]["id"])
    if file is None or not file.complete:
        raise SlackError("invalid_blocks", ["[ERROR] invalid slack file"])
    return {**image, "slack_file": {"id": file.id, "url": file_shape(state, file)["url_private"]}}


def _blocks(call: Call) -> list[Json]:
    blocks = call.data("blocks", "invalid_blocks_format") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    return blocks


def _metadata(call: Call) -> Json:
    metadata = call.data("metadata", "invalid_metadata_format") or {}
    if not metadata:
        return {}
    whole = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not whole or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    return dict(metadata)
