"""Puts the parts together: the list of flows, and one Cairn made of settings."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings
from bot.handlers import ALL
from bot.schedules.census import Census
from bot.schedules.chores import Seen, Upkeep, look
from bot.schedules.due import Due
from bot.schedules.hours import WorkCalendar
from bot.schedules.loop import LongRounds, Loop, Rounds
from bot.schedules.posting import Postings
from bot.schedules.readings import Readings
from bot.slack import directory
from bot.slack.attach import Counter
from bot.slack.client import Pace, PacedClient
from bot.slack.desk import Clock, Desk, WallClock, report
from bot.slack.directory import News
from bot.slack.errors import NoAnswer, stops, unreached
from bot.slack.flows import Flows
from bot.slack.limits import SLACKS, UNHURRIED
from bot.slack.metrics import DUE, LAG, Labels, Metrics
from bot.slack.reception import bolt_for
from bot.slack.sender import Sender
from bot.sources.followed_clock import FollowedClock
from bot.sources.http_source import Surroundings
from bot.store import key_rotation, people, seal_key, sealed
from bot.store.db import POSTGRES_THREADS, Database
from bot.store.keys import Keys
from bot.store.migrate import bring_up_to_date
from bot.store.rates import Limit

log = logging.getLogger(__name__)

DRAIN = 1.0
"""Seconds that what follows an answer, and what is being sent, have to be done when Cairn is stopped."""

TO_BE_LET_IN = 5.0
"""Seconds that a start waits to hear whether Slack takes the bot's token."""

MOST_CONNECTIONS = 40
"""To Slack: twice what the sender has under way, so that somebody's click never queues behind prompts."""

BEAT = 1.0
"""Seconds between two looks at what is due."""
BEAT_WHEN_FOLLOWING = 0.25
"""Seconds, while the sandbox's clock is followed: days pass in moments there."""


def database_of(settings: Settings, threads: int = POSTGRES_THREADS) -> Database:
    """The database as it is, with its secrets."""
    return Database(settings.database_url, settings.seal_key, Keys(settings.keys, settings.keys_file), threads)


def opened(settings: Settings, threads: int = POSTGRES_THREADS) -> Database:
    """The database, up to date, and its sealed answers under a secret that stands elsewhere."""
    database = database_of(settings, threads)
    try:
        bring_up_to_date(database)
        key_rotation.admit(database, WallClock().now())
        if seal_key.admit(database):
            sealed.rewrite(database, patience=30)
    except Exception:
        database.close()
        raise
    return database


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
    meeting: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Begin to do what is due; where people are known already, nobody waits for the directory."""
        await self.look_at_the_clock()
        if await self.database.run(people.anybody):
            await self._hear_of_a_refusal()
            self.meet_meanwhile()
        else:
            await self.meet()
        self.loop.start()

    async def _hear_of_a_refusal(self) -> None:
        """Raise what Slack says of a token that it does not take; a Slack out of reach is waited for later."""
        try:
            async with asyncio.timeout(TO_BE_LET_IN):
                await self.client.auth_test()
        except SlackApiError as refused:
            if stops(refused):
                raise
        except (ClientError, TimeoutError):
            log.warning("Slack is not reached; it is tried again meanwhile")

    async def meet(self) -> None:
        """Read everybody from Slack, which nothing goes on without; raises `NoAnswer` where it is not reached."""
        try:
            await self._meet()
        except (ClientError, TimeoutError, SlackApiError) as error:
            if why := unreached(error):
                raise NoAnswer(self.settings.slack_api_url, why) from None
            raise

    def meet_meanwhile(self) -> None:
        """Read everybody from Slack while all else goes on."""
        self.meeting = asyncio.create_task(self._meet_meanwhile())

    async def _meet(self) -> None:
        met = await directory.sync(self.database, self.client, self.settings.hr)
        log.info("directory people=%d", met)

    async def _meet_meanwhile(self) -> None:
        try:
            await self._meet()
        except Exception as error:  # noqa: BLE001 - who joined is looked up when they act; the next start tries again
            report(error, "directory")

    async def settle(self) -> None:
        """Do now all that is due, and send all that may be sent."""
        while await self.loop.settle() + await self.sender.finished():
            pass

    async def look_at_the_clock(self) -> bool:
        """Read the clock that is followed, if there is one; whether it was wound."""
        return isinstance(self.clock, FollowedClock) and bool(await self.clock.follow())

    async def answers(self) -> tuple[bool, dict[str, Any]]:
        """Whether the database answers: as little as whoever asks every second needs."""
        try:
            await self.database.run(lambda session: session.execute(select(1)).one())
        except SQLAlchemyError as error:
            report(error, "readiness")
            return False, {"ready": False}
        return True, {"ready": True}

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether the database answers and Slack takes what is sent, and how much is due and waiting.

        A wound clock is looked at first.
        """
        if await self.look_at_the_clock():
            self.loop.ring()
        now, real_now = self.clock.now(), self.desk.real_clock.now()
        try:
            seen = await self.database.run(lambda session: look(session, now, real_now))
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
            "refused": seen.refused,
        }
        return not seen.refused, facts

    async def figures(self) -> str:
        """What Prometheus reads: what this process counted, and what is due and waits, if the database answers."""
        return self.counter.metrics.text(await self.gauges())

    async def gauges(self) -> dict[tuple[str, Labels], float]:
        """What is due and waits, by name and labels; nothing when the database does not answer."""
        now, real_now = self.clock.now(), self.desk.real_clock.now()
        try:
            seen = await self.database.run(lambda session: look(session, now, real_now))
        except SQLAlchemyError as error:
            report(error, "metrics")
            return {}
        return _gauges(seen)

    async def close(self) -> None:
        """Begin nothing new, finish what is being answered and sent, and let go of everything."""
        if self.meeting:
            self.meeting.cancel()
        await self.loop.stop()
        await asyncio.gather(self.counter.drained(DRAIN), self.sender.stop(DRAIN))
        await self.session.close()
        await asyncio.to_thread(self.database.close)


