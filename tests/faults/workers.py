"""Several workers on one database: nobody does what another does already, and nobody waits for a frozen one."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from scripts.proxy import proxied
from tests.faults.cells import CELLS, Cell, cell
from tests.faults.company import Company, Count, free_port
from tests.faults.lives import Death, Moment
from tests.faults.payloads import typed
from tests.faults.standin import Call, Fault
from tests.faults.stories import IN_TIME, LEASE, PAUSED, day_ahead, turns_taken

AT_ONCE = 10
POST = "chat.postMessage"
STANDING_STILL = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"""


async def _busy_day(company: Company, workers: int, death: Death | None = None) -> Count:
    """Half of these people are told something, and half of them write, each event to two workers at once."""
    told, writing = company.hires(AT_ONCE), company.hires(AT_ONCE)
    company.plans(told, within=IN_TIME * 2)
    company.employs(workers, death=death)
    await company.ready()
    company.expects(writing, PAUSED, within=IN_TIME * 2)
    events = [typed(one, f"pause {day_ahead(company, 30)}") for one in writing]
    await asyncio.gather(*(company.insists(one, to) for n, one in enumerate(events) for to in (n, n + 1)))
    quiet = await company.quiet()
    return company.counted(2 * AT_ONCE, quiet=quiet) + turns_taken(company, *writing)


def _together(workers: int) -> None:
    async def lives(company: Company, n: int) -> Count:
        return await _busy_day(company, workers)

    CELLS[f"{workers} workers"] = Cell(f"{workers} workers", lives)


for _workers in (2, 4):
    _together(_workers)


@cell("two workers, one killed")
async def one_killed(company: Company, n: int) -> Count:
    return await _busy_day(company, 2, Death(Moment.AFTER_COMMIT, "", (3 + n % 20,)))


@cell("two workers, one stopped and started")
async def rolling(company: Company, n: int) -> Count:
    """Each worker is asked to stop, in its turn, and finishes what it has begun."""
    writing = company.hires(AT_ONCE)
    company.employs(2)
    await company.ready()
    company.expects(writing, PAUSED, within=IN_TIME)
    events = [typed(one, f"pause {day_ahead(company, 30)}") for one in writing]
    sent = [asyncio.create_task(company.insists(one, to)) for to, one in enumerate(events)]
    for worker in [*company.workers]:
        worker.sends(signal.SIGTERM)
        while worker in company.workers and worker.alive:
            await asyncio.sleep(0.02)
        await company.ready()
    await asyncio.gather(*sent)
    quiet = await company.quiet()
    return company.counted(AT_ONCE, quiet=quiet) + turns_taken(company, *writing)


# Frozen ---------------------------------------------------------------------------------------


async def _frozen(company: Company, death: Death | None) -> Count:
    """A worker is frozen, its lease runs out, another one goes on, and then it wakes up.

    SQLite has no other one: whoever is frozen in the middle of a write holds the whole file.
    """
    told = company.hires(3)
    company.plans(told, within=IN_TIME * 3)
    company.employs(death=death)
    (frozen,) = company.workers
    await company.until(lambda: asleep(frozen) or company.all_arrived(), 60)
    reached = asleep(frozen)
    company.time.passes(LEASE + 5)
    quiet = company.database.is_sqlite or await _goes_on(company)
    frozen.sends(signal.SIGCONT)
    quiet = await company.quiet() and quiet
    company.time.passes(LEASE + 5)
    quiet = await company.quiet() and quiet
    return company.counted(int(reached), quiet=quiet)


async def _goes_on(company: Company) -> bool:
    """The server ends a transaction that stands still for a minute; its clock does not run fast, so we do it for it."""
    frozen = company.workers
    company.writes(lambda session: session.execute(text(STANDING_STILL)))
    company.employs()
    company.workers = company.workers[len(frozen) :]
    quiet = await company.quiet()
    company.workers = [*frozen, *company.workers]
    return quiet


def asleep(worker: object) -> bool:
    """Whether a process is stopped, as the kernel sees it."""
    return worker.state == "T"  # type: ignore[attr-defined]


@cell("worker frozen with a claim")
async def frozen_with_claim(company: Company, n: int) -> Count:
    return await _frozen(company, Death(Moment.AFTER_COMMIT, "UPDATE outbox", (1 + n % 2,), signal.SIGSTOP))


@cell("worker frozen amid a turn", databases=("postgres",))
async def frozen_amid_a_turn(company: Company, n: int) -> Count:
    return await _frozen(company, Death(Moment.STATEMENT, "INSERT INTO outbox", (1 + n % 2,), signal.SIGSTOP))


@cell("worker frozen while it posts")
async def frozen_posting(company: Company, n: int) -> Count:
    done = False

    def fails(call: Call) -> Fault | None:
        nonlocal done
        if call.method != POST or call.worker != 0 or done:
            return None
        done = True
        return Fault("answered", taken=True, then=lambda: company.workers[0].sends(signal.SIGSTOP))

    company.slack.fails = fails
    return await _frozen(company, None)


@cell("one of three workers frozen behind a proxy", databases=("postgres",))
async def frozen_behind_a_proxy(company: Company, n: int) -> Count:
    """One of three stands still, whatever it was doing, while half of the people have been answered.

    Everybody is answered while it does: what hung at it is delivered again, and goes to another. Then it wakes up.
    """
    writing = company.hires(AT_ONCE)
    company.plans(company.hires(AT_ONCE), within=IN_TIME * 3)
    company.employs(3)
    await company.ready()
    company.expects(writing, PAUSED, within=IN_TIME * 3)
    events = [typed(one, f"pause {day_ahead(company, 30)}") for one in writing]
    async with _proxied(company):
        sent = [asyncio.create_task(company.insists(one)) for one in events]
        frozen = company.workers[n % 3]
        await asyncio.wait(sent[: 1 + n % AT_ONCE], return_when=asyncio.FIRST_COMPLETED)
        frozen.sends(signal.SIGSTOP)
        await company.until(lambda: asleep(frozen))
        company.time.passes(LEASE + 5)
        company.writes(lambda session: session.execute(text(STANDING_STILL)))
        await asyncio.gather(*sent)
        unanswered = int(not asleep(frozen))
        frozen.sends(signal.SIGCONT)
    quiet = await company.quiet()
    found = company.counted(2 * AT_ONCE, quiet=quiet) + turns_taken(company, *writing)
    return found + Count(stuck=unanswered)


@asynccontextmanager
async def _proxied(company: Company) -> AsyncIterator[None]:
    """A proxy before the workers, each in its turn, as nginx asks them."""
    standing = proxied(port := free_port())
    proxy = standing.__enter__()
    proxy.workers += [f"http://127.0.0.1:{worker.port}/" for worker in company.workers]
    company.proxy_port = port
    try:
        yield
    finally:
        company.proxy_port = 0
        await asyncio.to_thread(standing.__exit__, None, None, None)
