"""Sealed answers: the only place that writes them, reads them, and knows the key of a cycle.

What is kept of an answer before the close: a random id, the cycle, whom it is about, the group it counts in, and bytes
encrypted with AES-GCM under the cycle's key and padded. No author, no time, no number, nothing shared with the
invitation but the round and the group. With every new answer all answers of the round are encrypted and written anew,
all equally long, in random order and under new ids: neither the order on the page, nor PostgreSQL's transaction marks
(xmin, ctid), nor two copies of the database, from before and after a submission, tell which one came last. The key
is wrapped with a secret from outside (`seal_key`). At the close a group that is large enough is opened once and taken
apart; the rows go, the key is overwritten, and `wipe` rewrites the files, outside any transaction.

What remains, honestly: until the close whoever runs the server can watch the process, and who holds the secret and
copies of the database from before and after an answer can open both and compare. The outbox and the inbox tell when
somebody submitted (Slack does too), but no answer has a time to compare with. On PostgreSQL the write-ahead log and
backups keep old bytes as long as the operator keeps them; without the secret they open nothing.
"""

import json
import secrets
from collections.abc import Collection, Iterator
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Index, LargeBinary, delete, func, insert, select, text, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.anonymity import BUCKETS, Thresholds, bucket_for, bundles, pad, unpad
from bot.domain.feedback import Answer, Opened, opened
from bot.domain.template import Group
from bot.store.db import CHECKPOINT, Base, Database, outside, touched
from bot.store.seal_key import DESTROYED, NONCE_BYTES, CycleKeyRow, destroy_key, key_of

ID_BYTES = 16
LEAST_BYTES = BUCKETS[-1]
"""An answer takes at least so much: nearly all are equally long, and a longer one makes the others of its round so."""
WIPED_TABLES = ("sealed_answers", "sealed_pulses", "cycle_keys", "feedback_invitations")


class SealedRow(Base):
    """One sealed answer of nobody known."""

    __tablename__ = "sealed_answers"
    __table_args__ = (Index("ix_sealed_answers_round", "cycle_id", "ratee_id"), {"sqlite_with_rowid": False})
    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    cycle_id: Mapped[str]
    ratee_id: Mapped[str]
    relation: Mapped[str]
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


def seal(session: Session, cycle_id: str, ratee_id: str, relation: Group, answer: Answer) -> None:
    """Keep an answer so that nobody can read it, among the others of its round."""
    about, key = {"cycle_id": cycle_id, "ratee_id": ratee_id}, key_of(session, cycle_id)
    present = session.execute(select(SealedRow.relation, SealedRow.ciphertext).filter_by(**about)).all()
    before = [(row.relation, unlock(key, _whose(**about, relation=row.relation), row.ciphertext)) for row in present]
    said = [*before, (relation.value, _written(answer))]
    size = max(LEAST_BYTES, *(bucket_for(len(words)) for _, words in said))
    _rng().shuffle(said)
    rows = [
        {
            "id": secrets.token_bytes(ID_BYTES),
            **about,
            "relation": group,
            "ciphertext": lock(key, _whose(**about, relation=group), pad(words, size)),
        }
        for group, words in said
    ]
    session.execute(delete(SealedRow).filter_by(**about))
    session.execute(insert(SealedRow), rows)


def open_rounds(
    session: Session, cycle_id: str, ratee_ids: Collection[str], thresholds: Thresholds
) -> dict[str, dict[tuple[str, ...], Opened]]:
    """Open what may be opened of the rounds about these people, by person and groups, and destroy the rest unread.

    Each group that may be shown alone is opened alone, and the others together; in any case their rows are gone.
    """
    of_rounds = (SealedRow.cycle_id == cycle_id, SealedRow.ratee_id.in_([*ratee_ids]))
    counted = select(SealedRow.ratee_id, SealedRow.relation, func.count().label("n")).where(*of_rounds)
    sizes: dict[str, dict[str, int]] = {}
    for row in session.execute(counted.group_by(SealedRow.ratee_id, SealedRow.relation)):
        sizes.setdefault(row.ratee_id, {})[row.relation] = row.n
    together = {(ratee, one): some for ratee in sizes for some in bundles(sizes[ratee], thresholds.score_shown)
                for one in some}  # fmt: skip
    answers: dict[tuple[str, tuple[str, ...]], list[Answer]] = {}
    for ratee_id, relation, answer in _unlocked(session, cycle_id, together):
        answers.setdefault((ratee_id, together[ratee_id, relation]), []).append(answer)
    session.execute(delete(SealedRow).where(*of_rounds))
    found: dict[str, dict[tuple[str, ...], Opened]] = {}
    for (ratee_id, groups), said in answers.items():
        found.setdefault(ratee_id, {})[groups] = opened(said, thresholds, _rng())
    return found


