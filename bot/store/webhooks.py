"""Webhooks: addresses that are told what happens, and the deliveries that are on their way to them.

A delivery is written in the unit of work of what it tells, so it is there exactly when that happened. It is sent
outside: one that was sent but not recorded, because a process ended in between, is sent again under the same id.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused, Sentence
from bot.domain.webhook import Event, State, Target, Told, next_try
from bot.store.cycles import CycleRow
from bot.store.db import Base
from bot.store.people import PersonRow

LEASE = timedelta(minutes=1)
"""A try takes ten seconds at most; who was killed in one loses it then."""
AT_ONCE = 10
"""Deliveries that one worker sends at the same time."""


class WebhookRow(Base):
    """One address. `secret` is the name of a variable; one that is `off` is told nothing."""

    __tablename__ = "webhooks"
    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[Any]]
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    off: Mapped[bool] = mapped_column(default=False)


class DeliveryRow(Base):
    """One event for one address. `due`, `first_at` and the lease go by the real clock, `at` by the one of people."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_due", "state", "due"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id"), index=True)
    event: Mapped[str]
    at: Mapped[datetime]
    cycle_id: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]
    due: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    first_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[dict[str, Any] | None]


@dataclass(frozen=True)
class Webhook:
    """An address as HR sees it, with how many deliveries stand how."""

    id: str
    target: Target
    off: bool
    counts: Mapping[State, int]


@dataclass(frozen=True)
class Delivery:
    """One delivery as HR sees it."""

    id: str
    event: Event
    at: datetime
    cycle: str
    person: str
    state: State
    attempts: int
    problem: Sentence | None


@dataclass(frozen=True)
class Posting:
    """What is to be sent now, where to, and under which secret."""

    told: Told
    url: str
    secret: str


# What happens is written down ---------------------------------------------------------------


_ON = select(WebhookRow).where(~WebhookRow.off)


def tell(
    session: Session, event: Event, cycle_id: str, person_ids: Iterable[str], at: datetime, real_now: datetime
) -> None:
    """Have every address that wants to know hear that this happened with these people."""
    wanting = [row.id for row in session.scalars(_ON) if event in row.events]
    rows = [
        {
            "id": secrets.token_hex(16),
            "webhook_id": webhook_id,
            "event": event.value,
            "at": at,
            "cycle_id": cycle_id,
            "person_id": person_id,
            "state": State.WAITING.value,
            "due": real_now,
            "attempts": 0,
        }
        for person_id in (person_ids if wanting else ())
        for webhook_id in wanting
    ]
    if rows:
        session.execute(insert(DeliveryRow), rows)


# Sending ------------------------------------------------------------------------------------


_DUE = (
    select(DeliveryRow, WebhookRow.url, WebhookRow.secret, CycleRow.name, PersonRow.email)
    .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
    .join(PersonRow, PersonRow.id == DeliveryRow.person_id)
    .outerjoin(CycleRow, CycleRow.id == DeliveryRow.cycle_id)
    .where(
        DeliveryRow.state == State.WAITING.value,
        DeliveryRow.due <= bindparam("real_now"),
        or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= bindparam("real_now")),
        ~WebhookRow.off,
    )
    .order_by(DeliveryRow.due, DeliveryRow.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, of=DeliveryRow)
)
"""Made once: making a statement takes longer than executing it."""


def take_due(session: Session, real_now: datetime) -> list[Posting]:
    """Take what is due the longest, for as long as a try may last."""
    taken = []
    for row, url, secret, cycle, email in session.execute(_DUE, {"real_now": real_now}):
        row.leased_until = real_now + LEASE
        told = Told(row.id, Event(row.event), row.at, row.cycle_id, cycle or "", row.person_id, email)
        taken.append(Posting(told, url, secret))
    session.flush()
    return taken


def was_tried(session: Session, delivery_id: str, real_now: datetime, problem: Sentence | None) -> str:
    """Note what came of a try; gives the address whose first delivery died of it, else nothing."""
    row = session.get(DeliveryRow, delivery_id, with_for_update=True)
    if row is None or row.state != State.WAITING.value:
        return ""
    row.attempts += 1
    row.first_at, row.leased_until = row.first_at or real_now, None
    row.problem = {"text": problem.text, "facts": dict(problem.facts)} if problem else None
    due = next_try(row.id, row.attempts, row.first_at, real_now) if problem else None
    row.due = due or real_now
    row.state = State.WAITING.value if due else State.DEAD.value if problem else State.SENT.value
    session.flush()
    died = row.state == State.DEAD.value and _counts(session).get(row.webhook_id, {})[State.DEAD] == 1
    return row.webhook_id if died else ""


