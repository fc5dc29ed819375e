"""Imported once by the process that all others are forked from: what they would all do first is done already.

Modules are imported, and a short story is lived on each kind of database, so that its statements are compiled.
Nothing is left open, and no thread runs, when the first one is forked.
"""

import asyncio
import gc
import os
import tempfile
from importlib import import_module
from pathlib import Path

from bot.store.migrate import bring_up_to_date
from tests.faults.company import WARM, Company, Worker
from tests.faults.lives import Life, database_at, until_stopped
from tests.faults.stories import two_people

LAZY = (
    "aiohttp.web",
    "holidays.countries",
    "slack_sdk.socket_mode.aiohttp",
    "tests.faults.lives",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
"""What is imported when it is first needed."""


class Within(Worker):
    """A worker that is no process of its own."""

    alive = True

    def ends(self) -> None:
        """It ends with its company."""


class Warming(Company):
    """A company whose worker lives in this process, by this machine's clocks."""

    async def lives(self) -> None:
        """Go through what most stories consist of."""
        self.stop = asyncio.Event()
        await two_people(self)
        self.stop.set()
        await self.serving

    def _forked(self, life: Life) -> Worker:
        database = database_at(life.settings.database_url)
        self.serving = asyncio.create_task(until_stopped(life.settings, database, self.time, self.stop))
        return Within(life, None)


async def _warmed(folder: Path, url: str) -> None:
    async with Warming(folder, url) as company:
        await asyncio.to_thread(bring_up_to_date, company.database)
        await company.lives()
    await asyncio.get_running_loop().shutdown_default_executor()


for name in LAZY:
    import_module(name)
with tempfile.TemporaryDirectory() as place:
    for one in (f"sqlite:///{Path(place) / 'warm.db'}", *os.environ.get(WARM, "").split()):
        asyncio.run(_warmed(Path(place), one))
gc.collect()
gc.freeze()
