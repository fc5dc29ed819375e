"""The outbox: for each key, the message that should stand in Slack; the sender makes it so.

Saying the same key again edits the message in place. Leases and waits are in real time, never in the wound clock.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store import rates
from bot.store.db import MOST_AT_ONCE, Base, batched, insert_new, touched
from bot.store.rates import Limit

MESSAGE = "message"
HOME = "home"
POST, EDIT, PUBLISH = "chat.postMessage", "chat.update", "views.publish"
METHODS = (POST, EDIT, PUBLISH)
"""How a message gets into Slack; each way has a pace of its own."""
LEASE = timedelta(seconds=120)
LONGEST_WAIT = timedelta(minutes=10)
"""No message is put off for longer; a later moment was written by a clock that was wrong."""
MOST_LOOKS = 7
"""Attempts, a quarter of an hour or so, after which HR is told that a message is still in doubt."""
EACH_PERSON = "dm"
"""Among the limits: how fast one person may get messages."""
IN_A_ROW = 5
"""So many messages may come ahead of that: a few belong together."""

WAITING = text("wanted > sent AND error = ''")
_GIVEN_UP = text("error <> ''")
IS_ANSWERED = text("substr(key, 1, 7) = 'answer/' AND sent >= wanted")
"""An answer to one delivery, sent: nobody says its key again."""
_IS_ASKED = text("asked_at IS NOT NULL")


class OutboxRow(Base):
    """One message or Home tab as it should be (`wanted`) and as it is (`sent`); while 0 is wanted it is kept back."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_ready", "method", "bulk", "not_before", "key",
            postgresql_where=WAITING, sqlite_where=WAITING,
        ),
        Index("ix_outbox_given_up", "key", postgresql_where=_GIVEN_UP, sqlite_where=_GIVEN_UP),
        Index("ix_outbox_answered", "not_before", postgresql_where=IS_ANSWERED, sqlite_where=IS_ANSWERED),
        Index("ix_outbox_place", "channel", "ts"),
        Index("ix_outbox_asked", "person_id", "asked_at", postgresql_where=_IS_ASKED, sqlite_where=_IS_ASKED),
    )  # fmt: skip
    key: Mapped[str] = mapped_column(primary_key=True)
    opaque: Mapped[str]
    person_id: Mapped[str] = mapped_column(index=True)
    method: Mapped[str]
    body: Mapped[dict[str, Any]]
    bulk: Mapped[bool]
    """Nobody waits for it at this moment."""
    wanted: Mapped[int]
    sent: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str] = mapped_column(default="")
    ts: Mapped[str] = mapped_column(default="")
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    in_doubt: Mapped[bool] = mapped_column(default=False)
    """Slack may show it already, at a place that is not known."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    merged: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Written unasked at this moment of the clock people live by, answered at that one; or gathered, being too much."""


_WAITS = and_(OutboxRow.wanted > OutboxRow.sent, OutboxRow.error == "")
_IN_BULK = and_(WAITING, OutboxRow.method == POST, OutboxRow.bulk.is_(True))
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
_HOMES_AGAIN = (
    update(OutboxRow)
    .where(OutboxRow.key.in_(bindparam("homes", expanding=True)))
    .values(
        wanted=OutboxRow.wanted + 1,
        not_before=case((_WAITS, OutboxRow.not_before), else_=bindparam("now")),
        bulk=and_(OutboxRow.key != bindparam("home"), or_(~_WAITS, OutboxRow.bulk)),
        attempts=0,
        error="",
    )
    .execution_options(synchronize_session=False)
)
_IN_DOUBT_FOR_LONG = and_(OutboxRow.in_doubt.is_(True), OutboxRow.attempts >= MOST_LOOKS)
_WAITING_AND_DOUBTFUL = select(func.count(), func.count().filter(_IN_DOUBT_FOR_LONG)).where(WAITING)
_MORE_THAN = select(OutboxRow.key).where(_IN_BULK).order_by(OutboxRow.not_before).offset(bindparam("most")).limit(1)
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


@dataclass(frozen=True)
class Backlog:
    """How much is still to be sent, how much was given up, and of how much nobody can find out whether it arrived."""

    waiting: int
    given_up: int
    doubtful: int = 0


# What flows say ---------------------------------------------------------------------------


