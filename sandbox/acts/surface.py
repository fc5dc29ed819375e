"""Pressing, choosing, submitting and closing on messages, modals and Home."""

from typing import Any

from sandbox.acts.files import with_files
from sandbox.acts.registry import act, channel_of, done, message_of, view_of
from sandbox.api.content import checked_view, judge
from sandbox.api.views import drop, push, replace_body, unique_external_id
from sandbox.checker import check_response
from sandbox.delivery import emit, interact
from sandbox.errors import ActError, SlackError
from sandbox.inputs import carried, chosen, entered, find_element, problems
from sandbox.model import Json, Message, View
from sandbox.payloads import common, message_container, message_part, view_part
from sandbox.shapes import view_shape
from sandbox.state import State
from sandbox.workspace import App, Person


@act("press")
async def press(state: State, person: Person, fields: Json) -> Json:
    """Press a button or choose something that tells the app at once."""
    if "view_id" in fields:
        return await _press_in_view(state, person, fields)
    channel = channel_of(state, person, fields)
    message = message_of(channel, person, fields["ts"])
    if message.app_id not in state.apps:
        raise ActError("Only messages of apps can be pressed.")
    app = state.apps[message.app_id]
    action = _enter(state, message, message.blocks, fields)
    payload = common(state, app, person, "block_actions") | message_part(state, app, person, channel, message)
    payload |= {"container": message_container(channel, message), "state": {"values": message.inputs}}
    payload |= {"actions": [action], "trigger_id": state.new_trigger(app, person.id)}
    return done(await interact(state, app, person.id, payload), app)


async def _press_in_view(state: State, person: Person, fields: Json) -> Json:
    view = view_of(state, person, fields["view_id"])
    app = state.apps[view.app_id]
    action = _enter(state, view, view.body["blocks"], fields)
    payload = common(state, app, person, "block_actions") | view_part(state, view)
    payload |= {"actions": [action], "trigger_id": state.new_trigger(app, person.id, view.id)}
    return done(await interact(state, app, person.id, payload), app)


def _enter(state: State, surface: Message | View, blocks: list[Json], fields: Json) -> Json:
    """Note what stands in the surface's inputs and return the action that was taken."""
    block, element = find_element(blocks, fields["block_id"], fields["action_id"])
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise ActError(f"{element['action_id']} tells nobody before the form is submitted.")
    inputs = entered(carried(surface.inputs, blocks), blocks, fields.get("state") or {})
    value = chosen(element, fields.get("value"))
    if element["action_id"] in inputs.get(block["block_id"], {}):
        inputs = entered(inputs, blocks, {block["block_id"]: {element["action_id"]: fields.get("value")}})
    surface.inputs = inputs
    named = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    return {**named, **value, "action_ts": state.new_ts()}


@act("suggest")
async def suggest(state: State, person: Person, fields: Json) -> Json:
    """Type into an external select; the answer holds the options the app offers."""
    view = view_of(state, person, fields["view_id"])
    app = state.apps[view.app_id]
    find_element(view.body["blocks"], fields["block_id"], fields["action_id"])
    payload = common(state, app, person, "block_suggestion") | view_part(state, view)
    payload |= {"value": fields.get("value", ""), "block_id": fields["block_id"], "action_id": fields["action_id"]}
    return done(await interact(state, app, person.id, payload), app)


@act("submit")
async def submit(state: State, person: Person, fields: Json) -> Json:
    """Submit the modal on top; the client's own rules come first."""
    view = _top(state, person, fields["view_id"])
    blocks = view.body["blocks"]
    dm = state.dm(state.apps[view.app_id].bot.user_id, person.id)
    given = with_files(state, person, dm.id, blocks, fields.get("state") or {})
    view.inputs = entered(view.inputs, blocks, given)
    view.errors = problems(blocks, view.inputs)
    if view.errors:
        state.changed()
        return {"ok": False, "errors": view.errors}
    if not view.body.get("submit"):
        raise ActError("This modal has nothing to submit.")
    return await _submit(state, person, view)


