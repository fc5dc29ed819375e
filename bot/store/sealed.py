"""Sealed answers: the only place that writes them, reads them, and knows the key of a cycle.

What is kept of an answer before the close: a random id, the cycle, whom it is about, the group it counts in, and bytes
encrypted with AES-GCM under the cycle's key and padded. No author, no time, no number, nothing shared with the
invitation but the round and the group. With every new answer all answers of the round are written anew, in random
order and under new ids, so that neither the order on the page nor PostgreSQL's transaction marks (xmin, ctid) tell
which one came last. At the close a group that is large enough is opened once and taken apart; the rows go, the key is
overwritten, and `wipe` rewrites the files, outside any transaction.

What remains, honestly: until the close whoever runs the server can watch the process or keep copies of the files from
before and after a submission, and so learn which answer came in between; the key stands in the same database. The
outbox and the inbox tell when somebody submitted (Slack does too), but no answer has a time to compare with. On
PostgreSQL the write-ahead log and backups keep old bytes as long as the operator keeps them.
"""

import json
import secrets
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Index, LargeBinary, delete, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.anonymity import Thresholds, pad, unpad
from bot.domain.feedback import Answer, Opened, opened
from bot.domain.refusal import Refused
from bot.domain.template import Group
from bot.store.db import Base, Database, touched
from bot.store.invitations import LATE

KEY_BYTES, NONCE_BYTES, ID_BYTES = 32, 12, 16
DESTROYED = bytes(KEY_BYTES)
"""What a key is overwritten with; the row stands until the files have been rewritten."""
WIPED_TABLES = ("sealed_answers", "cycle_keys", "feedback_invitations")


class CycleKeyRow(Base):
    """The key of one cycle's sealed answers."""

    __tablename__ = "cycle_keys"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class SealedRow(Base):
    """One sealed answer of nobody known."""

    __tablename__ = "sealed_answers"
    __table_args__ = (Index("ix_sealed_answers_round", "cycle_id", "ratee_id"), {"sqlite_with_rowid": False})
    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    cycle_id: Mapped[str]
    ratee_id: Mapped[str]
    relation: Mapped[str]
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


def make_key(session: Session, cycle_id: str) -> None:
    """Make the key of a cycle, once."""
    session.execute(insert(CycleKeyRow).values(cycle_id=cycle_id, key=secrets.token_bytes(KEY_BYTES)))


def seal(session: Session, cycle_id: str, ratee_id: str, relation: Group, answer: Answer) -> None:
    """Keep an answer so that nobody can read it, among the others of its round."""
    about = {"cycle_id": cycle_id, "ratee_id": ratee_id}
    present = session.execute(select(SealedRow.relation, SealedRow.ciphertext).filter_by(**about)).all()
    locked = _lock(_key(session, cycle_id), f"{cycle_id}/{ratee_id}/{relation}", answer)
    session.execute(delete(SealedRow).filter_by(**about))
    rows = [
        {"id": secrets.token_bytes(ID_BYTES), **about, "relation": group, "ciphertext": ciphertext}
        for group, ciphertext in [*((row.relation, row.ciphertext) for row in present), (relation.value, locked)]
    ]
    _rng().shuffle(rows)
    session.execute(insert(SealedRow), rows)


def open_once(session: Session, cycle_id: str, ratee_id: str, relation: Group, thresholds: Thresholds) -> Opened | None:
    """Open a group's answers if there are enough, and destroy them in any case; too few are never read."""
    of_group = {"cycle_id": cycle_id, "ratee_id": ratee_id, "relation": relation.value}
    n = session.scalar(select(func.count()).select_from(SealedRow).filter_by(**of_group)) or 0
    found = None
    if n >= thresholds.score_shown:
        key, about = _key(session, cycle_id), f"{cycle_id}/{ratee_id}/{relation}"
        rows = session.scalars(select(SealedRow.ciphertext).filter_by(**of_group))
        found = opened([_unlock(key, about, ciphertext) for ciphertext in rows], thresholds, _rng())
    session.execute(delete(SealedRow).filter_by(**of_group))
    return found


_SEEN_BY_OTHERS = text("""
    SELECT EXISTS (
        SELECT 1 FROM pg_stat_activity other, cycle_keys destroyed
        WHERE destroyed.key = :destroyed AND other.datname = current_database() AND other.pid <> pg_backend_pid()
        AND greatest(age(other.backend_xmin), age(other.backend_xid)) >= age(destroyed.xmin)
    )
""")


def destroy(session: Session, cycle_id: str) -> None:
    """Destroy what is left of a cycle's answers, and overwrite its key; `wipe` then rewrites the files."""
    session.execute(delete(SealedRow).filter_by(cycle_id=cycle_id))
    session.execute(update(CycleKeyRow).filter_by(cycle_id=cycle_id).values(key=DESTROYED))


def wipe(database: Database) -> bool:
    """Rewrite the files after a close, so that no old bytes stay in them; False when there is nothing to do yet.

    To be called outside any unit of work, again and again. A crash in between changes nothing: the overwritten key
    still stands there and asks for it again. PostgreSQL keeps what a transaction older than the close could still see,
    so that one is waited for.
    """
    with database.unit_of_work() as session:
        due = session.scalar(select(func.count()).select_from(CycleKeyRow).where(CycleKeyRow.key == DESTROYED))
        if not due or (not database.is_sqlite and session.scalar(_SEEN_BY_OTHERS, {"destroyed": DESTROYED})):
            return False
    _rewrite(database)
    with database.unit_of_work() as session:
        touched(session, delete(CycleKeyRow).where(CycleKeyRow.key == DESTROYED))
    if database.is_sqlite:
        _outside(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def _rewrite(database: Database) -> None:
    if database.is_sqlite:
        _outside(database, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        _outside(database, "SET statement_timeout = 0", *(f"VACUUM FULL {table}" for table in WIPED_TABLES))


def _outside(database: Database, *statements: str) -> None:
    """Execute statements that no transaction may hold."""
    connection = database.engine.raw_connection()
    try:
        if not database.is_sqlite:
            connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]  # psycopg's own attribute
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
    finally:
        connection.invalidate()


def _key(session: Session, cycle_id: str) -> bytes:
    key = session.scalar(select(CycleKeyRow.key).filter_by(cycle_id=cycle_id))
    if key is None or key == DESTROYED:
        raise Refused(LATE)
    return key


def _lock(key: bytes, about: str, answer: Answer) -> bytes:
    said = json.dumps({"ratings": dict(answer.ratings), "texts": dict(answer.texts)}, ensure_ascii=False)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, pad(said.encode()), about.encode())


def _unlock(key: bytes, about: str, ciphertext: bytes) -> Answer:
    padded = AESGCM(key).decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], about.encode())
    said = json.loads(unpad(padded))
    return Answer(said["ratings"], said["texts"])


def _rng() -> Random:
    return secrets.SystemRandom()
