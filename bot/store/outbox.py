"""The outbox: for each key, the message that should stand in Slack; the sender makes it so.

Saying the same key again edits the message in place.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Index,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import MOST_AT_ONCE, Base, batched, insert_new
from bot.store.in_bulk import update_rows
from bot.store.private import PrivateDict

MESSAGE = "message"
HOME = "home"
FILE = "file"
POST, EDIT, PUBLISH = "chat.postMessage", "chat.update", "views.publish"
UPLOAD = "files.completeUploadExternal"
METHODS = (POST, EDIT, PUBLISH, UPLOAD)
_METHOD = {MESSAGE: POST, HOME: PUBLISH, FILE: UPLOAD}
"""How a message gets into Slack; each way has a pace of its own."""
MOST_LOOKS = 7
"""Attempts, a quarter of an hour or so, after which HR is told that a message is still in doubt."""
WAITING = text("wanted > sent AND error = ''")
_GIVEN_UP = text("error <> ''")
IS_ANSWERED = text("substr(key, 1, 7) = 'answer/' AND sent >= wanted")
"""An answer to one delivery, sent: nobody says its key again."""
_IS_ASKED = text("asked_at IS NOT NULL")


class OutboxRow(Base):
    """One message, Home tab or file as it should be (`wanted`) and is (`sent`); while 0 is wanted it is kept back.

    Of a file the body names the step that makes it when it is sent, and what about.
    """

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
    body: Mapped[PrivateDict]
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
_HOW_MANY_GIVEN_UP = select(func.count()).select_from(OutboxRow).where(_GIVEN_UP)
_SAID = (
    select(OutboxRow.key, OutboxRow.person_id, OutboxRow.body, OutboxRow.wanted, OutboxRow.error, OutboxRow.asked_at)
    .where(OutboxRow.key.in_(bindparam("keys", expanding=True)))
    .order_by(OutboxRow.key)
    .with_for_update()
)
_MORE_THAN = select(OutboxRow.key).where(_IN_BULK).order_by(OutboxRow.not_before).offset(bindparam("most")).limit(1)
"""Made once: making a statement takes longer than executing it."""


@dataclass(frozen=True)
class Backlog:
    """How much is still to be sent, how much was given up, and of how much nobody can find out whether it arrived."""

    waiting: int
    given_up: int
    doubtful: int = 0


@dataclass(frozen=True)
class Change:
    """New words for a message that was said to somebody; its matter may be over by them."""

    key: str
    person_id: str
    body: dict[str, Any]
    over: bool = False


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
           "method": _METHOD[kind], "bulk": not urgent, "wanted": int(not keep_back), "sent": 0,
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
    if kept_back and (over or not acted_at):
        _keep_back(session, row, body, over=over)
    else:
        _put(row, body, real_now, urgent=urgent, again=kept_back or kind == HOME or (kind == FILE and _is_sent(row)))
    session.flush()
    return asked_at if kept_back else None


def bring_up_to_date(
    session: Session, changes: Iterable[Change], real_now: datetime, *, urgent: bool
) -> dict[str, datetime | None]:
    """Give new words to those messages that their readers were sent; nothing is said anew.

    Returns the keys of these messages, each with the moment at which it was asked if it is kept back.
    """
    found: dict[str, datetime | None] = {}
    for some in batched(sorted(changes, key=lambda one: one.key), MOST_AT_ONCE):
        rows = {row.key: row for row in session.execute(_SAID, {"keys": [one.key for one in some]})}
        said = [(one, row) for one in some if (row := rows.get(one.key)) and row.person_id == one.person_id]
        found |= {one.key: None if row.wanted else row.asked_at for one, row in said}
        hidden = [one for one, row in said if not row.wanted]
        shown = {
            one.key: _to_stand(row.wanted, one.body, real_now, urgent=urgent)
            for one, row in said
            if row.wanted and (row.body != one.body or row.error)
        }
        update_rows(session, OutboxRow, shown)
        update_rows(session, OutboxRow, {one.key: {"body": one.body} for one in hidden if not one.over})
        if gone := [one.key for one in hidden if one.over]:
            session.execute(delete(OutboxRow).where(OutboxRow.key.in_(gone)))
    return found


def _is_sent(row: OutboxRow) -> bool:
    """Whether nothing more is wanted: of a file, that asking for it again is a new wish, not the same one twice."""
    return row.sent >= row.wanted


def _keep_back(session: Session, row: OutboxRow, body: dict[str, Any], *, over: bool) -> None:
    """Leave what is kept back where it is, with these words; once its matter is over it is gone."""
    if over:
        session.delete(row)
    else:
        row.body = body


def _put(row: OutboxRow, body: dict[str, Any], real_now: datetime, *, urgent: bool, again: bool = False) -> None:
    """Have these words stand, unless they stand already."""
    if row.body != body or row.error or again:
        for name, value in _to_stand(row.wanted, body, real_now, urgent=urgent).items():
            setattr(row, name, value)


def _to_stand(wanted: int, body: dict[str, Any], real_now: datetime, *, urgent: bool) -> dict[str, Any]:
    """What changes in a row, by column, for these words to stand."""
    return {
        "body": body, "bulk": not urgent, "not_before": real_now, "wanted": wanted + 1, "attempts": 0, "error": "",
    }  # fmt: skip


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


# What others ask ------------------------------------------------------------------------------


def backlog(session: Session) -> Backlog:
    """Count what waits, what was given up and what is in doubt for long."""
    waiting, doubtful = session.execute(_WAITING_AND_DOUBTFUL).one()
    return Backlog(waiting, session.scalar(_HOW_MANY_GIVEN_UP) or 0, doubtful)


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
