"""Socket Mode over real sockets: several connections, renewals, cuts, silence, and a stop without a lost click."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy

from bot.domain.refusal import N_
from bot.slack.client import Pace, PacedClient
from bot.slack.flow import Flow, Turn
from bot.slack.limits import UNHURRIED
from bot.sockets import FIRST_PAUSE, HEARTBEAT, Sockets
from sandbox.app import create
from sandbox.socket_mode import order
from sandbox.state import Fault
from tests.company import APP, Company
from tests.wire import Line, line_to, served

TOKEN = "xapp-lantern-cairn"


@dataclass
class Connected:
    """A company whose bot is reached by sockets, over a line."""

    company: Company
    sockets: Sockets
    line: Line

    @property
    def links(self) -> list[Any]:
        return list(self.company.slack.sockets.get(APP, ()))

    async def until(self, true: Callable[[], Any], seconds: float = 10.0) -> float:
        """Wait for it; returns how many seconds that took."""
        began = time.monotonic()
        await self.company.slack.until(true, seconds)
        return time.monotonic() - began

    async def types(self, text: str) -> Any:
        return await self.company.slack.act(
            "U01EMILY", "command", channel=self.company.person("emily").dm, text=f"/cairn {text}"
        )


@asynccontextmanager
async def connected(company: Company, many: int = 1, **timing: float) -> AsyncIterator[Connected]:
    del company.slack.callables[APP]
    async with served(create(company.slack)) as port, line_to(port) as line:
        company.slack.base_url = line.url
        pace = Pace(company.database, company.real_clock, UNHURRIED)
        token = company.cairn.settings.bot_token
        client = PacedClient(pace, token=token, base_url=f"{line.url}api/", retry_handlers=[])
        sockets = Sockets(company.cairn.bolt, client, TOKEN, **timing)
        await sockets.open(many)
        found = Connected(company, sockets, line)
        await found.until(lambda: len(found.links) == many)
        yield found
        await sockets.hang_up(1)


def lives(company: Company, story: Callable[[Connected], Awaitable[None]], many: int = 1, **timing: float) -> None:
    async def living() -> None:
        async with connected(company, many, **timing) as slack:
            await story(slack)

    company.runs(living())


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_each_of_ten_connections_takes_its_share(company: Company) -> None:
    async def story(slack: Connected) -> None:
        answers = [await slack.types("help") for _ in range(20)]
        assert all(answer["answer"] for answer in answers)

    lives(company, story, many=10)


def test_a_connection_that_is_to_end_is_listened_to_beside_its_successor(company: Company) -> None:
    async def story(slack: Connected) -> None:
        (before,) = slack.links
        await order(company.slack, "refresh")
        await slack.until(lambda: len(slack.links) == 2)
        assert before in slack.links
        for _ in range(4):  # by turns to the old one and to the new one
            assert (await slack.types("help"))["answer"]
        await slack.until(lambda: before not in slack.links)
        assert (await slack.types("help"))["answer"]

    lives(company, story, overlap=0.5)


@pytest.mark.parametrize("do", ["disconnect", "drop"])
def test_a_connection_that_slack_ends_is_replaced_at_once(company: Company, do: str) -> None:
    async def story(slack: Connected) -> None:
        (before,) = slack.links
        await order(company.slack, do)
        assert await slack.until(lambda: slack.links and before not in slack.links) < 5
        assert (await slack.types("help"))["answer"]

    lives(company, story)


def test_a_frame_that_nobody_can_read_ends_no_connection(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    async def story(slack: Connected) -> None:
        (link,) = slack.links
        for text in ("zebra-otter", "[1, 2]", "null", '"words"', "[" * 100_000):
            await link.socket.send_text(text)
        assert (await slack.types("help"))["answer"]
        assert slack.links == [link]

    lives(company, story)
    assert "zebra-otter" not in caplog.text


def test_a_slack_that_ends_every_connection_is_not_stormed(company: Company) -> None:
    async def story(slack: Connected) -> None:
        took = []
        for _ in range(3):
            before = slack.links
            await order(company.slack, "disconnect")
            took.append(await slack.until(lambda: slack.links and slack.links != before))  # noqa: B023 - it is awaited here
        assert took[0] + FIRST_PAUSE < took[1] + took[2]
        assert took[2] > 2 * FIRST_PAUSE

    lives(company, story)


def test_after_a_cut_both_connections_stand_again_within_ten_seconds(company: Company) -> None:
    async def story(slack: Connected) -> None:
        before = slack.links
        slack.line.cut()
        again = lambda: len(slack.links) == 2 and not set(slack.links) & set(before)  # noqa: E731 - read once
        assert await slack.until(again) < 10
        assert (await slack.types("help"))["answer"]

    lives(company, story, many=2)


def test_when_slack_cannot_be_reached_for_a_while_it_is_tried_until_it_can(company: Company) -> None:
    async def story(slack: Connected) -> None:
        slack.line.cut(stays_down=True)
        await slack.until(lambda: not slack.links)
        slack.line.is_down = False
        assert await slack.until(lambda: slack.links) < 10
        assert (await slack.types("help"))["answer"]

    lives(company, story)


def test_a_database_that_is_away_while_slack_refuses_leaves_nobody_deaf(company: Company) -> None:
    def renames(before: str, after: str) -> None:
        with company.database.engine.begin() as connection:
            connection.execute(sqlalchemy.text(f"ALTER TABLE {before} RENAME TO {after}"))

    async def story(slack: Connected) -> None:
        renames("standstills", "away")
        company.slack.faults["apps.connections.open"] = Fault("invalid_auth", times=2)
        slack.line.cut()
        await slack.until(lambda: not company.slack.faults["apps.connections.open"].times)
        renames("away", "standstills")
        assert await slack.until(lambda: slack.links) < 10
        assert (await slack.types("help"))["answer"]

    lives(company, story)


def test_silence_is_noticed(company: Company) -> None:
    assert HEARTBEAT * 1.5 < 8

    async def story(slack: Connected) -> None:
        (before,) = slack.links
        slack.line.falls_silent()
        await slack.until(lambda: len(slack.links) == 2)
        assert before in slack.links  # Slack has noticed nothing yet; the new connection stands all the same

    lives(company, story, heartbeat=0.5)


def learns_to_wait(company: Company) -> tuple[threading.Event, threading.Event]:
    """`/cairn wait` is answered when it may go on; gives what says that it has begun, and what lets it."""
    slow, begun, go_on = Flow("slow"), threading.Event(), threading.Event()

    @slow.command("wait", N_("Wait"))
    @slow.action
    def wait(turn: Turn) -> None:
        begun.set()
        go_on.wait(10)

    company.learns(slow)
    return begun, go_on


def test_a_click_in_flight_is_answered_before_the_line_is_hung_up(company: Company) -> None:
    begun, go_on = learns_to_wait(company)

    async def story(slack: Connected) -> None:
        click = asyncio.create_task(slack.types("wait"))
        await asyncio.to_thread(begun.wait, 10)
        stopping = asyncio.create_task(slack.sockets.hang_up(10))
        go_on.set()
        assert "error" not in await click
        await stopping
        await slack.until(lambda: not slack.links)

    lives(company, story, many=2)


def test_a_click_that_takes_too_long_does_not_hold_the_stop(company: Company) -> None:
    begun, go_on = learns_to_wait(company)

    async def story(slack: Connected) -> None:
        click = asyncio.create_task(slack.types("wait"))
        await asyncio.to_thread(begun.wait, 10)
        await asyncio.wait_for(slack.sockets.hang_up(0.2), 5)
        assert (await click)["error"] == "Cairn didn't respond"
        go_on.set()

    lives(company, story)
    company.slack.findings.clear()
