"""What was opened of the confidential answers at the close: once, shuffled, under fresh random ids.

These tables have no author, no time and no sequence, as the sealed ones; SQLite keeps them without row numbers.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import LargeBinary, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.anonymity import Shown, precision
from bot.domain.feedback import Opened, Said
from bot.store.db import Base


class GroupRow(Base):
    """One group of one round: how many were asked and answered."""

    __tablename__ = "released_groups"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    ratee_id: Mapped[str] = mapped_column(primary_key=True)
    relation: Mapped[str] = mapped_column(primary_key=True)
    invited: Mapped[int]
    n: Mapped[int]


class TopicRow(Base):
    """The mean of one topic in one group."""

    __tablename__ = "released_topics"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    ratee_id: Mapped[str] = mapped_column(primary_key=True)
    relation: Mapped[str] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    mean: Mapped[Decimal]


class MeanRow(Base):
    """The mean over all topics of one colleague who has no name here."""

    __tablename__ = "released_means"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    cycle_id: Mapped[str]
    ratee_id: Mapped[str] = mapped_column(index=True)
    relation: Mapped[str]
    mean: Mapped[Decimal]


class SentenceRow(Base):
    """One sentence, under the question it answers."""

    __tablename__ = "released_sentences"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    cycle_id: Mapped[str]
    ratee_id: Mapped[str] = mapped_column(index=True)
    relation: Mapped[str]
    question: Mapped[str]
    sentence: Mapped[str]


@dataclass(frozen=True)
class TopicSummary:
    """One topic as precisely as may be shown; n is 0 where nothing may."""

    topic_id: str
    n: int
    shown: Shown | None


@dataclass(frozen=True)
class GroupSummary:
    """One group: how many were asked and answered, one mean per colleague without names, topics, sentences."""

    group: str
    invited: int
    n: int
    ratings: tuple[Decimal, ...]
    topics: tuple[TopicSummary, ...]
    said: tuple[Said, ...] = field(repr=False)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence, whatever it answers."""
        return tuple(one.sentence for one in self.said)


def release(session: Session, cycle_id: str, ratee_id: str, relation: str, invited: int, opened: Opened) -> None:
    """Write what was opened of one group."""
    where = {"cycle_id": cycle_id, "ratee_id": ratee_id, "relation": relation}
    session.execute(insert(GroupRow).values(**where, invited=invited, n=opened.n))
    topics = ({"topic_id": one.topic_id, "n": one.n, "mean": one.mean} for one in opened.topics)
    _insert(session, TopicRow, ({**where, **one} for one in topics))
    _insert(session, MeanRow, ({**where, "id": secrets.token_bytes(16), "mean": one} for one in opened.means))
    said = ({"question": one.question, "sentence": one.sentence} for one in opened.said)
    _insert(session, SentenceRow, ({**where, "id": secrets.token_bytes(16), **one} for one in said))


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert in the given order, which is a shuffled one."""
    if values := list(rows):
        session.execute(insert(table), values)


def summary(session: Session, cycle_id: str, ratee_id: str) -> tuple[GroupSummary, ...]:
    """What may be shown of the answers on somebody: nothing before the close, and no group below its threshold."""
    where = {"cycle_id": cycle_id, "ratee_id": ratee_id}
    groups = session.scalars(select(GroupRow).filter_by(**where).order_by(GroupRow.relation)).all()
    return tuple(_summary(session, row, {**where, "relation": row.relation}) for row in groups)


def _summary(session: Session, row: GroupRow, where: dict[str, str]) -> GroupSummary:
    topics = session.scalars(select(TopicRow).filter_by(**where).order_by(TopicRow.topic_id))
    means = session.scalars(select(MeanRow).filter_by(**where).order_by(MeanRow.id))
    said = session.scalars(select(SentenceRow).filter_by(**where).order_by(SentenceRow.id))
    return GroupSummary(
        group=row.relation,
        invited=row.invited,
        n=row.n,
        ratings=tuple(one.mean for one in means),
        topics=tuple(TopicSummary(one.topic_id, one.n, precision(one.n, one.mean)) for one in topics),
        said=tuple(Said(one.question, one.sentence) for one in said),
    )
