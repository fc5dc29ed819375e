"""A backup holds everything at one moment, and a restore is as if nothing had been lost, on either database."""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from bot.app import build
from bot.store import audit, export, outbox, people, privacy_audit, sealed
from bot.store.backup import PASSING, back_up, last_backup, tables_of
from bot.store.db import Database
from bot.store.migrate import _config, begin_anew, newest, upgrade, version_of
from bot.store.people import Member
from bot.store.restore import looked_over, restore
from tests.company import Company
from tests.compiled import KEYS, SEAL_KEY
from tests.postgres import on
from tests.store import sealed_rounds
from tests.stories import ended_quarter, heard_from_colleagues, planned, reported_values, reviewed

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def another_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Another database of the same kind, empty."""
    with ExitStack() as lent:
        if database_url.startswith("sqlite"):
            yield f"sqlite:///{tmp_path / 'restored.db'}"
        else:
            yield lent.enter_context(request.getfixturevalue("postgres").lends())


def backed_up(company: Company, file: Path) -> str:
    """Make a backup; what the command said."""
    said: list[str] = []
    with company.database.engine.begin() as connection:
        command.stamp(_config(connection), "head")  # the tests' databases are made of the tables as they are today
    assert back_up(company.database, file, company.real_clock.now(), said.append) == 0
    return said[0]


def restored(database: Database, file: Path, company: Company) -> list[str]:
    said: list[str] = []
    assert restore(database, file, company.real_clock.now(), said.append) == 0, said
    return said


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table that a backup holds; the order of columns is that of the names."""
    with database.snapshot() as connection:
        return {
            table.name: sorted(
                json.dumps(dict(row), default=str, sort_keys=True)
                for row in connection.execute(select(table)).mappings()
            )
            for table in tables_of(connection)
            if table.name not in PASSING
        }


def results_in(database: Database, file: Path) -> object:
    """What is exported, after it was calculated again."""
    assert export.export_results(database, "2027-Q1", file, datetime.now(UTC), print) == 0
    assert export.verify(file, print) == 0
    return json.loads(file.read_text("utf-8"))


def test_after_a_restore_everything_is_there_and_nothing_comes_twice(
    company: Company, another_url: str, tmp_path: Path
) -> None:
    cycle = ended_quarter(company, "emily", "jonas")
    reported_values(company, cycle, "emily", "jonas")
    for name in ("emily", "jonas"):
        reviewed(company, cycle, name)
    heard_from_colleagues(company, cycle, "emily", "4.25", "3.5", "4.75", "4", "4")
    planned(company, "scoring.compute", cycle.id)
    emily, file = company.person("emily"), tmp_path / "cairn.backup"
    with company.database.unit_of_work() as session:
        audit.note(session, company.slack.clock.now(), "U01MEI", "test", "U01EMILY")
        outbox.want(
            session, "x", emily.id, {"text": "On its way"}, company.real_clock.now(), urgent=True, kind="message"
        )
    before = contents(company.database)
    assert backed_up(company, file).endswith(f"written to {file}, at migration {newest()}.")
    assert file.stat().st_mode & 0o777 == 0o600
    company.settles()
    assert [one["text"] for one in emily.messages].count("On its way") == 1
    with closing(Database(another_url, SEAL_KEY, KEYS)) as again:
        said = restored(again, file, company)
        after = contents(again)
        assert {name for name, rows in before.items() if after[name] != rows} == {"outbox"}
        assert len(after["outbox"]) == len(before["outbox"])
        assert "looked up in Slack" in said[-1]
        assert results_in(again, tmp_path / "after") == results_in(company.database, tmp_path / "before")
        assert privacy_audit.run(again, print) == 0
        with again.unit_of_work() as session:
            audit.note(session, company.slack.clock.now(), "U01MEI", "test", "U01EMILY")
        cairn = company.runs(
            build(company.cairn.settings, again, company.slack.clock, company.real_clock, company.limits)
        )
        company.runs(cairn.settle())
        assert [one["text"] for one in emily.messages].count("On its way") == 1
        with again.unit_of_work() as session:
            assert outbox.backlog(session).waiting == 0
        company.runs(cairn.close())


def test_sealed_answers_come_back_with_the_key_of_the_open_round_and_no_other(
    database_url: str, another_url: str, tmp_path: Path
) -> None:
    with (
        closing(Database(database_url, SEAL_KEY, KEYS)) as database,
        closing(Database(another_url, SEAL_KEY, KEYS)) as again,
    ):
        with database.engine.begin() as connection:
            begin_anew(connection, newest())
        cycle_id = sealed_rounds.begun(database)
        for rater in sealed_rounds.RATERS:
            sealed_rounds.submits(database, cycle_id, rater)
        open_one, closed_one = tmp_path / "open", tmp_path / "closed"
        now = NOW
        assert back_up(database, open_one, now, print) == 0
        assert b'"table":"cycle_keys"' in gzip.decompress(open_one.read_bytes())
        with database.unit_of_work() as session:
            sealed.destroy(session, cycle_id)
        assert back_up(database, closed_one, now, print) == 0
        assert json.loads(gzip.decompress(closed_one.read_bytes()).splitlines()[0])["rows"]["cycle_keys"] == 0
        assert restore(again, open_one, now, print) == 0
        assert privacy_audit.run(again, print) == 0
        sealed_rounds.closes(again, cycle_id)


