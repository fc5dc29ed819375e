"""People who left: since when, until when their records are kept, and what holds them beyond that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.appeal import OPEN
from bot.domain.cycle import Stage
from bot.domain.refusal import Refused
from bot.domain.retention import Hold, erased_on
from bot.store import cycles
from bot.store.appeals import AppealRow
from bot.store.cycles import ParticipantRow
from bot.store.db import Base, insert_new
from bot.store.people import PersonRow, StintRow
from bot.store.plans import PlanRow
from bot.store.private import Private


class ErasureRow(Base):
    """Somebody's erasure to come: when HR was told of it, and HR's reason to keep their records all the same."""

    __tablename__ = "erasures"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    told_on: Mapped[date | None]
    reason: Mapped[Private] = mapped_column(default="")
    held_by: Mapped[str] = mapped_column(default="")
    held_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Leaver:
    """Somebody who left and whose records are still there; `reason` is why HR keeps them, if they do."""

    id: str
    name: str
    left_on: date
    told_on: date | None
    reason: str
    holds: frozenset[Hold]

    def erased_on(self, keep_days: int, today: date) -> date:
        """The first day on which they may be erased, unless something holds them."""
        return erased_on(self.left_on, keep_days, self.told_on, today)


_PLACED = exists().where(StintRow.person_id == PersonRow.id)
_LAST_DAY = (
    select(func.max(StintRow.ends_on)).where(StintRow.person_id == PersonRow.id).correlate(PersonRow).scalar_subquery()
)
_GOES_ON = exists().where(StintRow.person_id == PersonRow.id, StintRow.ends_on.is_(None))


def _gone(today: date) -> ColumnElement[bool]:
    """Somebody who stood somewhere in the company, and is no member in Slack any more or has no stint to come."""
    ended = and_(~_GOES_ON, today > _LAST_DAY)
    return and_(_PLACED, or_(PersonRow.takes_part.is_(False), ended))


def has_left(session: Session, person_id: str, today: date) -> bool:
    """Whether somebody has left by now."""
    found = select(PersonRow.id).where(PersonRow.id == person_id, _gone(today))
    return session.scalar(found) is not None


def notice(session: Session, today: date) -> None:
    """Note who has left since the last time, and who is back."""
    gone = _gone(today)
    quiet = {"synchronize_session": False}
    left = update(PersonRow).where(gone, PersonRow.left_on.is_(None), PersonRow.erased_on.is_(None))
    session.execute(left.values(left_on=today), execution_options=quiet)
    back = select(PersonRow.id).where(~gone, PersonRow.left_on.is_not(None), PersonRow.erased_on.is_(None))
    ids = session.scalars(back).all()
    session.execute(delete(ErasureRow).where(ErasureRow.person_id.in_(ids)), execution_options=quiet)
    session.execute(update(PersonRow).where(PersonRow.id.in_(ids)).values(left_on=None), execution_options=quiet)
    session.expire_all()


def every(session: Session, today: date) -> list[Leaver]:
    """Everybody who left and is not erased, who left first before the others, with what holds them."""
    wanted = (
        select(PersonRow.id, PersonRow.name, PersonRow.left_on, ErasureRow)
        .outerjoin(ErasureRow, ErasureRow.person_id == PersonRow.id)
        .where(PersonRow.left_on.is_not(None), PersonRow.erased_on.is_(None))
        .order_by(PersonRow.left_on, PersonRow.name, PersonRow.id)
    )
    rows = session.execute(wanted).all()
    holds = _holds(session, [row.id for row in rows], today) if rows else {}
    return [_leaver(row, holds) for row in rows]


def get(session: Session, person_id: str, today: date) -> Leaver:
    """Somebody who left; refused when they came back or are erased."""
    found = next((one for one in every(session, today) if one.id == person_id), None)
    if found is None:
        raise Refused("This person is back, or their records are gone already.")
    return found


def was_told(session: Session, person_ids: Iterable[str], today: date) -> None:
    """HR is told now that these are about to be erased."""
    for person_id in sorted(person_ids):
        insert_new(session, ErasureRow, {"person_id": person_id, "told_on": None, "reason": "", "held_by": ""})
        untold = update(ErasureRow).where(ErasureRow.person_id == person_id, ErasureRow.told_on.is_(None))
        session.execute(untold.values(told_on=today))


def hold(session: Session, person_id: str, reason: str, *, by: str, at: datetime) -> None:
    """Keep somebody's records, and why; without a reason they are kept no longer than the others."""
    insert_new(session, ErasureRow, {"person_id": person_id, "told_on": None, "reason": "", "held_by": ""})
    held = update(ErasureRow).where(ErasureRow.person_id == person_id)
    session.execute(held.values(reason=reason, held_by=by, held_at=at))


def _holds(session: Session, ids: list[str], today: date) -> dict[str, set[Hold]]:
    """What keeps each of these by itself."""
    running = [one.id for one in cycles.every(session) if one.launched and one.stage_on(today) is not Stage.CLOSED]
    asked = {
        Hold.APPEAL: select(AppealRow.person_id).where(AppealRow.state.in_([one.value for one in OPEN])),
        Hold.PLAN: select(PlanRow.person_id).where(PlanRow.outcome == ""),
        Hold.CYCLE: select(ParticipantRow.person_id).where(ParticipantRow.cycle_id.in_(running)),
    }
    found: dict[str, set[Hold]] = {}
    for held, wanted in asked.items():
        for person_id in session.scalars(wanted.where(wanted.selected_columns[0].in_(ids))):
            found.setdefault(person_id, set()).add(held)
    return found


def _leaver(row: Any, holds: Mapping[str, set[Hold]]) -> Leaver:
    kept: ErasureRow | None = row.ErasureRow
    reason = kept.reason if kept else ""
    held = frozenset(holds.get(row.id, set()) | ({Hold.HR} if reason else set()))
    return Leaver(row.id, row.name, row.left_on, kept.told_on if kept else None, reason, held)
