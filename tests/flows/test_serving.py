"""A process of its own: ready when it is, and gone within ten seconds of being told to stop, whatever hangs."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.__main__ import UNFINISHED
from bot.serving import CannotListen, listening
from sandbox import __main__ as local_slack
from sandbox.app import create
from sandbox.clock import Clock
from sandbox.slack import Slack
from sandbox.socket_mode import order
from sandbox.state import Fault
from sandbox.workspace import read_workspace
from scripts.processes import free_port
from tests.company import APP
from tests.wire import served

ROOT = Path(__file__).parent.parent.parent
SECRET = "lantern-signing-secret"


@dataclass
class Worker:
    """One `python -m bot serve`, and the local Slack it talks to."""

    slack: Slack
    process: Process
    web: httpx.AsyncClient

    async def says(self, probe: str) -> int:
        """The status of a probe; 0 while nobody listens."""
        try:
            return (await self.web.get(probe)).status_code
        except httpx.TransportError:
            return 0

    async def until(self, true: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not await true():
                assert self.process.returncode is None, await self._complaint()
                await asyncio.sleep(0.02)  # between two looks

    async def until_ready(self) -> None:
        async def ready() -> bool:
            return await self.says("readyz") == 200

        await self.until(ready)

    async def hangs(self) -> bool:
        """Whether every method that is to hang was called."""
        return all(fault.times == 0 for fault in self.slack.faults.values())

    async def ends(self, status: int = 0) -> float:
        """Wait for the end that was asked for; returns how many seconds it took."""
        began = time.monotonic()
        async with asyncio.timeout(30):
            ended = await self.process.wait()
        assert ended == status, await self._complaint()
        return time.monotonic() - began

    async def gives_up(self, status: int) -> str:
        """Wait until it ends by itself; returns all that it said, without anything that no operator should read."""
        async with asyncio.timeout(60):
            _, complained = await self.process.communicate()
        said = complained.decode()
        assert self.process.returncode == status, said
        assert not re.search("ready|Traceback|Unclosed|As you gave", said), said
        return said

    async def _complaint(self) -> str:
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()[-3000:]


@asynccontextmanager
async def worker(mode: str, folder: Path, *faults: str, port: int = 0, **wrong: str) -> AsyncIterator[Worker]:
    """Start a worker; the named methods of Slack hang from the start. Without a port it gets one that is free.

    In `wrong` stand settings that are other than they should be.
    """
    slack, port = Slack(read_workspace(ROOT / "examples/lantern/workspace.yml"), Clock()), port or free_port()
    slack.settings.ack_seconds = 60
    slack.faults |= {method: Fault("hang", 1) for method in faults}
    environ = {"PORT": str(port), "PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder / 'worker.db'}"}
    if mode == "many":
        environ |= {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s3cret", "CAIRN_KEYS": "5ea1" * 16}
    else:
        environ["SLACK_BOT_TOKEN"] = slack.apps[APP].bot_token
    if mode == "socket":
        environ["SLACK_APP_TOKEN"] = slack.apps[APP].app_token
    else:
        environ["SLACK_SIGNING_SECRET"] = SECRET
        slack.apps[APP] = replace(slack.apps[APP], request_url=f"http://127.0.0.1:{port}/slack/events")
    async with served(create(slack)) as slack_port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/") as web:
        slack.base_url = f"http://127.0.0.1:{slack_port}/"
        environ["SLACK_API_URL"] = f"{slack.base_url}api/"
        command = (sys.executable, "-m", "bot", "serve")
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ | wrong, stderr=PIPE)
        try:
            yield Worker(slack, process, web)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def dm(slack: Slack, who: str) -> str:
    return slack.dm(slack.apps[APP].bot.user_id, who).id


async def types(slack: Slack, who: str, text: str) -> None:
    await slack.act(who, "command", channel=dm(slack, who), text=text)


# The door is taken --------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["http", "socket", "many"])
def test_a_port_that_is_taken_is_said_in_a_sentence_and_nobody_is_told_that_it_is_ready(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, mode: str
) -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            async with worker(mode, tmp_path, port=port) as one:
                said = await one.gives_up(1)
                assert said.endswith(
                    f"Cairn cannot start:\n  - PORT {port} on 127.0.0.1 is taken: another program listens there, "
                    "perhaps a Cairn that still runs. Stop it, or set PORT to another number.\n"
                )
                assert "level=ERROR" not in said
                assert f" the database: {tmp_path / 'worker.db'}\n" in said

    loop.run_until_complete(story())


def test_it_listens_at_every_address_of_a_name_that_this_machine_has() -> None:
    port = free_port()
    made = listening("localhost", port)
    try:
        with (
            socket.create_connection(("127.0.0.1", port)),
            pytest.raises(CannotListen, match=f"PORT {port} .* is taken"),
        ):
            listening("127.0.0.1", port)
    finally:
        for one in made:
            one.close()
    for one in listening("127.0.0.1", port):
        one.close()


@pytest.mark.parametrize(
    "listens", [lambda port: listening("127.0.0.1", port)[0], lambda port: local_slack.listening("127.0.0.1", port)]
)
def test_an_answer_is_not_held_back_until_its_head_is_acknowledged(
    loop: asyncio.AbstractEventLoop, listens: Callable[[int], socket.socket]
) -> None:
    async def story() -> None:
        port = free_port()
        heard: asyncio.Future[asyncio.StreamWriter] = loop.create_future()
        async with await asyncio.start_server(lambda _, there: heard.set_result(there), sock=listens(port)):
            _, here = await asyncio.open_connection("127.0.0.1", port)
            there = await heard
            assert there.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for end in (here, there):
                end.close()
                await end.wait_closed()

    loop.run_until_complete(story())


@pytest.mark.parametrize("host", ["192.0.2.1", "cairn.invalid", "2001:db8::1"])
def test_a_host_that_is_not_this_machine_is_said(host: str) -> None:
    with pytest.raises(CannotListen, match=f"HOST is '{host}', which is no address of this machine"):
        listening(host, free_port())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody who may not")
def test_a_port_that_the_user_may_not_have_is_said() -> None:
    code = "import encodings.idna, os; from bot.serving import listening; os.setuid(65534); listening('127.0.0.1', 79)"
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stderr  # noqa: S603 - ours
    assert "PORT 79 on 127.0.0.1: this user may not listen there. Set PORT to 1024 or more" in told


# Slack is not reached ------------------------------------------------------------------------------

NOWHERE = "http://127.0.0.1:1"
AWAY = {
    "refused": ({"SLACK_API_URL": f"{NOWHERE}/api/"}, f"{NOWHERE}/api/", r"Connect call failed \('127\.0\.0\.1', 1\)"),
    "no such name": ({"SLACK_API_URL": "https://slack.invalid/api/"}, "https://slack.invalid/api/", r"[A-Z][\w ,'-]+"),
    "proxy": (
        {"SLACK_API_URL": "https://slack.com/api/", "HTTPS_PROXY": NOWHERE},
        "https://slack.com/api/",
        r"Connect call failed \('127\.0\.0\.1', 1\)",
    ),
}


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("mode", ["http", "socket"])
def test_the_first_start_without_slack_ends_with_a_sentence(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, mode: str, away: str
) -> None:
    wrong, url, why = AWAY[away]

    async def story() -> None:
        async with worker(mode, tmp_path, **wrong) as one:
            said = await one.gives_up(1)
            assert re.search(
                rf"^Cairn cannot start:\n  - Slack does not answer at {re.escape(url)} \({why}\)\. "
                r"Look at this machine's way out \(name lookup, firewall, HTTPS_PROXY, certificates\), "
                r"or at SLACK_API_URL\.\n\Z",
                said,
                re.MULTILINE,
            ), said
            assert "level=ERROR" not in said

    loop.run_until_complete(story())


def test_an_address_where_something_else_answers_is_said(loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    async def story() -> None:
        async with served(elsewhere) as port:
            url = f"http://127.0.0.1:{port}/"
            async with worker("http", tmp_path, SLACK_API_URL=url) as one:
                said = await one.gives_up(1)
                assert f"  - Slack does not answer at {url} (http_404). Look at this machine's way out" in said

    loop.run_until_complete(story())


async def elsewhere(scope: Any, _: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """Some other server: it knows no such page, whatever it is asked for."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"<h1>Not here</h1>"})


