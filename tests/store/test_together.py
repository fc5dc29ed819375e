"""Several workers on one PostgreSQL do the same thing at the same moment, and it is done once."""

import asyncio
import os
import socket
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, func, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.store import people, suggestions
from bot.store.db import LONGEST_STATEMENT, Database, WrongClock, check_clock, outside
from bot.store.migrate import bring_up_to_date
from bot.store.people import Member
from bot.store.schema import METADATA
from bot.workspaces import places

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
            if not database.is_sqlite:  # which lets the second one begin only when the first one has ended
                until_somebody_waits(database)
        waiting.result(10)


def until_somebody_waits(database: Database, how_many: int = 1) -> None:
    until = time.monotonic() + 10
    with database.engine.connect() as watching:
        while watching.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) < how_many:
            assert time.monotonic() < until, "nobody waits"
            watching.rollback()


def test_two_who_install_at_once_make_one_place(database: Database) -> None:
    make: Callable[[Session], object] = lambda session: places.make(session, "T0HANSA")  # noqa: E731 - done twice
    at_once(database, make, make)
    with database.unit_of_work() as session:
        assert "cairn_t0hansa" in inspect(session.connection()).get_schema_names()


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


def test_no_statement_lasts_for_ever(database: Database) -> None:
    with database.unit_of_work() as session:
        assert session.scalar(text("SHOW statement_timeout")) == LONGEST_STATEMENT
        session.execute(text("SET LOCAL statement_timeout = 50"))
        with pytest.raises(OperationalError, match="statement timeout"):
            session.execute(text("SELECT pg_sleep(5)"))


def test_who_starts_waits_for_a_migration_as_long_as_it_takes(database: Database, database_url: str) -> None:
    METADATA.drop_all(database.engine)
    hurried = Database(database_url)
    hurried.engine = create_engine(database_url, connect_args={"options": "-c statement_timeout=200"})
    with ThreadPoolExecutor(1) as other:
        with database.engine.begin() as migrating:
            migrating.execute(text("SELECT pg_advisory_xact_lock(7203417)"))
            waiting = other.submit(bring_up_to_date, hurried)
            until_somebody_waits(database)
            migrating.execute(text("SELECT pg_sleep(0.4)"))
        waiting.result(10)
    hurried.close()


def test_a_server_that_does_not_answer_is_given_up(database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = database.engine.url.set(host="127.0.0.1", port=silent.getsockname()[1], query={})
        other = Database(url.render_as_string(hide_password=False))
        began = time.monotonic()
        with pytest.raises(OperationalError), other.unit_of_work() as session:
            session.execute(text("SELECT 1"))
        assert time.monotonic() - began < 10
        other.close()


def test_who_waits_for_a_whole_table_gives_way_to_a_reader_and_others_do_not_wait_behind_it(database: Database) -> None:
    with database.unit_of_work() as reading:
        reading.execute(select(people.PersonRow.id)).all()
        assert not outside(database, "VACUUM FULL people")
    assert outside(database, "VACUUM FULL people")


def test_a_suggestion_that_is_dropped_in_while_the_box_is_opened_is_not_lost(database: Database) -> None:
    late = [suggestions.new_token()]

    def drops(token: str) -> None:
        with database.unit_of_work() as session:
            assert suggestions.drop_sealed(session, token, "More bicycle stands")

    def meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DELETE FROM suggestions") and late:
            drops(late.pop())

    drops(suggestions.new_token())
    event.listen(database.engine, "before_cursor_execute", meanwhile)
    for _ in range(3):
        with database.unit_of_work() as session:
            suggestions.open_box(session)
    with database.unit_of_work() as session:
        assert not late
        assert session.scalar(select(func.count()).select_from(suggestions.SuggestionRow)) == 2


def test_a_machine_whose_clock_is_far_from_the_servers_does_not_start(database: Database) -> None:
    check_clock(database, datetime.now(UTC))
    with pytest.raises(WrongClock, match=r"12[01] seconds from the database server's"):
        check_clock(database, datetime.now(UTC) - timedelta(minutes=2))
