"""Ten thousand prompts that are due in one minute: against bulk rows, and against APScheduler with a job for each."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import func, select, update

from bot.app import Cairn
from bot.schedules.due import Due
from bot.slack.limits import UNHURRIED
from bot.store import timers
from bot.store.db import Database
from bot.store.outbox import OutboxRow
from bot.store.people import PersonRow
from bot.store.timers import TimerRow
from tests.bench import crowd, ground
from tests.bench.crowd import bulk
from tests.bench.measure import Row, against, at_least, at_most, cpu, percentile

JOBS = 2_000
"""APScheduler is measured with so many: a prompt of its costs the same, however many there are."""


async def rows(*, quick: bool) -> list[Row]:
    """On both databases."""
    count, jobs = (500, 200) if quick else (10_000, JOBS)
    theirs = await _with_apscheduler(jobs)
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        with make() as fresh:
            found += await measured_on(name, fresh(), count, theirs)
    return found


async def measured_on(name: str, database: Database, count: int, theirs: float) -> list[Row]:
    """So many prompts on one database; `theirs` are the CPU seconds of a job of APScheduler's."""
    company = crowd.under_way(database, count, agreed=False)
    cairn = await ground.cairn_on(database, ground.Clock(crowd.WORKING))
    with database.unit_of_work() as session:
        session.execute(update(PersonRow).values(tz="Europe/Berlin"))  # where it is ten in the morning
        bulk(session, TimerRow, _due(company))
    acks: list[float] = []

    async def ours() -> None:
        await asyncio.gather(_run_due(cairn, database), _click(cairn, database, acks))

    used = await cpu(ours, ground.clock) / count
    with database.unit_of_work() as session:
        said = [dict(row) for row in session.execute(select(OutboxRow.__table__)).mappings()]
        missed = count - 1 - (session.scalar(select(func.count()).where(OutboxRow.key.like("%/nudge"))) or 0)
        session.execute(OutboxRow.__table__.delete())  # type: ignore[attr-defined]  # a mapped class has a real table

    async def in_bulk() -> None:
        await database.run(lambda session: bulk(session, OutboxRow, iter(said)))

    floor = await cpu(in_bulk, ground.clock) / len(said)
    await cairn.close()
    what = f"{count:,} prompts due at once, each"
    note = f"{len(acks)} clicks meanwhile"
    return [
        against(f"{what}, against bulk rows, {name}", used * 1e6, floor * 1e6, "µs", most=2),
        at_least(f"{what}, times faster than APScheduler, {name}", theirs / used, "×", 5,
                 note=f"{theirs * 1e6:,.0f} µs a job there, {JOBS:,} jobs in SQLite"),
        at_most(f"missed prompts, {name}", missed, "", 0),
        at_most(f"p99 of an answer meanwhile, {name}", percentile(acks, 0.99), "s", 1.0, note=note),
    ]  # fmt: skip


def _due(company: crowd.Crowd) -> Iterator[dict[str, Any]]:
    """A reminder about each person's goals to their manager, in the minute before now; the first one has none."""
    for n, person_id in list(enumerate(company.ids))[1:]:
        due, manager = crowd.WORKING - timedelta(milliseconds=60_000 * n // company.size), company.boss_of(n)
        yield {"step": "goals.nudge_manager", "person_id": manager, "carry": f"{company.cycle.id}/{person_id}/1",
               "due": due, "attempts": 0, "error": ""}  # fmt: skip


async def _run_due(cairn: Cairn, database: Database) -> None:
    due = Due(cairn.desk, UNHURRIED)
    while await database.run(lambda session: timers.count_due(session, crowd.WORKING)):
        await due()


async def _click(cairn: Cairn, database: Database, acks: list[float]) -> None:
    """Somebody asks what waits for them, again and again, as long as prompts are due."""
    while await database.run(lambda session: timers.count_due(session, crowd.WORKING)):
        body = {"command": "/cairn", "text": "help", "user_id": "P7", "team_id": "T1", "trigger_id": f"{len(acks)}.x"}
        began = time.monotonic()
        answer = await cairn.bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        acks.append(time.monotonic() - began)
        assert answer.status == 200
        await asyncio.sleep(0.1)


# The same with APScheduler ---------------------------------------------------------------------


def prompt(person_id: str) -> None:
    """What a job of APScheduler's does here: nothing."""


class _AtOnce(BaseExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Runs a job where it stands, so that only the scheduling is measured."""

    def _do_submit_job(self, job: Any, run_times: list[Any]) -> None:  # noqa: ARG002 - APScheduler's name
        job.func(*job.args)
        self._run_job_success(job.id, [])


async def _with_apscheduler(jobs: int) -> float:
    """CPU seconds for each of many date jobs: added before, and run when all are due."""
    with tempfile.TemporaryDirectory(prefix="cairn-bench-") as folder:
        store = SQLAlchemyJobStore(f"sqlite:///{Path(folder) / 'jobs.db'}")
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        scheduler = BackgroundScheduler({"apscheduler.timezone": "UTC"}, jobstores={"default": store})
        scheduler.add_executor(_AtOnce())
        scheduler.start(paused=True)

        async def run() -> None:
            for n in range(jobs):
                scheduler.add_job(prompt, "date", args=[f"P{n}"], misfire_grace_time=None, run_date=_soon())
            await asyncio.sleep(0.2)
            scheduler.resume()
            while store.get_next_run_time():  # noqa: ASYNC110 - its own thread runs them
                await asyncio.sleep(0.5)

        used = await cpu(run)
        left = len(scheduler.get_jobs())
        scheduler.shutdown(wait=False)
    assert left == 0
    return used / jobs


def _soon() -> Any:
    return ground.wall() + timedelta(milliseconds=100)
