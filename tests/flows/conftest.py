"""What several conversations' stories begin with."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command

from bot.store.db import Database, outside
from bot.store.migrate import _config
from sandbox.workspace import Team
from tests.company import Company, Server
from tests.goal_talks import invited_sellers
from tests.stories import placed_people
from tests.tenants import LANTERN, T1, T2, Tenants


@pytest.fixture
def placed(company: Company) -> Company:
    """Everybody has their place; no cycle runs."""
    placed_people(company)
    return company


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales."""
    return invited_sellers(company)


@pytest.fixture(scope="session")
def stamped_sqlite(empty_sqlite: Path) -> Path:
    """A file with every table, as the migrations leave it behind."""
    path = empty_sqlite.with_name("stamped.db")
    shutil.copy(empty_sqlite, path)
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        command.stamp(_config(connection), "head")
    outside(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def no_secret_in_a_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        yield
    for secret in ("xoxb-", "xoxe-", "the-secret-of-the-app"):
        assert secret not in caplog.text


@pytest.fixture
def tenants(
    loop, server: Server, database_url: str, stamped_sqlite: Path, no_secret_in_a_log: None
) -> Iterator[Tenants]:
    tenants = Tenants(loop, server, database_url, LANTERN, Team(T1, "Lantern Trading"), Team(T2, "Hansa & Söhne"))
    if database_url.startswith("sqlite"):
        tenants.prepares(stamped_sqlite)
    yield tenants
    tenants.closes()
    assert [one for slack in tenants.slacks.values() for one in slack.findings] == []