UNKNOWN = {
    "SLACK_BOT_TOKEN": ("xoxb-wrong", "OAuth & Permissions"),
    "SLACK_APP_TOKEN": ("xapp-wrong", "Basic Information → App-Level Tokens"),
}


@pytest.mark.parametrize("again", [False, True], ids=["first start", "later start"])
@pytest.mark.parametrize(
    ("mode", "name"), [("http", "SLACK_BOT_TOKEN"), ("socket", "SLACK_BOT_TOKEN"), ("socket", "SLACK_APP_TOKEN")]
)
def test_a_token_that_slack_does_not_know_is_said_last_and_nobody_is_told_that_it_is_ready(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, mode: str, name: str, again: bool
) -> None:
    value, page = UNKNOWN[name]

    async def story() -> None:
        if again:
            async with worker(mode, tmp_path) as one:
                await one.until_ready()
                one.process.send_signal(signal.SIGTERM)
                await one.ends()
        async with worker(mode, tmp_path, **{name: value}) as one:
            assert (await one.gives_up(2)).endswith(
                f"Cairn cannot start:\n  - Slack says invalid_auth: Slack does not know {name}; copy it anew from "
                f"{page} on the app's page.\n"
            )

    loop.run_until_complete(story())


def test_a_later_start_while_slack_is_away_serves_and_waits_for_it(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async def story() -> None:
        for wrong in ({}, {"SLACK_API_URL": f"{NOWHERE}/api/"}):
            async with worker("http", tmp_path, **wrong) as one:
                await one.until_ready()
                one.process.send_signal(signal.SIGTERM)
                await one.ends()

    loop.run_until_complete(story())


# It is told to stop -------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["http", "socket"])
def test_a_stop_takes_less_than_ten_seconds_even_while_slack_hangs(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, mode: str
) -> None:
    async def story() -> None:
        async with worker(mode, tmp_path) as one:
            await one.until_ready()
            one.slack.faults |= {"views.open": Fault("hang", 1), "chat.postMessage": Fault("hang", 1)}
            clicks = [
                asyncio.create_task(types(one.slack, "U01EMILY", "/cairn privacy")),
                asyncio.create_task(one.slack.act("U01MEI", "say", channel=dm(one.slack, "U01MEI"), text="hello")),
            ]
            await one.until(one.hangs)
            one.process.send_signal(signal.SIGTERM)
            assert await one.ends() < 10
            await asyncio.gather(*clicks)

    loop.run_until_complete(story())


@pytest.mark.parametrize("mode", ["http", "socket"])
def test_a_stop_takes_less_than_ten_seconds_even_while_the_database_hangs(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, mode: str
) -> None:
    async def story() -> None:
        async with worker(mode, tmp_path) as one:
            await one.until_ready()
            with closing(sqlite3.connect(tmp_path / "worker.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                click = asyncio.create_task(types(one.slack, "U01EMILY", "/cairn privacy"))
                with pytest.raises(httpx.ReadTimeout):  # the database's thread is held from here on
                    await one.web.get("readyz", timeout=1)
                one.process.send_signal(signal.SIGTERM)
                assert await one.ends(UNFINISHED) < 10
                assert "level=WARNING" in (said := await one._complaint())
                assert "stopped in the middle of something" in said
                other.execute("ROLLBACK")
                assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            await click

    loop.run_until_complete(story())


def test_a_worker_that_stops_says_so_and_answers_what_still_comes(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async def story() -> None:
        async with worker("http", tmp_path) as one:
            await one.until_ready()
            one.process.send_signal(signal.SIGTERM)

            async def draining() -> bool:
                return await one.says("readyz") == 503

            await one.until(draining, 2)
            assert await one.says("healthz") == 200
            await types(one.slack, "U01EMILY", "/cairn help")
            assert await one.ends() < 10
            assert one.slack.findings == []

    loop.run_until_complete(story())


def test_a_worker_without_a_socket_does_not_say_that_it_is_well(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async def story() -> None:
        async with worker("socket", tmp_path) as one:
            await one.until_ready()
            one.slack.faults["apps.connections.open"] = Fault("internal_error", 1_000)
            await order(one.slack, "drop")

            async def is_deaf() -> bool:
                return (await one.web.get("healthz")).json()["sockets"] == 0

            await one.until(is_deaf)
            assert await one.says("healthz") == 503
            one.slack.faults.clear()

            async def is_well() -> bool:
                return await one.says("healthz") == 200

            await one.until(is_well)

    loop.run_until_complete(story())


def test_a_worker_that_still_starts_is_alive_and_not_ready_and_can_be_stopped(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async def story() -> None:
        async with worker("http", tmp_path, "users.list") as one:

            async def alive() -> bool:
                return await one.says("healthz") == 200

            await one.until(alive)
            await one.until(one.hangs)
            assert await one.says("readyz") == 503
            one.process.send_signal(signal.SIGTERM)
            assert await one.ends() < 10

    loop.run_until_complete(story())


def test_a_worker_for_many_workspaces_shows_its_page_and_stops_like_any_other(
    loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async def story() -> None:
        async with worker("many", tmp_path) as one:
            await one.until_ready()
            assert (await one.says("slack/install"), await one.says("healthz"), await one.says("metrics")) == (200,) * 3
            assert await one.says("slack/oauth_redirect?code=1&state=2") == 400
            await types(one.slack, "U01EMILY", "/cairn help")
            assert one.slack.findings == [], "a workspace that never installed it is not answered, and not asked again"
            one.process.send_signal(signal.SIGTERM)
            assert await one.ends() < 10

    loop.run_until_complete(story())
