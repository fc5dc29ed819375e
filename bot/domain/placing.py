"""Who heads a department and who may be above whom, read off the reporting lines."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.directory import DirectoryEntry


@dataclass(frozen=True)
class Heads:
    """What becomes of heads: who is to be named and who no longer is, as departments and e-mail addresses."""

    named: tuple[tuple[str, str], ...]
    released: tuple[tuple[str, str], ...]


def plan_heads(entries: Iterable[DirectoryEntry], heads: Mapping[str, Collection[str]]) -> Heads:
    """Say who is to head the departments of `entries`; `heads` are the e-mails of those who do, by department.

    Who heads a department and is still in it stays. For one without a head it is whoever has their manager outside
    of it, if that is one person alone.
    """
    members: dict[str, list[DirectoryEntry]] = {}
    for each in entries:
        members.setdefault(each.department, []).append(each)
    emails = {department: {each.email for each in those} for department, those in members.items()}
    released = [
        (department, email)
        for department, those in heads.items()
        for email in sorted(those)
        if email not in emails.get(department, ())
    ]
    headless = [one for one in members if one and not set(heads.get(one, ())) & emails[one]]
    tops = {one: [each.email for each in members[one] if each.manager_email not in emails[one]] for one in headless}
    return Heads(tuple((one, found[0]) for one, found in tops.items() if len(found) == 1), tuple(released))


def is_above(person_id: str, other_id: str, managers: Mapping[str, str]) -> bool:
    """Whether one person is somewhere above the other; `managers` by person, "" at the top."""
    seen: set[str] = set()
    at = other_id
    while (at := managers.get(at, "")) and at not in seen:
        if at == person_id:
            return True
        seen.add(at)
    return False
