"""Those who dawdle at the door: they are cut off in time, and however many they are, the others are let in."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from bot.connections import Connection
from bot.serving import AT_WORK, door
from bot.web import Receiver
from tests.company import Company
from tests.test_web import SECRET, StoppedClock, command, signed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PATIENCE, LONG_AFTER = 0.3, 15.0
"""Seconds, where a worker has five; and when whoever is not cut off goes away by themselves."""
POST = b"POST /slack/events HTTP/1.1\r\nHost: cairn\r\n"
STAMP = f"X-Slack-Request-Timestamp: {int(StoppedClock().now().timestamp())}\r\n".encode()
PROBE = b"GET /readyz HTTP/1.1\r\nHost: cairn\r\n"


class Hurried(Connection):
    to_ask = PATIENCE
    to_finish = 2.0


class Crowded(Connection):
    to_ask = 60.0
    most = 20


@pytest.fixture
def receiver(company: Company) -> Receiver:
    cairn = company.cairn
    return Receiver(cairn.bolt, SECRET, StoppedClock(), cairn.health, cairn.answers, patience=PATIENCE)


@asynccontextmanager
async def opened(receiver: Receiver, kind: type[Connection]) -> AsyncIterator[tuple[int, set[Connection]]]:
    """The door as a worker opens it; yields its port and who is connected."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=1000)  # they wait here until the server has started
    server = door(receiver, "", 0, kind)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield listening.getsockname()[1], server.server_state.connections  # type: ignore[misc]  # all are ours
    finally:
        server.should_exit = True
        await serving


async def dawdles(port: int, begins: bytes, then: bytes) -> tuple[bytes, float]:
    """Send something, and then very little at a time; returns what was answered, and the seconds until it ended."""
    began, answered = time.monotonic(), b""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begins)
    try:
        while time.monotonic() < began + LONG_AFTER:
            try:
                async with asyncio.timeout(PATIENCE / 6):
                    said = await reader.read(4096)
            except TimeoutError:
                writer.write(then)
                continue
            answered += said
            if not said:
                break
    except ConnectionError:
        pass
    writer.transport.abort()
    return answered, time.monotonic() - began


async def asks(port: int) -> list[int]:
    """Be Slack and a probe at once, each by a new connection."""
    raw = command("help")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/", timeout=10) as web:
        slack, probe = web.post("slack/events", content=raw, headers=signed(raw)), web.get("readyz")
        return [answer.status_code for answer in await asyncio.gather(slack, probe)]


def test_who_sends_a_byte_at_a_time_is_cut_off_and_the_others_are_answered(
    loop: asyncio.AbstractEventLoop, receiver: Receiver
) -> None:
    async def story() -> None:
        async with opened(receiver, Hurried) as (port, connected):
            dawdling = asyncio.gather(
                dawdles(port, b"", b""),
                dawdles(port, POST, b"x"),
                dawdles(port, POST + STAMP + b"Content-Length: 5000\r\n\r\n", b"x"),
                dawdles(port, POST + STAMP + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
                dawdles(port, PROBE + b"Content-Length: 5000\r\n\r\n", b"x"),
                dawdles(port, (PROBE + b"\r\n") * 2, b""),
            )
            assert await asks(port) == [200, 200]
            silent, head, body, chunks, unread, twice = await dawdling
            assert not connected, "nobody is left, and nothing of them"
            assert await asks(port) == [200, 200]
        assert (silent[0], head[0]) == (b"", b"")
        assert body[0].startswith(b"HTTP/1.1 408")
        assert chunks[0].startswith(b"HTTP/1.1 408")
        assert (unread[0].count(b"200 OK"), twice[0].count(b"200 OK")) == (1, 2)
        for _, seconds in (silent, head, body, chunks, unread, twice):
            assert PATIENCE * 0.9 < seconds < LONG_AFTER

    loop.run_until_complete(story())


def test_however_many_are_silent_whoever_asks_is_answered(loop: asyncio.AbstractEventLoop, receiver: Receiver) -> None:
    many = 2 * (Crowded.most + AT_WORK)

    async def story() -> None:
        async with opened(replace(receiver, patience=60), Crowded) as (port, connected):
            silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(many // 2)]
            slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(many // 2)]
            for _, writer in slow:
                writer.write(POST + STAMP + b"Content-Length: 5000\r\n\r\nx")
            for _ in range(5):
                assert await asks(port) == [200, 200]
            assert len(connected) <= Crowded.most
            for _, writer in (*silent, *slow):
                writer.transport.abort()

    loop.run_until_complete(story())


def test_a_head_that_never_ends_is_refused_before_it_fills_the_memory(
    loop: asyncio.AbstractEventLoop, receiver: Receiver
) -> None:
    async def story() -> None:
        async with opened(receiver, Connection) as (port, _):
            answered, seconds = await dawdles(port, POST + b"X-Long: " + b"x" * 70_000, b"x" * 1000)
        assert answered.startswith(b"HTTP/1.1 400")
        assert seconds < Connection.to_ask

    loop.run_until_complete(story())
