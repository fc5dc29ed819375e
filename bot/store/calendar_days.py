"""Exceptions to the calendars of countries: what HR says of a day goes before what the library says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, keep_row, remembered

EVERYWHERE = ""


class CalendarDayRow(Base):
    """One day that is worked, or off, in one country or everywhere."""

    __tablename__ = "calendar_days"
    country: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    note: Mapped[str]
    entered_by: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class CalendarDay:
    """An exception: `country` is an ISO code or `EVERYWHERE`."""

    country: str
    day: date
    works: bool
    note: str
    entered_by: str
    at: datetime


_OF_COUNTRY = (
    select(CalendarDayRow.day, CalendarDayRow.works, CalendarDayRow.note)
    .where(CalendarDayRow.country.in_([EVERYWHERE, bindparam("country")]))
    .order_by(CalendarDayRow.country)
)
"""Everywhere first, so that a country's own exception wins. Made once: making it takes longer than executing it."""


@remembered
def exceptions(session: Session, country: str) -> Mapping[date, bool]:
    """Which days are worked, or not, whatever the calendar of this country says."""
    return {row.day: row.works for row in session.execute(_OF_COUNTRY, {"country": country})}


def notes(session: Session, country: str) -> Mapping[date, str]:
    """What HR wrote to the exceptions of a country."""
    return {row.day: row.note for row in session.execute(_OF_COUNTRY, {"country": country})}


def since(session: Session, day: date) -> list[CalendarDay]:
    """All exceptions from a day on, in their order."""
    rows = session.scalars(
        select(CalendarDayRow)
        .where(CalendarDayRow.day >= day)
        .order_by(CalendarDayRow.day, CalendarDayRow.country)
        .execution_options(populate_existing=True)
    )
    return [CalendarDay(row.country, row.day, row.works, row.note, row.entered_by, row.at) for row in rows]


def keep(session: Session, one: CalendarDay) -> None:
    """Keep an exception, in place of what was said of this day before."""
    keep_row(session, CalendarDayRow, {**one.__dict__})


def forget(session: Session, country: str, day: date) -> None:
    """The calendar of the country holds again."""
    session.execute(delete(CalendarDayRow).where(CalendarDayRow.country == country, CalendarDayRow.day == day))
