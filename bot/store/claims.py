"""Values reported by hand that wait for the other's word, and what became of them."""

import secrets
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.claim import Claim, ClaimState
from bot.domain.refusal import Refused
from bot.store.db import Base, touched


class ClaimRow(Base):
    """One reported value; it is written to the actual values when it is confirmed."""

    __tablename__ = "claims"
    __table_args__ = (Index("ix_claims_asked_state", "asked", "state"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    cycle_id: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[str] = mapped_column(index=True)
    kpi: Mapped[str]
    title: Mapped[str]
    period: Mapped[str]
    value: Mapped[Decimal]
    unit: Mapped[str]
    evidence: Mapped[str]
    by: Mapped[str]
    asked: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[str]


def keep(session: Session, claim: Claim) -> Claim:
    """Keep a new claim; one of the same value that waits already has to be answered or withdrawn first."""
    same = select(ClaimRow.id).filter_by(
        cycle_id=claim.cycle_id, person_id=claim.person_id, kpi=claim.kpi, period=claim.period
    )
    if session.scalar(same.where(ClaimRow.state == ClaimState.WAITING.value)):
        raise Refused("This value was reported already and waits to be confirmed.", field="goal")
    kept = replace(claim, id=secrets.token_hex(4))
    session.add(ClaimRow(**asdict(kept)))
    session.flush()
    return kept


def get(session: Session, claim_id: str) -> Claim:
    """The claim with this id; one that does not exist is refused."""
    row = session.get(ClaimRow, claim_id)
    if row is None:
        raise Refused("This value does not exist any more.")
    return _claim(row)


def waiting_for(session: Session, person_id: str) -> list[Claim]:
    """What somebody is asked to confirm, the oldest first."""
    rows = select(ClaimRow).filter_by(asked=person_id, state=ClaimState.WAITING.value)
    return [_claim(row) for row in session.scalars(rows.order_by(ClaimRow.at, ClaimRow.id))]


def settle(session: Session, claim: Claim, state: ClaimState, reason: str = "") -> Claim:
    """Confirm, dispute or withdraw a claim, once."""
    waiting = update(ClaimRow).where(ClaimRow.id == claim.id, ClaimRow.state == ClaimState.WAITING.value)
    if not touched(session, waiting.values(state=state.value, reason=reason)):
        raise Refused("This value was confirmed, disputed or withdrawn meanwhile.")
    return replace(claim, state=state, reason=reason)


def _claim(row: ClaimRow) -> Claim:
    return Claim(
        row.id,
        row.cycle_id,
        row.person_id,
        row.kpi,
        row.title,
        row.period,
        row.value,
        row.unit,
        row.evidence,
        row.by,
        row.asked,
        row.at,
        ClaimState(row.state),
        row.reason,
    )
