"""Whole turns over HTTP and Socket Mode on both databases, against the same server with one read and one write.

Each server is a process of its own, and what counts is its CPU time; the loop does not run, sending has its own lines.
"""

import asyncio
import hmac
import json
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from aiohttp import ClientSession, ClientTimeout, TCPConnector

from bot.store.db import Database
from scripts.processes import free_port
from tests.bench import SECRET, crowd, ground
from tests.bench.clicks import CLICKS, Body, home
from tests.bench.crowd import Crowd
from tests.bench.measure import Row, against, at_most, children_of, cpu_of, percentile
from tests.bench.standin import StandIn, standing_in

AT_ONCE = (1, 16, 64)
ROUNDS = 2
WARM = 4
"""How often 64 at once are delivered before anything counts: a connection prepares what it is asked again and again."""
Deliver = Callable[[Body], Awaitable[None]]
Click = Callable[[Crowd, int], Body]


@dataclass(frozen=True)
class Cost:
    """What some requests cost the server, each, in CPU seconds, and how long each took."""

    used: float
    took: list[float]


async def rows(*, quick: bool) -> list[Row]:
    """Every combination."""
    count = 32 if quick else 128
    found: list[Row] = []
    async with standing_in() as slack:
        for name, make in ground.GROUNDS.items():
            with make() as fresh:
                database = fresh()
                company = crowd.under_way(database, 1_000, agreed=False)
                for by in ("HTTP", "Socket Mode"):
                    found += await _over(by, name, slack, database, company, count)
                database.close()
    return found


async def _over(by: str, name: str, slack: StandIn, database: Database, company: Crowd, count: int) -> list[Row]:
    floors: list[dict[int, Cost]] = []
    ours: dict[str, list[dict[int, Cost]]] = {click: [] for click in CLICKS}

    async def costs(process: Process, deliver: Deliver, body: Click) -> dict[int, Cost]:
        for first in range(0, WARM * AT_ONCE[-1], AT_ONCE[-1]):
            await asyncio.gather(*(deliver(body(company, first + n)) for n in range(AT_ONCE[-1])))
        return {many: await _cost(process, deliver, body, company, count, many) for many in AT_ONCE}

    for _ in range(ROUNDS):
        async with _serving("floor", by, slack, database) as (deliver, process):
            floors.append(await costs(process, deliver, CLICKS["/cairn"]))
        async with _serving("ours", by, slack, database) as (deliver, process):
            for click, body in CLICKS.items():
                crowd.propose_again(database, company)
                ours[click].append(await costs(process, deliver, body))
    floor = _best(floors)
    return [row for click in CLICKS for row in _compared(f"{click} by {by}, {name}", _best(ours[click]), floor)]


def _best(rounds: list[dict[int, Cost]]) -> dict[int, Cost]:
    return {many: min((one[many] for one in rounds), key=lambda cost: cost.used) for many in AT_ONCE}


def _compared(what: str, ours: dict[int, Cost], floor: dict[int, Cost]) -> list[Row]:
    each = ", ".join(f"{ours[n].used / floor[n].used:.2f} × at {n}" for n in AT_ONCE)
    slow = percentile(ours[16].took, 0.99) * 1e3
    return [
        against(what, ours[16].used * 1e3, floor[16].used * 1e3, "ms", most=2, note=f"CPU; {each}"),
        at_most(f"p99 of {what}, 16 at once", slow, "ms", 150, note="real time"),
    ]


async def _cost(process: Process, deliver: Deliver, click: Click, company: Crowd, count: int, many: int) -> Cost:
    """Deliver so many, that many at once; people take turns, from the last on, so that goals are agreed only once."""
    place = {1: 0, 16: 1, 64: 2}[many] * count
    bodies = iter([click(company, company.size - 1 - place - n) for n in range(count)])
    took: list[float] = []

    async def one_after_the_other() -> None:
        for body in bodies:
            began = time.monotonic()
            await deliver(body)
            took.append(time.monotonic() - began)

    before = _used(process)
    await asyncio.gather(*(one_after_the_other() for _ in range(many)))
    return Cost((_used(process) - before) / count, took)


def _used(process: Process) -> float:
    served = [child for pid in ground.clusters() for child in (pid, *children_of(pid))]
    return cpu_of(process.pid, *served)


@asynccontextmanager
async def _serving(kind: str, by: str, slack: StandIn, database: Database) -> AsyncIterator[tuple[Deliver, Process]]:
    """A server process, warm, and the way to deliver to it."""
    port, url = free_port(), database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.bench.server", kind, "--port", str(port), "--database", url,
               "--slack", f"{slack.url}api/", "--sockets", "2" if by == "Socket Mode" else "0"]  # fmt: skip
    process = await asyncio.create_subprocess_exec(*command)
    connector = TCPConnector(limit=AT_ONCE[-1])
    try:
        async with ClientSession(f"http://127.0.0.1:{port}", connector=connector, timeout=ClientTimeout(60)) as session:
            await ready(session)
            deliver = _by_http(session) if by == "HTTP" else slack.deliver
            draws = kind == "ours"
            whole = _and_home(deliver, session) if draws else deliver
            for n in range(8):
                await whole(home(Crowd(1, None), n))  # type: ignore[arg-type]  # Home asks for no cycle
            yield whole, process
    finally:
        process.terminate()
        await process.wait()


async def ready(session: ClientSession) -> None:
    """Wait until the server answers."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with session.get("/readyz") as answer:
                    if answer.status == 200:
                        return
            except OSError:
                await asyncio.sleep(0.05)


def _by_http(session: ClientSession) -> Deliver:
    async def deliver(body: Body) -> None:
        raw, kind = encoded(body)
        stamp = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + raw, sha256).hexdigest()
        headers = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={signature}"}
        async with session.post("/slack/events", data=raw, headers=headers) as answer:
            assert answer.status == 200, await answer.text()

    return deliver


def _and_home(deliver: Deliver, session: ClientSession) -> Deliver:
    """Who opens Home is also shown it: that it is drawn belongs to the turn."""

    async def both(body: Body) -> None:
        await deliver(body)
        if body.get("type") == "event_callback":
            async with session.get(f"/home/{body['event']['user']}") as answer:
                assert answer.status == 200

    return both


def encoded(body: Body) -> tuple[bytes, str]:
    """A body as Slack writes it over HTTP."""
    if body.get("type") == "event_callback":
        return json.dumps(body).encode(), "application/json"
    form = {"payload": json.dumps(body)} if "type" in body else body
    return urlencode(form).encode(), "application/x-www-form-urlencoded"
