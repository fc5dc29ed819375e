"""Global and message shortcuts."""

from sandbox.acts.registry import act, channel_of, done, message_of
from sandbox.delivery import interact
from sandbox.errors import ActError
from sandbox.model import Json
from sandbox.payloads import common, message_part
from sandbox.state import State
from sandbox.workspace import App, Person


def _app(state: State, callback_id: str, kind: str) -> App:
    for app in state.apps.values():
        if any(each.callback_id == callback_id and each.type == kind for each in app.shortcuts):
            return app
    raise ActError(f"No app has a {kind} shortcut {callback_id}.")


def _payload(state: State, person: Person, app: App, kind: str, callback_id: str) -> Json:
    fresh = {"action_ts": state.new_ts(), "trigger_id": state.new_trigger(app, person.id)}
    return {**common(state, app, person, kind), "callback_id": callback_id, **fresh}


@act("shortcut")
async def shortcut(state: State, person: Person, fields: Json) -> Json:
    """Choose a global shortcut."""
    app = _app(state, fields["callback_id"], "global")
    payload = _payload(state, person, app, "shortcut", fields["callback_id"])
    return done(await interact(state, app, person.id, payload), app)


@act("message_shortcut")
async def message_shortcut(state: State, person: Person, fields: Json) -> Json:
    """Choose a shortcut from a message's menu."""
    app = _app(state, fields["callback_id"], "message")
    channel = channel_of(state, person, fields)
    message = message_of(channel, person, fields["ts"])
    payload = _payload(state, person, app, "message_action", fields["callback_id"]) | {"message_ts": message.ts}
    payload |= message_part(state, app, person, channel, message)
    return done(await interact(state, app, person.id, payload), app)
