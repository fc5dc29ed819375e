"""A reading of the company's directory: who leaves by it, and whether it is applied unasked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.cadence import DAY, instant
from bot.domain.directory import DirectoryRow, plan_directory
from bot.domain.refusal import Refused

NIGHT = time(2)
"""When people are read, where whoever named the source is."""
FEW, SHARE, BROKEN = 5, 5, 20
"""So many people, or percent of them, change unasked; so many percent who leave are a broken source."""


class Handling(StrEnum):
    """What becomes of a reading."""

    UNASKED = "unasked"
    ASKED = "asked"
    BROKEN = "broken"


@dataclass(frozen=True)
class Leaving:
    """Somebody who leaves by a reading, and their last day."""

    person_id: str
    email: str
    name: str
    last_day: date


def handling(changed: int, leaving: int, absent: int, known: int) -> Handling:
    """Say what becomes of a reading; `absent` are missing for the first time, `known` stand somewhere today."""
    if 100 * (leaving + absent) > BROKEN * known:
        return Handling.BROKEN
    concerned = changed + leaving
    return Handling.ASKED if concerned > FEW and 100 * concerned > SHARE * known else Handling.UNASKED


def last_day(since: date, on: date, *, said: bool) -> date | None:
    """The last day of somebody who is missing `since` one reading and was missing `on` another, if they have left.

    Once is no leaving, nor is twice on one day, unless the source has `said` so.
    """
    return since - DAY if said or on > since else None


def next_night(now: datetime, tz: str) -> datetime:
    """When people are read next."""
    today = now.astimezone(ZoneInfo(tz)).date()
    tonight = instant(today, NIGHT, tz)
    return tonight if tonight > now else instant(today + DAY, NIGHT, tz)


def check_people(rows: Sequence[DirectoryRow]) -> list[DirectoryRow]:
    """The rows of an answer that say of anybody who they are; refused is one where a person stands twice, or a loop.

    Who has an old record and a present one is here; who has no address is nobody that we could write to.
    """
    named = [replace(row, email=row.email.strip().casefold()) for row in rows if row.email.strip()]
    here = [row for row in named if row.active]
    emails = {row.email for row in here}
    managers = {(row.manager_email or "").strip().casefold() for row in here}
    if refused := plan_directory(here, {}, emails | managers).refused:
        first = refused[0]
        raise Refused("Line {line}: {why} Please put it right where it is kept.", line=first.line, why=first.sentence)
    if not here:
        raise Refused("The address answered without a single person. Please look at what it may give out.")
    return [*here, *(row for row in named if not row.active and row.email not in emails)]


def for_slack(rows: Sequence[DirectoryRow], in_slack: Collection[str]) -> tuple[list[DirectoryRow], tuple[str, ...]]:
    """The rows about who is in Slack, and the addresses of the others; who reports to one of those stays as known."""
    known = {each.casefold() for each in in_slack}
    here = [_with_manager_in(row, known) for row in rows if row.email in known]
    return here, tuple(row.email for row in rows if row.email not in known)


def _with_manager_in(row: DirectoryRow, known: Collection[str]) -> DirectoryRow:
    manager = (row.manager_email or "").strip().casefold()
    return row if not manager or manager in known else replace(row, manager_email=None)