# What the doctor is told ---------------------------------------------------------------------------


@pytest.fixture
def filled(database_url: str) -> Iterator[Database]:
    """A database with somebody in it, as a start leaves it."""
    with closing(Database(database_url, SEAL_KEY, KEYS)) as database:
        with database.engine.begin() as connection:
            command.stamp(_config(connection), "head")
        with database.unit_of_work() as session:
            people.keep_members(
                session, [Member("U1", "林美", "", "zh-CN", "Asia/Shanghai", owner=True, takes_part=True)]
            )
        yield database


def noted(database: Database) -> datetime | None:
    with database.unit_of_work() as session:
        return last_backup(session)


def test_the_newest_backup_that_became_a_file_is_noted_and_no_restore_brings_it_along(
    filled: Database, another_url: str, tmp_path: Path
) -> None:
    assert noted(filled) is None
    for day in (1, 2):
        assert back_up(filled, tmp_path / "file", NOW + timedelta(days=day), print) == 0
        assert noted(filled) == NOW + timedelta(days=day)
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit((tmp_path / "pipe").read_bytes)
        assert back_up(filled, tmp_path / "pipe", NOW + timedelta(days=3), print) == 0
    assert read.result().startswith(b"\x1f\x8b")
    assert noted(filled) == NOW + timedelta(days=2)
    with closing(Database(another_url, SEAL_KEY, KEYS)) as again:
        assert restore(again, tmp_path / "file", NOW, print) == 0
        assert noted(again) is None


@pytest.mark.parametrize("database_url", [on("postgres")], indirect=True)
def test_who_may_only_read_makes_a_backup_and_is_told_that_nobody_will_know(filled: Database, tmp_path: Path) -> None:
    url = filled.engine.url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    said: list[str] = []
    with closing(Database(url.render_as_string(hide_password=False), SEAL_KEY, KEYS)) as looking:
        assert back_up(looking, tmp_path / "file", NOW, said.append) == 0
    assert said[1:] == ["That it was made could not be noted for the doctor (ReadOnlySqlTransaction)."]
    assert noted(filled) is None
    assert looked_over(tmp_path / "file").rows["people"] == 1


# What is refused ----------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Database]:
    """A database of an older version with one person in it."""
    with closing(Database(f"sqlite:///{tmp_path / 'small.db'}")) as database:
        with database.engine.begin() as connection:
            upgrade(connection, "0020")
            connection.execute(
                text(
                    "INSERT INTO people (id, name, email, locale, tz, owner, takes_part, chosen_language, greeted)"
                    " VALUES ('U1', '林美', '', 'zh-CN', 'Asia/Shanghai', true, true, '', false)"
                )
            )
        yield database


def refused(database: Database, file: Path) -> str:
    said: list[str] = []
    assert restore(database, file, NOW, said.append) == 1
    return said[0]


def test_an_older_backup_is_migrated_and_goes_into_the_other_kind_of_database(
    small: Database, another_url: str, tmp_path: Path
) -> None:
    assert back_up(small, tmp_path / "file", NOW, print) == 0
    with closing(Database(another_url)) as again:
        said: list[str] = []
        assert restore(again, tmp_path / "file", NOW, said.append) == 0
        assert said[1] == f"They were migrated from 0020 to {newest()}."
        with again.unit_of_work() as session:
            assert [one.name for one in people.everyone(session)] == ["林美"]


def test_a_database_with_somebody_in_it_is_not_overwritten(small: Database, tmp_path: Path) -> None:
    assert back_up(small, tmp_path / "file", NOW, print) == 0
    assert refused(small, tmp_path / "file") == (
        "This database is not empty: people has rows. Please restore into an empty one."
    )
    with small.engine.connect() as connection:
        assert version_of(connection) == "0020"


def cut(content: bytes) -> bytes:
    return content[:-20]


def other_words(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).replace("林美".encode(), "林丽".encode()))


def one_row_less(content: bytes) -> bytes:
    return gzip.compress(b"".join(line for line in gzip.decompress(content).splitlines(True) if b'"U1"' not in line))


@pytest.mark.parametrize(
    "damage", [cut, other_words, one_row_less, lambda _: b"no gzip", lambda _: gzip.compress(b"{}\n")]
)
def test_a_damaged_file_changes_nothing(small: Database, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "file"
    assert back_up(small, file, NOW, print) == 0
    file.write_bytes(damage(file.read_bytes()))
    with closing(Database(f"sqlite:///{tmp_path / 'new.db'}")) as new:
        assert "is no backup of Cairn's, or is damaged" in refused(new, file)
        with new.engine.connect() as connection:
            assert version_of(connection) == ""


def test_what_a_newer_version_wrote_is_left_alone(small: Database, tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert back_up(small, file, NOW, print) == 0
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b'"0020"', b'"9999"')))
    with closing(Database(f"sqlite:///{tmp_path / 'new.db'}")) as new:
        assert f"was made by a newer Cairn (migration 9999; this one knows them up to {newest()})" in refused(new, file)


def test_an_empty_database_has_nothing_to_back_up(tmp_path: Path) -> None:
    said: list[str] = []
    with closing(Database(f"sqlite:///{tmp_path / 'new.db'}")) as new:
        assert back_up(new, tmp_path / "file", NOW, said.append) == 1
    assert said == ["There is nothing in this database yet."]
    assert not (tmp_path / "file").exists()
