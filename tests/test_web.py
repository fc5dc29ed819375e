"""The door for HTTP: size, then signature, then parsing; nothing unsigned costs anything."""

import asyncio
import hashlib
import hmac
import itertools
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as on

from bot.store import people
from bot.web import LARGEST_BODY, Receiver, read_form
from tests.company import Company

SECRET = "shh"
POST = {"type": "http", "method": "POST", "path": "/slack/events"}
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def receiver(company: Company) -> Receiver:
    return Receiver(company.cairn.bolt, SECRET, StoppedClock(), company.cairn.health, company.cairn.answers)


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
        scope = {"type": "http", "method": method, "path": path}
        return self.streams([raw], headers, scope)

    def streams(
        self, pieces: Iterable[bytes], headers: dict[str, str], scope: Mapping[str, str] = POST, *, ends: bool = True
    ) -> tuple[int, str]:
        """Send a body piece by piece; one that does not end leaves the receiver waiting for more."""
        coming, sent = iter(pieces), []
        raw_headers = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]

        async def receive() -> dict[str, Any]:
            piece = next(coming, None)
            if piece is None and not ends:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        self.loop.run_until_complete(self.receiver({**scope, "headers": raw_headers}, receive, send))
        return sent[0]["status"], sent[1]["body"].decode()


@pytest.fixture
def caller(receiver: Receiver, company: Company, loop: asyncio.AbstractEventLoop) -> Iterator[Caller]:
    """Somebody at the door, whose triggers Slack never gave: a window that is asked for with one cannot open."""
    yield Caller(receiver, loop)
    never_given = [one for one in company.findings() if "invalid_trigger_id" not in str(one)]
    company.slack.findings[:] = never_given


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
    assert caller.sends(b"", {**signed(b""), "content-length": "9" * 5000})[0] == 413


def test_slack_is_told_the_challenge(caller: Caller) -> None:
    raw = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert caller.sends(raw, signed(raw, kind="application/json")) == (200, "abc")


def test_operators_see_whether_it_is_well(caller: Caller) -> None:
    status, body = caller.sends(b"", {}, method="GET", path="/healthz")
    assert status == 200
    assert set(json.loads(body)) == {"now", "due", "next_due", "waiting", "given_up", "failed", "refused"}


def test_who_asks_every_second_is_told_little_and_it_costs_little(caller: Caller, company: Company) -> None:
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    with listening(company.database.engine, "before_cursor_execute", note):
        assert caller.sends(b"", {}, method="GET", path="/readyz") == (200, '{"ready": true}')
    assert [one for one in asked if one.startswith("SELECT")] == ["SELECT 1"]


@contextmanager
def listening(target: object, event: str, note: Callable[..., None]) -> Iterator[None]:
    """Listen to a database for a while."""
    on.listen(target, event, note)
    yield
    on.remove(target, event, note)


def test_there_is_nothing_else_here(caller: Caller) -> None:
    assert caller.sends(b"", {}, method="GET", path="/admin")[0] == 404


# Hurried, slow and odd callers -----------------------------------------------------------------


def test_the_same_request_again_within_five_minutes_changes_nothing(company: Company, caller: Caller) -> None:
    emily = company.person("emily")
    first, second = command("language zh", trigger_id="1"), command("language en", trigger_id="2")
    for raw in (first, second, first):
        assert caller.sends(raw, signed(raw))[0] == 200
    assert company.knows(lambda session: people.get(session, emily.id)).language == "en"


def test_a_body_that_never_ends_is_not_waited_for(receiver: Receiver, loop: asyncio.AbstractEventLoop) -> None:
    raw = command("help")
    hurried = Caller(replace(receiver, patience=0.01), loop)
    assert hurried.streams([raw[:5]], signed(raw), ends=False) == (408, "too slow")


def test_of_a_body_without_end_no_more_than_the_cap_is_read(caller: Caller) -> None:
    taken = itertools.count()
    pieces = (b"%41" * 20_000 for _ in taken)
    headers = {name: value for name, value in signed(b"").items() if name != "content-length"}
    assert caller.streams(pieces, headers) == (413, "too large")
    assert next(taken) <= LARGEST_BODY // 60_000 + 2


def test_without_a_time_nothing_is_read_at_all(caller: Caller) -> None:
    assert caller.streams([], {"content-length": "9"}, ends=False) == (401, "too old, or without a time")


