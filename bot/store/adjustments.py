"""Proposed additions, deductions, red lines and exemptions, and what became of them."""

import secrets
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.adjustment import Kind, Proposal, State
from bot.domain.refusal import Refused
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private

_WAITING = text("state = 'waiting'")


class AdjustmentRow(Base):
    """One proposal."""

    __tablename__ = "adjustments"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "person_id"], ["participants.cycle_id", "participants.person_id"]),
        Index("ix_adjustments_taker", "cycle_id", "person_id"),
        Index("ix_adjustments_waiting", "at", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    cycle_id: Mapped[str]
    person_id: Mapped[str]
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    points: Mapped[Decimal | None]
    ceiling: Mapped[str]
    goal: Mapped[str]
    reason: Mapped[Private]
    evidence: Mapped[Private]
    state: Mapped[str]
    decided_by: Mapped[str]
    word: Mapped[Private]


def keep(session: Session, one: Proposal) -> Proposal:
    """Keep a new proposal."""
    kept = replace(one, id=secrets.token_hex(4))
    insert_new(session, AdjustmentRow, {**asdict(kept), "kind": kept.kind.value, "state": kept.state.value})
    return kept


def get(session: Session, proposal_id: str) -> Proposal:
    """The proposal with this id; one that does not exist is refused."""
    row = session.get(AdjustmentRow, proposal_id, populate_existing=True)
    if row is None:
        raise Refused("This was decided or withdrawn meanwhile.")
    return _proposal(row)


def settle(session: Session, one: Proposal, state: State, *, by: str, word: str = "") -> Proposal:
    """Approve, refuse or withdraw it, once."""
    waiting = update(AdjustmentRow).where(AdjustmentRow.id == one.id, AdjustmentRow.state == State.WAITING.value)
    if not touched(session, waiting.values(state=state.value, decided_by=by, word=word)):
        raise Refused("This was decided or withdrawn meanwhile.")
    return replace(one, state=state, decided_by=by, word=word)


def waiting(session: Session) -> list[Proposal]:
    """What waits for HR, the oldest first."""
    rows = select(AdjustmentRow).where(_WAITING).order_by(AdjustmentRow.at, AdjustmentRow.id)
    return [_proposal(row) for row in session.scalars(rows)]


def approved(session: Session, cycle_id: str, of: Collection[str] | None) -> dict[str, list[Proposal]]:
    """What counts in a cycle for these people, or for everybody, by person, the oldest first; in one query."""
    rows = select(AdjustmentRow).where(AdjustmentRow.cycle_id == cycle_id, AdjustmentRow.state == State.APPROVED.value)
    if of is not None:
        rows = rows.where(AdjustmentRow.person_id.in_(of))
    found: dict[str, list[Proposal]] = {}
    for row in session.scalars(rows.order_by(AdjustmentRow.at, AdjustmentRow.id)):
        found.setdefault(row.person_id, []).append(_proposal(row))
    return found


def _proposal(row: Any) -> Proposal:
    return Proposal(
        row.id,
        row.cycle_id,
        row.person_id,
        Kind(row.kind),
        row.by,
        row.at,
        row.points,
        row.ceiling,
        row.goal,
        row.reason,
        row.evidence,
        State(row.state),
        row.decided_by,
        row.word,
    )
