"""Check-ins: one row per person and day; the answer is changed in place until the manager has it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.checkin import Checkin, Confidence, Item, Kind
from bot.domain.refusal import Refused
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private, PrivateList


class CheckinRow(Base):
    """One check-in: asked, perhaps answered, told to the manager, read by the manager."""

    __tablename__ = "checkins"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "person_id"], ["participants.cycle_id", "participants.person_id"]),
        Index("ix_checkins_round", "manager_id", "digest_on"),
    )
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    items: Mapped[PrivateList]
    note: Mapped[Private] = mapped_column(default="")
    blocking: Mapped[Private] = mapped_column(default="")
    help_wanted: Mapped[PrivateList]
    manager_id: Mapped[str]
    digest_on: Mapped[date | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    told: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None]
    nudges: Mapped[int] = mapped_column(default=0)
    comment: Mapped[Private] = mapped_column(default="", server_default="")
    comment_by: Mapped[str] = mapped_column(default="", server_default="")
    earlier_comments: Mapped[PrivateList] = mapped_column(default=list, server_default="[]")
    """Who wrote what, of those who were the manager before."""
    commented_at: Mapped[datetime | None]
    """When the comment that stands was written: a plan rests only on what could be read before it."""


def _item(kept: dict[str, Any]) -> Item:
    value = None if kept["value"] is None else Decimal(kept["value"])
    return Item(kept["goal_id"], value, Confidence(kept["confidence"]), kept["note"])


def _kept(item: Item) -> dict[str, Any]:
    value = None if item.value is None else str(item.value)
    return {"goal_id": item.goal_id, "value": value, "confidence": item.confidence.value, "note": item.note}


def _checkin(row: CheckinRow) -> Checkin:
    return Checkin(
        row.cycle_id,
        row.person_id,
        row.day,
        Kind(row.kind),
        tuple(_item(one) for one in row.items),
        row.note,
        row.blocking,
        tuple(row.help_wanted),
        row.manager_id,
        row.digest_on,
        row.told,
        row.read_at is not None,
        row.nudges,
        row.comment,
        row.comment_by,
        tuple((by, words) for by, words in row.earlier_comments),
    )


def _one(checkin: Checkin) -> tuple[Any, ...]:
    return (
        CheckinRow.cycle_id == checkin.cycle_id,
        CheckinRow.person_id == checkin.person_id,
        CheckinRow.day == checkin.day,
    )


def find(session: Session, cycle_id: str, person_id: str, day: date) -> Checkin | None:
    """The check-in of a person that began on a day."""
    row = session.get(CheckinRow, (cycle_id, person_id, day), populate_existing=True)
    return _checkin(row) if row else None


_ALL_OF = (
    select(CheckinRow)
    .where(CheckinRow.cycle_id == bindparam("cycle_id"), CheckinRow.person_id == bindparam("person_id"))
    .order_by(CheckinRow.day)
    .execution_options(populate_existing=True)
)
"""Made once: making a statement takes longer than executing it."""


def all_of(session: Session, cycle_id: str, person_id: str) -> list[Checkin]:
    """Every check-in of a person in a cycle, answered or not, oldest first."""
    return [_checkin(row) for row in session.scalars(_ALL_OF, {"cycle_id": cycle_id, "person_id": person_id})]


def history(session: Session, cycle_id: str, person_id: str) -> list[Checkin]:
    """The answered check-ins of a person in a cycle, oldest first."""
    return [one for one in all_of(session, cycle_id, person_id) if one.answered]


def in_digest(session: Session, cycle_id: str, manager_id: str, digest_on: date) -> list[Checkin]:
    """The check-ins that go into one digest, by person."""
    return [_checkin(row) for row in session.scalars(_round(cycle_id, manager_id, digest_on))]


def _round(cycle_id: str, manager_id: str, digest_on: date) -> Select[CheckinRow]:
    return (
        select(CheckinRow)
        .where(CheckinRow.cycle_id == cycle_id, CheckinRow.manager_id == manager_id, CheckinRow.digest_on == digest_on)
        .order_by(CheckinRow.person_id, CheckinRow.day)
        .execution_options(populate_existing=True)
    )


def begin(session: Session, checkin: Checkin, at: datetime) -> bool:
    """Keep a check-in that was just asked, or begun by the person; whether there was none of that day yet."""
    new = {
        "cycle_id": checkin.cycle_id,
        "person_id": checkin.person_id,
        "day": checkin.day,
        "kind": Kind.OPEN.value,
        "items": [],
        "help_wanted": [],
        "manager_id": checkin.manager_id,
        "digest_on": checkin.digest_on,
        "asked_at": at,
    }
    return insert_new(session, CheckinRow, new)


def answer(session: Session, checkin: Checkin, at: datetime) -> bool | None:
    """Keep an answer, and say whether the digest is out already; None if there is no such check-in that takes one.

    What this row says counts, not what was read before: the digest may have gone out meanwhile.
    """
    still_open = or_(CheckinRow.kind == Kind.OPEN.value, CheckinRow.told.is_(False))
    statement = (
        update(CheckinRow)
        .where(*_one(checkin), CheckinRow.kind != Kind.MISSED.value, still_open)
        .values(
            kind=checkin.kind.value,
            items=[_kept(item) for item in checkin.items],
            note=checkin.note,
            blocking=checkin.blocking,
            help_wanted=list(checkin.help_wanted),
            answered_at=at,
        )
        .returning(CheckinRow.told)
    )
    return session.scalar(statement)


def keep_note(session: Session, checkin: Checkin, note: str) -> None:
    """Keep a note on a check-in that is still open to change."""
    still_open = or_(CheckinRow.kind == Kind.OPEN.value, CheckinRow.told.is_(False))
    statement = update(CheckinRow).where(*_one(checkin), CheckinRow.kind != Kind.MISSED.value, still_open)
    if not touched(session, statement.values(note=note)):
        raise Refused("This check-in was changed meanwhile. Please look at the newest card.")


def close(session: Session, checkin: Checkin) -> bool:
    """Close a check-in that nobody answered; True if it was open."""
    statement = update(CheckinRow).where(*_one(checkin), CheckinRow.kind == Kind.OPEN.value)
    return touched(session, statement.values(kind=Kind.MISSED.value)) == 1


def count_nudge(session: Session, checkin: Checkin, n: int) -> None:
    """Note that the nth reminder went out."""
    session.execute(update(CheckinRow).where(*_one(checkin)).values(nudges=n))


def tell(session: Session, cycle_id: str, manager_id: str, digest_on: date, of: Collection[str]) -> list[Checkin]:
    """A digest goes out with what these people said: from now on it stays. Gives what was not told before, as it is.

    The rows are locked before they are read: who answers at the same moment is in the digest, or knows it is out.
    """
    mine = CheckinRow.person_id.in_(of), CheckinRow.told.is_(False)
    wanted = _round(cycle_id, manager_id, digest_on).where(*mine).with_for_update()
    rows = session.scalars(wanted, execution_options={"populate_existing": True}).all()
    for row in rows:
        row.told = True
    session.flush()
    return [_checkin(row) for row in rows]


def tell_anew(session: Session, checkin: Checkin) -> None:
    """Whoever was told is not the manager any more: the answer that has come since goes into another digest."""
    another = {"told": False, "manager_id": checkin.manager_id, "digest_on": checkin.digest_on}
    session.execute(update(CheckinRow).where(*_one(checkin), CheckinRow.read_at.is_(None)).values(**another))


def pass_on(session: Session, untold: Sequence[Checkin], manager_id: str) -> None:
    """Another manager is to be told of these."""
    for one in untold:
        session.execute(update(CheckinRow).where(*_one(one), CheckinRow.told.is_(False)).values(manager_id=manager_id))


def acknowledge(session: Session, checkin: Checkin, at: datetime) -> bool:
    """The manager has read this answer; True the first time only."""
    statement = update(CheckinRow).where(*_one(checkin), CheckinRow.told, CheckinRow.read_at.is_(None))
    return touched(session, statement.values(read_at=at)) == 1


def comment(session: Session, checkin: Checkin, words: str, by: str, at: datetime) -> None:
    """Keep what the manager wrote to an answer; that is to have read it. What another one wrote before stays."""
    key = (checkin.cycle_id, checkin.person_id, checkin.day)
    row = session.get_one(CheckinRow, key, with_for_update=True, populate_existing=True)
    if row.comment and row.comment_by != by:
        row.earlier_comments = [*row.earlier_comments, [row.comment_by, row.comment]]
    row.comment, row.comment_by, row.read_at, row.commented_at = words, by, row.read_at or at, at
    session.flush()


def comments_by(session: Session, person_id: str, author_id: str) -> list[tuple[Checkin, datetime]]:
    """The check-ins of a person that this manager commented on, in any cycle, each with the moment; oldest first."""
    theirs = CheckinRow.person_id == person_id, CheckinRow.comment_by == author_id, CheckinRow.comment != ""
    found = session.scalars(select(CheckinRow).where(*theirs).order_by(CheckinRow.day, CheckinRow.cycle_id))
    return [(_checkin(row), at) for row in found if (at := row.commented_at or row.read_at)]


def every_in_cycle(session: Session, cycle_id: str, of: Collection[str]) -> dict[str, list[Checkin]]:
    """Every check-in of several people in a cycle, answered or not, by person, oldest first; in one query."""
    rows = session.scalars(
        select(CheckinRow)
        .where(CheckinRow.cycle_id == cycle_id, CheckinRow.person_id.in_(of))
        .order_by(CheckinRow.person_id, CheckinRow.day)
        .execution_options(populate_existing=True)
    )
    found: dict[str, list[Checkin]] = {}
    for one in map(_checkin, rows):
        found.setdefault(one.person_id, []).append(one)
    return found


def in_cycle(session: Session, cycle_id: str, of: Collection[str]) -> dict[str, list[Checkin]]:
    """The answered check-ins of several people in a cycle, by person, oldest first; in one query."""
    found = every_in_cycle(session, cycle_id, of)
    return {person_id: [one for one in theirs if one.answered] for person_id, theirs in found.items()}


def rounds(session: Session, cycle_id: str, manager_id: str) -> list[tuple[date, datetime | None]]:
    """The digests that a manager got with at least one answer: their day, and when the last answer was read."""
    kinds = (Kind.OPEN.value, Kind.MISSED.value)
    rows = session.execute(
        select(CheckinRow.digest_on, CheckinRow.read_at)
        .where(CheckinRow.cycle_id == cycle_id, CheckinRow.manager_id == manager_id)
        .where(CheckinRow.told, CheckinRow.kind.not_in(kinds))
        .order_by(CheckinRow.digest_on)
    )
    found: dict[date, list[datetime | None]] = {}
    for day, read_at in rows:
        if day is not None:
            found.setdefault(day, []).append(read_at)
    return [(day, None if None in reads else max(at for at in reads if at)) for day, reads in found.items()]


def newest_digest(session: Session, cycle_id: str, manager_id: str) -> date | None:
    """The day of the newest digest that a manager got."""
    told = CheckinRow.cycle_id == cycle_id, CheckinRow.manager_id == manager_id, CheckinRow.told
    return session.scalar(select(func.max(CheckinRow.digest_on)).where(*told))


def has_digest(session: Session, manager_id: str, day: date) -> bool:
    """Whether a manager got a digest that was planned for this day."""
    told = CheckinRow.manager_id == manager_id, CheckinRow.digest_on == day, CheckinRow.told
    return session.scalar(select(CheckinRow.person_id).where(*told).limit(1)) is not None
