"""Talks about results: when they are due and were held, what both prepared, what was minuted; who may see what when."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cadence import IsWorkday
from bot.domain.interview import Cause, Interview, Prepared, Side, Waits, shown_from
from bot.domain.interview import may_see as rule
from bot.domain.org import Person
from bot.domain.policy import ResultShown
from bot.domain.refusal import Refused
from bot.domain.score import Rated
from bot.domain.team import Duty
from bot.store import people, policy, reporting
from bot.store.db import Base, insert_new, keep_row, touched
from bot.store.private import Private, PrivateDict, PrivateList
from bot.store.results import Result


class InterviewRow(Base):
    """The talk about one person's result in one cycle."""

    __tablename__ = "interviews"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    manager_id: Mapped[str]
    released_on: Mapped[date]
    due_on: Mapped[date]
    planned_on: Mapped[date]
    held_on: Mapped[date | None]
    marked_at: Mapped[datetime | None]
    took: Mapped[int | None]
    minutes: Mapped[Private]
    gaps: Mapped[PrivateList]
    posted_at: Mapped[datetime | None]
    comment: Mapped[Private]
    seen_at: Mapped[datetime | None]
    begins_at: Mapped[datetime | None]
    moves: Mapped[int] = mapped_column(default=0, server_default="0")
    person_asked_on: Mapped[date | None]
    manager_asked_on: Mapped[date | None]
    led_by: Mapped[str] = mapped_column(default="", server_default="")
    minutes_by: Mapped[str] = mapped_column(default="", server_default="")


class PreparationRow(Base):
    """What one side prepared."""

    __tablename__ = "interview_preparations"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    strengths: Mapped[PrivateList]
    gaps: Mapped[PrivateList]
    causes: Mapped[PrivateDict]
    examples: Mapped[Private]
    wish: Mapped[Private]
    sent_at: Mapped[datetime]


