"""Timers: what should happen when. The row is its own identity, so that nothing is due twice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, bindparam, delete, exists, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new, insert_or_update

GIVE_UP_AFTER = 8

_ALIVE = text("error = ''")
_FAILED = text("error <> ''")


class TimerRow(Base):
    """One step that is due for one person (or for the company, with an empty person)."""

    __tablename__ = "timers"
    __table_args__ = (
        Index("ix_timers_due", "due", "step", "person_id", "carry", postgresql_where=_ALIVE, sqlite_where=_ALIVE),
        Index("ix_timers_failed", "due", postgresql_where=_FAILED, sqlite_where=_FAILED),
    )
    step: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    carry: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Timer:
    """A timer that was taken: the step to run, for whom, and what it carries."""

    step: str
    person_id: str
    carry: str
    due: datetime
    attempts: int = 0


_DUE = (
    select(TimerRow.step, TimerRow.person_id, TimerRow.carry, TimerRow.due, TimerRow.attempts)
    .where(_ALIVE, TimerRow.due <= bindparam("now"))
    .order_by(TimerRow.due, TimerRow.step, TimerRow.person_id, TimerRow.carry)
    .limit(1)
    .with_for_update(skip_locked=True)
)
OF_PERSON = 1
"""Among PostgreSQL's advisory locks: those on a person, by a hash of the id; two with one hash wait for each other."""
_ALONE = select(func.pg_try_advisory_xact_lock(bindparam("of"), func.hashtext(bindparam("person_id"))))
_ANY_DUE = select(exists().where(_ALIVE, TimerRow.due <= bindparam("now")))
_HOW_MANY_DUE = select(func.count()).select_from(TimerRow).where(_ALIVE, TimerRow.due <= bindparam("now"))
_HOW_MANY_FAILED = select(func.count()).select_from(TimerRow).where(_FAILED)
_NEXT_DUE = select(func.min(TimerRow.due)).where(_ALIVE)
_FORGET = delete(TimerRow.__table__).where(  # type: ignore[arg-type]  # a mapped class has a real table
    TimerRow.step == bindparam("of_step"),
    TimerRow.person_id == bindparam("of_person"),
    TimerRow.carry == bindparam("carried"),
)
"""Made once: making a statement takes longer than executing it."""


def remind(session: Session, step: str, person_id: str, carry: str, due: datetime) -> None:
    """Have a step run at a moment; setting it again moves the moment."""
    new = {"step": step, "person_id": person_id, "carry": carry, "due": due, "attempts": 0, "error": ""}
    if insert_new(session, TimerRow, new):
        return
    row = session.get(TimerRow, (step, person_id, carry), with_for_update=True, populate_existing=True)
    if row is None:  # another worker has just taken it, and it is due anew
        insert_new(session, TimerRow, new)
        return
    row.due, row.attempts, row.error = due, 0, ""
    session.flush()


def remind_once(session: Session, step: str, person_id: str, carry: str, due: datetime) -> None:
    """Have a step run at a moment, unless it is planned already: then it stays where it is."""
    new = {"step": step, "person_id": person_id, "carry": carry, "due": due, "attempts": 0, "error": ""}
    insert_new(session, TimerRow, new)


def set_all(session: Session, new: Iterable[Timer]) -> None:
    """Set many timers in one statement; those that were set before move."""
    rows = [
        {"step": one.step, "person_id": one.person_id, "carry": one.carry, "due": one.due, "attempts": 0, "error": ""}
        for one in new
    ]
    insert_or_update(session, TimerRow, rows, ["due", "attempts", "error"])


