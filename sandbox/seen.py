"""What one person sees: conversations, messages, modals, Home, notifications."""

from collections import Counter

from sandbox.model import Channel, Json, Message
from sandbox.shapes import file_shape, user_shape, view_shape
from sandbox.state import State
from sandbox.workspace import App, Person

TOASTS = 50


def state_for(state: State, person: Person) -> Json:
    """Return the whole screen of a person but the messages."""
    return {
        "me": _person(state, person),
        "team": {"id": state.team.id, "name": state.team.name, "domain": state.team.domain},
        "people": [_person(state, each) for each in state.people.values()],
        "channels": [_channel(state, each, person) for each in state.channels.values() if _listed(each, person)],
        "apps": [_app(state, app, person) for app in state.apps.values()],
        "modals": modals_for(state, person),
        "toasts": toasts_for(state, person),
        "now": state.clock.now().astimezone(person.zone).isoformat(),
    }


def modals_for(state: State, person: Person) -> list[Json]:
    """Return a person's open modals, bottom first."""
    return [
        view_shape(state, view) | {"errors": view.errors, "loading": view.loading} for view in state.stack(person.id)
    ]


def toasts_for(state: State, person: Person) -> list[Json]:
    """Return a person's notifications, oldest first."""
    toasts = [toast for toast in state.toasts.values() if toast.user == person.id][-TOASTS:]
    return [{"id": each.id, "channel": each.channel, "title": each.title, "text": each.text} for each in toasts]


def home_for(state: State, person: Person, app: App) -> Json | None:
    """Return a person's Home tab of an app, when one was published."""
    home = state.homes.get((app.id, person.id))
    return view_shape(state, home) if home else None


def _person(state: State, person: Person) -> Json:
    shape = user_shape(state, person, locale=True)
    words = {"name": person.name, "display": person.display, "email": person.email, "title": person.title}
    return shape | words | {"tz": person.tz, "owner": person.owner, "bot": person.bot, "guest": person.guest}


def _listed(channel: Channel, person: Person) -> bool:
    return person.id in channel.members


def _channel(state: State, channel: Channel, person: Person) -> Json:
    others = channel.members - {person.id}
    other = next(iter(others), person.id) if channel.kind == "dm" else None
    app = state.app_of_bot(other) if other else None
    return {
        "id": channel.id,
        "name": state.people[other].name if other else channel.name,
        "kind": "dm" if channel.kind == "dm" else "channel",
        "app": app.id if app else None,
        "with": other,
        "private": channel.private,
        "unread": unread(channel, person.id),
    }


def unread(channel: Channel, user: str) -> int:
    """Count what a person has not seen in a conversation."""
    last, count = channel.read.get(user, ""), 0
    for message in reversed(channel.messages.values()):
        if message.ts <= last:
            break
        count += message.user != user and message.reader in {"", user}
    return count


def _app(state: State, app: App, person: Person) -> Json:
    return {
        "id": app.id,
        "name": app.name,
        "bot_user": app.bot.user_id,
        "commands": [vars(each) for each in app.commands],
        "shortcuts": [vars(each) for each in app.shortcuts],
        "home": home_for(state, person, app),
        "connected": bool(app.id in state.callables or state.sockets.get(app.id) or app.request_url),
    }


def messages_for(state: State, person: Person, channel: Channel, thread: str = "") -> list[Json]:
    """Return a conversation, or one thread of it, as a person sees it; it is then read."""
    visible = [each for each in channel.messages.values() if each.reader in {"", person.id}]
    replies = Counter(each.thread_ts for each in visible)
    chosen = [each for each in visible if (thread in {each.ts, each.thread_ts} if thread else not each.thread_ts)]
    if visible and channel.read.get(person.id, "") < visible[-1].ts:
        channel.read[person.id] = visible[-1].ts
        state.changed()
    return [_message(state, each, replies[each.ts]) for each in chosen]


def _message(state: State, message: Message, replies: int) -> Json:
    return {
        "ts": message.ts,
        "user": message.user,
        "bot_id": message.bot_id or None,
        "app_id": message.app_id or None,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited or None,
        "thread_ts": message.thread_ts or None,
        "reply_count": replies,
        "files": [file_shape(state, state.files[file]) for file in message.files],
        "ephemeral": bool(message.reader),
        "reactions": [{"name": name, "count": len(who)} for name, who in message.reactions.items()],
        "inputs": message.inputs,
        "metadata": message.metadata or None,
    }
