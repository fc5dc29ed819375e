"""Days somebody is away."""

from datetime import date, timedelta

from sqlalchemy import ForeignKey, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, keep_row, remembered


class LeaveRow(Base):
    """Days somebody is away, both ends included."""

    __tablename__ = "leaves"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]


def take(session: Session, person_id: str, first_day: date, last_day: date) -> None:
    """Keep the days somebody is away."""
    keep_row(session, LeaveRow, {"person_id": person_id, "first_day": first_day, "last_day": last_day})


def cancel(session: Session, person_id: str, first_day: date) -> None:
    """Forget days away that begin on this day."""
    session.execute(delete(LeaveRow).where(LeaveRow.person_id == person_id, LeaveRow.first_day == first_day))


def of(session: Session, person_id: str, day: date) -> list[tuple[date, date]]:
    """The first and last days of what somebody is away from this day on, in their order."""
    theirs = select(LeaveRow.first_day, LeaveRow.last_day).where(LeaveRow.person_id == person_id)
    rows = session.execute(theirs.where(LeaveRow.last_day >= day).order_by(LeaveRow.first_day))
    return [(row.first_day, row.last_day) for row in rows]


_THEIRS = select(LeaveRow.first_day, LeaveRow.last_day).where(LeaveRow.person_id == bindparam("person_id"))
"""Made once: making a statement takes longer than executing it."""


@remembered
def days_off(session: Session, person_id: str) -> frozenset[date]:
    """Every day somebody is away."""
    leaves = session.execute(_THEIRS, {"person_id": person_id})
    return frozenset(first + timedelta(days=n) for first, last in leaves for n in range((last - first).days + 1))
