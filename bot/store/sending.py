"""Sending what the outbox holds: what is ready is leased, paid for and sent, and what became of it is noted.

Leases and waits are in real time, never in the wound clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.store import rates
from bot.store.db import touched
from bot.store.outbox import EDIT, METHODS, POST, WAITING, OutboxRow
from bot.store.rates import Limit

LEASE = timedelta(seconds=120)
LONGEST_WAIT = timedelta(minutes=10)
"""No message is put off for longer; a later moment was written by a clock that was wrong."""
EACH_PERSON = "dm"
"""Among the limits: how fast one person may get messages."""
IN_A_ROW = 5
"""So many messages may come ahead of that: a few belong together."""

_FREE = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= bindparam("now"))


def _is_ready(method: str) -> ColumnElement[bool]:
    return and_(WAITING, OutboxRow.method == method, OutboxRow.not_before <= bindparam("now"), _FREE)


_SOME_READY = select(*(exists().where(_is_ready(method)) for method in METHODS))
_READY = {
    method: select(OutboxRow)
    .where(_is_ready(method), *([~rates.is_ahead("dm/" + OutboxRow.person_id)] if method == POST else []))
    .order_by(OutboxRow.bulk, OutboxRow.not_before, OutboxRow.key)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=OutboxRow)
    for method in METHODS
}
"""Made once: making a statement takes longer than executing it."""


@dataclass(frozen=True)
class Wanted:
    """A claimed row: what should stand in Slack, and what is known of what stands there now."""

    key: str
    opaque: str
    person_id: str
    method: str
    body: dict[str, Any]
    version: int
    channel: str
    ts: str
    attempts: int
    in_doubt: bool
    leased_until: datetime


@dataclass(frozen=True)
class Claim:
    """What was claimed, and when more of what is ready may be sent (None: nothing more is ready)."""

    rows: Sequence[Wanted]
    more_at: datetime | None


@dataclass(frozen=True)
class Room:
    """How many calls may be begun, and how many of them for what nobody waits for."""

    calls: int
    bulk: int


# What the sender claims ---------------------------------------------------------------------


def claim(session: Session, real_now: datetime, limits: Mapping[str, Limit], most: int, for_clicks: int = 0) -> Claim:
    """Lease what is ready and may be sent now, what somebody waits for first; an expired lease is in doubt.

    At most so many, of which some are kept for clicks.
    """
    claimed: list[Wanted] = []
    more: list[datetime] = []
    some = session.execute(_SOME_READY, {"now": real_now}).one()
    for method in (method for method, is_any in zip(METHODS, some, strict=True) if is_any):
        room = Room(most - len(claimed), max(most - for_clicks - len(claimed), 0))
        of_method = _claim_for(session, method, real_now, limits, room)
        claimed += of_method.rows
        more += [of_method.more_at] if of_method.more_at else []
    return Claim(claimed, min(more, default=None))


def _claim_for(session: Session, method: str, real_now: datetime, limits: Mapping[str, Limit], room: Room) -> Claim:
    """Lease what is ready for one method, and pay for it."""
    ready = _ready(session, method, real_now, room.calls, _apart(limits))
    if not ready:
        return Claim((), None)
    bucket = rates.bucket(session, method, limits[method], real_now)
    allowed = rates.allowance(bucket, real_now)
    afforded = _afforded(session, ready[: room.calls], allowed, real_now, limits, room)
    rates.spend(bucket, len(afforded), real_now)
    left = [row for row in ready if row not in afforded]
    is_full = sum(row.bulk for row in afforded) >= room.bulk  # then whatever is done first makes room, and rings
    left = [row for row in left if not (row.bulk and is_full)]
    claim = Claim([_leased(row, real_now) for row in afforded], None)
    if not left:
        return claim
    later, bulk = rates.allowance(bucket, real_now), all(row.bulk for row in left)
    if not (later.bulk if bulk else later.clicks):
        rates.quicken(bucket, len(afforded), limits[method], real_now)
    return replace(claim, more_at=later.next_bulk if bulk else later.next_click)


def _apart(limits: Mapping[str, Limit]) -> timedelta:
    """The time between two messages to one person."""
    return timedelta(minutes=1) / limits[EACH_PERSON].per_minute


def _ready(session: Session, method: str, real_now: datetime, most: int, apart: timedelta) -> Sequence[OutboxRow]:
    """What waits for one method, and one more than could be claimed, to know whether more waits."""
    if most <= 0:
        return ()
    ahead = rates.ahead(real_now, IN_A_ROW * apart)
    return session.scalars(_READY[method], {"now": real_now, "most": most + 1, **ahead}).all()


def _afforded(
    session: Session,
    ready: Sequence[OutboxRow],
    allowed: rates.Allowance,
    real_now: datetime,
    limits: Mapping[str, Limit],
    room: Room,
) -> list[OutboxRow]:
    """As many of what is ready as the method allows, and each person's conversation."""
    clicks = [row for row in ready if not row.bulk][: allowed.clicks]
    bulk = [row for row in ready if row.bulk][: max(min(allowed.bulk - len(clicks), room.bulk), 0)]
    if ready[0].method != POST:
        return clicks + bulk
    apart, afforded = _apart(limits), []
    until = rates.paid(session, {f"dm/{row.person_id}" for row in clicks + bulk}, real_now)
    for row in clicks + bulk:
        name = f"dm/{row.person_id}"
        if until[name] <= real_now + IN_A_ROW * apart:
            until[name] += apart
            afforded.append(row)
    rates.pay(session, until, limits[EACH_PERSON])
    return afforded


