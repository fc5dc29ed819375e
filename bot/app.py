"""Puts the parts together: the list of flows, and one Cairn made of settings."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings
from bot.handlers import ALL
from bot.schedules.chores import Upkeep, look, run_due, send
from bot.schedules.hours import WorkCalendar
from bot.schedules.loop import Loop
from bot.slack.attach import Counter
from bot.slack.desk import Clock, Desk, WallClock, report
from bot.slack.flows import Flows
from bot.slack.reception import bolt_for
from bot.slack.sender import Sender
from bot.sources.followed_clock import FollowedClock
from bot.store.db import Database

DRAIN = 8.0
"""Seconds that what follows an answer has to be done when Cairn is stopped."""

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

    async def look_at_the_clock(self) -> bool:
        """Read the clock that is followed, if there is one; whether it was wound."""
        return isinstance(self.clock, FollowedClock) and bool(await self.clock.follow())

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether the database answers, and how much is due and waiting; a wound clock is looked at first."""
        if await self.look_at_the_clock():
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
