"""What calibration leaves behind: meetings, changes of grades, ratings of the warm-up. Rows only come."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.calibration import Change, Meeting
from bot.domain.refusal import Refused
from bot.store.db import Base, insert_new
from bot.store.private import Private


class MeetingRow(Base):
    """A review meeting of a cycle."""

    __tablename__ = "calibration_meetings"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opened_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]


class ClosingRow(Base):
    """The end of a meeting, and what was found about who is too low: a row of its own, so that no row is altered."""

    __tablename__ = "calibration_closings"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime]
    found: Mapped[str]


class ChangeRow(Base):
    """One change of a person's grade, the nth."""

    __tablename__ = "calibration_changes"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meeting: Mapped[int]
    formula: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[Private]
    link: Mapped[str]
    day: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class WarmupRow(Base):
    """One rating of somebody who does not exist."""

    __tablename__ = "calibration_warmups"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    vignette: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    level: Mapped[int]


# Meetings ---------------------------------------------------------------------------------


def newest_meeting(session: Session, cycle_id: str) -> Meeting | None:
    """The meeting that is open, or the last one that was."""
    row = session.scalars(
        select(MeetingRow).where(MeetingRow.cycle_id == cycle_id).order_by(MeetingRow.n.desc()).limit(1)
    ).first()
    if row is None:
        return None
    end = session.get(ClosingRow, (cycle_id, row.n))
    closed = (end.closed_by, end.closed_at, end.found) if end else ("", None, "")
    return Meeting(row.cycle_id, row.n, row.opened_by, row.opened_at, *closed)


def open_meeting(session: Session, cycle_id: str, by: str, at: datetime) -> bool:
    """Open the next meeting unless one is open, whoever else does so at the same time; whether it was new."""
    newest = newest_meeting(session, cycle_id)
    if newest and newest.is_open:
        return False
    row = {"cycle_id": cycle_id, "n": newest.n + 1 if newest else 1, "opened_by": by, "opened_at": at}
    return insert_new(session, MeetingRow, row)


def close_meeting(session: Session, meeting: Meeting, by: str, at: datetime, found: str) -> bool:
    """End a meeting, once."""
    row = {"cycle_id": meeting.cycle_id, "n": meeting.n, "closed_by": by, "closed_at": at, "found": found}
    return insert_new(session, ClosingRow, row)


# Changes ----------------------------------------------------------------------------------


def add(session: Session, change: Change) -> None:
    """Keep a change as somebody's next one; refused when another came first."""
    row = {
        "cycle_id": change.cycle_id,
        "person_id": change.person_id,
        "n": len(changes_in(session, change.cycle_id, [change.person_id])) + 1,
        "meeting": change.meeting,
        "formula": change.formula,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "link": change.link,
        "day": change.day,
        "decided_by": change.by,
        "at": change.at,
    }
    if not insert_new(session, ChangeRow, row):
        raise Refused("This grade was changed meanwhile. Please look at it again.", field="after")


def changes_in(session: Session, cycle_id: str, of: Collection[str] | None = None) -> list[Change]:
    """The changes of a cycle, or those of these people, in the order in which they were made."""
    rows = select(ChangeRow).where(ChangeRow.cycle_id == cycle_id)
    if of is not None:
        rows = rows.where(ChangeRow.person_id.in_(of))
    return [_change(row) for row in session.scalars(rows.order_by(ChangeRow.at, ChangeRow.person_id, ChangeRow.n))]


def newest(session: Session, cycle_id: str, of: Collection[str] | None = None) -> dict[str, Change]:
    """The newest change of each person, by person."""
    return {one.person_id: one for one in sorted(changes_in(session, cycle_id, of), key=lambda one: one.n)}


def _change(row: ChangeRow) -> Change:
    return Change(
        row.cycle_id,
        row.person_id,
        row.formula,
        row.before,
        row.after,
        row.reason,
        row.link,
        row.day,
        row.decided_by,
        row.at,
        row.meeting,
        row.n,
    )


# The warm-up --------------------------------------------------------------------------------


def rate(session: Session, cycle_id: str, person_id: str, vignette: str, level: int) -> bool:
    """Keep a rating of a vignette; the first one stands."""
    row = {"cycle_id": cycle_id, "vignette": vignette, "person_id": person_id, "level": level}
    return insert_new(session, WarmupRow, row)


def has_rated(session: Session, cycle_id: str, person_id: str) -> bool:
    """Whether somebody has taken part in the warm-up."""
    rated = select(WarmupRow.level).where(WarmupRow.cycle_id == cycle_id, WarmupRow.person_id == person_id)
    return session.scalars(rated.limit(1)).first() is not None


def levels(session: Session, cycle_id: str) -> dict[str, list[int]]:
    """The ratings of each vignette, without whose they are."""
    rows = session.execute(select(WarmupRow.vignette, WarmupRow.level).where(WarmupRow.cycle_id == cycle_id))
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.vignette, []).append(row.level)
    return found
