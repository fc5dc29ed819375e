"""From the start of a process to its first answer, and its memory, against a process of the same libraries."""

import asyncio
import sys
import time
from asyncio.subprocess import DEVNULL, Process

import httpx

from scripts.processes import free_port
from tests.bench import ground
from tests.bench.measure import Row, against, cpu_of, memory_of


async def rows(*, quick: bool) -> list[Row]:
    """Ours and the lean one in turns."""
    rounds = 2 if quick else 4
    best: dict[str, list[float]] = {}
    with ground.sqlite() as fresh:
        database = fresh()
        url = database.engine.url.render_as_string(hide_password=False)
        database.close()
        for _ in range(rounds):
            for kind in ("ours", "lean"):
                seen = await _start(kind, url)
                best[kind] = [min(pair) for pair in zip(seen, best.get(kind, seen), strict=True)]
    ours, lean = best["ours"], best["lean"]
    return [
        against("start to first answer", ours[0], lean[0], "CPU s", most=1.3),
        against("start to first answer, real time", ours[1], lean[1], "s"),
        against("memory after it", ours[2], lean[2], "MB", most=1.3),
    ]


async def _start(kind: str, url: str) -> list[float]:
    """CPU seconds and real seconds until the first answer, and megabytes resident."""
    port, began = free_port(), time.monotonic()
    command = [sys.executable, "-m", "tests.bench.server", kind, "--port", str(port), "--database", url]
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL)
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
