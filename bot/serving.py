"""Serving: Slack by sockets or by HTTP, the probes, and a stop within ten seconds that loses nothing."""

import asyncio
import errno
import gc
import logging
import socket
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import uvicorn

from bot.app import Cairn
from bot.connections import Connection
from bot.sockets import Sockets
from bot.sources.workdays import warm_up
from bot.web import Receiver
from bot.workspaces.house import House

log = logging.getLogger(__name__)

LINGER = 1.0
"""Seconds in which /readyz says 503 and what comes is answered all the same: a proxy's time to look elsewhere."""
DRAIN = 3
"""Seconds that requests in flight have to be answered; Slack itself waits no longer."""
LAST = 2.0
"""Seconds that the sender has to come to rest; what it leaves is found by whoever sends next."""
AT_WORK = 100
"""Requests that may be at work besides all who dawdle; at one more, it is told to come later."""
QUEUE = 2048
"""Connections that the system keeps until they are looked at."""
ABSENT = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""A name may stand for an address that this machine lacks, beside one that it has."""
TAKEN = "another program listens there, perhaps a Cairn that still runs. Stop it, or set PORT to another number."
FORBIDDEN = "this user may not listen there. Set PORT to 1024 or more, and have a proxy before it."


class CannotListen(Exception):  # noqa: N818 - it reads as what happened
    """No request would come in; the sentence says why, and what to do."""


async def serve(cairn: Cairn | House, stop: asyncio.Event) -> bool:
    """Run until told to stop, even while still starting; whether everything came to rest."""
    serving = Serving(cairn)
    starting = asyncio.create_task(serving.start())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and (wrong := starting.exception()):
        await serving.stop()  # first: nothing complains of what is left open after the sentence
        raise wrong
    await stopping
    log.info("stopping")
    starting.cancel()
    rests = await serving.stop()
    log.info("stopped")
    return rests


class Serving:
    """What runs between the start and the stop of one process."""

    def __init__(self, cairn: Cairn | House) -> None:
        self._cairn = cairn
        self._ready = asyncio.Event()
        settings = cairn.settings
        self._sockets = _sockets(cairn) if isinstance(cairn, Cairn) and settings.socket_mode else None
        self._server = door(self._receiver(), settings.host, settings.port) if settings.port else None
        self._listening: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None

    def _receiver(self) -> Receiver:
        cairn = self._cairn
        secret, probes = cairn.settings.signing_secret, (self.health, cairn.answers, self._ready.is_set, cairn.figures)
        if isinstance(cairn, Cairn):
            return Receiver(cairn.bolt, secret, cairn.desk.real_clock, *probes)
        return Receiver(cairn, secret, cairn.real_clock, *probes, pages=cairn.pages)

    async def health(self) -> tuple[bool, dict[str, Any]]:
        """What Cairn says of itself, and whether it hears anything: once ready it is not well without a socket."""
        good, facts = await self._cairn.health()
        if self._sockets is None:
            return good, facts
        hears = bool(self._sockets.standing) or not self._ready.is_set()
        return good and hears, {**facts, "sockets": self._sockets.standing}

    async def start(self) -> None:
        """Begin: the probes answer first; where people are known already, nobody waits for the directory."""
        if self._server:
            places = listening(self._cairn.settings.host, self._cairn.settings.port)
            self._listening = asyncio.create_task(self._server.serve(places))
        await self._cairn.begin()
        spare_the_collector()
        if self._sockets:
            await self._sockets.open(self._cairn.settings.sockets)
        self._ready.set()
        self._warming = asyncio.create_task(asyncio.to_thread(warm_up))
        log.info("ready mode=%s", "socket" if self._sockets else "http")

    async def stop(self) -> bool:
        """Take nothing new, answer what was begun, and let go of everything; False when something hangs."""
        self._ready.clear()
        if self._sockets:
            await self._sockets.hang_up(DRAIN)
        elif self._listening:
            await asyncio.sleep(LINGER)
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


def listening(host: str, port: int) -> list[socket.socket]:
    """Listen at every address that a host's name stands for; raises `CannotListen`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return _opened({(family, (str(place[0]), port)) for family, _, _, _, place in found})
    except OSError as error:
        raise CannotListen(_why(error, host, port)) from None


def _opened(places: Collection[tuple[int, tuple[str, int]]]) -> list[socket.socket]:
    """All of them, or none and an OSError; some may be absent."""
    made: list[socket.socket] = []
    absent = OSError(errno.EADDRNOTAVAIL, "")
    with ExitStack() as opened:
        for family, place in sorted(places):
            try:
                made.append(opened.enter_context(socket.create_server(place, family=family, backlog=QUEUE)))
                made[-1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else asyncio holds answers back 40 ms
            except OSError as error:
                if error.errno not in ABSENT:
                    raise
                absent = error
        if not made:
            raise absent
        opened.pop_all()
    return made


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"PORT {port} on {host} is taken: {TAKEN}"
    if error.errno == errno.EACCES:
        return f"PORT {port} on {host}: {FORBIDDEN}"
    return f"HOST is {host!r}, which is no address of this machine. Set 127.0.0.1, or 0.0.0.0 for all that it has."


def spare_the_collector() -> None:
    """What was loaded at the start stays: looking through it again and again costs up to a third of heavy work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _sockets(cairn: Cairn) -> Sockets:
    return Sockets(cairn.bolt, cairn.client, cairn.settings.app_token)


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
