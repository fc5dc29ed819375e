"""Killed at every step: what was promised is kept by the process that is started next."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.faults.cells import CELLS, Cell, cell
from tests.faults.company import Company, Count
from tests.faults.lives import Death, Moment, Points
from tests.faults.standin import Call, Fault
from tests.faults.stories import many_people, two_people

AT = {
    "killed: request accepted": (Moment.STATEMENT, "INSERT INTO inbox"),
    "killed: turn, before its commit": (Moment.BEFORE_COMMIT, "INSERT INTO inbox"),
    "killed: turn, after its commit": (Moment.AFTER_COMMIT, "INSERT INTO inbox"),
    "killed: claiming, recording": (Moment.BEFORE_COMMIT, "UPDATE outbox"),
    "killed: claimed, recorded": (Moment.AFTER_COMMIT, "UPDATE outbox"),
    "killed: timer taken": (Moment.BEFORE_COMMIT, "DELETE FROM timers"),
    "killed: timer done": (Moment.AFTER_COMMIT, "DELETE FROM timers"),
    "killed: any statement": (Moment.STATEMENT, ""),
    "killed: after any commit": (Moment.AFTER_COMMIT, ""),
}


def _in_the_database(name: str, moment: Moment, statement: str) -> None:
    async def lives(company: Company, n: int) -> Count:
        if company.points:
            return await two_people(company, Death(moment, statement, company.points.swept(n)))
        count = await two_people(company, Death(moment, statement))  # once without a kill, to count the points
        company.points = Points(company.strikes, company.at_start)
        return count

    CELLS[name] = Cell(name, lives)


for _name, (_moment, _statement) in AT.items():
    _in_the_database(_name, _moment, _statement)


SENDING = ("chat.postMessage", "chat.update", "conversations.open", "auth.test", "users.list")
BY_SLACK = {
    "killed: calling, not taken": Fault("reset"),
    "killed: posted, not answered": Fault("reset", taken=True),
    "killed: posted, answered": Fault("answered", taken=True),
}


def _by_slack(name: str, fault: Fault) -> None:
    async def lives(company: Company, n: int) -> Count:
        called, targets = 0, company.points.swept(n) if company.points else ()

        def fails(call: Call) -> Fault | None:
            nonlocal called
            called += call.method in SENDING
            return _killing(company, fault) if call.method in SENDING and called in targets else None

        company.slack.fails = fails
        count = await two_people(company)
        company.points = company.points or Points(called)
        return replace(count, runs=sum(one <= called for one in targets))

    CELLS[name] = Cell(name, lives)


def _killing(company: Company, fault: Fault) -> Fault:
    kill: Callable[[], None] = lambda: company.workers[0].sends(signal.SIGKILL)  # noqa: E731 - said where it is used
    return Fault(fault.how, fault.taken, then=kill)


for _name, _fault in BY_SLACK.items():
    _by_slack(_name, _fault)


@cell("killed: at a random moment")
async def at_random(company: Company, n: int) -> Count:
    random = Random(n)

    async def amid() -> None:
        for _ in range(3):
            await asyncio.sleep(random.random() * 0.2)
            company.workers[0].sends(signal.SIGKILL)
            await company.ready()

    count = await many_people(company, 4, amid)
    return Count(3, count.lost, count.doubled, count.late, count.stuck)