def _leased(row: OutboxRow, real_now: datetime) -> Wanted:
    in_doubt = row.in_doubt or (row.leased_until is not None and not row.ts)
    row.leased_until = real_now + LEASE
    row.in_doubt = in_doubt
    row.attempts += 1
    return Wanted(row.key, row.opaque, row.person_id, row.method, row.body, row.wanted, row.channel, row.ts,
                  row.attempts, in_doubt, row.leased_until)  # fmt: skip


# What became of it --------------------------------------------------------------------------


def record_sent(session: Session, wanted: Wanted, channel: str, ts: str, *, whole: bool = True) -> None:
    """Note where the message stands; if more was wanted meanwhile, the row is ready again at once.

    So is one that was posted without its `whole` text, which an edit brings. A row that meanwhile passed to another
    reader knows nothing of it: what reached the first one stays with them.
    """
    method = EDIT if ts else wanted.method
    stands = {"sent": wanted.version if whole else OutboxRow.sent, "channel": channel, "ts": ts, "method": method}
    mine = and_(OutboxRow.key == wanted.key, OutboxRow.opaque == wanted.opaque, OutboxRow.sent < wanted.version)
    session.execute(update(OutboxRow).where(mine).values(**stands, leased_until=None, in_doubt=False, attempts=0))


def put_back(session: Session, wanted: Wanted, until: datetime) -> None:
    """Slack surely did not take it this time: try again later. An older doubt stays, and this was no attempt."""
    attempts = wanted.attempts - 1
    _settle(session, wanted, leased_until=None, not_before=until, in_doubt=wanted.in_doubt, attempts=attempts)


def leave_in_doubt(session: Session, wanted: Wanted, until: datetime) -> None:
    """Slack may have taken it: the next claim looks before it posts."""
    _settle(session, wanted, leased_until=None, not_before=until, in_doubt=not wanted.ts)


def give_up(session: Session, wanted: Wanted, error: str) -> None:
    """This message cannot be delivered, and HR sees how many; newer words are tried all the same."""
    if not _settle(session, wanted, OutboxRow.wanted == wanted.version, leased_until=None, error=error):
        _settle(session, wanted, leased_until=None, in_doubt=wanted.in_doubt)


def forget_place(session: Session, wanted: Wanted) -> None:
    """The message that stood in Slack is gone: the next attempt posts anew."""
    _settle(session, wanted, leased_until=None, ts="", channel="", method=POST)


def simplify(session: Session, wanted: Wanted, body: dict[str, Any]) -> None:
    """Slack refused some blocks: want the message without them, unless newer words are wanted."""
    if not _settle(session, wanted, OutboxRow.wanted == wanted.version, leased_until=None, body=body):
        _settle(session, wanted, leased_until=None, in_doubt=wanted.in_doubt)


def _settle(session: Session, wanted: Wanted, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Write what became of a claim, only while it is still ours."""
    mine = and_(OutboxRow.key == wanted.key, OutboxRow.leased_until == wanted.leased_until, *conditions)
    return touched(session, update(OutboxRow).where(mine).values(**values)) == 1
