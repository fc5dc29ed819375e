"""The health of a cycle's process: counted from what other nouns keep, and one row for each cycle, nobody's own."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.appeal import published
from bot.domain.cycle import Cycle, Stage, preceding
from bot.domain.health import Figure, Health, Measured, Misses, from_document
from bot.domain.interview import Cause, Side
from bot.domain.review import Kind, State
from bot.store import appeals, attention, cycles, fairness_reports, interviews
from bot.store.checkins import CheckinRow
from bot.store.db import Base, keep_row
from bot.store.goals import SheetRow, SpokenRow
from bot.store.interviews import PreparationRow
from bot.store.reviews import ReviewRow

COMPUTED = time(13)
"""The hour, in UTC, at which results are computed on the day on which calibrating opens."""
UNANSWERED = ("open", "missed")

Figures = dict[Figure, Measured]


class ProcessReportRow(Base):
    """The report of one cycle."""

    __tablename__ = "process_reports"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    made_at: Mapped[datetime]
    document: Mapped[dict[str, Any]]


# The rows of reports --------------------------------------------------------------------------


def keep(session: Session, cycle_id: str, health: Health, at: datetime) -> None:
    """Keep the report of a cycle in place of an earlier one."""
    keep_row(session, ProcessReportRow, {"cycle_id": cycle_id, "made_at": at, "document": health.document()})


def of_cycle(session: Session, cycle_id: str) -> tuple[Health, datetime] | None:
    """The report of a cycle, and when it was made."""
    row = session.get(ProcessReportRow, cycle_id, populate_existing=True)
    return (from_document(row.document), row.made_at) if row else None


def newest(session: Session) -> list[str]:
    """The cycles that have a report, the newest first."""
    made = ProcessReportRow.made_at.desc(), ProcessReportRow.cycle_id
    return list(session.scalars(select(ProcessReportRow.cycle_id).order_by(*made)))


def before(session: Session, cycle: Cycle) -> tuple[Cycle, Health] | None:
    """The cycle of the same kind before this one, and its report."""
    earlier = preceding(cycle, cycles.every(session))
    kept = of_cycle(session, earlier.id) if earlier else None
    return (earlier, kept[0]) if earlier and kept else None


# Counting -------------------------------------------------------------------------------------


def look(session: Session, cycle: Cycle, now: datetime) -> Health:
    """Count everything; in a handful of queries, however many people there are."""
    takers = {one.person_id for one in cycles.participants(session, cycle.id)}
    people = len(takers)
    figures = {
        **_goals(session, cycle.id, people),
        **_checkins(session, cycle.id),
        **_reviews(session, cycle, people),
        **_talks(session, cycle.id),
        **_afterwards(session, cycle, people, now),
        **_nags(session, cycle, takers, now),
    }
    return Health(people, figures, _misses(session, cycle.id))


def _share(n: int, of: int, people: int | None = None) -> Measured | None:
    return Measured(n, of, of if people is None else people) if of else None


def _known(figures: Mapping[Figure, Measured | None]) -> Figures:
    return {figure: one for figure, one in figures.items() if one is not None}


def _goals(session: Session, cycle_id: str, people: int) -> Figures:
    sheets = select(SheetRow.person_id, SheetRow.protest).where(SheetRow.cycle_id == cycle_id, SheetRow.version > 0)
    agreed = {row.person_id: bool(row.protest) for row in session.execute(sheets)}
    moves = select(SpokenRow.person_id, SpokenRow.reasons).where(SpokenRow.cycle_id == cycle_id)
    kept = {row.person_id for row in session.execute(moves) if row.reasons} & agreed.keys()
    return _known(
        {
            Figure.AGREED: _share(len(agreed), people),
            Figure.PROTESTS: _share(sum(agreed.values()), len(agreed)),
            Figure.OVERRIDDEN: _share(len(kept), len(agreed)),
        }
    )


def _checkins(session: Session, cycle_id: str) -> Figures:
    columns = (CheckinRow.person_id, CheckinRow.kind, CheckinRow.nudges, CheckinRow.manager_id,
               CheckinRow.digest_on, CheckinRow.told, CheckinRow.read_at)  # fmt: skip
    rows = session.execute(select(*columns).where(CheckinRow.cycle_id == cycle_id)).all()
    answered = [row for row in rows if row.kind not in UNANSWERED]
    digests: dict[tuple[str, Any], bool] = {}
    for row in answered:
        if row.told and row.manager_id:
            of = (row.manager_id, row.digest_on)
            digests[of] = digests.get(of, True) and row.read_at is not None
    asked, who = {row.person_id for row in rows}, {row.person_id for row in answered}
    return _known(
        {
            Figure.CHECKINS: _share(len(answered), len(rows), len(asked)),
            Figure.IN_TIME: _share(sum(row.nudges == 0 for row in answered), len(answered), len(who)),
            Figure.COACHED: _share(sum(digests.values()), len(digests), len({manager for manager, _ in digests})),
        }
    )


def _reviews(session: Session, cycle: Cycle, people: int) -> Figures:
    sent = select(ReviewRow.kind, ReviewRow.sent_at).where(
        ReviewRow.cycle_id == cycle.id, ReviewRow.state == State.SENT.value
    )
    rows = session.execute(sent).all()
    due = cycle.opens.get(Stage.CALIBRATING)
    computed = datetime.combine(due, COMPUTED, UTC) if due else None
    mine = sum(row.kind == Kind.SELF for row in rows)
    in_time = sum(
        row.kind == Kind.MANAGER and bool(computed and row.sent_at and row.sent_at <= computed) for row in rows
    )
    return _known({Figure.SELF_REVIEWS: _share(mine, people), Figure.REVIEWS: _share(in_time, people)})


def _talks(session: Session, cycle_id: str) -> Figures:
    due = interviews.in_cycle(session, cycle_id)
    took = interviews.days_to_talk(session, cycle_id)
    found = {Figure.TALKS: _share(sum(one.held_on is not None for one in due), len(due))}
    if took:
        found[Figure.DAYS_TO_TALK] = Measured(took[(len(took) - 1) // 2], 0, len(took))
    return _known(found)


def _afterwards(session: Session, cycle: Cycle, people: int, now: datetime) -> Figures:
    """What is told of appeals is what everybody may read of them, and no more."""
    filed = published(appeals.counts(session, cycle.id), cycle.stage_on(now.astimezone(UTC).date()))
    kept = fairness_reports.of_cycle(session, cycle.id)
    flags = sum(one.stands_out for one in kept[0].findings) if kept else 0
    return _known(
        {
            Figure.APPEALS: Measured(filed.total, 0, filed.total) if filed else None,
            Figure.FLAGS: Measured(flags, 0, people) if kept else None,
        }
    )


def _nags(session: Session, cycle: Cycle, takers: set[str], now: datetime) -> Figures:
    since = datetime.combine(min(cycle.opens.values(), default=cycle.starts_on), time(), UTC)
    sent = [one for one in attention.between(session, since, now) if one.person_id in takers and not one.merged]
    readers = len({one.person_id for one in sent})
    answered = sum(one.answered_at is not None for one in sent)
    return _known(
        {
            Figure.NAGS: Measured(len(sent), 0, readers) if sent else None,
            Figure.NAGS_ANSWERED: _share(answered, len(sent), readers),
        }
    )


def _misses(session: Session, cycle_id: str) -> dict[Side, Misses]:
    rows = session.execute(select(PreparationRow.side, PreparationRow.causes).filter_by(cycle_id=cycle_id)).all()
    found = {}
    for side in Side:
        told = [[Cause(one) for some in row.causes.values() for one in some] for row in rows if row.side == side]
        named = [some for some in told if some]
        found[side] = Misses(len(named), Counter(one for some in named for one in some))
    return found


def is_looked_at(session: Session, cycle_id: str) -> bool:
    """Whether a cycle has a report."""
    return bool(session.scalar(select(func.count()).select_from(ProcessReportRow).filter_by(cycle_id=cycle_id)))
