"""Migrations: bring a database up to date, and write the next one from what changed in the code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.store.db import Database

HERE = Path(__file__).parent / "migrations"


def bring_up_to_date(database: Database) -> None:
    """Run the migrations that this database has not seen; others that start at the same time wait."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7203417)")
        command.upgrade(_config(connection), "head")


def write_next(database: Database, message: str, number: str) -> None:
    """Write a migration from the difference between the code and an up-to-date database, under a number."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
