"""The ledger of support: what was asked of a manager, promised, delivered, and whether it helped."""

import secrets
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, and_, bindparam, false, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.domain.support import OPEN, State, Support, Useful
from bot.store import people
from bot.store.db import Base, insert_new, remembered, touched
from bot.store.people import StintRow
from bot.store.private import Private

_OPEN = text("state IN ('asked', 'promised') AND NOT apart")


class SupportRow(Base):
    """One request; of each check-in one may be open, and any number of those that were made apart."""

    __tablename__ = "support_requests"
    __table_args__ = (
        Index(
            "ix_support_open", "person_id", "cycle_id", "day",
            unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN,
        ),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date]
    manager_id: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    kinds: Mapped[list[Any]]
    what: Mapped[Private]
    state: Mapped[str]
    promise: Mapped[Private]
    by: Mapped[str]
    due: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    delivered_on: Mapped[date | None]
    useful: Mapped[str | None]
    word: Mapped[Private]
    reason: Mapped[Private]
    apart: Mapped[bool] = mapped_column(default=False, server_default=false())


def _support(row: SupportRow) -> Support:
    return Support(
        row.id,
        row.cycle_id,
        row.person_id,
        row.day,
        row.manager_id,
        row.asked_at,
        tuple(row.kinds),
        row.what,
        State(row.state),
        row.promise,
        row.by,
        row.due,
        row.answered_at,
        row.delivered_on,
        Useful(row.useful) if row.useful else None,
        row.word,
        row.reason,
        row.apart,
    )


def _values(one: Support) -> dict[str, Any]:
    useful = one.useful.value if one.useful else None
    return {**asdict(one), "kinds": list(one.kinds), "state": one.state.value, "useful": useful}


_OF_PEOPLE = (
    select(SupportRow)
    .where(SupportRow.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(SupportRow.asked_at, SupportRow.id)
    .execution_options(populate_existing=True)
)
_OF_CHECKIN = (
    select(SupportRow)
    .where(
        SupportRow.person_id == bindparam("person_id"),
        SupportRow.cycle_id == bindparam("cycle_id"),
        SupportRow.day == bindparam("day"),
        SupportRow.apart.is_(False),
    )
    .order_by(SupportRow.asked_at, SupportRow.id)
    .execution_options(populate_existing=True)
)
_TODAY = and_(
    StintRow.person_id == SupportRow.person_id,
    StintRow.starts_on <= bindparam("today"),
    or_(StintRow.ends_on.is_(None), StintRow.ends_on >= bindparam("today")),
)
_ASKED_OF = (
    select(SupportRow)
    .join(StintRow, _TODAY)
    .where(SupportRow.cycle_id == bindparam("cycle_id"))
    .where(SupportRow.manager_id == bindparam("manager_id"), StintRow.manager_id == bindparam("manager_id"))
    .order_by(SupportRow.asked_at, SupportRow.id)
)
_CONCERNING = (
    select(SupportRow)
    .join(StintRow, _TODAY)
    .where(SupportRow.state.in_([one.value for one in OPEN]))
    .where(or_(SupportRow.person_id == bindparam("me"), StintRow.manager_id.in_(bindparam("leads", expanding=True))))
    .order_by(SupportRow.asked_at, SupportRow.id)
)
"""Made once: making a statement takes longer than executing it."""


def keep(session: Session, one: Support) -> Support | None:
    """Keep a new request; None when the check-in has an open one already."""
    kept = replace(one, id=secrets.token_hex(4))
    return kept if insert_new(session, SupportRow, _values(kept)) else None


def find(session: Session, support_id: str) -> Support | None:
    """The request with this id."""
    row = session.get(SupportRow, support_id, populate_existing=True)
    return _support(row) if row else None


def get(session: Session, support_id: str) -> Support:
    """The request with this id; one that does not exist is refused."""
    found = find(session, support_id)
    if found is None:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return found


def change(session: Session, before: Support, after: Support) -> Support:
    """Keep what became of a request, if nothing else did meanwhile."""
    seen = _values(before)
    unchanged = [getattr(SupportRow, name).is_not_distinct_from(seen[name]) for name in ("useful", "answered_at")]
    found = update(SupportRow).where(SupportRow.id == before.id, SupportRow.state == before.state.value, *unchanged)
    if not touched(session, found.values(_values(after))):
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return after


def of_people(session: Session, person_ids: Collection[str]) -> list[Support]:
    """Every request of these people, open or not, the oldest first."""
    return [_support(row) for row in session.scalars(_OF_PEOPLE, {"ids": list(person_ids)})]


def of_checkin(session: Session, cycle_id: str, person_id: str, day: date) -> Support | None:
    """The newest request that came of a check-in."""
    carried = {"cycle_id": cycle_id, "person_id": person_id, "day": day}
    found = [_support(row) for row in session.scalars(_OF_CHECKIN, carried)]
    return next((one for one in found if one.open), found[-1] if found else None)


@remembered
def concerning(session: Session, person_id: str, today: date) -> list[Support]:
    """The open requests that somebody made, and of those who report to them today, or to whom they stand in for."""
    others = people.stood_in_for(session, person_id, today)
    hidden = {one for one in people.line_of(session, person_id, today) if one != person_id} if others else set()
    carried = {"me": person_id, "leads": [person_id, *others], "today": today}
    return [_support(row) for row in session.scalars(_CONCERNING, carried) if row.person_id not in hidden]


def asked_of(session: Session, cycle_id: str, manager_id: str, today: date) -> list[Support]:
    """Every request in a cycle that a manager was asked by somebody who still reports to them."""
    carried = {"cycle_id": cycle_id, "manager_id": manager_id, "today": today}
    return [_support(row) for row in session.scalars(_ASKED_OF, carried)]


def linked(session: Session, cycle_id: str, person_id: str) -> set[str]:
    """Who promised this person something in a cycle, or was promised something by them."""
    of_cycle = select(SupportRow.person_id, SupportRow.by).where(SupportRow.cycle_id == cycle_id, SupportRow.by != "")
    theirs = of_cycle.where(or_(SupportRow.person_id == person_id, SupportRow.by == person_id))
    return {one for row in session.execute(theirs) for one in row} - {person_id}
