"""The house: the workspaces that are open in this process, each with a Cairn, a database and a token of its own."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.app import Cairn, build, opened
from bot.config import Settings
from bot.logs import about
from bot.manifest import wanted_scopes
from bot.schedules.loop import LongRounds, Loop
from bot.slack.desk import Clock, WallClock, report
from bot.slack.errors import word_of
from bot.slack.metrics import Labels, Metrics
from bot.store.db import Database
from bot.store.keys import WrongKeys
from bot.store.migrate import NewerDatabase
from bot.store.rates import Limit
from bot.store.seal_key import WrongSealKey
from bot.web import Page
from bot.workspaces import places, register, tokens
from bot.workspaces.install import STATE_LASTS, Installing
from bot.workspaces.register import Installation, Token
from bot.workspaces.tokens import EARLY, App
from bot.workspaces.whose import homes_of, is_foreign, removed_at

log = logging.getLogger(__name__)

LOOK = 2.0
"""Seconds between two looks at the register: what another worker did is known here by then."""
THREADS = 2
"""Connections of each worker to PostgreSQL for each workspace."""
AGAIN = timedelta(minutes=1)
"""How long after something failed for a workspace it is tried again."""
COUNTS = ("due", "waiting", "given_up", "failed")


@dataclass
class House:
    """Hands each request to the Cairn of the workspace that it came from; opens, closes, and keeps tokens fresh.

    People live by `clock`; all that is about installations goes by `real_clock`.
    """

    settings: Settings
    register: Database
    clock: Clock | None = None
    real_clock: Clock = field(default_factory=WallClock)
    limits: Mapping[str, Limit] | None = None
    open: dict[str, Cairn] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = App.of(self.settings)
        wanted_scopes()  # whoever installs Cairn would not be asked for anything without a manifest
        installing = Installing(self.settings, self.register, self.real_clock, self.app, self._installed)
        self.pages: Mapping[str, Page] = installing.pages
        self._known: dict[str, Installation] = {}
        self._not_before: dict[str, datetime] = {}
        self._refused: dict[str, str] = {}
        self._changing = asyncio.Lock()
        self._closing: set[asyncio.Future[Any]] = set()
        self._loop = Loop([LongRounds(self.look)], seconds=LOOK)

    async def begin(self) -> None:
        """Open every workspace, and keep looking at the register."""
        await self.look()
        self._loop.start()

    async def close(self) -> None:
        """Begin nothing new anywhere, finish what is being answered and sent, and let go of everything."""
        await self._loop.stop()
        await asyncio.gather(*(one.close() for one in self.open.values()), *self._closing)
        self.open.clear()
        await asyncio.to_thread(self.register.close)

    # Requests -----------------------------------------------------------------------------

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Hand a request to the workspace that it came from; nobody else learns of it."""
        one = await self._whose(req)
        if one is None:
            log.info("a request of a workspace that has not installed Cairn, or removed it")
            return BoltResponse(status=200)
        if at := removed_at(req, self.real_clock.now()):
            await self._removed(one.home, at)
            return BoltResponse(status=200)
        if is_foreign(req, one):
            log.info("somebody of another workspace acts, and takes no part workspace=%s", one.home)
            return BoltResponse(status=200)
        if one.home not in self.open:
            await self.look()  # another worker may have installed it a moment ago
        cairn = self.open.get(one.home)
        if cairn is None:
            return BoltResponse(status=503)  # Slack delivers it again
        with about(one.home):
            return await cairn.bolt.async_dispatch(req)

    async def _whose(self, req: AsyncBoltRequest) -> Installation | None:
        """The open installation that a request came through.

        A workspace that was let go of already has nothing more to let go of: its organisation's own is another one.
        """
        for home in homes_of(req, self.real_clock.now()):
            if one := self._known.get(home) or await self.register.run(partial(register.find, home=home)):
                return None if one.closed_at else one
        return None

    async def _removed(self, home: str, at: datetime) -> None:
        """Stop at once what is planned and sent there; other workers do so at their next look."""
        if await self.register.run(lambda session: register.close(session, home, at)):
            log.info("removed workspace=%s", home)
            self._shut(home)
            async with self._changing:  # who looked a moment before may have opened it again
                self._shut(home)

    async def _installed(self, one: Installation) -> None:
        log.info("installed workspace=%s", one.home)
        self._not_before.pop(one.home, None)
        await self.look()

    # What the register says ---------------------------------------------------------------

    async def look(self) -> int:
        """Open what was installed, shut what was removed, renew tokens, and purge what is over."""
        async with self._changing:
            now = self.real_clock.now()
            every = await self.register.run(register.everything)
            for home in self.open.keys() - {one.home for one in every}:
                self._shut(home)
            for one in every:
                if one.closed_at:
                    self._shut(one.home)
                if self._not_before.get(one.home, now) <= now:
                    await self._tended(one, now)
            await self.register.run(lambda session: register.forget_states(session, now - STATE_LASTS))
        return 0

    async def _tended(self, one: Installation, now: datetime) -> None:
        """Do what one workspace needs; what fails there is tried again later, and stops no other."""
        try:
            await (self._keep_grace(one, now) if one.closed_at else self._keep_open(one, now))
        except (NewerDatabase, WrongKeys, WrongSealKey) as wrong:
            log.error("not open workspace=%s: %s", one.home, wrong)  # noqa: TRY400 - the sentence says it all
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("trouble workspace=%s ref=%s", one.home, report(error, "workspaces"))
            if isinstance(error, SlackApiError):
                self._refused[one.home] = word_of(error)
        else:
            self._not_before.pop(one.home, None)
            self._refused.pop(one.home, None)
            return
        self._not_before[one.home] = now + AGAIN

    async def _keep_open(self, one: Installation, now: datetime) -> None:
        """Have it open with a token that is good; one that ends soon is renewed, whether or not anybody asks for it."""
        self._known[one.home] = one
        if not one.token.ends_by(now):
            await self._open_with(one, one.token)
        if one.token.refresh and one.token.ends_by(now + EARLY):
            renewing = asyncio.ensure_future(asyncio.to_thread(tokens.renew, self.register, self.app, one.home, now))
            self._closing.add(renewing)  # who stops does not let go of the register amid it
            renewing.add_done_callback(self._closing.discard)
            if renewed := await asyncio.shield(renewing):
                await self._open_with(one, renewed)

    async def _open_with(self, one: Installation, token: Token) -> None:
        if one.home not in self.open:
            with about(one.home):
                self.open[one.home] = await self._opened(replace(one, token=token))
        cairn = self.open[one.home]
        if cairn.client.token != token.access:
            cairn.client.token = token.access
            cairn.sender.closed.clear()
            cairn.loop.ring()

    async def _opened(self, one: Installation) -> Cairn:
        """Bring its database up to date and begin to do what is due there."""
        settings = places.settings_of(self.settings, one)
        database = await asyncio.to_thread(opened, settings, THREADS)
        cairn = await build(settings, database, self.clock, self.real_clock, self.limits)
        await cairn.look_at_the_clock()
        cairn.meet_meanwhile()
        cairn.loop.start()
        return cairn

    async def _keep_grace(self, one: Installation, now: datetime) -> None:
        """When its days of grace are over, purge its database and forget it."""
        if one.closed_at and now - one.closed_at >= register.grace(self.settings):
            await self.register.run(lambda session: self._purge(session, one.home, now))

    def _shut(self, home: str) -> None:
        self._known.pop(home, None)
        if cairn := self.open.pop(home, None):
            task = asyncio.create_task(cairn.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _purge(self, session: Session, home: str, now: datetime) -> None:
        one = register.locked(session, home)
        if one and one.closed_at and now - one.closed_at >= register.grace(self.settings):
            places.purge(session, self.settings.database_url, home)
            register.forget(session, home)
            log.info("purged workspace=%s", home)

    # What operators ask -------------------------------------------------------------------

    async def answers(self) -> tuple[bool, dict[str, Any]]:
        """Whether the register answers."""
        try:
            await self.register.run(lambda session: session.execute(select(1)).one())
        except SQLAlchemyError as error:
            report(error, "readiness")
            return False, {"ready": False}
        return True, {"ready": True}

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether every database answers; what Slack refuses in one workspace is told, and fails no other.

        One that cannot be opened is silent too, unless it is Slack who lets nobody in.
        """
        good, _ = await self.answers()
        found = {home: (await cairn.health())[1] for home, cairn in [*self.open.items()]}
        found |= {home: self._why_shut(home) for home in self._known.keys() - found.keys()}
        silent = sorted(home for home, facts in found.items() if "error" in facts)
        sums = {name: sum(facts.get(name, 0) for facts in found.values()) for name in COUNTS}
        refused = {home: facts["refused"] for home, facts in found.items() if facts.get("refused")}
        facts = {"now": self.real_clock.now().isoformat(), "workspaces": len(found), **sums}
        return good and not silent, {**facts, "refused": refused, "silent": silent}

    def _why_shut(self, home: str) -> dict[str, Any]:
        if word := self._refused.get(home):
            return {"refused": (word,)}
        return {"error": "it cannot be opened"}

    async def figures(self) -> str:
        """What Prometheus reads: counts of all workspaces together, and what is due and waits in each of them."""
        whole = Metrics()
        gauges: dict[tuple[str, Labels], float] = {}
        for home, cairn in [*self.open.items()]:
            for (name, labels), amount in cairn.counter.metrics.sums.items():
                whole.add(name, amount, **dict(labels))
            found = await cairn.gauges()
            gauges |= {(name, (("workspace", home), *labels)): value for (name, labels), value in found.items()}
        return whole.text(gauges)
