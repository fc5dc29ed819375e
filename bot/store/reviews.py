"""Reviews: one of each kind for a person in a cycle, kept as a draft at every step and frozen when sent."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.domain.review import Kind, Review, State
from bot.store.db import Base, touched


class ReviewRow(Base):
    """One review; `levels` are decimals written out."""

    __tablename__ = "reviews"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]
    competencies: Mapped[dict[str, Any]]
    levels: Mapped[dict[str, Any]]
    overall: Mapped[str] = mapped_column(default="")
    notes: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime | None]


def _review(row: ReviewRow) -> Review:
    return Review(
        row.cycle_id,
        row.person_id,
        row.author_id,
        Kind(row.kind),
        State(row.state),
        dict(row.competencies),
        {goal_id: Decimal(level) for goal_id, level in row.levels.items()},
        row.overall or None,
        dict(row.notes),
        row.sent_at,
    )


def get(session: Session, cycle_id: str, person_id: str, kind: Kind) -> Review | None:
    """A review, draft or sent; None when nobody has begun it."""
    row = session.get(ReviewRow, (cycle_id, person_id, kind.value), populate_existing=True)
    return _review(row) if row else None


def self_review(session: Session, cycle_id: str, person_id: str) -> Review | None:
    """What a person says of their own work. Only a `sent` one is for others to see and to count."""
    return get(session, cycle_id, person_id, Kind.SELF)


def manager_review(session: Session, cycle_id: str, person_id: str) -> Review | None:
    """What the manager says of a person's work. Only a `sent` one counts; the person sees it after the release."""
    return get(session, cycle_id, person_id, Kind.MANAGER)


def in_cycle(session: Session, cycle_id: str, kind: Kind, of: Collection[str] | None = None) -> Mapping[str, Review]:
    """All reviews of a kind in a cycle, or those about these people; drafts too, by the person they are about."""
    rows = select(ReviewRow).where(ReviewRow.cycle_id == cycle_id, ReviewRow.kind == kind.value)
    wanted = rows if of is None else rows.where(ReviewRow.person_id.in_(of))
    return {row.person_id: _review(row) for row in session.scalars(wanted)}


def by_manager(session: Session, cycle_id: str, author_id: str) -> list[Review]:
    """The manager reviews that somebody has written in a cycle, drafts too."""
    rows = session.scalars(select(ReviewRow).filter_by(cycle_id=cycle_id, kind=Kind.MANAGER.value, author_id=author_id))
    return [_review(row) for row in rows]


def keep(session: Session, review: Review) -> None:
    """Keep a draft as it stands; a review that was sent stays as it is and refuses."""
    row = session.get(ReviewRow, (review.cycle_id, review.person_id, review.kind.value), with_for_update=True)
    if row is None:
        row = ReviewRow(cycle_id=review.cycle_id, person_id=review.person_id, kind=review.kind.value)
        session.add(row)
    elif row.state == State.SENT:
        raise Refused("This review has been sent. Reopen it to change it.")
    row.author_id, row.state = review.author_id, State.DRAFT.value
    row.competencies = dict(review.competencies)
    row.levels = {goal_id: str(level) for goal_id, level in review.levels.items()}
    row.overall, row.notes, row.sent_at = review.overall or "", dict(review.notes), None
    session.flush()


def send(session: Session, review: Review, at: datetime) -> None:
    """Freeze a draft: from now on it counts."""
    _move(session, review, State.DRAFT, State.SENT, at)


def reopen(session: Session, review: Review) -> None:
    """Make a sent review a draft again; until it is sent anew it does not count."""
    _move(session, review, State.SENT, State.DRAFT, None)


def _move(session: Session, review: Review, before: State, after: State, at: datetime | None) -> None:
    moved = (
        update(ReviewRow)
        .where(
            ReviewRow.cycle_id == review.cycle_id,
            ReviewRow.person_id == review.person_id,
            ReviewRow.kind == review.kind.value,
            ReviewRow.author_id == review.author_id,
            ReviewRow.state == before.value,
        )
        .values(state=after.value, sent_at=at)
    )
    if not touched(session, moved):
        raise Refused("This review was changed meanwhile. Please open it again.")
