"""The metronome: APScheduler calls one function every second; what is due stands in the database."""

import asyncio
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.slack.desk import report

Chore = Callable[[], Awaitable[int]]


class Loop:
    """Runs the chores on every beat, and at once when the bell rings; never two rounds at the same time."""

    def __init__(self, chores: list[Chore], *, seconds: float) -> None:
        self._chores = chores
        self._busy = asyncio.Lock()
        self._again = False
        self._stopped = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.round, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True, max_instances=1
        )

    def start(self) -> None:
        """Begin to beat."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Stop beating and let the present round finish."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await self._present_round()

    def ring(self) -> None:
        """Something is to be done now: do not wait for the next beat."""
        self._again = True
        if not self._busy.locked() and not self._stopped:
            task = asyncio.get_running_loop().create_task(self.round())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Return when nothing is left to do, whoever does it."""
        await self.round()
        await self._present_round()

    async def _present_round(self) -> None:
        async with self._busy:
            pass

    async def round(self) -> None:
        """Run all chores until none has anything left to do."""
        if self._busy.locked() or self._stopped:
            return
        async with self._busy:
            self._again = True
            while self._again:
                self._again = False
                self._again = any(await asyncio.gather(*(_done(chore) for chore in self._chores))) or self._again


async def _done(chore: Chore) -> int:
    """Do one chore; one that breaks is reported without its values, and stops neither the others nor the next beat."""
    try:
        return await chore()
    except Exception as error:  # noqa: BLE001 - as above
        report(error, "loop")
        return 0
