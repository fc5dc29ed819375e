"""Files that were read and wait for their "Apply": kept until they are used, and never longer than a day.

What a source brought waits to be shown as well, until a working hour or its next reading; its day begins then.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.store.db import Base, touched
from bot.store.private import PrivateList

KEPT = timedelta(days=1)


class UploadKind(StrEnum):
    """What a file is about."""

    PEOPLE = "people"
    ACTUALS = "actuals"
    APPLYING = "applying"
    """Values that are being written, slice by slice; `rows` are then what is to be written."""


class UploadRow(Base):
    """The rows of one file; `shown` is a digest of the preview that its sender saw, until then the source it is of."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    cycle_id: Mapped[str]
    rows: Mapped[PrivateList]
    shown: Mapped[str]
    source_id: Mapped[str] = mapped_column(default="", server_default="")
    """Which address it is from (people only)."""


@dataclass(frozen=True)
class Upload:
    """A file that waits: who gave it, for which cycle (values only), its rows, and what was shown of it.

    `source_id` is the address that people were read from.
    """

    id: str
    kind: UploadKind
    by: str
    cycle_id: str
    rows: list[dict[str, Any]]
    shown: str
    source_id: str = ""


def keep(
    session: Session,
    kind: UploadKind,
    rows: list[dict[str, Any]],
    cycle_id: str,
    *,
    by: str,
    at: datetime,
    source_id: str = "",
) -> Upload:
    """Keep the rows of a file, or of people that an address named, until they are used."""
    row = UploadRow(id=secrets.token_hex(4), kind=kind.value, by=by, at=at, cycle_id=cycle_id, rows=rows, shown="")
    row.source_id = source_id
    session.add(row)
    session.flush()
    return _upload(row)


def get(session: Session, upload_id: str, *, by: str, now: datetime) -> Upload:
    """The file that this person gave; one that was used, or is older than a day, is refused."""
    row = session.get(UploadRow, upload_id)
    if row is None or row.by != by or row.at + KEPT < now or row.kind == UploadKind.APPLYING:
        raise _gone()
    return _upload(row)


def undecided(session: Session, person_id: str, now: datetime) -> list[tuple[str, UploadKind, datetime]]:
    """The files that this person was shown and has not decided about, the oldest first: id, kind, kept until when."""
    theirs = select(UploadRow.id, UploadRow.kind, UploadRow.at).where(
        UploadRow.by == person_id, UploadRow.at >= now - KEPT, UploadRow.kind != UploadKind.APPLYING.value,
        UploadRow.shown != "", UploadRow.shown.not_like(f"{_of('')}%"),
    )  # fmt: skip
    rows = session.execute(theirs.order_by(UploadRow.at, UploadRow.id))
    return [(row.id, UploadKind(row.kind), row.at + KEPT) for row in rows]


def take_out(session: Session, upload_id: str) -> list[dict[str, Any]]:
    """The rows of what a source brought, which are not kept here any more."""
    row = session.get(UploadRow, upload_id)
    rows = list(row.rows) if row else []
    expire(session, upload_id)
    return rows


def forget_unseen(session: Session, source_id: str) -> None:
    """Forget what a source brought and nobody has seen."""
    session.execute(delete(UploadRow).where(UploadRow.shown == _of(source_id)))


def wait_unseen(session: Session, upload_id: str, source_id: str) -> None:
    """Have what a source brought wait until it is shown."""
    note_shown(session, upload_id, _of(source_id))


def show_first(session: Session, upload_id: str, person_id: str, now: datetime) -> Upload | None:
    """What waits to be shown to this person, whose day to decide begins; None when something newer took its place."""
    row = session.get(UploadRow, upload_id)
    if row is None or row.by != person_id or (row.shown and not row.shown.startswith(_of(""))):
        return None
    row.at = now
    session.flush()
    return _upload(row)


def _of(source_id: str) -> str:
    return f"source/{source_id}"


def note_shown(session: Session, upload_id: str, shown: str) -> None:
    """Note what its sender was shown."""
    session.execute(update(UploadRow).where(UploadRow.id == upload_id).values(shown=shown))


def move(session: Session, upload_id: str, cycle_id: str) -> Upload:
    """Have the values of a file be for another cycle."""
    row = session.get_one(UploadRow, upload_id)
    row.cycle_id = cycle_id
    session.flush()
    return _upload(row)


def use(session: Session, upload_id: str) -> None:
    """Take a file out, once; whoever comes second is refused."""
    if not touched(session, delete(UploadRow).where(UploadRow.id == upload_id)):
        raise _gone()


def begin(session: Session, upload_id: str, rows: list[dict[str, Any]]) -> None:
    """Begin to write these values of a file, once; whoever comes second is refused."""
    waiting = update(UploadRow).where(UploadRow.id == upload_id, UploadRow.kind == UploadKind.ACTUALS.value)
    if not touched(session, waiting.values(kind=UploadKind.APPLYING.value, rows=rows)):
        raise _gone()


def under_way(session: Session, upload_id: str) -> Upload | None:
    """A file whose values are being written."""
    row = session.get(UploadRow, upload_id)
    return _upload(row) if row and row.kind == UploadKind.APPLYING else None


def expire(session: Session, upload_id: str) -> bool:
    """Forget a file that was not used; False when it was."""
    return touched(session, delete(UploadRow).where(UploadRow.id == upload_id)) == 1


def _gone() -> Refused:
    return Refused("This file was used or discarded already, or it is older than a day. Please send it again.")


def _upload(row: UploadRow) -> Upload:
    return Upload(row.id, UploadKind(row.kind), row.by, row.cycle_id, row.rows, row.shown, row.source_id)
