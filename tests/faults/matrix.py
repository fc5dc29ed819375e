"""Runs the cells, several at a time, and prints what came of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.faults.cells import Cell
from tests.faults.company import Company, Count
from tests.faults.databases import Files, Postgres

LANES = 10
"""Companies that live at the same time; most of their time they wait."""
LOG = 2_000
MOST_SHARING = 10
"""Runs that may share one outage, on average: a hundred runs are ten outages at least."""
PER_CELL = 4
"""Companies of one cell that do."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    cell: str
    database: str
    count: Count
    seconds: float
    stories: int = 0
    """How often the fault was brought about; each time one or more runs met it."""
    log: str = ""
    """The end of the logs of the runs that failed."""


@dataclass
class Matrix:
    """How often, and where."""

    runs: int
    folder: Path
    places: dict[str, Files | Postgres]
    """Where databases come from, by kind; "alone" is a server of PostgreSQL's that may be restarted."""

    def __post_init__(self) -> None:
        self._lanes = asyncio.Semaphore(LANES)
        self._names = count(1)

    async def row(self, cell: Cell, database: str) -> Row:
        """Live through one cell often enough."""
        began, numbers, logs = time.monotonic(), count(), []
        done: list[Count] = []
        await asyncio.gather(
            *(self._lane(cell, database, numbers, done, logs) for _ in range(1 if cell.alone else PER_CELL))
        )
        return Row(cell.name, database, sum(done, Count()), time.monotonic() - began, len(done), "".join(logs))

    async def _lane(
        self, cell: Cell, database: str, numbers: Iterator[int], done: list[Count], logs: list[str]
    ) -> None:
        """One company after the other; a company that is stuck is not asked again."""
        while self._too_few(done):
            async with self._lanes, self.company(cell, database) as company:
                while self._too_few(done):
                    done.append(await lived(cell, company, n := next(numbers)))
                    if not done[-1].kept:
                        logs.append(f"--- {cell.name} on {database}, the {n}th: {done[-1]}\n{company.log()[-LOG:]}\n")
                    if done[-1].stuck:
                        break

    def _too_few(self, done: Sequence[Count]) -> bool:
        """Whether more is to be lived through: enough runs, and enough stories too where many runs share one outage."""
        return sum(one.runs for one in done) < self.runs or len(done) * MOST_SHARING < self.runs

    @asynccontextmanager
    async def company(self, cell: Cell, database: str) -> AsyncIterator[Company]:
        """A company with a database of its own."""
        place = self.places["alone" if cell.alone else database]
        folder = self.folder / str(next(self._names))
        restarts = place.restarts if isinstance(place, Postgres) else None
        async with Company(folder, place.fresh(), cell.socket_mode, restarts) as company:
            yield company


async def lived(cell: Cell, company: Company, n: int) -> Count:
    """Live through it once, and leave nothing behind."""
    try:
        return await cell.lives(company, n)
    finally:
        company.slack.fails = lambda call: None
        company.dismisses()


def table(rows: Sequence[Row]) -> str:
    """The report, one line a cell."""
    head = (
        f"{'cell':<46} {'database':<9} {'stories':>7} {'runs':>5} {'lost':>5} {'doubled':>8} {'late':>5} {'stuck':>6} "
        f"{'seconds':>8}"
    )
    return "\n".join([head, *(line(row) for row in rows)])


def line(row: Row) -> str:
    """One cell's line."""
    n = row.count
    return (
        f"{row.cell:<46} {row.database:<9} {row.stories:>7} {n.runs:>5} {n.lost:>5} {n.doubled:>8} {n.late:>5} "
        f"{n.stuck:>6} {row.seconds:>8.1f}"
    )
