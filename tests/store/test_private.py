"""What people write is encrypted in the database, each value for its own row; keys change while Cairn runs."""

import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.app import opened
from bot.config import Settings
from bot.store import key_rotation, outbox, people, questions
from bot.store.db import Database
from bot.store.keys import MARK, Keys, WrongKeys
from bot.store.outbox import OutboxRow
from bot.store.private import kind_of, private_columns
from bot.store.questions import QuestionRow

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
WORDS = "Why was the second harbour crane moved? 为什么移动了第二台起重机？"

Opens = Callable[[], Database]


def key() -> str:
    return secrets.token_hex(32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    path.write_text(f"{key()}\n")
    return path


@pytest.fixture
def opens(database_url: str, file: Path) -> Iterator[Opens]:
    """Open the database as a further worker with the same file of keys."""
    opened: list[Database] = []

    def worker() -> Database:
        opened.append(Database(database_url, keys=Keys(file=str(file))))
        return opened[-1]

    yield worker
    for one in opened:
        one.close()


def met(database: Database) -> None:
    with database.unit_of_work() as session:
        emily = {"name": "Emily", "email": "", "locale": "", "tz": "UTC", "owner": False, "takes_part": True}
        session.add(people.PersonRow(id="U01EMILY", **emily))


def asks(database: Database, words: str = WORDS) -> str:
    with database.unit_of_work() as session:
        return questions.ask(session, "U01EMILY", words, NOW, NOW.date()).id


def reads(database: Database) -> dict[str, str]:
    with database.unit_of_work() as session:
        return {row.id: row.words for row in session.scalars(select(QuestionRow))}


def kept(database: Database) -> list[Any]:
    """What stands in the table, as anybody sees it who has the files."""
    with database.engine.connect() as connection:
        return list(connection.scalars(text("SELECT words FROM questions")))


def says(database: Database, what: str) -> tuple[int, str]:
    said: list[str] = []
    return key_rotation.run(database, what, NOW, said.append), " ".join(said)


def test_the_files_hold_no_word_and_whoever_has_the_key_reads_all(opens: Opens, tmp_path: Path) -> None:
    database = opens()
    met(database)
    one = asks(database)
    with database.unit_of_work() as session:
        outbox.want(session, "x", "U01EMILY", {"text": WORDS}, NOW, urgent=True, kind=outbox.MESSAGE)
        session.execute(update(QuestionRow).where(QuestionRow.id == one).values(answer="To the pier"))
    assert reads(opens()) == {one: WORDS}
    with opens().unit_of_work() as session:
        assert session.get_one(OutboxRow, "x").body == {"text": WORDS}
        assert session.get_one(QuestionRow, one).answer == "To the pier"
    assert "harbour" not in str(kept(database))
    if database.is_sqlite:
        database.close()
        assert not any(b"harbour" in path.read_bytes() for path in tmp_path.iterdir() if path.name != "keys")


def test_what_is_copied_to_another_row_or_column_opens_nowhere(opens: Opens) -> None:
    database = opens()
    met(database)
    one, other = asks(database), asks(database, "Who pays?")
    for change in (
        "UPDATE questions SET words = (SELECT words FROM questions WHERE id = :other) WHERE id = :one",
        "UPDATE questions SET answer = words WHERE id = :other OR id = :one",
    ):
        with database.engine.connect() as connection:
            connection.execute(text(change), {"one": one, "other": other})
            with pytest.raises(WrongKeys, match="not written there"):
                connection.execute(select(QuestionRow)).all()


def test_every_private_column_of_every_table_reads_back_what_was_written(opens: Opens) -> None:
    """A column whose row cannot be told would be found here, and not in the middle of a cycle."""
    for table in key_rotation.private_tables():
        for column in private_columns(table):
            assert all(one.table is table and not one.nullable for one in kind_of(column).rows(table))
    assert len(key_rotation.private_tables()) > 25


def test_nobody_can_search_for_words_and_a_row_has_to_be_named(opens: Opens) -> None:
    database = opens()
    met(database)
    asks(database)
    with database.unit_of_work() as session:
        assert session.scalars(select(QuestionRow).where(QuestionRow.answer == "")).all()
        for wrong in (
            select(QuestionRow).where(QuestionRow.words == WORDS),
            update(QuestionRow).where(QuestionRow.asker_id == "U01EMILY").values(answer="one for all"),
        ):
            with pytest.raises(Exception, match="what people wrote"):
                session.execute(wrong)


def test_without_a_key_words_stay_as_they_are_until_there_is_one(database_url: str, tmp_path: Path) -> None:
    odd = f"{MARK}a1b2c3d4 is no cipher"
    with closing(Database(database_url)) as open_one:
        met(open_one)
        before = {asks(open_one): WORDS, asks(open_one, odd): odd}
        assert reads(open_one) == before
        assert says(open_one, "encrypt")[0] == key_rotation.REFUSED
    with closing(Database(database_url, keys=Keys(file=str(tmp_path / "keys")))) as keyed:
        assert says(keyed, "rotate")[0] == key_rotation.DONE
        assert reads(keyed) == before
        assert all(one.startswith(MARK) for one in kept(keyed))
        assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


def test_a_key_changes_under_load_and_nothing_is_lost(opens: Opens, file: Path) -> None:
    database, old = opens(), file.read_text()
    met(database)
    said = {asks(database, f"{WORDS} {n}"): f"{WORDS} {n}" for n in range(60)}
    workers = [opens() for _ in range(1 if database.is_sqlite else 4)]

    def works(worker: Database) -> dict[str, str]:
        mine = {}
        for n in range(40):
            one = asks(worker, f"meanwhile {n} {id(worker)}")
            with worker.unit_of_work() as session:
                row = session.get_one(QuestionRow, one, with_for_update=True)
                row.words = mine[one] = f"{row.words}, and more"
        return mine

    with ThreadPoolExecutor(len(workers)) as pool:
        writing = [pool.submit(works, worker) for worker in workers]
        assert says(database, "rotate")[0] == key_rotation.DONE
        said |= {one: words for each in writing for one, words in each.result().items()}
    assert reads(database) == said
    assert says(database, "encrypt")[0] == key_rotation.DONE
    file.write_text(file.read_text().replace(old, ""))
    assert reads(opens()) == said


def test_who_stopped_a_rotation_goes_on_with_it(opens: Opens, file: Path) -> None:
    database = opens()
    met(database)
    asks(database)
    key_rotation.admit(database, NOW)
    file.write_text(f"{key()}\n{file.read_text()}")
    key_rotation.admit(database, NOW)
    assert says(database, "rotate")[0] == key_rotation.DONE
    assert len(file.read_text().split()) == 2
    assert says(database, "rotate")[0] == key_rotation.DONE
    assert len(file.read_text().split()) == 3


def test_without_the_key_cairn_says_so_at_the_door_and_starts_not(tmp_path: Path, file: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'cairn.db'}"
    right = file.read_text().strip()
    opened(Settings("xoxb-1", database_url=database_url, keys=right)).close()
    for keys, keys_file in (("", ""), (key(), "")):
        with pytest.raises(WrongKeys, match="Please put it back"):
            opened(Settings("xoxb-1", database_url=database_url, keys=keys, keys_file=keys_file))
    opened(Settings("xoxb-1", database_url=database_url, keys=f"{key()} {right}")).close()


def test_whoever_changes_the_keys_leaves_the_file_to_whom_it_was(file: Path) -> None:
    file.chmod(0o640)
    os.chown(file, 65534 if os.geteuid() == 0 else -1, -1)
    before, keys = file.stat(), Keys(file=str(file))
    assert keys.add() == keys.names[0]
    after = file.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)


def test_a_file_of_keys_that_cannot_be_read_is_told_in_a_sentence(opens: Opens, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(WrongKeys, match="cannot be read: Is a directory"):
        opened(Settings("xoxb-1", database_url=f"sqlite:///{tmp_path / 'cairn.db'}", keys_file=str(folder)))
    with opens().unit_of_work() as session:
        assert "cannot be read" in key_rotation.trouble(session, Keys(file=str(folder)))


def test_keys_in_the_environment_are_changed_by_whoever_keeps_them_there(database_url: str) -> None:
    first, second = key(), key()
    with closing(Database(database_url, keys=Keys(first))) as before:
        met(before)
        one = asks(before)
        assert says(before, "rotate")[0] == key_rotation.REFUSED
    with closing(Database(database_url, keys=Keys(f"{second} {first}"))) as during:
        assert says(during, "encrypt")[0] == key_rotation.DONE
    with closing(Database(database_url, keys=Keys(second))) as after:
        assert reads(after) == {one: WORDS}
        assert repr(after.keys).count(second) == 0
