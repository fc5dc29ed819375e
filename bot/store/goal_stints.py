"""Goals of a stint that ended inside a cycle: what was agreed there, under which manager, stays for its result."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Participant
from bot.domain.goal import Sheet, cleared
from bot.domain.goal_record import document_of, goals_of
from bot.domain.moves import PastStint
from bot.domain.org import CAIRN
from bot.store import goals
from bot.store.db import Base
from bot.store.private import PrivateList


class GoalStintRow(Base):
    """One stint that is over, with the goals that held in it."""

    __tablename__ = "goal_stints"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    last_day: Mapped[date] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    department: Mapped[str]
    manager_id: Mapped[str]
    template: Mapped[str]
    goals: Mapped[PrivateList]
    version: Mapped[int]
    rules_hash: Mapped[str]


def close(session: Session, participant: Participant, sheet: Sheet, days: tuple[date, date], at: datetime) -> PastStint:
    """Keep what held in the stint that ended, and clear the sheet for the next one; its history goes on."""
    past = PastStint(
        participant.department, participant.manager_id, participant.template, *days, sheet.agreed, sheet.version
    )
    session.add(
        GoalStintRow(
            cycle_id=sheet.cycle_id,
            person_id=sheet.person_id,
            last_day=past.last_day,
            first_day=past.first_day,
            department=past.department,
            manager_id=past.manager_id,
            template=past.template,
            goals=[document_of(goal) for goal in past.goals],
            version=past.version,
            rules_hash=sheet.rules_hash,
        )
    )
    goals.speak(session, cleared(sheet, CAIRN.id), CAIRN.id, at)
    for author in (sheet.person_id, participant.manager_id):
        goals.drop_draft(session, sheet.cycle_id, sheet.person_id, author)
    return past


def of(session: Session, cycle_id: str, person_ids: Collection[str] | None = None) -> dict[str, tuple[PastStint, ...]]:
    """The earlier stints of these people, or of everybody, inside a cycle, the oldest first; in one query."""
    found: dict[str, tuple[PastStint, ...]] = {}
    rows = select(GoalStintRow).where(GoalStintRow.cycle_id == cycle_id).order_by(GoalStintRow.last_day)
    wanted = rows if person_ids is None else rows.where(GoalStintRow.person_id.in_(person_ids))
    for row in session.scalars(wanted):
        past = PastStint(
            row.department,
            row.manager_id,
            row.template,
            row.first_day,
            row.last_day,
            goals_of(row.goals),
            row.version,
        )
        found[row.person_id] = (*found.get(row.person_id, ()), past)
    return found
