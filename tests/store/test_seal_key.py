"""The keys of sealed answers are wrapped with a secret that is not in the database; a wrong one is said at the door."""

import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select

from bot.app import opened
from bot.config import Settings
from bot.store import seal_key
from bot.store.db import Database
from bot.store.seal_key import DESTROYED, CycleKeyRow, WrongSealKey

SECRET, OTHER = "the operator keeps this one elsewhere", "another one, as long as it has to be"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, SECRET)
    yield database
    database.close()


def stored(database: Database) -> dict[str, bytes]:
    with database.unit_of_work() as session:
        return {row.cycle_id: row.key for row in session.scalars(select(CycleKeyRow))}


def keeps(database: Database, **keys: bytes) -> None:
    with database.unit_of_work() as session:
        session.execute(insert(CycleKeyRow), [{"cycle_id": name, "key": key} for name, key in keys.items()])


def key_of(database: Database, cycle_id: str) -> bytes:
    with database.unit_of_work() as session:
        return seal_key.key_of(session, cycle_id)


def test_what_stands_in_the_database_opens_nothing_and_the_secret_does(database: Database) -> None:
    with database.unit_of_work() as session:
        seal_key.make_key(session, "q1")
    kept, key = stored(database)["q1"], key_of(database, "q1")
    assert key not in kept
    nonce = secrets.token_bytes(12)
    said = AESGCM(key).encrypt(nonce, b"what a colleague said", b"")
    for part in (kept[at : at + 32] for at in range(len(kept) - 31)):
        with pytest.raises(InvalidTag):
            AESGCM(part).decrypt(nonce, said, b"")


def test_keys_that_an_older_cairn_left_bare_are_wrapped_at_the_start_and_open_the_same(database: Database) -> None:
    bare = secrets.token_bytes(32)
    keeps(database, q1=bare, q0=DESTROYED)
    assert seal_key.admit(database)
    assert bare not in stored(database)["q1"]
    assert stored(database)["q0"] == DESTROYED
    assert key_of(database, "q1") == bare
    assert not seal_key.admit(database)


def test_a_key_that_was_bare_is_not_left_in_the_files(tmp_path: Path) -> None:
    settings = Settings(bot_token="xoxb-1", database_url=f"sqlite:///{tmp_path / 'old.db'}", seal_key=SECRET)
    before = opened(settings)
    bare = secrets.token_bytes(32)
    keeps(before, q1=bare)
    before.close()
    assert any(bare in path.read_bytes() for path in tmp_path.iterdir())
    after = opened(settings)
    assert not any(bare in path.read_bytes() for path in tmp_path.iterdir())
    assert key_of(after, "q1") == bare
    after.close()


def test_a_key_is_of_its_cycle_alone(database: Database) -> None:
    with database.unit_of_work() as session:
        seal_key.make_key(session, "q1")
    keeps(database, q2=stored(database)["q1"])
    with pytest.raises(WrongSealKey):
        key_of(database, "q2")


def test_a_wrong_secret_is_said_at_the_door(database: Database, database_url: str) -> None:
    with database.unit_of_work() as session:
        seal_key.make_key(session, "q1")
    stranger = Database(database_url, OTHER)
    with pytest.raises(WrongSealKey, match="is not the secret that the open rounds of feedback were sealed with"):
        seal_key.admit(stranger)
    stranger.close()
    assert not seal_key.admit(database)


def test_without_a_setting_a_file_beside_the_database_holds_the_secret_for_its_owner_alone(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "new.db.key"
    database = Database(url)
    CycleKeyRow.__table__.create(database.engine)
    assert not seal_key.admit(database)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with database.unit_of_work() as session:
        seal_key.make_key(session, "q1")
    again = Database(url)
    assert key_of(again, "q1") == key_of(database, "q1")
    file.unlink()
    with pytest.raises(WrongSealKey, match=r"new\.db\.key: rounds of feedback are open"):
        seal_key.admit(again)
    assert not file.exists()
    for one in (database, again):
        one.close()
