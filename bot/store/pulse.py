"""The pulse of a cycle: sealed as confidential feedback is, opened once, and then no more than counts and sentences.

Two lists that share nothing but the cycle: who has answered, and bytes under random ids. The department stands inside
the bytes. A new answer is put among the others of a batch, which chance picks, and all of that batch are encrypted and
written anew, equally long, in random order and under new ids: so neither order, nor transaction marks, nor two copies
of the database tell whose is whose among them. A batch is all of the cycle while there are few, and 64 to 127 answers
after that, so what an answer costs does not grow with the company.

The key is one of `seal_key`, wrapped with the secret from outside, and overwritten when the pulse is opened;
`sealed.wipe` then rewrites the files. What is kept after that: counts of five answers and more, and sentences without
department or question. What remains, honestly: who holds the secret too, and a copy of the database from that week,
reads the answers; and of whoever came last into a batch, that theirs is one of that batch.
"""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.anonymity import bucket_for, pad, plain_style, split_sentences
from bot.domain.pulse import Counted, Level, Question, Said, counted, groups
from bot.domain.refusal import N_, Refused
from bot.store.db import Base, insert_new
from bot.store.private import PrivateText
from bot.store.seal_key import destroy_key, key_of, make_key
from bot.store.sealed import ID_BYTES, lock, unlock

LEAST_BYTES = 1024
"""All answers are at least so long; a longer one makes the others of its batch so."""
BATCH = 64
"""The fewest answers that are written together, once there are as many; twice as many are dealt into two batches."""
OVER = N_("This pulse is over. It was opened, and nothing can be added any more.")


class PulseRow(Base):
    """That people of a cycle are asked, and whether what they answered was opened."""

    __tablename__ = "pulses"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    ended: Mapped[bool]


class PulseDoneRow(Base):
    """That somebody answered; not what, nor when."""

    __tablename__ = "pulse_done"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)


class SealedPulseRow(Base):
    """One sealed answer of nobody known, and with which others it was written."""

    __tablename__ = "sealed_pulses"
    __table_args__ = (Index("ix_sealed_pulses_batch", "cycle_id", "batch"), {"sqlite_with_rowid": False})
    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    cycle_id: Mapped[str]
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    batch: Mapped[str] = mapped_column(server_default="")


class PulseCountRow(Base):
    """How many of a department, or of several together, answered one question in one way."""

    __tablename__ = "released_pulse_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


class PulseSentenceRow(Base):
    """One sentence that somebody added."""

    __tablename__ = "released_pulse_sentences"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(index=True)
    sentence: Mapped[str] = mapped_column(PrivateText(of=("cycle_id",)))


def key_name(cycle_id: str) -> str:
    """What the key stands under: another one than that of the feedback in the same cycle."""
    return f"pulse/{cycle_id}"


# Asking ---------------------------------------------------------------------------------------


def has_answered(session: Session, cycle_id: str, person_id: str) -> bool:
    """Whether somebody has answered."""
    return session.get(PulseDoneRow, (cycle_id, person_id)) is not None


def is_over(session: Session, cycle_id: str) -> bool:
    """Whether the answers were opened."""
    return bool(session.scalar(select(PulseRow.ended).filter_by(cycle_id=cycle_id)))


def seal(session: Session, cycle_id: str, person_id: str, department: str, said: Said) -> bool:
    """Keep an answer so that nobody can read it, among the others of its cycle; False if this person has answered."""
    _hold(session, cycle_id)
    if not insert_new(session, PulseDoneRow, {"cycle_id": cycle_id, "person_id": person_id}):
        return False
    key, batch = key_of(session, key_name(cycle_id)), _some_batch(session, cycle_id)
    those = {"cycle_id": cycle_id, "batch": batch}
    texts = [*_texts(session, key, **those), _written(department, said)]
    session.execute(delete(SealedPulseRow).filter_by(**those))
    session.execute(insert(SealedPulseRow), _sealed(key, cycle_id, texts))
    return True


def _some_batch(session: Session, cycle_id: str) -> str | None:
    """One of the batches, by chance; None before the first answer."""
    first = select(SealedPulseRow.batch).filter_by(cycle_id=cycle_id).order_by(SealedPulseRow.batch).limit(1)
    onward = first.where(SealedPulseRow.batch >= secrets.token_hex(ID_BYTES))
    return session.scalar(onward) or session.scalar(first)


