"""What the fairness report is made from, and the report of each cycle: figures of groups, nobody's own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Cycle, preceding
from bot.domain.fairness_report import MOSTLY, Assessed, Report, from_document
from bot.domain.review import Kind, State
from bot.domain.score import Rated
from bot.store import cycles, people
from bot.store.db import Base, keep_row
from bot.store.results import ResultRow
from bot.store.reviews import ReviewRow


class FairnessReportRow(Base):
    """The report of one cycle."""

    __tablename__ = "fairness_reports"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    made_at: Mapped[datetime]
    document: Mapped[dict[str, Any]]


_FIGURES = select(
    ResultRow.person_id,
    ResultRow.score,
    ResultRow.band,
    ResultRow.formula_band,
    ResultRow.attainment,
    ResultRow.manager_rating,
    ResultRow.rules_hash,
)
_RATERS = select(ReviewRow.person_id, ReviewRow.author_id).where(
    ReviewRow.kind == Kind.MANAGER.value, ReviewRow.state == State.SENT.value
)


def assessed(session: Session, cycle_id: str, day: date) -> list[Assessed]:
    """Everybody who was rated in a cycle, with where they stood on a day; in a handful of queries."""
    rated_by = raters(session, cycle_id)
    stints = {one.person_id: one for one in people.stints_on(session, day)}
    leading = {one.manager_id for one in stints.values()}
    steps = _steps(session, cycle_id)
    rated = _FIGURES.where(ResultRow.cycle_id == cycle_id, ResultRow.rated == Rated.RATED.value)
    found = []
    for row in session.execute(rated.order_by(ResultRow.person_id)):
        stint, of = stints.get(row.person_id), steps[row.rules_hash]
        found.append(
            Assessed(
                row.person_id,
                rated_by.get(row.person_id, ""),
                stint.department if stint else "",
                stint.position if stint else "",
                row.person_id in leading,
                _number(row.manager_rating),
                _number(row.attainment),
                _number(row.score),
                of.get(row.formula_band),
                of.get(row.band),
            )
        )
    return found


def raters(session: Session, cycle_id: str) -> dict[str, str]:
    """Who rated whom: the author of the sent review of each person."""
    return {row.person_id: row.author_id for row in session.execute(_RATERS.where(ReviewRow.cycle_id == cycle_id))}


def _steps(session: Session, cycle_id: str) -> dict[str, dict[str, int]]:
    """By the hash of the rules: each grade as a step from the best."""
    one_of_each = select(ResultRow.rules_hash).where(ResultRow.cycle_id == cycle_id).distinct()
    found = {}
    for rules_hash in session.scalars(one_of_each):
        of_these = select(ResultRow.rules).where(ResultRow.cycle_id == cycle_id, ResultRow.rules_hash == rules_hash)
        rules = session.scalar(of_these.limit(1)) or {"bands": []}
        found[rules_hash] = {band["name"]: n for n, band in enumerate(rules["bands"])}
    return found


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def keep(session: Session, cycle_id: str, report: Report, at: datetime) -> None:
    """Keep the report of a cycle in place of an earlier one."""
    keep_row(session, FairnessReportRow, {"cycle_id": cycle_id, "made_at": at, "document": report.document()})


def of_cycle(session: Session, cycle_id: str) -> tuple[Report, datetime] | None:
    """The report of a cycle, and when it was made."""
    row = session.get(FairnessReportRow, cycle_id, populate_existing=True)
    return (from_document(row.document), row.made_at) if row else None


def newest(session: Session) -> list[str]:
    """The cycles that have a report, the newest first."""
    return list(
        session.scalars(
            select(FairnessReportRow.cycle_id).order_by(FairnessReportRow.made_at.desc(), FairnessReportRow.cycle_id)
        )
    )


def before(session: Session, cycle: Cycle) -> Report | None:
    """The report of the cycle before this one, whenever it was made."""
    earlier = preceding(cycle, cycles.every(session))
    kept = of_cycle(session, earlier.id) if earlier else None
    return kept[0] if kept else None


def is_time(session: Session, cycle_id: str) -> bool:
    """Whether to look at a cycle now: once when almost everybody's result is there, and at each release; no peeking."""
    states = select(
        func.count(),
        func.count().filter(ResultRow.rated != Rated.INCOMPLETE.value),
        func.max(ResultRow.released_at),
    )
    everybody, finished, released = session.execute(states.where(ResultRow.cycle_id == cycle_id)).one()
    kept = session.get(FairnessReportRow, cycle_id, populate_existing=True)
    if kept is None:
        return released is not None or finished >= MOSTLY * everybody
    return released is not None and released >= kept.made_at
