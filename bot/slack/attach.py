"""Where Bolt meets the flows: each kind of request becomes a delivery, each reply goes back as Slack wants it."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import directory, files, refusals
from bot.slack.blocks import Message, View
from bot.slack.desk import Delivery, Desk, Done, Fault, Refusal, Stranger
from bot.slack.flow import Answer, Errors, Kind, Open, Quoted, Replace, Step
from bot.slack.inputs import Inputs, read_state
from bot.slack.text import plain
from bot.slack.words import Words
from bot.store import outbox

ANYTHING = re.compile(".*", re.DOTALL)
LARGEST_ACK = 15_000
"""Bytes. Slack closes the socket on frames above 20 KB, so larger views travel by views.* calls."""

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Counter:
    """What all requests share: the desk, and the client to open views with."""

    desk: Desk
    client: AsyncWebClient
    pending: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, delivery: Delivery, step: Step) -> Done:
        """Run a step; somebody new is looked up in the directory first."""
        try:
            return await self.desk.take(delivery, step)
        except Stranger as stranger:
            await directory.meet(self.desk.database, self.client, stranger.user_id)
            return await self.desk.take(delivery, step)


def attach(app: AsyncApp, desk: Desk, client: AsyncWebClient) -> None:
    """Register one listener for each kind of request; the flows are found by table."""
    counter = Counter(desk, client)
    app.action(ANYTHING)(_with(counter, on_action))
    app.view(ANYTHING)(_with(counter, on_submission))
    app.view_closed(ANYTHING)(_with(counter, on_ignored))
    app.command(ANYTHING)(_with(counter, on_command))
    app.shortcut(ANYTHING)(_with(counter, on_shortcut))
    app.event(ANYTHING)(_with(counter, on_event))
    app.options(ANYTHING)(_with(counter, on_ignored))


def _with(
    counter: Counter, listener: Callable[[Counter, Body, AsyncAck], Awaitable[BoltResponse]]
) -> Callable[..., Awaitable[None]]:
    async def listen(body: dict[str, Any], ack: AsyncAck) -> None:
        await listener(counter, body, ack)

    return listen


async def on_ignored(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Nothing to do but to say that it arrived."""
    del counter, body
    return await ack()


# Buttons and menus -----------------------------------------------------------------------