def _sealed(key: bytes, cycle_id: str, texts: list[bytes]) -> list[dict[str, Any]]:
    """Texts as rows, equally long and in random order, dealt into as many batches as are large enough."""
    size = max(LEAST_BYTES, *(bucket_for(len(one)) for one in texts))
    batches = [secrets.token_hex(ID_BYTES) for _ in range(max(1, len(texts) // BATCH))]
    secrets.SystemRandom().shuffle(texts)
    return [
        {"id": secrets.token_bytes(ID_BYTES), "cycle_id": cycle_id, "batch": batches[n % len(batches)],
         "ciphertext": lock(key, cycle_id, pad(one, size))}
        for n, one in enumerate(texts)
    ]  # fmt: skip


def _hold(session: Session, cycle_id: str) -> None:
    """Nobody else answers or opens until this unit of work ends; the first one makes the key. Refused once it is over.

    Whoever comes second waits where the row is inserted, or at its lock.
    """
    if insert_new(session, PulseRow, {"cycle_id": cycle_id, "ended": False}):
        make_key(session, key_name(cycle_id))
    row = session.get_one(PulseRow, cycle_id, with_for_update=True, populate_existing=True)
    if row.ended:
        raise Refused(OVER)


# Opening --------------------------------------------------------------------------------------


def open_once(session: Session, cycle_id: str) -> bool:
    """Count what was answered, and destroy the answers and their key; False when that was done before."""
    if is_over(session, cycle_id):
        return False
    _hold(session, cycle_id)
    key = key_of(session, key_name(cycle_id))
    answers = [_read(one) for one in _texts(session, key, cycle_id=cycle_id)]
    sizes: dict[str, int] = {}
    for department, _ in answers:
        sizes[department] = sizes.get(department, 0) + 1
    names = groups(sizes)
    told = [(names[department], said) for department, said in answers if department in names]
    _insert_counts(session, cycle_id, counted(told))
    _insert_sentences(session, cycle_id, [said for _, said in told])
    session.execute(delete(SealedPulseRow).filter_by(cycle_id=cycle_id))
    destroy_key(session, key_name(cycle_id))
    session.get_one(PulseRow, cycle_id).ended = True
    session.flush()
    return True


def _insert_counts(session: Session, cycle_id: str, found: list[Counted]) -> None:
    rows = [
        {"cycle_id": cycle_id, "department": one.department, "question": one.question.value,
         "level": level.value, "n": one.by_level.get(level, 0)}
        for one in found
        for level in Level
    ]  # fmt: skip
    if rows:
        session.execute(insert(PulseCountRow), rows)


def _insert_sentences(session: Session, cycle_id: str, told: list[Said]) -> None:
    """Cut apart, written as anybody would write them, in random order."""
    said = [plain for one in told for each in split_sentences(one.words) if (plain := plain_style(each))]
    secrets.SystemRandom().shuffle(said)
    rows = [{"id": secrets.token_bytes(ID_BYTES), "cycle_id": cycle_id, "sentence": one} for one in said]
    if rows:
        session.execute(insert(PulseSentenceRow), rows)


# Reading --------------------------------------------------------------------------------------


def counts(session: Session, cycle_id: str) -> list[Counted]:
    """What was answered, by department and question; nothing before the pulse was opened."""
    found: dict[tuple[str, Question], dict[Level, int]] = {}
    for row in session.scalars(select(PulseCountRow).filter_by(cycle_id=cycle_id)):
        found.setdefault((row.department, Question(row.question)), {})[Level(row.level)] = row.n
    in_order = sorted(found, key=lambda one: (not one[0], one[0], [*Question].index(one[1])))
    return [Counted(department, question, found[department, question]) for department, question in in_order]


def sentences(session: Session, cycle_id: str) -> list[str]:
    """The sentences that people added, in an order that says nothing."""
    rows = select(PulseSentenceRow.sentence).filter_by(cycle_id=cycle_id).order_by(PulseSentenceRow.id)
    return list(session.scalars(rows))


def count_done(session: Session, cycle_id: str) -> int:
    """How many have answered; told only once the pulse is over."""
    return session.scalar(select(func.count()).select_from(PulseDoneRow).filter_by(cycle_id=cycle_id)) or 0


def smallest_batch(session: Session) -> int:
    """How many answers the smallest batch holds, of cycles that have several; as many as it takes, if there is none."""
    sizes = select(SealedPulseRow.cycle_id, func.count()).group_by(SealedPulseRow.cycle_id, SealedPulseRow.batch)
    by_cycle: dict[str, list[int]] = {}
    for cycle_id, n in session.execute(sizes):
        by_cycle.setdefault(cycle_id, []).append(n)
    return min((n for some in by_cycle.values() if len(some) > 1 for n in some), default=BATCH)


# Inside ---------------------------------------------------------------------------------------


def _texts(session: Session, key: bytes, **those: str | None) -> Iterator[bytes]:
    rows = session.execute(select(SealedPulseRow.cycle_id, SealedPulseRow.ciphertext).filter_by(**those)).all()
    return (unlock(key, row.cycle_id, row.ciphertext) for row in rows)


def _written(department: str, said: Said) -> bytes:
    levels = {question.value: level.value for question, level in said.levels.items()}
    return json.dumps({"department": department, "levels": levels, "words": said.words}, ensure_ascii=False).encode()


def _read(written: bytes) -> tuple[str, Said]:
    kept = json.loads(written)
    levels = {Question(question): Level(level) for question, level in kept["levels"].items()}
    return kept["department"], Said(levels, kept["words"])
