"""Migrations: bring a database up to date, and write the next one from what changed in the code."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, Table, inspect
from sqlalchemy.schema import DropTable

from bot.store.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"
VERSION = "alembic_version"


class NewerDatabase(Exception):  # noqa: N818 - it reads as what happened
    """A newer Cairn has migrated this database; nobody knows here what stands in it."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"The database was brought up to date by a newer Cairn (migration {version}; this one knows them up to "
            f"{newest()}). Run that version again, or restore the backup from before the upgrade into an empty "
            "database; docs/operating.md says how."
        )


def bring_up_to_date(database: Database) -> None:
    """Run the migrations that this database has not seen; others that start at the same time wait.

    Raises `NewerDatabase`.
    """
    with database.engine.begin() as connection:
        alone(connection)
        if (seen := version_of(connection)) not in {"", *known()}:
            raise NewerDatabase(seen)
        upgrade(connection, newest())


def upgrade(connection: Connection, version: str) -> None:
    """Run the migrations up to a version."""
    if version_of(connection) != version:
        from alembic import command  # noqa: PLC0415 - slow to import, and most starts have nothing to migrate

        command.upgrade(_config(connection), version)


def begin_anew(connection: Connection, version: str) -> None:
    """In place of whatever tables there are, make those of a version, without a row."""
    alone(connection)
    for name, _ in reversed(inspect(connection).get_sorted_table_and_fkc_names()):
        if name:
            connection.execute(DropTable(Table(name, MetaData())))
    upgrade(connection, version)


def alone(connection: Connection) -> None:
    """Have others who migrate wait, and take what time it needs."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7203417)")


def newest() -> str:
    """The number of the last migration there is."""
    return known()[-1]


def known() -> list[str]:
    """The numbers of all migrations, the oldest first."""
    return sorted(path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py"))


def version_of(connection: Connection) -> str:
    """The number of the last migration that this database has seen; none is empty."""
    if not inspect(connection).has_table(VERSION):
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def write_next(database: Database, message: str, number: str) -> None:
    """Write a migration from the difference between the code and an up-to-date database, under a number."""
    from alembic import command  # noqa: PLC0415 - as above

    with database.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
