"""One time for all processes of a company: it runs fast, it can be let pass at once, and clocks can be set wrong.

Inside the processes under test the wall clocks and the event loop's own clock agree, as they do on a machine; an hour
of waiting therefore costs nothing, and a time-out of Cairn's is still a time-out of thirty of its seconds.
"""

import asyncio
import mmap
import selectors
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SPEED = 3
"""Seconds of the company's time in one second of this machine's."""
PEEK = 0.05
"""Seconds, of this machine's, after which a sleeping loop looks whether time was let pass."""
BEGIN, WALL, PASSED, WRONG, LIVED, STRIKES, FULL = range(7)
"""What is shared: two fixed points, seconds that were let pass, an error of all clocks, how far people are, a count of
strikes, and whether the disk is full."""


@dataclass(frozen=True)
class Hand:
    """A clock that shows what a function reads."""

    read: Callable[[], float]

    def now(self) -> datetime:
        """The moment it shows."""
        return datetime.fromtimestamp(self.read(), UTC)


class Time:
    """The time of one company, in a file that all its processes map."""

    def __init__(self, path: Path, people: datetime | None = None) -> None:
        """Read the time at this path; with the moment at which people live, begin it."""
        if people:
            lived = people.timestamp() - time.time()
            path.write_bytes(struct.pack("7d", time.monotonic(), time.time(), 0, 0, lived, 0, 0))
        with path.open("r+b") as file:
            self.cells = memoryview(mmap.mmap(file.fileno(), 0)).cast("d")
        self.real = Hand(lambda: self.cells[WALL] + self.steady() + self.cells[WRONG])
        self.people = Hand(lambda: self.real.read() + self.cells[LIVED])

    def steady(self) -> float:
        """Seconds since the beginning, which nobody can set back."""
        return (time.monotonic() - self.cells[BEGIN]) * SPEED + self.cells[PASSED]

    def passes(self, seconds: float) -> None:
        """Let time pass at once, for everybody and everything."""
        self.cells[PASSED] += seconds

    def is_set(self, seconds: float) -> None:
        """Somebody sets the clock of the machine forwards, or back."""
        self.cells[WRONG] += seconds

    def comes(self, moment: datetime) -> None:
        """Let it become a certain moment for people; leases and waits know nothing of it."""
        self.cells[LIVED] += moment.timestamp() - self.people.read()


class Shared(selectors.DefaultSelector):
    """Sleeps in the company's seconds, and never for long."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for something to happen."""
        return super().select(PEEK if timeout is None else min(timeout / SPEED, PEEK))


class Loop(asyncio.SelectorEventLoop):
    """An event loop that goes by the company's time."""

    def __init__(self, shared: Time) -> None:
        self._shared = shared
        super().__init__(Shared())

    def time(self) -> float:
        """The time of this loop."""
        return self._shared.steady()
