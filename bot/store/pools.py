"""Bonus pools: a frozen snapshot with its fingerprint, made by one and approved by another.

Amounts are in the snapshot and leave it in a file only; what Slack shows is where it stands, and counts.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Cycle
from bot.domain.fingerprint import fingerprint
from bot.domain.outcomes import Kind
from bot.domain.payout import SHOWN, Entitled, amended, drawn_up, share_served
from bot.domain.refusal import N_, Refused
from bot.store import appeals, cycles, outcomes, pay, people
from bot.store.db import Base, insert_new, touched
from bot.store.export import find_cycle
from bot.store.results import ResultRow

NO_BASES = N_("No pay bases are here yet. Whoever runs the server brings them in: `python -m bot import pay`.")
UNDECIDED = N_("Some coefficients are not decided yet. HR decides them with `/cairn outcomes`.")


class PoolRow(Base):
    """The nth pool of a cycle; only the newest counts."""

    __tablename__ = "pools"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]]
    hash: Mapped[str]
    made_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    approved_by: Mapped[str]
    approved_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Pool:
    """A pool with everybody's line in it, and where it stands."""

    cycle_id: str
    n: int
    document: dict[str, Any] = field(repr=False)
    hash: str
    made_by: str
    made_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None

    @property
    def shown(self) -> str:
        """The beginning of the fingerprint, which stands in the file and not in Slack."""
        return self.hash[:SHOWN]


@dataclass(frozen=True)
class Standing:
    """How far a cycle is on its way to a pool, in counts: nothing here is an amount."""

    graded: int
    with_base: int
    undecided: int
    in_pool: int
    held: int


# Reading ------------------------------------------------------------------------------------


def newest(session: Session, cycle_id: str) -> Pool | None:
    """The pool that counts, if one was made."""
    return _last(session, PoolRow.cycle_id == cycle_id)


def approved(session: Session, cycle_id: str) -> Pool | None:
    """The pool that was approved last, if one was."""
    return _last(session, PoolRow.cycle_id == cycle_id, PoolRow.approved_by != "")


def _last(session: Session, *which: ColumnElement[bool]) -> Pool | None:
    rows = select(PoolRow).where(*which).order_by(PoolRow.n.desc()).limit(1)
    row = session.scalars(rows, execution_options={"populate_existing": True}).first()
    if row is None:
        return None
    by = (row.made_by, row.made_at, row.approved_by, row.approved_at)
    return Pool(row.cycle_id, row.n, row.document, row.hash, *by)


def is_approved(session: Session, cycle_id: str) -> bool:
    """Whether a cycle's pool is approved: what it was made from stays as it is."""
    rows = select(PoolRow.n).where(PoolRow.cycle_id == cycle_id, PoolRow.approved_by != "").limit(1)
    return session.scalar(rows) is not None


def settled(session: Session, cycle_id: str) -> frozenset[str]:
    """Those whose line in an approved pool stands: their grade is still the one that it was made from."""
    base = approved(session, cycle_id)
    before = {line["person"]: line["grade"] for line in base.document["lines"]} if base else {}
    now = outcomes.graded(session, cycle_id, list(before)) if before else {}
    return frozenset(one for one, grade in before.items() if now.get(one, grade) == grade)


def moved(session: Session, cycle_id: str) -> frozenset[str]:
    """Whose line alone is made after a pool was approved: an appeal changed the grade, or it came only then."""
    if not is_approved(session, cycle_id):
        return frozenset()
    found = outcomes.outcomes(session, cycle_id, list(pay.bases(session, cycle_id)))
    return frozenset(one.person_id for one in found if one.has_coefficient) - settled(session, cycle_id)


def check_open(session: Session, cycle_id: str) -> None:
    """Refuse to change what an approved pool was made from."""
    if is_approved(session, cycle_id):
        raise Refused("This pool is approved already. What was approved does not change.")


def on_hold(session: Session, cycle_id: str, person_ids: Collection[str]) -> frozenset[str]:
    """Those of these people whose part waits, because their result is disputed until an appeal is decided."""
    disputed = {one.person_id for one in appeals.in_cycle(session, cycle_id) if one.open}
    return frozenset(disputed.intersection(person_ids))


def standing(session: Session, cycle_id: str) -> Standing:
    """How far a cycle is."""
    found, bases, pool = outcomes.outcomes(session, cycle_id), pay.bases(session, cycle_id), newest(session, cycle_id)
    reckoned = [one for one in found if one.person_id in bases and one.has_coefficient]
    undecided = [one for one in reckoned if one.stands(Kind.COEFFICIENT) is None]
    those = [line["person"] for line in pool.document["lines"]] if pool else []
    held = on_hold(session, cycle_id, those)
    return Standing(len(found), len(reckoned), len(undecided), len(those), len(held))


