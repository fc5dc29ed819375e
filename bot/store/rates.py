"""How fast Slack may be called: a bucket for each method and each conversation, shared by all workers.

A bucket is one moment, `paid_until`: every call moves it on by `apart`, and a call may be made while it is not too far
ahead of now (the generic cell rate algorithm, ITU-T I.371). What Slack answers moves `apart` itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new, insert_or_update

BULK_AHEAD = timedelta(seconds=0.25)
"""What nobody waits for comes evenly: hardly ahead of its pace."""
CLICKS_AHEAD = timedelta(seconds=1.5)
"""What somebody waits for may go ahead of it."""
LONGEST_CLOSE = timedelta(minutes=10)
"""A bucket closed for longer than this was closed by a clock that was wrong."""
HOLD = timedelta(minutes=5)
"""How long after Slack said no the pace is kept."""
AGAIN = timedelta(seconds=10)
"""Slack says no again within this time: the pace is far too fast, not a little."""
SEARCHING, PROBING = 1.01, 1.0002
"""How much faster each call makes the next: far below the last good pace, or while none is known; and near it."""
A_LITTLE, A_LOT = 0.95, 0.87
SLOWEST = 0.25
"""Of what a bucket begins with, however often Slack says no: a storm that refuses everything teaches nothing."""


@dataclass(frozen=True)
class Limit:
    """How many calls a minute a bucket begins with, and how many it never exceeds."""

    per_minute: float
    most_per_minute: float


@dataclass(frozen=True)
class Allowance:
    """How many calls may be made now, for what somebody waits for and for the rest, and when the next one may be."""

    clicks: int
    bulk: int
    next_click: datetime
    next_bulk: datetime


class RateRow(Base):
    """One bucket."""

    __tablename__ = "rates"
    name: Mapped[str] = mapped_column(primary_key=True)
    apart: Mapped[int] = mapped_column(BigInteger)
    """Microseconds between two calls."""
    paid_until: Mapped[datetime]
    slowed_at: Mapped[datetime | None]
    good: Mapped[int | None] = mapped_column(BigInteger)
    """`apart` when Slack last said no after a long while without: how fast it had been taking calls until then."""
    refused: Mapped[int | None] = mapped_column(BigInteger)
    """`apart` when Slack last said no: what it takes lies below."""


_APART = select(RateRow.apart).where(RateRow.name == bindparam("named"))
_PAID = select(RateRow.name, RateRow.paid_until).where(RateRow.name.in_(bindparam("named", expanding=True)))
"""Made once: making a statement takes longer than executing it."""


def bucket(session: Session, name: str, limit: Limit, real_now: datetime) -> RateRow:
    """A bucket, locked until the unit of work ends, so that two workers never spend the same call."""
    row = session.get(RateRow, name, with_for_update=True, populate_existing=True)
    if row is None:
        apart = int(60_000_000 / limit.per_minute)
        insert_new(session, RateRow, {"name": name, "apart": apart, "paid_until": real_now, "slowed_at": None})
        row = session.get_one(RateRow, name, with_for_update=True, populate_existing=True)
    if row.paid_until > real_now + LONGEST_CLOSE:
        row.paid_until = real_now
    return row


def allowance(row: RateRow, real_now: datetime) -> Allowance:
    """What the bucket allows now."""
    apart = timedelta(microseconds=row.apart)
    paid = max(row.paid_until, real_now)
    for_clicks, for_bulk = CLICKS_AHEAD + apart, max(BULK_AHEAD, apart)
    return Allowance(
        max((real_now + for_clicks - paid) // apart, 0),
        max((real_now + for_bulk - paid) // apart, 0),
        paid + apart - for_clicks,
        paid + apart - for_bulk,
    )


def spend(row: RateRow, calls: int, real_now: datetime) -> None:
    """Pay for calls."""
    row.paid_until = max(row.paid_until, real_now) + calls * timedelta(microseconds=row.apart)


def quicken(row: RateRow, calls: int, limit: Limit, real_now: datetime) -> None:
    """A bucket that is used to its end gets faster with each call, but not while Slack said no a moment ago.

    Soon after, it gets no faster than a little less than what was refused: the last step down may have been too far.
    """
    since = abs(real_now - row.slowed_at) if row.slowed_at else timedelta.max
    fastest = 60_000_000 / limit.most_per_minute
    if since <= HOLD:
        growth = SEARCHING if since > AGAIN else 1.0
        fastest = min(max(fastest, (row.refused or row.apart) / A_LITTLE), row.apart)
    else:
        growth = SEARCHING if row.good is None or row.apart > row.good / A_LOT else PROBING
    row.apart = max(int(row.apart / growth**calls), int(fastest))


def book(session: Session, name: str, limit: Limit, real_now: datetime, patience: timedelta) -> timedelta:
    """Take the next place in a bucket's line: how long it is until that call may be made.

    Nothing is taken when that is longer than whoever asks has patience.
    """
    row = bucket(session, name, limit, real_now)
    wait = max(allowance(row, real_now).next_click - real_now, timedelta(0))
    if wait <= patience:
        spend(row, 1, real_now)
    if wait:
        quicken(row, 1, limit, real_now)
    return wait


def close(session: Session, name: str, limit: Limit, real_now: datetime, seconds: float) -> None:
    """Slack said no: nothing more for so many seconds, and slower from then on."""
    row = bucket(session, name, limit, real_now)
    pause = min(timedelta(seconds=seconds), LONGEST_CLOSE)
    since = abs(real_now - row.slowed_at) if row.slowed_at else timedelta.max
    still_closed = real_now < row.paid_until and since < pause
    row.paid_until = max(row.paid_until, real_now + pause)
    if still_closed:
        return  # calls that were under way together are one no
    if since > HOLD:
        row.good = row.apart
    row.refused = row.apart
    slower = row.apart / (A_LOT if since < AGAIN + pause else A_LITTLE)
    row.apart = int(min(slower, 60_000_000 / (limit.per_minute * SLOWEST)))
    row.slowed_at = real_now


def per_minute(session: Session, name: str, limit: Limit) -> float:
    """How many calls a minute a bucket allows at present."""
    apart = session.scalar(_APART, {"named": name})
    return 60_000_000 / apart if apart else limit.per_minute


def paid(session: Session, names: Iterable[str], real_now: datetime) -> dict[str, datetime]:
    """Until when the calls of these buckets are paid for, at least now."""
    rows = session.execute(_PAID, {"named": list(names)})
    until = {row.name: row.paid_until for row in rows if row.paid_until <= real_now + LONGEST_CLOSE}
    return {name: max(until.get(name, real_now), real_now) for name in names}


def is_ahead(name: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the calls of a bucket are paid for further ahead than `ahead` says, for a statement that is made once."""
    between = RateRow.paid_until.between(bindparam("paid_from"), bindparam("paid_to"))
    return exists().where(RateRow.name == name, between)


def ahead(real_now: datetime, apart: timedelta) -> dict[str, datetime]:
    """The values that `is_ahead` asks for."""
    return {"paid_from": real_now + apart + timedelta(microseconds=1), "paid_to": real_now + LONGEST_CLOSE}


def pay(session: Session, until: Mapping[str, datetime], limit: Limit) -> None:
    """Note for several buckets until when their calls are paid for."""
    apart = int(60_000_000 / limit.per_minute)
    rows = [{"name": name, "apart": apart, "paid_until": at, "slowed_at": None} for name, at in sorted(until.items())]
    insert_or_update(session, RateRow, rows, ["paid_until"])
