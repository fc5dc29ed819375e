"""Where requests meet the flows: each kind becomes a delivery, each reply goes back as Slack wants it."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from aiohttp import ClientError
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.refusal import Refused
from bot.slack import directory, files, present, refusals
from bot.slack.blocks import Message, View
from bot.slack.desk import Delivery, Desk, Done, Fault, Refusal, Stranger, report
from bot.slack.flow import OUTSIDER, Answer, Errors, Hand, Kind, Open, Quoted, Replace, Step
from bot.slack.inputs import Inputs, part, read_state, value_of
from bot.slack.metrics import ACK, Metrics
from bot.slack.text import as_typed, plain, readable
from bot.slack.words import Words
from bot.store import outbox

PATIENCE = 1.5
"""Seconds that a file may take to be fetched and read before its form is answered; Slack waits for three."""

NEWS = 60
"""Seconds after which an event is no news: Slack delivers again for an hour what was not acknowledged."""

STAMP = re.compile(r"\d{1,11}\.\d{1,9}")
"""How Slack writes the moment of a message."""

SLACK_FAILS = (SlackApiError, ClientError, TimeoutError)

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Counter:
    """What all requests share: the desk, and the client to open views with."""

    desk: Desk
    client: AsyncWebClient
    news: directory.News
    pending: set[asyncio.Task[Any]] = field(default_factory=set)
    answering: set[asyncio.Task[Any]] = field(default_factory=set)
    metrics: Metrics = field(default_factory=Metrics)

    async def take(self, delivery: Delivery, step: Step) -> Done:
        """Run a step; somebody new is looked up in the directory first."""
        try:
            return await self.desk.take(delivery, step)
        except Stranger as stranger:
            if not await self.look_up(stranger.user_id):
                raise Refusal(Refused(OUTSIDER), Words("en")) from None
            return await self.desk.take(delivery, step)

    async def look_up(self, user_id: str) -> bool:
        """Take over what Slack knows of a person; False when it knows nobody of this id."""
        try:
            return await self.news.meet(user_id)
        except SLACK_FAILS as error:
            raise Fault(report(error, "directory"), None) from None

    async def hear(self, body: Body) -> None:
        """Take over an event's news of a person; one that comes late may have been overtaken by newer news."""
        at, now = body.get("event_time"), self.desk.real_clock.now().timestamp()
        try:
            await self.news.hear(body["event"]["user"], fresh=isinstance(at, int) and abs(now - at) <= NEWS)
        except SLACK_FAILS as error:
            raise Fault(report(error, "directory"), None) from None

    async def answered(self, listener: "Listener", body: Body, ack: AsyncAck) -> BoltResponse:
        """What a listener answers. It is finished even when whoever asked has hung up; `drained` waits for it."""
        answering = asyncio.ensure_future(_answer(listener, self, body, ack))
        self.answering.add(answering)
        began = asyncio.get_running_loop().time()
        answering.add_done_callback(lambda done: self._measured(done, listener.__name__, began))
        return await asyncio.shield(answering)

    def _measured(self, done: asyncio.Task[BoltResponse], kind: str, began: float) -> None:
        self.answering.discard(done)
        self.metrics.observe(ACK, asyncio.get_running_loop().time() - began, kind=kind.removeprefix("on_"))

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after the ack; `drained` waits for it."""
        task = asyncio.create_task(work)
        self.pending.add(task)
        task.add_done_callback(self.pending.discard)

    async def drained(self, seconds: float) -> None:
        """Wait until every request that was begun is answered, and what follows it is done."""
        if waiting := self.pending | self.answering:
            await asyncio.wait(waiting, timeout=seconds)


Listener = Callable[[Counter, Body, AsyncAck], Awaitable[BoltResponse]]


async def _answer(listener: Listener, counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """What a listener answers; where it breaks, that is reported here, also when nobody waits for it any more."""
    try:
        return await listener(counter, body, ack)
    except Fault:
        pass  # it is logged already, without what was typed
    except Exception as error:  # noqa: BLE001 - Bolt would log it with its words, which may be somebody's
        report(error, listener.__name__)
    return BoltResponse(status=500)  # Slack delivers it again


async def on_ignored(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Nothing to do but to say that it arrived."""
    del counter, body
    return await ack()


