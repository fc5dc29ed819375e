"""What follows from a result: published versions, and the one that each cycle was launched with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.outcomes import Terms, terms_from_json, terms_to_json
from bot.domain.refusal import Refused
from bot.domain.template import Text
from bot.store.db import Base, insert_new


class RulesRow(Base):
    """One published version, never changed."""

    __tablename__ = "outcome_rules"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    en: Mapped[str]
    zh: Mapped[str]
    published_by: Mapped[str]
    published_at: Mapped[datetime]
    terms: Mapped[dict[str, Any] | None]


class CycleRulesRow(Base):
    """The version that a cycle was launched with."""

    __tablename__ = "cycle_outcome_rules"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    version: Mapped[int] = mapped_column(ForeignKey("outcome_rules.version"))


@dataclass(frozen=True)
class Rules:
    """A published version of the rules; early ones are words alone, and have no terms that propose anything."""

    version: int
    text: Text
    published_at: datetime
    terms: Terms | None = None


def newest(session: Session) -> Rules | None:
    """The version that was published last."""
    row = session.scalars(select(RulesRow).order_by(RulesRow.version.desc()).limit(1)).first()
    return _rules(row) if row else None


def publish(session: Session, text: Text, terms: Terms | None = None, *, by: str, at: datetime) -> Rules:
    """Publish a new version; the same text and terms again are the version that stands."""
    before = newest(session)
    if before and (before.text, before.terms) == (text, terms):
        return before
    version = before.version + 1 if before else 1
    kept = {"version": version, "en": text.en, "zh": text.zh, "published_by": by, "published_at": at}
    kept |= {"terms": terms_to_json(terms) if terms else None}
    if not insert_new(session, RulesRow, kept):
        raise Refused("Somebody else published a version meanwhile. Please read it first.", field="en")
    return Rules(version, text, at, terms)


def freeze(session: Session, cycle_id: str) -> None:
    """Have a cycle keep the version that stands now, if there is one."""
    if now := newest(session):
        session.merge(CycleRulesRow(cycle_id=cycle_id, version=now.version))
        session.flush()


def of_cycle(session: Session, cycle_id: str) -> Rules | None:
    """The version that a cycle was launched with."""
    kept = session.get(CycleRulesRow, cycle_id)
    return _rules(session.get_one(RulesRow, kept.version)) if kept else None


def _rules(row: RulesRow) -> Rules:
    terms = terms_from_json(row.terms) if row.terms else None
    return Rules(row.version, Text(row.en, row.zh), row.published_at, terms)
