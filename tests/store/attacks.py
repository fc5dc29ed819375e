"""A store that thought of random ids and of encryption, and of nothing else: every attack finds the authors in it."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, String, Table, insert, literal_column, select
from sqlalchemy import table as named
from sqlalchemy.orm import Session

from bot.domain.rounding import mean
from bot.store.db import Database
from bot.store.linkage import Look, Tables, look
from bot.store.schema import METADATA

NAIVE = MetaData()
NAIVE_LEDGER = Table("naive_ledger", NAIVE, Column("rater_id", String, primary_key=True), Column("done_at", DateTime))
NAIVE_ANSWERS = Table(
    "naive_answers",
    NAIVE,
    Column("id", String, primary_key=True),
    Column("created_at", DateTime),
    Column("ciphertext", LargeBinary),
    Column("level", Integer),
)
NAIVE_KEYS = Table("naive_keys", NAIVE, Column("key", LargeBinary))
AT = Tables("naive_ledger", "naive_answers", "naive_keys")

Truth = dict[object, Sequence[object]]


def naive_round(database: Database, texts: Mapping[str, str], levels: Mapping[str, int]) -> tuple[list[Look], Truth]:
    """Everybody answers, each in a unit of work of their own; what a look after each shows, and whose is what."""
    NAIVE.create_all(database.engine)
    key, looks, truth = secrets.token_bytes(32), [], Truth()
    with database.unit_of_work() as session:
        session.execute(insert(NAIVE_KEYS).values(key=key))
    for n, (rater, said) in enumerate(texts.items()):
        answer_id = naively_submits(database, rater, datetime(2027, 4, 2, 9, n), levels[rater], (key, said))  # noqa: DTZ001 - as naive stores keep it
        truth |= {rater: [answer_id, levels[rater]], answer_id: [said.encode()]}
        with database.unit_of_work() as session:
            looks.append(look(session, AT, _naively_shown(session)))
    truth["all without all but the newest"] = [Decimal(levels[rater])]
    return looks, truth


def naively_submits(database: Database, rater: str, at: datetime, level: int, sealed: tuple[bytes, str]) -> str:
    """One rater answers: a random id, a ciphertext, and nothing else thought of; `sealed` is the key and the words."""
    key, said = sealed
    answer_id, nonce = secrets.token_hex(16), secrets.token_bytes(12)
    row = {"id": answer_id, "created_at": at, "level": level}
    with database.unit_of_work() as session:
        session.execute(insert(NAIVE_LEDGER).values(rater_id=rater, done_at=at))
        ciphertext = nonce + AESGCM(key).encrypt(nonce, said.encode(), b"")
        session.execute(insert(NAIVE_ANSWERS).values(**row, ciphertext=ciphertext))
    return answer_id


def _naively_shown(session: Session) -> dict[str, tuple[int, Decimal]]:
    """Live means, of everybody and by a filter of somebody's choice."""
    levels = [Decimal(one) for one in session.scalars(select(NAIVE_ANSWERS.c.level).order_by("created_at"))]
    some = {"all but the newest": (len(levels) - 1, mean(levels[:-1]))} if len(levels) > 1 else {}
    return {"all": (len(levels), mean(levels)), **some}


def read(session: Session, name: str, **more: str) -> list[Any]:
    """Every row of a table, with what people wrote in it as whoever has the keys reads it."""
    known = METADATA.tables.get(name)
    everything = literal_column("*") if known is None else known
    found = select(everything, *(literal_column(how).label(one) for one, how in more.items())).select_from(
        named(name) if known is None else known
    )
    return list(session.execute(found).mappings())
