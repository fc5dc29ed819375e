"""Who writes the first goals in a cycle: company policy, decided with the cycle's dates."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.goal import Side
from bot.store.db import Base, keep_row


class FirstWordRow(Base):
    """Who begins in a cycle; without a row it is the employee."""

    __tablename__ = "goal_first_words"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    side: Mapped[str]


def begins(session: Session, cycle_id: str) -> Side:
    """Who writes the first goals in a cycle."""
    row = session.get(FirstWordRow, cycle_id)
    return Side(row.side) if row else Side.EMPLOYEE


def give(session: Session, cycle_id: str, side: Side) -> None:
    """Decide who writes the first goals in a cycle."""
    keep_row(session, FirstWordRow, {"cycle_id": cycle_id, "side": side.value})