def _top(state: State, person: Person, view_id: str) -> View:
    stack = state.stack(person.id)
    if not stack or stack[-1].id != view_id:
        raise ActError(f"{view_id} is not the modal on top.")
    return stack[-1]


async def _submit(state: State, person: Person, view: View) -> Json:
    app = state.apps[view.app_id]
    payload = common(state, app, person, "view_submission")
    payload |= {"trigger_id": state.new_trigger(app, person.id, view.id), "view": view_shape(state, view)}
    view.loading = True
    state.changed()
    answer = await interact(state, app, person.id, payload | {"response_urls": []})
    view.loading = False
    state.changed()
    if answer and view.id in state.views:
        try:
            _react(state, view, answer.body)
        except SlackError as error:
            _blame(state, view, error)
    return done(answer, app)


def _blame(state: State, view: View, error: SlackError) -> None:
    sentence = "; ".join(error.messages) or f"The answer to view_submission was refused: {error.code}."
    state.find("view_submission", view.app_id, error.code, sentence)
    state.tell(view.user, "We had some trouble connecting. Try again?")


def _react(state: State, view: View, body: Any) -> None:
    """Do what the app answered to a submission."""
    answer = body if isinstance(body, dict) else {}
    kind = answer.get("response_action")
    judge(state, view.app_id, "view_submission", check_response(view.body, answer))
    if kind is None:
        drop(state, [view])
    elif kind == "clear":
        drop(state, state.stack(view.user))
    elif kind == "errors":
        view.errors = {block_id: str(text) for block_id, text in answer["errors"].items()}
        state.changed()
    else:
        _show(state, view, kind, answer["view"])


def _show(state: State, view: View, kind: str, wanted: Json) -> None:
    shown = checked_view(state, view.app_id, f"response_action {kind}", wanted, "modal")
    if kind == "push":
        push(state, view.app_id, view.user, shown)
        return
    unique_external_id(state, shown, view)
    replace_body(state, view, shown)


@act("close")
async def close(state: State, person: Person, fields: Json) -> Json:
    """Close a modal, and everything under it when it says clear_on_close."""
    view = _top(state, person, fields["view_id"])
    gone = state.stack(person.id) if view.body.get("clear_on_close") else [view]
    drop(state, gone)
    answers = [await _closed(state, person, each, cleared=len(gone) > 1) for each in reversed(gone)]
    return next((answer for answer in answers if answer), {"ok": True, "answer": None})


async def _closed(state: State, person: Person, view: View, *, cleared: bool) -> Json | None:
    if not view.body.get("notify_on_close"):
        return None
    app = state.apps[view.app_id]
    shape = view_shape(state, view) | {"state": {"values": {}}}
    payload = common(state, app, person, "view_closed") | {"view": shape, "is_cleared": cleared}
    return done(await interact(state, app, person.id, payload), app)


@act("open_home")
async def open_home(state: State, person: Person, fields: Json) -> Json:
    """Open an app's Home tab."""
    return await _open(state, person, _app(state, fields["app"]), "home")


@act("open_messages")
async def open_messages(state: State, person: Person, fields: Json) -> Json:
    """Open an app's Messages tab."""
    return await _open(state, person, _app(state, fields["app"]), "messages")


async def _open(state: State, person: Person, app: App, tab: str) -> Json:
    channel = state.dm(app.bot.user_id, person.id)
    event: Json = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab}
    home = state.homes.get((app.id, person.id))
    if home and tab == "home":
        event["view"] = view_shape(state, home)
    await emit(state, app, "app_home_opened", event, person.id)
    return {"ok": True, "answer": {"channel": channel.id}}


def _app(state: State, app_id: str) -> App:
    if app_id not in state.apps:
        raise ActError(f"There is no app {app_id}.")
    return state.apps[app_id]
