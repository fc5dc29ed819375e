"""What the database says to the doctor, who changes nothing in it: neither a file nor a table is made."""

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.config import Settings
from bot.doctor.look import Stored
from bot.sources.workdays import country_of
from bot.store import backup, key_rotation, outbox, people, seal_key, sources, standstill, timers, webhooks
from bot.store.db import Database, WrongClock, check_clock
from bot.store.keys import Keys
from bot.store.migrate import newest, version_of
from bot.store.sqlite_file import cannot_be_made, file_of, why_no_folder

A_FEW = 3
WHOLE = frozenset({"UTF8", "SQL_ASCII"})
"""What keeps every letter; the latter takes our bytes as they are."""


def sqlite_file(settings: Settings) -> Path | None:
    """The file of a SQLite database, wherever Cairn was started; None for PostgreSQL."""
    file = file_of(settings.database_url)
    return file.absolute() if file else None


def place_of(settings: Settings) -> str:
    """Where the database is, in words, without its password."""
    url = make_url(settings.database_url)
    return str(sqlite_file(settings) or f"{url.host or 'this machine'}, database {url.database}, user {url.username}")


def read_database(settings: Settings, now: datetime) -> Stored:
    """Read what there is; a SQLite file that is not there yet is looked at as the place that it will have."""
    file = sqlite_file(settings)
    if file and not file.exists():
        return Stored(trouble=_place_trouble(settings.database_url))
    try:
        return _read(settings, now)
    except (DBAPIError, OSError) as error:
        return Stored(trouble=why_silent(str(error), settings))


def _read(settings: Settings, now: datetime) -> Stored:
    database = Database(settings.database_url, settings.seal_key, Keys(settings.keys, settings.keys_file))
    try:
        clock, letters = _clock_trouble(database, now), _letters(database)
        with database.engine.connect() as connection:
            version = version_of(connection)
        if version != newest():
            return Stored(clock=clock, letters=letters, version=version)
        with database.unit_of_work() as session:
            return replace(_told(session, version, now, database.keys), clock=clock, letters=letters)
    finally:
        database.close()


def _clock_trouble(database: Database, now: datetime) -> str:
    """Why Cairn would not start by this clock; nothing when it would."""
    try:
        check_clock(database, now)
    except WrongClock as wrong:
        return str(wrong)
    return ""


def _letters(database: Database) -> str:
    """How PostgreSQL keeps letters, where it does not keep every one."""
    if database.is_sqlite:
        return ""
    with database.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SHOW server_encoding").scalar())
    return "" if kept in WHOLE else kept


def _told(session: Session, version: str, now: datetime, keys: Keys) -> Stored:
    taking_part = [one for one in people.everyone(session) if one.takes_part]
    return Stored(
        version=version,
        ids=[one.id for one in taking_part[:A_FEW]],
        countries=sorted({country_of(one.tz) for one in taking_part} - {""}),
        hr=[one.id for one in people.holders(session, people.HR)],
        refused=[f"{one.method} ({one.error})" for one in standstill.current(session, now) if one.method],
        stopped=[one.error for one in standstill.current(session, now) if not one.method],
        given_up=outbox.backlog(session).given_up,
        failed=timers.count_failed(session),
        seal=seal_key.trouble(session),
        signing=webhooks.secrets_wanted(session),
        asking=sources.tokens_wanted(session),
        backed_up=backup.last_backup(session),
        keys=key_rotation.trouble(session, keys),
        halfway=key_rotation.is_halfway(session),
    )


def _place_trouble(url: str) -> str:
    """Why a database cannot be made there; nothing when it can."""
    file = file_of(url) or Path()
    if missing := why_no_folder(file):
        return missing
    folder = next(one for one in file.absolute().parents if one.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return cannot_be_made(file, error)


def why_silent(said: str, settings: Settings) -> str:
    """Why a database does not answer, without what a driver may say of passwords."""
    known = {
        "password authentication failed": "refuses the password",
        "no password supplied": "wants a password",
        "does not exist": "knows no such database or user",
        "file is not a database": "is no SQLite database",
        "malformed": "is damaged",
        "readonly": "may not be written",
        "unable to open": "cannot be opened",
        "locked": "is held by another process",
    }
    does = next((sentence for part, sentence in known.items() if part in said), "does not answer")
    return f"{place_of(settings)}: it {does}."
