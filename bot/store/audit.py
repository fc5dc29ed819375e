"""The audit: who did what to whose record, and when. Rows are only ever added, and hold no content.

Every row is linked to the one before it by a hash, so that changing, moving, putting in or taking out is found
(`audit_proof`). The hash covers who acted and whose record it was by seals, which are hashes with a salt of their own:
without its salt a seal tells nobody's id, so a name can be erased and the chain still holds.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import event as on
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from bot.store.db import Base, insert_new, note_write

HEAD = 1


class AuditRow(Base):
    """One act. `n` is its place in the chain; without one it was not written by Cairn."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    act: Mapped[str]
    about_id: Mapped[str] = mapped_column(index=True)
    record: Mapped[str]
    n: Mapped[int | None]
    actor_salt: Mapped[str] = mapped_column(server_default="")
    actor_seal: Mapped[str] = mapped_column(server_default="")
    about_salt: Mapped[str] = mapped_column(server_default="")
    about_seal: Mapped[str] = mapped_column(server_default="")
    hash: Mapped[str] = mapped_column(server_default="")


class HeadRow(Base):
    """The end of the chain: how many acts there are, and the hash of the newest."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
    hash: Mapped[str]


@dataclass(frozen=True)
class Entry:
    """One act, as it is shown."""

    at: datetime
    actor_id: str
    act: str
    about_id: str
    record: str


def note(session: Session, at: datetime, actor_id: str, act: str, about_id: str, record: str = "") -> None:
    """Add an act: ids only, never what was written. It is linked and stands there when the unit of work ends."""
    session.info.setdefault("noted", []).append(Entry(at, actor_id, act, about_id, record))
    note_write(session)


def about(session: Session, person_id: str) -> list[Entry]:
    """Everything that was done to a person's record, oldest first."""
    rows = session.scalars(select(AuditRow).where(AuditRow.about_id == person_id).order_by(AuditRow.id))
    return [Entry(row.at, row.actor_id, row.act, row.about_id, row.record) for row in rows]


def count_about(session: Session, person_id: str) -> int:
    """How many acts there are on a person's record."""
    return session.scalar(select(func.count()).where(AuditRow.about_id == person_id)) or 0


def by_others(session: Session, person_id: str, acts: Sequence[str], most: int) -> list[Entry]:
    """The newest of these acts that somebody else did to a person's record, the newest first."""
    wanted = (AuditRow.about_id == person_id, AuditRow.actor_id != person_id, AuditRow.act.in_(acts))
    rows = session.scalars(select(AuditRow).where(*wanted).order_by(AuditRow.id.desc()).limit(most))
    return [Entry(row.at, row.actor_id, row.act, row.about_id, row.record) for row in rows]


# The chain ----------------------------------------------------------------------------------


def seal(salt: str, *words: str) -> str:
    """What stands for these words in the chain; who does not have the salt cannot try which words they are."""
    return _hash(salt, *words)


def link(before: str, n: int, at: datetime, act: str, actor_seal: str, about_seal: str) -> str:
    """The hash of the nth act, which follows the one whose hash is `before`."""
    return _hash(before, n, at.astimezone(UTC).isoformat(), act, actor_seal, about_seal)


def _hash(*parts: str | int) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()


def _link_noted(session: Session) -> None:
    """Write the acts of a unit of work, as the last thing in it.

    The head is locked when everything else is written already: whoever holds it waits for nobody, so several workers
    neither block each other for long nor for ever.
    """
    noted: list[Entry] = session.info.get("noted", [])
    if not noted or session.in_nested_transaction():
        return
    session.flush()
    session.info["noted"] = []
    n, newest = _locked_head(session)
    rows = []
    for entry in noted:
        n += 1
        rows.append(_linked(entry, n, newest))
        newest = rows[-1]["hash"]
    session.execute(insert(AuditRow), rows)
    session.execute(update(HeadRow).where(HeadRow.id == HEAD).values(n=n, hash=newest))


def _locked_head(session: Session) -> tuple[int, str]:
    wanted = select(HeadRow.n, HeadRow.hash).where(HeadRow.id == HEAD).with_for_update()
    head = session.execute(wanted).one_or_none()
    if head is None:  # an empty database, or one without a head: it goes on where the rows end
        newest = select(AuditRow.n, AuditRow.hash).where(AuditRow.n.is_not(None)).order_by(AuditRow.n.desc()).limit(1)
        n, found = session.execute(newest).one_or_none() or (0, "")
        insert_new(session, HeadRow, {"id": HEAD, "n": n, "hash": found})
        head = session.execute(wanted).one()
    return head.n, head.hash


def _linked(entry: Entry, n: int, before: str) -> dict[str, Any]:
    actor_salt, about_salt = secrets.token_hex(16), secrets.token_hex(16)
    actor_seal, about_seal = seal(actor_salt, entry.actor_id), seal(about_salt, entry.about_id, entry.record)
    return {
        **asdict(entry),
        "n": n,
        "actor_salt": actor_salt,
        "actor_seal": actor_seal,
        "about_salt": about_salt,
        "about_seal": about_seal,
        "hash": link(before, n, entry.at, entry.act, actor_seal, about_seal),
    }


def _open_savepoint(session: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        session.info.setdefault("noted_before", {})[begun] = len(session.info.get("noted", []))


def _drop_what_did_not_happen(session: Session, ended: SessionTransaction) -> None:
    """Behind a savepoint that was rolled back nothing was done, so nothing is noted."""
    if ended in session.info.get("noted_before", {}):
        del session.info.get("noted", [])[session.info["noted_before"][ended] :]


on.listen(Session, "before_commit", _link_noted)
on.listen(Session, "after_transaction_create", _open_savepoint)
on.listen(Session, "after_soft_rollback", _drop_what_did_not_happen)
