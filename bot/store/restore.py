"""Restores a backup into an empty database: whole or not at all, and then migrated to what this version knows."""

import gzip
import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select, text

from bot.store import key_rotation, outbox_upkeep, seal_key
from bot.store.backup import DONE, REFUSED, Header, Say, read_header, tables_of
from bot.store.db import Database
from bot.store.migrate import begin_anew, known, newest, upgrade

AT_ONCE = 200
"""Rows in one statement."""
DAMAGED = (OSError, EOFError, ValueError, TypeError, KeyError)


def restore(database: Database, file: Path, real_now: datetime, say: Say) -> int:
    """Put back what a file holds; the exit status is 1 when it is damaged, too new, or the database is not empty."""
    try:
        header = looked_over(file)
    except DAMAGED as problem:
        say(f"{file} is no backup of Cairn's, or is damaged ({type(problem).__name__}). Nothing was changed.")
        return REFUSED
    if header.version not in known():
        say(f"{file} was made by a newer Cairn (migration {header.version}; this one knows them up to {newest()}).")
        return REFUSED
    with database.engine.begin() as connection:
        if filled := _filled(connection):
            say(f"This database is not empty: {filled} has rows. Please restore into an empty one.")
            return REFUSED
        begin_anew(connection, header.version)
        _fill(connection, file)
        upgrade(connection, newest())
        outbox_upkeep.doubt_what_was_on_its_way(connection, real_now)
    _tell(database, header, say)
    return DONE


def looked_over(file: Path) -> Header:
    """The header of a file whose body is as it was written; raises one of `DAMAGED`."""
    digest, rows = sha256(), dict[str, int]()
    with gzip.open(file) as lines:
        header = read_header(lines.readline())
        name = ""
        for line in lines:
            digest.update(line)
            if line.startswith(b"{"):
                name = json.loads(line)["table"]
            rows[name] = rows.get(name, -1) + 1
    if digest.hexdigest() != header.sha256 or rows != header.rows:
        raise ValueError("not as it was written")
    return header


def _filled(connection: Connection) -> str:
    """The first table that has a row; nothing when all are empty, or there is none."""
    for table in tables_of(connection):
        if connection.execute(select(text("1")).select_from(table).limit(1)).first():
            return table.name
    return ""


def _fill(connection: Connection, file: Path) -> None:
    tables = {table.name: table for table in tables_of(connection)}
    with gzip.open(file) as lines:
        lines.readline()
        for table, rows in _by_table(lines, tables):
            connection.execute(table.insert(), rows)
    for table in tables.values():
        _count_on(connection, table)


def _by_table(lines: Iterable[bytes], tables: dict[str, Table]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """The rows as they are inserted: some at once, all of one table."""
    table, columns = None, list[str]()
    numbered = iter(lines)
    while some := list(islice(numbered, AT_ONCE)):
        rows: list[dict[str, Any]] = []
        for line in some:
            found = json.loads(line)
            if isinstance(found, list):
                rows.append(dict(zip(columns, map(_meant, found), strict=True)))
                continue
            if table is not None and rows:
                yield table, rows
            table, columns, rows = tables[found["table"]], found["columns"], []
        if table is not None and rows:
            yield table, rows


def _meant(value: Any) -> Any:
    """The value that was written."""
    match value:
        case {"json": meant}:
            return meant
        case {"at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"on": str(day)}:
            return date.fromisoformat(day)
        case {"bytes": str(packed)}:
            return b64decode(packed)
        case _:
            return value


def _count_on(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number new rows after those that came back; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        named = {"table": table.name, "column": column.name}
        if counter := connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), named).scalar():
            last = connection.execute(select(column).order_by(column.desc()).limit(1)).scalar()
            if last is not None:
                connection.execute(text("SELECT setval(:counter, :last)"), {"counter": counter, "last": last})


def _tell(database: Database, header: Header, say: Say) -> None:
    say(f"{header.count} rows of {len(header.rows)} tables restored, as they were at {header.at}.")
    if header.version != newest():
        say(f"They were migrated from {header.version} to {newest()}.")
    with database.unit_of_work() as session:
        if trouble := seal_key.trouble(session):
            say(trouble)
        if wrong := key_rotation.trouble(session, database.keys):
            say(wrong)
    say("What was on its way then is looked up in Slack before it is sent. What was said since is not known here.")
