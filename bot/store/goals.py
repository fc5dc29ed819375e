"""People's goals: the sheet that two people talk about, its history, and what each is still writing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal, Sheet, SheetState
from bot.domain.goal_record import document_of, goals_of
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.store import cycles, people
from bot.store.db import Base, insert_new, keep_row, remembered, touched
from bot.store.private import Private, PrivateDict, PrivateList

_AGREED = text("version > 0")


class SheetRow(Base):
    """Where the talk about one person's goals in one cycle stands."""

    __tablename__ = "goal_sheets"
    __table_args__ = (Index("ix_goal_sheets_agreed", "cycle_id", postgresql_where=_AGREED, sqlite_where=_AGREED),)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    state: Mapped[str]
    version: Mapped[int]
    goals: Mapped[PrivateList]
    agreed: Mapped[PrivateList]
    rules_hash: Mapped[str]
    revision: Mapped[int]
    spoken_by: Mapped[str]
    comment: Mapped[Private]
    before: Mapped[PrivateList]
    protest: Mapped[Private] = mapped_column(default="", server_default="")


class SpokenRow(Base):
    """One move in the talk: who, when, which values. Rows are only ever added."""

    __tablename__ = "goal_history"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    goals: Mapped[PrivateList]
    comment: Mapped[Private]
    reasons: Mapped[PrivateDict]


class DraftRow(Base):
    """What somebody is writing on a sheet, seen by nobody else until it is offered."""

    __tablename__ = "goal_drafts"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    revision: Mapped[int]
    goals: Mapped[PrivateList]
    comment: Mapped[Private] = mapped_column(default="", server_default="")
    reason: Mapped[Private] = mapped_column(default="", server_default="")


@dataclass(frozen=True)
class Draft:
    """Goals being written, the revision of the sheet they started from, and the words that are to go with them."""

    revision: int
    goals: tuple[Goal, ...]
    comment: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Spoken:
    """One move, as it is shown."""

    revision: int
    at: datetime
    by: str
    state: SheetState
    version: int
    goals: tuple[Goal, ...]
    comment: str
    reasons: Mapping[str, str]


def _sheet(row: SheetRow) -> Sheet:
    return Sheet(
        row.cycle_id,
        row.person_id,
        SheetState(row.state),
        row.version,
        goals_of(row.goals),
        goals_of(row.agreed),
        row.rules_hash,
        row.revision,
        row.spoken_by,
        row.comment,
        goals_of(row.before),
        row.protest,
    )


def _values(sheet: Sheet) -> dict[str, Any]:
    return {
        "state": sheet.state.value,
        "version": sheet.version,
        "goals": _documents(sheet.goals),
        "agreed": _documents(sheet.agreed),
        "rules_hash": sheet.rules_hash,
        "revision": sheet.revision,
        "spoken_by": sheet.spoken_by,
        "comment": sheet.comment,
        "before": _documents(sheet.before),
        "protest": sheet.protest,
    }


def _documents(goals: Sequence[Goal]) -> list[Any]:
    return [document_of(goal) for goal in goals]


def sheet(session: Session, cycle_id: str, person_id: str) -> Sheet | None:
    """The sheet of a person in a cycle, once it was opened."""
    row = session.get(SheetRow, (cycle_id, person_id))
    return _sheet(row) if row else None


def sheets(session: Session, cycle_id: str, of: Collection[str]) -> dict[str, Sheet]:
    """The sheets of these people in a cycle, by person, of those that were opened; in one query."""
    rows = session.scalars(select(SheetRow).where(SheetRow.cycle_id == cycle_id, SheetRow.person_id.in_(of)))
    return {row.person_id: _sheet(row) for row in rows}


@remembered
def of_reports(
    session: Session, manager_id: str, day: date, stages: frozenset[Stage]
) -> list[tuple[Person, Cycle, Sheet | None]]:
    """The people who report to somebody on a day, in each cycle that is in one of these stages, with their sheets."""
    reports = {person.id: person for person in people.reports_of(session, manager_id, day)}
    running = [one for one in cycles.every(session) if one.stage_on(day) in stages] if reports else []
    return [
        (reports[one.person_id], cycle, drawn.get(one.person_id))
        for cycle in running
        for drawn in [sheets(session, cycle.id, reports)]
        for one in cycles.participants(session, cycle.id, reports)
    ]


