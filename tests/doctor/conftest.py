"""The installation that every story about the doctor begins with."""

import asyncio
import shutil
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.doctor.look import Machine
from bot.store import people
from bot.store.backup import BackupRow
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from sandbox.app import create
from sandbox.clock import Clock
from sandbox.slack import Slack
from tests.company import Server, _read
from tests.doctor.world import LANTERN, SECRETS, World, member

ROOMY = 10**12
"""Bytes, on a disk that is far from full."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as a start leaves it: two people, one of them of HR."""
    path = tmp_path_factory.mktemp("doctor") / "cairn.db"
    database = Database(f"sqlite:///{path}")
    bring_up_to_date(database)
    with database.unit_of_work() as session:
        people.keep_members(session, [member("U01MEI", owner=True), member("U01EMILY")])
        people.name_first_hr(session, ())
        session.add(BackupRow(at=datetime.now(UTC)))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def world(loop: asyncio.AbstractEventLoop, server: Server, tmp_path: Path, template: Path) -> Iterator[World]:
    slack = Slack(deepcopy(_read(LANTERN / "workspace.yml")), Clock(), server.url)
    shutil.copy(template, tmp_path / "cairn.db")
    (tmp_path / "cairn.db").chmod(0o600)
    environ = {**SECRETS, "SLACK_API_URL": f"{server.url}api/", "DATABASE_URL": f"sqlite:///{tmp_path / 'cairn.db'}"}
    machine = Machine(*(tmp_path / name for name in ("mounts", "container", "env", "processes")), free=lambda _: ROOMY)
    world = World(slack, loop, tmp_path, environ, machine, datetime.now(UTC), base=server.url)
    world.app(app_token=SECRETS["SLACK_APP_TOKEN"], config_token=SECRETS["SLACK_CONFIG_TOKEN"])
    sandbox = create(slack)

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        await (world.front if world.front and scope["path"].startswith("/slack/") else sandbox)(scope, receive, send)

    server.app = serve
    yield world
    for one in world.others:
        one.close()
