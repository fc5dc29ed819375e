"""Sealed answers: opened once for groups that are large enough, and no byte leads from a text to its author."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from bot.domain.anonymity import BUCKETS, PEER, Thresholds
from bot.domain.feedback import InvitationState
from bot.domain.refusal import Refused
from bot.store import export, invitations, released, seal_key, sealed
from bot.store.db import Database
from bot.store.linkage import ANSWERS
from bot.store.schema import METADATA
from tests.company import Company, Persona
from tests.peer_rounds import CLOSING, TEAM, TOPICS, asked
from tests.store.attacks import read
from tests.store.sealed_rounds import RATEE, RATERS, authors_before, begun, canary, close_round, closes, submits
from tests.stories import planned

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


def test_a_sealed_answer_is_as_long_as_any_other_of_its_size(database: Database, cycle_id: str) -> None:
    for rater in RATERS[:2]:
        submits(database, cycle_id, rater)
    with database.unit_of_work() as session:
        lengths = set(session.scalars(select(func.length(sealed.SealedRow.ciphertext))))
    assert lengths == {BUCKETS[-1] + 12 + 16}


# What is promised ------------------------------------------------------------------------------------


def test_the_thresholds_cannot_be_changed_after_the_first_invitation(database: Database, cycle_id: str) -> None:
    with database.unit_of_work() as session:
        assert invitations.terms(session, cycle_id) == PEER
        assert not invitations.freeze_terms(session, cycle_id, PEER)
        with pytest.raises(Refused, match="stay as they are"):
            invitations.freeze_terms(session, cycle_id, Thresholds(5, 5, 10))


def test_one_answer_too_few_shows_nothing_anywhere(database: Database, cycle_id: str) -> None:
    for rater in RATERS[:2]:
        submits(database, cycle_id, rater)
    closes(database, cycle_id)
    with database.unit_of_work() as session:
        assert released.summary(session, cycle_id, RATEE) == ()
    assert _rows_with(database, "canary") == []
    assert _sizes(database) == dict.fromkeys(("cycle_keys", *ANSWER_TABLES), 0)


def test_a_closed_round_takes_no_answer_and_opens_nothing_again(database: Database, cycle_id: str) -> None:
    for rater in RATERS[:4]:
        submits(database, cycle_id, rater)
    closes(database, cycle_id)
    with pytest.raises(Refused, match="Thank you for taking the time"):
        submits(database, cycle_id, RATERS[4])
    with database.unit_of_work() as session:
        assert invitations.close(session, cycle_id) == []
        assert sealed.open_rounds(session, cycle_id, [RATEE], PEER) == {}
        (group,) = released.summary(session, cycle_id, RATEE)
        assert (group.n, group.ratings, len(group.sentences)) == (4, (Decimal(4),) * 4, 4)
        late = invitations.invitation(session, cycle_id, RATEE, RATERS[4])
    assert late.state is InvitationState.OPEN
    assert not sealed.wipe(database)


def test_answers_that_come_at_the_same_moment_are_all_kept(database: Database, cycle_id: str) -> None:
    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(lambda rater: submits(database, cycle_id, rater), RATERS))
    assert len(authors_before(database, cycle_id)) == len(RATERS)


def test_a_group_is_opened_once(database: Database, cycle_id: str) -> None:
    for rater in RATERS[:4]:
        submits(database, cycle_id, rater)
    with database.unit_of_work() as session:
        opened = sealed.open_rounds(session, cycle_id, [RATEE], PEER)[RATEE]
        assert {groups: one.n for groups, one in opened.items()} == {("peer",): 4}
        assert sealed.open_rounds(session, cycle_id, [RATEE], PEER) == {}


def test_an_answer_moved_to_another_round_cannot_be_opened(database: Database, cycle_id: str) -> None:
    for rater in RATERS[:4]:
        submits(database, cycle_id, rater)
    with database.unit_of_work() as session:
        session.execute(text("UPDATE sealed_answers SET ratee_id = 'U00OTHER'"))
        with pytest.raises(InvalidTag):
            sealed.open_rounds(session, cycle_id, ["U00OTHER"], PEER)


# Canaries through the whole bot -----------------------------------------------------------------------


def test_after_the_close_nothing_anywhere_links_an_author_to_a_text(
    company: Company, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    cycle_id = asked(company, *TEAM)
    authors = {company.person(name).id: company.person(name) for name in TEAM}
    for n, (user_id, persona) in enumerate(authors.items()):
        persona.clicks("Start", near="Emily Carter")
        words = f"The {canary(user_id)} while the second harbour crane was being loaded"
        persona.submits(**dict.fromkeys(TOPICS, str(1 + n)), behaviour=words)
    database = company.database
    secrets_before = _secrets(database)
    assert len(secrets_before) == 6
    company.winds(to=CLOSING)
    sealed.wipe(database)
    (group,) = company.knows(lambda session: released.summary(session, cycle_id, "U01EMILY"))
    assert len(group.sentences) == 5

    names = {user_id: {user_id, persona.member.name, persona.member.email} for user_id, persona in authors.items()}
    known = {cycle_id, "U01EMILY", "peer", "behaviour"}
    for user_id, of_author in names.items():
        texts = _rows_with(database, canary(user_id))
        assert [where for where, _ in texts] == ["released_sentences"]
        for _, row in texts:
            assert not of_author & row
            for value in row - known:
                assert _rows_with(database, value) == [("released_sentences", row)]
        assert not any(canary(user_id) in record.getMessage() for record in caplog.records)
    if database.is_sqlite:
        with database.unit_of_work() as session:
            kept = list(session.scalars(text("SELECT sentence FROM released_sentences")))
        _look_at_the_bytes(tmp_path, authors, secrets_before, kept)
    planned(company, "scoring.compute", cycle_id)
    _look_at_the_export(company, tmp_path / "results.json", cycle_id, authors)


def _look_at_the_export(company: Company, file: Path, cycle_id: str, authors: dict[str, Persona]) -> None:
    """The results' file tells of the ratee's colleagues as a group: no text, nobody's name, no level by somebody."""
    assert (
        export.export_results(company.database, cycle_id, file, company.slack.clock.now(), print) == export.ENDED_WELL
    )
    written = file.read_text("utf-8")
    (result,) = (one for one in json.loads(written)["results"] if one["person"]["id"] == "U01EMILY")
    about_her = json.dumps(result, ensure_ascii=False)
    for author, persona in authors.items():
        assert canary(author) not in written
        member = persona.member
        assert not [mark for mark in (author, member.name, member.email) if mark in about_her]


