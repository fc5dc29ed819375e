"""Appeals, their frozen records and what was decided: decisions are rows that only come."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Update, exists, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.appeal import HEARD, OPEN, Appeal, Decision, Kind, Move, State, moved
from bot.domain.fingerprint import fingerprint
from bot.domain.refusal import Refused
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private, PrivateDict

_STANDS = text("state <> 'withdrawn'")


class AppealRow(Base):
    """One appeal; of those that were not withdrawn a person has one in a cycle."""

    __tablename__ = "appeals"
    __table_args__ = (
        ForeignKeyConstraint(["cycle_id", "person_id"], ["participants.cycle_id", "participants.person_id"]),
        Index("ix_appeals_one", "cycle_id", "person_id", unique=True, postgresql_where=_STANDS, sqlite_where=_STANDS),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    cycle_id: Mapped[str]
    person_id: Mapped[str]
    kind: Mapped[str]
    words: Mapped[Private]
    wish: Mapped[Private]
    filed_at: Mapped[datetime]
    state: Mapped[str]
    level: Mapped[int]
    handler_id: Mapped[str] = mapped_column(index=True)
    named_by: Mapped[str]
    due_on: Mapped[date | None]
    rater_id: Mapped[str]
    asked: Mapped[str]


class RecordRow(Base):
    """What an appeal is decided on, as it was when it was filed, and its SHA-256."""

    __tablename__ = "appeal_records"
    appeal_id: Mapped[str] = mapped_column(ForeignKey("appeals.id"), primary_key=True)
    document: Mapped[PrivateDict]
    mark: Mapped[str]


class DecisionRow(Base):
    """What was decided at one level."""

    __tablename__ = "appeal_decisions"
    appeal_id: Mapped[str] = mapped_column(ForeignKey("appeals.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decided_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str]
    reason: Mapped[Private]
    at: Mapped[datetime]
    before: Mapped[str]
    after: Mapped[str]


# Reading ------------------------------------------------------------------------------------


def get(session: Session, appeal_id: str) -> Appeal:
    """The appeal with this id; one that does not exist is refused."""
    row = session.get(AppealRow, appeal_id, populate_existing=True)
    if row is None:
        raise Refused("This appeal was settled meanwhile. Please look at the newest card.")
    return _with_decisions(session, [row])[0]


def of_person(session: Session, cycle_id: str, person_id: str) -> Appeal | None:
    """Somebody's appeal in a cycle, decided ones too; one that was withdrawn is none."""
    rows = select(AppealRow).filter_by(cycle_id=cycle_id, person_id=person_id).where(_STANDS)
    found = _with_decisions(session, session.scalars(rows).all())
    return found[0] if found else None


def every_of(session: Session, cycle_id: str, person_id: str) -> list[Appeal]:
    """All of somebody's appeals in a cycle, withdrawn ones too, the oldest first."""
    rows = select(AppealRow).filter_by(cycle_id=cycle_id, person_id=person_id).order_by(AppealRow.filed_at)
    return _with_decisions(session, session.scalars(rows).all())


def open_of(session: Session, cycle_id: str, person_id: str) -> Appeal | None:
    """Somebody's appeal in a cycle that is not decided yet: what is disputed waits for it."""
    found = of_person(session, cycle_id, person_id)
    return found if found and found.open else None


def counts(session: Session, cycle_id: str) -> Mapping[tuple[State, bool], int]:
    """How many appeals stand where, and changed the result or not. Raw: whoever shows it asks `appeal.published`."""
    changed = exists().where(DecisionRow.appeal_id == AppealRow.id, DecisionRow.before != DecisionRow.after)
    rows = select(AppealRow.state, changed).where(AppealRow.cycle_id == cycle_id)
    return Counter((State(state), another) for state, another in session.execute(rows))


def in_cycle(session: Session, cycle_id: str) -> list[Appeal]:
    """Every appeal of a cycle, the oldest first."""
    rows = select(AppealRow).filter_by(cycle_id=cycle_id).order_by(AppealRow.filed_at, AppealRow.id)
    return _with_decisions(session, session.scalars(rows).all())


_CONCERN = select(AppealRow).where(AppealRow.state.in_([one.value for one in OPEN]))


def concerning(session: Session, person_id: str) -> list[Appeal]:
    """The open appeals that this person decides, gives a rating for, or that wait for somebody to be named."""
    mine = or_(AppealRow.handler_id == person_id, AppealRow.rater_id == person_id, AppealRow.state == State.FILED.value)
    rows = session.scalars(_CONCERN.where(mine).order_by(AppealRow.filed_at, AppealRow.id))
    return [_appeal(row, ()) for row in rows]


def load(session: Session) -> Mapping[str, int]:
    """How many appeals each handler has to decide."""
    rows = select(AppealRow.handler_id).where(AppealRow.state.in_([one.value for one in HEARD]))
    return Counter(session.scalars(rows))


def record(session: Session, appeal_id: str) -> dict[str, Any]:
    """The frozen record; refused when it is not what was frozen."""
    row = session.get_one(RecordRow, appeal_id)
    if fingerprint(row.document) != row.mark:
        raise Refused("The record of this appeal is not what was frozen. Please tell whoever runs Cairn here.")
    return row.document


