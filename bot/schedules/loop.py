"""The metronome: APScheduler rings each chore every second; what is due stands in the database."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.slack.desk import report

Chore = Callable[[], Awaitable[int]]
"""Does what there is to do and says how much that was."""

WATCH = 10.0
"""Seconds between two looks at the machine's clock."""
SET_BACK = 2.0
"""Seconds by which it is behind what passed: somebody set it."""


class Rounds:
    """One chore, done again and again until nothing is left to do; never twice at the same time."""

    def __init__(self, chore: Chore) -> None:
        self._chore = chore
        self._busy = asyncio.Lock()
        self._again = False
        self._stopped = False
        self._did = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def beat(self) -> None:
        """A beat of the metronome. It only rings, because what the scheduler runs itself it cuts off when it stops."""
        self.ring()

    def ring(self) -> None:
        """Something is to be done now: do not wait for the next beat."""
        self._again = True
        if not self._busy.locked() and not self._stopped:
            task = asyncio.get_running_loop().create_task(self.once())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def once(self) -> None:
        """Do the chore until nothing is left, unless that is being done already."""
        if not self._busy.locked() and not self._stopped:
            await self.settle()

    async def settle(self) -> int:
        """Do the chore until nothing is left; returns how much there was to do, by whomever it was begun."""
        did_before = self._did
        async with self._busy:
            self._again = True
            while self._again and not self._stopped:
                self._again = False
                done = await _done(self._chore)
                self._again = bool(done) or self._again
                self._did += done
        return self._did - did_before

    async def stop(self) -> None:
        """Let what is being done finish, and do no more."""
        self._stopped = True
        async with self._busy:
            pass


class LongRounds(Rounds):
    """A chore that may last longer than a stop may: what is being done is cut off, and begun again later."""

    async def stop(self) -> None:
        """Cut off what is being done, and do no more."""
        for task in self._tasks:
            task.cancel()
        await super().stop()


class Loop:
    """All chores, each in rounds of its own, so that none waits for another."""

    def __init__(self, chores: list[Rounds], *, seconds: float) -> None:
        self._chores = chores
        self._seconds = seconds
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._jobs = [
            self._scheduler.add_job(chore.beat, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True)
            for chore in chores
        ]
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._scheduler.start()
        self._watch = asyncio.get_running_loop().create_task(self._watch_the_clock())

    async def stop(self) -> None:
        """Stop beating and let what is being done finish."""
        if self._watch:
            self._watch.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for chore in self._chores:
            await chore.stop()

    def ring(self) -> None:
        """Something is to be done now, by whichever chore."""
        for chore in self._chores:
            chore.ring()

    async def settle(self) -> int:
        """Do each chore until nothing is left of it, whoever does it; says how much there was.

        What one chore did may have given another something to do: nothing is left when there was nothing.
        """
        return sum(await asyncio.gather(*(chore.settle() for chore in self._chores)))

    def beat_again(self) -> None:
        """The machine's clock was set back: without this, the next beat would come when it has caught up."""
        for job in self._jobs:
            job.reschedule("interval", seconds=self._seconds)

    async def _watch_the_clock(self) -> None:
        passed, shown = time.monotonic(), time.time()
        while True:
            await asyncio.sleep(WATCH)
            if (time.time() - shown) - (time.monotonic() - passed) < -SET_BACK:
                self.beat_again()
            passed, shown = time.monotonic(), time.time()


async def _done(chore: Chore) -> int:
    """Do one chore; one that breaks is reported without its values, and stops neither the others nor the next beat."""
    try:
        return await chore()
    except Exception as error:  # noqa: BLE001 - as above
        report(error, "loop")
        return 0
