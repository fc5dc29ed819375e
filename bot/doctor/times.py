"""Clock, time zones and calendars: what people's working hours rest on."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.doctor.finding import Finding
from bot.doctor.look import Look, at, listed
from bot.sources.workdays import provisional

MOST_OFF = 60
"""Seconds; from five minutes on, Slack's signatures are refused as too old."""
DECEMBER = 12


def the_clock_is_right(look: Look) -> Finding | None:
    """Whether this machine's clock is Slack's."""
    said = _moment(look.auth.headers.get("date", ""))
    off = (look.now - said).total_seconds() if said else 0.0
    if abs(off) <= MOST_OFF:
        return None
    way = "ahead of" if off > 0 else "behind"
    return Finding(
        f"This machine's clock is {abs(off):.0f} seconds {way} Slack's: reminders and signatures go wrong.",
        "Let the machine set its clock from the network (NTP, chrony, systemd-timesyncd).",
    )


def _moment(said: str) -> datetime | None:
    """A moment as HTTP writes it; None where somebody on the way wrote something else."""
    try:
        found = parsedate_to_datetime(said)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC)


def every_zone_is_known(look: Look) -> Finding | None:
    """Whether somebody lives in a time zone that this machine has never heard of."""
    zones = {str(at(one, "tz") or "UTC") for one in listed(look.members.at("members")) if not at(one, "deleted")}
    unknown = sorted(one for one in zones if not _is_known(one))
    if not unknown:
        return None
    return Finding(
        f"The time zones here do not have {', '.join(unknown)}: these people are taken to live in UTC.",
        "Update the package tzdata (`make install` takes the newest that fits).",
        severe=False,
    )


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def the_calendar_is_announced(look: Look) -> Finding | None:
    """Whether the workdays of this year, and in December of the next, are those that were announced."""
    year = look.now.year
    years = [year, year + 1] if look.now.month == DECEMBER else [year]
    open_ones = [f"{country} {one}" for country in look.stored.countries for one in years if provisional(country, one)]
    if not open_ones:
        return None
    return Finding(
        f"The workdays of {', '.join(open_ones)} are not known yet: make-up workdays count as weekends.",
        "Update Cairn once the year is announced, or have HR enter the days in /cairn calendar.",
        severe=False,
    )


CHECKS = (the_clock_is_right, every_zone_is_known, the_calendar_is_announced)
