"""The database is locked, full, refuses to write, drops its connections, or is restarted."""

import asyncio
from contextlib import ExitStack
from datetime import UTC, datetime
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bot.store import timers
from bot.store.db import Database
from bot.store.schema import METADATA
from tests.faults.cells import cell
from tests.faults.company import Company, Count
from tests.faults.payloads import typed
from tests.faults.stories import IN_TIME, PAUSED, day_ahead, many_people, turns_taken
from tests.faults.times import FULL

AT_ONCE = 10
POSTGRES = ("postgres",)


async def _amid(company: Company, begins, ends, seconds: float = 3) -> Count:
    """People are told things and write; amid it the database is out of order until that is felt, or for a while."""
    writing = company.hires(AT_ONCE)
    events = [typed(one, f"pause {day_ahead(company, 30)}") for one in writing]

    async def amid() -> None:
        company.expects(writing, PAUSED, within=IN_TIME * 2)
        before = company.refused
        begins()
        sent = [asyncio.create_task(company.insists(event)) for event in events]
        try:
            await company.until(lambda: company.refused > before, seconds)
        finally:
            await ends()
        await asyncio.gather(*sent)

    count = await many_people(company, AT_ONCE, amid)
    return count + Count(AT_ONCE) + turns_taken(company, *writing)


async def _locked(company: Company, seconds: float) -> Count:
    other = Database(company.database_url)
    held = ExitStack()

    def begins() -> None:
        while not _locks(other, held):
            continue

    async def ends() -> None:
        held.close()

    try:
        return await _amid(company, begins, ends, seconds)
    finally:
        other.close()


def _locks(other: Database, held: ExitStack) -> bool:
    """Take every table; PostgreSQL may send away whoever locks several to end a deadlock, who then asks again."""
    lock = "SELECT 1" if other.is_sqlite else "LOCK TABLE outbox, timers, inbox IN ACCESS EXCLUSIVE MODE"
    try:
        with ExitStack() as taken:
            taken.enter_context(other.unit_of_work()).execute(text(lock))
            held.push(taken.pop_all())
    except OperationalError as error:
        if "deadlock detected" not in str(error):
            raise
        return False
    return True


@cell("database locked by another")
async def locked(company: Company, n: int) -> Count:
    return await _locked(company, 0.4)


@cell("disk full")
async def full(company: Company, n: int) -> Count:
    """There is no room for one more page, until that is felt; then somebody makes room."""
    return await (_full_file(company) if company.database.is_sqlite else _full_server(company))


async def _full_file(company: Company) -> Count:
    """SQLite may add no page to its file: what it says then is what it says of a full disk."""

    async def ends() -> None:
        company.time.cells[FULL] = 0

    def begins() -> None:
        company.time.cells[FULL] = 1

    raw = company.database.engine.raw_connection()
    raw.cursor().execute("VACUUM")  # no free page is left in the file
    raw.close()
    return await _amid(company, begins, ends)


NO_ROOM = """CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"""


async def _full_server(company: Company) -> Count:
    """The server answers whatever writes with 53100, one table after the other, amid transactions."""
    admin = create_engine(company.database.engine.url, isolation_level="AUTOCOMMIT")

    def sets(trigger: str) -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql(NO_ROOM)
            for table in METADATA.tables:
                connection.exec_driver_sql(trigger.format(table=table))

    begins = "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE OR DELETE ON {table} EXECUTE FUNCTION no_room()"
    ends = "DROP TRIGGER no_room ON {table}"
    try:
        return await _amid(company, lambda: sets(begins), lambda: asyncio.to_thread(sets, ends))
    finally:
        admin.dispose()


@cell("database refuses to write", databases=POSTGRES)
async def read_only(company: Company, n: int) -> Count:
    """As after a failover to a copy: it answers and takes nothing."""
    admin = create_engine(company.database.engine.url, isolation_level="AUTOCOMMIT")
    name = company.database.engine.url.database

    def sets(value: str) -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}')
            _drop_connections(connection)

    try:
        return await _amid(company, lambda: sets("on"), lambda: asyncio.to_thread(sets, "off"))
    finally:
        admin.dispose()


@cell("connections lost", databases=POSTGRES)
async def lost(company: Company, n: int) -> Count:
    """Every connection is cut, again and again, whatever stands in the middle of a transaction."""
    admin, random = create_engine(company.database.engine.url, isolation_level="AUTOCOMMIT"), Random(n)

    async def amid() -> None:
        for _ in range(8):
            with admin.connect() as connection:
                _drop_connections(connection)
            await asyncio.sleep(random.random() * 0.1)

    cutting: list[asyncio.Task[None]] = []
    try:
        begins = lambda: cutting.append(asyncio.create_task(amid()))  # noqa: E731 - said where it is used
        return await _amid(company, begins, lambda: asyncio.wait(cutting))
    finally:
        admin.dispose()


@cell("PostgreSQL restarted", databases=POSTGRES, alone=True)
async def restarted(company: Company, n: int) -> Count:
    """The server is stopped at once and comes back, amid everything, and with it whatever stood in a transaction."""
    assert company.restarts
    await asyncio.sleep(Random(n).random() * 0.3)
    restarting: list[asyncio.Task[None]] = []

    def begins() -> None:
        restarting.append(asyncio.create_task(asyncio.to_thread(company.restarts)))

    return await _amid(company, begins, lambda: asyncio.wait(restarting))


def _drop_connections(connection) -> None:
    connection.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@cell("poisoned timer")
async def poisoned_timer(company: Company, n: int) -> Count:
    """A timer's step fails whenever it runs, and it is due the longest; the others do not wait for it."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    company.writes(lambda session: timers.remind(session, "gone.step", "", f"{n}", long_ago))
    return await many_people(company, AT_ONCE)
