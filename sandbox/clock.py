"""The wound clock: real time plus whatever people have wound it forward."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_STEP = re.compile(r"\s*(\d+)\s*([mhdw])\s*")


class ClockError(ValueError):
    """A winding that cannot be done; the text is a sentence for the person."""


class Clock:
    """Runs in real time from `start` (default: now) and can only be wound forward."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta(0) if start is None else start - datetime.now(UTC)

    def now(self) -> datetime:
        """Say the time everybody in the workspace sees, in UTC."""
        return datetime.now(UTC) + self._ahead

    def wind(self, to: datetime) -> None:
        """Jump forward to a moment; going back is refused."""
        step = to - self.now()
        if step < timedelta(0):
            raise ClockError("The clock can only be wound forward.")
        self._ahead += step


def target(now: datetime, zone: str, winding: dict[str, str]) -> datetime:
    """Return the moment a winding like {"plus": "1h"}, {"preset": ...} or {"to": iso} leads to."""
    if "plus" in winding:
        return now + _step(winding["plus"])
    if "preset" in winding:
        return _preset(now.astimezone(ZoneInfo(zone)), winding["preset"])
    if "to" in winding:
        return _moment(winding["to"])
    raise ClockError('Say "plus", "preset" or "to".')


def _step(text: str) -> timedelta:
    found = _STEP.fullmatch(text)
    if found is None:
        raise ClockError(f'"{text}" is not a step like "30m", "1h", "2d" or "1w".')
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _preset(local: datetime, name: str) -> datetime:
    if name not in {"next_morning", "next_monday"}:
        raise ClockError(f'"{name}" is neither "next_morning" nor "next_monday".')
    morning = local.replace(hour=9, minute=31, second=0, microsecond=0)  # what an app plans for half past nine is due
    while morning <= local or (name == "next_monday" and morning.weekday() != 0):
        morning += timedelta(days=1)
    return morning


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockError(f'"{text}" is not a date and time.') from error
    if moment.tzinfo is None:
        raise ClockError(f'"{text}" needs its offset from UTC, like +08:00.')
    return moment
