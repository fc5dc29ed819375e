"""Sealed answers: no query, no order and no byte leads from a text to its author; a naive store fails each attack."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Column as SqlColumn
from sqlalchemy import DateTime, ForeignKey, Integer, MetaData, String, Table, func, inspect, select, text
from sqlalchemy.orm import Session

from bot.domain.anonymity import BUCKETS, PEER, Thresholds
from bot.domain.cycle import CycleKind
from bot.domain.feedback import Answer, InvitationState, RoundState
from bot.domain.refusal import Refused
from bot.domain.rounding import mean
from bot.domain.template import Group
from bot.store import cycles, export, invitations, people, released, seal_key, sealed
from bot.store.db import Database
from bot.store.linkage import ANSWERS, ATTACKS, Look, Tables, look, recovered, telltale
from bot.store.schema import METADATA
from tests.company import Company, Persona
from tests.peer_rounds import CLOSING, TEAM, TOPICS, asked
from tests.store.attacks import naive_round, read
from tests.stories import planned

RATEE = "U00RATEE"
RATERS = [f"U{n:02}RATER" for n in range(12)]
ANSWER_TABLES = [name for name in METADATA.tables if name.startswith(ANSWERS)]


def canary(rater: str) -> str:
    """A text that only this rater would write."""
    return f"canary {rater[::-1].lower()} sang"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def cycle_id(database: Database) -> str:
    """A round in which twelve people are asked about one."""
    with database.unit_of_work() as session:
        for one in (RATEE, *RATERS):
            people.keep_member(session, people.Member(one, one, "", "en-US", "UTC", owner=False, takes_part=True))
        days = (date(2027, 1, 1), date(2027, 3, 31))
        at = datetime(2027, 1, 1, tzinfo=UTC)
        cycle = cycles.create(session, "Q1", CycleKind.QUARTER, days, {}, by=RATEE, at=at)
        invitations.begin(session, cycle.id, RATEE, RoundState.ASKED)
        about = invitations.round_about(session, cycle.id, RATEE)
        groups = dict.fromkeys(RATERS, Group.PEER)
        invitations.propose(session, about, groups, "")
        about = invitations.round_about(session, cycle.id, RATEE)
        assert invitations.freeze_terms(session, cycle.id)
        seal_key.make_key(session, cycle.id)
        invitations.approve(session, about, groups, set(), date(2027, 4, 1))
    return cycle.id


def submits(database: Database, cycle_id: str, rater: str, level: int = 4, more: str = "") -> None:
    """One rater answers, as the handler does it: one unit of work."""
    with database.unit_of_work() as session:
        mine = invitations.invitation(session, cycle_id, RATEE, rater)
        group = invitations.finish(session, mine)
        sealed.seal(session, cycle_id, RATEE, group, Answer({"care": level}, {"behaviour": canary(rater) + more}))


def closes(database: Database, cycle_id: str, thresholds: Thresholds = PEER) -> None:
    """The round is closed, as the handler does it, and the files are rewritten."""
    _close_round(database, cycle_id, thresholds)
    assert sealed.wipe(database)


def _close_round(database: Database, cycle_id: str, thresholds: Thresholds = PEER) -> None:
    with database.unit_of_work() as session:
        invitations.close(session, cycle_id)
        opened = sealed.open_once(session, cycle_id, RATEE, [Group.PEER], thresholds)
        if opened:
            released.release(session, cycle_id, RATEE, [Group.PEER], len(RATERS), opened)
        sealed.destroy(session, cycle_id)


# Attacks, on a naive store and on ours -----------------------------------------------------------


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
    truth = {rater: [row_id] for row_id, rater in _authors_before(database, cycle_id).items()}
    assert len(truth) == len(RATERS)
    _nothing_is_found(looks, {one: [*ids, 1 + n % 5] for n, (one, ids) in enumerate(sorted(truth.items()))})
    closes(database, cycle_id)
    with database.unit_of_work() as session:
        released_at = Tables("feedback_invitations", "released_sentences", "cycle_keys")
        looks = [look(session, released_at, _shown(session, cycle_id))]
    _nothing_is_found(looks, {rater: [row_id] for row_id, rater in _authors_after(database).items()})


def _shown(session: Session, cycle_id: str) -> dict[str, tuple[int, Decimal]]:
    return {one.group: (one.n, mean(one.ratings)) for one in released.summary(session, cycle_id, RATEE)}


def _nothing_is_found(looks: list[Look], truth: dict[object, list[object]]) -> None:
    """Two lists side by side agree by chance in one place; in eight of twelve hardly ever."""
    assert all(recovered(one, looks, truth) <= one.luck for one in ATTACKS)


def _authors_before(database: Database, cycle_id: str) -> dict[object, str]:
    """Who wrote which sealed row: only a test that has the key and knows the canaries can tell."""
    with database.unit_of_work() as session:
        key = seal_key.key_of(session, cycle_id)
        rows = session.execute(select(sealed.SealedRow.id, sealed.SealedRow.ciphertext)).all()
    said = {row.id: sealed.unlock(key, f"{cycle_id}/{RATEE}/peer", row.ciphertext).decode() for row in rows}
    return {row_id: one for row_id, words in said.items() for one in RATERS if canary(one) in words}


def _authors_after(database: Database) -> dict[object, str]:
    with database.unit_of_work() as session:
        rows = session.execute(select(released.SentenceRow.id, released.SentenceRow.sentence)).all()
    return {row.id: one for row in rows for one in RATERS if row.sentence.startswith(canary(one))}


def test_all_rows_of_a_round_carry_the_same_transaction_mark(database: Database, cycle_id: str) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no transaction marks")
    for rater in RATERS[:5]:
        submits(database, cycle_id, rater)
    with database.unit_of_work() as session:
        for name in ("sealed_answers", "feedback_invitations"):
            assert len({row["mark"] for row in read(session, name, "xmin::text AS mark")}) == 1


def test_two_copies_of_the_database_do_not_tell_which_answer_is_new(database: Database, cycle_id: str) -> None:
    """Neither by an id, nor by a ciphertext, nor by a length, though the newcomer writes more than all before."""
    submits(database, cycle_id, RATERS[0])
    before = _answers(database)
    submits(database, cycle_id, RATERS[1], more=" and on" * 1000)
    after = _answers(database)
    assert len(after) == 2
    assert not before.keys() & after.keys()
    assert not set(before.values()) & set(after.values())
    assert len({len(ciphertext) for ciphertext in after.values()}) == 1


def _answers(database: Database) -> dict[bytes, bytes]:
    with database.unit_of_work() as session:
        rows = session.execute(select(sealed.SealedRow.id, sealed.SealedRow.ciphertext))
        return {row.id: row.ciphertext for row in rows}


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
    assert len(ANSWER_TABLES) == 5
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
        assert sealed.open_once(session, cycle_id, RATEE, [Group.PEER], PEER) is None
        (group,) = released.summary(session, cycle_id, RATEE)
        assert (group.n, group.ratings, len(group.sentences)) == (4, (Decimal(4),) * 4, 4)
        late = invitations.invitation(session, cycle_id, RATEE, RATERS[4])
    assert late.state is InvitationState.OPEN
    assert not sealed.wipe(database)


def test_answers_that_come_at_the_same_moment_are_all_kept(database: Database, cycle_id: str) -> None:
    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(lambda rater: submits(database, cycle_id, rater), RATERS))
    assert len(_authors_before(database, cycle_id)) == len(RATERS)


def test_a_group_is_opened_once(database: Database, cycle_id: str) -> None:
    for rater in RATERS[:4]:
        submits(database, cycle_id, rater)
    with database.unit_of_work() as session:
        opened = sealed.open_once(session, cycle_id, RATEE, [Group.PEER], PEER)
        assert opened is not None
        assert opened.n == 4
        assert sealed.open_once(session, cycle_id, RATEE, [Group.PEER], PEER) is None


def test_an_answer_moved_to_another_round_cannot_be_opened(database: Database, cycle_id: str) -> None:
    for rater in RATERS[:4]:
        submits(database, cycle_id, rater)
    with database.unit_of_work() as session:
        session.execute(text("UPDATE sealed_answers SET ratee_id = 'U00OTHER'"))
        with pytest.raises(InvalidTag):
            sealed.open_once(session, cycle_id, "U00OTHER", [Group.PEER], PEER)


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
        _look_at_the_bytes(tmp_path, authors, secrets_before)
    planned(company, "scoring.compute", cycle_id)
    _look_at_the_export(company, tmp_path / "results.json", cycle_id, authors)


def _look_at_the_export(company: Company, file: Path, cycle_id: str, authors: dict[str, Persona]) -> None:
    """The results' file tells of the ratee's colleagues as a group: no text, nobody's name, no level by somebody."""
    assert export.export_results(company.database, cycle_id, file, print) == export.ENDED_WELL
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


def _look_at_the_bytes(folder: Path, authors: dict[str, Persona], secrets_before: list[bytes]) -> None:
    """No old ciphertext, no key, each text once and no author near it, in any file of the database."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith("company.db")}
    assert files
    assert len(files.get("company.db-wal", b"")) == 0
    whole = b"".join(files.values())
    for secret in secrets_before:
        assert secret not in whole
        assert secret[12:44] not in whole
    for author in authors:
        assert whole.count(canary(author).encode()) == 1
        around = whole.index(canary(author).encode())
        assert author.encode() not in whole[around - 60 : around + 120]


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
        _close_round(database, cycle_id)
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
            for row in read(session, name):
                values = {_plain(value) for value in row.values()}
                if any(words in value for value in values):
                    found.append((name, values))
    return found


def _plain(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def _sizes(database: Database) -> dict[str, int]:
    with database.unit_of_work() as session:
        return {name: len(read(session, name)) for name in ("cycle_keys", *ANSWER_TABLES)}