def forget(session: Session, step: str, person_id: str, carry: str) -> None:
    """Cancel a timer, if there is one."""
    session.execute(_FORGET, {"of_step": step, "of_person": person_id, "carried": carry})


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether any step should have run by now."""
    return bool(session.scalar(_ANY_DUE, {"now": now}))


class Busy(Exception):  # noqa: N818 - it reads as what happened
    """Another worker runs a step for a person: two at once would not see what the other one says."""

    def __init__(self, person_id: str) -> None:
        super().__init__()
        self.person_id = person_id


def take_due(
    session: Session, now: datetime, but_not: Collection[str] = (), busy: Collection[str] = ()
) -> Timer | None:
    """Take the timer that is due the longest; it is gone when the transaction that runs its step commits.

    Left out are the steps in `but_not` and the people in `busy`. Raises Busy, to be asked again without that person.
    """
    due = _DUE.where(TimerRow.step.not_in(but_not)) if but_not else _DUE
    due = due.where(TimerRow.person_id.not_in(busy)) if busy else due
    row = session.execute(due, {"now": now}).one_or_none()
    if row is None:
        return None
    timer = Timer(*row)
    if timer.person_id and not _alone_with(session, timer.person_id):
        raise Busy(timer.person_id)
    forget(session, timer.step, timer.person_id, timer.carry)
    return timer


def take_all(session: Session, step: str, person_id: str, until: datetime) -> list[str]:
    """Take all that a step is due with for somebody before a moment: what each carries.

    Like the one that was taken they are gone when this transaction commits; one that another worker looks at stays.
    """
    theirs = _ALIVE, TimerRow.step == step, TimerRow.person_id == person_id, TimerRow.due < until
    due = select(TimerRow.carry).where(*theirs).order_by(TimerRow.due, TimerRow.carry)
    carried = list(session.scalars(due.with_for_update(skip_locked=True)))
    for carry in carried:
        forget(session, step, person_id, carry)
    return carried


def _alone_with(session: Session, person_id: str) -> bool:
    """Whether no other worker takes a person's timers until this transaction ends; never waits, so cannot deadlock."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(_ALONE, {"of": OF_PERSON, "person_id": person_id}))


def push_back(session: Session, timer: Timer, now: datetime, error: str) -> None:
    """A step failed: try later and later, so that it cannot block others; in the end keep it for HR to see."""
    attempts = timer.attempts + 1
    session.execute(
        update(TimerRow)
        .where(
            TimerRow.step == timer.step,
            TimerRow.person_id == timer.person_id,
            TimerRow.carry == timer.carry,
            TimerRow.due == timer.due,  # moved meanwhile, it is another matter
        )
        .values(
            attempts=attempts,
            due=now + timedelta(minutes=2**attempts),
            error=error if attempts >= GIVE_UP_AFTER else "",
        )
    )


def count_due(session: Session, now: datetime, steps: Collection[str] | None = None) -> int:
    """How many timers should have run by now: all of them, or those of some steps."""
    wanted = _HOW_MANY_DUE if steps is None else _HOW_MANY_DUE.where(TimerRow.step.in_(steps))
    return session.scalar(wanted, {"now": now}) or 0


def count_failed(session: Session) -> int:
    """How many steps failed so often that they are not tried any more."""
    return session.scalar(_HOW_MANY_FAILED) or 0


def forget_failed(session: Session, before: datetime) -> None:
    """Drop the steps that were given up before a moment: what they were about is over."""
    session.execute(delete(TimerRow).where(_FAILED, TimerRow.due < before))


def is_due(session: Session, step: str, person_id: str, now: datetime) -> bool:
    """Whether this step is due for somebody and has not run yet."""
    theirs = _ALIVE, TimerRow.step == step, TimerRow.person_id == person_id, TimerRow.due <= now
    return session.scalar(select(TimerRow.step).where(*theirs).limit(1)) is not None


def is_set(session: Session, steps: Collection[str], carry: str) -> bool:
    """Whether one of these steps is planned with something that begins like this."""
    of_steps = select(TimerRow.step).where(_ALIVE, TimerRow.step.in_(steps), TimerRow.carry.startswith(carry))
    return session.scalar(of_steps.limit(1)) is not None


def next_due(session: Session) -> datetime | None:
    """When the next timer is due."""
    return session.scalar(_NEXT_DUE)
