"""What people live through while things fail: each story ends with a count of what was lost, doubled and late."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from bot.store.audit import AuditRow
from tests.faults.company import Company, Count
from tests.faults.lives import AGAIN, Death
from tests.faults.payloads import typed

LEASE = 120.0
MARGIN = 60.0
IN_TIME = LEASE + MARGIN
"""Seconds within which something arrives although a worker died with it in hand."""

OVER, PAUSED = "The pause is over", "No check-ins, invitations or reminders until"


async def two_people(company: Company, death: Death | None = None) -> Count:
    """Ana types that she pauses, and Ben is told that his pause is over; later so is she, in the place of her card."""
    in_time = LEASE * AGAIN + MARGIN
    ana, ben = company.hires(2)
    until = day_ahead(company, 30)
    company.plans([ben], within=in_time)
    company.employs(death=death)
    await company.ready()
    company.at_start = company.strikes
    await company.insists(typed(ana, f"pause {until}"))
    quiet = await company.quiet()
    company.time.comes(datetime.combine(until, time(10, 0, 1), UTC))
    company.expects([ana], OVER, within=in_time)
    quiet = await company.quiet() and quiet
    company.dismisses()
    return company.counted(company.struck(death), quiet=quiet) + turns_taken(company, ana)


async def many_people(
    company: Company, number: int, amid: Callable[[], Awaitable[None]] | None = None, workers: int = 1
) -> Count:
    """So many people are told at once that their pause is over, and something happens amid it."""
    company.plans(company.hires(number), within=IN_TIME * 2)
    company.employs(workers)
    await company.ready()
    if amid:
        await amid()
    quiet = await company.quiet()
    company.dismisses()
    return company.counted(number, quiet=quiet)


def day_ahead(company: Company, days: int) -> date:
    """A day to come, as people see it."""
    return (company.time.people.now() + timedelta(days=days)).date()


def turns_taken(company: Company, *ids: str, each: int = 1) -> Count:
    """Whether each of these people's turns was taken once: it leaves one line in the audit."""
    took = select(func.count()).select_from(AuditRow)
    counted = [company.writes(lambda session, one=one: session.scalar(took.filter_by(actor_id=one))) for one in ids]
    return Count(lost=sum(max(0, each - one) for one in counted), doubled=sum(max(0, one - each) for one in counted))
