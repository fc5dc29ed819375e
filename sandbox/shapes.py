"""How people, conversations, messages, files and views look in Slack's JSON."""

from typing import Any

from sandbox.model import Channel, File, Json, Message, View
from sandbox.state import State
from sandbox.workspace import Person


def user_shape(state: State, person: Person, *, locale: bool = False) -> Json:
    """Return a user object as users.info gives it."""
    offset = state.clock.now().astimezone(person.zone).utcoffset()
    shape = {
        "id": person.id,
        "team_id": person.team or state.team.id,
        "name": (person.display or person.name).lower().replace(" ", "."),
        "deleted": person.deleted,
        "real_name": person.name,
        "profile": _profile(state, person),
        "is_bot": person.bot,
        "updated": 0,
        "is_app_user": False,
    }
    if state.team.organisation and not person.team:
        home = state.team
        theirs = {"id": person.id, "enterprise_id": home.organisation, "teams": [home.id], "is_owner": person.owner}
        shape |= {"team_id": person.home_team or home.id, "enterprise_user": theirs}
    if not person.deleted:
        shape |= {"tz": person.tz, "tz_label": person.tz, "tz_offset": int(offset.total_seconds()) if offset else 0}
        shape |= {"is_admin": person.admin or person.owner, "is_owner": person.owner, "is_primary_owner": person.owner}
        shape |= {"is_restricted": person.guest, "is_ultra_restricted": False}
    return shape | ({"locale": person.locale} if locale else {})


def _profile(state: State, person: Person) -> Json:
    profile = {
        "title": person.title,
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.display,
        "display_name_normalized": person.display,
        "team": state.team.id,
    }
    if person.email:
        profile["email"] = person.email
    app = state.app_of_bot(person.id)
    return profile | ({"api_app_id": app.id, "bot_id": app.bot.bot_id} if app else {})


def channel_shape(channel: Channel, bot: str) -> Json:
    """Return a conversation object as the app with this bot user sees it."""
    direct = channel.kind == "dm"
    shape = {"id": channel.id, "created": 0, "is_archived": False, "is_im": direct, "is_org_shared": False}
    shape |= {"is_channel": channel.kind == "channel", "is_group": False, "is_mpim": channel.kind == "group"}
    if direct:
        return shape | {"user": next(iter(channel.members - {bot}), bot), "is_user_deleted": False, "priority": 0}
    shape |= {"name": channel.name, "name_normalized": channel.name, "is_private": channel.private}
    return shape | {"is_member": bot in channel.members, "is_general": channel.name == "general"}


def message_shape(state: State, channel: Channel, message: Message, *, metadata: bool = True) -> Json:
    """Return a message as history, events and interaction payloads carry it."""
    shape: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    shape["team"] = state.team.id
    if message.app_id:
        shape |= {"bot_id": message.bot_id, "app_id": message.app_id}
    for name in ("subtype", "blocks", "attachments"):
        if value := getattr(message, name):
            shape[name] = value
    if message.metadata and metadata:
        shape["metadata"] = message.metadata
    if message.files:
        shape["files"] = [file_shape(state, state.files[file]) for file in message.files]
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        who = message.reactions.items()
        shape["reactions"] = [{"name": name, "users": users, "count": len(users)} for name, users in who]
    return shape | _thread(channel, message)


def _thread(channel: Channel, message: Message) -> Json:
    if message.thread_ts:
        return {"thread_ts": message.thread_ts}
    replies = [each for each in channel.messages.values() if each.thread_ts == message.ts and not each.reader]
    if not replies:
        return {}
    users = list(dict.fromkeys(each.user for each in replies))
    counts = {"reply_count": len(replies), "reply_users_count": len(users), "reply_users": users}
    return {"thread_ts": message.ts, "latest_reply": replies[-1].ts, **counts}


def file_shape(state: State, file: File) -> Json:
    """Return a file object."""
    ending = file.name.rpartition(".")[2].lower()
    url = f"{state.base_url}files-pri/{state.team.id}-{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": _MIMES.get(ending, "application/octet-stream"),
        "filetype": ending,
        "pretty_type": ending.upper(),
        "user": file.user,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": url,
        "url_private_download": url,
        "channels": [each for each in file.channels if each.startswith("C")],
        "ims": [each for each in file.channels if each.startswith("D")],
        "groups": [],
        "shares": {},
    }


_MIMES = {
    "csv": "text/csv",
    "txt": "text/plain",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_VIEW_DEFAULTS: dict[str, Any] = {
    "private_metadata": "",
    "callback_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "external_id": "",
    "title": None,
    "close": None,
    "submit": None,
}


def view_shape(state: State, view: View) -> Json:
    """Return a view as payloads and the answers of views.* carry it, with its current input."""
    return {
        **_VIEW_DEFAULTS,
        **view.body,
        "id": view.id,
        "team_id": state.team.id,
        "state": {"values": view.inputs},
        "hash": view.hash,
        "previous_view_id": view.previous_id or None,
        "root_view_id": view.root_id,
        "app_id": view.app_id,
        "app_installed_team_id": state.team.id,
        "bot_id": state.apps[view.app_id].bot.bot_id,
    }