def forget_before(session: Session, real_sent: datetime, real_dead: datetime) -> None:
    """Drop what was sent before one moment, and what died before another."""
    for state, before in ((State.SENT, real_sent), (State.DEAD, real_dead)):
        session.execute(delete(DeliveryRow).where(DeliveryRow.state == state.value, DeliveryRow.due < before))


# What HR does -------------------------------------------------------------------------------


def every(session: Session) -> list[Webhook]:
    """All addresses, the oldest first."""
    rows = session.scalars(select(WebhookRow).order_by(WebhookRow.added_at, WebhookRow.id)).all()
    counts = _counts(session) if rows else {}
    return [_webhook(row, counts.get(row.id, {})) for row in rows]


def get(session: Session, webhook_id: str) -> Webhook:
    """One address; one that does not exist is refused."""
    return _webhook(_row(session, webhook_id), _counts(session).get(webhook_id, {}))


def keep(session: Session, target: Target, *, by: str, at: datetime, webhook_id: str = "") -> str:
    """Keep a new address, or another way to one that is known; gives its id."""
    if webhook_id:
        row = _row(session, webhook_id)
    else:
        row = WebhookRow(id=secrets.token_hex(4), added_by=by, added_at=at, off=False)
        session.add(row)
    row.url, row.secret, row.events = target.url, target.secret, sorted(target.events)
    session.flush()
    return row.id


def turn(session: Session, webhook_id: str, *, off: bool) -> None:
    """Turn an address off or on. What waits for it waits on."""
    _row(session, webhook_id).off = off
    session.flush()


_URGENT = case({State.DEAD.value: 0, State.WAITING.value: 1}, value=DeliveryRow.state, else_=2)


def deliveries(session: Session, webhook_id: str, most: int) -> list[Delivery]:
    """The newest deliveries to an address; dead ones first, then those on their way."""
    wanted = (
        select(DeliveryRow, PersonRow.name, CycleRow.name)
        .join(PersonRow, PersonRow.id == DeliveryRow.person_id)
        .outerjoin(CycleRow, CycleRow.id == DeliveryRow.cycle_id)
        .where(DeliveryRow.webhook_id == webhook_id)
        .order_by(_URGENT, DeliveryRow.at.desc(), DeliveryRow.id)
        .limit(most)
    )
    return [_delivery(row, cycle or "", person) for row, person, cycle in session.execute(wanted)]


def send_again(session: Session, webhook_id: str, real_now: datetime, delivery_id: str = "") -> int:
    """Have a delivery sent again, or all dead ones of an address; under the id that each had. Gives how many."""
    which = DeliveryRow.id == delivery_id if delivery_id else DeliveryRow.state == State.DEAD.value
    ids = session.scalars(
        select(DeliveryRow.id).where(
            DeliveryRow.webhook_id == webhook_id, which, DeliveryRow.state != State.WAITING.value
        )
    ).all()
    anew = {"state": State.WAITING.value, "due": real_now, "first_at": None, "attempts": 0, "leased_until": None}
    if ids:
        session.execute(update(DeliveryRow).where(DeliveryRow.id.in_(ids)).values(anew))
    return len(ids)


def count_dead(session: Session) -> int:
    """How many deliveries nobody tries any more, of addresses that are on."""
    return session.scalar(_DEAD) or 0


_DEAD = (
    select(func.count())
    .select_from(DeliveryRow)
    .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
    .where(DeliveryRow.state == State.DEAD.value, ~WebhookRow.off)
)


def secrets_wanted(session: Session) -> Sequence[str]:
    """The variables that addresses which are on need."""
    return sorted({row.secret for row in session.scalars(_ON)})


# Inside -------------------------------------------------------------------------------------


def _row(session: Session, webhook_id: str) -> WebhookRow:
    row = session.get(WebhookRow, webhook_id)
    if row is None:
        raise Refused("This address is not known here any more.")
    return row


def _counts(session: Session) -> dict[str, dict[State, int]]:
    by_state = select(DeliveryRow.webhook_id, DeliveryRow.state, func.count())
    found: dict[str, dict[State, int]] = {}
    for webhook_id, state, n in session.execute(by_state.group_by(DeliveryRow.webhook_id, DeliveryRow.state)):
        found.setdefault(webhook_id, {})[State(state)] = n
    return found


def _webhook(row: WebhookRow, counts: Mapping[State, int]) -> Webhook:
    return Webhook(row.id, Target(row.url, row.secret, frozenset(map(Event, row.events))), row.off, counts)


def _delivery(row: DeliveryRow, cycle: str, person: str) -> Delivery:
    problem = Sentence(row.problem["text"], row.problem["facts"]) if row.problem else None
    return Delivery(row.id, Event(row.event), row.at, cycle, person, State(row.state), row.attempts, problem)
