"""The audit is a chain: whatever is done to it behind Cairn's back is found, and named."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import Engine, text

from bot.store import audit, audit_proof
from bot.store.audit_proof import prove
from bot.store.db import Database
from bot.store.migrate import _config
from bot.store.schema import METADATA

AT = datetime(2027, 2, 1, 9, 30, 15, 250, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    METADATA.create_all(database.engine)
    yield database
    database.close()


def written(database: Database, *acts: str) -> None:
    """Thomas did this to Emily's record, each in a unit of work of its own."""
    for act in acts:
        with database.unit_of_work() as session:
            audit.note(session, AT, "U01THOMAS", act, "U01EMILY", f"goals/{act}")


def problems(database: Database, known: tuple[int, str] | None = None) -> list[str]:
    with database.unit_of_work() as session:
        return prove(session, known).problems


PUT_IN = "INSERT INTO audit (id, at, actor_id, act, about_id, record{}) VALUES (99090, '2027-02-01', '', 'x', '', ''{})"
SECOND = "Entry 2 (b, 2027-02-01 09:30)"


@pytest.mark.parametrize(
    ("behind", "found"),
    [
        ("UPDATE audit SET act = 'x' WHERE n = 2", ["Entry 2 (x, 2027-02-01 09:30) does not follow"]),
        ("UPDATE audit SET at = '2027-02-02 09:30:15' WHERE n = 2", ["Entry 2 (b, 2027-02-02 09:30) does not follow"]),
        ("UPDATE audit SET actor_id = 'U01MEI' WHERE n = 2", [f"{SECOND}: who acted was changed"]),
        ("UPDATE audit SET about_id = 'U01MEI' WHERE n = 2", [f"{SECOND}: whose record it was"]),
        ("UPDATE audit SET record = 'else' WHERE n = 2", [f"{SECOND}: whose record it was"]),
        ("UPDATE audit SET actor_id = 'U01MEI', actor_salt = '' WHERE n = 2", [f"{SECOND} says more than was left"]),
        ("DELETE FROM audit WHERE n = 2", ["Entry 2 is missing. Whether entry 3"]),
        ("DELETE FROM audit WHERE n >= 3", ["Entries 3 to 4 are missing"]),
        (
            "UPDATE audit SET n = 5 - n WHERE n IN (2, 3)",
            ["Entry 2 (c, 2027-02-01 09:30) does not", "Entry 3 (b, 2027-02-01 09:30) does not", "Entry 4 (d"],
        ),
        (
            PUT_IN.format("", ""),
            ["The row 99090 (x, 2027-02-01 00:00) has no place in the chain: it was put in"],
        ),
        (
            PUT_IN.format(", n", ", 2"),
            ["Entry 2 is there twice: the row 99090 (x"],
        ),
        (
            PUT_IN.format(", n", ", 5"),
            ["Entry 5 (x, 2027-02-01 00:00) does not follow", "Entry 5 is not written by Cairn, whose newest is 4"],
        ),
        ("DELETE FROM audit_head", ["The end of the chain is not written down any more"]),
    ],
)
def test_what_is_done_behind_its_back_is_found_and_named(database: Database, behind: str, found: list[str]) -> None:
    written(database, "a", "b", "c", "d")
    assert problems(database) == []
    with database.engine.begin() as connection:
        connection.execute(text(behind))
    said = problems(database)
    assert len(said) == len(found)
    for one, begins in zip(sorted(said), sorted(found), strict=True):
        assert one.startswith(begins)
    written(database, "e")  # and nobody's turn fails because of it


def test_who_knows_an_earlier_end_finds_that_all_was_written_anew(database: Database) -> None:
    said: list[str] = []
    written(database, "a", "b")
    assert audit_proof.verify(database, "", said.append) == 0
    assert said[-2].startswith(
        "Whether the whole chain was written anew, or its end cut off and its mark with it, only"
    )
    known = said[-1].removeprefix("The newest is ")
    written(database, "c")
    said.clear()
    assert audit_proof.verify(database, known, said.append) == 0
    assert "Whether" not in " ".join(said)
    assert audit_proof.verify(database, f"The newest is {known}\n", said.append) == 0, "the line as it was kept"
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit"))
        connection.execute(text("DELETE FROM audit_head"))
    written(database, "a")
    assert audit_proof.verify(database, "", said.append) == 0, "by itself it cannot be told"
    assert audit_proof.verify(database, known, said.append) == 1
    assert said[-1] == "The proof you know ended with entry 2; here the chain ends with 1."
    written(database, "b")
    assert audit_proof.verify(database, known, said.append) == 1
    assert said[-1] == "Entry 2 is another one than at the proof you know: all was written anew."


def test_a_name_can_be_erased_and_the_chain_still_holds(database: Database) -> None:
    written(database, "a", "b")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE audit SET actor_id = '', actor_salt = '' WHERE n = 1"))
        connection.execute(text("UPDATE audit SET about_id = '', record = '', about_salt = '' WHERE n = 2"))
    with database.unit_of_work() as session:
        proof = prove(session)
    assert (proof.problems, proof.n, proof.erased) == ([], 2, 2)


def test_what_did_not_happen_is_not_noted(database: Database) -> None:
    with database.unit_of_work() as session:
        audit.note(session, AT, "U1", "kept", "U2")
        savepoint = session.begin_nested()
        audit.note(session, AT, "U1", "undone", "U2")
        with session.begin_nested():
            audit.note(session, AT, "U1", "undone with it", "U2")
        savepoint.rollback()
        with session.begin_nested():
            audit.note(session, AT, "U1", "kept too", "U2")
    with pytest.raises(ZeroDivisionError):
        _breaks(database)
    with database.unit_of_work() as session:
        assert [one.act for one in audit.about(session, "U2")] == ["kept", "kept too"]
        assert prove(session).problems == []


def test_many_who_write_at_once_write_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(1 if database.is_sqlite else 8) as workers:
        list(workers.map(lambda n: written(database, f"{n}/1", f"{n}/2", f"{n}/3"), range(16)))
    with database.unit_of_work() as session:
        proof = prove(session)
        assert (proof.problems, proof.n) == ([], 48)
        assert len({one.act for one in audit.about(session, "U01EMILY")}) == 48


def test_what_stood_there_before_is_linked_by_the_migration(database: Database) -> None:
    METADATA.drop_all(database.engine)
    moved(database.engine, "0032")
    with database.engine.begin() as connection:
        row = "INSERT INTO audit (at, actor_id, act, about_id, record) VALUES (:at, 'U1', 'see', 'U2', :record)"
        at = AT.replace(tzinfo=None) if database.is_sqlite else AT
        connection.execute(text(row), [{"at": str(at), "record": record} for record in "abcd"])
        connection.execute(text("DELETE FROM audit WHERE record = 'b'"))  # a number that was given in vain
    moved(database.engine, "head")
    written(database, "after")
    with database.unit_of_work() as session:
        proof = prove(session)
    assert (proof.problems, proof.n) == ([], 4)


def _breaks(database: Database) -> None:
    with database.unit_of_work() as session:
        audit.note(session, AT, "U1", "never", "U2")
        raise ZeroDivisionError


def moved(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)