def _gauges(seen: Seen) -> dict[tuple[str, Labels], float]:
    """What was looked up at one moment, by name and labels."""
    gauges: dict[tuple[str, Labels], float] = {
        (LAG, ()): seen.lag,
        (DUE, ()): seen.late,
        ("cairn_outbox_waiting", ()): seen.backlog.waiting,
        ("cairn_outbox_given_up", ()): seen.backlog.given_up,
        ("cairn_timers_due", ()): seen.due,
        ("cairn_timers_failed", ()): seen.failed,
    }
    return gauges | {("cairn_slack_refuses", (("error", word),)): 1.0 for word in seen.refused}


async def build(
    settings: Settings,
    database: Database,
    clock: Clock | None = None,
    real_clock: Clock | None = None,
    limits: Mapping[str, Limit] | None = None,
) -> Cairn:
    """Make a Cairn of settings and an up-to-date database. Nothing runs yet.

    People live by `clock`; leases, waits and signatures go by `real_clock`; `limits` is how fast Slack may be called.
    """
    session = ClientSession(timeout=ClientTimeout(total=30), connector=TCPConnector(limit=MOST_CONNECTIONS))
    clock = clock or (FollowedClock(settings.clock_url, session) if settings.clock_url else WallClock())
    limits = limits or (UNHURRIED if isinstance(clock, FollowedClock) else SLACKS)
    bell, wake_sender = Bell(), Bell()
    desk = Desk(database, Flows(ALL), clock, bell, WorkCalendar(), real_clock or WallClock())
    metrics = Metrics()
    client = _client(settings, session, Pace(database, desk.real_clock, limits, metrics))
    sender = Sender(database, client, desk.real_clock, desk.draw_home, desk.make_file, limits, wake_sender)
    sending = Rounds(sender.send_ready)
    reading = LongRounds(Readings(desk, Surroundings(settings.tokens, settings.inside)))
    census = LongRounds(Census(desk.real_clock, partial(directory.sync, database, client, settings.hr)))
    posting = LongRounds(Postings(desk, Surroundings(inside=settings.inside), settings.secrets))
    chores, seconds = [sending, Rounds(Due(desk, limits)), Rounds(Upkeep(desk)), reading, posting, census], BEAT
    if isinstance(clock, FollowedClock):
        chores.insert(0, Rounds(partial(clock.follow, unless_read_within=BEAT_WHEN_FOLLOWING / 2)))
        seconds = BEAT_WHEN_FOLLOWING
    loop = Loop(chores, seconds=seconds)
    bell.hangs_on, wake_sender.hangs_on = loop.ring, sending.ring
    counter = Counter(desk, client, News(database, client), metrics=metrics)
    return Cairn(settings, database, desk, bolt_for(counter), client, sender, loop, clock, session, counter)


def _client(settings: Settings, session: ClientSession, pace: Pace) -> AsyncWebClient:
    return PacedClient(
        pace,
        many=settings.many,
        token=settings.bot_token,
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[],  # a retried post may be a second post; the outbox knows better
        ssl=ssl.create_default_context() if settings.slack_api_url.startswith("https") else None,
    )


class Bell:
    """Rings the loop; the desk is made before the loop is, so the rope is tied later."""

    hangs_on: Callable[[], None] | None = None

    def __call__(self) -> None:
        """Ring."""
        if self.hangs_on:
            self.hangs_on()
