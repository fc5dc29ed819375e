"""Sources: addresses that people or actual values are read from, and when each was read and brought something new."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.actuals import ActualRow
from bot.domain.directory import DirectoryRow
from bot.domain.directory_reading import next_night
from bot.domain.endpoint import Brings, Endpoint
from bot.domain.refusal import Refused, Sentence
from bot.store import directory_names, people
from bot.store.db import Base
from bot.store.private import PrivateList

LEASE = timedelta(minutes=3)
"""A reading takes two at most; who was killed in one loses it then."""
ASKED_AGAIN = timedelta(hours=23)
"""Values that HR let be are offered again after this, not at each reading."""
TRIED_AGAIN = timedelta(hours=1)
"""A reading that failed is tried again after this, and then each time after twice as long."""
Row = ActualRow | DirectoryRow
SAMPLE = 3
"""Rows that a test shows."""


class Every(StrEnum):
    """How often a source is read."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


APART = {
    Every.HOUR: timedelta(hours=1),
    Every.DAY: timedelta(days=1),
    Every.WEEK: timedelta(days=7),
    Every.MONTH: timedelta(days=30),
}


class SourceRow(Base):
    """One source. `asked_by` wants to see what it answers, and gets `sample` or `fault`: a test is no reading.

    `leased_until` goes by the real clock.
    """

    __tablename__ = "value_sources"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    endpoint: Mapped[dict[str, Any]]
    every: Mapped[str]
    fresh_days: Mapped[int]
    by_itself: Mapped[bool]
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    due: Mapped[datetime] = mapped_column(index=True)
    asked_by: Mapped[str] = mapped_column(default="")
    leased_until: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    new_at: Mapped[datetime | None]
    problem: Mapped[dict[str, Any] | None]
    sample: Mapped[PrivateList] = mapped_column(default=list)
    fault: Mapped[dict[str, Any] | None]
    offered: Mapped[str] = mapped_column(default="")
    offered_at: Mapped[datetime | None]


