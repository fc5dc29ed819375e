"""Values reported by hand that wait for the other's word, and what became of them."""

import secrets
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, and_, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.claim import Claim, ClaimState
from bot.domain.refusal import Refused
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private

_WAITING = text("state = 'waiting'")


class ClaimRow(Base):
    """One reported value; it is written to the actual values when it is confirmed. Of each value, one waits."""

    __tablename__ = "claims"
    __table_args__ = (
        Index(
            "ix_claims_waiting", "person_id", "cycle_id", "kpi", "period",
            unique=True, postgresql_where=_WAITING, sqlite_where=_WAITING,
        ),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(primary_key=True)
    cycle_id: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[str] = mapped_column(index=True)
    kpi: Mapped[str]
    title: Mapped[Private]
    period: Mapped[str]
    value: Mapped[Decimal]
    unit: Mapped[str]
    evidence: Mapped[Private]
    by: Mapped[str]
    asked: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[Private]


def keep(session: Session, claim: Claim) -> Claim:
    """Keep a new claim; one of the same value that waits already has to be answered or withdrawn first."""
    kept = replace(claim, id=secrets.token_hex(4))
    if not insert_new(session, ClaimRow, {**asdict(kept), "state": kept.state.value}):
        raise Refused("This value was reported already and waits to be confirmed.", field="period")
    return kept


def get(session: Session, claim_id: str) -> Claim:
    """The claim with this id; one that does not exist is refused."""
    row = session.get(ClaimRow, claim_id)
    if row is None:
        raise Refused("This value does not exist any more.")
    return _claim(row)


def waiting_for(session: Session, person_id: str, reports: Collection[str]) -> list[Claim]:
    """What somebody who has these reports is to confirm, whoever was asked, the oldest first."""
    of_theirs = and_(ClaimRow.person_id.in_(reports), ClaimRow.by == ClaimRow.person_id)
    of_mine = and_(ClaimRow.person_id == person_id, ClaimRow.by != person_id)
    rows = select(ClaimRow).where(_WAITING, or_(of_theirs, of_mine)).order_by(ClaimRow.at, ClaimRow.id)
    return [_claim(row) for row in session.scalars(rows)]


def disputed(session: Session, cycle_id: str, of: Collection[str] | None = None) -> dict[str, frozenset[str]]:
    """The measures of which the newest value that was reported by hand is disputed, by person; in one query."""
    rows = select(ClaimRow.person_id, ClaimRow.kpi, ClaimRow.state).where(ClaimRow.cycle_id == cycle_id)
    wanted = rows if of is None else rows.where(ClaimRow.person_id.in_(of))
    newest = {(row.person_id, row.kpi): row.state for row in session.execute(wanted.order_by(ClaimRow.at, ClaimRow.id))}
    found: dict[str, set[str]] = {}
    for (person_id, kpi), state in newest.items():
        if state == ClaimState.DISPUTED:
            found.setdefault(person_id, set()).add(kpi)
    return {person_id: frozenset(kpis) for person_id, kpis in found.items()}


def count_about(session: Session, person_id: str) -> int:
    """How many values were reported by hand for somebody's goals."""
    return session.scalar(select(func.count()).where(ClaimRow.person_id == person_id)) or 0


def ask(session: Session, claim: Claim, person_id: str) -> Claim:
    """Another one is to confirm a claim that waits."""
    waiting = update(ClaimRow).where(ClaimRow.id == claim.id, ClaimRow.state == ClaimState.WAITING.value)
    if not touched(session, waiting.values(asked=person_id)):
        raise Refused("This value was confirmed, disputed or withdrawn meanwhile.")
    return replace(claim, asked=person_id)


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
