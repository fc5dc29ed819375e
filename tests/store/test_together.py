"""Several workers on one PostgreSQL do the same thing at the same moment, and it is done once."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from bot.store import people
from bot.store.db import Database
from bot.store.people import Member
from bot.store.schema import METADATA

ROOT = Path(__file__).parent.parent.parent
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def at_once(database: Database, first: Callable[[Session], object], second: Callable[[Session], object]) -> None:
    """Two units of work, the second of which has to wait for the first; both have to succeed."""
    with ThreadPoolExecutor(1) as other:
        with database.unit_of_work() as session:
            first(session)
            waiting = other.submit(database._do, second)
            _until_somebody_waits(database)
        waiting.result(10)


def _until_somebody_waits(database: Database) -> None:
    until = time.monotonic() + 10
    with database.engine.connect() as watching:
        while not watching.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert time.monotonic() < until, "nobody waits"
            watching.rollback()


def somebody(name: str) -> Member:
    return Member(name, name.title(), f"{name}@lantern.example", "en-GB", "UTC", owner=True, takes_part=True)


def test_two_that_start_at_once_meet_the_same_people(database: Database) -> None:
    def meet(session: Session) -> None:
        people.keep_members(session, [somebody("bo"), somebody("ana")])

    at_once(database, lambda session: people.keep_member(session, somebody("ana")), meet)
    with database.unit_of_work() as session:
        assert [one.id for one in people.everyone(session)] == ["ana", "bo"]


def test_two_that_start_at_once_name_the_first_hr_once(database: Database) -> None:
    with database.unit_of_work() as session:
        people.keep_member(session, somebody("ana"))
    at_once(database, *[lambda session: people.name_first_hr(session, ())] * 2)
    with database.unit_of_work() as session:
        assert [one.id for one in people.holders(session, people.HR)] == ["ana"]


def test_what_somebody_chose_here_outlives_a_second_meeting(database: Database) -> None:
    with database.unit_of_work() as session:
        people.keep_member(session, somebody("ana"))
        people.choose_language(session, "ana", "zh")
    with database.unit_of_work() as session:
        people.keep_members(session, [somebody("ana")])
    with database.unit_of_work() as session:
        assert people.get(session, "ana").chosen_language == "zh"


def test_processes_that_start_at_once_on_an_empty_database_migrate_it_once(
    database: Database, database_url: str, loop: asyncio.AbstractEventLoop
) -> None:
    METADATA.drop_all(database.engine)
    environ = {**os.environ, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": database_url}

    async def migrate() -> tuple[int | None, bytes]:
        command = (sys.executable, "-m", "bot", "migrate")
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ, stderr=PIPE)
        _, complaint = await process.communicate()
        return process.returncode, complaint

    async def together() -> list[tuple[int | None, bytes]]:
        return await asyncio.gather(*(migrate() for _ in range(3)))

    assert [status for status, _ in loop.run_until_complete(together())] == [0, 0, 0]
    assert set(METADATA.tables) <= set(inspect(database.engine).get_table_names())
