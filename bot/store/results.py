"""Results: what was computed for each person, released once, and what they answered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Cycle
from bot.domain.explain import from_json, sentence_from_json, sentence_to_json, to_json
from bot.domain.goal import Goal
from bot.domain.goal_record import goals_of
from bot.domain.org import Person, Stint
from bot.domain.proration import Served
from bot.domain.refusal import Refused
from bot.domain.result import Facts, group_means, served_between
from bot.domain.review import Kind
from bot.domain.score import Outcome, Rated
from bot.store import actuals, cycles, people, reviews, templates
from bot.store.db import Base, touched
from bot.store.goals import SheetRow
from bot.store.people import LeaveRow
from bot.store.released import MeanRow

Calendar = Callable[[Person], Callable[[date], bool]]
"""Which days are worked where somebody is, nobody's own days off taken out."""


class Answer(StrEnum):
    """What somebody says to their result. Seen is not agreed."""

    NONE = ""
    AGREES = "agrees"
    DISAGREES = "disagrees"


class ResultRow(Base):
    """One person's result in one cycle, with the tree that explains it and the rules it was made by."""

    __tablename__ = "results"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    rated: Mapped[str]
    score: Mapped[Decimal | None]
    band: Mapped[str | None]
    near: Mapped[Decimal | None]
    tree: Mapped[dict[str, Any] | None]
    reasons: Mapped[list[Any]]
    rules_version: Mapped[str]
    rules_hash: Mapped[str]
    rules: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Result:
    """A result, where it stands, and what its person said to it."""

    cycle_id: str
    person_id: str
    outcome: Outcome
    computed_at: datetime
    released_at: datetime | None = None
    opened_at: datetime | None = None
    answer: Answer = Answer.NONE
    words: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Computed:
    """An outcome with the rules, as they are written, and a summary of what went in."""

    person_id: str
    outcome: Outcome
    rules: dict[str, Any]
    inputs: dict[str, Any]


def _result(row: ResultRow) -> Result:
    outcome = Outcome(
        Rated(row.rated),
        row.score,
        row.band,
        from_json(row.tree) if row.tree else None,
        tuple(sentence_from_json(one) for one in row.reasons),
        row.near,
        row.rules_version,
        row.rules_hash,
    )
    return Result(
        row.cycle_id,
        row.person_id,
        outcome,
        row.computed_at,
        row.released_at,
        row.opened_at,
        Answer(row.answer),
        row.words,
        row.answered_at,
    )


# Reading ------------------------------------------------------------------------


def result(session: Session, cycle_id: str, person_id: str) -> Result | None:
    """A person's result, released or not; whoever shows it checks."""
    row = session.get(ResultRow, (cycle_id, person_id), populate_existing=True)
    return _result(row) if row else None


def in_cycle(session: Session, cycle_id: str) -> list[Result]:
    """Every result of a cycle, by person."""
    rows = session.scalars(select(ResultRow).where(ResultRow.cycle_id == cycle_id).order_by(ResultRow.person_id))
    return [_result(row) for row in rows]


def released_in(session: Session, person_ids: Iterable[str]) -> list[Result]:
    """The released results of several people, the newest first."""
    rows = session.scalars(
        select(ResultRow)
        .where(ResultRow.person_id.in_(list(person_ids)), ResultRow.released_at.is_not(None))
        .order_by(ResultRow.released_at.desc(), ResultRow.person_id)
    )
    return [_result(row) for row in rows]


def any_released(session: Session, person_ids: Iterable[str]) -> bool:
    """Whether one of these people has a released result."""
    found = select(ResultRow.person_id).where(
        ResultRow.person_id.in_(list(person_ids)), ResultRow.released_at.is_not(None)
    )
    return session.scalar(found.limit(1)) is not None


def rows_of(session: Session, cycle_id: str) -> list[ResultRow]:
    """The rows themselves, for what is exported."""
    return list(session.scalars(select(ResultRow).where(ResultRow.cycle_id == cycle_id).order_by(ResultRow.person_id)))


# Computing ----------------------------------------------------------------------


def gather(session: Session, cycle: Cycle, today: date, calendar: Calendar) -> dict[str, Facts]:
    """Everything that the results of a cycle are computed from, by person."""
    takers = cycles.participants(session, cycle.id)
    named = people.named(session, [one.person_id for one in takers])
    agreed = _agreed(session, cycle.id)
    reported = actuals.values_of_all(session, cycle.id)
    reviewed = reviews.in_cycle(session, cycle.id, Kind.MANAGER)
    ratings = _ratings(session, cycle.id)
    means = group_means(ratings.values())
    known = {one.template: templates.template_of(session, one.template) for one in takers if one.template}
    served = _served(session, cycle, [named[one.person_id] for one in takers], calendar)
    return {
        one.person_id: Facts(
            agreed.get(one.person_id, ()),
            today,
            reported.get(one.person_id, {}),
            reviewed.get(one.person_id),
            known.get(one.template),
            ratings.get(one.person_id, {}),
            means,
            served[one.person_id],
            named[one.person_id].language,
        )
        for one in takers
    }


def _agreed(session: Session, cycle_id: str) -> dict[str, tuple[Goal, ...]]:
    """Everybody's agreed goals, as `goals.agreed_goals` has them; in one query."""
    rows = session.execute(select(SheetRow.person_id, SheetRow.agreed).where(SheetRow.cycle_id == cycle_id))
    return {person_id: goals_of(agreed) for person_id, agreed in rows}


