"""Objectives, their parts, and which of people's goals support them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    ForeignKey,
    Row,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cascade import ZERO, Cascade, Cut, Objective, Part, Support, cascade
from bot.domain.goal import SheetState
from bot.domain.measure import Direction
from bot.domain.refusal import Refused
from bot.store.cycles import CycleRow
from bot.store.db import Base, keep_row, touched
from bot.store.goals import SheetRow
from bot.store.people import PersonRow
from bot.store.private import with_place

ON_THE_TABLE = (SheetState.PROPOSED.value, SheetState.COUNTERED.value)
"""Goals of a role that has none agreed yet count while they are offered; a draft is nobody else's business."""
FRESH = {"populate_existing": True}
"""After waiting for a lock: what was read before may have changed meanwhile."""


class ObjectiveRow(Base):
    """One objective."""

    __tablename__ = "objectives"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    part: Mapped[str]
    cut: Mapped[str]
    owner_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    unit: Mapped[str]
    direction: Mapped[str]
    target: Mapped[Decimal]
    baseline: Mapped[Decimal | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    months: Mapped[list[Any]]
    leading: Mapped[bool]
    revision: Mapped[int]


class PartRow(Base):
    """One objective under another, with the share of it that counts there."""

    __tablename__ = "objective_parts"
    child_id: Mapped[str] = mapped_column(ForeignKey("objectives.id"), primary_key=True)
    parent_id: Mapped[str] = mapped_column(ForeignKey("objectives.id"), primary_key=True, index=True)
    share: Mapped[Decimal]
    given: Mapped[bool] = mapped_column(default=True, server_default=true())


class GoalSupportRow(Base):
    """A person's goal under an objective. Goals have ids of their own only within a sheet."""

    __tablename__ = "goal_supports"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    goal_id: Mapped[str] = mapped_column(primary_key=True)
    objective_id: Mapped[str] = mapped_column(ForeignKey("objectives.id"), primary_key=True, index=True)
    share: Mapped[Decimal]


def _objective(row: ObjectiveRow | Row[Any]) -> Objective:
    return Objective(
        row.id,
        row.title,
        row.part,
        Cut(row.cut),
        row.owner_id,
        row.unit,
        Direction(row.direction),
        row.target,
        row.starts_on,
        row.ends_on,
        tuple(Decimal(value) for value in row.months),
        row.baseline,
        row.leading,
        row.revision,
    )


def _values(one: Objective) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("title", "part", "owner_id", "unit", "target", "baseline")},
        **{name: getattr(one, name) for name in ("starts_on", "ends_on", "leading")},
        "cut": one.cut.value,
        "direction": one.direction.value,
        "months": [str(value) for value in one.months],
    }


# One by one -------------------------------------------------------------------------------


def get(session: Session, objective_id: str) -> Objective:
    """The objective with this id; one that is gone is refused."""
    row = session.get(ObjectiveRow, objective_id)
    if row is None:
        raise Refused("This objective does not exist any more.")
    return _objective(row)


def find(session: Session, objective_id: str) -> Objective | None:
    """The same, if it is still there."""
    row = session.get(ObjectiveRow, objective_id)
    return _objective(row) if row else None