async def on_action(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody pressed something in a message, in a modal or in Home."""
    action = body["actions"][0]
    step = counter.desk.flows.step(action["action_id"], Kind.ACTION)
    view = body.get("view") or {}
    if step is None:
        await refusals.show_outdated(counter.client, body)
        return await ack()
    delivery = Delivery(
        body["trigger_id"], body["user"]["id"], _carried(action), Inputs(read_state(_state(view or body)))
    )
    try:
        done = await counter.take(delivery, step)
    except (Refusal, Fault) as problem:
        await refusals.show(counter.client, body, problem)
        return await ack()
    await _show(counter, body, done)
    return await ack()


def _carried(action: Body) -> str:
    chosen = action.get("selected_option")
    return str(chosen["value"] if chosen else action.get("value") or "")


def _state(surface: Body) -> Mapping[str, Any]:
    state: Mapping[str, Any] = (surface.get("state") or {}).get("values") or {}
    return state


async def _show(counter: Counter, body: Body, done: Done) -> None:
    view = body.get("view") or {}
    match done.reply:
        case Open(opened) if view.get("type") == "modal":
            await counter.client.views_push(trigger_id=body["trigger_id"], view=_body(opened, done.t))
        case Open(opened):
            await counter.client.views_open(trigger_id=body["trigger_id"], view=_body(opened, done.t))
        case Replace(placed) if view.get("type") == "modal":
            await counter.client.views_update(view_id=view["id"], hash=view["hash"], view=_body(placed, done.t))
        case Replace(placed):
            await counter.client.views_open(trigger_id=body["trigger_id"], view=_body(placed, done.t))
        case Answer(message):
            notice = View(done.t("Cairn"), message.body()["blocks"], close=done.t("Close"))
            await counter.client.views_open(trigger_id=body["trigger_id"], view=notice.body())


def _body(view: View, t: Words) -> dict[str, Any]:
    return (view if view.close else replace(view, close=t("Close"))).body()


# Forms -----------------------------------------------------------------------------------


async def on_submission(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody sent a form."""
    view = body["view"]
    step = counter.desk.flows.step(view["callback_id"], Kind.VIEW)
    if step is None:
        return await ack()
    state = _state(view)
    inputs = Inputs(read_state(state), await files.fetch_given(counter.client, state))
    delivery = Delivery(body["trigger_id"], body["user"]["id"], view.get("private_metadata", ""), inputs)
    try:
        done = await counter.take(delivery, step)
    except (Refusal, Fault) as problem:
        return await ack(**refusals.in_form(view, problem))
    match done.reply:
        case Errors(by_field):
            return await ack(response_action="errors", errors={name: plain(text) for name, text in by_field.items()})
        case Open(opened) | Replace(opened):
            return await _next_view(counter, body, ack, opened, done)
        case _:
            return await ack()


async def _next_view(counter: Counter, body: Body, ack: AsyncAck, view: View, done: Done) -> BoltResponse:
    """Answer a form with another view: in the ack when it is small enough, else by a call of its own."""
    shown = _body(view, done.t)
    if len(str(shown).encode()) <= LARGEST_ACK:
        return await ack(response_action="push" if isinstance(done.reply, Open) else "update", view=shown)
    waiting = View(view.title, Message(done.t("One moment…")).body()["blocks"]).body()
    task = asyncio.create_task(_update_later(counter.client, body["view"]["id"], shown))
    counter.pending.add(task)
    task.add_done_callback(counter.pending.discard)
    return await ack(response_action="update", view=waiting)


async def _update_later(client: AsyncWebClient, view_id: str, shown: dict[str, Any]) -> None:
    """Slack has to have put the waiting view in place first, and says nothing when it has."""
    await asyncio.sleep(0.5)
    await client.views_update(view_id=view_id, view=shown)


# Commands and shortcuts -------------------------------------------------------------------


async def on_command(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody typed /cairn and perhaps more."""
    step, carry = _asked(counter, body.get("text") or "")
    delivery = Delivery(body["trigger_id"], body["user_id"], carry)
    try:
        done = await counter.take(delivery, step)
    except (Refusal, Fault) as problem:
        return await ack(response_type="ephemeral", text=str(refusals.text_of(problem)))
    match done.reply:
        case Answer(message):
            return await ack(response_type="ephemeral", **message.body())
        case Open(view) | Replace(view):
            await counter.client.views_open(trigger_id=body["trigger_id"], view=_body(view, done.t))
    return await ack()


def _asked(counter: Counter, text: str) -> tuple[Step, str]:
    """The step for what was typed after /cairn; `help.unknown` answers what no command understands."""
    words = text.strip().split(maxsplit=1)
    commands = counter.desk.flows.commands
    if not words:
        return counter.desk.flows.steps["help.next_thing"], ""
    if (command := commands.get(words[0].lower())) is not None:
        return command.step, words[1] if len(words) > 1 else ""
    return counter.desk.flows.steps["help.unknown"], text.strip()


async def on_shortcut(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody chose a shortcut, perhaps on a message."""
    step = counter.desk.flows.shortcuts.get(body["callback_id"])
    if step is None:
        await refusals.show_outdated(counter.client, body)
        return await ack()
    message = body.get("message")
    quoted = Quoted(message.get("user", ""), message.get("text", "")) if message else None
    try:
        done = await counter.take(Delivery(body["trigger_id"], body["user"]["id"], quoted=quoted), step)
    except (Refusal, Fault) as problem:
        await refusals.show(counter.client, body, problem)
        return await ack()
    await _show(counter, body, done)
    return await ack()


# Events ------------------------------------------------------------------------------------


async def on_event(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Something happened: Home was opened, a DM was written, a person changed."""
    event = body["event"]
    match event:
        case {"type": "app_home_opened", "tab": "home", "user": user}:
            await _run_event(counter, body, user, "home.opened", Inputs())
        case {"type": "message", "channel_type": "im", "user": user} if _is_typed(event):
            await _on_typed(counter, body, user)
        case {"type": "user_change" | "team_join", "user": {"id": _}}:
            await directory.meet(counter.desk.database, counter.client, event["user"]["id"])
    return await ack()


def _is_typed(event: Body) -> bool:
    return "bot_id" not in event and event.get("subtype") in {None, "file_share"}


async def _on_typed(counter: Counter, body: Body, user: str) -> None:
    """A DM to Cairn: an answer in a card's thread, a file, or plain words that are taken like a command."""
    event = body["event"]
    flows = counter.desk.flows
    text = event.get("text") or ""
    if event.get("files") and flows.files:
        file = await files.fetch(counter.client, event["files"][0])
        await _run_event(counter, body, user, flows.files[0].id, Inputs({"text": text}, {"file": file}))
        return
    if (thread := event.get("thread_ts")) and thread != event["ts"]:
        key = await counter.desk.database.run(lambda session: outbox.find_key(session, event["channel"], thread))
        step = flows.replies.get(key.split("/", 1)[0]) if key else None
        if key and step:
            await _run_event(counter, body, user, step.id, Inputs({"text": text}), key)
            return
    step, carry = _asked(counter, text.removeprefix("/cairn "))
    await _run_event(counter, body, user, step.id, Inputs({"text": text}), carry)


async def _run_event(counter: Counter, body: Body, user: str, step_id: str, inputs: Inputs, carry: str = "") -> None:
    """Run a step for an event. There is no trigger to open a view with, so what it answers is said in the DM."""
    delivery = Delivery(body["event_id"], user, carry, inputs)
    step = counter.desk.flows.steps[step_id]
    try:
        done = await counter.take(delivery, step)
    except Refusal as refusal:
        await refusals.say(counter.desk, user, body["event_id"], Message(refusal.text))
        return
    except Fault as fault:
        await refusals.say(counter.desk, user, body["event_id"], Message(refusals.text_of(fault)))
        raise
    match done.reply:
        case Answer(message):
            await refusals.say(counter.desk, user, body["event_id"], message)
        case Open() | Replace():
            await refusals.say(counter.desk, user, body["event_id"], refusals.way_in(counter.desk, step, carry, done.t))
