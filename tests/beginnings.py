# ruff: noqa: S608 - the names of our own tables
"""Beginnings of stories: each worker lives one once on each kind of database; later stories take up what came of it.

Much of a short story would be spent on coming so far. What is kept is everything: each row, the workspace, both clocks.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from bot.store.db import Database
from bot.store.schema import METADATA
from sandbox.clock import Clock
from sandbox.slack import Slack
from tests.postgres import EMPTY

if TYPE_CHECKING:
    from tests.company import Company

P = ParamSpec("P")
T = TypeVar("T")

TABLES = [table.name for table in METADATA.sorted_tables]
COUNTED = {table.name: table.autoincrement_column.name for table in METADATA.sorted_tables
           if table.autoincrement_column is not None}  # fmt: skip
PASSING = {"workspace", "clock", "watchers", "callables", "sockets", "tasks"}
"""What of a workspace belongs to one test, and is no state."""
KEPT: dict[Any, "Kept"] = {}


@dataclass(frozen=True)
class Kept:
    """A company at one moment."""

    rows: dict[str, Any]
    slack: bytes
    clocks: tuple[datetime, datetime]
    result: Any = None


def lived_once(beginning: Callable[Concatenate["Company", P], T]) -> Callable[Concatenate["Company", P], T]:
    """Take up what came of this beginning before, unless something has happened in the company already."""

    @wraps(beginning)
    def begin(company: "Company", *args: P.args, **named: P.kwargs) -> T:
        if company.untouched != look_of(company):
            return beginning(company, *args, **named)
        key = (beginning, repr((args, named)), company.database.is_sqlite)
        if key in KEPT:
            take_up(company, KEPT[key])
        else:
            result = beginning(company, *args, **named)
            KEPT[key] = keep(company, result)
        company.untouched = b""
        return KEPT[key].result

    return begin


def look_of(company: "Company") -> bytes:
    """What a test can change without asking the bot: the workspace, the clocks, the limits."""
    clocks = [vars(clock) for clock in (company.slack.clock, company.real_clock)]
    return pickle.dumps((_lasting(company.slack), clocks, company.limits, company.inside))


def keep(company: "Company", result: Any = None) -> Kept:
    """Everything as it is now."""
    slack = pickle.dumps(_lasting(company.slack))
    return Kept(rows_of(company.database), slack, (company.slack.clock.now(), company.real_clock.now()), result)


def take_up(company: "Company", kept: Kept) -> None:
    """Make everything as it was, and go on from that moment."""
    _put(company.database, kept.rows)
    vars(company.slack).update(pickle.loads(kept.slack))  # noqa: S301 - our own, of a moment ago
    for clock, moment in zip((company.slack.clock, company.real_clock), kept.clocks, strict=True):
        vars(clock).update(vars(Clock(moment)))


def _lasting(slack: Slack) -> dict[str, Any]:
    return {name: part for name, part in vars(slack).items() if name not in PASSING}


def rows_of(database: Database) -> dict[str, Any]:
    """The rows of every table that has some, as the driver gives them."""
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    read = _rows if database.is_sqlite else _copied
    found = {table: rows for table in TABLES if (rows := read(cursor, table))}
    connection.close()
    return found


def _rows(cursor: Any, table: str) -> Any:
    return cursor.execute(f"SELECT * FROM {table}").fetchall()


def _copied(cursor: Any, table: str) -> Any:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def _put(database: Database, rows: dict[str, Any]) -> None:
    """Have these rows and no others."""
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    if database.is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")
        for table, of_table in rows.items():
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(of_table[0]))})", of_table)
    else:
        cursor.execute(EMPTY)
        for table, of_table in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(of_table)
        for table in COUNTED.keys() & rows.keys():
            column = COUNTED[table]
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table}")
    connection.commit()
    connection.close()
