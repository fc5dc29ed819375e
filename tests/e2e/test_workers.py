"""Two workers on one PostgreSQL behind a proxy: people click all the while, and each worker is restarted."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.store.db import Database
from bot.store.schema import METADATA
from scripts.rehearsal.verdict import GONE_WITHIN
from scripts.rehearsal.workspace import APP, Workspace
from scripts.workers import workers

PEOPLE = ["U01EMILY", "U01THOMAS", "U01MEI", "U01MARCUS"]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_rolling_restart_loses_no_click(database_url: str, tmp_path: Path) -> None:
    _emptied(database_url)
    enough = threading.Event()
    with workers(2, database_url, tmp_path) as several, ThreadPoolExecutor(len(PEOPLE)) as crowd:
        clicking = [crowd.submit(_clicks, several.running.slack_url, person, enough) for person in PEOPLE]
        try:
            for member in several.members:
                several.restart(member)
        finally:
            enough.set()
        answered = [one.result() for one in clicking]
        workspace = Workspace(several.running.slack_url)
        assert workspace.findings() == []
        workspace.close()
    assert min(answered) > 0
    assert max(several.stops) < GONE_WITHIN


def _emptied(database_url: str) -> None:
    """The workers migrate an empty database themselves, both at once."""
    database = Database(database_url)
    METADATA.drop_all(database.engine)
    database.close()


def _clicks(slack_url: str, person: str, enough: threading.Event) -> int:
    """Type a command again and again; returns how often it was answered, and `NotDone` is raised when it was not."""
    workspace = Workspace(slack_url)
    channel = workspace.act(person, "open_messages", app=APP)["answer"]["channel"]
    for n in itertools.count():
        if enough.is_set():
            workspace.close()
            return n
        assert workspace.act(person, "command", channel=channel, text="/cairn help")["answer"]
    raise AssertionError("unreachable")
