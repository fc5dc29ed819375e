"""From the start of a process to its first answer, and its memory, against a process of the same libraries."""

import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

import httpx

from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from scripts.processes import free_port
from tests.bench import SECRET, crowd
from tests.bench.measure import Row, against, cpu_of, memory_of

NOWHERE = "http://127.0.0.1:9/api/"
"""A Slack that is not there: whoever is known already need not wait for it."""


async def rows(*, quick: bool) -> list[Row]:
    """Ours and the lean one in turns."""
    best: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="cairn-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'company.db'}"
        _prepare(url)
        for _ in range(2 if quick else 4):
            for kind in ("ours", "lean"):
                seen = await _start(kind, url)
                best[kind] = [min(pair) for pair in zip(seen, best.get(kind, seen), strict=True)]
    ours, lean = best["ours"], best["lean"]
    return [
        against("start to first answer", ours[0], lean[0], "CPU s", most=1.3),
        against("start to first answer, real time", ours[1], lean[1], "s"),
        against("memory after it", ours[2], lean[2], "MB", most=1.3),
    ]


def _prepare(url: str) -> None:
    database = Database(url)
    bring_up_to_date(database)
    crowd.employ(database, 3)
    database.close()


async def _start(kind: str, url: str) -> list[float]:
    """CPU seconds and real seconds until the first answer, and megabytes resident."""
    port, began = free_port(), time.monotonic()
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": SECRET, "SLACK_APP_TOKEN": "", "PORT": str(port),
        "SLACK_API_URL": NOWHERE, "CAIRN_CLOCK_URL": "", "DATABASE_URL": url,
    }  # fmt: skip
    module = ["bot", "serve"]
    if kind == "lean":
        module = ["tests.bench.server", "lean", "--port", str(port), "--database", url]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *module, stdout=DEVNULL, stderr=DEVNULL, env={**os.environ, **settings}
    )
    try:
        await _answered(process, port)
        return [cpu_of(process.pid), time.monotonic() - began, memory_of(process.pid)]
    finally:
        process.terminate()
        await process.wait()


async def _answered(process: Process, port: int) -> None:
    async with httpx.AsyncClient() as client:
        while process.returncode is None:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.01)
    raise RuntimeError("the server stopped before it answered")
