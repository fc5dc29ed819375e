"""How a payload reaches an app: a Python callable, a socket, or signed HTTP; and what happens when it does not."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.model import Json
from sandbox.state import Answer, Deliver, Envelope, State
from sandbox.workspace import App


class DeliveryError(Exception):
    """The payload did not reach the app; the text is Slack's retry reason."""

    def __init__(self, reason: str, *, retry: bool = True) -> None:
        super().__init__(reason)
        self.retry = retry


async def send(state: State, app: App, envelope: Envelope) -> Answer | DeliveryError:
    """Deliver one payload and wait for the ack, at most as long as Slack does."""
    started = time.monotonic()
    answer = await _attempt(state, app, envelope)
    if isinstance(answer, Answer):
        problem, response = "", {"status": answer.status, "body": answer.body}
    else:
        problem, response = str(answer), {"error": str(answer)}
    state.record("slack→app", what(envelope), (envelope.payload, response), started, problem)
    if problem:
        state.find(what(envelope), app.id, problem, f"{app.name} didn't respond to {what(envelope)} ({problem}).")
    return answer


async def _attempt(state: State, app: App, envelope: Envelope) -> Answer | DeliveryError:
    task: asyncio.Task[Answer] = asyncio.ensure_future(_deliver(state, app, envelope))
    state.tasks.add(task)
    task.add_done_callback(state.tasks.discard)
    # The app is not interrupted when it is late: Slack only stops waiting.
    await asyncio.wait({task}, timeout=state.settings.ack_seconds)
    if not task.done():
        return DeliveryError("timeout")
    try:
        answer = task.result()
    except DeliveryError as error:
        return error
    if not 200 <= answer.status < 300:
        return DeliveryError("http_error", retry=not answer.no_retry)
    return replace(answer, body=decoded(answer.body))


async def _deliver(state: State, app: App, envelope: Envelope) -> Answer:
    return await _route(state, app)(envelope)


def _route(state: State, app: App) -> Deliver:
    if app.id in state.callables:
        return state.callables[app.id]
    if app.request_url:
        return _over_http(app)
    links = state.sockets.get(app.id)
    if not links:
        raise DeliveryError("not_connected")
    links.append(links.pop(0))
    return links[-1].deliver  # type: ignore[no-any-return]  # links are sandbox.socket_mode.Link, which imports this


def what(envelope: Envelope) -> str:
    """Name a payload for the inspector, such as block_actions or message."""
    payload = envelope.payload
    return str(payload.get("command") or payload.get("event", {}).get("type") or payload.get("type"))


def http_request(app: App, envelope: Envelope, now: int) -> tuple[str, dict[str, str]]:
    """Return body and signed headers of a payload sent over HTTP."""
    kind = "application/x-www-form-urlencoded"
    if envelope.kind == "events_api":
        body, kind = json.dumps(envelope.payload), "application/json"
    elif envelope.kind == "slash_commands":
        body = urlencode(envelope.payload)
    else:
        body = urlencode({"payload": json.dumps(envelope.payload)})
    base = f"v0:{now}:{body}".encode()
    signature = hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": str(now), "X-Slack-Signature": f"v0={signature}"}
    if envelope.retry_num:
        headers |= {"X-Slack-Retry-Num": str(envelope.retry_num), "X-Slack-Retry-Reason": envelope.retry_reason}
    return body, headers


def _over_http(app: App) -> Deliver:
    async def deliver(envelope: Envelope) -> Answer:
        body, headers = http_request(app, envelope, int(time.time()))
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
                session.post(app.request_url, data=body.encode(), headers=headers) as response,
            ):
                text = await response.text()
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                return Answer(response.status, text, no_retry)
        except aiohttp.ClientError as error:
            raise DeliveryError("connection_failed") from error
        except TimeoutError as error:
            raise DeliveryError("http_timeout") from error

    return deliver


def decoded(body: Any) -> Any:
    """Return a body of JSON text as data, other text as it is, None when empty."""
    if not isinstance(body, str) or not body.startswith("{"):
        return body or None
    try:
        return json.loads(body)
    except ValueError:
        return body


async def interact(state: State, app: App, user: str, payload: Json, kind: str = "interactive") -> Answer | None:
    """Deliver an interaction or a command; without an ack in time the person is told."""
    answer = await send(state, app, Envelope(kind, payload, state.new_id("E")))
    if isinstance(answer, Answer):
        return answer
    state.tell(user, f"{app.name} didn't respond")
    return None


async def emit(state: State, app: App, name: str, event: Json, user: str) -> None:
    """Deliver an event the app subscribed to; what is not acked is redelivered up to three times."""
    if name not in app.events:
        return
    event = {"event_ts": state.new_ts(), **event}
    envelope = Envelope("events_api", _callback(state, app, event), state.new_id("E"))
    failed = await send(state, app, envelope)
    if isinstance(failed, DeliveryError):
        state.tell(user, f"{app.name} didn't respond")
        task = asyncio.ensure_future(_redeliver(state, app, envelope, failed))
        state.tasks.add(task)
        task.add_done_callback(state.tasks.discard)


async def _redeliver(state: State, app: App, envelope: Envelope, failed: DeliveryError) -> None:
    for number, delay in enumerate(state.settings.retry_delays, 1):
        if not failed.retry:
            return
        await asyncio.sleep(delay)
        again = replace(envelope, id=state.new_id("E"), retry_num=number, retry_reason=str(failed))
        answer = await send(state, app, again)
        if isinstance(answer, Answer):
            return
        failed = answer


def _callback(state: State, app: App, event: Json) -> Json:
    organisation = state.team.organisation or None
    who = {"enterprise_id": organisation, "team_id": state.team.id, "user_id": app.bot.user_id}
    return {
        "token": "sandbox",
        "team_id": state.team.id,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": state.new_id("Ev"),
        "event_time": int(state.seconds()),
        "authorizations": [{**who, "is_bot": True, "is_enterprise_install": state.org_wide}],
        "is_ext_shared_channel": False,
        "event_context": state.new_id("4-"),
    }
