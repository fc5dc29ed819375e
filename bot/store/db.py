"""The database: its types, its engine, and the unit of work, the only place that begins and commits."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, wraps
from pathlib import Path
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy import event as on
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, SessionTransaction, sessionmaker
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeDecorator

from bot.store.keys import Keys
from bot.store.private import use
from bot.store.sqlite_file import make_file

T = TypeVar("T")
P = ParamSpec("P")

POSTGRES_THREADS = 4
"""More only wait for each other: with eight, a turn among sixteen takes a tenth more CPU and a fifth more time."""
LONGEST_PAUSE = "60s"
"""A process that stands still amid a transaction loses it, so that others get at the rows it had locked."""
LONGEST_STATEMENT = "30s"
"""As long as SQLite waits for another process; migrations and the rewriting of tables take what they need."""
LETTERS = {"client_encoding": "utf8"}
"""A database that was made to take any bytes would hand bytes back."""
PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 10, "keepalives_interval": 5}
"""Seconds to connect, milliseconds that a network may swallow what was sent, seconds until silence is asked whether
the other side still lives: a server that vanished is noticed."""
DEADLOCK = "40P01"
LOCK_NOT_GIVEN = "55P03"
CLOCKS_APART = 20
"""Seconds that the clocks of workers and database may differ: a lease lasts 120, a call 35."""
CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"
"""Brings SQLite's file up to date and empties its journal; its answer begins with 1 when somebody was in the way."""
MOST_AT_ONCE = 5_000
"""Values in one statement: both databases have a limit, SQLite's is 32,766."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused because nobody could say when it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A decimal number kept digit by digit, since SQLite knows only floats."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the digits."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read the digits."""
        del dialect
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    """What every table inherits: column types by annotation, and names for constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        Decimal: Exact,
        str: Text,
        int: BigInteger().with_variant(Integer, "sqlite"),
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Database:
    """One database and its unit of work.

    SQLite has one writer thread, so that writers queue fairly instead of meeting in its busy handler; PostgreSQL
    has a few. `seal_key` is the operator's secret that wraps the keys of sealed answers; without it a file stands in.
    `keys` encrypt what people write; without any it is kept as they wrote it. `threads` is how many connections
    PostgreSQL gets to see.
    """

    def __init__(self, url: str, seal_key: str = "", keys: Keys | None = None, threads: int = POSTGRES_THREADS) -> None:
        self.engine = _engine(url, threads)
        self.keys = keys or Keys()
        use(self.engine, self.keys)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._session = sessionmaker(self.engine, expire_on_commit=False, info={"seal_key": seal_key})
        self._threads = ThreadPoolExecutor(1 if self.is_sqlite else threads, thread_name_prefix="work")

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """Everything inside happens, or nothing of it."""
        with self._session() as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A look at everything as it is at one moment, which holds up nobody."""
        still: dict[str, Any] = {"begin": "BEGIN"} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect() as connection, connection.execution_options(**still).begin():
            if not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield connection

    async def run(self, do: Callable[[Session], T]) -> T:
        """Run a synchronous function in a unit of work, away from the event loop."""
        context = copy_context()  # what a line of the log is about
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, self._do, do)

    async def apart(self, do: Callable[["Database"], T]) -> T:
        """Run what no transaction may hold, in the same line as the units of work, so that it meets none of them."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, do, self)

    def _do(self, do: Callable[[Session], T]) -> T:
        with self.unit_of_work() as session:
            return do(session)

    def close(self) -> None:
        """Let the last unit of work finish and put the connections away."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()


class WrongClock(Exception):  # noqa: N818 - it reads as what happened
    """This machine's clock is not the one by which the other workers lease what they send."""


def check_clock(database: Database, now: datetime) -> None:
    """Raise `WrongClock` where this machine's clock is far from the database server's; SQLite has none of its own."""
    if database.is_sqlite:
        return
    with database.unit_of_work() as session:
        there: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    apart = abs((there - now).total_seconds())
    if apart > CLOCKS_APART:
        raise WrongClock(
            f"This machine's clock is {apart:.0f} seconds from the database server's, and workers share by the clock "
            "what they send. Let both follow a time server, for example by chrony, then start again."
        )


def outside(database: Database, *statements: str, patience: int = 1) -> bool:
    """Execute statements that no transaction may hold; False, to be tried again, when somebody is in the way.

    Who is, is waited for so many seconds only: everybody else waits behind whoever waits for a whole table.
    """
    connection = database.engine.raw_connection()
    wait = f"PRAGMA busy_timeout = {patience}000" if database.is_sqlite else f"SET lock_timeout = '{patience}s'"
    try:
        if not database.is_sqlite:
            connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]  # psycopg's own attribute
        cursor = connection.cursor()
        cursor.execute(wait)
        for statement in statements:
            cursor.execute(statement)
            if statement == CHECKPOINT and any(busy for busy, *_ in cursor.fetchall()):
                return False
    except Exception as error:
        if _is_in_the_way(error):
            return False
        raise
    finally:
        connection.invalidate()
    return True


def _is_in_the_way(error: Exception) -> bool:
    """Whether a lock was not given in time."""
    busy = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
    return busy or getattr(error, "sqlstate", None) == LOCK_NOT_GIVEN


