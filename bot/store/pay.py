"""Pay bases of a cycle: from a file at the terminal, for the pool alone; nothing shows them in Slack.

Whether the pool is split by department, and by which factors, finance chooses; factors are no amounts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.pay import Base as PayBase
from bot.store.db import Base, keep_row


class PayBaseRow(Base):
    """What one person's share and raise are reckoned from."""

    __tablename__ = "pay_bases"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    target: Mapped[Decimal]
    salary: Mapped[Decimal | None]
    midpoint: Mapped[Decimal | None]


class PayTermsRow(Base):
    """How much there is for all together, and when the file was taken."""

    __tablename__ = "pay_terms"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    total: Mapped[Decimal | None]
    budget: Mapped[Decimal | None]
    at: Mapped[datetime]


class PoolSplitRow(Base):
    """The factor of a department's result, where each department of a cycle has a pool of its own."""

    __tablename__ = "pool_splits"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    factor: Mapped[Decimal]


@dataclass(frozen=True)
class PayTerms:
    """The pool's total (without one, the sum of targets), and the budget of raises in percent (without one, none)."""

    total: Decimal | None = field(default=None, repr=False)
    budget: Decimal | None = None


def bases(session: Session, cycle_id: str) -> dict[str, PayBase]:
    """The pay bases of a cycle, by person."""
    rows = session.scalars(select(PayBaseRow).where(PayBaseRow.cycle_id == cycle_id).order_by(PayBaseRow.person_id))
    return {row.person_id: PayBase(row.person_id, row.target, row.salary, row.midpoint) for row in rows}


def terms(session: Session, cycle_id: str) -> PayTerms:
    """How much there is for all together."""
    row = session.get(PayTermsRow, cycle_id, populate_existing=True)
    return PayTerms(row.total, row.budget) if row else PayTerms()


def replace(session: Session, cycle_id: str, new: Sequence[PayBase], of_all: PayTerms, at: datetime) -> None:
    """Have these bases and no others: a file is whole."""
    session.execute(delete(PayBaseRow).where(PayBaseRow.cycle_id == cycle_id))
    if new:
        session.execute(insert(PayBaseRow), [{"cycle_id": cycle_id, **asdict(one)} for one in new])
    keep_row(session, PayTermsRow, {"cycle_id": cycle_id, "total": of_all.total, "budget": of_all.budget, "at": at})


def split(session: Session, cycle_id: str) -> dict[str, Decimal] | None:
    """The factors of departments, by name; None where there is one pool for all."""
    rows = session.scalars(select(PoolSplitRow).where(PoolSplitRow.cycle_id == cycle_id))
    return {row.department: row.factor for row in rows} or None


def keep_split(session: Session, cycle_id: str, factors: Mapping[str, Decimal]) -> None:
    """Have each of these departments share a pool of its own; without any there is one for all."""
    others = PoolSplitRow.cycle_id == cycle_id, PoolSplitRow.department.not_in(factors)
    session.execute(delete(PoolSplitRow).where(*others))
    for department, factor in sorted(factors.items()):
        keep_row(session, PoolSplitRow, {"cycle_id": cycle_id, "department": department, "factor": factor})
