"""How far people are in the course: only that, never what they answered."""

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new


class LessonRow(Base):
    """The furthest step that somebody has seen, and whether they came to the end."""

    __tablename__ = "lessons"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen: Mapped[int]
    done: Mapped[bool]


def reach(session: Session, person_id: str, seen: int, *, done: bool) -> None:
    """Somebody has come this far; going back takes nothing away."""
    insert_new(session, LessonRow, {"person_id": person_id, "seen": 0, "done": False})
    theirs = update(LessonRow).where(LessonRow.person_id == person_id)
    session.execute(theirs.where(LessonRow.seen < seen).values(seen=seen))
    if done:
        session.execute(theirs.values(done=True))
    session.expire_all()


def seen(session: Session, person_id: str) -> int:
    """How many steps somebody has seen."""
    row = session.get(LessonRow, person_id)
    return row.seen if row else 0


def is_done(session: Session, person_id: str) -> bool:
    """Whether somebody came to the end."""
    row = session.get(LessonRow, person_id)
    return bool(row and row.done)


def count_done(session: Session) -> int:
    """How many came to the end."""
    return session.scalar(select(func.count()).where(LessonRow.done)) or 0
