"""Where a SQLite database lies. A folder that is not there is a mistyped address: none is made for it."""

import os
from pathlib import Path

from bot.config import USUAL_DATABASE

BEGINNING = "sqlite:///"
USUAL_FOLDER = Path(USUAL_DATABASE.removeprefix(BEGINNING)).parent
"""The one folder that a start makes, in the folder where it is started."""


class NoPlace(Exception):  # noqa: N818 - it reads as what happened
    """A SQLite database cannot lie where it should; the sentence says where that is, and what to do."""


def file_of(url: str) -> Path | None:
    """The file of a SQLite database as its address names it; None for PostgreSQL."""
    return Path(url.removeprefix(BEGINNING)) if url.startswith("sqlite") else None


def make_file(file: Path) -> None:
    """Have an empty file for its owner alone, unless one is there; raises `NoPlace`."""
    if why := why_no_folder(file):
        raise NoPlace(why)
    try:
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise NoPlace(cannot_be_made(file, error)) from None


def why_no_folder(file: Path) -> str:
    """What is wrong where the folder of a database is not there; nothing where it is, or is made at the start."""
    whole = file.absolute()
    if file.parent == USUAL_FOLDER or os.path.isdir(whole.parent):  # noqa: PTH112 - of what may not be looked at: no
        return ""
    return (
        f"DATABASE_URL names {whole}, and there is no folder {whole.parent}. Make it for Cairn's user, or mend the "
        "address: with four slashes (sqlite:////var/lib/cairn/cairn.db) it is absolute, with three it begins in the "
        "folder where Cairn is started."
    )


def cannot_be_made(file: Path, error: OSError) -> str:
    """The sentence about a file that the system lets nobody make."""
    return f"DATABASE_URL names {file.absolute()}, which cannot be made: {error.strerror}."