def _secrets(database: Database) -> list[bytes]:
    with database.unit_of_work() as session:
        return [
            *session.scalars(select(sealed.SealedRow.ciphertext)),
            *session.scalars(select(seal_key.CycleKeyRow.key)),
        ]


def _look_at_the_bytes(folder: Path, authors: dict[str, Persona], secrets_before: list[bytes], kept: list[str]) -> None:
    """No old ciphertext, no key and no text, each sentence once as it is kept, and no author near it, in any file."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith("company.db")}
    assert files
    assert len(files.get("company.db-wal", b"")) == 0
    whole = b"".join(files.values())
    for secret in secrets_before:
        assert secret not in whole
        assert secret[12:44] not in whole
    assert not any(canary(author).encode() in whole for author in authors)
    for sentence in kept:
        assert whole.count(sentence.encode()) == 1
        at = whole.index(sentence.encode())
        around = whole[at - 60 : at + len(sentence) + 60]
        assert not any(author.encode() in around for author in authors)


def test_on_postgres_no_old_byte_stays_in_the_files_of_the_tables(database: Database, cycle_id: str) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite's bytes are looked at above")
    for rater in RATERS[:4]:
        submits(database, cycle_id, rater)
    before = _secrets(database)
    files = _files(database)
    assert any(one[12:44] in file for one in before for file in files)
    closes(database, cycle_id)
    assert not any(one[12:44] in file for one in before for file in _files(database))


def test_on_postgres_an_older_look_at_the_answers_is_waited_for(database: Database, cycle_id: str) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite's VACUUM keeps nothing for others")
    for rater in RATERS[:4]:
        submits(database, cycle_id, rater)
    before = _secrets(database)
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as onlooker:
        onlooker.execute(text("SELECT count(*) FROM sealed_answers"))
        close_round(database, cycle_id)
        assert not sealed.wipe(database)
    assert sealed.wipe(database)
    assert not any(one[12:44] in file for one in before for file in _files(database))


def _files(database: Database) -> list[bytes]:
    """What stands on the disk for the tables of keys and sealed answers."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        tables = ("cycle_keys", "sealed_answers")
        places = [connection.scalar(select(func.pg_relation_filepath(name))) for name in tables]
    return [(folder / place).read_bytes() for place in places]


def _rows_with(database: Database, words: str) -> list[tuple[str, set[str]]]:
    """Every row of every table that has these words in any column, as the set of its values."""
    found = []
    with database.unit_of_work() as session:
        for name in inspect(session.connection()).get_table_names():
            for row in _read(session, name):
                values = {_plain(value) for value in row.values()}
                if any(words in value for value in values):
                    found.append((name, values))
    return found


def _read(session: Session, name: str) -> list[dict[str, Any]]:
    """The rows of a table, with what people wrote as they wrote it, where the code knows the table."""
    known = METADATA.tables.get(name)
    if known is None:
        return read(session, name)
    return [dict(row) for row in session.execute(select(known)).mappings()]


def _plain(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def _sizes(database: Database) -> dict[str, int]:
    with database.unit_of_work() as session:
        return {name: len(read(session, name)) for name in ("cycle_keys", *ANSWER_TABLES)}