def cycle_for(session: Session, wanted: str) -> Cycle:
    """The cycle of this name or id; without one the newest with released results."""
    found = find_cycle(session, wanted) if wanted else next(iter(outcomes.released_cycles(session)), None)
    if found is None:
        names = ", ".join(one.name for one in cycles.every(session)) or "–"
        raise Refused("There is no such cycle with released results. Known: {names}.", names=names)
    return found


def takers(session: Session, cycle_id: str) -> dict[str, str]:
    """The ids of who takes part in a cycle, by e-mail in small letters."""
    those = [one.person_id for one in cycles.participants(session, cycle_id)]
    return {one.email.lower(): one.id for one in people.named(session, those).values() if one.email}


def departments(session: Session, cycle_id: str) -> list[str]:
    """The departments that a pool may be split by: those of everybody with a pay base; refused while there is none."""
    bases = pay.bases(session, cycle_id)
    if not bases:
        raise Refused(NO_BASES)
    return sorted({one.department for one in cycles.participants(session, cycle_id, list(bases))})


# Making and approving ---------------------------------------------------------------------------


def make(session: Session, cycle: Cycle, by: str, at: datetime) -> Pool:
    """Draw up a pool from what stands now, and freeze it; after an approved one, only the lines that have moved."""
    if not moved(session, cycle.id):
        check_open(session, cycle.id)
    before = newest(session, cycle.id)
    document = _drawn_up(session, cycle)
    made = Pool(cycle.id, before.n + 1 if before else 1, document, fingerprint(document), by, at)
    row = {"cycle_id": made.cycle_id, "n": made.n, "document": made.document, "hash": made.hash}
    row |= {"made_by": by, "made_at": at, "approved_by": "", "approved_at": None}
    if not insert_new(session, PoolRow, row):
        raise Refused("Somebody else has just made this pool. Please look at it first.")
    return made


def _drawn_up(session: Session, cycle: Cycle) -> dict[str, Any]:
    base, those = approved(session, cycle.id), moved(session, cycle.id)
    if base and not those:
        return base.document
    terms = pay.terms(session, cycle.id)
    those_now = entitled(session, cycle.id, all_decided=base is None)
    fresh = drawn_up(those_now, terms.total, terms.budget, pay.split(session, cycle.id))
    if base is None:
        return {"cycle": cycle.id, "name": cycle.name} | fresh
    ready = those.intersection(line["person"] for line in fresh["lines"])
    if not ready:
        raise Refused(UNDECIDED)
    return amended(base.document, fresh, ready)


def entitled(session: Session, cycle_id: str, *, all_decided: bool) -> list[Entitled]:
    """Everybody with a pay base and a decided coefficient; refused while one is missing, where all have to be there.

    Who is all of HR waits until there is somebody else who can decide theirs.
    """
    bases = pay.bases(session, cycle_id)
    if not bases:
        raise Refused(NO_BASES)
    found = [one for one in outcomes.outcomes(session, cycle_id, list(bases)) if one.has_coefficient]
    takers = {one.person_id: one for one in cycles.participants(session, cycle_id, list(bases))}
    served, hr = _served(session, cycle_id, list(bases)), [one.id for one in people.holders(session, people.HR)]
    those = []
    for one in found:
        decided, base = one.stands(Kind.COEFFICIENT), bases[one.person_id]
        if decided is None or decided.value is None:
            if all_decided and hr != [one.person_id]:
                raise Refused(UNDECIDED)
            continue
        days, department = served[one.person_id], takers[one.person_id].department
        paid = (base.target, base.salary, base.midpoint)
        those.append(Entitled(one.person_id, department, one.grade, decided.value, days, *paid))
    if not those:
        raise Refused("Nobody with a pay base has a released result yet.")
    return those


def _served(session: Session, cycle_id: str, of: Collection[str]) -> dict[str, Any]:
    rows = select(ResultRow.person_id, ResultRow.inputs).where(
        ResultRow.cycle_id == cycle_id, ResultRow.person_id.in_(of)
    )
    return {row.person_id: share_served(row.inputs) for row in session.execute(rows)}


def approve(session: Session, pool: Pool, by: str, at: datetime) -> None:
    """Approve a pool, once, by somebody who did not make it, as long as it is still what would be made today."""
    if by == pool.made_by:
        raise Refused("You made this pool. Somebody else has to look at it and approve it.")
    if fingerprint(_drawn_up(session, cycles.get(session, pool.cycle_id))) != pool.hash:
        raise Refused(
            "A grade, a coefficient, a pay base or the split has changed since. The pool has to be made anew first."
        )
    waiting = update(PoolRow).where(
        PoolRow.cycle_id == pool.cycle_id, PoolRow.n == pool.n, PoolRow.hash == pool.hash, PoolRow.approved_by == ""
    )
    if not touched(session, waiting.values(approved_by=by, approved_at=at)):
        raise Refused("This pool is approved already. What was approved does not change.")
