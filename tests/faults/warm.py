"""Imported once by the process that all others are forked from: what they would all do first is done already.

Nothing is left open, and no thread runs, when the first one is forked.
"""

import asyncio
import gc
import tempfile
from importlib import import_module
from pathlib import Path

from bot.app import build
from bot.config import Settings
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date

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


async def _built_once(settings: Settings) -> None:
    database = Database(settings.database_url)
    await asyncio.to_thread(bring_up_to_date, database)
    await (await build(settings, database)).close()
    await asyncio.get_running_loop().shutdown_default_executor()


for name in LAZY:
    import_module(name)
with tempfile.TemporaryDirectory() as folder:
    asyncio.run(_built_once(Settings("xoxb-1", port=1, database_url=f"sqlite:///{Path(folder) / 'warm.db'}")))
gc.collect()
gc.freeze()
