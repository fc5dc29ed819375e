"""The calendar, lived: when check-ins and their reminders come, through the real scheduler with a wound clock.

One company lives through 2026, case after case; each has a person of its own, so that the clock only goes forward.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.cycle import CycleKind, Participant, Stage, opening
from bot.domain.policy import Missed, Policy
from bot.domain.template import Day, Rhythm
from bot.domain.template_document import document_of
from bot.sources.templates import shipped
from bot.store import calendar_days, cycles, leaves, people, policy, templates, timers
from bot.store.calendar_days import CalendarDay
from sandbox.clock import Clock
from tests.company import Company, Persona, Server
from tests.conftest import LANTERN
from tests.working_quarters import agrees

SHANGHAI, BERLIN, NEW_YORK = "Asia/Shanghai", "Europe/Berlin", "America/New_York"
Happens = Callable[[Company, Persona], None]


@dataclass(frozen=True)
class Case:
    """Somebody who checks in on a weekday at ten, what happens to them, and when messages come: in UTC."""

    name: str
    zone: str
    weekday: Day
    begins: str
    comes: tuple[str, ...]
    happens: dict[str, Happens] = field(default_factory=dict)
    down: tuple[str, str] | None = None
    policy: Policy = field(default_factory=Policy)
    rhythm: Rhythm = Rhythm.WEEKLY


def moves_to(zone: str) -> Happens:
    return lambda company, person: company.runs(company.slack.alter(person.id, tz=zone))


def takes_leave(first: date, last: date) -> Happens:
    return lambda company, person: company.knows(lambda s: leaves.take(s, person.id, first, last))


def hr_says(country: str, day: date, *, works: bool) -> Happens:
    one = CalendarDay(country, day, works, "", "U01MEI", datetime(2026, 1, 1, tzinfo=UTC))
    return lambda company, _: company.knows(lambda session: calendar_days.keep(session, one))


def works_without(weekdays: str) -> Happens:
    return lambda company, person: company.knows(lambda s: people.work_without(s, person.id, weekdays))


CASES = [
    Case("Shanghai works a Saturday before the Spring Festival", SHANGHAI, Day.FRIDAY, "2026-02-12",
         ("02-13 02:00", "02-14 02:00", "02-25 02:00")),
    Case("New York springs forward", NEW_YORK, Day.FRIDAY, "2026-03-05",
         ("03-06 15:00", "03-09 14:00", "03-11 14:00", "03-13 14:00")),
    Case("Berlin springs forward", BERLIN, Day.THURSDAY, "2026-03-25", ("03-26 09:00", "03-27 09:00", "03-31 08:00")),
    Case("Cairo has no midnight on the planned day, and no Friday", BERLIN, Day.FRIDAY, "2026-04-20",
         ("04-26 07:00", "04-27 07:00", "04-29 07:00"), {"04-22 12:00": moves_to("Africa/Cairo")}),
    Case("Riyadh rests on Friday and Saturday", "Asia/Riyadh", Day.FRIDAY, "2026-05-07",
         ("05-10 07:00", "05-11 07:00", "05-13 07:00")),
    Case("HR opens a holiday whose prompt was put off: it comes on its day", BERLIN, Day.THURSDAY, "2026-05-13",
         ("05-14 08:00", "05-15 08:00"), {"05-13 18:00": hr_says("DE", date(2026, 5, 14), works=True)}),
    Case("a move west on Wednesday", BERLIN, Day.THURSDAY, "2026-05-19", ("05-21 14:00", "05-22 14:00"),
         {"05-20 12:00": moves_to(NEW_YORK)}),
    Case("a flight west meets the same date twice", SHANGHAI, Day.THURSDAY, "2026-06-03",
         ("06-04 02:00", "06-05 13:30", "06-09 13:30"), {"06-04 05:00": moves_to(NEW_YORK)}),
    Case("three hours of outage, asked late", BERLIN, Day.THURSDAY, "2026-06-10", ("06-11 11:00", "06-12 08:00"),
         down=("06-11 07:30", "06-11 11:00")),
    Case("three hours of outage, two are allowed", BERLIN, Day.THURSDAY, "2026-06-17", ("06-19 08:00",),
         down=("06-18 07:30", "06-18 11:00"), policy=Policy(Missed.LATE, 2)),
    Case("three hours of outage, on the next day", BERLIN, Day.THURSDAY, "2026-06-24", ("06-26 08:00",),
         down=("06-25 07:30", "06-25 11:00"), policy=Policy(Missed.NEXT_DAY)),
    Case("three hours of outage, left out", BERLIN, Day.THURSDAY, "2026-07-01", ("07-09 08:00", "07-10 08:00"),
         down=("07-02 07:30", "07-02 11:00"), policy=Policy(Missed.LEFT_OUT)),
    Case("leave that begins between schedule and send", SHANGHAI, Day.THURSDAY, "2026-07-15", ("07-17 02:00",),
         {"07-15 12:00": takes_leave(date(2026, 7, 16), date(2026, 7, 16))}),
    Case("HR closes Shanghai for a typhoon", SHANGHAI, Day.THURSDAY, "2026-07-22", ("07-24 02:00",),
         {"07-22 12:00": hr_says("CN", date(2026, 7, 23), works=False)}),
    Case("somebody does not work on Thursdays", BERLIN, Day.THURSDAY, "2026-07-29", ("07-31 08:00",),
         {"07-29 06:00": works_without("3")}),
    Case("HR closes the last day of the month", SHANGHAI, Day.MONDAY, "2026-08-28", ("09-01 01:30",),
         {"08-29 06:00": hr_says("CN", date(2026, 8, 31), works=False)}, rhythm=Rhythm.MONTHLY),
    Case("HR has New York work on Labour Day", NEW_YORK, Day.MONDAY, "2026-09-04", ("09-07 14:00", "09-08 14:00"),
         {"09-04 06:00": hr_says("US", date(2026, 9, 7), works=True)}),
    Case("Shanghai works a Sunday", SHANGHAI, Day.FRIDAY, "2026-09-17", ("09-18 02:00", "09-20 02:00", "09-22 02:00")),
    Case("Lord Howe changes by half an hour", "Australia/Lord_Howe", Day.THURSDAY, "2026-09-29",
         ("09-30 23:30", "10-01 23:30", "10-05 23:00")),
    Case("Shanghai works a Saturday after National Day", SHANGHAI, Day.FRIDAY, "2026-10-07",
         ("10-09 02:00", "10-10 02:00", "10-13 02:00")),
    Case("Berlin falls back", BERLIN, Day.THURSDAY, "2026-10-21", ("10-22 08:00", "10-23 08:00", "10-27 09:00")),
    Case("New York falls back", NEW_YORK, Day.FRIDAY, "2026-10-29", ("10-30 14:00", "11-02 15:00", "11-04 15:00")),
    Case("every two weeks", BERLIN, Day.WEDNESDAY, "2026-11-09",
         ("11-11 09:00", "11-12 09:00", "11-16 09:00", "11-25 09:00"), rhythm=Rhythm.TWO_WEEKS),
    Case("every month, on its last working day", SHANGHAI, Day.MONDAY, "2026-11-27",
         ("11-30 02:00", "12-01 02:00", "12-03 02:00", "12-31 02:00"), rhythm=Rhythm.MONTHLY),
]  # fmt: skip


@pytest.fixture(scope="module")
def year(
    loop: asyncio.AbstractEventLoop, server: Server, empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    """One company for all cases, in January 2026; the same stories run on both databases elsewhere."""
    path = tmp_path_factory.mktemp("year") / "company.db"
    shutil.copy(empty_sqlite, path)
    company = Company(loop, server, f"sqlite:///{path}", LANTERN / "workspace.yml")
    vars(company.slack.clock).update(vars(Clock(datetime(2026, 1, 5, 9, tzinfo=UTC))))
    yield company
    company.closes()
    assert company.findings() == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_come_at_ten_where_somebody_works(year: Company, case: Case) -> None:
    person = year.person([one for one in year.slack.people.values() if not one.guest][CASES.index(case)].id)
    begun = instant(f"{case.begins[5:]} 00:00")
    winds_to(year, begun)
    takes_part(year, person, case)
    try:
        lives(year, person, case, begun)
        assert came(person) == list(case.comes)
    finally:
        year.knows(lambda session: session.query(timers.TimerRow).filter_by(person_id=person.id).delete())


def takes_part(company: Company, person: Persona, case: Case) -> None:
    """The person is where the case begins, and works on two agreed goals in their rhythm."""
    company.runs(company.slack.alter(person.id, tz=case.zone))
    sales = shipped()["sales"]
    chosen = replace(sales, checkin=replace(sales.checkin, cadence=case.rhythm, weekday=case.weekday))
    first, last = date.fromisoformat(case.begins), date.fromisoformat(case.begins) + timedelta(days=60)

    def launch(session) -> None:
        now = company.slack.clock.now()
        policy.keep(session, case.policy, by="U01MEI", at=now)
        templates.keep(session, chosen.content_hash + case.name[:9], chosen.id, document_of(chosen), now)
        opens = {Stage.PLANNING: first - timedelta(days=7), Stage.EXECUTING: first, Stage.ASSESSING: last}
        cycle = cycles.create(session, case.name, CycleKind.CUSTOM, (first, last), opens, by="U01MEI", at=now)
        taking_part = Participant(cycle.id, person.id, "Sales", "", chosen.content_hash + case.name[:9])
        cycles.launch(session, cycle.id, [taking_part], now)
        agrees(session, cycle.id, person.id, now)
        timers.remind(session, "checkins.start", person.id, cycle.id, opening(first, "UTC"))

    company.knows(launch)


def lives(company: Company, person: Persona, case: Case, begun: datetime) -> None:
    """Wind from moment to moment at which something is due or happens, but past an outage."""
    until = instant(case.comes[-1]) + timedelta(hours=6)
    happens = {instant(when): act for when, act in case.happens.items()}
    while True:
        due = company.knows(timers.next_due)
        moments = [one for one in (due, *happens) if one]
        if not moments or min(moments) > until:
            break
        at = max(min(moments), begun)
        if case.down and instant(case.down[0]) <= at < instant(case.down[1]):
            at = instant(case.down[1])
        winds_to(company, at)
        for when in [one for one in happens if one <= at]:
            happens.pop(when)(company, person)
            company.settles()
    winds_to(company, until)


def winds_to(company: Company, at: datetime) -> None:
    """Wind the clock to a moment, or do what is due when it has passed already."""
    if at > company.slack.clock.now():
        company.winds(to=at.isoformat())
    else:
        company.settles()


def came(person: Persona) -> list[str]:
    """When messages came, to the minute, in UTC."""
    return [f"{datetime.fromtimestamp(float(one['ts']), UTC):%m-%d %H:%M}" for one in person.messages]


def instant(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=UTC)