def marks(session: Session, cycle_id: str) -> dict[str, str]:
    """The SHA-256 of each record of a cycle, by appeal."""
    rows = select(RecordRow.appeal_id, RecordRow.mark).join(AppealRow, AppealRow.id == RecordRow.appeal_id)
    return {row.appeal_id: row.mark for row in session.execute(rows.where(AppealRow.cycle_id == cycle_id))}


# What happens -------------------------------------------------------------------------------


def file(session: Session, appeal: Appeal, document: dict[str, Any]) -> Appeal:
    """Keep a new appeal with its record; refused when there is one already."""
    kept = replace(appeal, id=secrets.token_hex(4))
    row = {
        "id": kept.id,
        "cycle_id": kept.cycle_id,
        "person_id": kept.person_id,
        "kind": kept.kind.value,
        "words": kept.words,
        "wish": kept.wish,
        "filed_at": kept.filed_at,
        "state": kept.state.value,
        "level": kept.level,
        "handler_id": "",
        "named_by": "",
        "due_on": None,
        "rater_id": "",
        "asked": "",
    }
    if not insert_new(session, AppealRow, row):
        raise Refused("You have appealed against this result already.")
    session.add(RecordRow(appeal_id=kept.id, document=document, mark=fingerprint(document)))
    session.flush()
    return kept


def name(session: Session, one: Appeal, handler_id: str, due_on: date, *, by: str = "") -> Appeal:
    """Give it to somebody who decides; `by` is who of HR named them, empty when it was the rule."""
    values = {"handler_id": handler_id, "named_by": by, "due_on": due_on, "rater_id": ""}
    return _move(session, one, Move.NAME, values)


def hand_on(session: Session, one: Appeal) -> Appeal:
    """Take it from somebody who cannot decide it any more."""
    return _move(session, one, Move.HAND_ON, {"handler_id": "", "named_by": "", "due_on": None, "rater_id": ""})


def withdraw(session: Session, one: Appeal) -> Appeal:
    """Its person takes it back; what was decided at an earlier level stands."""
    return _move(session, one, Move.WITHDRAW, {})


def ask_anew(session: Session, one: Appeal, rater_id: str, why: str) -> Appeal:
    """Have somebody give the rating anew."""
    return _move(session, one, Move.REDO, {"rater_id": rater_id, "asked": why})


def decide(session: Session, one: Appeal, move: Move, decision: Decision) -> Appeal:
    """Decide it at its level, once."""
    done = _move(session, one, move, {"rater_id": ""})
    values = {
        "appeal_id": one.id,
        "level": decision.level,
        "decided_by": decision.by,
        "state": decision.state.value,
        "reason": decision.reason,
        "at": decision.at,
        "before": decision.before,
        "after": decision.after,
    }
    insert_new(session, DecisionRow, values)
    return replace(done, decisions=(*one.decisions, decision))


def escalate(session: Session, one: Appeal, words: str) -> Appeal:
    """Its person asks for somebody else, with what they say to the decision."""
    cleared = {"handler_id": "", "named_by": "", "due_on": None, "rater_id": ""}
    said = f"{one.words}\n\n{words}"
    return _move(session, one, Move.ESCALATE, {"level": one.level + 1, "words": said, **cleared})


def _move(session: Session, one: Appeal, move: Move, values: dict[str, Any]) -> Appeal:
    """Make a move as long as nobody else has made one."""
    after = moved(one, move)
    if not touched(session, _as_it_stood(one).values(state=after.value, **values)):
        raise Refused("This appeal was settled meanwhile. Please look at the newest card.")
    return replace(one, state=after, **values)


def _as_it_stood(one: Appeal) -> Update:
    return update(AppealRow).where(
        AppealRow.id == one.id,
        AppealRow.state == one.state.value,
        AppealRow.level == one.level,
        AppealRow.handler_id == one.handler_id,
    )


# Inside -------------------------------------------------------------------------------------


def _with_decisions(session: Session, rows: Collection[AppealRow]) -> list[Appeal]:
    if not rows:
        return []
    made = select(DecisionRow).where(DecisionRow.appeal_id.in_([row.id for row in rows])).order_by(DecisionRow.level)
    found: dict[str, list[Decision]] = {}
    for one in session.scalars(made):
        decision = Decision(one.level, one.decided_by, State(one.state), one.reason, one.at, one.before, one.after)
        found.setdefault(one.appeal_id, []).append(decision)
    return [_appeal(row, found.get(row.id, ())) for row in rows]


def _appeal(row: AppealRow, decisions: Iterable[Decision]) -> Appeal:
    return Appeal(
        row.id,
        row.cycle_id,
        row.person_id,
        Kind(row.kind),
        row.words,
        row.wish,
        row.filed_at,
        State(row.state),
        row.level,
        row.handler_id,
        row.named_by,
        row.due_on,
        row.rater_id,
        row.asked,
        tuple(decisions),
    )
