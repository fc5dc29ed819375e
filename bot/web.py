"""HTTP: Slack's requests (size first, then signature, then parsing, once) and the probes of operators."""

import asyncio
import hmac
import json
from binascii import a2b_qp
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.desk import Clock

LARGEST_BODY = 1024 * 1024
"""Bytes; Slack's largest payload, a view of 250 KB with its state, is well below."""
OLDEST = 300
"""Seconds a signed request stays acceptable."""
PATIENCE = 5.0
"""Seconds a body may take to arrive; Slack itself gives up after three."""

Scope = Mapping[str, Any]
Headers = Mapping[bytes, bytes]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Probe = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]
Answer = tuple[int, dict[str, str], bytes]
"""A status, headers and what stands in the body."""
Page = Callable[[Scope], Awaitable[Answer]]


class Door(Protocol):
    """Who takes what Slack signed: Bolt, or whoever knows which workspace's Bolt it is for."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request."""
        ...


@dataclass(frozen=True)
class Refused(Exception):  # noqa: N818 - it reads as what happened
    """A request that is not from Slack, or not readable."""

    status: int
    reason: str


@dataclass(frozen=True)
class Receiver:
    """The ASGI application: `/slack/events` for Slack, `/healthz`, `/readyz` and `/metrics` for operators.

    `pages` are what browsers may ask for, by path.
    """

    app: Door
    signing_secret: str = field(repr=False)
    clock: Clock
    healthy: Probe
    answers: Probe
    """A cheap look, for those who ask every second."""
    ready: Callable[[], bool] = lambda: True
    figures: Callable[[], Awaitable[str]] | None = None
    patience: float = PATIENCE
    pages: Mapping[str, Page] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        try:
            status, headers, content = await self._serve(scope, receive)
        except Refused as refused:  # what is left of the body is not read
            status, headers, content = refused.status, {"connection": "close"}, refused.reason.encode()
        await send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
        await send({"type": "http.response.body", "body": content})

    async def _serve(self, scope: Scope, receive: Receive) -> Answer:
        route = (scope["method"], scope["path"])
        if route == ("POST", "/slack/events") and self.signing_secret:
            return await self._slack(scope, receive)
        if route == ("GET", "/readyz") and not self.ready():
            return 503, {"content-type": "application/json"}, json.dumps({"ready": False}).encode()
        if route in {("GET", "/healthz"), ("GET", "/readyz")}:
            good, facts = await (self.healthy() if route[1] == "/healthz" else self.answers())
            return 200 if good else 503, {"content-type": "application/json"}, json.dumps(facts).encode()
        if route == ("GET", "/metrics") and self.figures:
            return 200, {"content-type": "text/plain; version=0.0.4; charset=utf-8"}, (await self.figures()).encode()
        if route[0] == "GET" and (page := self.pages.get(route[1])):
            return await page(scope)
        raise Refused(404, "not found")

    async def _slack(self, scope: Scope, receive: Receive) -> Answer:
        headers = dict(scope["headers"])
        stamp = fresh(headers, self.clock.now().timestamp())
        raw = await self._body(headers, receive)
        verify(self.signing_secret, stamp, raw, headers.get(b"x-slack-signature", b""))
        body = parse(headers.get(b"content-type", b""), raw)
        if body.get("type") == "url_verification":
            return 200, {"content-type": "text/plain"}, str(body.get("challenge", "")).encode(errors="replace")
        if "ssl_check" in body:
            return 200, {}, b""
        answer = await self.app.async_dispatch(_for_bolt(body))
        content = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        return answer.status, {name: values[0] for name, values in answer.headers.items()}, content.encode()

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(self.patience):
                return await read_body(headers, receive)
        except TimeoutError:
            raise Refused(408, "too slow") from None


def fresh(headers: Headers, now: float) -> bytes:
    """The time that a request was signed at; refused before reading when it is not within five minutes of now."""
    stamp = headers.get(b"x-slack-request-timestamp", b"")
    if not stamp.isdigit() or len(stamp) > 12 or abs(now - int(stamp)) > OLDEST:
        raise Refused(401, "too old, or without a time")
    return stamp


async def read_body(headers: Headers, receive: Receive) -> bytes:
    """Read the body, and stop as soon as it is too large."""
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > 12 or int(declared) > LARGEST_BODY:
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


def verify(secret: str, stamp: bytes, raw: bytes, signature: bytes) -> None:
    """Refuse what Slack did not sign. Done on the raw bytes, before any parsing."""
    signed = hmac.new(secret.encode(), b"v0:" + stamp + b":", sha256)
    signed.update(raw)
    if not hmac.compare_digest(b"v0=" + signed.hexdigest().encode(), signature):
        raise Refused(401, "wrong signature")


def parse(content_type: bytes, raw: bytes) -> dict[str, Any]:
    """The request as a dict: JSON as it is, a form flat, and the JSON inside a form's `payload`."""
    try:
        if content_type.startswith(b"application/json"):
            return _an_object(json.loads(raw))
        fields = read_form(raw)
        return _an_object(json.loads(fields["payload"])) if "payload" in fields else {**fields}
    except (ValueError, RecursionError):
        raise Refused(400, "not readable") from None


def read_form(raw: bytes) -> dict[str, str]:
    """The fields of a form, as `urllib.parse.parse_qsl` reads them: blank ones kept, of two alike the last."""
    if not raw.isascii():
        raise ValueError("a form is ASCII on the wire")
    pairs = (field.partition(b"=") for field in raw.split(b"&") if field)
    return {_unquoted(name): _unquoted(value) for name, _, value in pairs}


def _unquoted(quoted: bytes) -> str:
    """Undo the escapes of a form. The library's loop over them costs as much as all the rest of a request.

    Quoted-printable differs by its sign alone and is decoded in C. What it reads in another way, such as a sign with
    nothing behind it, is longer than it should be, or has line ends that no form has; the library reads those.
    """
    spaced = quoted.replace(b"+", b" ")
    plain = a2b_qp(spaced.replace(b"=", b"=3D").replace(b"%", b"="))
    as_meant = len(plain) == len(spaced) - 2 * spaced.count(b"%") and b"\n" not in spaced and b"\r" not in spaced
    return (plain if as_meant else unquote_to_bytes(spaced)).decode(errors="replace")


def _an_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(400, "not an object")
    return value


def _for_bolt(body: dict[str, Any]) -> AsyncBoltRequest:
    try:
        return AsyncBoltRequest(body=body, mode="socket_mode")
    except (AttributeError, KeyError, TypeError):  # it looks for teams and users inside, and trusts their shape
        raise Refused(400, "not of Slack's shape") from None


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
