"""A beat on which nothing is due, with a great many timers in the future."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.store.db import Database
from bot.store.timers import TimerRow
from tests.bench import ground
from tests.bench.crowd import bulk
from tests.bench.measure import Row, at_most, in_turns

TICKS = 20


async def rows(*, quick: bool) -> list[Row]:
    """On both databases, with more and more timers."""
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        with make() as fresh:
            empty = await _tick(fresh())
            for count in (10_000,) if quick else (100_000, 1_000_000):
                database = fresh()
                with database.unit_of_work() as session:
                    bulk(session, TimerRow, _later(count))
                ours = await _tick(database)
                found.append(at_most(f"idle tick, {count:,} timers to come, {name}", ours, "ms", 10, floor=empty))
    return found


def _later(count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        due = ground.NOW + timedelta(days=1, seconds=n)
        yield {"step": "checkins.ask", "person_id": f"P{n}", "carry": "c", "due": due, "attempts": 0, "error": ""}


async def _tick(database: Database) -> float:
    """Milliseconds of CPU of one beat."""
    cairn = await ground.cairn_on(database, ground.Clock())

    async def beats() -> None:
        for _ in range(TICKS):
            await cairn.loop.settle()

    await beats()
    best = await in_turns({"beats": beats}, ground.clock)
    await cairn.close()
    return best["beats"] / TICKS * 1e3
