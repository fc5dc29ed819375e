"""The doctor: each thing that can be set up wrongly is found, with a sentence, and no secret is ever said."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE

import pytest

from tests.company import APP
from tests.doctor.seeds import SEEDS, scopes
from tests.doctor.world import ROOT, SECRETS, World, looked

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


# The command --------------------------------------------------------------------------------------


async def _runs(world: World) -> tuple[int | None, str]:
    """Run it as an operator does, in a folder of its own."""
    environ = {**world.environ, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = (sys.executable, "-m", "bot", "doctor")
    process = await asyncio.create_subprocess_exec(*command, cwd=world.folder, env=environ, stdout=PIPE, stderr=PIPE)
    said, complained = await process.communicate()
    return process.returncode, (said + complained).decode()


def test_the_command_says_what_to_do_and_changes_nothing(world: World) -> None:
    world.environ["DATABASE_URL"] = f"sqlite:///{world.folder / 'new' / 'cairn.db'}"
    status, said = world.loop.run_until_complete(_runs(world))
    assert status == 0, said
    assert said.splitlines()[-1].startswith("Problems: 0; advice: ")
    assert not (world.folder / "new").exists()
    scopes(less="im:history")(world)
    status, said = world.loop.run_until_complete(_runs(world))
    assert status == 1
    assert said.startswith("PROBLEM  The app lacks scopes: without im:history words and files")
    assert "then install the app again" in said
    assert not [secret for secret in SECRETS.values() if secret in said]


def test_the_manifest_in_the_sandbox_is_the_one_it_compares_with(world: World) -> None:
    assert json.loads((ROOT / "manifest.json").read_text(encoding="utf-8")) == world.slack.apps[APP].manifest
