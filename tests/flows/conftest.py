"""What several conversations' stories begin with."""

import shutil
from pathlib import Path

import pytest
from alembic import command

from bot.store.db import Database, outside
from bot.store.migrate import _config
from tests.company import Company
from tests.goal_talks import invited_sellers
from tests.stories import placed_people


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
