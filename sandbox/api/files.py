"""files.*: the three steps of an upload, and looking at a file."""

from typing import Any

from sandbox.api.content import checked_message
from sandbox.api.registry import Call, method
from sandbox.errors import SlackError
from sandbox.model import Channel, File, Json, Message
from sandbox.shapes import file_shape


@method("files.getUploadURLExternal", "files:write", tier=4)
def upload_url(call: Call) -> Json:
    """Announce a file; its bytes are then posted to the address returned."""
    length = call.whole("length", 0)
    if length < 1:
        raise SlackError("invalid_arguments", ["[ERROR] length must be above zero"])
    if len(call.text("alt_txt")) > 1000:
        raise SlackError("alt_txt_too_large")
    state, name = call.state, call.need("filename")
    file = File(state.new_id("F"), name, call.app.bot.user_id, length, int(state.seconds()))
    file.alt_text = call.text("alt_txt")
    state.files[file.id] = file
    return {"upload_url": f"{state.base_url}upload/v1/{file.id}?team={state.team.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write", tier=4)
def complete(call: Call) -> Json:
    """Finish uploads, and share the files when conversations are named."""
    wanted = call.data("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments", ["[ERROR] files must be a list with at least one file"])
    channels = [_open(call, name) for name in (call.text("channel_id") or call.text("channels")).split(",") if name]
    if call.text("thread_ts") and len(channels) != 1:
        raise SlackError("invalid_arguments", ["[ERROR] thread_ts needs exactly one channel"])
    files = [_finish(call, each) for each in wanted]
    for channel in channels:
        _share(call, channel, files)
    return {"files": [file_shape(call.state, file) for file in files]}


def _open(call: Call, name: str) -> Channel:
    channel = call.state.channels.get(name)
    if channel is None or call.app.bot.user_id not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def _finish(call: Call, wanted: Any) -> File:
    file = call.state.files.get(str(wanted.get("id"))) if isinstance(wanted, dict) else None
    if file is None or file.complete or not file.received:
        raise SlackError("file_not_found")
    file.complete, file.title = True, str(wanted.get("title") or file.name)
    return file


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    text, bot = call.text("initial_comment"), call.app.bot
    if text:
        checked_message(call.state, call.app.id, "files.completeUploadExternal", {"text": text})
    message = Message(call.state.new_ts(), bot.user_id, text, call.app.id, bot.bot_id, subtype="file_share")
    message.files, message.thread_ts = [file.id for file in files], call.text("thread_ts")
    for file in files:
        file.channels.append(channel.id)
    call.state.add(channel, message)


@method("files.info", "files:read", tier=4)
def info(call: Call) -> Json:
    """Describe a file the app may see."""
    file = call.state.files.get(call.need("file"))
    if file is None or not visible(call, file):
        raise SlackError("file_not_found")
    return {"file": file_shape(call.state, file), "comments": []}


def visible(call: Call, file: File) -> bool:
    """Tell whether the app posted the file or is where it was shared."""
    bot = call.app.bot.user_id
    return file.user == bot or any(bot in call.state.channels[each].members for each in file.channels)
