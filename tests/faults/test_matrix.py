"""The fault matrix in short: each kind of fault twice, on one of the databases; and the harness sees what it looks for.

`make faults` lives through every cell a hundred times, on both.
"""

import asyncio
from pathlib import Path

import pytest

from tests.faults import everything
from tests.faults.cells import Cell
from tests.faults.company import Company, Count
from tests.faults.lives import Death, Moment
from tests.faults.matrix import lived
from tests.faults.naive import NOTES
from tests.postgres import on

SHORT = (
    "killed: turn, after its commit",
    "killed: posted, not answered",
    "killed: claimed, recorded",
    "post: reset, taken",
    "post: 500, not taken",
    "429 storm, Retry-After 30",
    "form sent four times at once",
    "worker frozen with a claim",
    "killed: file shared, not answered",
    "killed in a sealed release: any statement",
)


HANGING = 90
"""Seconds after which something hangs."""


def lives(cell: Cell, folder: Path, database_url: str, times: int) -> Count:
    """Live through a cell so many times."""

    async def go() -> Count:
        async with asyncio.timeout(HANGING), Company(folder, database_url, cell.socket_mode) as company:
            return sum([await lived(cell, company, n) for n in range(times)], Count())

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("name", "database_url"),
    [on(("sqlite", "postgres")[n % 2], name) for n, name in enumerate(SHORT)],
    indirect=["database_url"],
)
def test_nothing_is_lost_doubled_or_stuck(name: str, tmp_path: Path, database_url: str) -> None:
    (cell,) = [one for one in everything() if one.name == name]
    count = lives(cell, tmp_path / "company", database_url, 2)
    assert count.runs
    assert count.kept, count


@pytest.mark.parametrize(
    ("does", "moment", "harm", "database_url"),
    [
        on("postgres", "post, then mark", Moment.BEFORE_COMMIT, "doubled"),
        on("sqlite", "mark, then post", Moment.AFTER_COMMIT, "lost"),
    ],
    indirect=["database_url"],
)
def test_a_naive_sender_fails_under_the_same_harness(
    does: str, moment: Moment, harm: str, tmp_path: Path, database_url: str
) -> None:
    async def go() -> Count:
        async with Company(tmp_path / "company", database_url) as company:
            return await naive_day(company, does, Death(moment, "UPDATE naive_notes", (2,)))

    assert getattr(asyncio.run(go()), harm) == 1


async def naive_day(company: Company, does: str, death: Death) -> Count:
    """Three people are sent a note each, by a sender of the naive kind that is killed at the second."""
    ids = company.hires(3)
    NOTES.create(company.database.engine)
    company.writes(lambda s: s.execute(NOTES.insert(), [{"person_id": one, "words": f"Hello {one}"} for one in ids]))
    for one in ids:
        company.expects([one], f"Hello {one}", within=60)
    company.employs(does=does, death=death)
    return company.counted(quiet=await company.quiet())
