"""conversations.*: channels, direct messages and what was said in them."""

from sandbox.api.registry import Call, method, page
from sandbox.api.users import kind_of
from sandbox.errors import SlackError
from sandbox.model import Channel, Json, Message
from sandbox.shapes import channel_shape, message_shape

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


@method("conversations.open", "im:write", "mpim:write")
def conversations_open(call: Call) -> Json:
    """Open the direct conversation with one person, or a group with several."""
    if call.text("channel"):
        channel = call.channel()
    else:
        users = [user for user in call.need("users").split(",") if user]
        channel = _dm(call, users[0]) if len(users) == 1 else _group(call, users)
    full = channel_shape(channel, call.app.bot.user_id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": full}


def _dm(call: Call, user: str) -> Channel:
    person = call.state.person(user)
    if person.deleted:
        raise SlackError("user_disabled")
    if person.bot:
        raise SlackError("cannot_dm_bot")
    return call.state.dm(call.app.bot.user_id, user)


def _group(call: Call, users: list[str]) -> Channel:
    if len(users) > 8:
        raise SlackError("too_many_users")
    members = {call.state.person(user).id for user in users} | {call.app.bot.user_id}
    for channel in call.state.channels.values():
        if channel.kind == "group" and channel.members == members:
            return channel
    name = "mpdm-" + "--".join(sorted(call.state.people[user].display for user in members))
    group = Channel(call.state.new_id("G"), name, "group", members, private=True)
    call.state.channels[group.id] = group
    return group


@method("conversations.info", *_READ)
def conversations_info(call: Call) -> Json:
    """Describe one conversation."""
    return {"channel": channel_shape(call.channel(), call.app.bot.user_id)}


@method("conversations.list", *_READ, tier=2)
def conversations_list(call: Call) -> Json:
    """List the conversations the app can see."""
    kinds, bot = (call.text("types") or "public_channel").split(","), call.app.bot.user_id
    seen = [
        channel_shape(each, bot)
        for each in call.state.channels.values()
        if kind_of(each.kind, private=each.private) in kinds and (not each.private or bot in each.members)
    ]
    channels, cursor = page(call, seen)
    return {"channels": channels, "response_metadata": cursor}


@method("conversations.members", *_READ, tier=4)
def conversations_members(call: Call) -> Json:
    """List a conversation's members."""
    members, cursor = page(call, sorted(call.channel().members))
    return {"members": members, "response_metadata": cursor}


@method("conversations.history", *_HISTORY)
def conversations_history(call: Call) -> Json:
    """Return messages, newest first, without thread replies."""
    channel = _readable(call)
    messages = [each for each in reversed(channel.messages.values()) if not each.thread_ts]
    return _messages(call, channel, messages)


@method("conversations.replies", *_HISTORY)
def conversations_replies(call: Call) -> Json:
    """Return a thread, its first message first."""
    channel, ts = _readable(call), call.need("ts")
    if ts not in channel.messages:
        raise SlackError("thread_not_found")
    return _messages(call, channel, [each for each in channel.messages.values() if ts in {each.ts, each.thread_ts}])


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.app.bot.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _messages(call: Call, channel: Channel, messages: list[Message]) -> Json:
    chosen, cursor = page(call, [each for each in messages if not each.reader and _wanted(call, each.ts)])
    metadata = call.flag("include_all_metadata")
    shapes = [message_shape(call.state, channel, each, metadata=metadata) for each in chosen]
    return {"messages": shapes, "has_more": bool(cursor["next_cursor"]), "response_metadata": cursor}


def _wanted(call: Call, ts: str) -> bool:
    at, oldest, latest = float(ts), float(call.text("oldest") or 0), float(call.text("latest") or "inf")
    return oldest <= at <= latest if call.flag("inclusive") else oldest < at < latest


@method("reactions.add", "reactions:write")
def reactions_add(call: Call) -> Json:
    """Put an emoji under a message."""
    message = call.channel().messages.get(call.text("timestamp"))
    if message is None or message.reader:
        raise SlackError("message_not_found")
    users = message.reactions.setdefault(call.need("name").strip(":"), [])
    if call.app.bot.user_id in users:
        raise SlackError("already_reacted")
    users.append(call.app.bot.user_id)
    call.state.changed()
    return {}
