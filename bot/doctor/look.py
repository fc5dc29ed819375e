"""What the doctor looks at: facts that are gathered once, so that every check is a question without side effects."""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.config import Settings
from bot.manifest import PLACES


def at(found: Any, path: str) -> Any:
    """What stands at a path of names with points; None where nothing does, or something of another shape."""
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def listed(found: Any) -> Iterable[Any]:
    """What is in a list; nothing where there is none."""
    return found if isinstance(found, list) else ()


@dataclass(frozen=True)
class Answer:
    """What came back from one call: Slack's word when it refused, or why it was not reached; else what it said."""

    error: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Their names in small letters."""
    unreached: bool = False

    @property
    def good(self) -> bool:
        """Whether Slack did what was asked."""
        return not self.error

    def at(self, path: str) -> Any:
        """What it said at a path of names."""
        return at(self.data, path)


UNASKED = Answer("unasked")
"""Of a call that was not made, because another one failed or nothing was given for it."""


def free_at(folder: Path) -> int:
    """How many bytes are free where a folder lies."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True)
class Machine:
    """Where this machine says what it is; the tests have machines of their own."""

    mounts: Path = Path("/proc/mounts")
    container: Path = Path("/.dockerenv")
    env_file: Path = Path(".env")
    processes: Path = Path("/proc")
    free: Callable[[Path], int] = free_at
    manifests: Sequence[Path] = PLACES


@dataclass(frozen=True)
class Stored:
    """What the database says; `trouble` is why it says nothing. A database that does not exist yet has no version."""

    trouble: str = ""
    clock: str = ""
    """How far the database server's clock is from this machine's, when workers could not work so."""
    letters: str = ""
    """How the database keeps letters, when it does not keep every one."""
    version: str = ""
    ids: Sequence[str] = ()
    """A few people who take part."""
    countries: Sequence[str] = ()
    hr: Sequence[str] = ()
    """Who holds HR in Cairn, by id."""
    refused: Sequence[str] = ()
    stopped: Sequence[str] = ()
    """Slack's words where it refused everything of late, whatever was asked."""
    given_up: int = 0
    failed: int = 0
    seal: str = ""
    """What is wrong with the secret of sealed answers."""
    signing: Sequence[str] = ()
    """The variables with whose secrets is signed what other systems are told."""
    asking: Sequence[str] = ()
    """The variables with whose tokens people and values are read from other systems."""
    backed_up: datetime | None = None
    """When the newest backup was made, as far as the database knows."""
    keys: str = ""
    """What is wrong with the keys of what people write."""
    halfway: bool = False
    """Something may be under a key that is not the first any more."""


@dataclass(frozen=True)
class Reached:
    """What came of sending a signed request to the public address: a status, its words, and the same of a large one."""

    trouble: str = ""
    status: int = 0
    words: str = ""
    large: int = 0


@dataclass(frozen=True)
class Look:
    """Everything that is looked at."""

    settings: Settings
    environ: Mapping[str, str] = field(repr=False)
    now: datetime
    machine: Machine
    wanted: Mapping[str, Any]
    """The manifest that this version needs."""
    auth: Answer = UNASKED
    bot: Answer = UNASKED
    socket: Answer = UNASKED
    exported: Answer = UNASKED
    members: Answer = UNASKED
    hr: Mapping[str, Answer] = field(default_factory=dict)
    known: Mapping[str, Answer] = field(default_factory=dict)
    """What Slack says of those whom CAIRN_HR names, and of a few whom the database knows."""
    stored: Stored = field(default_factory=Stored)
    url: str = ""
    reached: Reached | None = None
