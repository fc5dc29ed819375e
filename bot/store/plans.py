"""Improvement plans: what was agreed to at the beginning stays; checkpoints, comments and an outcome come to it."""

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, Select, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.evidence import Kind as Said
from bot.domain.org import Person
from bot.domain.plan import MOST_COMMENTS, Ground, Outcome, Plan, Proposal, Source, Standing, Written
from bot.domain.refusal import Refused
from bot.domain.review import GAP
from bot.domain.talk import Kind
from bot.store import checkins, evidence, one_on_ones, results, reviews
from bot.store.db import Base, insert_new, touched
from bot.store.private import Private, PrivateList

_OPEN = text("outcome = ''")


class PlanRow(Base):
    """One plan. What stands above `more_days` is never written again."""

    __tablename__ = "plans"
    __table_args__ = (
        Index("ix_plans_person", "person_id", "started_at"),
        Index("ix_plans_open", "person_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    gap: Mapped[Private]
    facts: Mapped[PrivateList]
    standard: Mapped[Private]
    activities: Mapped[PrivateList]
    support: Mapped[Private]
    duties: Mapped[PrivateList]
    starts_on: Mapped[date]
    days: Mapped[int]
    every: Mapped[int]
    grounds: Mapped[PrivateList]
    items: Mapped[PrivateList]
    started_at: Mapped[datetime]
    manager_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    hr_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    more_days: Mapped[int]
    seen_at: Mapped[datetime | None]
    comments: Mapped[PrivateList]
    proposed: Mapped[str]
    proposed_by: Mapped[str]
    proposed_why: Mapped[Private]
    sent_back: Mapped[Private]
    """Why HR sent the last proposal back, until there is another."""
    outcome: Mapped[str]
    why: Mapped[Private]
    ended_on: Mapped[date | None]


class PlanCheckpointRow(Base):
    """What the manager wrote at one checkpoint, once."""

    __tablename__ = "plan_checkpoints"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    standing: Mapped[str]
    seen: Mapped[Private]
    done: Mapped[Private]
    written_by: Mapped[str]


# Reading ----------------------------------------------------------------------------------


def get(session: Session, plan_id: str) -> Plan | None:
    """The plan with this id."""
    return _one(session, select(PlanRow).where(PlanRow.id == plan_id))


def open_of(session: Session, person_id: str) -> Plan | None:
    """The plan that runs for somebody, if there is one."""
    return _one(session, select(PlanRow).where(PlanRow.person_id == person_id, _OPEN))


def newest_of(session: Session, person_id: str) -> Plan | None:
    """The plan that runs for somebody, else the last one."""
    theirs = select(PlanRow).where(PlanRow.person_id == person_id)
    return _one(session, theirs.order_by(PlanRow.outcome != "", PlanRow.started_at.desc()).limit(1))


def open_around(session: Session, person_ids: Collection[str], hr_id: str) -> list[Plan]:
    """The plans that run for these people, or with this one of HR; the oldest first."""
    those = or_(PlanRow.person_id.in_(person_ids), PlanRow.hr_id == hr_id)
    return _read(session, select(PlanRow).where(_OPEN, those).order_by(PlanRow.started_at, PlanRow.id))


def every_open(session: Session) -> list[Plan]:
    """All plans that run, the oldest first."""
    return _read(session, select(PlanRow).where(_OPEN).order_by(PlanRow.started_at, PlanRow.id))


def grounds(session: Session, person: Person, manager_id: str) -> list[Ground]:
    """What this manager said earlier that the person could read, by the day it was there to read, the oldest first."""

    def day(at: datetime) -> date:
        return at.astimezone(ZoneInfo(person.tz)).date()

    pair = one_on_ones.Pair(manager_id, person.id)
    found = [
        *(
            Ground(Source.CHECKIN, f"{one.cycle_id}/{one.day}", day(at), one.comment)
            for one, at in checkins.comments_by(session, person.id, manager_id)
        ),
        *(
            Ground(Source.FEEDBACK, one.id, day(one.at), one.word("behaviour"))
            for one in evidence.known_to(session, manager_id)
            if one.kind is Said.FEEDBACK and (one.author_id, one.about_id) == (manager_id, person.id)
        ),
        *(
            Ground(Source.NOTE, one.id, day(one.at), one.text)
            for one in one_on_ones.entries(session, pair, person.id)
            if one.kind is Kind.SHARED and one.author_id == manager_id
        ),
        *_reviewed(session, person),
    ]
    return sorted(found, key=lambda one: (one.day, one.ref))


def _reviewed(session: Session, person: Person) -> list[Ground]:
    """Gaps in reviews of earlier cycles; a person reads them from the release on."""
    found = []
    for one in results.released_in(session, [person.id]):
        review = reviews.manager_review(session, one.cycle_id, person.id)
        if review and review.sent and review.note(GAP) and one.released_at:
            released_on = one.released_at.astimezone(ZoneInfo(person.tz)).date()
            found.append(Ground(Source.REVIEW, one.cycle_id, released_on, review.note(GAP)))
    return found


# Writing ----------------------------------------------------------------------------------


def begin(session: Session, plan: Plan, at: datetime) -> Plan:
    """Keep a new plan; a second one beside a plan that runs is refused."""
    kept = replace(plan, id=secrets.token_hex(6))
    frozen = {name: getattr(kept, name) for name in ("id", "person_id", "gap", "standard", "support", "starts_on",
                                                     "days", "every", "manager_id", "hr_id")}  # fmt: skip
    listed = {name: list(getattr(kept, name)) for name in ("activities", "duties", "items")}
    blank = {"more_days": 0, "comments": [], "outcome": "", "why": "", "sent_back": "", **_PROPOSED_NOTHING}
    facts = [[day.isoformat(), words] for day, words in kept.facts]
    rests_on = [[one.source.value, one.ref, one.day.isoformat()] for one in kept.grounds]
    new = {**frozen, **listed, **blank, "facts": facts, "grounds": rests_on, "started_at": at}
    if not insert_new(session, PlanRow, new):
        raise Refused("A plan runs for this person already.")
    return kept


def write(session: Session, plan: Plan, one: Written) -> None:
    """Keep a checkpoint; what was written stays."""
    said = {"standing": one.standing.value, "seen": one.seen, "done": one.done}
    if not insert_new(
        session, PlanCheckpointRow, {"plan_id": plan.id, "n": one.n, "day": one.day, "written_by": one.by, **said}
    ):
        raise Refused("This checkpoint is written already.")


def see(session: Session, plan: Plan, at: datetime) -> None:
    """The person has seen the plan; the first time counts."""
    session.execute(update(PlanRow).where(PlanRow.id == plan.id, PlanRow.seen_at.is_(None)).values(seen_at=at))


def comment(session: Session, plan: Plan, day: date, words: str) -> None:
    """Keep what the person says to their plan; what they said before stays."""
    row = session.get_one(PlanRow, plan.id, with_for_update=True, populate_existing=True)
    if len(row.comments) >= MOST_COMMENTS:
        raise Refused("The plan holds {most} comments. Please talk to the two directly.", most=MOST_COMMENTS)
    row.comments = [*row.comments, [day.isoformat(), words]]
    session.flush()


_PROPOSED_NOTHING = {"proposed": "", "proposed_by": "", "proposed_why": ""}


def propose(session: Session, plan: Plan, one: Proposal) -> None:
    """Keep a proposed outcome until it has its second press."""
    values = {"proposed": one.outcome.value, "proposed_by": one.by, "proposed_why": one.why}
    free = update(PlanRow).where(PlanRow.id == plan.id, _OPEN, PlanRow.proposed == "")
    _once(session, free.values(**values, sent_back=""))


def send_back(session: Session, plan: Plan, word: str) -> None:
    """The proposed outcome does not stand, and why; the plan goes on."""
    _once(session, _proposed(plan).values(**_PROPOSED_NOTHING, sent_back=word))


def settle(session: Session, plan: Plan, day: date, more_days: int) -> None:
    """The proposed outcome stands: the plan is over, or goes on for some days; its standard stays what it was."""
    if plan.proposal is None:
        raise Refused("This was decided or withdrawn meanwhile.")
    if plan.proposal.outcome is Outcome.EXTENDED:
        values: dict[str, Any] = {"more_days": more_days}
    else:
        values = {"outcome": plan.proposal.outcome.value, "ended_on": day}
    _once(session, _proposed(plan).values(**values, **_PROPOSED_NOTHING, why=plan.proposal.why))


def leave(session: Session, plan: Plan, day: date) -> None:
    """Its person has left, so it is over; what was proposed is not needed any more."""
    running = update(PlanRow).where(PlanRow.id == plan.id, _OPEN)
    session.execute(running.values(outcome=Outcome.LEFT.value, ended_on=day, **_PROPOSED_NOTHING))


def hand_over(session: Session, plan: Plan, manager_id: str) -> None:
    """The person reports to somebody else now, who has the manager's part from here on."""
    session.execute(update(PlanRow).where(PlanRow.id == plan.id).values(manager_id=manager_id))


# Inside -----------------------------------------------------------------------------------


def _proposed(plan: Plan) -> Any:
    proposal = plan.proposal
    stands = PlanRow.proposed == (proposal.outcome.value if proposal else ""), PlanRow.proposed != ""
    return update(PlanRow).where(PlanRow.id == plan.id, _OPEN, *stands)


def _once(session: Session, change: Any) -> None:
    if not touched(session, change):
        raise Refused("This was decided or withdrawn meanwhile.")


def _one(session: Session, wanted: Select[Any]) -> Plan | None:
    return next(iter(_read(session, wanted)), None)


def _read(session: Session, wanted: Select[Any]) -> list[Plan]:
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    written: dict[str, list[Written]] = {row.id: [] for row in rows}
    if rows:
        theirs = select(PlanCheckpointRow).where(PlanCheckpointRow.plan_id.in_(written)).order_by(PlanCheckpointRow.n)
        for row in session.scalars(theirs):
            one = Written(row.n, row.day, Standing(row.standing), row.seen, row.done, row.written_by)
            written[row.plan_id].append(one)
    return [_plan(row, written[row.id]) for row in rows]


def _plan(row: PlanRow, written: Collection[Written]) -> Plan:
    proposal = Proposal(Outcome(row.proposed), row.proposed_by, row.proposed_why) if row.proposed else None
    return Plan(
        row.id, row.person_id, row.manager_id, row.hr_id, row.gap, _dated(row.facts), row.standard,
        tuple(row.activities), row.support, tuple(row.duties), row.starts_on, row.days, row.every,
        tuple(Ground(Source(kind), ref, date.fromisoformat(day)) for kind, ref, day in row.grounds),
        tuple(row.items), row.more_days, row.seen_at, _dated(row.comments), proposal, row.sent_back,
        Outcome(row.outcome) if row.outcome else None, row.why, row.ended_on, tuple(written),
    )  # fmt: skip


def _dated(kept: list[Any]) -> tuple[tuple[date, str], ...]:
    return tuple((date.fromisoformat(day), words) for day, words in kept)
