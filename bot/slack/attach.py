"""Where Bolt meets the flows: each kind of request becomes a delivery, each reply goes back as Slack wants it."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.refusal import Refused
from bot.slack import directory, files, present, refusals
from bot.slack.blocks import Message, View
from bot.slack.desk import Delivery, Desk, Done, Fault, Refusal, Stranger
from bot.slack.flow import Answer, Errors, Kind, Open, Quoted, Replace, Step
from bot.slack.inputs import Inputs, read_state
from bot.slack.text import as_typed, plain
from bot.store import outbox

ANYTHING = re.compile(".*", re.DOTALL)
MOST_CARRIED = 1_900
"""Characters of what was typed; a button carries 2,000."""

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Counter:
    """What all requests share: the desk, and the client to open views with."""

    desk: Desk
    client: AsyncWebClient
    pending: set[asyncio.Task[Any]] = field(default_factory=set)
    answering: set[asyncio.Task[Any]] = field(default_factory=set)

    async def take(self, delivery: Delivery, step: Step) -> Done:
        """Run a step; somebody new is looked up in the directory first."""
        try:
            return await self.desk.take(delivery, step)
        except Stranger as stranger:
            await directory.meet(self.desk.database, self.client, stranger.user_id)
            return await self.desk.take(delivery, step)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after the ack; `drained` waits for it."""
        task = asyncio.create_task(work)
        self.pending.add(task)
        task.add_done_callback(self.pending.discard)

    async def drained(self, seconds: float) -> None:
        """Wait until every request that was begun is answered, and what follows it is done."""
        if waiting := self.pending | self.answering:
            await asyncio.wait(waiting, timeout=seconds)


def attach(app: AsyncApp, desk: Desk, client: AsyncWebClient) -> Counter:
    """Register one listener for each kind of request; the flows are found by table."""
    counter = Counter(desk, client)
    app.action(ANYTHING)(_with(counter, on_action))
    app.view(ANYTHING)(_with(counter, on_submission))
    app.view_closed(ANYTHING)(_with(counter, on_ignored))
    app.command(ANYTHING)(_with(counter, on_command))
    app.shortcut(ANYTHING)(_with(counter, on_shortcut))
    app.event(ANYTHING)(_with(counter, on_event))
    app.options(ANYTHING)(_with(counter, on_ignored))
    return counter