def touched(session: Session, statement: Executable) -> int:
    """Execute a conditional write and say how many rows it met."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def is_deadlock(error: Exception) -> bool:
    """Whether two transactions waited for each other, and PostgreSQL gave this one up: it may be tried again."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) == DEADLOCK


def batched(values: Sequence[T], most: int = MOST_AT_ONCE) -> Iterator[Sequence[T]]:
    """A long list in pieces that one statement can hold."""
    return (values[at : at + most] for at in range(0, len(values), most))


def insert_new(session: Session, table: type[DeclarativeBase], values: dict[str, Any]) -> bool:
    """Insert a row unless its key stands there already, whoever else tries at the same time; whether it was new."""
    return session.scalar(_insert_unless_there(session.get_bind().dialect.name, table), values) is not None


def keep_row(session: Session, table: type[DeclarativeBase], values: dict[str, Any]) -> None:
    """Keep a row in place of what stands under its key, if anything does, whoever else tries at the same time."""
    if not insert_new(session, table, values):
        session.merge(table(**values))
        session.flush()


@cache
def _insert_unless_there(dialect: str, table: type[DeclarativeBase]) -> Executable:
    """Made once for each table: making a statement takes longer than executing it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = cast("Table", table.__table__)
    return insert(rows).on_conflict_do_nothing().returning(inspect(table).primary_key[0])


def insert_or_update(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], change: list[str]) -> None:
    """Insert rows; of those whose key stands there already, change only these columns.

    What this session has read of the table before is read anew.
    """
    insert = _insert(session, table)
    changes = {name: insert.excluded[name] for name in change}
    statement = insert.on_conflict_do_update(index_elements=inspect(table).primary_key, set_=changes)
    if rows:
        session.execute(statement, rows)
        read_anew(session, table)


def read_anew(session: Session, table: type[Base]) -> None:
    """Forget what this session has read of a table that was written past its objects."""
    for read in [one for one in session.identity_map.values() if isinstance(one, table)]:
        session.expire(read)


def _insert(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    return (postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert)(table)


def wrote(session: Session) -> bool:
    """Whether anything was written in this unit of work since `forget_writes`."""
    return bool(session.info.get("wrote") or session.new or session.dirty or session.deleted)


def forget_writes(session: Session) -> None:
    """Count writes from here on."""
    session.info["wrote"] = False


def remembered(read: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """Read once for all who ask the same in one turn; whatever is written or locked has it read anew.

    Several flows look at one team to say what waits. What is asked with has to be hashable; a list may be changed by
    whoever gets it, what is in it may not.
    """

    @wraps(read)
    def ask(session: Session, *args: P.args, **kwargs: P.kwargs) -> T:
        known: dict[Any, T] = session.info.setdefault("read", {})
        asked = (read, args, *kwargs.items())
        if asked not in known or session.new or session.dirty or session.deleted:
            known[asked] = read(session, *args, **kwargs)
        found = known[asked]
        return cast("T", [*found]) if isinstance(found, list) else found

    return cast("Callable[Concatenate[Session, P], T]", ask)


def note_write(session: Session) -> None:
    """Count something as written, and have what was read before read anew."""
    session.info["wrote"] = True
    session.info.pop("read", None)


def _note_statement(state: ORMExecuteState) -> None:
    if not state.is_select:
        note_write(state.session)
    elif getattr(state.statement, "_for_update_arg", None) is not None:
        state.session.info.pop("read", None)


def _note_flush(session: Session, context: object) -> None:
    del context
    note_write(session)


def _hold(session: Session, row: object) -> None:
    """A row that was read is asked for by its key again and again in one turn; the session alone would forget it."""
    session.info.setdefault("held", []).append(row)


def _let_go(session: Session, ended: SessionTransaction) -> None:
    """Behind a savepoint another step may run: what it reads is fresh."""
    if ended.nested:
        session.info.pop("held", None)
        session.info.pop("read", None)


on.listen(Session, "loaded_as_persistent", _hold)
on.listen(Session, "after_transaction_end", _let_go)
on.listen(Session, "do_orm_execute", _note_statement)
on.listen(Session, "after_flush", _note_flush)


_POSTGRES_OPTIONS = f"-c idle_in_transaction_session_timeout={LONGEST_PAUSE} -c statement_timeout={LONGEST_STATEMENT}"


def _engine(url: str, threads: int) -> Engine:
    if url.startswith("sqlite"):
        return _sqlite(url)
    own = make_url(url).query.get("options", "")
    return create_engine(
        url,
        connect_args={"options": f"{own} {_POSTGRES_OPTIONS}", **PATIENCE, **LETTERS},
        pool_size=threads,
        max_overflow=4,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _sqlite(url: str) -> Engine:
    make_file(Path(url.removeprefix("sqlite:///")))
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, hide_parameters=True)
    on.listen(engine, "connect", _prepare_sqlite)
    on.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Whoever may write waits for the others here, and not amid their work."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Write-ahead log, real foreign keys, deleted bytes overwritten, and promises on the disk before they are given."""
    del record
    connection.isolation_level = None  # the unit of work says when to begin
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
