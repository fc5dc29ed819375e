"""Clocks that are set wrong, summer time, and zones whose rules change between the plan and the day."""

import asyncio
import shutil
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from tests.faults.cells import CELLS, Cell, cell
from tests.faults.company import GRACE, Company, Count
from tests.faults.payloads import typed
from tests.faults.standin import Call, Fault
from tests.faults.stories import IN_TIME, OVER

HOUR, DAY = 3_600, 86_400
AT_ONCE = 10
JUMPS = {"an hour ahead": HOUR, "a day ahead": DAY, "an hour back": -HOUR, "a day back": -DAY}
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
TURNS = {
    "Europe/Paris": (SPRING, AUTUMN),
    "Europe/London": (SPRING, AUTUMN),
    "America/New_York": (date(2027, 3, 14), date(2027, 11, 7)),
    "America/Havana": (date(2027, 3, 14), date(2027, 11, 7)),
    "Australia/Lord_Howe": (date(2027, 10, 3), date(2027, 4, 4)),
}
"""Where the clocks are turned, and on which days: ahead, and back."""


def _jumping(name: str, seconds: int) -> None:
    """Somebody sets the clock of the machine wrong while messages are in hand, and right again when all is quiet."""

    async def lives(company: Company, n: int) -> Count:
        posts = 0

        def fails(call: Call) -> Fault | None:
            nonlocal posts
            posts += call.method == "chat.postMessage"
            if call.method != "chat.postMessage" or posts != 1 + n % AT_ONCE:
                return None
            company.time.is_set(seconds)
            return Fault("reset", taken=bool(n % 2))

        company.slack.fails = fails
        company.plans(company.hires(AT_ONCE), within=GRACE + IN_TIME * 2)
        company.employs()
        await company.ready()
        quiet = await company.quiet()
        company.time.is_set(-seconds)
        quiet = await company.quiet() and quiet
        return company.counted(AT_ONCE, quiet=quiet)

    CELLS[f"clock set {name}"] = Cell(f"clock set {name}", lives)


for _name, _seconds in JUMPS.items():
    _jumping(_name, _seconds)


# Summer time ----------------------------------------------------------------------------------


def _turned(name: str, which: int) -> None:
    """People pause until the day on which their clocks are turned; at ten there, and not before, they hear of it."""

    async def lives(company: Company, n: int) -> Count:
        people = {tz: company.hires(2, tz) for tz in TURNS}
        company.time.comes(datetime(2027, 1, 4, 9, 0, tzinfo=UTC))
        company.employs()
        await company.ready()
        for tz, ids in people.items():
            await asyncio.gather(*(company.insists(typed(one, f"pause {TURNS[tz][which]}")) for one in ids))
        quiet, early = await company.quiet(), 0
        moments = {tz: _ten(tz, TURNS[tz][which]) for tz in TURNS}
        for moment in sorted({*moments.values()}):
            now = [one for tz, at in moments.items() if at == moment for one in people[tz]]
            company.time.comes(moment - timedelta(minutes=10))
            quiet = await company.quiet() and quiet
            early += sum(OVER in post.words for one in now for post in company.slack.dm_of(one))
            company.time.comes(moment + timedelta(seconds=1))
            company.expects(now, OVER, within=IN_TIME)
            quiet = await company.quiet() and quiet
        return company.counted(2 * len(TURNS), quiet=quiet) + Count(doubled=early)

    CELLS[name] = Cell(name, lives)


def _ten(tz: str, day: date) -> datetime:
    return datetime.combine(day, time(10), ZoneInfo(tz)).astimezone(UTC)


_turned("clocks turned ahead for summer", 0)
_turned("clocks turned back for winter", 1)


@cell("zone rules change after the plan")
async def other_rules(company: Company, n: int) -> Count:
    """Paris moves four hours east between the plan and the day; each prompt still comes once, at most so much off."""
    zones = company.folder / "zones" / "Europe"
    zones.mkdir(parents=True, exist_ok=True)
    with (files("tzdata") / "zoneinfo" / "Asia" / "Karachi").open("rb") as rules, (zones / "Paris").open("wb") as paris:
        shutil.copyfileobj(rules, paris)
    ids, until = company.hires(AT_ONCE, "Europe/Paris"), company.time.people.now().date() + timedelta(days=30)
    company.employs()
    await company.ready()
    await asyncio.gather(*(company.insists(typed(one, f"pause {until}")) for one in ids))
    quiet = await company.quiet()
    company.dismisses()
    company.employs(zones=zones.parent)
    company.expects(ids, OVER, within=IN_TIME)
    for hours in (5, 6, 9, 10, 11):
        company.time.comes(datetime.combine(until, time(hours), UTC))
        quiet = await company.quiet() and quiet
    return company.counted(AT_ONCE, quiet=quiet)