def want(
    session: Session, key: str, person_id: str, body: dict[str, Any], real_now: datetime, *, urgent: bool, kind: str,
    asked_at: datetime | None = None, keep_back: bool = False, acted_at: datetime | None = None, over: bool = False,
) -> datetime | None:  # fmt: skip
    """Say what should stand under this key; the same body again changes nothing, unless it had been given up.

    The row is locked while it is compared, so that two turns which say one key at once end with the later one's words.
    What is kept back (returns when it was asked) comes out when its reader acts, at `acted_at`; until then it gets
    these words and stays, and once its matter is `over` it is gone, as if it had never been said.
    """
    new: dict[str, Any] = {"key": key, "opaque": secrets.token_hex(16), "person_id": person_id, "body": body,
           "method": PUBLISH if kind == HOME else POST, "bulk": not urgent, "wanted": int(not keep_back), "sent": 0,
           "not_before": real_now, "channel": "", "ts": "", "in_doubt": False, "attempts": 0, "error": "",
           "asked_at": asked_at, "answered_at": None, "merged": keep_back and asked_at is not None}  # fmt: skip
    if insert_new(session, OutboxRow, new):
        return None
    row = session.get_one(OutboxRow, key, with_for_update=True, populate_existing=True)
    kept_back, asked_at = not row.wanted and row.person_id == person_id, row.asked_at
    if row.person_id != person_id:  # the old reader keeps what they read; this one gets a message of their own
        row.asked_at, row.answered_at, row.merged = None, None, False
        row.person_id, row.opaque, row.method = person_id, new["opaque"], new["method"]
        row.channel, row.ts, row.in_doubt, row.leased_until, row.body = "", "", False, None, {}
    if acted_at and row.asked_at and not row.answered_at:
        row.answered_at = acted_at
    if kept_back and over:
        session.delete(row)
    elif kept_back and not acted_at:
        row.body = body
    elif row.body != body or kind == HOME or row.error or kept_back:
        row.body, row.bulk, row.not_before = body, not urgent, real_now
        row.wanted, row.attempts, row.error = row.wanted + 1, 0, ""
    session.flush()
    return asked_at if kept_back else None


def want_homes_again(session: Session, person_ids: Iterable[str], real_now: datetime, clicked: str = "") -> None:
    """Mark the Home tabs of these people as out of date; who never opened theirs has none.

    Only the person who `clicked` waits for theirs. One that is to be drawn anyway keeps its place in the line.
    """
    for some in batched(sorted(person_ids), MOST_AT_ONCE):
        session.execute(
            _HOMES_AGAIN, {"homes": [home_key(one) for one in some], "home": home_key(clicked), "now": real_now}
        )


def answer_key(about: str) -> str:
    """The key of the answer to one delivery that had no window to answer in."""
    return f"answer/{about}"


def home_key(person_id: str) -> str:
    """The key of a person's Home tab."""
    return f"home/{person_id}"


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


def record_sent(session: Session, wanted: Wanted, channel: str, ts: str) -> None:
    """Note where the message stands; if more was wanted meanwhile, the row is ready again at once.

    A row that meanwhile passed to another reader knows nothing of it: what reached the first one stays with them.
    """
    method = EDIT if ts else wanted.method
    stands = {"sent": wanted.version, "channel": channel, "ts": ts, "method": method}
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


# What others ask ------------------------------------------------------------------------------


def backlog(session: Session) -> Backlog:
    """Count what waits, what was given up and what is in doubt for long."""
    waiting, doubtful = session.execute(_WAITING_AND_DOUBTFUL).one()
    given_up = session.scalar(select(func.count()).select_from(OutboxRow).where(_GIVEN_UP))
    return Backlog(waiting, given_up or 0, doubtful)


def holds_more_than(session: Session, most: int) -> bool:
    """Whether more than so many messages that nobody waits for are still to be posted."""
    return session.scalar(_MORE_THAN, {"most": most}) is not None


def count_bulk(session: Session) -> int:
    """How many messages that nobody waits for are still to be posted."""
    return session.scalar(select(func.count()).select_from(OutboxRow).where(_IN_BULK)) or 0


def place_of(session: Session, person_id: str) -> str:
    """The direct message in which this person has heard from us before; empty when none is known."""
    of_person = select(OutboxRow.channel).where(OutboxRow.person_id == person_id, OutboxRow.channel != "")
    return session.scalar(of_person.limit(1)) or ""


def was_said(session: Session, key: str, to: str = "") -> bool:
    """Whether a message was ever wanted under this key, from this reader if one is named."""
    row = session.get(OutboxRow, key)
    return row is not None and to in {"", row.person_id}


def find_key(session: Session, channel: str, ts: str) -> str | None:
    """The key of the message that stands at this place, if it is one of ours."""
    return session.scalar(select(OutboxRow.key).where(OutboxRow.channel == channel, OutboxRow.ts == ts))
