"""How many can name their goals: a count by department, never who said what."""

from dataclasses import dataclass

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new

STEP = 5
"""A count is shown when so many more have answered: the next answer alone must not be read from the difference."""


class RecallRow(Base):
    """The answers of one department, and how they stood when they were last shown."""

    __tablename__ = "goal_recalls"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[int]
    known: Mapped[int]
    shown_asked: Mapped[int]
    shown_known: Mapped[int]


class RecalledRow(Base):
    """That somebody answered; not what."""

    __tablename__ = "goal_recalled"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)


@dataclass(frozen=True)
class Tally:
    """How many of a department answered, and how many of them can name their goals."""

    department: str
    asked: int
    known: int


def count(session: Session, cycle_id: str, person_id: str, department: str, *, knows: bool) -> None:
    """Count one answer, the first of each person."""
    if not insert_new(session, RecalledRow, {"cycle_id": cycle_id, "person_id": person_id}):
        return
    none_yet = dict.fromkeys(("asked", "known", "shown_asked", "shown_known"), 0)
    insert_new(session, RecallRow, {"cycle_id": cycle_id, "department": department, **none_yet})
    row = session.get_one(RecallRow, (cycle_id, department), with_for_update=True, populate_existing=True)
    row.asked, row.known = row.asked + 1, row.known + knows
    if row.asked % STEP == 0:
        row.shown_asked, row.shown_known = row.asked, row.known
    session.flush()


def tallies(session: Session, cycle_id: str) -> list[Tally]:
    """The departments of a cycle in which enough people answered, as they stood at the last step."""
    rows = session.scalars(
        select(RecallRow)
        .where(RecallRow.cycle_id == cycle_id, RecallRow.shown_asked >= STEP)
        .order_by(RecallRow.department)
    )
    return [Tally(row.department, row.shown_asked, row.shown_known) for row in rows]
