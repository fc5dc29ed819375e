"""The days somebody works, and the hours at which they may be written to unasked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from bot.domain.cadence import IsWorkday, may_follow, next_civil_hour
from bot.domain.cycle import opening
from bot.domain.org import CAIRN, Person
from bot.sources.workdays import country_of, workdays
from bot.store import calendar_days, leaves


@dataclass(frozen=True)
class WorkCalendar:
    """Working days by the country of a person's time zone as HR corrected it, less the days that are theirs alone."""

    def workdays(self, session: Session, person: Person) -> IsWorkday:
        """Which days somebody works."""
        country = country_of(person.tz)
        away = leaves.days_off(session, person.id)
        return workdays(country, calendar_days.exceptions(session, country), away, person.free_weekdays)

    def country_days(self, session: Session) -> Callable[[Person], IsWorkday]:
        """Which days are worked where somebody is, whatever is theirs alone; each country is looked up once."""

        @cache
        def of_country(country: str) -> IsWorkday:
            return cache(workdays(country, calendar_days.exceptions(session, country), ()))

        return lambda person: of_country(country_of(person.tz))

    def working_hour(
        self, session: Session, person: Person, at: datetime, due: datetime | None = None, *, rests: bool = True
    ) -> datetime:
        """The first moment from `at` on that is worked, and not in a pause if it `rests` then; Cairn works always.

        What was `due` in such an hour and is late has the whole working day.
        """
        if person == CAIRN:
            return at
        resumed = opening(person.paused_until, person.tz) if rests and person.paused_until else at
        if due and resumed <= at and may_follow(due, at, person.tz, self.workdays(session, person)):
            return at
        return next_civil_hour(max(at, resumed), person.tz, self.workdays(session, person))
