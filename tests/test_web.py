"""The door for HTTP: size, then signature, then parsing; nothing unsigned costs anything."""

import asyncio
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.web import LARGEST_BODY, Receiver
from tests.company import Company

SECRET = "shh"
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def receiver(company: Company) -> Receiver:
    return Receiver(company.cairn.bolt, SECRET, StoppedClock(), company.cairn.health)


def signed(raw: bytes, at: float | None = None, secret: str = SECRET, kind: str = "") -> dict[str, str]:
    stamp = str(int(NOW.timestamp() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
    return {**headers, "content-type": kind or "application/x-www-form-urlencoded", "content-length": str(len(raw))}


class Caller:
    """Somebody who sends a request."""

    def __init__(self, receiver: Receiver, loop: asyncio.AbstractEventLoop) -> None:
        self.receiver, self.loop = receiver, loop

    def sends(self, raw: bytes, headers: dict[str, str], method: str = "POST", path: str = "/slack/events") -> Any:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        self.loop.run_until_complete(self.receiver(scope, receive, send))
        return sent[0]["status"], sent[1]["body"].decode()


@pytest.fixture
def caller(receiver: Receiver, loop: asyncio.AbstractEventLoop) -> Caller:
    return Caller(receiver, loop)


def command(text: str, **more: str) -> bytes:
    return urlencode({
        "command": "/cairn", "text": text, "user_id": "U01EMILY", "team_id": "T0LANTERN", "trigger_id": "1.2.3",
        "channel_id": "D1", "channel_name": "payload-team", **more,
    }).encode()  # fmt: skip


def test_a_signed_command_is_answered(caller: Caller) -> None:
    raw = command("help")
    status, body = caller.sends(raw, signed(raw))
    assert (status, json.loads(body)["response_type"]) == (200, "ephemeral")


def test_the_word_payload_loses_nothing(caller: Caller) -> None:
    raw = command("payload")
    status, body = caller.sends(raw, signed(raw))
    assert status == 200
    assert "payload" in body


@pytest.mark.parametrize(
    "wrong",
    [
        {"x-slack-signature": "v0=00"},
        {"x-slack-signature": ""},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "soon"},
        {"x-slack-request-timestamp": "\uff19"},
    ],
)
def test_what_slack_did_not_sign_is_refused(caller: Caller, wrong: dict[str, str]) -> None:
    raw = command("help")
    headers = {**signed(raw), **{name: value.encode("utf-8").decode("latin-1") for name, value in wrong.items()}}
    assert caller.sends(raw, headers)[0] == 401


@pytest.mark.parametrize("seconds", [-301, 301])
def test_old_and_future_requests_are_refused(caller: Caller, seconds: int) -> None:
    raw = command("help")
    assert caller.sends(raw, signed(raw, at=NOW.timestamp() + seconds))[0] == 401


def test_a_body_too_large_is_refused_before_it_is_read(caller: Caller) -> None:
    raw = b"x" * (LARGEST_BODY + 1)
    assert caller.sends(raw, signed(raw))[0] == 413
    assert caller.sends(raw, {**signed(raw), "content-length": "10"})[0] == 413


@pytest.mark.parametrize("raw", [b"payload=[1]", b"payload=%22str%22", b"payload={", b"\xff\xfe"])
def test_odd_bodies_are_refused_in_a_word(caller: Caller, raw: bytes) -> None:
    assert caller.sends(raw, signed(raw))[0] == 400


def test_slack_is_told_the_challenge(caller: Caller) -> None:
    raw = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert caller.sends(raw, signed(raw, kind="application/json")) == (200, "abc")


def test_operators_see_whether_it_is_well(caller: Caller) -> None:
    status, body = caller.sends(b"", {}, method="GET", path="/healthz")
    assert status == 200
    assert set(json.loads(body)) == {"now", "due", "next_due", "waiting", "given_up", "failed"}


def test_there_is_nothing_else_here(caller: Caller) -> None:
    assert caller.sends(b"", {}, method="GET", path="/admin")[0] == 404
