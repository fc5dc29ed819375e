"""Results: what was computed for each person, released once, and what they answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Update, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from bot.domain.appeal import APPEALED, COMPLETED
from bot.domain.calibration import Change, by_the_rules, calibrated
from bot.domain.composite import Component
from bot.domain.explain import from_json, sentence_from_json, sentence_to_json, to_json
from bot.domain.gate import explained_by_calibration, grade_of_goals
from bot.domain.refusal import Refused, Sentence
from bot.domain.rounding import half_up
from bot.domain.score import Outcome, Rated
from bot.domain.why import worth_of
from bot.store import calibrations, cycles, result_versions, reviews
from bot.store.db import Base, batched, touched
from bot.store.in_bulk import insert_rows
from bot.store.private import Private, PrivateDict, PrivateList
from bot.store.reviews import Given

ANYWHERE = timedelta(days=1)
"""A day that has begun somewhere is no day to come."""


class Answer(StrEnum):
    """What somebody says to their result. Seen is not agreed."""

    NONE = ""
    AGREES = "agrees"
    DISAGREES = "disagrees"


class ResultRow(Base):
    """One person's result in one cycle, with the tree that explains it and the rules it was made by.

    `band` is the grade that stands, `formula_band` the one by the rules, which calibration leaves as it is. What goals
    and the manager's rating are worth stands in the tree too; here it is found without opening trees.
    """

    __tablename__ = "results"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    rated: Mapped[str]
    score: Mapped[Decimal | None]
    band: Mapped[str | None]
    formula_band: Mapped[str | None]
    attainment: Mapped[Decimal | None]
    manager_rating: Mapped[Decimal | None]
    near: Mapped[Decimal | None]
    tree: Mapped[PrivateDict | None]
    reasons: Mapped[PrivateList]
    rules_version: Mapped[str]
    rules_hash: Mapped[str]
    rules: Mapped[dict[str, Any]]
    inputs: Mapped[PrivateDict]
    computed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    words: Mapped[Private] = mapped_column(default="")
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
    formula_band: str | None = None
    manager_rating: Decimal | None = None


@dataclass(frozen=True)
class Computed:
    """An outcome with the rules, as they are written, and a summary of what went in."""

    person_id: str
    outcome: Outcome
    rules: dict[str, Any]
    inputs: dict[str, Any]


@dataclass(frozen=True)
class Brief:
    """How one person's result stands: whether there is one, why not, and whether it is near a grade's boundary."""

    person_id: str
    state: Rated
    near: bool
    reasons: tuple[Sentence, ...]
    computed_at: datetime
    released: bool


def _result(row: ResultRow, *, with_tree: bool = True) -> Result:
    outcome = Outcome(
        Rated(row.rated),
        row.score,
        row.band,
        from_json(row.tree) if with_tree and row.tree else None,
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
        row.formula_band,
        row.manager_rating,
    )


# Reading ------------------------------------------------------------------------


def result(session: Session, cycle_id: str, person_id: str) -> Result | None:
    """A person's result, released or not; whoever shows it checks."""
    row = session.get(ResultRow, (cycle_id, person_id), populate_existing=True)
    return _result(row) if row else None


def in_brief(session: Session, cycle_id: str) -> list[Brief]:
    """How every result of a cycle stands, by person."""
    rows = session.execute(
        select(
            ResultRow.person_id,
            ResultRow.rated,
            ResultRow.near.is_not(None),
            ResultRow.reasons,
            ResultRow.computed_at,
            ResultRow.released_at.is_not(None),
        )
        .where(ResultRow.cycle_id == cycle_id)
        .order_by(ResultRow.person_id)
    )
    return [
        Brief(person_id, Rated(rated), near, tuple(sentence_from_json(one) for one in reasons), at, released)
        for person_id, rated, near, reasons, at, released in rows
    ]


def any_in(session: Session, cycle_id: str) -> bool:
    """Whether anything was computed in a cycle."""
    return session.scalar(select(ResultRow.person_id).where(ResultRow.cycle_id == cycle_id).limit(1)) is not None


_RELEASED = (
    select(ResultRow)
    .options(defer(ResultRow.tree), defer(ResultRow.rules), defer(ResultRow.inputs))
    .where(ResultRow.person_id.in_(bindparam("ids", expanding=True)), ResultRow.released_at.is_not(None))
    .order_by(ResultRow.released_at.desc(), ResultRow.person_id)
)
"""Made once: making a statement takes longer than executing it."""


def released_in(session: Session, person_ids: Iterable[str]) -> list[Result]:
    """The released results of several people, the newest first, without the trees: nobody opens them all."""
    return [_result(row, with_tree=False) for row in session.scalars(_RELEASED, {"ids": list(person_ids)})]


