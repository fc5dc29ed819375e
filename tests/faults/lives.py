"""What a process under test does with its life, and where it is killed in it."""

import asyncio
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import accumulate
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

import bot.app
from bot.__main__ import serve
from bot.app import build
from bot.config import Settings
from bot.handlers.imports.plain import Request, run_import
from bot.logs import set_up_logs
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.uploads import UploadKind
from tests.compiled import database_at
from tests.faults import naive
from tests.faults.times import FULL, STRIKES, Loop, Time

MOST_PAGES = 1_000_000
BEAT = 0.3
"""Seconds between two looks at what is due; APScheduler goes by this machine's clock."""
AGAIN = 5
"""Deaths in one story: whoever is started again dies again, a little further on."""


class Moment(StrEnum):
    """When a process is killed, seen from the database."""

    STATEMENT = "before a statement"
    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"


@dataclass(frozen=True)
class Death:
    """Killed (or frozen) at these moments of this kind, counted on over the lives of a worker that is started again.

    A commit counts when one of its statements matched.
    """

    moment: Moment
    statement: str = ""
    at: tuple[int, ...] = ()
    by: signal.Signals = signal.SIGKILL


@dataclass(frozen=True)
class Points:
    """How many points a story has to die at, and how many of them are those of a start."""

    all: int
    start: int = 0
    anew: bool = False
    """Whether each life begins with the first of them, because what died was done in one transaction."""

    def swept(self, n: int) -> tuple[int, ...]:
        """Points spread over the nth story, another set in each, so that in the end every one was among them.

        They are counted on over the lives of a worker.
        """
        step = -(-self.all // AGAIN)
        places = [1 + n % step + again * step for again in range(AGAIN)]
        return tuple(accumulate(places) if self.anew else (one + n * self.start for n, one in enumerate(places)))


@dataclass(frozen=True)
class Life:
    """What a process is to do."""

    does: str
    settings: Settings
    folder: Path
    death: Death | None = None
    file: Path | None = None
    zones: Path | None = None
    """Where zone files lie that differ from this machine's."""


def live(life: Life) -> None:
    """Do what was asked, and be killed where that was asked."""
    log = os.open(life.folder / "log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    set_up_logs("WARNING")
    if life.zones:
        _learn_zones(life.zones)
    time = Time(life.folder / "time")
    if life.death:
        _await(life.death, time)
    event.listen(Engine, "engine_connect", partial(_fill_the_disk, time))
    LIVES[life.does](life, time)


def _learn_zones(path: Path) -> None:
    import zoneinfo  # noqa: PLC0415 - a zone may be read before only by the processes that keep it

    zoneinfo.reset_tzpath([str(path)])
    zoneinfo.ZoneInfo.clear_cache()


def _fill_the_disk(time: Time, connection: Any) -> None:
    """While the disk is full, SQLite may not add a page to its file; it says so as on a full disk."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages if time.cells[FULL] else MOST_PAGES}")


# Being killed -------------------------------------------------------------------------------


def _await(death: Death, time: Time) -> None:
    """Count the moments; at each of its own the process is gone, with nothing flushed and nothing said."""
    counting = threading.Lock()
    named = re.compile(death.statement)

    def strike() -> None:
        with counting:
            time.cells[STRIKES] += 1
            if time.cells[STRIKES] in death.at:
                os.kill(os.getpid(), death.by)

    def on_statement(connection: Any, cursor: object, statement: str, *_: object) -> None:
        if named.search(statement):
            connection.info["matched"] = True
            if death.moment is Moment.STATEMENT:
                strike()

    event.listen(Engine, "before_cursor_execute", on_statement)
    if death.moment is not Moment.STATEMENT:
        _watch_commits(death.moment, strike)


def _watch_commits(moment: Moment, strike: Callable[[], None]) -> None:
    def on_commit(connection: Any) -> None:
        if connection.info.pop("matched", False):
            if moment is Moment.BEFORE_COMMIT:
                strike()
            connection.info["committed"] = True

    def on_rollback(connection: Any) -> None:
        connection.info.pop("matched", None)

    def on_put_back(_: object, record: Any) -> None:
        if record.info.pop("committed", False) and moment is Moment.AFTER_COMMIT:
            strike()

    event.listen(Engine, "commit", on_commit)
    event.listen(Engine, "rollback", on_rollback)
    event.listen(Pool, "checkin", on_put_back)


# Lives --------------------------------------------------------------------------------------


def _serve(life: Life, time: Time) -> None:
    """`python -m bot serve` by the company's clocks, on a database that is up to date."""
    database = database_at(life.settings.database_url)
    _run(time, lambda stop: until_stopped(life.settings, database, time, stop))


async def until_stopped(settings: Settings, database: Database, time: Time, stop: asyncio.Event) -> None:
    """Serve by the company's clocks."""
    bot.app.BEAT = BEAT
    await serve(await build(settings, database, time.people, time.real), stop)


def _naive(send: Callable[..., Any]) -> Callable[[Life, Time], None]:
    def life_of(life: Life, time: Time) -> None:
        database = Database(life.settings.database_url)
        _run(time, lambda stop: naive.serve(life.settings, database, time, send, stop))

    return life_of


def _run(time: Time, serve: Callable[[asyncio.Event], Any]) -> None:
    async def until_stopped() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        if tests := parent_process():
            loop.add_reader(tests.sentinel, os._exit, 1)  # nobody is left to look after this process
        await serve(stop)

    with asyncio.Runner(loop_factory=lambda: Loop(time)) as runner:
        runner.run(until_stopped())


def _migrate(life: Life, time: Time) -> None:
    """`python -m bot migrate`."""
    del time
    database = Database(life.settings.database_url)
    bring_up_to_date(database)
    database.close()


def _import(life: Life, time: Time) -> None:
    """`python -m bot import people FILE --apply`, where everybody is known."""
    database = database_at(life.settings.database_url)
    assert life.file
    request = Request(UploadKind.PEOPLE, life.file.read_bytes(), apply=True)
    status = run_import(database, request, time.people.now(), print)
    database.close()
    sys.exit(status)


LIVES: dict[str, Callable[[Life, Time], None]] = {
    "serve": _serve,
    "migrate": _migrate,
    "import": _import,
    "post, then mark": _naive(naive.post_then_mark),
    "mark, then post": _naive(naive.mark_then_post),
}
