"""The audit of confidentiality: it tries every attack on the live database, leaves no trace, and fails on a hole."""

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, text

from bot.store import privacy_audit
from bot.store.db import Database
from bot.store.linkage import ATTACKS
from bot.store.seal_key import CycleKeyRow
from tests.beginnings import rows_of
from tests.store.sealed_rounds import RATERS, begun, submits


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def audited(database: Database) -> tuple[int, list[str]]:
    said: list[str] = []
    return privacy_audit.run(database, said.append), said


@pytest.fixture
def cycle_id(database: Database) -> str:
    """A real round, in which three of twelve have answered."""
    cycle_id = begun(database)
    for rater in RATERS[:3]:
        submits(database, cycle_id, rater)
    return cycle_id


def test_the_audit_says_what_it_tried_and_leaves_no_trace(database: Database, cycle_id: str) -> None:
    before = rows_of(database)
    status, said = audited(database)
    assert status == 0, said
    assert rows_of(database) == before
    assert said[0] == privacy_audit.COLUMNS
    assert said[1].startswith("  released_groups: cycle_id text, ")
    assert any(line.startswith("  sealed_answers: id ") for line in said)
    assert "No column tells a time, a sequence, an author or a key." in said
    for one in ATTACKS:
        open_now, closed, *pulsed = (line for line in said if f"  {one.name}, " in line)
        assert one.tried in open_now
        assert "while the round is open" in open_now
        assert "after its close" in closed
        assert ["in a pulse" in line for line in pulsed] == ([] if one.of_means else [True])
        assert all("answers" in line.rpartition("It gave away ")[2] for line in (open_now, closed, *pulsed))
    assert said[-2] == privacy_audit.BEYOND
    assert said[-1] == "No attack led from an answer to its author."


def test_an_answer_that_another_transaction_wrote_is_found(database: Database, cycle_id: str) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no transaction marks")
    with database.unit_of_work() as session:
        session.execute(
            text("UPDATE sealed_answers SET relation = relation WHERE id = (SELECT id FROM sealed_answers LIMIT 1)")
        )
    status, said = audited(database)
    assert status == 1
    assert "FOUND  Sealed answers of one round were written by different transactions." in said


def test_a_column_that_tells_when_and_a_bare_key_are_found(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(text("ALTER TABLE sealed_answers ADD COLUMN written_at TIMESTAMP"))
        session.execute(insert(CycleKeyRow).values(cycle_id="q1", key=secrets.token_bytes(32)))
    status, said = audited(database)
    assert status == 1
    assert "FOUND  sealed_answers.written_at tells when or who" in said
    assert "FOUND  A key stands in the database that opens sealed answers." in said
    assert said[-1] == "At least one way leads to an author."
