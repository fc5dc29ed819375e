"""The outbox: for each key, the message that should stand in Slack; the sender makes it so.

Saying the same key again edits the message in place. Leases and waits are in real time, never in the wound clock.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Index, and_, func, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new, touched

MESSAGE = "message"
HOME = "home"
LEASE = timedelta(seconds=120)
WORTH_RENEWING = timedelta(seconds=60)
"""Less than this left of a lease is too little for a call that may take half a minute."""

_WAITING = text("wanted > sent AND error = ''")


class OutboxRow(Base):
    """One message or Home tab as it should be (`wanted`) and as it is (`sent`)."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_ready", "not_before", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_outbox_place", "channel", "ts"),
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    opaque: Mapped[str]
    person_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    urgent: Mapped[bool]
    wanted: Mapped[int]
    sent: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str] = mapped_column(default="")
    ts: Mapped[str] = mapped_column(default="")
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True)
class Wanted:
    """A claimed row: what should stand in Slack, and what is known of what stands there now."""

    key: str
    opaque: str
    person_id: str
    kind: str
    body: dict[str, Any]
    version: int
    channel: str
    ts: str
    attempts: int
    in_doubt: bool
    leased_until: datetime


@dataclass(frozen=True)
class Backlog:
    """How much is still to be sent, and how much was given up."""

    waiting: int
    given_up: int


def want(
    session: Session, key: str, person_id: str, body: dict[str, Any], real_now: datetime, *, urgent: bool, kind: str
) -> None:
    """Say what should stand under this key; the same body again changes nothing, unless it had been given up.

    The row is locked while it is compared, so that two turns which say one key at once end with the later one's words.
    """
    new = {"key": key, "opaque": secrets.token_hex(16), "person_id": person_id, "kind": kind, "body": body,
           "urgent": urgent, "wanted": 1, "sent": 0, "not_before": real_now, "channel": "", "ts": "", "attempts": 0,
           "error": ""}  # fmt: skip
    if insert_new(session, OutboxRow, new):
        return
    row = session.get_one(OutboxRow, key, with_for_update=True, populate_existing=True)
    if row.body != body or kind == HOME or row.error:
        row.body, row.urgent, row.not_before = body, urgent, real_now
        row.wanted, row.attempts, row.error = row.wanted + 1, 0, ""
        session.flush()


def want_homes_again(session: Session, person_ids: set[str], real_now: datetime) -> None:
    """Mark the Home tabs of these people as out of date; who never opened theirs has none."""
    if person_ids:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.key.in_([home_key(one) for one in person_ids]))
            .values(wanted=OutboxRow.wanted + 1, not_before=real_now, attempts=0, error="")
        )


def home_key(person_id: str) -> str:
    """The key of a person's Home tab."""
    return f"home/{person_id}"


def claim(session: Session, real_now: datetime, limit: int) -> list[Wanted]:
    """Lease what is ready to be sent, people's own clicks first; an expired lease is claimed again, in doubt."""
    ready = and_(
        OutboxRow.wanted > OutboxRow.sent,
        OutboxRow.error == "",
        OutboxRow.not_before <= real_now,
        or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= real_now),
    )
    rows = session.scalars(
        select(OutboxRow)
        .where(ready)
        .order_by(OutboxRow.urgent.desc(), OutboxRow.not_before, OutboxRow.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    claimed = [_wanted(row, real_now + LEASE) for row in rows]
    for row in rows:
        row.leased_until = real_now + LEASE
        row.attempts += 1
    return claimed


def _wanted(row: OutboxRow, leased_until: datetime) -> Wanted:
    return Wanted(
        row.key,
        row.opaque,
        row.person_id,
        row.kind,
        row.body,
        row.wanted,
        row.channel,
        row.ts,
        row.attempts,
        in_doubt=row.leased_until is not None and not row.ts,
        leased_until=leased_until,
    )


def still_mine(session: Session, wanted: Wanted, real_now: datetime) -> Wanted | None:
    """The claim with enough of its lease left for one call, renewed if need be; None when another worker has it."""
    if wanted.leased_until - real_now > WORTH_RENEWING:
        return wanted
    renewed = real_now + LEASE
    if wanted.leased_until <= real_now or not _settle(session, wanted, leased_until=renewed):
        return None
    return replace(wanted, leased_until=renewed)


def record_sent(session: Session, wanted: Wanted, channel: str, ts: str) -> None:
    """Note where the message stands; if more was wanted meanwhile, the row is ready again at once."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.key == wanted.key, OutboxRow.sent < wanted.version)
        .values(sent=wanted.version, channel=channel, ts=ts, leased_until=None, attempts=0)
    )


def put_back(session: Session, wanted: Wanted, until: datetime) -> None:
    """Slack surely did not take it this time: try again later. An older doubt stays."""
    _settle(session, wanted, leased_until=until if wanted.in_doubt else None, not_before=until)


def leave_in_doubt(session: Session, wanted: Wanted, until: datetime) -> None:
    """Slack may have taken it: keep the lease, so that the next claim looks before it posts."""
    _settle(session, wanted, leased_until=until, not_before=until)


def give_up(session: Session, wanted: Wanted, error: str) -> None:
    """This message cannot be delivered, and HR sees how many; newer words are tried all the same."""
    if not _settle(session, wanted, OutboxRow.wanted == wanted.version, leased_until=None, error=error):
        _settle(session, wanted, leased_until=None)


def forget_place(session: Session, wanted: Wanted) -> None:
    """The message that stood in Slack is gone: the next attempt posts anew."""
    _settle(session, wanted, leased_until=None, ts="", channel="")


def simplify(session: Session, wanted: Wanted, body: dict[str, Any]) -> None:
    """Slack refused some blocks: want the message without them, unless newer words are wanted."""
    if not _settle(session, wanted, OutboxRow.wanted == wanted.version, leased_until=None, body=body):
        _settle(session, wanted, leased_until=None)


def _settle(session: Session, wanted: Wanted, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Write what became of a claim, only while it is still ours."""
    mine = and_(OutboxRow.key == wanted.key, OutboxRow.leased_until == wanted.leased_until, *conditions)
    return touched(session, update(OutboxRow).where(mine).values(**values)) == 1


def backlog(session: Session) -> Backlog:
    """Count what waits and what was given up."""
    waiting = and_(OutboxRow.wanted > OutboxRow.sent, OutboxRow.error == "")
    counted = session.execute(select(func.count().filter(waiting), func.count().filter(OutboxRow.error != ""))).one()
    return Backlog(*counted)


def was_said(session: Session, key: str) -> bool:
    """Whether a message was ever wanted under this key."""
    return session.get(OutboxRow, key) is not None


def find_key(session: Session, channel: str, ts: str) -> str | None:
    """The key of the message that stands at this place, if it is one of ours."""
    return session.scalar(select(OutboxRow.key).where(OutboxRow.channel == channel, OutboxRow.ts == ts))
