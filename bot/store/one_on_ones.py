"""What somebody and their manager keep for their talks: read by the two alone, a private note by its author."""

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.domain.talk import Entry, Kind, Terms
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private


class TalkEntryRow(Base):
    """A point, a note or an action item."""

    __tablename__ = "talk_entries"
    __table_args__ = (Index("ix_talk_entries_pair", "person_id", "manager_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    manager_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    text: Mapped[Private]
    at: Mapped[datetime]
    owner_id: Mapped[str] = mapped_column(index=True)
    due: Mapped[date | None]
    done_at: Mapped[datetime | None]
    cycle_id: Mapped[str] = mapped_column(default="", server_default="")
    gap: Mapped[Private] = mapped_column(default="", server_default="")
    support: Mapped[Private] = mapped_column(default="", server_default="")


class TalkTermsRow(Base):
    """The rhythm of two people, and when they last talked."""

    __tablename__ = "talk_terms"
    manager_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    weeks: Mapped[int]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    skipped_on: Mapped[date | None]


@dataclass(frozen=True)
class Pair:
    """A manager and who reports to them."""

    manager_id: str
    person_id: str


def keep(session: Session, entry: Entry) -> str:
    """Keep what one of the two wrote; returns its id."""
    kept = TalkEntryRow(**{**asdict(entry), "id": secrets.token_hex(5), "kind": entry.kind.value})
    session.add(kept)
    session.flush()
    return kept.id


def entries(session: Session, pair: Pair, reader_id: str) -> list[Entry]:
    """All that a reader may see of a pair, the oldest first, and what the employee has still to do from earlier talks.

    Somebody else's private notes are not even read.
    """
    theirs = and_(TalkEntryRow.manager_id == pair.manager_id, TalkEntryRow.person_id == pair.person_id)
    goes_on = and_(
        TalkEntryRow.person_id == pair.person_id,
        TalkEntryRow.owner_id == pair.person_id,
        TalkEntryRow.kind == Kind.ITEM.value,
        TalkEntryRow.done_at.is_(None),
    )
    readable = or_(TalkEntryRow.kind != Kind.PRIVATE.value, TalkEntryRow.author_id == reader_id)
    return _read(session, or_(theirs, goes_on), readable)


def to_do(session: Session, owner_id: str) -> list[Entry]:
    """The open action items of somebody, the oldest first."""
    return _read(session, TalkEntryRow.owner_id == owner_id, TalkEntryRow.done_at.is_(None))


def agreed_about(session: Session, cycle_id: str, person_id: str) -> list[Entry]:
    """The action items that came of the talk about somebody's result in a cycle, the oldest first."""
    return _read(session, TalkEntryRow.person_id == person_id, TalkEntryRow.cycle_id == cycle_id)


def get(session: Session, entry_id: str) -> Entry:
    """The entry with this id; one that does not exist is refused."""
    row = session.get(TalkEntryRow, entry_id, populate_existing=True)
    if row is None:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return _entry(row)


def done_among(session: Session, entry_ids: Collection[str]) -> set[str]:
    """Those of these that are done."""
    done = select(TalkEntryRow.id).where(TalkEntryRow.id.in_(entry_ids), TalkEntryRow.done_at.is_not(None))
    return set(session.scalars(done))


def author_among(session: Session, entry_ids: Collection[str]) -> str | None:
    """Who wrote these, which one person wrote together; they stay theirs whoever has them to do later."""
    return session.scalars(select(TalkEntryRow.author_id).where(TalkEntryRow.id.in_(entry_ids)).limit(1)).first()


def finish_all(session: Session, entry_ids: Collection[str], at: datetime) -> None:
    """What these ask for is not asked for any more."""
    still_open = TalkEntryRow.id.in_(entry_ids), TalkEntryRow.done_at.is_(None)
    session.execute(update(TalkEntryRow).where(*still_open).values(done_at=at))


def hand_over(session: Session, entry_ids: Collection[str], former_id: str, manager_id: str) -> None:
    """What one manager had promised of these and is still open, another one promises now."""
    theirs = TalkEntryRow.id.in_(entry_ids), TalkEntryRow.done_at.is_(None), TalkEntryRow.manager_id == former_id
    owned = update(TalkEntryRow).where(*theirs, TalkEntryRow.owner_id == former_id)
    session.execute(owned.values(owner_id=manager_id))
    session.execute(update(TalkEntryRow).where(*theirs).values(manager_id=manager_id))


def finish(session: Session, entry: Entry, at: datetime) -> bool:
    """It was talked about, or is done; True the first time only."""
    open_one = update(TalkEntryRow).where(TalkEntryRow.id == entry.id, TalkEntryRow.done_at.is_(None))
    return touched(session, open_one.values(done_at=at)) == 1


def terms(session: Session, pair: Pair) -> Terms:
    """What two people settled so far."""
    row = session.get(TalkTermsRow, (pair.manager_id, pair.person_id), populate_existing=True)
    return Terms(row.weeks, row.first_on, row.last_on, row.skipped_on) if row else Terms()


def last_talks(session: Session, manager_id: str) -> dict[str, date]:
    """When a manager last talked with each one, by person."""
    theirs = TalkTermsRow.manager_id == manager_id, TalkTermsRow.last_on.is_not(None)
    found = session.execute(select(TalkTermsRow.person_id, TalkTermsRow.last_on).where(*theirs))
    return {person_id: day for person_id, day in found if day}


def choose_rhythm(session: Session, pair: Pair, weeks: int, first_on: date | None) -> None:
    """Keep how often two people talk, and from when on."""
    _change(session, pair, weeks=weeks, first_on=first_on, skipped_on=None)


def talked(session: Session, pair: Pair, day: date) -> None:
    """Two people talked on this day."""
    _change(session, pair, last_on=day)


def leave_out(session: Session, pair: Pair, day: date) -> None:
    """The talk of this day does not take place."""
    _change(session, pair, skipped_on=day)


def count_of(session: Session, person_id: str) -> int:
    """How many points, notes and action items somebody wrote or has to do."""
    return len(_read(session, or_(TalkEntryRow.author_id == person_id, TalkEntryRow.owner_id == person_id)))


def _change(session: Session, pair: Pair, **values: Any) -> None:
    fresh = {"weeks": 0, "first_on": None, "last_on": None, "skipped_on": None}
    insert_new(session, TalkTermsRow, {**asdict(pair), **fresh})
    theirs = TalkTermsRow.manager_id == pair.manager_id, TalkTermsRow.person_id == pair.person_id
    session.execute(update(TalkTermsRow).where(*theirs).values(**values))


def _read(session: Session, *where: Any) -> list[Entry]:
    wanted = select(TalkEntryRow).where(*where).order_by(TalkEntryRow.at, TalkEntryRow.id)
    return [_entry(row) for row in session.scalars(wanted.execution_options(populate_existing=True))]


def _entry(row: TalkEntryRow) -> Entry:
    return Entry(
        row.id, row.manager_id, row.person_id, Kind(row.kind), row.author_id, row.text, row.at, row.owner_id, row.due,
        row.done_at, row.cycle_id, row.gap, row.support,
    )  # fmt: skip