def finished(session: Session, person_ids: Iterable[str]) -> set[tuple[str, str]]:
    """The cycles and people whose result is out and complete: nothing computes it again, so no value comes after it."""
    out = released_in(session, person_ids)
    return {(one.cycle_id, one.person_id) for one in out if one.outcome.state is not Rated.INCOMPLETE}


def any_released(session: Session, person_ids: Iterable[str]) -> bool:
    """Whether one of these people has a released result."""
    found = select(ResultRow.person_id).where(
        ResultRow.person_id.in_(list(person_ids)), ResultRow.released_at.is_not(None)
    )
    return session.scalar(found.limit(1)) is not None


def rows_of(session: Session, cycle_id: str, of: Collection[str] | None = None) -> list[ResultRow]:
    """The rows themselves, for what is exported: all of a cycle, or those of these people."""
    rows = select(ResultRow).where(ResultRow.cycle_id == cycle_id).order_by(ResultRow.person_id)
    return list(session.scalars(rows if of is None else rows.where(ResultRow.person_id.in_(of))))


# Keeping --------------------------------------------------------------------------


def keep(session: Session, cycle_id: str, computed: Collection[Computed], at: datetime) -> None:
    """Keep results as computed. A result that was released stays, unless it was incomplete and is no more.

    What was released and is replaced is kept as it was. A grade that people changed stays changed as long as the rules
    make the grade that they looked at.
    """
    ids = [one.person_id for one in computed]
    rows = select(ResultRow.person_id, ResultRow.rated, ResultRow.released_at).with_for_update()
    known = {row.person_id: row for row in session.execute(rows.where(*_among(cycle_id, ids)))}
    new = [one for one in computed if one.person_id not in known]
    again = [one for one in computed if one.person_id in known and _open(known[one.person_id], one)]
    insert_rows(session, ResultRow, [_values(cycle_id, one, at) for one in new])
    if again:
        shown = [one.person_id for one in again if known[one.person_id].released_at]
        _keep_original(session, cycle_id, shown, COMPLETED, "", at)
        changes = calibrations.newest(session, cycle_id, [one.person_id for one in again])
        session.execute(update(ResultRow), [_values(cycle_id, one, at, changes.get(one.person_id)) for one in again])


def replace_released(session: Session, cycle_id: str, computed: Computed, ref: str, at: datetime) -> ResultRow:
    """Put what an appeal makes of a released result in its place; the original is kept, and the answer is open again.

    Gives the row as it stands then.
    """
    ids = [computed.person_id]
    (row,) = _keep_original(session, cycle_id, ids, APPEALED, ref, at)
    changed = calibrations.newest(session, cycle_id, ids).get(computed.person_id)
    for name, value in _values(cycle_id, computed, at, changed).items():
        if name not in {"released_at", "released_by", "opened_at"}:
            setattr(row, name, value)
    session.flush()
    return row


def is_same(row: ResultRow, computed: Computed) -> bool:
    """Whether the rules make of what is known now just what they made before, to the last digit."""
    made = by_the_rules(from_json(row.tree)) if row.tree else None
    outcome = computed.outcome
    return (row.rated, row.score, row.formula_band, made) == (outcome.state, outcome.score, outcome.band, outcome.tree)


def as_released(session: Session, cycle_id: str, person_id: str) -> ResultRow | None:
    """The row of a released result, held until this unit of work ends; None when there is none."""
    row = session.get(ResultRow, (cycle_id, person_id), populate_existing=True, with_for_update=True)
    return row if row and row.released_at else None


def _keep_original(
    session: Session, cycle_id: str, person_ids: Collection[str], because: str, ref: str, at: datetime
) -> list[ResultRow]:
    """Keep what these people were shown, and hold their rows."""
    if not person_ids:
        return []
    rows = select(ResultRow).where(*_among(cycle_id, person_ids)).order_by(ResultRow.person_id).with_for_update()
    found = list(session.scalars(rows, execution_options={"populate_existing": True}))
    result_versions.keep(session, found, because, ref, at)
    return found


