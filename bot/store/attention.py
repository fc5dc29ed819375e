"""What was written unasked: counted, kept back, brought out, put off. The messages themselves are the outbox's."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.attention import Asked
from bot.store.db import insert_new, remembered
from bot.store.outbox import EDIT, POST, OutboxRow
from bot.store.timers import TimerRow

CONFIDENTIAL = "peers/"
"""How the keys of requests for confidential feedback begin."""
_THEIRS = and_(OutboxRow.person_id == bindparam("person_id"), OutboxRow.asked_at >= bindparam("since"))
_COUNT = select(func.count()).select_from(OutboxRow).where(_THEIRS, OutboxRow.merged.is_(False))
_KEPT_BACK = (
    select(OutboxRow.opaque, OutboxRow.body)
    .where(_THEIRS, OutboxRow.asked_at < bindparam("until"), OutboxRow.merged.is_(True), OutboxRow.wanted == 0)
    .order_by(OutboxRow.asked_at, OutboxRow.key)
)
_COMES_AGAIN = and_(
    TimerRow.step == bindparam("step"), TimerRow.person_id == OutboxRow.person_id, TimerRow.carry == OutboxRow.key
)
_UNSEEN = (
    select(OutboxRow.opaque, OutboxRow.body, OutboxRow.merged, TimerRow.due)
    .join(TimerRow, _COMES_AGAIN, isouter=True)
    .where(OutboxRow.person_id == bindparam("person_id"), OutboxRow.asked_at.is_not(None), OutboxRow.wanted == 0)
    .where(or_(TimerRow.due.is_not(None), and_(OutboxRow.merged.is_(True), OutboxRow.asked_at >= bindparam("since"))))
    .order_by(TimerRow.due, OutboxRow.key)
)
_PUT_OFF = select(OutboxRow.key).where(
    OutboxRow.key.in_(bindparam("keys", expanding=True)), OutboxRow.wanted == 0, OutboxRow.asked_at.is_not(None)
)
_UNANSWERED = select(OutboxRow.key).where(
    OutboxRow.channel == bindparam("channel"),
    OutboxRow.ts == bindparam("ts"),
    OutboxRow.asked_at.is_not(None),
    OutboxRow.answered_at.is_(None),
)
_NEWEST_UNDER = (
    select(OutboxRow.key, OutboxRow.body, OutboxRow.wanted)
    .where(OutboxRow.person_id == bindparam("person_id"), OutboxRow.key.startswith(bindparam("begins")))
    .order_by(OutboxRow.key.desc())
    .limit(1)
)
"""Made once: making a statement takes longer than executing it."""


@dataclass(frozen=True)
class KeptBack:
    """A message that went over the budget: what it would have said, and what brings it out."""

    opaque: str
    body: dict[str, Any]


@dataclass(frozen=True)
class PutOff:
    """A message that its reader put off: what it says, what brings it out, and when it comes again."""

    opaque: str
    body: dict[str, Any]
    due: datetime


@dataclass(frozen=True)
class Said:
    """A message that was said under a key; `wanted` is 0 while its reader has yet to see it."""

    key: str
    body: dict[str, Any]
    wanted: int


def newest_under(session: Session, person_id: str, begins: str) -> Said | None:
    """Of the messages to somebody whose keys begin like this and end with a moment, the newest."""
    row = session.execute(_NEWEST_UNDER, {"person_id": person_id, "begins": begins}).first()
    return Said(*row) if row else None


def count_since(session: Session, person_id: str, since: datetime) -> int:
    """How many messages came to somebody unasked and on their own since a moment."""
    return session.scalar(_COUNT, {"person_id": person_id, "since": since}) or 0


def is_about_put_off(session: Session, key: str) -> bool:
    """Whether a message follows one that is kept back or put off: its key goes on from that one's."""
    parts = key.split("/")
    return is_put_off(session, *("/".join(parts[:n]) for n in range(2, len(parts))))


def is_put_off(session: Session, *keys: str) -> bool:
    """Whether one of these messages is kept back or put off, so that its reader has yet to see it."""
    return session.scalar(_PUT_OFF, {"keys": keys}) is not None


def kept_back(session: Session, person_id: str, since: datetime, until: datetime) -> list[KeptBack]:
    """What was kept back from somebody in a week and still is, in its order."""
    rows = session.execute(_KEPT_BACK, {"person_id": person_id, "since": since, "until": until})
    return [KeptBack(row.opaque, row.body) for row in rows]


