"""Importing people: what a file says about departments, managers and start dates, checked against who is in Slack."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.preview import Change, Preview, RefusedLine
from bot.domain.refusal import Refused, sentence

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class DirectoryRow:
    """A line as it was written. None means that the file has no such column: what is known stays.

    Only an address can say that somebody is not `active` any more.
    """

    line: int
    email: str
    name: str
    department: str | None = None
    position: str | None = None
    manager_email: str | None = None
    start_date: str | None = None
    active: bool = True


@dataclass(frozen=True)
class DirectoryEntry:
    """What the company knows of a person; e-mail addresses are in small letters."""

    email: str
    name: str
    department: str = ""
    position: str = ""
    manager_email: str = ""
    start_date: date | None = None


def plan_directory(
    rows: Sequence[DirectoryRow], existing: Mapping[str, DirectoryEntry], known_emails: Collection[str]
) -> Preview[DirectoryEntry]:
    """Say what a file would change; `existing` is by e-mail in small letters, `known_emails` are those of Slack."""
    in_slack = {each.casefold() for each in known_emails}
    refused: list[RefusedLine] = []
    entries: dict[int, DirectoryEntry] = {}
    first_lines: dict[str, int] = {}
    for row in rows:
        try:
            _check_email(row, in_slack, first_lines)
            entries[row.line] = _entry(row, existing, in_slack)
        except Refused as reason:
            refused.append(RefusedLine(row.line, reason.sentence))
    refused += _take_out_loops(entries, existing)
    return _sorted_out(list(entries.values()), {each.email: each for each in existing.values()}, refused)


def _sorted_out(
    entries: Sequence[DirectoryEntry], existing: Mapping[str, DirectoryEntry], refused: Sequence[RefusedLine]
) -> Preview[DirectoryEntry]:
    """Compare entries with what is known."""
    return Preview(
        added=tuple(each for each in entries if each.email not in existing),
        changed=tuple(
            Change(existing[each.email], each)
            for each in entries
            if each.email in existing and existing[each.email] != each
        ),
        unchanged=tuple(each for each in entries if existing.get(each.email) == each),
        refused=tuple(sorted(refused, key=lambda each: each.line)),
    )


def day_of(text: str) -> date | None:
    """Read a date that begins with its year, as 2027-01-31, 2027/1/31 or 2027年1月31日; None if it is none."""
    if not (found := _YEAR_FIRST.fullmatch(text.strip())):
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _check_email(row: DirectoryRow, in_slack: Collection[str], first_lines: dict[str, int]) -> None:
    email = row.email.strip().casefold()
    if not email:
        raise Refused("there is no e-mail address.")
    if (first := first_lines.setdefault(email, row.line)) != row.line:
        raise Refused("{email} is already on line {first}.", email=email, first=first)
    if email not in in_slack:
        raise Refused("nobody in Slack has the e-mail address {email}.", email=email)


def _entry(row: DirectoryRow, existing: Mapping[str, DirectoryEntry], in_slack: Collection[str]) -> DirectoryEntry:
    email = row.email.strip().casefold()
    if not row.name.strip():
        raise Refused("{email} has no name.", email=email)
    known = existing.get(email, DirectoryEntry(email, row.name))
    return DirectoryEntry(
        email,
        row.name.strip(),
        _said_or(row.department, known.department),
        _said_or(row.position, known.position),
        known.manager_email if row.manager_email is None else _manager(row, in_slack),
        known.start_date if row.start_date is None else _start(row),
    )


def _said_or(said: str | None, known: str) -> str:
    return known if said is None else said.strip()


def _manager(row: DirectoryRow, in_slack: Collection[str]) -> str:
    manager = (row.manager_email or "").strip().casefold()
    if manager and manager not in in_slack:
        raise Refused("the manager {email} is not in Slack.", email=manager)
    return manager


def _start(row: DirectoryRow) -> date | None:
    text = (row.start_date or "").strip()
    if text and day_of(text) is None:
        raise Refused("“{text}” is no date. Write it as 2027-01-31.", text=text)
    return day_of(text)


def _take_out_loops(entries: dict[int, DirectoryEntry], existing: Mapping[str, DirectoryEntry]) -> list[RefusedLine]:
    """Refuse the lines whose people would be above themselves, until none is left.

    A refused line leaves its person where they were, which may close another loop: therefore more than one round.
    """
    refused: list[RefusedLine] = []
    while looping := _looping(entries, existing):
        for line, loop in looping.items():
            del entries[line]
            around = " → ".join((*loop, loop[0]))
            refused.append(RefusedLine(line, sentence("the managers form a loop: {loop}.", loop=around)))
    return refused


def _looping(entries: Mapping[int, DirectoryEntry], existing: Mapping[str, DirectoryEntry]) -> dict[int, list[str]]:
    managers = {each.email: each.manager_email for each in existing.values()}
    managers |= {each.email: each.manager_email for each in entries.values()}
    loops = {line: _loop_from(each.email, managers) for line, each in entries.items()}
    return {line: loop for line, loop in loops.items() if loop}


def _loop_from(email: str, managers: Mapping[str, str]) -> list[str]:
    """Walk upwards; the way back to this person, or nothing."""
    above = [email]
    while (manager := managers.get(above[-1], "")) and manager not in above:
        above.append(manager)
    return above if manager == email else []