def opened(session: Session, cycle_id: str, person_id: str) -> Sheet:
    """The sheet of a person in a cycle, opened now if it was not."""
    known = sheet(session, cycle_id, person_id)
    if known is None:
        empty = Sheet(cycle_id, person_id, SheetState.DRAFT, 0, ())
        insert_new(session, SheetRow, {"cycle_id": cycle_id, "person_id": person_id, **_values(empty)})
        known = _sheet(session.get_one(SheetRow, (cycle_id, person_id)))
    return known


def agreed_goals(session: Session, cycle_id: str, person_id: str) -> tuple[Goal, ...]:
    """What was agreed and is frozen; nothing while nothing is."""
    known = sheet(session, cycle_id, person_id)
    return known.agreed if known else ()


def agreed_by_person(session: Session, cycle_id: str, of: Collection[str] | None = None) -> dict[str, tuple[Goal, ...]]:
    """What everybody in a cycle, or these people, agreed on, by person; in one query."""
    rows = select(SheetRow.person_id, SheetRow.agreed).where(SheetRow.cycle_id == cycle_id)
    if of is not None:
        rows = rows.where(SheetRow.person_id.in_(of))
    return {person_id: goals_of(agreed) for person_id, agreed in session.execute(rows)}


def count_agreed(session: Session, cycle_id: str) -> int:
    """How many people have agreed goals in a cycle."""
    counted = select(func.count()).select_from(SheetRow).where(SheetRow.cycle_id == cycle_id, _AGREED)
    return session.scalar(counted) or 0


def speak(session: Session, after: Sheet, by: str, at: datetime, reasons: Mapping[str, str] | None = None) -> None:
    """Keep a move and what it leads to; if the sheet moved meanwhile, nothing is kept."""
    moving = update(SheetRow).where(
        SheetRow.cycle_id == after.cycle_id,
        SheetRow.person_id == after.person_id,
        SheetRow.revision == after.revision - 1,
    )
    if not touched(session, moving.values(**_values(after))):
        raise Refused("These goals changed meanwhile. Please look at the newest version in Home.")
    session.add(
        SpokenRow(
            cycle_id=after.cycle_id,
            person_id=after.person_id,
            revision=after.revision,
            at=at,
            by=by,
            state=after.state.value,
            version=after.version,
            goals=_documents(after.goals),
            comment=after.comment,
            reasons=dict(reasons or {}),
        )
    )
    session.flush()


def history(session: Session, cycle_id: str, person_id: str) -> list[Spoken]:
    """Every move in the talk, oldest first."""
    rows = session.scalars(
        select(SpokenRow).filter_by(cycle_id=cycle_id, person_id=person_id).order_by(SpokenRow.revision)
    )
    return [
        Spoken(
            row.revision,
            row.at,
            row.by,
            SheetState(row.state),
            row.version,
            goals_of(row.goals),
            row.comment,
            row.reasons,
        )
        for row in rows
    ]


def reasons(session: Session, sheet: Sheet) -> Mapping[str, str]:
    """The reasons that came with the last move, by the rule that was overridden."""
    row = session.get(SpokenRow, (sheet.cycle_id, sheet.person_id, sheet.revision))
    return row.reasons if row else {}


def draft(session: Session, cycle_id: str, person_id: str, author_id: str) -> Draft | None:
    """What somebody is writing."""
    row = session.get(DraftRow, (cycle_id, person_id, author_id))
    return Draft(row.revision, goals_of(row.goals), row.comment, row.reason) if row else None


def keep_draft(session: Session, sheet: Sheet, author_id: str, goals: Sequence[Goal], **words: str) -> None:
    """Keep what somebody is writing on this state of a sheet; `comment` and `reason` stay unless they are given."""
    key = {"cycle_id": sheet.cycle_id, "person_id": sheet.person_id, "author_id": author_id}
    keep_row(session, DraftRow, {**key, "revision": sheet.revision, "goals": _documents(goals), **words})


def drop_draft(session: Session, cycle_id: str, person_id: str, author_id: str) -> None:
    """Forget what somebody was writing, because it was offered."""
    session.execute(
        delete(DraftRow).where(
            DraftRow.cycle_id == cycle_id, DraftRow.person_id == person_id, DraftRow.author_id == author_id
        )
    )