_TESTED = SourceRow.asked_by != ""
_DUE = (
    select(SourceRow)
    .where(
        or_(SourceRow.due <= bindparam("now"), _TESTED),
        or_(SourceRow.leased_until.is_(None), SourceRow.leased_until <= bindparam("real_now")),
    )
    .order_by(_TESTED.desc(), SourceRow.due, SourceRow.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
"""Made once: making a statement takes longer than executing it."""


@dataclass(frozen=True)
class Plan:
    """What HR decides about a source: `fresh_days` may pass without anything new, `by_itself` skips the question.

    People are read every night, may stay as they are for years, and are asked about by their own rule.
    """

    name: str
    endpoint: Endpoint
    every: Every
    fresh_days: int
    by_itself: bool

    @property
    def people(self) -> bool:
        """Whether it brings people."""
        return self.endpoint.brings is Brings.PEOPLE


@dataclass(frozen=True)
class Source:
    """A source and how it fares; `asked_by` is who wants to see a test, `sample` or `fault` what came of the last."""

    id: str
    plan: Plan
    added_by: str
    added_at: datetime
    read_at: datetime | None
    new_at: datetime | None
    problem: Sentence | None
    sample: tuple[Row, ...]
    fault: Sentence | None
    asked_by: str

    @property
    def stale_at(self) -> datetime:
        """When it will have brought nothing new for longer than HR expects."""
        return (self.new_at or self.added_at) + timedelta(days=self.plan.fresh_days)


def keep(session: Session, plan: Plan, *, by: str, at: datetime, source_id: str = "") -> Source:
    """Keep a new source, or what was changed of one; it is read soon."""
    row = _row(session, source_id) if source_id else SourceRow(id=secrets.token_hex(4), added_at=at, sample=[])
    row.name, row.endpoint, row.every = plan.name, asdict(plan.endpoint), plan.every.value
    row.fresh_days, row.by_itself, row.added_by, row.due = plan.fresh_days, plan.by_itself, by, at
    row.problem = None
    session.add(row)
    session.flush()
    return _source(row)


def every(session: Session) -> list[Source]:
    """All sources, by name."""
    return [_source(row) for row in session.scalars(select(SourceRow).order_by(SourceRow.name, SourceRow.id))]


def tokens_wanted(session: Session) -> list[str]:
    """The variables whose tokens sources are read with."""
    return sorted({row["token"] for row in session.scalars(select(SourceRow.endpoint)) if row.get("token")})


def get(session: Session, source_id: str) -> Source:
    """The source with this id; one that was removed is refused."""
    return _source(_row(session, source_id))


def find(session: Session, source_id: str) -> Source | None:
    """The source with this id, if it was not removed."""
    row = session.get(SourceRow, source_id)
    return _source(row) if row else None


def remove(session: Session, source_id: str) -> None:
    """Forget a source; what it brought stays."""
    directory_names.forget(session, source_id)
    session.execute(delete(SourceRow).where(SourceRow.id == source_id))


def ask_test(session: Session, source_id: str, person_id: str) -> None:
    """Have somebody see what a source answers now; when it is read next does not change."""
    _row(session, source_id).asked_by = person_id
    session.flush()


def ask_reading(session: Session, source_id: str, now: datetime) -> None:
    """Have a source read before its time."""
    _row(session, source_id).due = now
    session.flush()


def _row(session: Session, source_id: str) -> SourceRow:
    row = session.get(SourceRow, source_id)
    if row is None:
        raise Refused("This source was removed meanwhile.")
    return row


# Reading -------------------------------------------------------------------------


def take_due(session: Session, now: datetime, real_now: datetime) -> Source | None:
    """Take a source that somebody tests, else the one to be read the longest, for as long as a reading may last."""
    row = session.scalar(_DUE, {"now": now, "real_now": real_now})
    if row is None:
        return None
    row.leased_until = real_now + LEASE
    session.flush()
    return _source(row)


def was_read(session: Session, source: Source, now: datetime, problem: Sentence | None) -> None:
    """Note what came of a reading; a source that was changed meanwhile is read again, one that failed tried sooner."""
    if row := _given_back(session, source):
        due = now + _patience(row, now) if problem else _next(session, row, now)
        row.read_at, row.problem = now, _written(problem)
        if _endpoint(row) == source.plan.endpoint:
            row.due = due
        session.flush()


def _next(session: Session, row: SourceRow, now: datetime) -> datetime:
    """When a source is read next that was read now: people at night, where whoever named it is."""
    if _endpoint(row).brings is not Brings.PEOPLE:
        return now + APART[Every(row.every)]
    by = people.get(session, row.added_by)
    return next_night(now, by.tz if by else "UTC")


def _patience(row: SourceRow, now: datetime) -> timedelta:
    """How long to wait after a failure: an hour, then twice as long as the last time, never longer than usual."""
    last = now - row.read_at if row.problem and row.read_at else timedelta(0)
    return min(APART[Every(row.every)], max(TRIED_AGAIN, 2 * last))


def was_tested(session: Session, source: Source, rows: Sequence[Row], fault: Sentence | None) -> None:
    """Note what came of a test; one that was asked for meanwhile is still to come."""
    if row := _given_back(session, source):
        row.sample, row.fault = [asdict(one) for one in rows[:SAMPLE]], _written(fault)
        if row.asked_by == source.asked_by and _endpoint(row) == source.plan.endpoint:
            row.asked_by = ""
        session.flush()


def _given_back(session: Session, source: Source) -> SourceRow | None:
    """The row, free for the next reader, unless it was removed meanwhile."""
    row = session.get(SourceRow, source.id, with_for_update=True)
    if row is not None:
        row.leased_until = None
    return row


def brought_new(session: Session, source_id: str, now: datetime) -> None:
    """Note that values came which were not known."""
    session.execute(update(SourceRow).where(SourceRow.id == source_id).values(new_at=now))


def is_news(session: Session, source_id: str, digest: str, now: datetime) -> bool:
    """Whether HR was not asked about just this within a day; now they are."""
    row = _row(session, source_id)
    if row.offered == digest and row.offered_at and now - row.offered_at < ASKED_AGAIN:
        return False
    row.offered, row.offered_at = digest, now
    session.flush()
    return True


def forget_test(session: Session, source_id: str) -> None:
    """A test was shown: what came of it is not kept."""
    session.execute(update(SourceRow).where(SourceRow.id == source_id).values(sample=[], fault=None))


def _written(problem: Sentence | None) -> dict[str, Any] | None:
    if problem is None:
        return None
    facts = {name: _written(fact) if isinstance(fact, Sentence) else fact for name, fact in problem.facts.items()}
    return {"text": problem.text, "facts": facts}


def _read(problem: dict[str, Any] | None) -> Sentence | None:
    if problem is None:
        return None
    facts = {name: _read(fact) if isinstance(fact, dict) else fact for name, fact in problem["facts"].items()}
    return Sentence(problem["text"], facts)


def _endpoint(row: SourceRow) -> Endpoint:
    return Endpoint(**{**row.endpoint, "brings": Brings(row.endpoint.get("brings", Brings.VALUES))})


def _source(row: SourceRow) -> Source:
    plan = Plan(row.name, _endpoint(row), Every(row.every), row.fresh_days, row.by_itself)
    sample: tuple[Row, ...] = tuple((DirectoryRow if plan.people else ActualRow)(**one) for one in row.sample)
    return Source(
        row.id,
        plan,
        row.added_by,
        row.added_at,
        row.read_at,
        row.new_at,
        _read(row.problem),
        sample,
        _read(row.fault),
        row.asked_by,
    )
