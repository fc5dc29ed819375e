"""The attacks that look for authors: each finds them in a naive store, and none in ours."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Column as SqlColumn
from sqlalchemy import DateTime, ForeignKey, Integer, MetaData, String, Table, inspect, select, text
from sqlalchemy.orm import Session

from bot.domain.rounding import mean
from bot.store import released, seal_key
from bot.store.db import Database
from bot.store.linkage import ANSWERS, ATTACKS, Look, Tables, look, recovered, telltale
from bot.store.schema import METADATA
from tests.store.attacks import NAIVE, NAIVE_ANSWERS, naive_round, naively_submits, read
from tests.store.sealed_rounds import (
    RATEE,
    RATERS,
    answers_of,
    authors_after,
    authors_before,
    begun,
    canary,
    closes,
    submits,
)

ANSWER_TABLES = [name for name in METADATA.tables if name.startswith(ANSWERS)]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def cycle_id(database: Database) -> str:
    """A round in which twelve people are asked about one."""
    return begun(database)


def test_every_attack_finds_the_authors_in_a_naive_store(database: Database) -> None:
    texts = {rater: canary(rater) + " on" * n for n, rater in enumerate(RATERS[::2] + RATERS[1::2])}
    looks, truth = naive_round(database, texts, {rater: 1 + n % 5 for n, rater in enumerate(texts)})
    found = {one.name: recovered(one, looks, truth) for one in ATTACKS}
    missing = {"transactions"} if database.is_sqlite else set()  # SQLite has no transaction marks
    assert found.pop("overlapping groups") == 1
    assert found == {name: 0 if name in missing else len(RATERS) for name in found}


def test_no_attack_finds_them_in_ours_neither_before_nor_after_the_close(database: Database, cycle_id: str) -> None:
    looks, at = [], Tables("feedback_invitations", "sealed_answers", "cycle_keys")
    for n, rater in enumerate(RATERS):
        submits(database, cycle_id, rater, 1 + n % 5, more=" on" * 40 * n)
        with database.unit_of_work() as session:
            looks.append(look(session, at, _shown(session, cycle_id)))
    truth = {rater: [row_id] for row_id, rater in authors_before(database, cycle_id).items()}
    assert len(truth) == len(RATERS)
    _nothing_is_found(looks, {one: [*ids, 1 + n % 5] for n, (one, ids) in enumerate(sorted(truth.items()))})
    closes(database, cycle_id)
    with database.unit_of_work() as session:
        released_at = Tables("feedback_invitations", "released_sentences", "cycle_keys")
        looks = [look(session, released_at, _shown(session, cycle_id))]
    _nothing_is_found(looks, {rater: [row_id] for row_id, rater in authors_after(database).items()})


def _shown(session: Session, cycle_id: str) -> dict[str, tuple[int, Decimal]]:
    return {one.group: (one.n, mean(one.ratings)) for one in released.summary(session, cycle_id, RATEE)}


def _nothing_is_found(looks: list[Look], truth: dict[object, list[object]]) -> None:
    """Two lists side by side agree by chance in one place; in eight of twelve hardly ever."""
    assert all(recovered(one, looks, truth) <= one.luck for one in ATTACKS)


def test_all_rows_of_a_round_carry_the_same_transaction_mark(database: Database, cycle_id: str) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no transaction marks")
    for rater in RATERS[:5]:
        submits(database, cycle_id, rater)
    with database.unit_of_work() as session:
        for name in ("sealed_answers", "feedback_invitations"):
            assert len({row["mark"] for row in read(session, name, mark="xmin::text")}) == 1


def test_two_copies_of_the_database_do_not_tell_which_answer_is_new(database: Database, cycle_id: str) -> None:
    """Neither by an id, nor by a ciphertext, nor by a length, though the newcomer writes more than all before."""
    submits(database, cycle_id, RATERS[0])
    before = answers_of(database)
    submits(database, cycle_id, RATERS[1], more=" and on" * 1000)
    after = answers_of(database)
    assert len(after) == 2
    assert not before.keys() & after.keys()
    assert not set(before.values()) & set(after.values())
    assert len({len(ciphertext) for ciphertext in after.values()}) == 1


def test_two_copies_of_the_files_tell_the_newcomer_in_a_naive_store_and_not_in_ours(
    database: Database, cycle_id: str
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's files are looked at below")
    NAIVE.create_all(database.engine)
    copies, said = [], [canary(rater) for rater in RATERS[:2]]
    for n, rater in enumerate(RATERS[:2]):
        naively_submits(database, rater, datetime(2027, 4, 2, 9, n), 4, (bytes(range(32)), said[n]))  # noqa: DTZ001 - as naive stores keep it
        submits(database, cycle_id, rater)
        copies.append(_bytes_of(database))
    with database.unit_of_work() as session:
        naive = [bytes(one) for one in session.scalars(select(NAIVE_ANSWERS.c.ciphertext))]
        key = seal_key.key_of(session, cycle_id)
    ours = list(answers_of(database).values())
    assert len([one for one in naive if one[12:44] in copies[1] and one[12:44] not in copies[0]]) == 1
    assert len([one for one in ours if one[12:44] in copies[1] and one[12:44] not in copies[0]]) == len(ours) == 2
    assert not [one for one in (*(words.encode() for words in said), key) if one in copies[1]]


def _bytes_of(database: Database) -> bytes:
    """The database file and its write-ahead log."""
    path = str(database.engine.url.database)
    return b"".join(Path(f"{path}{end}").read_bytes() for end in ("", "-wal"))


# The schema --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ANSWER_TABLES)
def test_no_column_of_an_answer_tells_who_or_when(database: Database, name: str) -> None:
    assert telltale(METADATA.tables[name]) == []
    if database.is_sqlite:
        with database.unit_of_work() as session:
            made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name})
        assert "WITHOUT ROWID" in made
    assert inspect(database.engine).get_foreign_keys(name) == []


def test_the_schema_test_looks_at_every_table_of_answers_and_finds_what_it_looks_for() -> None:
    assert len(ANSWER_TABLES) == 9
    naive = Table(
        "sealed_naively",
        MetaData(),
        SqlColumn("id", Integer, primary_key=True),
        SqlColumn("rater_id", ForeignKey("people.id")),
        SqlColumn("invitation_id", String),
        SqlColumn("created_at", DateTime),
    )
    naive.metadata._add_table(
        "people", None, Table("people", naive.metadata, SqlColumn("id", String, primary_key=True))
    )
    assert len(telltale(naive)) == 5
