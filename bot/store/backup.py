"""Backups: everything at one moment as JSON lines, which fit an empty database of either kind.

A file is two gzip members, so that any gunzip reads it: a header with the schema's version, the number of rows of each
table and the SHA-256 of what follows; then for each table a line that names it with its columns, and a line for each
row. Tables come after those they point to. Rows come by their keys: in what order they were written is told by nothing.
"""

import gzip
import json
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import JSON, Column, Connection, DateTime, MetaData, Select, Table, delete, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import TypeEngine

from bot.store import seal_key
from bot.store.db import Base, Database, Moment
from bot.store.migrate import VERSION, version_of
from bot.store.private_file import private_file

FORMAT = 1
PASSING = frozenset({"backups", "rates", "standstills"})
"""What Slack takes, and when this database was backed up: true for the moment and this database alone."""
KEYS = "cycle_keys"

Say = Callable[[str], object]
DONE, REFUSED = 0, 1


class BackupRow(Base):
    """When the newest backup was written whole; `at` goes by the real clock."""

    __tablename__ = "backups"
    at: Mapped[datetime] = mapped_column(primary_key=True)


def last_backup(session: Session) -> datetime | None:
    """When the newest backup of this database was written."""
    return session.scalar(select(BackupRow.at).order_by(BackupRow.at.desc()).limit(1))


@dataclass(frozen=True)
class Header:
    """What a file says of itself: made when, by which migration, how many rows of each table, and the body's hash."""

    format: int
    version: str
    at: str
    rows: dict[str, int]
    sha256: str

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(self.rows.values())


def back_up(database: Database, file: Path, now: datetime, say: Say) -> int:
    """Write everything into a file, at one moment and while Cairn goes on; the exit status is 1 when nothing is there.

    Nothing is migrated: a backup before an upgrade is made by either version.
    """
    with database.snapshot() as connection:
        version = version_of(connection)
        if not version:
            say("There is nothing in this database yet.")
            return REFUSED
        with tempfile.TemporaryFile(dir=file.absolute().parent) as spool:
            rows, digest = _write_body(connection, spool)
            header = Header(FORMAT, version, now.isoformat(), rows, digest)
            spool.seek(0)
            with private_file(file) as written:
                written.write(gzip.compress(_line(asdict(header))))
                shutil.copyfileobj(spool, written)
    say(f"{header.count} rows of {len(rows)} tables written to {file}, at migration {version}.")
    _note(database, file, now, say)
    return DONE


def _note(database: Database, file: Path, now: datetime, say: Say) -> None:
    """Note for the doctor that there is a backup. Who may only read the database makes one all the same."""
    if not file.is_file():  # nobody knows here what became of what went into a pipe
        return
    try:
        with database.unit_of_work() as session:
            if inspect(session.connection()).has_table(BackupRow.__tablename__):
                session.execute(delete(BackupRow))
                session.add(BackupRow(at=now))
    except DBAPIError as error:
        say(f"That it was made could not be noted for the doctor ({type(error.orig).__name__}).")


def tables_of(connection: Connection) -> list[Table]:
    """Every table as it stands in the database, whatever its version, each after those it points to."""
    found = inspect(connection)
    names = [name for name, _ in found.get_sorted_table_and_fkc_names() if name and name != VERSION]
    return [_table(connection, name) for name in names]


def _table(connection: Connection, name: str) -> Table:
    found = inspect(connection)
    keys = found.get_pk_constraint(name)["constrained_columns"]
    columns = [
        Column(one["name"], _kind(one["type"]), primary_key=one["name"] in keys) for one in found.get_columns(name)
    ]
    return Table(name, MetaData(), *columns)


def _kind(found: TypeEngine[Any]) -> TypeEngine[Any]:
    """A column's type, which both databases have under names of their own."""
    if isinstance(found, DateTime):
        return Moment()
    return JSON(none_as_null=True) if isinstance(found, JSON) else found


def _write_body(connection: Connection, spool: IO[bytes]) -> tuple[dict[str, int], str]:
    """Write the rows of every table; how many there are of each, and the hash of it all."""
    digest, rows = sha256(), {}
    with gzip.GzipFile(fileobj=spool, mode="wb", mtime=0) as packed:
        for table in tables_of(connection):
            if table.name in PASSING:
                continue
            rows[table.name] = -1
            for line in _lines(connection, table):
                digest.update(line)
                packed.write(line)
                rows[table.name] += 1
    return rows, digest.hexdigest()


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    yield _line({"table": table.name, "columns": [one.name for one in table.columns]})
    are_json = [isinstance(one.type, JSON) for one in table.columns]
    streamed = connection.execution_options(stream_results=True, max_row_buffer=1_000)
    for row in streamed.execute(_rows(table)):
        yield _line([_plain(value, is_json) for value, is_json in zip(row, are_json, strict=True)])


def _rows(table: Table) -> Select[Any]:
    """The rows of a table in the order of their keys; what is left of a destroyed key is not one of them."""
    ordered = select(table).order_by(*table.primary_key.columns)
    return ordered.where(table.c.key != seal_key.DESTROYED) if table.name == KEYS else ordered


def _plain(value: Any, is_json: bool) -> Any:
    """A value as JSON holds it; what JSON has no word for is named by its kind."""
    if is_json:
        return None if value is None else {"json": value}
    match value:
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"on": value.isoformat()}
        case bytes() | memoryview():
            return {"bytes": b64encode(bytes(value)).decode("ascii")}
        case _:
            return value


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_header(line: bytes) -> Header:
    """The header of a file; raises ValueError where it is none of ours."""
    found = cast("dict[str, Any]", json.loads(line))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError("not a backup")
    return Header(**found)
