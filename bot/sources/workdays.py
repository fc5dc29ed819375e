"""Which days are worked: a country's calendar, corrected by the company's exceptions and a person's days off."""

from collections.abc import Callable, Container, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from babel.core import get_global

if TYPE_CHECKING:
    from holidays import HolidayBase


def workdays(
    country: str, overrides: Mapping[date, bool], days_off: Container[date], free_weekdays: str = ""
) -> Callable[[date], bool]:
    """Return the rule "is this date worked?" for one person.

    `country` is an ISO code, "" for Monday to Friday without holidays. The company's `overrides` (True is worked)
    correct the calendar; a person's `days_off` and `free_weekdays` (digits, Monday is 0) go before both.
    """

    def is_workday(day: date) -> bool:
        if day in days_off or str(day.weekday()) in free_weekdays:
            return False
        if (known := overrides.get(day)) is not None:
            return known
        calendar = _calendar(country, day.year)
        return calendar.is_working_day(day) if calendar is not None else day.weekday() < 5

    return is_workday


def country_of(tz: str) -> str:
    """Guess an ISO country code from an IANA time zone name; "" when the zone belongs to no country."""
    zone = get_global("zone_aliases").get(tz, tz)
    territory = get_global("zone_territories").get(zone, "")
    return "" if territory in {"ZZ", "001"} else territory


def provisional(country: str, year: int) -> bool:
    """Tell whether a year's calendar is not yet announced: China's has make-up workdays once the notice is out."""
    calendar = _calendar(country, year)
    return country == "CN" and calendar is not None and not any(day.year == year for day in calendar.weekend_workdays)


def is_weekend(country: str, day: date) -> bool:
    """Tell whether a date lies in a country's weekend, whatever is celebrated or made up for on it."""
    calendar = _calendar(country, day.year)
    return day.weekday() in calendar.weekend if calendar is not None else day.weekday() >= 5


def holiday_name(country: str, day: date, language: str) -> str:
    """What is celebrated on a date, in the nearest language the library has; "" when it is no holiday."""
    calendar = _calendar(country, day.year, {"zh": "zh_CN"}.get(language, "en_US"))
    return "" if calendar is None else calendar.get(day, "")


def warm_up() -> None:
    """Load the calendars of the world, which takes a while the first time; better not while somebody waits."""
    import holidays.countries  # noqa: F401, PLC0415 - as above


@cache
def _calendar(country: str, year: int, language: str = "en_US") -> "HolidayBase | None":
    """Return a country's year, None if the library does not know the country; never changed, so shared by threads."""
    from holidays import country_holidays  # noqa: PLC0415 - slow to import, and most commands need none

    try:
        return country_holidays(country, years=year, expand=False, language=language)
    except NotImplementedError:
        return None