async def on_options(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """No menu of Cairn's asks for its choices: one that does is an old one, and has none."""
    del counter, body
    return await ack(options=[])


# Buttons and menus -----------------------------------------------------------------------


async def on_action(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody pressed something in a message, in a modal or in Home."""
    action = body["actions"][0]
    step = counter.desk.flows.step(action["action_id"], Kind.ACTION)
    try:
        inputs = Inputs(read_state(part(body, "view") or body))
    except Refused as refused:
        problem = await refusals.in_words(counter.desk, _who(body), refused)
        await refusals.show(counter.desk, counter.client, body, problem)
    else:
        delivery = Delivery(body["trigger_id"], _who(body), _carried(action), inputs, place=_place(body))
        await _press(counter, body, step, delivery)
    return await ack()


def _place(body: Body) -> tuple[str, str] | None:
    """Where the message stands that was pressed on, if it was one."""
    container = part(body, "container")
    channel, ts = readable(container.get("channel_id")), readable(container.get("message_ts"))
    return (channel, ts) if channel and ts else None


def _who(body: Body) -> str:
    return readable(body["user"]["id"])


async def _press(counter: Counter, body: Body, step: Step | None, delivery: Delivery) -> None:
    """Run what was pressed and show what comes of it; what cannot be shown any more is offered in the DM."""
    if step is None:
        return await refusals.show_outdated(counter.desk, counter.client, body)
    try:
        done = await counter.take(delivery, step)
    except (Refusal, Fault) as problem:
        return await refusals.show(counter.desk, counter.client, body, problem)
    if not await _shown(counter, body, done) and not done.traceless:
        again = refusals.way_in(counter.desk, step, delivery.carry, done.t)
        await refusals.say(counter.desk, delivery.user_id, delivery.id, again)
    return None


def _carried(action: Body) -> str:
    return value_of(action.get("selected_option")) or readable(action.get("value"))


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
    """Somebody sent a form; a file that takes long to fetch or to read is answered for first, and shown later."""
    if not files.given(body["view"]):
        return await _in_the_ack(counter, body, ack, *await _submitted(counter, body))
    t = await refusals.words_to(counter.desk, _who(body))
    submitting = asyncio.create_task(_submitted(counter, body))
    await asyncio.wait({submitting}, timeout=PATIENCE)
    if submitting.done():
        return await _in_the_ack(counter, body, ack, *submitting.result())
    counter.later(_in_its_place(counter, body, submitting, t))
    return await ack(response_action="update", view=_waiting(t))


async def _submitted(counter: Counter, body: Body) -> tuple[dict[str, Any], Words]:
    """What to answer to a form, as an ack takes it, and in whose words."""
    view = body["view"]
    step = counter.desk.flows.step(view["callback_id"], Kind.VIEW)
    if step is None:
        outdated = await refusals.outdated(counter.desk, body)
        return refusals.in_form(view, outdated), outdated.t
    try:
        inputs = Inputs(read_state(view), await files.fetch_given(counter.client, view))
        carry = readable(view.get("private_metadata"))
        done = await counter.take(Delivery(_submission_id(view), _who(body), carry, inputs), step)
        if isinstance(done.reply, Hand):
            done = replace(done, reply=Replace(await present.handed(counter.client, _who(body), done.reply)))
    except (Refusal, Fault) as problem:
        return refusals.in_form(view, problem), refusals.words_of(problem)
    except Refused as refused:
        refusal = await refusals.in_words(counter.desk, _who(body), refused)
        return refusals.in_form(view, refusal), refusal.t
    return _form_answer(done), done.t


def _form_answer(done: Done) -> dict[str, Any]:
    match done.reply:
        case Errors(by_field):
            return {"response_action": "errors", "errors": _fitting({n: plain(text) for n, text in by_field.items()})}
        case Open(view):
            return {"response_action": "push", "view": present.body_of(view, done.t)}
        case Replace(view):
            return {"response_action": "update", "view": present.body_of(view, done.t)}
        case _:
            return {}


def _fitting(errors: dict[str, str]) -> dict[str, str]:
    """As many of the sentences as an ack takes; the others come when these are mended."""
    while not present.fits_an_ack(errors):
        errors.popitem()
    return errors


def _submission_id(view: Body) -> str:
    """The same form with the same content is the same delivery, however often Slack or a hasty finger sends it.

    What Slack alone knows goes into the hash too: from what was written, nobody can find the delivery again.
    """
    content = [view["id"], view.get("hash", ""), view.get("private_metadata"), view.get("state")]
    return f"form/{sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}"


async def _in_the_ack(counter: Counter, body: Body, ack: AsyncAck, answer: dict[str, Any], t: Words) -> BoltResponse:
    """Answer a form at once; a view that is too large for an ack comes by a call of its own."""
    shown = answer.get("view")
    if shown is None or present.fits_an_ack(shown):
        return await ack(**answer)
    counter.later(present.replaced_later(counter.client, body["view"]["id"], shown))
    return await ack(response_action="update", view=_waiting(t) | {"title": shown["title"]})


async def _in_its_place(
    counter: Counter, body: Body, submitting: asyncio.Task[tuple[dict[str, Any], Words]], t: Words
) -> None:
    """The form shows that it waits: what comes of it takes its place."""
    try:
        answer, t = await submitting
    except Exception as error:  # noqa: BLE001 - reported here without its words, and told to the person
        answer = refusals.in_form({}, Fault(report(error, "form"), None))
    shown = answer.get("view") or refusals.instead_of_form(t, answer.get("errors", {}).values())
    await present.replaced_later(counter.client, body["view"]["id"], shown)


def _waiting(t: Words) -> dict[str, Any]:
    return View(t("Cairn"), Message(t("One moment…")).body()["blocks"]).body()


# Commands and shortcuts -------------------------------------------------------------------


async def on_command(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody typed /cairn and perhaps more."""
    step, carry = counter.desk.flows.asked(as_typed(readable(body.get("text"))))
    delivery = Delivery(body["trigger_id"], readable(body["user_id"]), carry)
    try:
        done = await counter.take(delivery, step)
    except (Refusal, Fault) as problem:
        return await _beside(counter, ack, delivery, Message(refusals.text_of(problem)))
    match done.reply:
        case Answer(message):
            return await _beside(counter, ack, delivery, message)
        case Open(view) | Replace(view):
            if not await present.opened(counter.client, body, view, done.t):
                return await _beside(counter, ack, delivery, refusals.way_in(counter.desk, step, carry, done.t))
    return await ack()


async def _beside(counter: Counter, ack: AsyncAck, delivery: Delivery, message: Message) -> BoltResponse:
    """Answer where the command was typed; what is too large for an ack is said in the DM."""
    if present.fits_an_ack(answer := message.beside()):
        return await ack(response_type="ephemeral", **answer)
    await refusals.say(counter.desk, delivery.user_id, delivery.id, message)
    return await ack()


async def on_shortcut(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Somebody chose a shortcut, perhaps on a message."""
    quoted = _quoted(body) if part(body, "message") else None
    step = counter.desk.flows.shortcuts.get(body["callback_id"])
    await _press(counter, body, step, Delivery(body["trigger_id"], _who(body), quoted=quoted))
    return await ack()


def _quoted(body: Body) -> Quoted:
    """The message that a shortcut was chosen on: whose, what, where and when."""
    message, stamp = part(body, "message"), readable(part(body, "message").get("ts"))
    domain, channel = readable(part(body, "team").get("domain")), readable(part(body, "channel").get("id"))
    link = f"https://{domain}.slack.com/archives/{channel}/p{stamp.replace('.', '')}" if domain and channel else ""
    at = datetime.fromtimestamp(float(stamp), UTC) if STAMP.fullmatch(stamp) else None
    return Quoted(readable(message.get("user")), as_typed(readable(message.get("text"))), link, at)


# Events ------------------------------------------------------------------------------------


async def on_event(counter: Counter, body: Body, ack: AsyncAck) -> BoltResponse:
    """Something happened: Home was opened, a DM was written, a person changed."""
    match body["event"]:
        case {"type": "app_home_opened", "tab": "home", "user": str(user)}:
            await _run_event(counter, body, user, "home.opened", Inputs())
        case {"type": "message", "channel_type": "im", "user": str(user), "ts": str(), "channel": str()} as event:
            if "bot_id" not in event and event.get("subtype") in {None, "file_share"} and not files.is_own(body):
                await _on_typed(counter, body, readable(user))
        case {"type": "user_change" | "team_join", "user": {"id": str()}}:
            await counter.hear(body)
    return await ack()


async def _on_typed(counter: Counter, body: Body, user: str) -> None:
    """A DM to Cairn: an answer in a card's thread, a file, or plain words that are taken like a command."""
    event = body["event"]
    flows = counter.desk.flows
    text = as_typed(readable(event.get("text")))
    if flows.files and (file := files.first_of(event)):
        return await _on_file(counter, body, user, file)
    if (thread := readable(event.get("thread_ts"))) and thread != event["ts"]:
        key = await counter.desk.database.run(lambda session: outbox.find_key(session, event["channel"], thread))
        step = flows.replies.get(key.split("/", 1)[0]) if key else None
        if key and step:
            return await _run_event(counter, body, user, step.id, Inputs({"text": text}), key)
    step, carry = flows.asked(text.removeprefix("/cairn "))
    return await _run_event(counter, body, user, step.id, Inputs({"text": text}), carry)


async def _on_file(counter: Counter, body: Body, user: str, given: Body) -> None:
    try:
        file = await files.fetch(counter.client, given)
    except Refused as refused:
        refusal = await refusals.in_words(counter.desk, user, refused)
        return await refusals.say(counter.desk, user, body["event_id"], Message(refusal.text))
    inputs = Inputs({"text": as_typed(readable(body["event"].get("text")))}, {"file": file})
    return await _run_event(counter, body, user, counter.desk.flows.for_file(file.name).id, inputs)


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