@pytest.mark.parametrize("declared", [True, False])
def test_five_megabytes_that_nobody_signed_cost_next_to_nothing(caller: Caller, declared: bool) -> None:
    raw = b"payload=" + b"%41" * (5 * 1024 * 1024 // 3)
    headers = {**signed(b"x"), "content-length": str(len(raw) if declared else 10)}
    pieces = [raw[at : at + 65536] for at in range(0, len(raw), 65536)]
    spent = []
    for _ in range(5):
        before = time.thread_time()
        assert caller.streams(pieces, headers)[0] == 413
        spent.append(time.thread_time() - before)
    assert min(spent) < 0.005


def test_the_largest_body_that_is_read_costs_only_its_signature(caller: Caller) -> None:
    raw = b"payload=" + b"%41" * ((LARGEST_BODY - 8) // 3)
    spent = []
    for _ in range(5):
        before = time.thread_time()
        assert caller.sends(raw, {**signed(b"x"), "content-length": str(len(raw))})[0] == 401
        spent.append(time.thread_time() - before)
    assert min(spent) < 0.005


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/slack/events"), ("PUT", "/slack/events"), ("POST", "/"), ("POST", "/healthz"),
                         ("POST", "/slack/events/../events"), ("BREW", "/slack/install")],
)  # fmt: skip
def test_other_routes_and_methods_find_nothing(caller: Caller, method: str, path: str) -> None:
    raw = command("help")
    assert caller.sends(raw, signed(raw), method, path) == (404, "not found")


def test_a_websocket_is_closed(receiver: Receiver, loop: asyncio.AbstractEventLoop) -> None:
    sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    loop.run_until_complete(receiver({"type": "websocket", "path": "/slack/events"}, receive, send))
    assert sent == [{"type": "websocket.close"}]


def test_slack_checks_the_certificate(caller: Caller) -> None:
    raw = urlencode({"ssl_check": "1", "token": "x"}).encode()
    assert caller.sends(raw, signed(raw)) == (200, "")


# Whatever the bytes ----------------------------------------------------------------------------

PIECES = st.sampled_from([b"%", b"=", b"+", b"&", b"%%", b"%2", b"%zz", b"%3D", b"%26", b"%C3%A9", b"%e9", b"%ED%A0%80",
                          b"%00", b"\n", b"\r", b"\r\n", b"%\n", b"payload", b"text", b"_", b" ", b"%0A"])  # fmt: skip
FORMS = st.lists(PIECES | st.binary(max_size=4), max_size=30).map(b"".join)


@given(FORMS.filter(bytes.isascii))
@settings(max_examples=2000)
@example(b"%%41=%=&%\n=1&a=%4&=x&&b&%")
def test_forms_are_read_as_the_standard_library_reads_them(raw: bytes) -> None:
    assert read_form(raw) == dict(parse_qsl(raw.decode(), keep_blank_values=True))


ODD = [
    b"payload=[1]", b"payload=%22str%22", b"payload={", b"payload=", b"payload", b"payload=null", b"payload=1e999",
    b"payload=" + b"[" * 100_000, b'payload={"a":' * 50_000, b"payload=" + b"9" * 5000, b"\xff\xfe", b"text=\xc3\xa9",
]  # fmt: skip


@pytest.mark.parametrize("raw", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", "text/plain", ""])
def test_what_cannot_be_read_is_refused_in_a_word(
    caller: Caller, caplog: pytest.LogCaptureFixture, raw: bytes, kind: str
) -> None:
    assert caller.sends(raw, signed(raw, kind=kind))[0] == 400
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8)
    | st.sampled_from(["\x00", "\ud800", "block_actions", "view_submission", "event_callback", "im", "U01EMILY"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "user", "user_id", "id", "team", "view", "actions", "action_id", "event", "event_id",
                         "authorizations", "command", "trigger_id", "state", "values", "callback_id", "text", "channel",
                         "response_urls", "blocks", "private_metadata", "message", "files", "ssl_check", "challenge"]),
        inside, max_size=8),
    max_leaves=25,
)  # fmt: skip


@given(raw=FORMS | JSON.map(lambda body: b"payload=" + quote(json.dumps(body)).encode()))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_signed_bytes_never_break_anything(caller: Caller, caplog: pytest.LogCaptureFixture, raw: bytes) -> None:
    assert caller.sends(raw, signed(raw))[0] in {200, 400}
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


@given(body=JSON)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_signed_json_never_breaks_anything(caller: Caller, caplog: pytest.LogCaptureFixture, body: Any) -> None:
    raw = json.dumps(body).encode()
    assert caller.sends(raw, signed(raw, kind="application/json"))[0] in {200, 400}
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


@given(text=st.text(st.characters(codec=None)))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(text="\x00\ud800 payload \u202e\u200b")
@example(text="ask")  # a window that cannot open
def test_whatever_is_typed_is_answered(caller: Caller, caplog: pytest.LogCaptureFixture, text: str) -> None:
    quoted = quote(text.encode(errors="surrogatepass"))
    raw = command("X", trigger_id=str(next(TRIGGERS))).replace(b"text=X", f"text={quoted}".encode())
    assert caller.sends(raw, signed(raw))[0] == 200
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


TRIGGERS = itertools.count()
