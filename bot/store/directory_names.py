"""Whom an address of people names: so that somebody who is missing there is noticed, and not at the first time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base


class NamedRow(Base):
    """Somebody whom a source of people has named; since when it names them no more, and when it last did not."""

    __tablename__ = "directory_names"
    source_id: Mapped[str] = mapped_column(ForeignKey("value_sources.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    missing_since: Mapped[date | None]
    missing_on: Mapped[date | None]


@dataclass(frozen=True)
class Missing:
    """The first and the last reading without somebody, or that said that they left."""

    since: date
    on: date


def note(session: Session, source_id: str, here: Collection[str], left: Collection[str], day: date) -> None:
    """Note a reading: who is here, who left as it says, and whom of those named before it does not name."""
    rows = session.scalars(select(NamedRow).where(NamedRow.source_id == source_id))
    known = {row.person_id: row for row in rows}
    for person_id in sorted({*here, *left} - known.keys()):
        known[person_id] = NamedRow(source_id=source_id, person_id=person_id)
        session.add(known[person_id])
    for person_id, row in known.items():
        is_here = person_id in here
        row.missing_since = None if is_here else row.missing_since or day
        row.missing_on = None if is_here else day
    session.flush()


def missing(session: Session, source_id: str) -> dict[str, Missing]:
    """Who is missing at a source and named by no other, by id."""
    elsewhere = select(NamedRow.person_id).where(NamedRow.source_id != source_id, NamedRow.missing_since.is_(None))
    gone = select(NamedRow).where(NamedRow.source_id == source_id, NamedRow.person_id.not_in(elsewhere))
    return {
        row.person_id: Missing(row.missing_since, row.missing_on)
        for row in session.scalars(gone)
        if row.missing_since and row.missing_on
    }


def forget(session: Session, source_id: str) -> None:
    """Forget whom a source named."""
    session.execute(delete(NamedRow).where(NamedRow.source_id == source_id))
