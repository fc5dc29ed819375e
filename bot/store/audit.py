"""The audit: who did what to whose record, and when. Rows are only ever added, and hold no content."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base


class AuditRow(Base):
    """One act."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    act: Mapped[str]
    about_id: Mapped[str] = mapped_column(index=True)
    record: Mapped[str]


@dataclass(frozen=True)
class Entry:
    """One act, as it is shown."""

    at: datetime
    actor_id: str
    act: str
    about_id: str
    record: str


def note(session: Session, at: datetime, actor_id: str, act: str, about_id: str, record: str = "") -> None:
    """Add an act: ids only, never what was written."""
    session.add(AuditRow(at=at, actor_id=actor_id, act=act, about_id=about_id, record=record))


def about(session: Session, person_id: str) -> list[Entry]:
    """Everything that was done to a person's record, oldest first."""
    rows = session.scalars(select(AuditRow).where(AuditRow.about_id == person_id).order_by(AuditRow.id))
    return [Entry(row.at, row.actor_id, row.act, row.about_id, row.record) for row in rows]
