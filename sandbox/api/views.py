"""views.*: modals and the App Home."""

import time

from sandbox.api.content import checked_view
from sandbox.api.registry import Call, method
from sandbox.errors import SlackError
from sandbox.inputs import carried, initial_inputs
from sandbox.model import Json, Trigger, View
from sandbox.shapes import view_shape
from sandbox.state import State

STACK = 3


def _trigger(call: Call) -> Trigger:
    trigger = call.state.triggers.get(call.need("trigger_id"))
    if trigger is None or trigger.app_id != call.app.id:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() - trigger.born > call.state.settings.trigger_seconds:
        raise SlackError("expired_trigger_id")
    return trigger


@method("views.open", tier=4)
def views_open(call: Call) -> Json:
    """Open a modal for whoever caused the trigger; from inside a modal it goes on top."""
    return _raise(call, _trigger(call), "views.open")


@method("views.push", tier=4)
def views_push(call: Call) -> Json:
    """Put a modal on top of the one that caused the trigger."""
    trigger = _trigger(call)
    if trigger.view_id not in call.state.stacks.get(trigger.user, ()):
        raise SlackError("not_found")
    return _raise(call, trigger, "views.push")


def _raise(call: Call, trigger: Trigger, source: str) -> Json:
    state = call.state
    body = checked_view(state, call.app.id, source, call.data("view", "invalid_arguments"), "modal")
    nested = trigger.view_id in state.stacks.get(trigger.user, ())
    if not nested:
        drop(state, state.stack(trigger.user))
    view = push(state, call.app.id, trigger.user, body)
    trigger.used = True
    return {"view": view_shape(state, view)}


def push(state: State, app_id: str, user: str, body: Json) -> View:
    """Put a checked modal on a person's stack."""
    stack = state.stacks.setdefault(user, [])
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    unique_external_id(state, body)
    view_id = state.new_id("V")
    view = View(view_id, app_id, user, body, state.new_hash(), stack[0] if stack else view_id)
    view.previous_id = stack[-1] if stack else ""
    view.inputs = initial_inputs(body["blocks"])
    stack.append(view_id)
    state.views[view_id] = view
    state.changed()
    return view


def drop(state: State, views: list[View]) -> None:
    """Take modals off the screen."""
    for view in views:
        state.stacks[view.user].remove(view.id)
        del state.views[view.id]
    if views:
        state.changed()


def unique_external_id(state: State, body: Json, view: View | None = None) -> None:
    """Refuse an external_id that another view of the workspace has."""
    external = body.get("external_id")
    others = [*state.views.values(), *state.homes.values()]
    if external and any(each is not view and each.body.get("external_id") == external for each in others):
        raise SlackError("duplicate_external_id")


@method("views.update", tier=4)
def views_update(call: Call) -> Json:
    """Replace what an open view shows."""
    view = _found(call)
    _fresh(call, view)
    body = call.data("view", "invalid_arguments")
    body = checked_view(call.state, call.app.id, "views.update", body, view.body["type"])
    unique_external_id(call.state, body, view)
    replace_body(call.state, view, body)
    return {"view": view_shape(call.state, view)}


def replace_body(state: State, view: View, body: Json) -> None:
    """Show a checked body in a view; typed input stays where block and action keep their ids."""
    view.inputs = carried(view.inputs, body["blocks"])
    view.body, view.hash, view.errors = body, state.new_hash(), {}
    state.changed()


def _found(call: Call) -> View:
    view_id, external = call.text("view_id"), call.text("external_id")
    if not view_id and not external:
        raise SlackError("invalid_arguments", ["[ERROR] view_id or external_id is needed"])
    for view in [*call.state.views.values(), *call.state.homes.values()]:
        same = view.id == view_id if view_id else view.body.get("external_id") == external
        if same and view.app_id == call.app.id:
            return view
    raise SlackError("not_found")


def _fresh(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackError("hash_conflict")


@method("views.publish", tier=4)
def views_publish(call: Call) -> Json:
    """Show a view in one person's App Home."""
    state, user = call.state, call.state.person(call.need("user_id")).id
    if state.people[user].bot:
        raise SlackError("invalid_user_id")
    body = checked_view(state, call.app.id, "views.publish", call.data("view", "invalid_arguments"), "home")
    home = state.homes.get((call.app.id, user))
    if home is None:
        view_id = state.new_id("V")
        home = View(view_id, call.app.id, user, body, "", view_id)
    _fresh(call, home)
    unique_external_id(state, body, home)
    replace_body(state, home, body)
    state.homes[call.app.id, user] = home
    return {"view": view_shape(state, home)}
