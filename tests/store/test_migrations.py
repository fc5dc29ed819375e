"""The migrations lead to the tables that the code means, and back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select

from bot.store.db import Database
from bot.store.migrate import NewerDatabase, begin_anew, bring_up_to_date, newest, version_of
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


def rows(connection: Connection, name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(_table(connection, name))).mappings()]


def _table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


def puts(connection: Connection, name: str, **values: Any) -> None:
    """A row as an older version wrote it; what is not named is empty."""
    table = _table(connection, name)
    empty = {one.name: _nothing(one.type.python_type) for one in table.columns
             if not one.nullable and one.server_default is None}  # fmt: skip
    connection.execute(insert(table).values({**empty, **values}))


def _nothing(kind: type) -> Any:
    return {date: date(2027, 1, 1), datetime: datetime(2027, 1, 1, tzinfo=UTC), bool: False, int: 0}.get(kind, "")


def test_talks_from_before_the_upgrade_are_followed_into_other_hands(migrated: Database) -> None:
    with migrated.engine.begin() as connection:
        begin_anew(connection, "0044")
        for one in ("U01JONAS", "U01EMILY", "U01THOMAS", "U01LENA"):
            puts(connection, "people", id=one)
        puts(connection, "cycles", id="q1", opens="{}", departments="[]")
        for person in ("U01JONAS", "U01EMILY"):
            puts(connection, "stints", person_id=person, manager_id="U01THOMAS", starts_on=date(2026, 1, 1))
        held = {"U01JONAS": ("U01LENA", date(2027, 4, 29)), "U01EMILY": ("U01LENA", None)}
        for person, (by, day) in held.items():
            puts(connection, "interviews", cycle_id="q1", person_id=person, manager_id=by, held_on=day, gaps="[]")
    bring_up_to_date(migrated)
    with migrated.engine.connect() as connection:
        led = {one["person_id"]: one["led_by"] for one in rows(connection, "interviews")}
        assert set(led.values()) == {"U01THOMAS"}, "Lena stood in for him"
        assert [one["step"] for one in rows(connection, "timers")] == ["interviews.look_around"]


def test_without_a_talk_nothing_is_looked_at(migrated: Database) -> None:
    with migrated.engine.begin() as connection:
        assert rows(connection, "timers") == []
