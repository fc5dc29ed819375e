"""The doctor: each thing that can be set up wrongly is found, with a sentence, and no secret is ever said."""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from bot.store import people
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from tests.company import APP
from tests.doctor.seeds import SEEDS, scopes
from tests.doctor.world import ROOT, SECRETS, World, looked, member
from tests.postgres import Postgres

# Nothing is wrong ---------------------------------------------------------------------------------


def test_where_nothing_is_wrong_nothing_is_said(world: World) -> None:
    assert [one for one in looked(world) if "make-up workdays" not in one.sentence] == []


def test_over_http_a_signed_request_and_a_large_one_come_through(world: World) -> None:
    world.over_http()
    assert [one for one in looked(world) if "make-up workdays" not in one.sentence] == []


# One thing is wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_each_thing_that_is_set_up_wrongly_is_found(world: World, seed: str) -> None:
    change, sentence = SEEDS[seed]
    change(world)
    found = looked(world)
    assert [one for one in found if sentence in one.sentence and one.do], [one.sentence for one in found]


def test_socket_mode_that_is_on_while_cairn_waits_for_http_is_found(world: World) -> None:
    world.over_http()
    world.at("settings.socket_mode_enabled", True)
    assert any("Socket Mode is on at Slack, and Cairn waits for HTTP" in one.sentence for one in looked(world))


def test_a_token_that_was_mended_is_no_problem_any_more(world: World) -> None:
    SEEDS["mended token"][0](world)
    assert not [one for one in looked(world) if one.severe]
    world.environ["SLACK_APP_TOKEN"] = "xapp-1-A01CAIRN-5-wrong"
    assert "Slack refuses SLACK_APP_TOKEN (invalid_auth)." in [one.sentence for one in looked(world)]
    assert "Slack lately" not in said(world)


# On PostgreSQL ------------------------------------------------------------------------------------


@contextmanager
def on_postgres(world: World, postgres: Postgres, letters: str = "UTF8") -> Iterator[Database]:
    """A database that keeps letters so, as a start leaves it."""
    name = f"doctor_{letters.lower()}"
    engine = create_engine(postgres.url, isolation_level="AUTOCOMMIT")
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        server = stack.enter_context(engine.connect())
        made = f"CREATE DATABASE {name} ENCODING '{letters}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        server.exec_driver_sql(made)
        stack.callback(server.exec_driver_sql, f"DROP DATABASE {name} WITH (FORCE)")
        world.environ["DATABASE_URL"] = postgres.url.replace("/postgres?", f"/{name}?")
        database = stack.enter_context(closing(Database(world.environ["DATABASE_URL"])))
        bring_up_to_date(database)
        yield database


def said(world: World) -> str:
    return "\n".join(one.sentence for one in looked(world))


@pytest.mark.postgres
def test_a_machine_whose_clock_is_not_the_database_servers_is_found(world: World, postgres: Postgres) -> None:
    with on_postgres(world, postgres):
        world.now = datetime.now(UTC)
        assert "from the database server's" not in said(world)
        world.now = datetime.now(UTC) + timedelta(hours=1)
        assert re.search(r"This machine's clock is 3[56]\d\d seconds from the database server's", said(world))


@pytest.mark.postgres
@pytest.mark.parametrize(("letters", "all_kept"), [("UTF8", True), ("SQL_ASCII", True), ("LATIN1", False)])
def test_a_database_that_does_not_keep_every_letter_is_found(
    world: World, postgres: Postgres, letters: str, all_kept: bool
) -> None:
    with on_postgres(world, postgres, letters) as database:
        assert ("The database keeps letters as LATIN1:" in said(world)) is not all_kept
        with nullcontext() if all_kept else pytest.raises(DBAPIError):
            with database.unit_of_work() as session:
                people.keep_members(session, [replace(member("U01LIN"), name="林美")])
            with database.unit_of_work() as session:
                assert [one.name for one in people.everyone(session)] == ["林美"]


# The command --------------------------------------------------------------------------------------


async def _runs(world: World) -> tuple[int | None, str]:
    """Run it as an operator does, in a folder of its own."""
    environ = {**world.environ, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = (sys.executable, "-m", "bot", "doctor")
    process = await asyncio.create_subprocess_exec(*command, cwd=world.folder, env=environ, stdout=PIPE, stderr=PIPE)
    said, complained = await process.communicate()
    return process.returncode, (said + complained).decode()


def test_the_command_says_what_to_do_and_changes_nothing(world: World) -> None:
    world.environ["DATABASE_URL"] = "sqlite:///new.db"
    status, said = world.loop.run_until_complete(_runs(world))
    assert status == 0, said
    assert said.splitlines()[-2] == f"The database: {world.folder / 'new.db'}."
    assert said.splitlines()[-1].startswith("Problems: 0; advice: ")
    assert not (world.folder / "new.db").exists()
    scopes(less="im:history")(world)
    status, said = world.loop.run_until_complete(_runs(world))
    assert status == 1
    assert said.startswith("PROBLEM  The bot's token lacks im:history, without which words and files")
    assert "then install the app again" in said
    assert not [secret for secret in SECRETS.values() if secret in said]


def test_the_manifest_in_the_sandbox_is_the_one_it_compares_with(world: World) -> None:
    assert json.loads((ROOT / "manifest.json").read_text(encoding="utf-8")) == world.slack.apps[APP].manifest
