"""Answers that are not Web API calls: the body of a command's ack, and posts to a response_url."""

from typing import Any

from sandbox.api.chat import rewrite
from sandbox.api.content import checked_message
from sandbox.errors import SlackError
from sandbox.model import Json, Message, ResponseUrl
from sandbox.state import State

USES = 5
LIFETIME = 30 * 60
_CONTENT = ("text", "blocks", "attachments", "metadata")


def respond(state: State, key: str, payload: Json) -> str:
    """Do what a post to a response_url asks; returns an error code, empty when all is well."""
    use = state.response_urls.get(key)
    if use is None or state.seconds() - use.born > LIFETIME:
        return _refused(state, use, "expired_url")
    if use.uses >= USES:
        return _refused(state, use, "used_url")
    use.uses += 1
    try:
        _do(state, use, payload)
    except SlackError as error:
        return _refused(state, use, error.code, error.messages)
    return ""


def _refused(state: State, use: ResponseUrl | None, code: str, messages: list[str] | None = None) -> str:
    sentence = "; ".join(messages or []) or f"The response_url was refused: {code}."
    state.find("response_url", use.app_id if use else "", code, sentence)
    return code


def _do(state: State, use: ResponseUrl, payload: Json) -> None:
    channel = state.channels[use.channel]
    original = channel.messages.get(use.message)
    if payload.get("delete_original") and original:
        del channel.messages[original.ts]
        state.changed()
        return
    content = _content(state, use.app_id, payload)
    if payload.get("replace_original") and original:
        rewrite(original, content)
        state.changed()
        return
    _post(state, use, content, public=payload.get("response_type") == "in_channel")


def _content(state: State, app_id: str, payload: Json) -> Json:
    wanted = {name: payload[name] for name in _CONTENT if payload.get(name)}
    return {"text": "", "blocks": [], **checked_message(state, app_id, "response_url", wanted)}


def _post(state: State, use: ResponseUrl, content: Json, *, public: bool) -> None:
    bot = state.apps[use.app_id].bot
    message = Message(state.new_ts(), bot.user_id, app_id=use.app_id, bot_id=bot.bot_id, **content)
    message.thread_ts, message.reader = use.thread_ts, "" if public else use.user
    state.add(state.channels[use.channel], message)


def answer_command(state: State, use: ResponseUrl, body: Any) -> None:
    """Show the body of a command's ack; ephemeral unless it says in_channel."""
    if not body:
        return
    payload = body if isinstance(body, dict) else {"text": str(body)}
    if not any(payload.get(name) for name in _CONTENT):
        return
    try:
        content = _content(state, use.app_id, payload)
    except SlackError as error:
        _refused(state, use, error.code, error.messages)
        state.tell(use.user, f"{state.apps[use.app_id].name} answered with something Slack refuses: {error.code}")
        return
    _post(state, use, content, public=payload.get("response_type") == "in_channel")
