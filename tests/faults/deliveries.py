"""Slack delivers twice, in another order, or over a socket that breaks."""

import asyncio
from random import Random

from sqlalchemy import select

from bot.store.people import PersonRow
from tests.faults.cells import cell
from tests.faults.company import Company, Count
from tests.faults.payloads import pressed, submitted, typed
from tests.faults.stories import IN_TIME, OVER, PAUSED, day_ahead, turns_taken

AT_ONCE = 10


@cell("event delivered four times at once")
async def event_four_times(company: Company, n: int) -> Count:
    someone = company.hires(AT_ONCE)
    payloads = [typed(one, f"pause {day_ahead(company, 30)}") for one in someone]
    return await _four_times(company, someone, payloads)


@cell("form sent four times at once")
async def form_four_times(company: Company, n: int) -> Count:
    someone = company.hires(AT_ONCE)
    payloads = [submitted(one, day_ahead(company, 30)) for one in someone]
    return await _four_times(company, someone, payloads)


async def _four_times(company: Company, someone: list[str], payloads: list[dict]) -> Count:
    company.employs()
    await company.ready()
    company.expects(someone, PAUSED, within=IN_TIME)
    for payload in payloads:
        await asyncio.gather(*(company.insists(payload) for _ in range(4)))
    quiet = await company.quiet()
    return company.counted(AT_ONCE, quiet=quiet) + turns_taken(company, *someone)


@cell("button pressed twice at once")
async def pressed_twice(company: Company, n: int) -> Count:
    """Two presses are two turns; the card changes once."""
    someone = company.hires(AT_ONCE)
    company.employs()
    await company.ready()
    for one in someone:
        await company.insists(typed(one, f"pause {day_ahead(company, 30)}"))
        company.expects([one], OVER, within=IN_TIME)
        await asyncio.gather(*(company.insists(pressed(one, "checkins.resume")) for _ in range(2)))
    quiet = await company.quiet()
    return company.counted(AT_ONCE, quiet=quiet) + turns_taken(company, *someone, each=3)


@cell("events out of order, and again")
async def out_of_order(company: Company, n: int) -> Count:
    """What was done is not done again when an older event is delivered once more after a newer one."""
    someone, random = company.hires(AT_ONCE), Random(n)
    first = [typed(one, f"pause {day_ahead(company, 20)}") for one in someone]
    second = [typed(one, f"pause {day_ahead(company, 40)}") for one in someone]
    company.employs()
    await company.ready()
    company.expects(someone, "The pause is now until", within=IN_TIME)
    company.expects(someone, PAUSED, within=IN_TIME)
    for wave in (first, second, [*first, *second]):
        await asyncio.gather(*(company.insists(one) for one in random.sample(wave, len(wave))))
    quiet = await company.quiet()
    wanted = day_ahead(company, 40)
    kept = company.writes(lambda s: s.scalars(select(PersonRow.paused_until).where(PersonRow.id.in_(someone))).all())
    older = sum(one != wanted for one in kept)
    return company.counted(AT_ONCE, quiet=quiet) + turns_taken(company, *someone, each=2) + Count(doubled=older)


# Sockets --------------------------------------------------------------------------------------


MOMENTS, A_MOMENT = 12, 0.004
"""A run breaks the line so long after the first clicks: before they are read, amid them, after the last."""


async def _over_sockets(company: Company, n: int, do: str) -> Count:
    """Each of these people writes; amid it the socket goes away, and what was not acknowledged comes again."""
    someone = company.hires(AT_ONCE)
    company.employs()
    await company.ready()
    company.expects(someone, PAUSED, within=IN_TIME)
    sent = [
        asyncio.create_task(company.slack.pushes("events_api", typed(one, f"pause {day_ahead(company, 30)}")))
        for one in someone[: AT_ONCE // 2]
    ]
    await asyncio.wait(sent, timeout=n % MOMENTS * A_MOMENT)
    await company.slack.breaks(do)
    sent += [
        asyncio.create_task(company.slack.pushes("events_api", typed(one, f"pause {day_ahead(company, 30)}")))
        for one in someone[AT_ONCE // 2 :]
    ]
    arrived = await asyncio.gather(*sent)
    quiet = await company.quiet()
    return company.counted(AT_ONCE, quiet=quiet and all(arrived)) + turns_taken(company, *someone)


@cell("socket dropped", socket_mode=True)
async def dropped(company: Company, n: int) -> Count:
    return await _over_sockets(company, n, "drop")


@cell("socket asked to reconnect", socket_mode=True)
async def refreshed(company: Company, n: int) -> Count:
    return await _over_sockets(company, n, "disconnect")


@cell("socket refreshed ahead", socket_mode=True)
async def warned(company: Company, n: int) -> Count:
    return await _over_sockets(company, n, "warning")
