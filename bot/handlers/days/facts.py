"""The flow itself, and the facts that the calendar is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.access import Act
from bot.domain.cadence import DAY, IsWorkday
from bot.domain.org import Person
from bot.domain.policy import Policy
from bot.slack.flow import Flow, Step, Turn
from bot.sources.workdays import country_of, holiday_name, is_weekend, provisional
from bot.store import calendar_days, leaves, people, policy, zones
from bot.store.calendar_days import CalendarDay

flow = Flow("days")

AHEAD = 8 * 7
"""Days ahead for which days off are listed."""
NEXT_YEAR_FROM = 11
"""The month from which on the calendar of the next year is looked for: China's is announced in November."""


@dataclass(frozen=True)
class Special:
    """A day that is off though no weekend, or worked though it is one, and why."""

    day: date
    works: bool
    why: str


@dataclass(frozen=True)
class Mine:
    """Somebody's calendar: their country, what they are away, and what is special soon."""

    person: Person
    country: str
    leaves: Sequence[tuple[date, date]]
    soon: Sequence[Special]
    stand_in: Step | None = None
    """Where somebody who leads people names who acts for them on days away."""


@dataclass(frozen=True)
class Companys:
    """What HR says of days, by whom, which years nobody has announced, and what becomes of missed prompts."""

    entered: Sequence[CalendarDay]
    names: dict[str, str]
    provisional: Sequence[tuple[str, int]]
    policy: Policy


def mine(turn: Turn) -> Mine:
    """Gather the calendar of the person whose turn it is."""
    me = turn.person
    country = country_of(me.tz)
    works = turn.calendar.country_days(turn.session)(me)
    away = leaves.of(turn.session, me.id, turn.today)
    leads = bool(away) and me.id in people.managers_on(turn.session, turn.today).values()
    name = turn.flows.steps["standin.name"] if leads else None
    return Mine(me, country, away, _special(turn, country, works), name)


def _special(turn: Turn, country: str, works: IsWorkday) -> list[Special]:
    notes = calendar_days.notes(turn.session, country)
    days = [turn.today + DAY * n for n in range(AHEAD)]
    return [
        Special(day, works(day), notes.get(day) or holiday_name(country, day, turn.t.language))
        for day in days
        if works(day) is is_weekend(country, day)
    ]


def companys(turn: Turn) -> Companys | None:
    """Gather the company's calendar, for HR alone."""
    if not turn.may(Act.SET_CALENDAR, turn.person.id):
        return None
    entered = _this_year_on(turn)
    known = people.named(turn.session, {one.entered_by for one in entered})
    return Companys(
        [one for one in entered if one.day >= turn.today],
        {person_id: one.name for person_id, one in known.items()},
        unannounced(turn, entered),
        policy.current(turn.session),
    )


def _this_year_on(turn: Turn) -> list[CalendarDay]:
    return calendar_days.since(turn.session, turn.today.replace(month=1, day=1))


def unannounced(turn: Turn, entered: Sequence[CalendarDay] | None = None) -> list[tuple[str, int]]:
    """The countries and years that are only calculated, unless HR entered a make-up workday for them."""
    years = [turn.today.year, turn.today.year + 1][: 1 + (turn.today.month >= NEXT_YEAR_FROM)]
    found = [(country, year) for country in countries(turn) for year in years if provisional(country, year)]
    known = (_this_year_on(turn) if entered is None else entered) if found else ()
    made_up = {(one.country, one.day.year) for one in known if one.works}
    return [one for one in found if one not in made_up]


def countries(turn: Turn) -> list[str]:
    """The countries that people's zones belong to."""
    return sorted({country_of(tz) for tz in zones.lived_in(turn.session)} - {""})
