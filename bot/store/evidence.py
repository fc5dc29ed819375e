"""Evidence of people's work: kudos, feedback at any time, saved messages. One table, read by person or by author."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.evidence import Evidence, Kind
from bot.domain.refusal import Refused
from bot.store.db import Base, touched
from bot.store.private import PrivateDict


class EvidenceRow(Base):
    """One thing that somebody said of somebody's work."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_about", "about_id", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    about_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    words: Mapped[PrivateDict]
    shared: Mapped[bool] = mapped_column(default=False)
    thanked: Mapped[bool] = mapped_column(default=False)


def _evidence(row: EvidenceRow) -> Evidence:
    return Evidence(
        row.id, Kind(row.kind), row.author_id, row.about_id, row.at, dict(row.words), row.shared, row.thanked
    )


def keep(
    session: Session, kind: Kind, author_id: str, about_id: str, words: Mapping[str, str], at: datetime
) -> Evidence:
    """Keep what somebody said of somebody's work."""
    said = {name: text for name, text in words.items() if text}
    row = EvidenceRow(
        id=secrets.token_hex(6), kind=kind.value, author_id=author_id, about_id=about_id, at=at, words=said
    )
    session.add(row)
    session.flush()
    return _evidence(row)


def get(session: Session, evidence_id: str) -> Evidence:
    """One piece of evidence; what is not there any more is refused."""
    row = session.get(EvidenceRow, evidence_id, populate_existing=True)
    if row is None:
        raise Refused("This is not kept any more.")
    return _evidence(row)


def known_to(session: Session, reader_id: str) -> list[Evidence]:
    """All that somebody wrote or that is about them, oldest first."""
    theirs = or_(EvidenceRow.about_id == reader_id, EvidenceRow.author_id == reader_id)
    found = session.scalars(select(EvidenceRow).where(theirs).order_by(EvidenceRow.at, EvidenceRow.id))
    return [_evidence(row) for row in found]


def for_review(session: Session, about_id: str, reader_id: str, since: datetime) -> list[Evidence]:
    """What may stand beside a review of somebody: for themself all, for others what they shared; oldest first.

    A reader also sees what they wrote themself.
    """
    seen = or_(EvidenceRow.shared, EvidenceRow.author_id == reader_id, EvidenceRow.about_id == reader_id)
    about = select(EvidenceRow).where(EvidenceRow.about_id == about_id, EvidenceRow.at >= since, seen)
    return [_evidence(row) for row in session.scalars(about.order_by(EvidenceRow.at, EvidenceRow.id))]


def shared_about(session: Session, person_ids: Collection[str], since: datetime) -> dict[str, int]:
    """How many things people have shared with their managers since a moment, by person."""
    shared = select(EvidenceRow.about_id, func.count()).where(
        EvidenceRow.about_id.in_(person_ids), EvidenceRow.at >= since, EvidenceRow.shared
    )
    return {row[0]: row[1] for row in session.execute(shared.group_by(EvidenceRow.about_id))}


def share(session: Session, evidence_id: str, *, shared: bool) -> None:
    """Let the manager of whom it is about read it, or no more."""
    session.execute(update(EvidenceRow).where(EvidenceRow.id == evidence_id).values(shared=shared))


def remove(session: Session, evidence_id: str) -> None:
    """Forget a message that was saved."""
    session.execute(delete(EvidenceRow).where(EvidenceRow.id == evidence_id))


def thank(session: Session, evidence_id: str) -> bool:
    """Note that the receiver said thanks; True the first time only."""
    unthanked = update(EvidenceRow).where(EvidenceRow.id == evidence_id, EvidenceRow.thanked.is_(False))
    return touched(session, unthanked.values(thanked=True)) == 1


def count_about(session: Session, person_id: str) -> int:
    """How many are about somebody, or by them."""
    return len(known_to(session, person_id))
