"""Write the next migration: python -m scripts.new_migration "what changed"."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bot.store.db import Database
from bot.store.migrate import HERE, bring_up_to_date, newest, write_next

VERSIONS = HERE / "versions"


def main() -> int:
    """Compare the code with an up-to-date database, write what differs, and put it into the house's style."""
    number = after(newest())
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        bring_up_to_date(database)
        write_next(database, sys.argv[1], number)
        database.close()
    for command in (["format"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, str(VERSIONS)], check=True)
    return 0


def after(number: str) -> str:
    """The number that follows, however many migrations there are."""
    return f"{int(number) + 1:04d}"


if __name__ == "__main__":
    sys.exit(main())
