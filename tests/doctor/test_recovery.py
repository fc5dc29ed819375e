"""docs/operating.md, "Back up and restore", followed by somebody who has nothing but the page and what was kept."""

import asyncio
import os
import re
import shlex
import shutil
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.store import audit, people, questions, seal_key
from bot.store.db import Database
from bot.store.keys import Keys
from bot.store.migrate import bring_up_to_date
from tests.doctor.world import ROOT, World, member

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
SECTION = PAGE[PAGE.index("**Back up and restore.**") : PAGE.index("What happened after the backup is not in it:")]
NIGHTLY, LOST = SECTION.split("When the database is lost:")
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
WORDS = "Why was the second harbour crane moved? 为什么移动了第二台起重机？"
SECRET = "the secret that sealed answers rest on"


def typed(text: str) -> list[str]:
    """The commands of Cairn's that a text has one type."""
    return re.findall(r"`python -m bot ([^`]+)`", " ".join(text.split()))


def steps() -> list[str]:
    return re.split(r"(?m)^\d\. ", LOST)[1:]


@dataclass
class Operator:
    """Somebody at a terminal, who keeps three things apart: backups, keys, and the secret of the seal."""

    world: World
    safe: Path
    urls: tuple[str, str]
    """Of the database that is lost, and of the one in its place."""

    @property
    def folder(self) -> Path:
        return self.world.folder

    def sealed_beside(self, url: str) -> Path:
        """Where the page says that the secret's file is."""
        (named,) = re.findall(r"it is `(var/seal\.key)`", " ".join(steps()[1].split()))
        return self.folder / named if "postgres" in url else Path(f"{url.removeprefix('sqlite:///')}.key")

    def types(self, command: str, **names: str) -> tuple[int, str]:
        """Type a command of the page, with what stands there for a name replaced."""
        for name, value in names.items():
            command = re.sub(rf"\b{name}\b", value, command)
        return self.world.loop.run_until_complete(self._process(shlex.split(command)))

    async def _process(self, arguments: list[str]) -> tuple[int, str]:
        environ = {**self.world.environ, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
        command = (sys.executable, "-m", "bot", *arguments)
        told = {"stdout": PIPE, "stderr": STDOUT, "cwd": self.folder, "env": environ}
        process = await asyncio.create_subprocess_exec(*command, **told)
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    def database(self) -> Database:
        keys = Keys(file=self.world.environ["CAIRN_KEYS_FILE"])
        return Database(self.world.environ["DATABASE_URL"], SECRET, keys)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def operator(world: World, request: pytest.FixtureRequest) -> Iterator[Operator]:
    """An installation with a key, a secret in its file, and an open round; everything is as commands left it."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            urls = tuple(f"sqlite:///{world.folder / name}" for name in ("lost.db", "new.db"))
        else:
            urls = stack.enter_context(made(request.getfixturevalue("postgres").url, "recovery_lost", "recovery_new"))
        del world.environ["CAIRN_SEAL_KEY"], world.environ["CAIRN_KEYS"]
        world.environ |= {"DATABASE_URL": urls[0], "CAIRN_KEYS_FILE": str(world.folder / "keys")}
        one = Operator(world, world.folder / "safe", urls)
        one.safe.mkdir()
        secret = one.sealed_beside(urls[0])
        secret.parent.mkdir(exist_ok=True)
        secret.write_text(SECRET)
        secret.chmod(0o600)
        assert one.types("keys rotate")[0] == 0
        yield one


@contextmanager
def made(url: str, *names: str) -> Iterator[tuple[str, ...]]:
    """Databases of a PostgreSQL server, made as the page says."""
    (how,) = re.findall(r"`createdb (--[^`]+) NAME`", " ".join(steps()[0].split()))
    assert how.split() == ["--encoding=UTF8", "--template=template0"]
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as server:
        for name in names:
            server.exec_driver_sql(
                f"CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
            )
        yield tuple(url.replace("/postgres?", f"/{name}?") for name in names)
        for name in names:
            server.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def lives(operator: Operator) -> bytes:
    """Somebody writes, acts are noted, and a round is open; its key."""
    with closing(operator.database()) as database:
        bring_up_to_date(database)
        with database.unit_of_work() as session:
            people.keep_members(session, [member("U01MEI", owner=True), member("U01EMILY")])
            people.name_first_hr(session, ())
            questions.ask(session, "U01EMILY", WORDS, NOW, NOW.date())
            audit.note(session, NOW, "U01MEI", "test", "U01EMILY")
            seal_key.make_key(session, "q1")
            return seal_key.key_of(session, "q1")


def acts(operator: Operator) -> None:
    with closing(operator.database()) as database, database.unit_of_work() as session:
        audit.note(session, NOW, "U01MEI", "test", "U01EMILY")


def known(said: str) -> str:
    return said.strip().splitlines()[-1].removeprefix("The newest is ")


def loses_all(operator: Operator) -> None:
    """The machine is gone; keys and secret are in the safe, and nowhere else."""
    shutil.move(operator.world.environ["CAIRN_KEYS_FILE"], operator.safe / "keys")
    shutil.move(operator.sealed_beside(operator.urls[0]), operator.safe / "secret")
    for file in operator.folder.glob("lost.db*"):
        file.unlink()


def test_who_has_the_page_a_backup_the_keys_and_the_secret_gets_everything_back(operator: Operator) -> None:
    key = lives(operator)
    backs_up, _, proves = typed(NIGHTLY)
    status, said = operator.types(proves)
    assert status == 0, said
    line, file = known(said), str(operator.safe / "backup")
    assert operator.types(backs_up, FILE=file)[0] == 0
    acts(operator)
    later = known(operator.types(proves)[1])
    loses_all(operator)

    names, puts_back, restores, verifies, looks, starts = steps()
    assert "`DATABASE_URL`" in names
    operator.world.environ["DATABASE_URL"] = operator.urls[1]
    (restore,) = typed(restores)
    status, said = operator.types(restore, FILE=file)
    assert status == 0, said
    assert "encrypted with a key that is not here" in said, "step 2 was left out"
    assert "CAIRN_SEAL_KEY is missing, and so is" in said
    assert "`CAIRN_KEYS_FILE`" in puts_back
    shutil.copy(operator.safe / "keys", operator.world.environ["CAIRN_KEYS_FILE"])
    shutil.copy(operator.safe / "secret", operator.sealed_beside(operator.urls[1]))
    verify, audits = typed(verifies)
    assert [command for command in (verify, audits) if operator.types(command, **{"N:HASH": line})[0]] == []
    status, said = operator.types(verify, **{"N:HASH": later})
    assert (status, "The proof you know ended with entry 2; here the chain ends with 1." in said) == (1, True)
    for command in typed(looks):
        status, said = operator.types(command, FILE=str(operator.safe / "anew"))
        assert status == 0, said
    assert "Problems: 0;" in said
    assert "Start Cairn" in starts
    with closing(operator.database()) as database, database.unit_of_work() as session:
        assert [one.words for one in session.query(questions.QuestionRow)] == [WORDS]
        assert seal_key.key_of(session, "q1") == key
