"""Cycles and who takes part in them."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Cycle, CycleKind, Participant, Stage
from bot.domain.org import Stint
from bot.domain.refusal import Refused
from bot.domain.score_choice import from_choices
from bot.domain.score_rules import RULES
from bot.store.db import Base, keep_row, remembered, touched
from bot.store.people import PersonRow, StintRow


class CycleRow(Base):
    """One cycle."""

    __tablename__ = "cycles"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opens: Mapped[dict[str, Any]]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    launched_at: Mapped[datetime | None]
    departments: Mapped[list[Any]]
    score_rules: Mapped[dict[str, Any] | None]
    """What the company chose of the rules of scoring when the cycle was launched; none where it never chose."""


class ParticipantRow(Base):
    """A person in a cycle, as they stood at the launch."""

    __tablename__ = "participants"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    department: Mapped[str]
    manager_id: Mapped[str] = mapped_column(index=True)
    template: Mapped[str]


def _cycle(row: CycleRow) -> Cycle:
    opens = {Stage(name): date.fromisoformat(day) for name, day in row.opens.items()}
    launched, departments = row.launched_at is not None, tuple(row.departments)
    rules = from_choices(row.score_rules) if row.score_rules else RULES
    return Cycle(row.id, row.name, CycleKind(row.kind), row.starts_on, row.ends_on, opens, launched, departments, rules)


def _participant(row: ParticipantRow) -> Participant:
    return Participant(row.cycle_id, row.person_id, row.department, row.manager_id, row.template)


def create(
    session: Session,
    name: str,
    kind: CycleKind,
    days: tuple[date, date],
    opens: Mapping[Stage, date],
    *,
    by: str,
    at: datetime,
    departments: Iterable[str] = (),
) -> Cycle:
    """Keep a new cycle, not yet launched; `days` are the first and the last day of the period."""
    row = CycleRow(
        id=secrets.token_hex(4),
        name=name,
        kind=kind,
        starts_on=days[0],
        ends_on=days[1],
        opens=_written(opens),
        created_by=by,
        created_at=at,
        departments=list(departments),
    )
    session.add(row)
    session.flush()
    return _cycle(row)


def _written(opens: Mapping[Stage, date]) -> dict[str, Any]:
    return {stage.value: day.isoformat() for stage, day in opens.items()}


def name_and_date(session: Session, cycle_id: str, name: str, opens: Mapping[Stage, date]) -> Cycle:
    """Give a cycle its name and the dates of its stages; one that was launched keeps what it has."""
    named = update(CycleRow).where(CycleRow.id == cycle_id, CycleRow.launched_at.is_(None))
    if not touched(session, named.values(name=name, opens=_written(opens))) and get(session, cycle_id):
        raise Refused("This cycle was launched already.")
    return get(session, cycle_id)


def discard_drafts(session: Session, person_id: str) -> None:
    """Forget the cycles that somebody began and never launched, with all that was chosen for them."""
    drafts = select(CycleRow.id).where(CycleRow.launched_at.is_(None), CycleRow.created_by == person_id)
    for table in reversed(Base.metadata.sorted_tables):
        if any(key.column.table is CycleRow.__table__ for key in table.foreign_keys):
            session.execute(delete(table).where(table.c.cycle_id.in_(drafts)))
    session.execute(delete(CycleRow).where(CycleRow.launched_at.is_(None), CycleRow.created_by == person_id))


def get(session: Session, cycle_id: str) -> Cycle:
    """The cycle with this id; one that does not exist is refused."""
    row = session.get(CycleRow, cycle_id)
    if row is None:
        raise Refused("This cycle does not exist any more.")
    return _cycle(row)


def launch(session: Session, cycle_id: str, participants: Iterable[Participant], at: datetime) -> None:
    """Start a cycle with these people; a second launch is refused."""
    launched = update(CycleRow).where(CycleRow.id == cycle_id, CycleRow.launched_at.is_(None)).values(launched_at=at)
    if not touched(session, launched):
        raise Refused("This cycle was launched already.")
    session.execute(insert(ParticipantRow), [asdict(one) for one in participants])


_EVERY = select(CycleRow).order_by(CycleRow.created_at.desc(), CycleRow.id)
_RUNNING = (
    select(CycleRow)
    .join(ParticipantRow, ParticipantRow.cycle_id == CycleRow.id)
    .where(ParticipantRow.person_id == bindparam("person_id"), CycleRow.launched_at.is_not(None))
    .order_by(CycleRow.starts_on.desc(), CycleRow.id)
)
"""Made once: making a statement takes longer than executing it."""


@remembered
def every(session: Session) -> list[Cycle]:
    """All cycles, the newest first."""
    return [_cycle(row) for row in session.scalars(_EVERY)]


@remembered
def running_for(session: Session, person_id: str) -> list[Cycle]:
    """The launched cycles somebody takes part in, the newest first."""
    return [_cycle(row) for row in session.scalars(_RUNNING, {"person_id": person_id})]


def current_for(session: Session, person_id: str, day: date) -> Cycle | None:
    """The cycle somebody is in on a day: the newest one that has begun and is not closed."""
    open_ones = [
        one for one in running_for(session, person_id) if one.stage_on(day) not in {Stage.PREPARING, Stage.CLOSED}
    ]
    return open_ones[0] if open_ones else None


def known_to(session: Session, person_id: str, day: date) -> Cycle | None:
    """The cycle somebody is in, or the next one that is launched for them already; None when there is neither."""
    begun = current_for(session, person_id, day)
    coming = [one for one in running_for(session, person_id) if one.stage_on(day) is Stage.PREPARING]
    return begun or (coming[-1] if coming else None)


def begun_for(session: Session, person_id: str, day: date) -> Cycle:
    """The cycle somebody is in, whose goals they may set; before one has begun they are told when that will be."""
    cycle = known_to(session, person_id, day)
    if cycle is None:
        raise Refused("No cycle is running for you at the moment, so there are no goals to set.")
    if cycle.stage_on(day) is Stage.PREPARING:
        begins = cycle.opens[Stage.PLANNING]
        raise Refused(
            "“{cycle}” begins with setting goals on {day}; there is nothing to do before.", cycle=cycle.name, day=begins
        )
    return cycle


def participant(session: Session, cycle_id: str, person_id: str) -> Participant:
    """A person in a cycle; somebody who is not in it is refused."""
    row = session.get(ParticipantRow, (cycle_id, person_id))
    if row is None:
        raise Refused("This person does not take part in this cycle.")
    return _participant(row)


def participants(session: Session, cycle_id: str, of: Collection[str] | None = None) -> list[Participant]:
    """Everyone in a cycle, or those of these people who are in it, by id."""
    rows = select(ParticipantRow).where(ParticipantRow.cycle_id == cycle_id).order_by(ParticipantRow.person_id)
    wanted = rows if of is None else rows.where(ParticipantRow.person_id.in_(of))
    return [_participant(row) for row in session.scalars(wanted)]


def emails(session: Session) -> dict[str, set[str]]:
    """The e-mail addresses of those who take part, in small letters, by cycle."""
    found: dict[str, set[str]] = {}
    rows = select(ParticipantRow.cycle_id, PersonRow.email).join(PersonRow, PersonRow.id == ParticipantRow.person_id)
    for row in session.execute(rows.where(PersonRow.email != "")):
        found.setdefault(row.cycle_id, set()).add(row.email.casefold())
    return found


def count(session: Session, cycle_id: str) -> int:
    """How many take part in a cycle."""
    return session.scalar(select(func.count()).where(ParticipantRow.cycle_id == cycle_id)) or 0


def takes_part(session: Session, cycle_id: str, person_id: str) -> bool:
    """Whether somebody is in a cycle."""
    return session.get(ParticipantRow, (cycle_id, person_id)) is not None


def take_in(session: Session, participant: Participant) -> None:
    """Take somebody into a running cycle, or keep where they stand now."""
    keep_row(session, ParticipantRow, asdict(participant))


def reports_in(session: Session, cycle_id: str, manager_id: str) -> list[Participant]:
    """Those in a cycle whose manager at the launch was this person, by id."""
    rows = session.scalars(
        select(ParticipantRow)
        .where(ParticipantRow.cycle_id == cycle_id, ParticipantRow.manager_id == manager_id)
        .order_by(ParticipantRow.person_id)
    )
    return [_participant(row) for row in rows]


def stints_during(session: Session, first_day: date, last_day: date, departments: Iterable[str]) -> list[Stint]:
    """Every stint in these departments that touches these days, also of those who join later."""
    rows = session.execute(
        select(
            StintRow.person_id,
            StintRow.department,
            StintRow.position,
            StintRow.manager_id,
            StintRow.starts_on,
            StintRow.ends_on,
        )
        .where(
            StintRow.department.in_(list(departments)),
            StintRow.starts_on <= last_day,
            or_(StintRow.ends_on.is_(None), StintRow.ends_on >= first_day),
        )
        .order_by(StintRow.person_id, StintRow.starts_on)
    )
    return [Stint(*row) for row in rows]


def hold(session: Session, first_day: date, last_day: date) -> None:
    """Nobody else launches a cycle of these days until this unit of work ends."""
    touching = select(CycleRow.id).where(CycleRow.starts_on <= last_day, CycleRow.ends_on >= first_day)
    session.execute(touching.order_by(CycleRow.id).with_for_update(key_share=True)).all()


def busy_during(session: Session, first_day: date, last_day: date) -> dict[str, str]:
    """The ids of who already takes part in a launched cycle of these days, with that cycle's name."""
    rows = session.execute(
        select(ParticipantRow.person_id, CycleRow.name)
        .join(CycleRow, CycleRow.id == ParticipantRow.cycle_id)
        .where(CycleRow.launched_at.is_not(None), CycleRow.starts_on <= last_day, CycleRow.ends_on >= first_day)
    )
    return {row.person_id: row.name for row in rows}
