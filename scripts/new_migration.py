"""Write the next migration: python -m scripts.new_migration "what changed"."""

import sys
import tempfile
from pathlib import Path

from bot.store.db import Database
from bot.store.migrate import bring_up_to_date, write_next

with tempfile.TemporaryDirectory() as folder:
    database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
    bring_up_to_date(database)
    write_next(database, sys.argv[1])
    database.close()
