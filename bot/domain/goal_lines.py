"""The parts of a goal as lines of text, the way people edit them: milestones, levels in words, and points."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar
from unicodedata import normalize

from bot.domain.measure import Anchor, Milestone, Point
from bot.domain.refusal import Refused
from bot.domain.written import number_of

Part = TypeVar("Part")

_IN_NUMBERS = r"\s+\d{4}(?:(?:-\d{1,2}){2}|(?:[/\uff0f]\d{1,2}){2}|(?:\.\d{1,2}){2})"
_IN_CHINESE = r"\s*(?<!\d)\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
_MILESTONE = re.compile(rf"(\d+(?:\.\d+)?)\s+(\S.*?)({_IN_NUMBERS}|{_IN_CHINESE})?")
_LEVEL = re.compile(r"(\d+(?:\.\d+)?)\s*[%\uff05]?\s+(\S.*)")
_POINT = re.compile(r"(\S.*?)\s+(\d+(?:\.\d+)?)\s*%?")
_HUNDRED = Decimal(100)


def written_milestones(milestones: Sequence[Milestone]) -> str:
    """Write milestones one a line, points first, the day last if there is one."""
    return "\n".join(" ".join(filter(None, (_plain(each.worth), each.name, _day(each.due)))) for each in milestones)


def read_milestones(text: str) -> tuple[Milestone, ...]:
    """Read milestones back; a line without points, or with a day that does not exist, is refused."""
    return _read(text, _milestone)


def written_levels(levels: Sequence[Anchor]) -> str:
    """Write the levels of a rubric one a line, from the lowest, percent first."""
    return "\n".join(f"{_plain(each.worth * _HUNDRED)} {each.words}" for each in levels)


def read_levels(text: str) -> tuple[Anchor, ...]:
    """Read levels back, counted from 1; a line without percent is refused."""
    worded = _read(text, _level)
    return tuple(Anchor(Decimal(level), words, worth) for level, (words, worth) in enumerate(worded, 1))


def written_points(points: Sequence[Point]) -> str:
    """Write points one a line: the value, then its worth in percent."""
    return "\n".join(f"{_plain(each.value)} {_plain(each.worth * _HUNDRED)}" for each in points)


def read_points(text: str) -> tuple[Point, ...]:
    """Read points back; a line that is not two numbers is refused."""
    return _read(text, _point)


def _read(text: str, read: Callable[[str, int], Part]) -> tuple[Part, ...]:
    return tuple(read(line.strip(), n) for n, line in enumerate(text.splitlines(), 1) if line.strip())


def _milestone(line: str, number: int) -> Milestone:
    if not (found := _MILESTONE.fullmatch(line)):
        raise Refused(
            "Line {line}: please write the points first, then the milestone, as in “30 First version works”.",
            field="milestones",
            line=number,
        )
    return Milestone(found[2], Decimal(found[1]), _due(found[3], number))


def _due(written: str | None, number: int) -> date | None:
    if written is None:
        return None
    try:
        return date(*map(int, re.findall(r"\d+", written)))
    except ValueError:
        day = written.strip()
        raise Refused("Line {line}: there is no day {day}.", field="milestones", line=number, day=day) from None


def _level(line: str, number: int) -> tuple[str, Decimal]:
    if not (found := _LEVEL.fullmatch(line)):
        raise Refused(
            "Line {line}: please write the percent first, then what one sees, as in “100 Works without reminders”.",
            field="levels",
            line=number,
        )
    return found[2], Decimal(found[1]) / _HUNDRED


def _point(line: str, number: int) -> Point:
    found = _POINT.fullmatch(normalize("NFKC", line))
    value = number_of(found[1]) if found else None
    if found is None or value is None:
        raise Refused(
            "Line {line}: please write the value first, then what it is worth in percent, as in “80 50”.",
            field="points",
            line=number,
        )
    return Point(value[0], Decimal(found[2]) / _HUNDRED)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _day(due: date | None) -> str:
    return due.isoformat() if due else ""
