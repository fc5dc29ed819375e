"""What was opened of the confidential answers at the close: once, shuffled, under fresh random ids.

These tables have no author, no time and no sequence, as the sealed ones; SQLite keeps them without row numbers. Only
this module reads them. `relation` is a group, or several that were too small alone and were opened together, the
largest first: `peer+upward`.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.anonymity import Shown, precision
from bot.domain.composite import differ
from bot.domain.feedback import Judged, Opened, Said
from bot.domain.nomination import COUNTING
from bot.store.db import Base
from bot.store.in_bulk import insert_rows
from bot.store.private import PrivateText


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
    sentence: Mapped[str] = mapped_column(PrivateText(of=("cycle_id", "ratee_id", "relation", "question")))


class LevelRow(Base):
    """The level of one goal that colleagues found right."""

    __tablename__ = "released_levels"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    ratee_id: Mapped[str] = mapped_column(primary_key=True)
    relation: Mapped[str] = mapped_column(primary_key=True)
    goal_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    level: Mapped[Decimal]


JOINED = "+"
FEWEST_APART = 5
"""Ratings from which it is told that they differ: as with a number, below which only a band is."""


@dataclass(frozen=True)
class Release:
    """What was opened about somebody of one group, or of several together, and of how many who were invited."""

    ratee_id: str
    groups: Sequence[str]
    invited: int
    opened: Opened


@dataclass(frozen=True)
class TopicSummary:
    """One topic as precisely as may be shown; n is 0 where nothing may."""

    topic_id: str
    n: int
    shown: Shown | None


@dataclass(frozen=True)
class GroupSummary:
    """One group, or several together: how many were asked and answered, one mean per colleague, topics, sentences."""

    group: str
    invited: int
    n: int
    ratings: tuple[Decimal, ...]
    topics: tuple[TopicSummary, ...]
    said: tuple[Said, ...] = field(repr=False)

    @property
    def together(self) -> bool:
        """Whether groups that could not be shown alone are mixed here."""
        return JOINED in self.group

    @property
    def uncounted(self) -> bool:
        """Whether it would count in a result, had more of them rated."""
        return not self.ratings and self.group.partition(JOINED)[0] in COUNTING

    @property
    def differ(self) -> bool:
        """Whether enough people rated to say that they see it differently, and wrote what can be read instead."""
        return len(self.ratings) >= FEWEST_APART and bool(self.said) and differ(self.ratings)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence, whatever it answers."""
        return tuple(one.sentence for one in self.said)


def release(session: Session, cycle_id: str, some: Iterable[Release]) -> None:
    """Write what was opened, of however many people."""
    kept = [
        ({"cycle_id": cycle_id, "ratee_id": one.ratee_id, "relation": JOINED.join(one.groups)}, one) for one in some
    ]
    _insert(session, GroupRow, ({**where, "invited": one.invited, "n": one.opened.n} for where, one in kept))
    topics = ((where, topic) for where, one in kept for topic in one.opened.topics)
    _insert(
        session, TopicRow, ({**where, "topic_id": one.topic_id, "n": one.n, "mean": one.mean} for where, one in topics)
    )
    judged = ((where, each) for where, one in kept for each in one.opened.judged)
    _insert(
        session, LevelRow, ({**where, "goal_id": one.goal_id, "n": one.n, "level": one.level} for where, one in judged)
    )
    means = ({**where, "mean": mean} for where, one in kept for mean in one.opened.means)
    _insert(session, MeanRow, ({**mean, "id": secrets.token_bytes(16)} for mean in means))
    said = ((where, each) for where, one in kept for each in one.opened.said)
    words = ({**where, "question": each.question, "sentence": each.sentence} for where, each in said)
    _insert(session, SentenceRow, ({**each, "id": secrets.token_bytes(16)} for each in words))


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert in the given order, which is a shuffled one."""
    insert_rows(session, table, list(rows))


def summary(session: Session, cycle_id: str, ratee_id: str) -> tuple[GroupSummary, ...]:
    """What may be shown of the answers on somebody: nothing before the close, and no group below its threshold."""
    where = {"cycle_id": cycle_id, "ratee_id": ratee_id}
    groups = session.scalars(select(GroupRow).filter_by(**where).order_by(GroupRow.relation)).all()
    return tuple(_summary(session, row, {**where, "relation": row.relation}) for row in groups)


def ratings(
    session: Session, cycle_id: str, of: Collection[str] | None = None
) -> Mapping[str, Mapping[str, tuple[Decimal, ...]]]:
    """One mean for each colleague without a name, by ratee and group, for many people in one query.

    What was opened together counts in the largest group of it, as people do who are put together before the asking.
    """
    rows = select(MeanRow.ratee_id, MeanRow.relation, MeanRow.mean).where(MeanRow.cycle_id == cycle_id)
    if of is not None:
        rows = rows.where(MeanRow.ratee_id.in_(of))
    found: dict[str, dict[str, tuple[Decimal, ...]]] = {}
    for ratee_id, relation, mean in session.execute(rows.order_by(MeanRow.id)):
        groups, group = found.setdefault(ratee_id, {}), relation.partition(JOINED)[0]
        groups[group] = (*groups.get(group, ()), mean)
    return found


def levels(session: Session, cycle_id: str, of: Collection[str] | None = None) -> Mapping[str, Mapping[str, Judged]]:
    """The levels that colleagues found right, by ratee and goal, for many people in one query."""
    rows = select(LevelRow).where(LevelRow.cycle_id == cycle_id)
    found: dict[str, dict[str, Judged]] = {}
    for row in session.scalars(rows if of is None else rows.where(LevelRow.ratee_id.in_(of))):
        found.setdefault(row.ratee_id, {})[row.goal_id] = Judged(row.goal_id, row.n, row.level)
    return found


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
