"""What stood before: each result that another one took the place of, as it was. Rows only come."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base
from bot.store.private import Private, PrivateDict

if TYPE_CHECKING:
    from bot.store.results import ResultRow


class VersionRow(Base):
    """One result that was released and then replaced, the nth of its person; `words` are what they said to it."""

    __tablename__ = "result_versions"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[PrivateDict]
    words: Mapped[Private]
    replaced_at: Mapped[datetime]
    because: Mapped[Private]
    ref: Mapped[str]


@dataclass(frozen=True)
class Version:
    """A result that stood once: as it would be exported, why it was replaced, and what by (`ref`)."""

    person_id: str
    n: int
    document: dict[str, Any] = field(repr=False)
    replaced_at: datetime
    because: str
    ref: str

    @property
    def score(self) -> Decimal | None:
        """The number that stood."""
        return None if self.document["score"] is None else Decimal(self.document["score"])

    @property
    def band(self) -> str | None:
        """The grade that stood."""
        band: str | None = self.document["band"]
        return band


def document(row: "ResultRow") -> dict[str, Any]:
    """A result as plain JSON, without the person and without what they wrote."""
    moments = {moment: getattr(row, moment) for moment in ("computed_at", "released_at", "opened_at", "answered_at")}
    return {
        "rated": row.rated,
        "score": None if row.score is None else str(row.score),
        "band": row.band,
        "formula_band": row.formula_band,
        "near": None if row.near is None else str(row.near),
        "reasons": row.reasons,
        "rules_version": row.rules_version,
        "rules_hash": row.rules_hash,
        "rules": row.rules,
        "inputs": row.inputs,
        "tree": row.tree,
        "answer": row.answer,
        "released_by": row.released_by,
        **{moment: at.isoformat() if at else None for moment, at in moments.items()},
    }


def keep(session: Session, rows: Iterable["ResultRow"], because: str, ref: str, at: datetime) -> None:
    """Keep results as they stand; whoever replaces them has locked their rows."""
    for row in rows:
        one = {"cycle_id": row.cycle_id, "person_id": row.person_id}
        newest = session.scalar(select(func.max(VersionRow.n)).filter_by(**one)) or 0
        kept = {"document": document(row), "words": row.words, "replaced_at": at, "because": because, "ref": ref}
        session.add(VersionRow(**one, n=newest + 1, **kept))
    session.flush()


def of(session: Session, cycle_id: str, person_ids: Collection[str] | None = None) -> dict[str, list[Version]]:
    """What stood before in a cycle, of these people or of everybody, by person, the oldest first; in one query."""
    rows = select(VersionRow).where(VersionRow.cycle_id == cycle_id).order_by(VersionRow.person_id, VersionRow.n)
    found: dict[str, list[Version]] = {}
    for row in session.scalars(rows if person_ids is None else rows.where(VersionRow.person_id.in_(person_ids))):
        one = Version(row.person_id, row.n, row.document, row.replaced_at, row.because, row.ref)
        found.setdefault(row.person_id, []).append(one)
    return found
