"""The payloads of interactions and commands, shaped as Slack sends them."""

from sandbox.model import Channel, Json, Message, ResponseUrl, View
from sandbox.shapes import message_shape, view_shape
from sandbox.state import State
from sandbox.workspace import App, Person


def common(state: State, app: App, person: Person, kind: str) -> Json:
    """Return what every interaction payload carries."""
    name = person.display or person.name
    return {
        "type": kind,
        "team": None if state.org_wide else {"id": state.team.id, "domain": state.team.domain},
        "user": {"id": person.id, "username": name, "name": name, "team_id": person.team or state.team.id},
        "api_app_id": app.id,
        "token": "sandbox",
        "enterprise": {"id": state.team.organisation, "name": "An organisation"} if state.team.organisation else None,
        "is_enterprise_install": state.org_wide,
    }


def message_part(state: State, app: App, person: Person, channel: Channel, message: Message) -> Json:
    """Return what an interaction with a message says about it, with a fresh response_url."""
    use = ResponseUrl(app.id, person.id, channel.id, state.seconds(), message.ts, message.thread_ts)
    return {
        "channel": {"id": channel.id, "name": channel.name},
        "message": message_shape(state, channel, message),
        "response_url": state.new_response_url(use),
    }


def message_container(channel: Channel, message: Message) -> Json:
    """Return the container of something pressed in a message."""
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = bool(message.reader)
    return container | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def view_part(state: State, view: View) -> Json:
    """Return what an interaction in a view says about it."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_shape(state, view)}


def slash_command(state: State, app: App, person: Person, channel: Channel, words: tuple[str, str]) -> Json:
    """Return the payload of a slash command; `words` are the command and its text."""
    use = ResponseUrl(app.id, person.id, channel.id, state.seconds())
    return {
        "token": "sandbox",
        "team_id": state.team.id,
        "team_domain": state.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.id,
        "user_name": person.display or person.name,
        "command": words[0],
        "text": words[1],
        "api_app_id": app.id,
        "is_enterprise_install": str(state.org_wide).lower(),
        "response_url": state.new_response_url(use),
        "trigger_id": state.new_trigger(app, person.id),
        **({"enterprise_id": state.team.organisation} if state.team.organisation else {}),
    }
