"""The register: where Cairn is installed, with tokens that are encrypted, in a database apart from everybody's own."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import MetaData, delete, inspect, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bot.config import Settings
from bot.store.db import Base, Database, insert_new, keep_row, touched
from bot.store.keys import Keys
from bot.store.migrate import VERSION, alone
from bot.store.private import Private

HOME = re.compile(r"[TE][A-Z0-9]{2,30}")
"""How Slack writes the id of a workspace, or of an organisation."""
THREADS = 2
TO_LET_GO = timedelta(minutes=1)
"""Workers look at the register every two seconds, and then have some for what is being answered and sent."""


class Register(DeclarativeBase):
    """The tables of the register; a workspace's own database has none of them."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    type_annotation_map = Base.type_annotation_map


class InstallationRow(Register):
    """One installation; `home` is the workspace's id, or the organisation's where all of its workspaces share one."""

    __tablename__ = "installations"
    home: Mapped[str] = mapped_column(primary_key=True)
    enterprise_id: Mapped[str]
    name: Mapped[str]
    installed_by: Mapped[str]
    installed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    access: Mapped[Private]
    refresh: Mapped[Private]
    expires_at: Mapped[datetime | None]


class UsedStateRow(Register):
    """A state that came back from Slack once; it is as good as none from then on."""

    __tablename__ = "used_states"
    state: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Token:
    """What Slack lets a workspace's bot act with; where tokens rotate, until when, and what brings the next one."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None

    def ends_by(self, moment: datetime) -> bool:
        """Whether it is of no use any more then."""
        return self.expires_at is not None and self.expires_at <= moment


@dataclass(frozen=True)
class Installation:
    """Where Cairn is installed: real moments; `closed_at` is when it was removed."""

    home: str
    enterprise_id: str
    name: str
    installed_by: str
    installed_at: datetime
    token: Token
    closed_at: datetime | None = None


class NoRegister(Exception):  # noqa: N818 - it reads as what happened
    """The database is not one for a register."""


def opened(settings: Settings, *, before_a_key: bool = False) -> Database:
    """The database of the register, with its tables; raises `NoRegister`, and `WrongKeys` when no token can be read.

    A key is needed, but `before_a_key` of whoever makes the first one.
    """
    database = Database(settings.database_url, settings.seal_key, Keys(settings.keys, settings.keys_file), THREADS)
    try:
        _look_into(database, needs_key=not before_a_key)
    except Exception:
        database.close()
        raise
    return database


def _look_into(database: Database, *, needs_key: bool) -> None:
    with database.engine.begin() as connection:
        alone(connection)
        if inspect(connection).has_table(VERSION):
            raise NoRegister(
                "DATABASE_URL names the database of one workspace. Many workspaces need a new one, which tells where "
                "theirs are; docs/many-workspaces.md says how."
            )
        Register.metadata.create_all(connection)
    with database.unit_of_work() as session:
        everything(session)
    if needs_key and not database.keys.names:
        raise NoRegister(database.keys.none_yet())


def everything(session: Session) -> list[Installation]:
    """All installations, also those that were removed and are kept for their days of grace."""
    rows = select(InstallationRow).order_by(InstallationRow.installed_at, InstallationRow.home)
    return [_installation(row) for row in session.scalars(rows)]


def find(session: Session, home: str) -> Installation | None:
    """One installation."""
    row = session.get(InstallationRow, home)
    return _installation(row) if row else None


def keep(session: Session, one: Installation) -> None:
    """Keep an installation in place of an earlier one of the same workspace; it is open again."""
    told = {name: getattr(one, name) for name in ("home", "enterprise_id", "name", "installed_by", "installed_at")}
    keep_row(session, InstallationRow, {**told, "closed_at": None, **_columns(one.token)})


def close(session: Session, home: str, at: datetime) -> bool:
    """Cairn was removed: nothing is sent from now on, and the token is forgotten.

    False when it was installed anew meanwhile, or was closed already. Slack tells the moment in whole seconds.
    """
    row = session.get(InstallationRow, home, with_for_update=True, populate_existing=True)
    if row is None or row.closed_at or at < row.installed_at.replace(microsecond=0):
        return False
    row.closed_at, row.access, row.refresh, row.expires_at = at, "", "", None
    session.flush()
    return True


def locked(session: Session, home: str) -> Installation | None:
    """One installation, which nobody else changes until this unit of work ends."""
    row = session.get(InstallationRow, home, with_for_update=True, populate_existing=True)
    return _installation(row) if row else None


def keep_token(session: Session, home: str, token: Token) -> None:
    """Put a token in place of the one before."""
    session.execute(update(InstallationRow).where(InstallationRow.home == home).values(**_columns(token)))


def forget(session: Session, home: str) -> None:
    """Leave no row."""
    session.execute(delete(InstallationRow).where(InstallationRow.home == home))


def use_state(session: Session, state: str, at: datetime) -> bool:
    """Whether a state comes back for the first time, whoever else brings it at the same moment."""
    return insert_new(session, UsedStateRow, {"state": state, "at": at})


def forget_states(session: Session, before: datetime) -> int:
    """Leave out the states that are too old to be taken anyhow."""
    return touched(session, delete(UsedStateRow).where(UsedStateRow.at < before))


def grace(settings: Settings) -> timedelta:
    """How long the database of a workspace is kept after Cairn was removed from it.

    Without any days it is purged once every worker has surely let go of it.
    """
    return max(timedelta(days=settings.grace_days), TO_LET_GO)


def _columns(token: Token) -> dict[str, object]:
    return {"access": token.access, "refresh": token.refresh, "expires_at": token.expires_at}


def _installation(row: InstallationRow) -> Installation:
    token = Token(row.access, row.refresh, row.expires_at)
    told = (row.home, row.enterprise_id, row.name, row.installed_by, row.installed_at)
    return Installation(*told, token, row.closed_at)
