"""Puts the parts together: the list of flows, and one Cairn made of settings."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import uvicorn
from aiohttp import ClientSession, ClientTimeout, TCPConnector
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings
from bot.handlers import ALL
from bot.schedules.chores import Upkeep, look, run_due, send
from bot.schedules.hours import WorkCalendar
from bot.schedules.loop import Loop
from bot.slack import directory
from bot.slack.attach import Counter
from bot.slack.desk import Clock, Desk, WallClock, report
from bot.slack.flows import Flows
from bot.slack.reception import QUIET, bolt_for
from bot.slack.sender import Sender
from bot.sources.followed_clock import FollowedClock
from bot.store.db import Database
from bot.web import Receiver

log = logging.getLogger(__name__)

DRAIN = 8.0
"""Seconds that requests in flight have to be answered when Cairn is stopped."""

BEAT = 1.0
"""Seconds between two looks at what is due."""
BEAT_WHEN_FOLLOWING = 0.25
"""Seconds, while the sandbox's clock is followed: days pass in moments there."""


@dataclass
class Cairn:
    """One running Cairn and its parts."""

    settings: Settings
    database: Database
    desk: Desk
    bolt: AsyncApp
    client: AsyncWebClient
    sender: Sender
    loop: Loop
    clock: Clock
    session: ClientSession
    counter: Counter

    async def settle(self) -> None:
        """Do now all that is due."""
        await self.loop.settle()

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether the database answers, and how much is due and waiting; a wound clock is looked at first."""
        if isinstance(self.clock, FollowedClock) and await self.clock.follow():
            self.loop.ring()
        now = self.clock.now()
        try:
            seen = await self.database.run(lambda session: look(session, now))
        except SQLAlchemyError as error:
            report(error, "health")
            return False, {"now": now.isoformat(), "error": "the database does not answer"}
        facts = {
            "now": now.isoformat(),
            "due": seen.due,
            "next_due": seen.next_due.isoformat() if seen.next_due else None,
            "waiting": seen.backlog.waiting,
            "given_up": seen.backlog.given_up,
            "failed": seen.failed,
        }
        return True, facts

    async def close(self) -> None:
        """Finish what is being answered, stop the loop, and let go of everything."""
        await self.counter.drained(DRAIN)
        await self.loop.stop()
        await self.session.close()
        await asyncio.to_thread(self.database.close)


async def build(
    settings: Settings, database: Database, clock: Clock | None = None, real_clock: Clock | None = None
) -> Cairn:
    """Make a Cairn of settings and an up-to-date database. Nothing runs yet.

    People live by `clock`; leases, waits and signatures go by `real_clock`.
    """
    session = ClientSession(timeout=ClientTimeout(total=30), connector=TCPConnector(limit=20))
    client = AsyncWebClient(
        token=settings.bot_token,
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[],  # a retried post may be a second post; the outbox knows better
        ssl=ssl.create_default_context() if settings.slack_api_url.startswith("https") else None,
    )
    clock = clock or (FollowedClock(settings.clock_url) if settings.clock_url else WallClock())
    bell = Bell()
    desk = Desk(database, Flows(ALL), clock, bell, WorkCalendar(), real_clock or WallClock())
    sender = Sender(database, client, desk.real_clock, desk.draw_home)
    follow = (
        [partial(clock.follow, unless_read_within=BEAT_WHEN_FOLLOWING / 2)] if isinstance(clock, FollowedClock) else []
    )
    loop = Loop(
        [*follow, partial(run_due, desk), partial(send, sender), Upkeep(desk)],
        seconds=BEAT_WHEN_FOLLOWING if follow else BEAT,
    )
    bell.hangs_on = loop.ring
    counter = Counter(desk, client)
    return Cairn(settings, database, desk, bolt_for(counter), client, sender, loop, clock, session, counter)


class Bell:
    """Rings the loop; the desk is made before the loop is, so the rope is tied later."""

    hangs_on: Callable[[], None] | None = None

    def __call__(self) -> None:
        """Ring."""
        if self.hangs_on:
            self.hangs_on()


async def serve(cairn: Cairn, stop: asyncio.Event) -> None:
    """Run until told to stop: Socket Mode or HTTP, the loop, and the probes where a port is given."""
    met = await directory.sync(cairn.database, cairn.client, cairn.settings.hr)
    log.info("directory people=%d", met)
    cairn.loop.start()
    server = asyncio.create_task(_listen(cairn, stop)) if cairn.settings.port else None
    socket = await _connect(cairn) if cairn.settings.socket_mode else None
    log.info("ready mode=%s", "socket" if socket else "http")
    await stop.wait()
    log.info("stopping")
    if socket:
        await _hang_up(cairn, socket)
    if server:
        await server
    await cairn.close()


async def _hang_up(cairn: Cairn, socket: AsyncSocketModeHandler) -> None:
    """Take nothing new, answer what was begun, and only then close: Slack gives the rest to the next process."""
    socket.client.socket_mode_request_listeners.clear()
    await cairn.counter.drained(DRAIN)
    await socket.close_async()


async def _connect(cairn: Cairn) -> AsyncSocketModeHandler:
    handler = AsyncSocketModeHandler(cairn.bolt, cairn.settings.app_token, QUIET, cairn.client)
    await handler.connect_async()
    return handler


async def _listen(cairn: Cairn, stop: asyncio.Event) -> None:
    settings = cairn.settings
    receiver = Receiver(cairn.bolt, settings.signing_secret, cairn.desk.real_clock, cairn.health)
    server = _Server(
        uvicorn.Config(receiver, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=8)
    )
    serving = asyncio.create_task(server.serve())
    await stop.wait()
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """A server that leaves the signals alone: `python -m bot` stops all parts in their order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
