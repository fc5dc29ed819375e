"""Timers: what should happen when. The row is its own identity, so that nothing is due twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new

GIVE_UP_AFTER = 8


class TimerRow(Base):
    """One step that is due for one person (or for the company, with an empty person)."""

    __tablename__ = "timers"
    step: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    carry: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Timer:
    """A timer that was taken: the step to run, for whom, and what it carries."""

    step: str
    person_id: str
    carry: str
    due: datetime
    attempts: int = 0


def remind(session: Session, step: str, person_id: str, carry: str, due: datetime) -> None:
    """Have a step run at a moment; setting it again moves the moment."""
    new = {"step": step, "person_id": person_id, "carry": carry, "due": due, "attempts": 0, "error": ""}
    if not insert_new(session, TimerRow, new):
        row = session.get_one(TimerRow, (step, person_id, carry), with_for_update=True, populate_existing=True)
        row.due, row.attempts, row.error = due, 0, ""
        session.flush()


def set_all(session: Session, new: Iterable[Timer]) -> None:
    """Set many timers that were not set before, in one statement."""
    session.add_all(
        TimerRow(step=each.step, person_id=each.person_id, carry=each.carry, due=each.due, attempts=0, error="")
        for each in new
    )
    session.flush()


def forget(session: Session, step: str, person_id: str, carry: str) -> None:
    """Cancel a timer, if there is one."""
    session.execute(
        delete(TimerRow).where(TimerRow.step == step, TimerRow.person_id == person_id, TimerRow.carry == carry)
    )


def take_due(session: Session, now: datetime) -> Timer | None:
    """Take the timer that is due the longest; it is gone when the transaction that runs its step commits."""
    row = session.scalars(
        select(TimerRow)
        .where(TimerRow.due <= now, TimerRow.error == "")
        .order_by(TimerRow.due, TimerRow.step, TimerRow.person_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    timer = Timer(row.step, row.person_id, row.carry, row.due, row.attempts)
    session.delete(row)
    session.flush()
    return timer


def push_back(session: Session, timer: Timer, now: datetime, error: str) -> None:
    """A step failed: try later and later, so that it cannot block others; in the end keep it for HR to see."""
    attempts = timer.attempts + 1
    session.execute(
        update(TimerRow)
        .where(
            TimerRow.step == timer.step,
            TimerRow.person_id == timer.person_id,
            TimerRow.carry == timer.carry,
            TimerRow.due == timer.due,  # moved meanwhile, it is another matter
        )
        .values(
            attempts=attempts,
            due=now + timedelta(minutes=2**attempts),
            error=error if attempts >= GIVE_UP_AFTER else "",
        )
    )


def count_due(session: Session, now: datetime) -> int:
    """How many timers should have run by now."""
    return session.scalar(select(func.count()).where(TimerRow.due <= now, TimerRow.error == "")) or 0


def count_failed(session: Session) -> int:
    """How many steps failed so often that they are not tried any more."""
    return session.scalar(select(func.count()).where(TimerRow.error != "", TimerRow.attempts >= GIVE_UP_AFTER)) or 0


def next_due(session: Session) -> datetime | None:
    """When the next timer is due."""
    return session.scalar(select(func.min(TimerRow.due)).where(TimerRow.error == ""))
