"""Where a workspace lives: a database of its own beside the register, and settings that hold nothing of another's."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateSchema, DropSchema

from bot.config import Settings
from bot.workspaces.register import HOME, Installation

BESIDE_A_FILE = ("", "-wal", "-shm", ".key")
"""Endings of what SQLite, and the secret of sealed answers, keep beside a database."""


_ONE_MAKES = text("SELECT pg_advisory_xact_lock(hashtext(:place))")
"""IF NOT EXISTS alone lets two look at the same moment, and the second one fails."""


def settings_of(settings: Settings, one: Installation) -> Settings:
    """The settings of one workspace, as if there were no other.

    Of the operator's variables it knows those that bear its id: CAIRN_TOKEN_T012AB_ERP, CAIRN_SECRET_T012AB_ERP.
    """
    return replace(
        settings,
        bot_token=one.token.access,
        client_secret="",
        database_url=address(settings.database_url, one.home),
        tokens=_own(settings.tokens, f"CAIRN_TOKEN_{one.home}_"),
        secrets=_own(settings.secrets, f"CAIRN_SECRET_{one.home}_"),
    )


def address(register_url: str, home: str) -> str:
    """Where the database of a workspace is: a file beside the register's, or a schema in its PostgreSQL database."""
    if not HOME.fullmatch(home):
        raise ValueError("not the id of a workspace")
    if register_url.startswith("sqlite"):
        file = _file(register_url)
        return f"sqlite:///{file.with_name(f'{file.stem}-{home}{file.suffix}')}"
    url = make_url(register_url)
    options = f"{url.query.get('options', '')} -csearch_path={schema(home)}".strip()
    return url.update_query_dict({"options": options}).render_as_string(hide_password=False)


def schema(home: str) -> str:
    """The name of a workspace's schema in PostgreSQL."""
    return f"cairn_{home.lower()}"


def make(session: Session, home: str) -> None:
    """Have a place for the tables of a workspace; a file is made by whoever opens it."""
    if _is_postgres(session):
        session.execute(_ONE_MAKES, {"place": schema(home)})
        session.execute(CreateSchema(schema(home), if_not_exists=True))


def purge(session: Session, register_url: str, home: str) -> None:
    """Leave nothing of what a workspace kept."""
    if _is_postgres(session):
        session.execute(DropSchema(schema(home), cascade=True, if_exists=True))
        return
    file = _file(address(register_url, home))
    for ending in BESIDE_A_FILE:
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def _own(named: Mapping[str, str], beginning: str) -> dict[str, str]:
    return {name: value for name, value in named.items() if name.startswith(beginning)}


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
