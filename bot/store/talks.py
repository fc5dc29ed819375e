"""What a manager wants to talk about with somebody: points that wait for the next talk."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.store.db import Base, insert_new, touched
from bot.store.people import PersonRow
from bot.store.private import Private

_WAITING = text("done_at IS NULL AND ref <> ''")


class TalkPointRow(Base):
    """One point: words, or what it refers to. The same thing waits once."""

    __tablename__ = "talk_points"
    __table_args__ = (
        Index(
            "ix_talk_points_waiting", "manager_id", "person_id", "ref",
            unique=True, postgresql_where=_WAITING, sqlite_where=_WAITING,
        ),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(primary_key=True)
    manager_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    text: Mapped[Private]
    ref: Mapped[str]
    added_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


@dataclass(frozen=True)
class TalkPoint:
    """A point that waits; `ref` is the day of a check-in, or empty."""

    id: str
    manager_id: str
    person_id: str
    text: str = field(repr=False)
    ref: str
    added_at: datetime


def add(session: Session, manager_id: str, person_id: str, at: datetime, *, words: str = "", ref: str = "") -> bool:
    """Put a point on the list for the next talk; False when it is there already."""
    if words and _waits(session, manager_id, person_id, words):
        return False
    named = {"id": secrets.token_hex(4), "manager_id": manager_id, "person_id": person_id}
    return insert_new(session, TalkPointRow, {**named, "text": words, "ref": ref, "added_at": at, "done_at": None})


def _waits(session: Session, manager_id: str, person_id: str, words: str) -> bool:
    """Whether these words wait already; nobody adds any meanwhile, since the database cannot compare what it keeps."""
    session.execute(select(PersonRow.id).filter_by(id=manager_id).with_for_update(key_share=True))
    found = waiting(session, manager_id, [person_id]).get(person_id, ())
    return any(point.text == words and not point.ref for point in found)


def waiting(session: Session, manager_id: str, person_ids: Collection[str]) -> dict[str, list[TalkPoint]]:
    """What a manager's talks with these people begin with, by person, the oldest first."""
    rows = select(TalkPointRow).where(
        TalkPointRow.manager_id == manager_id, TalkPointRow.person_id.in_(person_ids), TalkPointRow.done_at.is_(None)
    )
    found: dict[str, list[TalkPoint]] = {}
    for row in session.scalars(rows.order_by(TalkPointRow.added_at, TalkPointRow.id)):
        found.setdefault(row.person_id, []).append(_point(row))
    return found


def get(session: Session, point_id: str) -> TalkPoint:
    """The point with this id; one that does not exist is refused."""
    row = session.get(TalkPointRow, point_id)
    if row is None:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return _point(row)


def finish(session: Session, point: TalkPoint, at: datetime) -> bool:
    """It was talked about; True the first time only."""
    waits = update(TalkPointRow).where(TalkPointRow.id == point.id, TalkPointRow.done_at.is_(None))
    return touched(session, waits.values(done_at=at)) == 1


def _point(row: TalkPointRow) -> TalkPoint:
    return TalkPoint(row.id, row.manager_id, row.person_id, row.text, row.ref, row.added_at)
