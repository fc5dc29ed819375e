"""The migrations lead to the tables that the code means, and back."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from bot.store.db import Database
from bot.store.migrate import NewerDatabase, bring_up_to_date, newest, version_of
from bot.store.schema import METADATA
from scripts.new_migration import after


@pytest.fixture
def migrated(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    METADATA.drop_all(database.engine)
    bring_up_to_date(database)
    yield database
    database.close()


def test_migrations_make_exactly_the_tables_of_the_code(migrated: Database) -> None:
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_what_a_newer_version_migrated_is_left_alone_with_a_sentence(migrated: Database) -> None:
    with migrated.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match=f"migration 9999; this one knows them up to {newest()}"):
        bring_up_to_date(migrated)
    with migrated.engine.connect() as connection:
        assert version_of(connection) == "9999"


def test_the_next_migration_is_numbered_after_the_newest_however_many_there_are() -> None:
    assert after(newest()) == f"{int(newest()) + 1:04d}"
    assert (after("0009"), after("0042")) == ("0010", "0043")


def test_bringing_it_up_to_date_twice_changes_nothing(migrated: Database) -> None:
    before = set(inspect(migrated.engine).get_table_names())
    bring_up_to_date(migrated)
    assert set(inspect(migrated.engine).get_table_names()) == before


def test_a_database_that_is_up_to_date_has_seen_the_newest_migration(migrated: Database) -> None:
    with migrated.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == newest()
