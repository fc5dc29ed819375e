"""The keys of what people write: the first one encrypts, all of them decrypt; none is kept in the database.

They come from `CAIRN_KEYS`, or from a file that is looked at again whenever it changed, so that a key can be changed
while Cairn runs. A key is named by the beginning of its hash: a wrong one is an unknown one.
"""

import os
import re
import secrets
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.store.private_file import private_file

KEY = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
"""32 bytes, as `openssl rand -hex 32` prints them."""
MARK = "\x02"
"""What is encrypted begins with it; words that do are written with one more."""
NAME, NONCE = 8, 12
"""Letters of a key's name, and bytes that no two values share."""


class WrongKeys(Exception):  # noqa: N818 - it reads as what happened
    """The key that something was encrypted with is not here, or what was written does not belong where it stands."""


class Keys:
    """The keys that are known; without any, what people write is kept as they wrote it."""

    def __init__(self, given: str = "", file: str = "") -> None:
        self.file = Path(file) if file else None
        self._seen = -1
        self._read(given)

    def __bool__(self) -> bool:
        return bool(self._ring) or self.file is not None

    @property
    def names(self) -> list[str]:
        """The names of all keys, first the one that encrypts."""
        self._look_again()
        return list(self._ring)

    def seal(self, place: str, words: str) -> str:
        """Encrypt what stands in a place, under the first key."""
        self._look_again()
        name, key = next(iter(self._ring.items()))
        nonce = secrets.token_bytes(NONCE)
        packed = nonce + key.encrypt(nonce, words.encode("utf-8", "surrogatepass"), place.encode())
        return f"{MARK}{name}{b64encode(packed).decode('ascii')}"

    def open(self, place: str, sealed: str) -> str:
        """What was encrypted in this place and in no other; raises `WrongKeys`."""
        name = key_name(sealed)
        if name not in self._ring:
            self._look_again()
        if name not in self._ring:
            raise WrongKeys(self.lacking([name]))
        packed = b64decode(sealed[1 + NAME :])
        try:
            opened = self._ring[name].decrypt(packed[:NONCE], packed[NONCE:], place.encode())
        except InvalidTag:
            raise WrongKeys(f"{place.partition(chr(0x1E))[0]} holds words that were not written there.") from None
        return opened.decode("utf-8", "surrogatepass")

    def add(self) -> str:
        """Put a new key first into the file, which is made if it is not there; returns its name."""
        if self.file is None:
            raise WrongKeys("The keys stand in CAIRN_KEYS; only whoever keeps them there can add one.")
        new = secrets.token_hex(32)
        before = self.file.read_text("ascii") if self.file.exists() else ""
        with private_file(self.file) as written:
            written.write(f"{new}\n{before}".encode("ascii"))
            if before:  # whoever changes it may be root, and Cairn is not
                _hand_over(written.fileno(), self.file.stat())
        return self.names[0]

    def lacking(self, names: list[str]) -> str:
        """The one sentence about keys that something is under and that are not here."""
        return (
            f"What people wrote is encrypted with a key that is not here ({', '.join(names)}): {self._told()}. Please "
            "put it back from the copy that is kept, for all workers alike; nothing else opens that, and a new key "
            "would not either."
        )

    def none_yet(self) -> str:
        """The one sentence about a place for keys that holds none, where nothing was encrypted so far."""
        return (
            f"{self._told()}, and nothing is encrypted yet. `python -m bot keys rotate` puts a key in; all workers "
            "need the same file."
        )

    def _told(self) -> str:
        """Where keys were looked for, and by name which are there."""
        there = ", ".join(self._ring)
        if self.file is None:
            return f"CAIRN_KEYS holds {there}" if there else "neither CAIRN_KEYS_FILE nor CAIRN_KEYS is set"
        holds = f"holds {there}" if there else "holds no key" if self.file.exists() else "is not there"
        return f"CAIRN_KEYS_FILE names {self.file.absolute()}, which {holds}"

    def _look_again(self) -> None:
        """Read the file anew if it changed since; one that vanished takes no key away."""
        if self.file is None or not self.file.exists():
            return
        changed = self.file.stat().st_mtime_ns
        if changed != self._seen:
            try:
                self._read(self.file.read_text("ascii"))
            except (OSError, UnicodeError) as error:
                why = getattr(error, "strerror", "") or "it is no text"
                raise WrongKeys(f"{self.file} cannot be read: {why}. It has to belong to the user of Cairn.") from None
            self._seen = changed

    def _read(self, given: str) -> None:
        self._ring = {_name(key): AESGCM(key) for key in map(bytes.fromhex, KEY.findall(given))}


def _hand_over(file: int, before: os.stat_result) -> None:
    """Have an open file belong to whoever had the one that it replaces, with the same rights."""
    os.fchown(file, before.st_uid, before.st_gid)
    os.fchmod(file, S_IMODE(before.st_mode))


def key_name(sealed: str) -> str:
    """The name of the key that something was encrypted with; empty for what is not encrypted."""
    return sealed[1 : 1 + NAME] if is_sealed(sealed) else ""


def is_sealed(kept: str) -> bool:
    """Whether this is encrypted, and not merely words."""
    return kept.startswith(MARK) and not kept.startswith(MARK * 2)


def as_words(kept: str) -> str:
    """Words that were kept as they are."""
    return kept[1:] if kept.startswith(MARK) else kept


def kept_as(words: str) -> str:
    """How words are kept as they are."""
    return f"{MARK}{words}" if words.startswith(MARK) else words


def _name(key: bytes) -> str:
    return sha256(key).hexdigest()[:NAME]