_MINE = (
    select(InterviewRow)
    .where(InterviewRow.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(InterviewRow.released_on.desc(), InterviewRow.person_id)
    .execution_options(populate_existing=True)
)
"""Made once: making a statement takes longer than executing it."""


def _interview(row: InterviewRow) -> Interview:
    return Interview(
        row.cycle_id, row.person_id, row.manager_id, row.released_on, row.due_on, row.planned_on, row.held_on,
        row.marked_at, row.took, row.minutes, tuple(row.gaps), row.posted_at, row.comment, row.seen_at,
        row.begins_at, row.moves, row.person_asked_on, row.manager_asked_on, row.led_by, row.minutes_by,
    )  # fmt: skip


# Reading ----------------------------------------------------------------------------------


def find(session: Session, cycle_id: str, person_id: str) -> Interview | None:
    """The talk about somebody's result, if there is to be one."""
    row = session.get(InterviewRow, (cycle_id, person_id), populate_existing=True)
    return _interview(row) if row else None


def of_people(session: Session, person_ids: Iterable[str]) -> list[Interview]:
    """All talks of these people, those of the newest results first."""
    return [_interview(row) for row in session.scalars(_MINE, {"ids": sorted(person_ids)})]


def in_cycle(session: Session, cycle_id: str) -> list[Interview]:
    """All talks of a cycle."""
    rows = select(InterviewRow).where(InterviewRow.cycle_id == cycle_id).order_by(InterviewRow.person_id)
    return [_interview(row) for row in session.scalars(rows)]


def asked_back(session: Session, reader_id: str, team: Collection[str], day: date) -> list[Interview]:
    """The talks that stand on somebody's card of a day, to look back on: their own, and those with their team."""
    own = and_(InterviewRow.person_id == reader_id, InterviewRow.person_asked_on == day)
    led = and_(InterviewRow.person_id.in_(team), InterviewRow.manager_asked_on == day)
    rows = select(InterviewRow).where(or_(own, led)).order_by(InterviewRow.held_on, InterviewRow.person_id)
    return [_interview(row) for row in session.scalars(rows, execution_options={"populate_existing": True})]


def newest_cycle(session: Session) -> str | None:
    """The cycle whose talks began last."""
    return session.scalar(select(InterviewRow.cycle_id).order_by(InterviewRow.released_on.desc()).limit(1))


def open_since(session: Session, day: date) -> list[Interview]:
    """The talks about results released on this day or later that were not held yet, in any cycle."""
    waiting = InterviewRow.held_on.is_(None), InterviewRow.released_on >= day
    rows = select(InterviewRow).where(*waiting).order_by(InterviewRow.due_on)
    return [_interview(row) for row in session.scalars(rows)]


def going_on(session: Session, since: date) -> list[Interview]:
    """The talks that somebody may still be asked about: their results were released, or they were held, since a day."""
    waits = and_(InterviewRow.held_on.is_(None), InterviewRow.released_on >= since)
    rows = select(InterviewRow).where(or_(waits, InterviewRow.held_on >= since))
    return [_interview(row) for row in session.scalars(rows.order_by(InterviewRow.cycle_id, InterviewRow.person_id))]


def held_on(session: Session, cycle_id: str, person_id: str) -> date | None:
    """The day of the talk about somebody's result; None while there was none."""
    found = find(session, cycle_id, person_id)
    return found.held_on if found else None


def days_to_talk(session: Session, cycle_id: str) -> list[int]:
    """How many working days of the manager it took from the release to each talk of a cycle, the shortest first."""
    return sorted(one.took for one in in_cycle(session, cycle_id) if one.took is not None)


def causes(session: Session, cycle_id: str) -> Counter[tuple[Side, Cause]]:
    """How often each side named each cause of a missed goal, in a cycle; no names."""
    rows = session.execute(select(PreparationRow.side, PreparationRow.causes).filter_by(cycle_id=cycle_id))
    return Counter((Side(side), Cause(one)) for side, by_goal in rows for some in by_goal.values() for one in some)


def prepared(session: Session, cycle_id: str, person_id: str) -> dict[Side, Prepared]:
    """What each side has sent; whoever shows it asks whether the reader may read it yet."""
    rows = session.scalars(
        select(PreparationRow).filter_by(cycle_id=cycle_id, person_id=person_id).order_by(PreparationRow.side.desc())
    )
    return {Side(row.side): _prepared(row) for row in rows}


def _prepared(row: PreparationRow) -> Prepared:
    by_goal = {goal_id: tuple(Cause(one) for one in some) for goal_id, some in row.causes.items()}
    return Prepared(
        Side(row.side), row.author_id, tuple(row.strengths), tuple(row.gaps), by_goal, row.examples, row.wish
    )


# Who is there, and what may be seen -------------------------------------------------------


def leader_of(session: Session, person_id: str, day: date) -> Person | None:
    """Whom somebody reports to on a day, as long as they are still in the company."""
    above = people.manager_of(session, person_id, day)
    return above if above and above.takes_part and above.id != person_id else None


def reads_prepared(session: Session, talk: Interview, reader_id: str, today: date) -> bool:
    """Whether what was prepared for a talk is a reader's to read: of one that was held not a later manager's.

    `reader_id` is the person, or somebody who leads them today or stands in for who does. It is theirs if who leads
    the person held it, or whoever stood in for them; a move that is entered for days gone by does not alter that.
    """
    if talk.held_on is None or reader_id in {talk.person_id, talk.manager_id}:
        return True
    lead = reporting.lead_of(session, talk.person_id, today)
    days = {talk.held_on, talk.marked_at.date() if talk.marked_at else talk.held_on}
    led = {talk.manager_id}.union(*(people.stood_in_for(session, talk.manager_id, day) for day in days))
    return lead is not None and lead.id in led


def who_answers(session: Session, person_id: str, day: date) -> list[Person]:
    """Who hears what somebody says to their result: the manager, else HR, else the owners; never the person alone."""
    if leader := leader_of(session, person_id, day):
        return [leader]
    hr, owners = people.holders(session, people.HR), people.holders(session, Duty.OWNER)
    return [one for one in hr if one.id != person_id] or [one for one in owners if one.id != person_id]


def may_see(session: Session, result: Result, today: date, works: IsWorkday) -> bool:
    """Whether the person may see their own released result now, and what follows from it: the one answer everywhere.

    `today` and `works` are the person's own.
    """
    if result.released_at is None:
        return False
    at_talk = policy.current(session).result_shown is ResultShown.AT_TALK
    if not at_talk or result.opened_at is not None or result.outcome.state is not Rated.RATED:
        return True
    with_whom = leader_of(session, result.person_id, today) is not None
    held = held_on(session, result.cycle_id, result.person_id)
    return rule(Waits(at_talk, False, with_whom, held, _released_on(session, result)), today, works)


def check_shown(session: Session, result: Result, today: date, works: IsWorkday) -> None:
    """Refuse a person whose own result waits for the talk, and say with whom, and when it opens without one."""
    if may_see(session, result, today, works):
        return
    with_whom = leader_of(session, result.person_id, today)
    raise Refused(
        "You see your result in the talk with {name}; on {day} at the latest, also without a talk.",
        name=with_whom.name if with_whom else "–",
        day=shown_on(session, result, works),
    )


def shown_on(session: Session, result: Result, works: IsWorkday) -> date:
    """The day on which a result that waits for the talk is shown without one."""
    return shown_from(_released_on(session, result), works)


def _released_on(session: Session, result: Result) -> date:
    person = people.get(session, result.person_id)
    at = result.released_at or result.computed_at
    return at.astimezone(ZoneInfo(person.tz if person else "UTC")).date()


# Keeping ----------------------------------------------------------------------------------


def begin(session: Session, interview: Interview) -> bool:
    """Have a talk be due; False when it was already."""
    return insert_new(session, InterviewRow, {**asdict(interview), "gaps": []})


def plan(session: Session, interview: Interview, day: date, begins_at: datetime | None) -> None:
    """Have it on this day, at this moment if one was chosen."""
    _change(session, interview, planned_on=day, begins_at=begins_at, moves=InterviewRow.moves + 1)


def hold(session: Session, interview: Interview, manager_id: str, day: date, took: int, at: datetime) -> bool:
    """They talked; True the first time only, which is what counts.

    What an earlier manager had prepared was for a talk that did not come about: it is read by nobody, and goes,
    whatever day is named. Whom the one who held it stands in for is who leads the person as it is noted.
    """
    values = {"manager_id": manager_id, "held_on": day, "took": took, "marked_at": at}
    if not _change(session, interview, InterviewRow.held_on.is_(None), **values):
        return False
    lead = reporting.lead_of(session, interview.person_id, at.date())
    there = {interview.person_id, manager_id, *([lead.id] if lead else [])}
    theirs = PreparationRow.cycle_id == interview.cycle_id, PreparationRow.person_id == interview.person_id
    session.execute(delete(PreparationRow).where(*theirs, PreparationRow.author_id.not_in(there)))
    return True


def hand_over(session: Session, interview: Interview, manager_id: str) -> bool:
    """Somebody else leads the person now, and everybody around the talk is about to be told; True the first time."""
    as_known, values = InterviewRow.led_by == interview.led_by, dict[str, Any](led_by=manager_id, manager_asked_on=None)
    if interview.is_set and interview.held_on is None:
        values["moves"] = InterviewRow.moves + 1  # whoever has it in a calendar sees with whom it is now
    return _change(session, interview, as_known, **values)


def draft(session: Session, interview: Interview, minutes: str, gaps: Collection[str], by: str) -> None:
    """Keep minutes that are not sent yet; sent ones stay, and whoever writes others meanwhile hears so."""
    unsent = InterviewRow.posted_at.is_(None)
    if not _change(session, interview, unsent, minutes=minutes, gaps=list(gaps), minutes_by=by):
        raise Refused("The minutes were sent already.")


def post(session: Session, interview: Interview, minutes: str, gaps: Collection[str], by: str, at: datetime) -> None:
    """Send the minutes, once."""
    unsent = InterviewRow.posted_at.is_(None)
    if not _change(session, interview, unsent, minutes=minutes, gaps=list(gaps), minutes_by=by, posted_at=at):
        raise Refused("The minutes were sent already.")


def see(session: Session, interview: Interview, comment: str, at: datetime) -> None:
    """The person has read the minutes, once, and may have something to say to them."""
    unseen = InterviewRow.posted_at.is_not(None), InterviewRow.seen_at.is_(None)
    if not _change(session, interview, *unseen, comment=comment, seen_at=at):
        raise Refused("You have said so already.")


def ask_back(session: Session, interview: Interview, reader_id: str, day: date | None) -> None:
    """Have a talk stand on one of the two's card of a day, to look back on; or on none any more."""
    whose = "person_asked_on" if reader_id == interview.person_id else "manager_asked_on"
    _change(session, interview, **{whose: day})


def prepare(session: Session, interview: Interview, one: Prepared, at: datetime) -> None:
    """Keep what one side prepared, in place of what it sent before; the two come one after the other."""
    session.execute(select(InterviewRow.person_id).where(*_one(interview)).with_for_update())
    of = {"cycle_id": interview.cycle_id, "person_id": interview.person_id}
    by_goal = {goal_id: [each.value for each in some] for goal_id, some in one.causes.items()}
    told = {"strengths": list(one.strengths), "gaps": list(one.gaps), "examples": one.examples, "wish": one.wish}
    row = {**of, **told, "side": one.side.value, "author_id": one.author_id, "causes": by_goal, "sent_at": at}
    keep_row(session, PreparationRow, row)


def _change(session: Session, interview: Interview, *where: Any, **values: Any) -> bool:
    return touched(session, update(InterviewRow).where(*_one(interview), *where).values(**values)) == 1


def _one(interview: Interview) -> tuple[ColumnElement[bool], ...]:
    return InterviewRow.cycle_id == interview.cycle_id, InterviewRow.person_id == interview.person_id
