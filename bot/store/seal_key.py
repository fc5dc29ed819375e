"""The keys of sealed answers: one for each cycle, wrapped with a secret that stands outside the database.

The secret is `CAIRN_SEAL_KEY`, or else a file: beside a SQLite database (`cairn.db.key`), in `var/seal.key` for
PostgreSQL. A copy of the database alone, and a backup of it, opens nothing.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.refusal import Refused
from bot.store.db import Base, Database
from bot.store.invitations import LATE

KEY_BYTES, NONCE_BYTES = 32, 12
DESTROYED = bytes(KEY_BYTES)
"""What a key is overwritten with; the row stands until the files have been rewritten."""
ON_POSTGRES = Path("var/seal.key")


class CycleKeyRow(Base):
    """The key of one cycle's sealed answers, wrapped."""

    __tablename__ = "cycle_keys"
    __table_args__ = ({"sqlite_with_rowid": False},)
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


_BARE = func.length(CycleKeyRow.key) == KEY_BYTES


class WrongSealKey(Exception):  # noqa: N818 - it reads as what happened
    """The secret is not the one that an open round was sealed with, or is gone."""


def make_key(session: Session, cycle_id: str) -> None:
    """Make the key of a cycle, once."""
    key = _wrap(_secret(session), cycle_id, secrets.token_bytes(KEY_BYTES))
    session.execute(insert(CycleKeyRow).values(cycle_id=cycle_id, key=key))


def key_of(session: Session, cycle_id: str) -> bytes:
    """The key of a cycle; after the close there is none, and whoever comes is late."""
    kept = session.scalar(select(CycleKeyRow.key).filter_by(cycle_id=cycle_id))
    if kept is None or kept == DESTROYED:
        raise Refused(LATE)
    return _unwrap(_secret(session), cycle_id, kept)


def destroy_key(session: Session, cycle_id: str) -> None:
    """Overwrite the key of a cycle."""
    session.execute(update(CycleKeyRow).filter_by(cycle_id=cycle_id).values(key=DESTROYED))


def trouble(session: Session) -> str:
    """Why the secret does not open every open round, for whoever only looks; nothing when it does."""
    rows = session.scalars(select(CycleKeyRow).where(CycleKeyRow.key != DESTROYED, ~_BARE)).all()
    if rows and not _known(session):
        return _missing(session)
    try:
        for row in rows:
            _unwrap(_secret(session), row.cycle_id, row.key)
    except WrongSealKey as wrong:
        return str(wrong)
    return ""


def _missing(session: Session) -> str:
    return (
        f"CAIRN_SEAL_KEY is missing, and so is {_file(session)}: rounds of feedback are open that were sealed "
        "with it. Please put it back; without it nobody can open them."
    )


def admit(database: Database) -> bool:
    """Look at the start whether the secret opens every open round, and wrap the keys that an older Cairn left bare.

    Raises `WrongSealKey`. Tells whether something was wrapped: then the files hold old bytes and are to be rewritten.
    """
    with database.unit_of_work() as session:
        rows = session.scalars(select(CycleKeyRow).where(CycleKeyRow.key != DESTROYED)).all()
        if any(len(row.key) != KEY_BYTES for row in rows) and not _known(session):
            raise WrongSealKey(_missing(session))
        secret = _secret(session)
        bare = [row for row in rows if len(row.key) == KEY_BYTES]
        for row in rows:
            if row in bare:
                row.key = _wrap(secret, row.cycle_id, row.key)
            else:
                _unwrap(secret, row.cycle_id, row.key)
    return bool(bare)


def is_wrapped(session: Session) -> bool:
    """Whether no key stands in the database that would open anything by itself."""
    bare = _BARE & (CycleKeyRow.key != DESTROYED)
    return not session.scalar(select(func.count()).select_from(CycleKeyRow).where(bare))


def _wrap(secret: bytes, cycle_id: str, key: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, key, cycle_id.encode())


def _unwrap(secret: bytes, cycle_id: str, wrapped: bytes) -> bytes:
    try:
        return AESGCM(secret).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], cycle_id.encode())
    except InvalidTag:
        raise WrongSealKey(
            "CAIRN_SEAL_KEY, or the file in its place, is not the secret that the open rounds of feedback were sealed "
            "with. All workers need the same one."
        ) from None


# The secret ---------------------------------------------------------------------------------


def _secret(session: Session) -> bytes:
    """The bytes that wrap, made of what the operator gave or of the file; a first start makes the file."""
    given = _known(session) or _made(_file(session))
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=b"cairn sealed answers").derive(given.encode())


def _known(session: Session) -> str:
    """The secret that is there, or nothing."""
    given: str = session.info.get("seal_key", "")
    path = _file(session)
    return given or (path.read_text("ascii").strip() if path.exists() else "")


def _file(session: Session) -> Path:
    url = session.get_bind().engine.url
    return Path(f"{url.database}.key") if url.get_backend_name() == "sqlite" else ON_POSTGRES


def _made(path: Path) -> str:
    """Make the file; who comes second takes what the first one wrote."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_hex(KEY_BYTES))
        return path.read_text("ascii").strip()
    except OSError as error:
        raise WrongSealKey(
            f"CAIRN_SEAL_KEY is not set, and {path} cannot be written in its place: {error.strerror}."
        ) from error


def _write_once(path: Path, words: str) -> None:
    """Write a file whole or not at all, for its owner alone, unless it stands there already."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write(f"{words}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()
