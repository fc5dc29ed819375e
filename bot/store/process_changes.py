"""Proposed changes of the process, what became of them, and what they changed in which cycle."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import CycleKind, Stage
from bot.domain.process_change import POLICY, STAGE, Change, State, of_policy, stage_field, usual_lengths
from bot.domain.process_parts import OF_TEMPLATE, SCORE, of_template
from bot.domain.refusal import Refused
from bot.domain.score_choice import of_rules, with_score
from bot.domain.score_rules import ScoreRules
from bot.domain.template import Template
from bot.store import policy, score_rules
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private

SETTLED = (State.ADOPTED, State.ACCEPTED)
_OPEN = text("state IN ('proposed', 'accepted')")


class ProcessChangeRow(Base):
    """One change; of those that are not settled there is one for each field."""

    __tablename__ = "process_changes"
    __table_args__ = (Index("ix_process_changes_one", "path", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),)
    id: Mapped[str] = mapped_column(primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    path: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    why: Mapped[Private]
    proposed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    suggestion_id: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    decided_by: Mapped[str]
    reason: Mapped[Private]
    adopted_in: Mapped[str]


def _change(row: ProcessChangeRow) -> Change:
    return Change(
        row.id, row.cycle_id, row.path, row.before, row.after, row.why, row.proposed_by, row.proposed_at,
        row.suggestion_id, State(row.state), row.decided_by, row.reason, row.adopted_in,
    )  # fmt: skip


def propose(session: Session, change: Change) -> Change:
    """Keep a proposal; one for a field that waits for a decision or a cycle already is refused."""
    change_id = secrets.token_hex(4)
    row = {
        "id": change_id, "cycle_id": change.cycle_id, "path": change.path, "before": change.before,
        "after": change.after, "why": change.why, "proposed_by": change.proposed_by,
        "proposed_at": change.proposed_at, "suggestion_id": change.suggestion_id, "state": State.PROPOSED.value,
        "decided_by": "", "reason": "", "adopted_in": "",
    }  # fmt: skip
    if not insert_new(session, ProcessChangeRow, row):
        raise Refused("A change of this waits already. Please have that one decided first.")
    return get(session, change_id)


def get(session: Session, change_id: str) -> Change:
    """The change with this id; one that does not exist is refused."""
    row = session.get(ProcessChangeRow, change_id, populate_existing=True)
    if row is None:
        raise Refused("This change is not kept any more.")
    return _change(row)


def decide(session: Session, change_id: str, state: State, reason: str, by: str) -> Change:
    """Accept or decline a proposal, once."""
    waiting = ProcessChangeRow.id == change_id, ProcessChangeRow.state == State.PROPOSED.value
    decided = update(ProcessChangeRow).where(*waiting)
    if not touched(session, decided.values(state=state.value, reason=reason, decided_by=by)):
        raise Refused("This was decided meanwhile. Please look at it again.")
    return get(session, change_id)


def settle(session: Session, change_id: str, state: State, adopted_in: str = "") -> None:
    """A cycle begins: an accepted change is adopted in it, or was overtaken."""
    accepted = ProcessChangeRow.id == change_id, ProcessChangeRow.state == State.ACCEPTED.value
    session.execute(update(ProcessChangeRow).where(*accepted).values(state=state.value, adopted_in=adopted_in))


def in_state(session: Session, states: Collection[State]) -> list[Change]:
    """The changes that stand there, the oldest first."""
    wanted = select(ProcessChangeRow).where(ProcessChangeRow.state.in_([one.value for one in states]))
    rows = session.scalars(wanted.order_by(ProcessChangeRow.proposed_at, ProcessChangeRow.id))
    return [_change(row) for row in rows]


def adopted_in(session: Session, cycle_id: str) -> list[Change]:
    """What a cycle began with, that was otherwise before."""
    wanted = select(ProcessChangeRow).where(ProcessChangeRow.adopted_in == cycle_id)
    return [_change(row) for row in session.scalars(wanted.order_by(ProcessChangeRow.proposed_at, ProcessChangeRow.id))]


def stage_lengths(session: Session, kind: CycleKind, states: Collection[State] = SETTLED) -> dict[Stage, int]:
    """How long stages of such a cycle last by what was accepted; the newest counts."""
    known = [one for one in in_state(session, states) if one.path.startswith(f"{STAGE}/")]
    by_field = {one.path: int(one.after) for one in known}
    return {stage: by_field[path] for stage in Stage if (path := stage_field(kind, stage)) in by_field}


def value_now(session: Session, path: str, in_use: Mapping[str, Template]) -> str | None:
    """How a field stands now, as a word; None where there is nothing of this name any more."""
    part, _, rest = path.partition("/")
    if part == POLICY:
        return of_policy(policy.current(session), rest)
    if part == SCORE:
        return of_rules(score_rules.newest(session), rest)
    if part in OF_TEMPLATE:
        return of_template(in_use[rest], part) if rest in in_use else None
    kind, _, stage = rest.partition("/")
    adopted = stage_lengths(session, CycleKind(kind), [State.ADOPTED])
    return str({**usual_lengths(), **adopted}[Stage(stage)])


def rules_to_come(session: Session, path: str, value: str) -> ScoreRules:
    """The rules of scoring with what was accepted already, and with this value in one of their fields."""
    rules = score_rules.newest(session)
    accepted = {one.path: one.after for one in in_state(session, [State.ACCEPTED])} | {path: value}
    for field, after in accepted.items():
        part, _, name = field.partition("/")
        rules = with_score(rules, name, after) if part == SCORE else rules
    return rules