def _ratings(session: Session, cycle_id: str) -> dict[str, dict[str, tuple[Decimal, ...]]]:
    """One mean for each colleague without a name, by ratee and group, as `released.summary` has them; in one query."""
    found: dict[str, dict[str, tuple[Decimal, ...]]] = {}
    for row in session.scalars(select(MeanRow).where(MeanRow.cycle_id == cycle_id).order_by(MeanRow.id)):
        groups = found.setdefault(row.ratee_id, {})
        groups[row.relation] = (*groups.get(row.relation, ()), row.mean)
    return found


def _served(session: Session, cycle: Cycle, takers: Iterable[Person], calendar: Calendar) -> dict[str, Served]:
    first = {one.person_id: one for one in people.stints_on(session, cycle.starts_on)}
    last = {one.person_id: one for one in people.stints_on(session, cycle.ends_on)}
    days, leaves = (cycle.starts_on, cycle.ends_on), _leaves(session, cycle)
    return {
        one.id: served_between(
            days,
            _there(days, first.get(one.id), last.get(one.id)),
            calendar(one),
            frozenset(leaves.get(one.id, ())),
        )
        for one in takers
    }


def _leaves(session: Session, cycle: Cycle) -> dict[str, set[date]]:
    """Everybody's days away inside a cycle; in one query."""
    found: dict[str, set[date]] = {}
    within = (LeaveRow.first_day <= cycle.ends_on, LeaveRow.last_day >= cycle.starts_on)
    for row in session.scalars(select(LeaveRow).where(*within)):
        away = range((row.last_day - row.first_day).days + 1)
        found.setdefault(row.person_id, set()).update(row.first_day + timedelta(days=n) for n in away)
    return found


def _there(days: tuple[date, date], first: Stint | None, last: Stint | None) -> tuple[date, date]:
    """From when to when somebody was employed: a transfer inside the cycle is no gap."""
    begins = last.starts_on if last and first is None else days[0]
    ends = first.ends_on if first and last is None and first.ends_on else days[1]
    return max(begins, days[0]), min(ends, days[1])


def keep(session: Session, cycle_id: str, computed: Iterable[Computed], at: datetime) -> None:
    """Keep results as computed. A result that was released stays, unless it was incomplete and is no more."""
    known = {row.person_id: row for row in rows_of(session, cycle_id)}
    for one in computed:
        row = known.get(one.person_id) or ResultRow(cycle_id=cycle_id, person_id=one.person_id)
        finished = row.rated == Rated.INCOMPLETE and one.outcome.state is not Rated.INCOMPLETE
        if row.released_at is None or finished:
            session.add(_filled(row, one, at))
    session.flush()


def _filled(row: ResultRow, computed: Computed, at: datetime) -> ResultRow:
    outcome = computed.outcome
    row.rated, row.score, row.band, row.near = outcome.state.value, outcome.score, outcome.band, outcome.near
    row.tree = to_json(outcome.tree) if outcome.tree else None
    row.reasons = [sentence_to_json(one) for one in outcome.reasons]
    row.rules_version, row.rules_hash = outcome.rules_version, outcome.rules_hash
    row.rules, row.inputs, row.computed_at = computed.rules, computed.inputs, at
    row.released_at, row.released_by, row.opened_at = None, "", None
    row.answer, row.words, row.answered_at = Answer.NONE.value, "", None
    return row


# What happens to a result ----------------------------------------------------------


def release(session: Session, cycle_id: str, *, by: str, at: datetime) -> list[str]:
    """Release all that waits; gives the ids of whose results they are. Refused when nothing waits (any more)."""
    waiting = session.scalars(
        select(ResultRow.person_id)
        .where(ResultRow.cycle_id == cycle_id, ResultRow.released_at.is_(None))
        .order_by(ResultRow.person_id)
    ).all()
    now = (
        update(ResultRow)
        .where(ResultRow.cycle_id == cycle_id, ResultRow.released_at.is_(None))
        .values(released_at=at, released_by=by)
    )
    if not touched(session, now):
        raise Refused("The results of this cycle were released already.")
    return list(waiting)


def opened(session: Session, cycle_id: str, person_id: str, at: datetime) -> bool:
    """Note when somebody first opened their own result; True that first time."""
    return touched(session, _of(cycle_id, person_id).where(ResultRow.opened_at.is_(None)).values(opened_at=at)) == 1


def answered(session: Session, cycle_id: str, person_id: str, answer: Answer, words: str, at: datetime) -> None:
    """Keep what somebody says to their released result, once."""
    said = (
        _of(cycle_id, person_id)
        .where(ResultRow.answer == Answer.NONE.value, ResultRow.released_at.is_not(None))
        .values(answer=answer.value, words=words, answered_at=at)
    )
    if not touched(session, said):
        raise Refused("You have answered this result already. Your manager is there for questions.")


def _of(cycle_id: str, person_id: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as people._stints
    return update(ResultRow).where(ResultRow.cycle_id == cycle_id, ResultRow.person_id == person_id)


def ready(session: Session, cycle_id: str) -> bool:
    """Whether computed results wait to be released."""
    found = select(ResultRow.person_id).where(ResultRow.cycle_id == cycle_id, ResultRow.released_at.is_(None)).limit(1)
    return session.scalar(found) is not None


Summary = Mapping[Rated, list[Result]]


def by_state(found: Iterable[Result]) -> Summary:
    """Results by whether there is one."""
    groups: dict[Rated, list[Result]] = {state: [] for state in Rated}
    for one in found:
        groups[one.outcome.state].append(one)
    return groups
