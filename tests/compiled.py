"""Databases that share what was compiled for their kind, and the connections of the one that stood at their address.

Half of a short life would be spent on doing both anew.
"""

from typing import Any

from sqlalchemy import Dialect, Pool, QueuePool
from sqlalchemy import event as on

from bot.store.db import Database
from bot.store.keys import Keys

COMPILED: dict[Any, Any] = {}
"""Statements; they are kept by their dialect."""
DIALECTS: dict[str, Dialect] = {}
POOLS: dict[str, Pool] = {}


class _Lasting(QueuePool):
    """Connections that outlive the database that opened them."""

    def dispose(self) -> None:
        """Nothing is put away."""

    def recreate(self) -> "_Lasting":
        """It goes on."""
        return self


KEYS = Keys("5ea1" * 16)
SEAL_KEY = "one for all tests: what one began another takes up"


def database_lent(url: str) -> Database:
    """A database whose connections, on PostgreSQL, the next one at this address gets."""
    if url.startswith("sqlite"):
        database = database_at(url)
        on.listen(database.engine, "connect", _careless)
        return database
    database = database_at(f"{url}&application_name=lasting")
    pool = POOLS.setdefault(url, database.engine.pool)
    pool.__class__ = _Lasting
    database.engine.pool = pool
    return database


def _careless(connection: Any, record: object) -> None:
    """These databases need not outlive the machine."""
    del record
    connection.execute("PRAGMA synchronous=OFF")


def database_at(url: str) -> Database:
    """A database, with what was compiled for its kind before."""
    database = Database(url, SEAL_KEY, KEYS)
    engine = database.engine
    engine.dialect = DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=COMPILED)
    return database
