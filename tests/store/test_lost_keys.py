"""The keys of what people write are lost, or others stand in their place: whoever says so, it is one sentence."""

import secrets
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import database_of, opened
from bot.config import Settings
from bot.doctor.stored import read_database
from bot.store import key_rotation
from bot.store.backup import back_up
from bot.store.db import Database
from bot.store.keys import Keys, WrongKeys
from bot.store.restore import restore
from bot.workspaces import commands, register

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
LOST = {
    "not there": "CAIRN_KEYS_FILE names {file}, which is not there",
    "empty": "CAIRN_KEYS_FILE names {file}, which holds no key",
    "another": "CAIRN_KEYS_FILE names {file}, which holds {other}",
    "not set": "neither CAIRN_KEYS_FILE nor CAIRN_KEYS is set",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A company whose words are under the first key of a file, with a backup."""
    file = tmp_path / "keys"
    file.write_text(f"{secrets.token_hex(32)}\n")
    settings = Settings("xoxb-1", database_url=f"sqlite:///{tmp_path / 'cairn.db'}", keys_file=str(file))
    with closing(opened(settings)) as database:
        back_up(database, tmp_path / "backup", NOW, str)
    return settings


def loses(file: Path, how: str) -> str:
    """The file of keys is lost in this way; what the settings name from then on."""
    if how == "not there":
        file.unlink()
    elif how != "not set":
        file.write_text("" if how == "empty" else f"{secrets.token_hex(32)}\n")
    return "" if how == "not set" else str(file)


def refused(database: Database, what: str) -> str:
    said: list[str] = []
    with pytest.raises(WrongKeys) as wrong:
        key_rotation.run(database, what, NOW, said.append)
    assert said == []
    return str(wrong.value)


@pytest.mark.parametrize("how", LOST)
def test_the_start_the_doctor_the_keys_and_a_restore_say_the_same(settings: Settings, tmp_path: Path, how: str) -> None:
    file = tmp_path / "keys"
    [name] = Keys(file=str(file)).names
    settings = replace(settings, keys_file=loses(file, how))
    before = file.read_text() if file.exists() else ""
    with pytest.raises(WrongKeys) as at_the_start:
        opened(settings)
    with closing(database_of(settings)) as database:
        heard = {str(at_the_start.value), refused(database, "rotate"), refused(database, "encrypt")}
    said: list[str] = []
    with closing(database_of(replace(settings, database_url=f"sqlite:///{tmp_path / 'new.db'}"))) as empty:
        assert restore(empty, tmp_path / "backup", NOW, said.append) == 0
    heard |= {read_database(settings, NOW).keys, *(one for one in said if "encrypted" in one)}
    where = LOST[how].format(file=file, other="".join(Keys(before).names))
    told = (
        f"What people wrote is encrypted with a key that is not here ({name}): {where}. Please put it back from the "
        "copy that is kept, for all workers alike; nothing else opens that, and a new key would not either."
    )
    assert heard == {told}
    assert (file.read_text() if file.exists() else "") == before, "no new key takes the place of a lost one"


def test_an_empty_place_wants_the_first_key_before_anything_is_encrypted(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    settings = Settings("xoxb-1", database_url=f"sqlite:///{tmp_path / 'cairn.db'}", keys_file=str(file))
    for there in ("is not there", "holds no key"):
        with pytest.raises(
            WrongKeys, match=f"{file}, which {there}, and nothing is encrypted yet. `python -m bot keys"
        ):
            opened(settings)
        file.touch()
    with closing(database_of(settings)) as database:
        assert key_rotation.run(database, "rotate", NOW, str) == key_rotation.DONE
    opened(settings).close()


def test_of_many_workspaces_too_no_new_key_takes_the_place_of_a_lost_one(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    settings = Settings(
        client_id="1.2", client_secret="s", database_url=f"sqlite:///{tmp_path / 'cairn.db'}", keys_file=str(file)
    )
    with pytest.raises(register.NoRegister, match=f"{file}, which is not there, and nothing is encrypted yet"):
        register.opened(settings)
    assert commands.change_keys(settings, "rotate", NOW, str) == 0
    with closing(register.opened(settings)) as database, database.unit_of_work() as session:
        token = register.Token("xoxb-1")
        register.keep(session, register.Installation("T0LANTERN", "", "Lantern", "U1", NOW, token))
    file.unlink()
    for what in ("rotate", "encrypt"):
        with pytest.raises(WrongKeys, match=f"names {file}, which is not there. Please put it back"):
            commands.change_keys(settings, what, NOW, str)
    assert not file.exists()
