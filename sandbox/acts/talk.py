"""Typing: messages, slash commands, files; and opening what an app offers."""

import asyncio
import re

from sandbox.acts.files import kept
from sandbox.acts.registry import act, channel_of, done
from sandbox.delivery import emit, interact
from sandbox.errors import ActError
from sandbox.model import Channel, File, Json, Message, ResponseUrl
from sandbox.payloads import slash_command
from sandbox.respond import answer_command
from sandbox.shapes import message_shape
from sandbox.state import State
from sandbox.workspace import App, Command, Person

_MENTION = re.compile(r"@([\w.-]+)")
_TOKEN = re.compile(r"(<[@#][A-Z0-9]+(?:\|[^>]*)?>|https?://[^\s<>]+)")
_EVENTS = {"dm": ("message.im", "im"), "group": ("message.mpim", "mpim")}


@act("say")
async def say(state: State, person: Person, fields: Json) -> Json:
    """Type a message into a conversation."""
    channel = channel_of(state, person, fields)
    if person.id not in channel.members:
        raise ActError(f"{person.name} is not in #{channel.name}.")
    if not fields["text"].strip():
        raise ActError("An empty message is not sent.")
    message = Message(state.new_ts(), person.id, typed(state, fields["text"]), thread_ts=fields.get("thread_ts") or "")
    state.add(channel, message)
    await _spread(state, person, channel, message)
    return {"ok": True, "answer": {"ts": message.ts}}


def typed(state: State, text: str) -> str:
    """Return what a person typed as Slack's client sends it: escaped, mentions and links marked up."""
    parts = _TOKEN.split(text)
    return "".join(_marked(part) if at % 2 else _escaped(state, part) for at, part in enumerate(parts))


def _marked(part: str) -> str:
    return f"<{part.replace('&', '&amp;')}>" if part.startswith("http") else part


def _escaped(state: State, part: str) -> str:
    plain = part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub(lambda found: _mention(state, found, "<@{0}>"), plain)


def _mention(state: State, found: re.Match[str], form: str) -> str:
    for person in state.people.values():
        if found[1] in {person.display, person.id}:
            return form.format(person.id, person.display)
    return found[0]


async def _spread(state: State, person: Person, channel: Channel, message: Message) -> None:
    shape = message_shape(state, channel, message)
    public = ("message.groups", "group") if channel.private else ("message.channels", "channel")
    name, kind = _EVENTS.get(channel.kind, public)
    event = {**shape, "channel": channel.id, "channel_type": kind, "event_ts": message.ts}
    apps = [app for app in state.apps.values() if app.bot.user_id in channel.members]
    await asyncio.gather(*(emit(state, app, name, event, person.id) for app in apps))
    for app in apps:
        if f"<@{app.bot.user_id}" in message.text and channel.kind != "dm":
            await emit(state, app, "app_mention", {**shape, "type": "app_mention", "channel": channel.id}, person.id)


@act("command")
async def command(state: State, person: Person, fields: Json) -> Json:
    """Type a slash command."""
    channel = channel_of(state, person, fields)
    word, _, text = fields["text"].strip().partition(" ")
    app, known = _command(state, word)
    if known.should_escape:
        text = re.sub(r"<@([A-Z0-9]+)>", r"@\1", text)
        text = _MENTION.sub(lambda found: _mention(state, found, "<@{0}|{1}>"), text)
    payload = slash_command(state, app, person, channel, (word, text.strip()))
    answer = await interact(state, app, person.id, payload, "slash_commands")
    if answer:
        answer_command(state, ResponseUrl(app.id, person.id, channel.id, state.seconds()), answer.body)
    return done(answer, app)


def _command(state: State, word: str) -> tuple[App, Command]:
    # The app installed last owns a name that several have.
    for app in reversed(state.apps.values()):
        for known in app.commands:
            if known.command == word:
                return app, known
    raise ActError(f"{word} is not a valid command.")


@act("upload")
async def upload(state: State, person: Person, fields: Json) -> Json:
    """Drop a file into a conversation."""
    channel = channel_of(state, person, fields)
    file = kept(state, person, channel.id, fields)
    text = typed(state, fields.get("comment") or "")
    message = Message(state.new_ts(), person.id, text, files=[file.id], subtype="file_share")
    message.thread_ts = fields.get("thread_ts") or ""
    state.add(channel, message)
    await _shared(state, person, channel, file)
    await _spread(state, person, channel, message)
    return {"ok": True, "answer": {"ts": message.ts, "file": file.id}}


async def _shared(state: State, person: Person, channel: Channel, file: File) -> None:
    event = {"type": "file_shared", "channel_id": channel.id, "file_id": file.id, "user_id": person.id}
    for app in state.apps.values():
        if app.bot.user_id in channel.members:
            await emit(state, app, "file_shared", {**event, "file": {"id": file.id}}, person.id)


@act("dismiss")
async def dismiss(state: State, person: Person, fields: Json) -> Json:
    """Click a notification away."""
    toast = state.toasts.get(fields.get("toast", ""))
    if toast is None or toast.user != person.id:
        raise ActError("There is no such notification.")
    del state.toasts[toast.id]
    state.changed()
    return {"ok": True, "answer": None}
