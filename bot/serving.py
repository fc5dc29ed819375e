"""Serving: Slack by sockets or by HTTP, the probes, and a stop within ten seconds that loses nothing."""

import asyncio
import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.app import Cairn
from bot.connections import Connection
from bot.slack import directory
from bot.slack.desk import report
from bot.sockets import Sockets
from bot.sources.workdays import warm_up
from bot.store import people
from bot.web import Receiver

log = logging.getLogger(__name__)

LINGER = 1.0
"""Seconds in which /readyz says 503 and what comes is answered all the same: a proxy's time to look elsewhere."""
DRAIN = 3
"""Seconds that requests in flight have to be answered; Slack itself waits no longer."""
LAST = 2.0
"""Seconds that the sender has to come to rest; what it leaves is found by whoever sends next."""
AT_WORK = 100
"""Requests that may be at work besides all who dawdle; at one more, it is told to come later."""


async def serve(cairn: Cairn, stop: asyncio.Event) -> bool:
    """Run until told to stop, even while still starting; whether everything came to rest."""
    serving = Serving(cairn)
    starting = asyncio.create_task(serving.start())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()  # what kept it from starting is raised here
    await stopping
    log.info("stopping")
    starting.cancel()
    rests = await serving.stop()
    log.info("stopped")
    return rests


class Serving:
    """What runs between the start and the stop of one process."""

    def __init__(self, cairn: Cairn) -> None:
        self._cairn = cairn
        self._ready = asyncio.Event()
        settings = cairn.settings
        self._sockets = Sockets(cairn.bolt, cairn.client, settings.app_token) if settings.socket_mode else None
        self._server = _server(cairn, self._ready) if settings.port else None
        self._listening: asyncio.Task[None] | None = None
        self._meeting: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin: the probes answer first; where people are known already, nobody waits for the directory."""
        cairn = self._cairn
        await cairn.look_at_the_clock()
        if self._server:
            self._listening = asyncio.create_task(self._server.serve())
        if await cairn.database.run(people.anybody):
            self._meeting = asyncio.create_task(self._meet_meanwhile())
        else:
            await self._meet()
        spare_the_collector()
        cairn.loop.start()
        if self._sockets:
            await self._sockets.open(cairn.settings.sockets)
        self._ready.set()
        self._warming = asyncio.create_task(asyncio.to_thread(warm_up))
        log.info("ready mode=%s", "socket" if self._sockets else "http")

    async def stop(self) -> bool:
        """Take nothing new, answer what was begun, and let go of everything; False when something hangs."""
        self._ready.clear()
        if self._sockets:
            await self._sockets.hang_up(DRAIN)
        else:
            await asyncio.sleep(LINGER)
        if self._meeting:
            self._meeting.cancel()
        if self._server and self._listening:
            self._server.should_exit = True
            await self._listening
        try:
            async with asyncio.timeout(LAST):
                await self._cairn.close()
        except TimeoutError:
            log.warning("stopped in the middle of something; it is looked up before it is done again")
            return False
        return True

    async def _meet(self) -> None:
        met = await directory.sync(self._cairn.database, self._cairn.client, self._cairn.settings.hr)
        log.info("directory people=%d", met)

    async def _meet_meanwhile(self) -> None:
        try:
            await self._meet()
        except Exception as error:  # noqa: BLE001 - who joined is looked up when they act; the next start tries again
            report(error, "directory")


def spare_the_collector() -> None:
    """What was loaded at the start stays: looking through it again and again costs up to a third of heavy work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _server(cairn: Cairn, ready: asyncio.Event) -> "_Server":
    settings = cairn.settings
    receiver = Receiver(
        cairn.bolt,
        settings.signing_secret,
        cairn.desk.real_clock,
        cairn.health,
        cairn.answers,
        ready.is_set,
        cairn.figures,
    )
    return door(receiver, settings.host, settings.port)


def door(receiver: Receiver, host: str, port: int, kind: type[Connection] = Connection) -> "_Server":
    """The server that lets requests in; nobody who dawdles keeps the others out."""
    return _Server(
        uvicorn.Config(
            receiver,
            host=host,
            port=port,
            http=kind,
            ws="none",
            log_config=None,
            limit_concurrency=kind.most + AT_WORK,
            timeout_graceful_shutdown=DRAIN,
        )
    )


class _Server(uvicorn.Server):
    """A server that leaves the signals alone: `python -m bot` stops all parts in their order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
