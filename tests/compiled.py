"""Databases that share what was compiled for their kind: half of a short life would be spent on compiling it anew."""

from typing import Any

from sqlalchemy import Dialect

from bot.store.db import Database

COMPILED: dict[Any, Any] = {}
"""Statements; they are kept by their dialect."""
DIALECTS: dict[str, Dialect] = {}


def database_at(url: str) -> Database:
    """A database, with what was compiled for its kind before."""
    database = Database(url)
    engine = database.engine
    engine.dialect = DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=COMPILED)
    return database
