"""The rules of scoring that the company chose, in versions; each cycle keeps those that it was launched with.

A cycle from before the first choice, and one that nobody launched yet, goes by the rules that come with Cairn.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.domain.score_choice import choices_of, from_choices
from bot.domain.score_rules import RULES, ScoreRules
from bot.store.cycles import CycleRow
from bot.store.db import Base, insert_new


class ScoreRulesRow(Base):
    """One version, never changed: where grades begin and how much counts at most."""

    __tablename__ = "score_rules"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choices: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]


def _newest(session: Session) -> ScoreRulesRow | None:
    return session.scalars(select(ScoreRulesRow).order_by(ScoreRulesRow.version.desc()).limit(1)).first()


def newest(session: Session) -> ScoreRules:
    """What the next cycle would be launched with."""
    row = _newest(session)
    return from_choices(row.choices) if row else RULES


def keep(session: Session, rules: ScoreRules, at: datetime) -> None:
    """Keep another version, for cycles from now on."""
    before = _newest(session)
    version = before.version + 1 if before else 1
    if not insert_new(session, ScoreRulesRow, {"version": version, "choices": choices_of(rules), "kept_at": at}):
        raise Refused("This was decided meanwhile. Please look at it again.")


def freeze(session: Session, cycle_id: str) -> None:
    """Have a cycle keep the version that stands now, if there is one."""
    if now := _newest(session):
        session.execute(update(CycleRow).where(CycleRow.id == cycle_id).values(score_rules=now.choices))
