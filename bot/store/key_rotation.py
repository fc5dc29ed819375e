"""Changing the keys of what people write, while Cairn runs: everything is brought under the first key in slices.

A slice holds up nobody: rows that somebody works on are taken in the next pass. Whoever stops it begins again, and what
is under the first key already stays as it is. Which keys were used stands in the database by name, so that a start
without one of them is refused before anybody meets words that nobody can read.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    RowMapping,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import CHECKPOINT, Base, Database, insert_new, outside
from bot.store.keys import Keys, WrongKeys, key_name
from bot.store.private import kind_of, place_of, private_columns

Say = Callable[[str], object]
DONE, REFUSED = 0, 1
AT_ONCE = 200
"""Rows in one unit of work."""
MOST_PASSES = 20
LONGEST_WRITER, A_MOMENT = 60.0, 0.1
"""Seconds that whoever writes already is waited for, and between two looks at that."""
_NEXT_WRITER = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
_OLDEST_WRITER = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")

Row = Mapping[str, Any] | RowMapping


class KeyRow(Base):
    """The name of a key that something may be encrypted with; the key itself is nowhere in the database."""

    __tablename__ = "text_keys"
    name: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


def trouble(session: Session, keys: Keys) -> str:
    """Why the keys do not open everything, for whoever only looks; nothing when they do."""
    try:
        names = keys.names
    except WrongKeys as unreadable:
        return str(unreadable)
    if absent := [one for one in session.scalars(select(KeyRow.name)) if one not in names]:
        return keys.lacking(absent)
    return keys.none_yet() if keys and not names else ""


def is_halfway(session: Session) -> bool:
    """Whether something may be under a key that is not the first any more."""
    return len(session.scalars(select(KeyRow.name)).all()) > 1


def admit(database: Database, now: datetime) -> None:
    """Look at the start whether everything can be read, and note which key encrypts; raises `WrongKeys`."""
    with database.unit_of_work() as session:
        if wrong := trouble(session, database.keys):
            raise WrongKeys(wrong)
        _note(session, database.keys, now)


def _note(session: Session, keys: Keys, now: datetime) -> None:
    if keys.names:
        insert_new(session, KeyRow, {"name": keys.names[0], "since": now})


def run(database: Database, what: str, now: datetime, say: Say) -> int:
    """Add a key to the file and bring everything under it; or, to `encrypt`, under the key that is the first already.

    A rotation that was stopped half-way is gone on with.
    """
    keys = database.keys
    with database.unit_of_work() as session:
        used = list(session.scalars(select(KeyRow.name)))
        if absent := [one for one in used if one not in keys.names]:
            raise WrongKeys(keys.lacking(absent))
    if what == "rotate" and len(used) < 2:
        if keys.file is None:
            say("The keys stand in CAIRN_KEYS, which only you can change: put a new one first, start all workers with "
                "it, then `python -m bot keys encrypt`. With CAIRN_KEYS_FILE this command does it all.")  # fmt: skip
            return REFUSED
        say(f"The key {keys.add()} stands first in {keys.file}.")
    if not keys.names:
        say("There is no key: set CAIRN_KEYS_FILE, then `python -m bot keys rotate`; docs/operating.md says how.")
        return REFUSED
    return _encrypt(database, now, say)


def _encrypt(database: Database, now: datetime, say: Say) -> int:
    """Bring everything under the first key."""
    with database.unit_of_work() as session:
        _note(session, database.keys, now)
    first, changed, left = database.keys.names[0], 0, 1
    if not _earlier_writers_are_done(database):
        say("Something that began before this key was the first still writes. Please run it once more in a minute.")
        return REFUSED
    for _ in range(MOST_PASSES):
        renewed = [_renewed(database, table) for table in private_tables()]
        changed, left = changed + sum(done for done, _ in renewed), sum(behind for _, behind in renewed)
        if not left:
            break
    if left:
        say(f"Rows brought under the key {first}: {changed}. Others were in use: {left}. Please run it once more.")
        return REFUSED
    with database.unit_of_work() as session:
        session.execute(delete(KeyRow).where(KeyRow.name != first))
    if database.is_sqlite:
        outside(database, CHECKPOINT)
    say(f"Rows brought under the key {first}: {changed}. Nothing is left under another key, or under none.")
    say("Keep an older key for as long as you keep backups from its time.")
    return DONE


def _earlier_writers_are_done(database: Database) -> bool:
    """Wait for PostgreSQL's transactions that may have written under an older key and that nobody sees yet."""
    if database.is_sqlite:
        return True  # has one writer
    with database.unit_of_work() as session:
        after: int = session.execute(_NEXT_WRITER).scalar_one()
    until = time.monotonic() + LONGEST_WRITER
    while time.monotonic() < until:
        with database.unit_of_work() as session:
            if session.execute(_OLDEST_WRITER).scalar_one() >= after:
                return True
        time.sleep(A_MOMENT)
    return False


