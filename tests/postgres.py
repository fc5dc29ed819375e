"""A PostgreSQL server for the tests, and databases on it that are emptied and used again."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, create_engine

from bot.store.db import Database
from bot.store.schema import METADATA

CARELESS = ("fsync", "synchronous_commit", "full_page_writes")
SHAPE = """SELECT md5(string_agg(relname || relkind::text || relnatts, ',' ORDER BY relname))
    FROM pg_class WHERE relnamespace = 'public'::regnamespace"""
OTHERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name <> 'lasting' AND pid <> pg_backend_pid()"""
EMPTY = """DO $$
DECLARE one regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE 'DELETE FROM ' || one;
    END LOOP;
END $$"""


@dataclass(frozen=True)
class _Copy:
    """A database, and the tests' own connection to it."""

    url: str
    connection: Connection

    def reads(self, question: str) -> object:
        return self.connection.exec_driver_sql(question).scalar()

    def closes(self) -> None:
        self.connection.close()
        self.connection.engine.dispose()


@dataclass
class Postgres:
    """A running server: what is asked of it is a database with every table and no row."""

    url: str
    _names: Iterator[int] = field(default_factory=itertools.count)
    _used: list[_Copy] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._admin = _connected(self.url)
        for careless in CARELESS:  # these databases need not outlive us
            self._admin.exec_driver_sql(f"ALTER SYSTEM SET {careless} = off")
        self._admin.exec_driver_sql("SELECT pg_reload_conf()")
        self._admin.exec_driver_sql("CREATE DATABASE empty")
        database = Database(self._at("empty"))
        METADATA.create_all(database.engine)
        with database.engine.connect() as connection:
            self._shape = connection.exec_driver_sql(SHAPE).scalar()
        database.close()

    def _at(self, name: str) -> str:
        return self.url.replace("/postgres?", f"/{name}?")

    @contextmanager
    def lends(self) -> Iterator[str]:
        """The address of an empty database, for one test."""
        copy = self._emptied() or self._made()
        yield copy.url
        self._used.append(copy)

    def _emptied(self) -> _Copy | None:
        """One that was used, as new; None when a process still is in it, or its tables are others than they were."""
        if not self._used:
            return None
        copy = self._used.pop(0)
        if copy.reads(OTHERS) or copy.reads(SHAPE) != self._shape:
            copy.closes()
            return None
        copy.connection.exec_driver_sql(EMPTY)
        return copy

    def _made(self) -> _Copy:
        url = self._at(name := f"company{next(self._names)}")
        self._admin.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE empty")
        return _Copy(url, _connected(url))

    def closes(self) -> None:
        """Let go of every connection."""
        for copy in self._used:
            copy.closes()
        self._admin.close()
        self._admin.engine.dispose()


def _connected(url: str) -> Connection:
    return create_engine(url, isolation_level="AUTOCOMMIT").connect()


def on(database: str, *values: object) -> object:
    """A case for one of the databases."""
    return pytest.param(*values, database, marks=[pytest.mark.postgres] * (database == "postgres"))
