"""Files for their owner alone: results and backups hold what the whole company must not read."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OWNERS_ALONE = 0o600


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears whole or not at all; one that stood there, whoever could read it, is replaced.

    What is no file, such as a pipe or a terminal, is written to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as there:
            yield there
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNERS_ALONE), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