def _unlocked(session: Session, cycle_id: str, of: Collection[tuple[str, str]]) -> Iterator[tuple[str, str, Answer]]:
    """The answers on these people in these groups, decrypted."""
    if not of:
        return
    key = key_of(session, cycle_id)
    rows = select(SealedRow.ratee_id, SealedRow.relation, SealedRow.ciphertext).where(
        SealedRow.cycle_id == cycle_id,
        SealedRow.ratee_id.in_({ratee_id for ratee_id, _ in of}),  # SQLite finds no index for pairs alone
        tuple_(SealedRow.ratee_id, SealedRow.relation).in_([*of]),
    )
    for row in session.execute(rows):
        yield (
            row.ratee_id,
            row.relation,
            _read(unlock(key, _whose(cycle_id, row.ratee_id, row.relation), row.ciphertext)),
        )


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
    destroy_key(session, cycle_id)


def wipe(database: Database) -> bool:
    """Rewrite the files after a close, so that no old bytes stay in them; False when nothing is to be done, or not yet.

    To be called outside any unit of work, again and again. A crash in between changes nothing: the overwritten key
    still stands there and asks for it again. PostgreSQL keeps what a transaction older than the close could still see,
    so that one is waited for.
    """
    with database.unit_of_work() as session:
        due = session.scalar(select(func.count()).select_from(CycleKeyRow).where(CycleKeyRow.key == DESTROYED))
        if not due or (not database.is_sqlite and session.scalar(_SEEN_BY_OTHERS, {"destroyed": DESTROYED})):
            return False
    if not rewrite(database):
        return False
    with database.unit_of_work() as session:
        touched(session, delete(CycleKeyRow).where(CycleKeyRow.key == DESTROYED))
    if database.is_sqlite:
        outside(database, CHECKPOINT)
    return True


def rewrite(database: Database, patience: int = 1) -> bool:
    """Write the files anew with what stands in them, and nothing of what stood there before.

    False when somebody who reads is in the way for longer than so many seconds: to be tried again.
    """
    if database.is_sqlite:
        return outside(database, "VACUUM", CHECKPOINT, patience=patience)
    anew = [f"VACUUM FULL {table}" for table in WIPED_TABLES]
    return outside(database, "SET statement_timeout = 0", *anew, patience=patience)


def unlock(key: bytes, whose: str, ciphertext: bytes) -> bytes:
    """Decrypt one sealed answer for whoever has the key of its cycle."""
    padded = AESGCM(key).decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], whose.encode())
    return unpad(padded)


def lock(key: bytes, whose: str, padded: bytes) -> bytes:
    """Encrypt one padded answer, bound to what it belongs to."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, padded, whose.encode())


def _whose(cycle_id: str, ratee_id: str, relation: str) -> str:
    """What an answer is bound to: moved to another round or group, it does not open."""
    return f"{cycle_id}/{ratee_id}/{relation}"


def _written(answer: Answer) -> bytes:
    said = {"ratings": dict(answer.ratings), "texts": dict(answer.texts), "levels": dict(answer.levels)}
    return json.dumps(said, ensure_ascii=False).encode()


def _read(written: bytes) -> Answer:
    said = json.loads(written)
    return Answer(said["ratings"], said["texts"], said.get("levels", {}))


def _rng() -> Random:
    return secrets.SystemRandom()
