"""Who stands in for which manager, and when. What follows from it is asked of `people.acts_for`."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, bindparam, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.stand_in import StandIn
from bot.store.db import Base

KNOWN = "stand-ins"
"""Where a unit of work keeps what it read: nearly every step asks, and hardly any changes it."""


class StandInRow(Base):
    """One person acts for another, both days included."""

    __tablename__ = "stand_ins"
    id: Mapped[str] = mapped_column(primary_key=True)
    manager_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    stand_in_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    named_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    named_at: Mapped[datetime]


_ON_DAY = (
    select(StandInRow.manager_id, StandInRow.stand_in_id)
    .where(StandInRow.first_day <= bindparam("day"), StandInRow.last_day >= bindparam("day"))
    .order_by(StandInRow.named_at, StandInRow.id)
)


def _stand_in(row: StandInRow) -> StandIn:
    return StandIn(row.id, row.manager_id, row.stand_in_id, row.first_day, row.last_day, row.named_by)


def on_day(session: Session, day: date) -> Mapping[str, str]:
    """Who stands in on a day, by the manager they stand in for; the whole company, in one query of a turn."""
    known: dict[date, dict[str, str]] = session.info.setdefault(KNOWN, {})
    if day not in known:
        known[day] = {row.manager_id: row.stand_in_id for row in session.execute(_ON_DAY, {"day": day})}
    return known[day]


def get(session: Session, stand_in_id: str) -> StandIn | None:
    """One arrangement, by its id."""
    row = session.get(StandInRow, stand_in_id, populate_existing=True)
    return _stand_in(row) if row else None


def concerning(session: Session, *person_ids: str) -> list[StandIn]:
    """Every arrangement of these people, on either side, the newest first."""
    theirs = or_(StandInRow.manager_id.in_(person_ids), StandInRow.stand_in_id.in_(person_ids))
    rows = session.scalars(select(StandInRow).where(theirs).order_by(StandInRow.first_day.desc(), StandInRow.id))
    return [_stand_in(row) for row in rows]


def from_day(session: Session, day: date) -> list[StandIn]:
    """Every arrangement of the company that holds on a day or later, the soonest first."""
    rows = session.scalars(
        select(StandInRow).where(StandInRow.last_day >= day).order_by(StandInRow.first_day, StandInRow.id)
    )
    return [_stand_in(row) for row in rows]


def circle(session: Session, manager_id: str) -> set[str]:
    """A manager and everybody who ever stood in for them: what one of them began, another goes on with."""
    others = session.scalars(select(StandInRow.stand_in_id).where(StandInRow.manager_id == manager_id))
    return {manager_id, *others}


def name(session: Session, new: StandIn, at: datetime) -> StandIn:
    """Keep a new arrangement; what meets it has been ended."""
    session.info.pop(KNOWN, None)
    kept = StandIn(secrets.token_hex(4), new.manager_id, new.stand_in_id, new.first_day, new.last_day, new.named_by)
    session.add(
        StandInRow(
            id=kept.id,
            manager_id=kept.manager_id,
            stand_in_id=kept.stand_in_id,
            first_day=kept.first_day,
            last_day=kept.last_day,
            named_by=kept.named_by,
            named_at=at,
        )
    )
    session.flush()
    return kept


def end(session: Session, one: StandIn, day: date) -> None:
    """It holds no longer from a day on; what begins only later is forgotten, what began stays known."""
    session.info.pop(KNOWN, None)
    theirs = StandInRow.id == one.id
    if one.first_day > day:
        session.execute(delete(StandInRow).where(theirs))
    else:
        session.execute(update(StandInRow).where(theirs).values(last_day=day - timedelta(days=1)))
