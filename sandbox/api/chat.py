"""chat.*: what an app says."""

from sandbox.api.content import message_content, note_announced
from sandbox.api.registry import Call, method
from sandbox.errors import SlackError
from sandbox.model import Channel, Json, Message
from sandbox.shapes import message_shape


def _target(call: Call) -> Channel:
    """Return the conversation to post to; a person's id opens the direct message."""
    name = call.need("channel")
    if name in call.state.people:
        if call.state.people[name].deleted:
            raise SlackError("channel_not_found")
        return call.state.dm(call.app.bot.user_id, name)
    channel = call.channel()
    public = call.app.scopes is None or "chat:write.public" in call.app.scopes
    if call.app.bot.user_id not in channel.members and not public:
        raise SlackError("not_in_channel")
    return channel


def _message(call: Call, channel: Channel, content: Json) -> Message:
    thread = call.text("thread_ts")
    if thread and thread not in channel.messages:
        raise SlackError("message_not_found")
    bot = call.app.bot
    return Message(call.state.new_ts(), bot.user_id, app_id=call.app.id, bot_id=bot.bot_id, thread_ts=thread, **content)


@method("chat.postMessage", "chat:write", tier=0)
def post_message(call: Call) -> Json:
    """Post a message."""
    channel, content = _target(call), message_content(call, "chat.postMessage")
    if channel.kind == "dm":
        note_announced(call, "chat.postMessage", content)
    message = call.state.add(channel, _message(call, channel, content))
    return {"channel": channel.id, "ts": message.ts, "message": message_shape(call.state, channel, message)}


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(call: Call) -> Json:
    """Show a message to one member only; it is not part of the history."""
    channel, reader = _target(call), call.need("user")
    if reader not in channel.members:
        raise SlackError("user_not_in_channel")
    if len(call.text("text").encode()) > 4_000:
        raise SlackError("msg_too_long")
    content = message_content(call, "chat.postEphemeral") | {"metadata": {}}
    message = _message(call, channel, content)
    message.reader = reader
    call.state.add(channel, message)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    """Change one of the app's own messages."""
    channel, message = _own(call, "cant_update_message")
    if len(call.text("text")) > 4_000:
        raise SlackError("msg_too_long")
    content = message_content(call, "chat.update")
    if channel.kind == "dm":
        note_announced(call, "chat.update", content)
    if "metadata" not in call.args:
        content["metadata"] = message.metadata
    rewrite(message, content)
    call.state.changed()
    shape = message_shape(call.state, channel, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def rewrite(message: Message, content: Json) -> None:
    """Put new content into a message; what people had chosen in it is kept where the block stays."""
    for name, value in content.items():
        setattr(message, name, value)
    kept = {block["block_id"] for block in message.blocks}
    message.inputs = {block: chosen for block, chosen in message.inputs.items() if block in kept}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel, message = _own(call, "cant_delete_message")
    del channel.messages[message.ts]
    call.state.changed()
    return {"channel": channel.id, "ts": message.ts}


def _own(call: Call, refusal: str) -> tuple[Channel, Message]:
    if call.need("channel") in call.state.people:
        raise SlackError("channel_not_found")
    channel = call.channel()
    message = channel.messages.get(call.need("ts"))
    if message is None or message.reader:
        raise SlackError("message_not_found")
    if message.app_id != call.app.id:
        raise SlackError(refusal)
    return channel, message