def _among(cycle_id: str, person_ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return ResultRow.cycle_id == cycle_id, ResultRow.person_id.in_(person_ids)


def _open(row: Any, computed: Computed) -> bool:
    """Whether what is kept may still be replaced by this."""
    finished = row.rated == Rated.INCOMPLETE and computed.outcome.state is not Rated.INCOMPLETE
    return row.released_at is None or finished


def _values(cycle_id: str, computed: Computed, at: datetime, change: Change | None = None) -> dict[str, Any]:
    """A row as it is just computed: not released, not opened, not answered."""
    outcome = calibrated(computed.outcome, change, grades_in(computed.rules))
    return {
        "cycle_id": cycle_id,
        "person_id": computed.person_id,
        "rated": outcome.state.value,
        "score": outcome.score,
        "band": outcome.band,
        "formula_band": computed.outcome.band,
        "attainment": _worth(outcome, Component.GOALS),
        "manager_rating": _worth(outcome, Component.MANAGER),
        "near": outcome.near,
        "tree": to_json(outcome.tree) if outcome.tree else None,
        "reasons": [sentence_to_json(one) for one in outcome.reasons],
        "rules_version": outcome.rules_version,
        "rules_hash": outcome.rules_hash,
        "rules": computed.rules,
        "inputs": computed.inputs,
        "computed_at": at,
        "released_at": None,
        "released_by": "",
        "opened_at": None,
        "answer": Answer.NONE.value,
        "words": "",
        "answered_at": None,
    }


def grades_in(rules: dict[str, Any]) -> list[str]:
    """The grades of the rules that a result was made by, from the best down."""
    return [band["name"] for band in rules["bands"]]


def _worth(outcome: Outcome, component: Component) -> Decimal | None:
    worth = worth_of(outcome.tree, component) if outcome.tree else None
    return None if worth is None else half_up(worth, 4)


# What happens to a result ----------------------------------------------------------


def release(session: Session, cycle_id: str, *, by: str, at: datetime) -> list[str]:
    """Release all that waits; gives the ids of whose results they are. Refused when nothing waits (any more).

    A grade that could surprise waits for its reasons: it is left out, whoever releases.
    """
    rows = select(ResultRow.person_id).where(*_waiting(cycle_id)).order_by(ResultRow.person_id)
    waiting = session.scalars(rows.with_for_update()).all()
    back = owing(session, cycle_id, at)
    out = [one for one in waiting if one not in back]
    if not waiting:
        raise Refused("The results of this cycle were released already.")
    if not out:
        raise Refused("Managers still owe the reasons for these grades. The page of the results says who.")
    for ids in batched(out):
        now = update(ResultRow).where(*_waiting(cycle_id), ResultRow.person_id.in_(ids))
        session.execute(now.values(released_at=at, released_by=by))
    return out


def next_ids(session: Session, cycle_id: str, after: str, most: int) -> list[str]:
    """The people with a result who follow somebody in the order of ids; the first ones follow nobody, ""."""
    following = select(ResultRow.person_id).where(ResultRow.cycle_id == cycle_id, ResultRow.person_id > after)
    return list(session.scalars(following.order_by(ResultRow.person_id).limit(most)))


def owing(session: Session, cycle_id: str, at: datetime, of: Collection[str] | None = None) -> dict[str, Given]:
    """The grades that could surprise and wait for their manager's reasons, by person.

    Of the people in `of`, who has no result yet is looked at by the grade that the manager expects.
    """
    kept = (ResultRow.band, ResultRow.formula_band, ResultRow.attainment, ResultRow.released_at)
    rows = select(ResultRow.person_id, *kept)
    wanted = rows.where(ResultRow.cycle_id == cycle_id)
    known = session.execute(wanted if of is None else wanted.where(ResultRow.person_id.in_(of))).all()
    bands = cycles.get(session, cycle_id).rules.bands
    given = {
        row.person_id: Given(row.band, grade_of_goals(row.attainment, bands), row.formula_band)
        for row in known
        if row.band and row.released_at is None and not explained_by_calibration(row.band, row.formula_band)
    }
    given |= dict.fromkeys(set(of or ()) - {row.person_id for row in known}, Given())
    return {one: given[one] for one in reviews.owing(session, cycle_id, given, at.date() + ANYWHERE)}


def _waiting(cycle_id: str) -> tuple[ColumnElement[bool], ...]:
    return ResultRow.cycle_id == cycle_id, ResultRow.released_at.is_(None)


def opened(session: Session, cycle_id: str, person_id: str, at: datetime) -> bool:
    """Note when somebody first opened their own result; True that first time."""
    return touched(session, _of(cycle_id, person_id).where(ResultRow.opened_at.is_(None)).values(opened_at=at)) == 1


def answered(
    session: Session, cycle_id: str, person_id: str, answer: Answer, words: str, at: datetime,
    talked_at: datetime | None = None,
) -> None:  # fmt: skip
    """Keep what somebody says to their released result: once, and once more when they have talked since."""
    first = ResultRow.answer == Answer.NONE.value
    anew = or_(first, ResultRow.answered_at < talked_at) if talked_at else first
    said = (
        _of(cycle_id, person_id)
        .where(anew, ResultRow.released_at.is_not(None))
        .values(answer=answer.value, words=words, answered_at=at)
    )
    if not touched(session, said):
        raise Refused("You have answered this result already. Your manager is there for questions.")


def _of(cycle_id: str, person_id: str) -> Update:
    return update(ResultRow).where(ResultRow.cycle_id == cycle_id, ResultRow.person_id == person_id)


def ready(session: Session, cycle_id: str, at: datetime) -> bool:
    """Whether computed results wait to be released, and some of them can be."""
    waiting = session.scalars(select(ResultRow.person_id).where(*_waiting(cycle_id))).all()
    return bool(waiting) and len(owing(session, cycle_id, at)) < len(waiting)
