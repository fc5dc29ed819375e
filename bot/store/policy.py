"""The company's policy on being written to: one row for each choice, with who made it and when."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.policy import USUAL, Missed, Policy, ResultShown
from bot.store.db import Base, keep_row, remembered


class PolicyRow(Base):
    """One choice."""

    __tablename__ = "policy"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    chosen_by: Mapped[str]
    at: Mapped[datetime]


_ALL = select(PolicyRow.name, PolicyRow.value)


@remembered
def current(session: Session) -> Policy:
    """What was chosen, and what holds where nothing was."""
    chosen = {row.name: row.value for row in session.execute(_ALL)}
    return Policy(
        Missed(chosen.get("missed", USUAL.missed)),
        int(chosen.get("late_hours", USUAL.late_hours)),
        int(chosen.get("a_week", USUAL.a_week)),
        ResultShown(chosen.get("result_shown", USUAL.result_shown)),
        int(chosen.get("keep_left_days", USUAL.keep_left_days)),
    )


def keep(session: Session, policy: Policy, *, by: str, at: datetime) -> None:
    """Keep what HR chose, from now on."""
    for name, value in asdict(policy).items():
        keep_row(session, PolicyRow, {"name": name, "value": str(value), "chosen_by": by, "at": at})
