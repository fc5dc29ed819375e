"""Everybody's result from what is known, kept with the tree that explains it, against only reading what is known.

There is no rank and no forced distribution in Cairn; the calibration figures are the ones HR looks at.
"""

import time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import Cairn
from bot.handlers.scoring.slices import SLICE
from bot.handlers.scoring.steps import standing_of
from bot.schedules.due import Due
from bot.slack.limits import UNHURRIED
from bot.store import people, timers
from bot.store.actuals import ReportedRow
from bot.store.cycles import ParticipantRow
from bot.store.db import Database
from bot.store.goals import SheetRow
from bot.store.people import PersonRow, StintRow
from bot.store.released import MeanRow
from bot.store.results import ResultRow
from bot.store.reviews import ReviewRow
from tests.bench import crowd, ground
from tests.bench.crowd import Crowd
from tests.bench.measure import Row, at_most, cpu

READ = (PersonRow, StintRow, ParticipantRow, SheetRow, ReportedRow, ReviewRow, MeanRow)


async def rows(*, quick: bool) -> list[Row]:
    """On both databases."""
    size = 1_000 if quick else 10_000
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        with make() as fresh:
            found += await measured_on(name, fresh(), size)
    return found


async def measured_on(name: str, database: Database, size: int) -> list[Row]:
    """A company of this size on one database."""
    company = crowd.under_way(database, size)
    crowd.assessed(database, company)
    cairn = await ground.cairn_on(database, ground.Clock(crowd.CALIBRATING))
    longest: list[float] = []

    async def read() -> None:
        await database.run(_read)

    async def compute() -> None:
        longest.append(await _compute(database, company))

    async def figures() -> None:
        await database.run(lambda session: _figures(session, cairn, company))

    reading = min([await cpu(read, ground.clock) for _ in range(2)])
    computing = await cpu(compute, ground.clock)
    looking = min([await cpu(figures, ground.clock) for _ in range(2)])
    await cairn.session.close()
    return [
        Row(
            f"scores of {size:,} people with their trees, {name}", round(computing, 2), round(reading, 2), "s",
            "reading + 1.0 s", computing <= reading + 1.0, f"{computing / size * 1e3:.2f} ms a person",
        ),
        at_most(f"HR's calibration figures of {size:,} people, {name}", looking, "s", 1.0, floor=reading),
        at_most(f"longest wait of a click while {size:,} are computed, {name}", max(longest), "s", 1.0,
                note=f"one slice of {SLICE} people, real seconds"),
    ]  # fmt: skip


def _read(session: Session) -> None:
    for table in READ:
        session.execute(select(table.__table__)).all()


async def _compute(database: Database, company: Crowd) -> float:
    """Do it as it is done: by timers. Returns the longest transaction, in real seconds."""
    at = ground.Clock(crowd.CALIBRATING)
    cairn = await ground.cairn_on(database, at)
    with database.unit_of_work() as session:
        timers.remind(session, "scoring.compute", "", company.cycle.id, at.now())
    due, longest = Due(cairn.desk, UNHURRIED), 0.0
    while await database.run(lambda session: timers.count_due(session, at.now())):
        began = time.monotonic()
        await due()
        longest = max(longest, time.monotonic() - began)
    with database.unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(ResultRow)) == company.size
    await cairn.session.close()
    return longest


def _figures(session: Session, cairn: Cairn, company: Crowd) -> None:
    hr = people.named(session, [crowd.HR])[crowd.HR]
    standing = standing_of(cairn.desk.turn(session, hr), company.cycle, hr)
    assert standing.rated + len(standing.incomplete) + len(standing.not_rated) == company.size