def _with(
    counter: Counter, listener: Callable[[Counter, Body, AsyncAck], Awaitable[BoltResponse]]
) -> Callable[..., Awaitable[BoltResponse | None]]:
    async def listen(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        answering = asyncio.ensure_future(listener(counter, body, ack))
        counter.answering.add(answering)
        try:
            return await asyncio.shield(answering)
        except Fault:
            return BoltResponse(status=500)  # it is logged already, without what was typed; Slack delivers it again
        finally:
            counter.answering.discard(answering)

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
    inputs = Inputs(read_state(_state(view or body)))
    await _press(counter, body, step, Delivery(body["trigger_id"], body["user"]["id"], _carried(action), inputs))
    return await ack()


async def _press(counter: Counter, body: Body, step: Step | None, delivery: Delivery) -> None:
    """Run what was pressed and show what comes of it; what cannot be shown any more is offered in the DM."""
    if step is None:
        return await refusals.show_outdated(counter.desk, counter.client, body)
    try:
        done = await counter.take(delivery, step)
    except (Refusal, Fault) as problem:
        return await refusals.show(counter.client, body, problem)
    if not await _shown(counter, body, done):
        again = refusals.way_in(counter.desk, step, delivery.carry, done.t)
        await refusals.say(counter.desk, delivery.user_id, delivery.id, again)
    return None


def _carried(action: Body) -> str:
    chosen = action.get("selected_option")
    return str(chosen["value"] if chosen else action.get("value") or "")


def _state(surface: Body) -> Mapping[str, Any]:
    state: Mapping[str, Any] = (surface.get("state") or {}).get("values") or {}
    return state


async def _shown(counter: Counter, body: Body, done: Done) -> bool:
    match done.reply:
        case Open(view):
            return await present.opened(counter.client, body, view, done.t)
        case Replace(view):
            return await present.replaced(counter.client, body, view, done.t)
        case Answer(message):
            notice = View(done.t("Cairn"), message.body()["blocks"], close=done.t("Close"))
            return await present.opened(counter.client, body, notice, done.t)
        case _:
            return True


# Forms -----------------------------------------------------------------------------------


async def on_submission(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody sent a form."""
    view = body["view"]
    step = counter.desk.flows.step(view["callback_id"], Kind.VIEW)
    if step is None:
        return await ack(**refusals.in_form(view, await refusals.outdated(counter.desk, body)))
    state = _state(view)
    try:
        inputs = Inputs(read_state(state), await files.fetch_given(counter.client, state))
        carry = view.get("private_metadata", "")
        done = await counter.take(Delivery(_submission_id(view), body["user"]["id"], carry, inputs), step)
    except (Refusal, Fault) as problem:
        return await ack(**refusals.in_form(view, problem))
    except Refused as refused:
        refusal = await refusals.in_words(counter.desk, body["user"]["id"], refused)
        return await ack(**refusals.in_form(view, refusal))
    match done.reply:
        case Errors(by_field):
            return await ack(response_action="errors", errors={name: plain(text) for name, text in by_field.items()})
        case Open(opened) | Replace(opened):
            return await _next_view(counter, body, ack, opened, done)
        case _:
            return await ack()


def _submission_id(view: Body) -> str:
    """The same form with the same content is the same delivery, however often Slack or a hasty finger sends it."""
    content = json.dumps([view.get("private_metadata"), _state(view)], sort_keys=True).encode()
    return f"{view['id']}/{view.get('hash', '')}/{sha256(content).hexdigest()[:24]}"


async def _next_view(counter: Counter, body: Body, ack: AsyncAck, view: View, done: Done) -> BoltResponse:
    """Answer a form with another view: in the ack when it is small enough, else by a call of its own."""
    shown = present.body_of(view, done.t)
    if present.fits_an_ack(shown):
        return await ack(response_action="push" if isinstance(done.reply, Open) else "update", view=shown)
    waiting = View(view.title, Message(done.t("One moment…")).body()["blocks"]).body()
    counter.later(present.replaced_later(counter.client, body["view"]["id"], shown))
    return await ack(response_action="update", view=waiting)


# Commands and shortcuts -------------------------------------------------------------------


async def on_command(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody typed /cairn and perhaps more."""
    step, carry = _asked(counter, as_typed(body.get("text") or ""))
    delivery = Delivery(body["trigger_id"], body["user_id"], carry)
    try:
        done = await counter.take(delivery, step)
    except (Refusal, Fault) as problem:
        return await ack(response_type="ephemeral", text=str(refusals.text_of(problem)))
    match done.reply:
        case Answer(message) if present.fits_an_ack(message.body()):
            return await ack(response_type="ephemeral", **message.body())
        case Answer(message):
            await refusals.say(counter.desk, delivery.user_id, delivery.id, message)
        case Open(view) | Replace(view):
            if not await present.opened(counter.client, body, view, done.t):
                again = refusals.way_in(counter.desk, step, carry, done.t)
                return await ack(response_type="ephemeral", **again.body())
    return await ack()


def _asked(counter: Counter, text: str) -> tuple[Step, str]:
    """The step for what was typed after /cairn; `help.unknown` answers what no command understands.

    Of that it gets the first word alone: whole sentences typed here by mistake are kept nowhere.
    """
    words = text.strip()[:MOST_CARRIED].split(maxsplit=1)
    commands = counter.desk.flows.commands
    if not words:
        return counter.desk.flows.steps["help.next_thing"], ""
    if (command := commands.get(words[0].lower())) is not None:
        return command.step, words[1] if len(words) > 1 else ""
    return counter.desk.flows.steps["help.unknown"], words[0] + (" …" if len(words) > 1 else "")


async def on_shortcut(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody chose a shortcut, perhaps on a message."""
    message = body.get("message")
    quoted = Quoted(message.get("user", ""), as_typed(message.get("text", ""))) if message else None
    step = counter.desk.flows.shortcuts.get(body["callback_id"])
    await _press(counter, body, step, Delivery(body["trigger_id"], body["user"]["id"], quoted=quoted))
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
    text = as_typed(event.get("text") or "")
    if event.get("files") and flows.files:
        await _on_file(counter, body, user, flows.files[0])
        return
    if (thread := event.get("thread_ts")) and thread != event["ts"]:
        key = await counter.desk.database.run(lambda session: outbox.find_key(session, event["channel"], thread))
        step = flows.replies.get(key.split("/", 1)[0]) if key else None
        if key and step:
            await _run_event(counter, body, user, step.id, Inputs({"text": text}), key)
            return
    step, carry = _asked(counter, text.removeprefix("/cairn "))
    await _run_event(counter, body, user, step.id, Inputs({"text": text}), carry)


async def _on_file(counter: Counter, body: Body, user: str, step: Step) -> None:
    event = body["event"]
    try:
        file = await files.fetch(counter.client, event["files"][0])
    except Refused as refused:
        refusal = await refusals.in_words(counter.desk, user, refused)
        return await refusals.say(counter.desk, user, body["event_id"], Message(refusal.text))
    inputs = Inputs({"text": as_typed(event.get("text") or "")}, {"file": file})
    return await _run_event(counter, body, user, step.id, inputs)


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