def held(session: Session, objective_id: str) -> Objective:
    """The same, and nobody else gives it out or takes it back until this unit of work ends."""
    row = session.get(ObjectiveRow, objective_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refused("This objective does not exist any more.")
    return _objective(row)


def create(session: Session, one: Objective, part: Part | None = None) -> None:
    """Keep a new objective, under another if it is a part of it."""
    session.add(ObjectiveRow(id=one.id, revision=0, **_values(one)))
    session.flush()
    if part:
        link(session, part)


def change(session: Session, after: Objective) -> None:
    """Keep what an objective became; if somebody else changed it meanwhile, nothing is kept."""
    there = update(ObjectiveRow).where(ObjectiveRow.id == after.id, ObjectiveRow.revision == after.revision)
    if not touched(session, there.values(revision=after.revision + 1, **_values(after))):
        raise Refused("This objective changed meanwhile. Please open it again.")
    session.expire_all()


def rename_parts(session: Session, before: Objective, title: str) -> None:
    """What was given out of an objective goes by its title."""
    parts = select(_below([before.id], given=True).c.id)
    named = update(ObjectiveRow).where(ObjectiveRow.id.in_(parts), ObjectiveRow.title == before.title)
    session.execute(named.values(title=title))
    session.expire_all()


def drop(session: Session, objective_id: str) -> None:
    """Forget an objective; goals that supported it stay as they are. One with parts is refused."""
    held(session, objective_id)
    if session.scalar(select(exists().where(PartRow.parent_id == objective_id))):
        raise Refused("It was given out in parts. Please take those back first.")
    session.execute(delete(GoalSupportRow).where(GoalSupportRow.objective_id == objective_id))
    session.execute(delete(PartRow).where(PartRow.child_id == objective_id))
    session.execute(delete(ObjectiveRow).where(ObjectiveRow.id == objective_id))
    session.expire_all()


def link(session: Session, part: Part) -> None:
    """Put an objective under another, or change the share with which it counts there."""
    keep_row(session, PartRow, asdict(part))


def unlink(session: Session, part: Part) -> None:
    """Take an objective from under another."""
    session.execute(delete(PartRow).filter_by(child_id=part.child_id, parent_id=part.parent_id))


def some(session: Session, objective_ids: Iterable[str]) -> list[Objective]:
    """The objectives with these ids."""
    return [_objective(row) for row in session.scalars(_current(date.min).where(ObjectiveRow.id.in_(objective_ids)))]


def in_line(session: Session, person_ids: Sequence[str], day: date) -> list[Objective]:
    """What the first of these people may support: what they and those above them answer for, and the company.

    Who has a part of an objective supports the part, not the whole.
    """
    theirs = or_(ObjectiveRow.owner_id.in_(person_ids), ObjectiveRow.cut == Cut.COMPANY.value)
    found = [_objective(row) for row in session.scalars(_current(day).where(theirs))]
    wholes = {one.id for one in above(session, [one.id for one in found if one.owner_id == person_ids[0]])}
    return [one for one in found if one.id not in wholes]


def looked_after(session: Session, person_id: str, day: date) -> list[Objective]:
    """What somebody answers for on a day or later, and what the company wants; the widest first."""
    theirs = or_(ObjectiveRow.owner_id == person_id, ObjectiveRow.cut == Cut.COMPANY.value)
    return [_objective(row) for row in session.scalars(_current(day).where(theirs))]


def without_parts(session: Session, person_id: str, day: date) -> list[Objective]:
    """What somebody answers for and has not given out."""
    parts = exists().where(PartRow.parent_id == ObjectiveRow.id)
    found = session.scalars(_current(day).where(ObjectiveRow.owner_id == person_id, ~parts))
    return [_objective(row) for row in found]


def count_of(session: Session, person_id: str) -> int:
    """How many objectives and parts somebody answers for, or once did."""
    return session.scalar(select(func.count()).where(ObjectiveRow.owner_id == person_id)) or 0


def count(session: Session, day: date) -> int:
    """How many objectives are wanted on a day or later."""
    return session.scalar(select(func.count()).where(ObjectiveRow.ends_on >= day)) or 0


def _current(day: date) -> Select[ObjectiveRow]:
    order = case({cut.value: n for n, cut in enumerate(Cut)}, value=ObjectiveRow.cut)
    return select(ObjectiveRow).where(ObjectiveRow.ends_on >= day).order_by(order, ObjectiveRow.title, ObjectiveRow.id)


# All together: a fixed number of queries, however many people there are ---------------------


def tree_below(session: Session, roots: Iterable[str], first: date, last: date) -> Cascade:
    """These objectives, all that is under them, and the goals of cycles within these days that support them."""
    ids = _below(roots)
    found = session.execute(select(ObjectiveRow.__table__).where(ObjectiveRow.id.in_(select(ids.c.id))))
    parts = session.execute(select(PartRow.__table__).where(PartRow.parent_id.in_(select(ids.c.id))))
    supports = _counted(session, GoalSupportRow.objective_id.in_(select(ids.c.id)), first, last)
    return cascade([_objective(row) for row in found], [Part(*row) for row in parts], supports)


def tree_around(session: Session, objective_id: str) -> Cascade:
    """All objectives of the same days, to look for loops; nobody else can close one until this unit of work ends."""
    one = get(session, objective_id)
    alike = select(ObjectiveRow).where(ObjectiveRow.ends_on == one.ends_on).order_by(ObjectiveRow.id)
    found = [_objective(row) for row in session.scalars(alike.with_for_update(), execution_options=FRESH)]
    return cascade(found, [_part(row) for row in session.scalars(select(PartRow), execution_options=FRESH)])


def above(session: Session, objective_ids: Iterable[str]) -> list[Objective]:
    """What these objectives are parts of, all the way up, the widest first."""
    start = select(PartRow.parent_id.label("id")).where(PartRow.child_id.in_(list(objective_ids))).cte(recursive=True)
    ids = start.union(select(PartRow.parent_id).where(PartRow.child_id == start.c.id))
    return [_objective(row) for row in session.scalars(_current(date.min).where(ObjectiveRow.id.in_(select(ids.c.id))))]


def parents(session: Session, objective_id: str) -> list[Part]:
    """Where an objective counts, first the one it was given out from."""
    counting = select(PartRow).filter_by(child_id=objective_id).order_by(PartRow.given.desc(), PartRow.parent_id)
    return [_part(row) for row in session.scalars(counting)]


def _below(roots: Iterable[str], *, given: bool = False) -> CTE:
    start = select(ObjectiveRow.id).where(ObjectiveRow.id.in_(list(roots))).cte(recursive=True)
    parts = select(PartRow.child_id).where(PartRow.parent_id == start.c.id)
    return start.union(parts.where(PartRow.given) if given else parts)


def _part(row: PartRow) -> Part:
    return Part(row.child_id, row.parent_id, row.share, row.given)


# Goals ------------------------------------------------------------------------------------


def support(session: Session, one: Support) -> None:
    """A goal supports an objective, with this share of it; with none, not any more."""
    key = {"cycle_id": one.cycle_id, "person_id": one.person_id, "goal_id": one.goal_id}
    if one.share:
        keep_row(session, GoalSupportRow, {**key, "objective_id": one.objective_id, "share": one.share})
    else:
        session.execute(delete(GoalSupportRow).filter_by(objective_id=one.objective_id, **key))


def supported_by(session: Session, cycle_id: str, person_id: str) -> list[Support]:
    """Which of somebody's goals support which objectives."""
    rows = session.scalars(
        select(GoalSupportRow)
        .filter_by(cycle_id=cycle_id, person_id=person_id)
        .order_by(GoalSupportRow.goal_id, GoalSupportRow.objective_id)
    )
    return [Support(row.objective_id, cycle_id, person_id, row.goal_id, row.share) for row in rows]


def sharing(session: Session, cycle_id: str, person_id: str, most: int) -> set[str]:
    """Who else in a cycle has a goal under an objective of this person's, a part of it, or a part of the same whole.

    More than `most` under one objective say little.
    """
    mine = select(GoalSupportRow.objective_id).filter_by(cycle_id=cycle_id, person_id=person_id)
    wholes = select(PartRow.parent_id).where(PartRow.child_id.in_(mine))
    theirs = (
        select(GoalSupportRow.objective_id, PartRow.parent_id, GoalSupportRow.person_id)
        .outerjoin(PartRow, PartRow.child_id == GoalSupportRow.objective_id)
        .where(GoalSupportRow.cycle_id == cycle_id)
        .where(or_(*(of.in_(one) for of in (GoalSupportRow.objective_id, PartRow.parent_id) for one in (mine, wholes))))
    )
    by_objective: dict[str, set[str]] = {}
    for row in session.execute(theirs.distinct()):
        for one in {row.objective_id, row.parent_id} - {None}:
            by_objective.setdefault(one, set()).add(row.person_id)
    shared = [some for some in by_objective.values() if person_id in some and len(some) <= most]
    return {one for some in shared for one in some} - {person_id}


def move_supports(session: Session, person_id: str, parent_id: str, child_id: str) -> None:
    """Somebody was given their own part: goals of theirs that supported the whole now support that part."""
    theirs = update(GoalSupportRow).where(
        GoalSupportRow.person_id == person_id, GoalSupportRow.objective_id == parent_id
    )
    session.execute(theirs.values(objective_id=child_id))
    session.expire_all()


def _counted(session: Session, wanted: Any, first: date, last: date) -> list[Support]:
    """The supports that are wanted, with what the goals aim at: as agreed, else as it lies on the table.

    Who left carries nothing any more.
    """
    within = and_(CycleRow.starts_on >= first, CycleRow.ends_on <= last)
    carried = select(GoalSupportRow.__table__).join(CycleRow, CycleRow.id == GoalSupportRow.cycle_id)
    here = carried.join(PersonRow, PersonRow.id == GoalSupportRow.person_id).where(PersonRow.takes_part)
    rows = session.execute(here.where(wanted, within)).mappings()
    targets = _targets(session, wanted)
    return [
        Support(**row, target=targets.get((row["cycle_id"], row["person_id"]), {}).get(row["goal_id"], ZERO))
        for row in rows
    ]


def _targets(session: Session, wanted: Any) -> dict[tuple[str, str], dict[str, Decimal]]:
    """The targets of the goals on each sheet that has one which supports what is wanted."""
    sheets = select(GoalSupportRow.cycle_id, GoalSupportRow.person_id).where(wanted).distinct()
    offered = SheetRow.state.in_(ON_THE_TABLE)
    said = case((offered, with_place(SheetRow.goals)), else_=with_place(SheetRow.agreed))
    rows = session.execute(
        select(SheetRow.cycle_id, SheetRow.person_id, said).where(
            tuple_(SheetRow.cycle_id, SheetRow.person_id).in_(sheets),
            or_(SheetRow.version > 0, offered),
        )
    )
    return {
        (cycle_id, person_id): {goal["id"]: Decimal(goal["target"] or 0) for goal in goals}
        for cycle_id, person_id, goals in rows
    }