@remembered
def unseen(session: Session, person_id: str, again: str, since: datetime) -> tuple[int, tuple[PutOff, ...]]:
    """How many messages were kept back from somebody since a moment, and what they put off, the next one first.

    `again` is the step that brings what was put off.
    """
    rows = session.execute(_UNSEEN, {"person_id": person_id, "step": again, "since": since}).all()
    put_off = tuple(PutOff(row.opaque, row.body, row.due) for row in rows if not row.merged)
    return len(rows) - len(put_off), put_off


def lock_gathering(session: Session, key: str, person_id: str, real_now: datetime) -> None:
    """Hold the message that gathers, made if need be: what two workers keep back at once then stands in it together."""
    new = {**_nothing(person_id, real_now), "key": key, "opaque": secrets.token_hex(16), "method": POST}
    insert_new(session, OutboxRow, new)
    session.get_one(OutboxRow, key, with_for_update=True, populate_existing=True)


def lock(session: Session, key: str) -> None:
    """Hold a message that was said: what two workers have to add to it at once then stands in it together."""
    session.execute(select(OutboxRow.key).where(OutboxRow.key == key).with_for_update())


def _nothing(person_id: str, real_now: datetime) -> dict[str, Any]:
    """A message of which nothing is to be sent."""
    return {"person_id": person_id, "body": {}, "bulk": False, "wanted": 1, "sent": 1, "not_before": real_now,
            "channel": "", "ts": "", "in_doubt": False, "attempts": 0, "error": "", "asked_at": None,
            "answered_at": None, "merged": False}  # fmt: skip


def bring_out(session: Session, person_id: str, opaque: str, real_now: datetime) -> datetime | None:
    """Have what was kept back or put off come after all, for somebody waits for it; gives when it was asked."""
    mine = and_(OutboxRow.person_id == person_id, OutboxRow.opaque == opaque)
    row = session.scalars(select(OutboxRow).where(mine).with_for_update()).one_or_none()
    if row is None or row.wanted or row.asked_at is None:
        return None
    row.wanted, row.bulk, row.not_before = 1, False, real_now
    session.flush()
    return row.asked_at


def note_answer(session: Session, place: tuple[str, str], at: datetime) -> None:
    """The reader pressed on a message: the first time counts as the answer."""
    key = session.scalar(_UNANSWERED, {"channel": place[0], "ts": place[1]})
    if key is not None:
        session.execute(update(OutboxRow).where(OutboxRow.key == key).values(answered_at=at))


def put_off(session: Session, key: str, person_id: str, instead: str) -> bool:
    """Keep a message back that stands in Slack; its place there is that of the message under the key `instead`."""
    row = session.get(OutboxRow, key, with_for_update=True, populate_existing=True)
    if row is None or row.person_id != person_id or not row.ts or row.wanted != row.sent or row.asked_at is None:
        return False
    place = {"key": instead, "opaque": row.opaque, "method": EDIT, "channel": row.channel, "ts": row.ts}
    stands = {**_nothing(person_id, row.not_before), **place}
    row.opaque, row.method, row.channel, row.ts = secrets.token_hex(16), POST, "", ""
    row.wanted = row.sent = 0
    session.flush()
    return insert_new(session, OutboxRow, stands)


def come_again(session: Session, key: str, person_id: str, real_now: datetime) -> None:
    """A message that was put off comes again, unless something came of it meanwhile."""
    row = session.get(OutboxRow, key, with_for_update=True, populate_existing=True)
    if row is not None and row.person_id == person_id and not row.wanted and not row.merged:
        row.wanted, row.bulk, row.not_before = 1, True, real_now
        session.flush()


def between(session: Session, since: datetime, until: datetime) -> Sequence[Asked]:
    """Everything that was written unasked between two moments, with the answers that came before the second.

    A request for confidential feedback is counted, its answer never: a figure that moved would tell who has answered.
    """
    told = and_(OutboxRow.answered_at < until, OutboxRow.key.not_like(f"{CONFIDENTIAL}%"))
    answered_at = case((told, OutboxRow.answered_at)).label("answered_at")
    columns = (OutboxRow.person_id, OutboxRow.asked_at, answered_at, OutboxRow.merged)
    rows = session.execute(select(*columns).where(OutboxRow.asked_at >= since, OutboxRow.asked_at < until))
    return [Asked(row.person_id, row.asked_at, row.answered_at, row.merged) for row in rows if row.asked_at]
