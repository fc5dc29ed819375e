"""Many rows in one statement, without an object for each: SQLAlchemy's own way costs more than the database does."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, Update, bindparam, insert, update
from sqlalchemy.orm import Session

from bot.store.db import Base, read_anew


def insert_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in the given order; each has the same columns."""
    if rows:
        session.execute(_inserting(table), rows)


def update_rows(session: Session, table: type[Base], changes: Mapping[Any, Mapping[str, Any]]) -> None:
    """Change rows of a table with one key column, by that key; the same columns in each.

    What this session has read of the table before is read anew.
    """
    if changes:
        session.execute(_updating(table), [{_KEY: key, **change} for key, change in changes.items()])
        read_anew(session, table)


_KEY = "its_key"


@cache
def _inserting(table: type[Base]) -> Insert:
    """Made once for each table: making a statement takes longer than executing it."""
    return insert(cast("Table", table.__table__))


@cache
def _updating(table: type[Base]) -> Update:
    rows = cast("Table", table.__table__)
    (key,) = rows.primary_key
    return update(rows).where(key == bindparam(_KEY))
