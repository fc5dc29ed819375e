"""HTTP: Slack's requests (size first, then signature, then parsing, once) and the probes of operators."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.desk import Clock

LARGEST_BODY = 1024 * 1024
"""Bytes; Slack's largest payload, a view of 250 KB with its state, is well below."""
OLDEST = 300
"""Seconds a signed request stays acceptable."""

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Probe = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]


@dataclass(frozen=True)
class Refused(Exception):  # noqa: N818 - it reads as what happened
    """A request that is not from Slack, or not readable."""

    status: int
    reason: str


@dataclass(frozen=True)
class Receiver:
    """The ASGI application: `/slack/events` for Slack, `/healthz` and `/readyz` for operators."""

    app: AsyncApp
    signing_secret: str
    clock: Clock
    healthy: Probe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            status, headers, content = await self._serve(scope, receive)
        except Refused as refused:
            status, headers, content = refused.status, {}, refused.reason.encode()
        await send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
        await send({"type": "http.response.body", "body": content})

    async def _serve(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, str], bytes]:
        route = (scope["method"], scope["path"])
        if route == ("POST", "/slack/events") and self.signing_secret:
            return await self._slack(scope, receive)
        if route in {("GET", "/healthz"), ("GET", "/readyz")}:
            good, facts = await self.healthy()
            return 200 if good else 503, {"content-type": "application/json"}, json.dumps(facts).encode()
        raise Refused(404, "not found")

    async def _slack(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, str], bytes]:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        raw = await read_body(headers, receive)
        verify(self.signing_secret, headers, raw, self.clock.now().timestamp())
        body = parse(headers.get("content-type", ""), raw)
        if body.get("type") == "url_verification":
            return 200, {"content-type": "text/plain"}, str(body.get("challenge", "")).encode()
        if "ssl_check" in body:
            return 200, {}, b""
        kept = {name: value for name, value in headers.items() if name.startswith("x-slack-retry")}
        answer = await self.app.async_dispatch(AsyncBoltRequest(body=body, headers=kept, mode="socket_mode"))
        content = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        return answer.status, {name: values[0] for name, values in answer.headers.items()}, content.encode()


async def read_body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """Read the body, and stop as soon as it is too large."""
    declared = headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > LARGEST_BODY:
        raise Refused(413, "too large")
    read = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "cut off")
        read += message.get("body", b"")
        if len(read) > LARGEST_BODY:
            raise Refused(413, "too large")
        if not message.get("more_body"):
            return bytes(read)


def verify(secret: str, headers: Mapping[str, str], raw: bytes, now: float) -> None:
    """Refuse what Slack did not sign within the last five minutes. Done on the raw bytes, before any parsing."""
    stamp = headers.get("x-slack-request-timestamp", "")
    if not stamp.isdecimal() or len(stamp) > 12 or abs(now - int(stamp)) > OLDEST:
        raise Refused(401, "too old, or without a time")
    expected = "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), headers.get("x-slack-signature", "").encode()):
        raise Refused(401, "wrong signature")


def parse(content_type: str, raw: bytes) -> dict[str, Any]:
    """The request as a dict: JSON as it is, a form flat, and the JSON inside a form's `payload`."""
    try:
        if content_type.startswith("application/json"):
            return _an_object(json.loads(raw))
        pairs = dict(parse_qsl(raw.decode(), keep_blank_values=True))
        return _an_object(json.loads(pairs["payload"])) if "payload" in pairs else {**pairs}
    except (ValueError, RecursionError):
        raise Refused(400, "not readable") from None


def _an_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(400, "not an object")
    return value


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