def private_tables() -> list[Table]:
    """The tables that hold what people wrote."""
    return [table for table in Base.metadata.sorted_tables if private_columns(table)]


def _renewed(database: Database, table: Table) -> tuple[int, int]:
    """Go through a table once; how many rows were brought under the first key, and how many were not under it."""
    done = behind = 0
    for names in _slices(database, table):
        behind += len(names)
        if names:
            with database.unit_of_work() as session:
                done += _renew(session, database.keys, table, names)
    return done, behind


def _slices(database: Database, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """The keys of the rows that are not under the first key, slice by slice through the table."""
    key, last = tuple_(*table.primary_key), None
    while True:
        wanted = _kept(table).order_by(*table.primary_key).limit(AT_ONCE)
        with database.unit_of_work() as session:
            rows = session.execute(wanted if last is None else wanted.where(key > _typed(table, last))).mappings().all()
        yield [_key(table, row) for row in rows if _behind(database.keys, table, row)]
        if len(rows) < AT_ONCE:
            return
        last = _key(table, rows[-1])


def _renew(session: Session, keys: Keys, table: Table, names: Sequence[tuple[Any, ...]]) -> int:
    """Encrypt these rows anew, except those that somebody works on."""
    mine = tuple_(*table.primary_key).in_([_typed(table, one) for one in names])
    rows = session.execute(_kept(table).where(mine).with_for_update(skip_locked=True)).mappings().all()
    for column in private_columns(table):
        if renewed := [_anew(keys, table, column, row) for row in rows if _is_behind(keys, column, row)]:
            mine = [one == bindparam(f"of_{one.name}", type_=one.type) for one in table.primary_key]  # type: ignore[assignment]  # conditions
            session.execute(update(table).where(*mine).values({column.name: bindparam("anew")}), renewed)
    return len(rows)


def _kept(table: Table) -> Select[Any]:
    """Rows as they are kept, with all that tells where they stand."""
    private = private_columns(table)
    told = {one.name: one for column in private for one in kind_of(column).rows(table)}
    told |= {one.name: one for one in table.primary_key}
    return select(*told.values(), *(cast(one, Text).label(one.name) for one in private))


def _behind(keys: Keys, table: Table, row: Row) -> bool:
    return any(_is_behind(keys, column, row) for column in private_columns(table))


def _is_behind(keys: Keys, column: Column[Any], row: Row) -> bool:
    """Whether there is something that is not encrypted with the first key."""
    kept, kind = row[column.name], kind_of(column)
    if kept is None:
        return False
    if sealed := kind.sealed_in(kept):
        return key_name(sealed) != keys.names[0]
    return bool(kind.opened(keys, "", kept))


def _anew(keys: Keys, table: Table, column: Column[Any], row: Row) -> dict[str, Any]:
    kind, place = kind_of(column), place_of(column, row)
    value = kind.sealed(keys, place, kind.opened(keys, place, row[column.name]))
    return {"anew": value, **{f"of_{one.name}": row[one.name] for one in table.primary_key}}


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[one.name] for one in table.primary_key)


def _typed(table: Table, key: tuple[Any, ...]) -> Any:
    return tuple_(*(literal(value, one.type) for value, one in zip(key, table.primary_key, strict=True)))
