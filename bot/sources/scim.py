"""People as SCIM 2.0 writes them (RFC 7643): what a record says of somebody, whoever wrote it and however oddly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.directory import DirectoryRow
from bot.domain.refusal import Refused
from bot.sources.http_source import is_text
from bot.sources.tables import LONGEST_CELL, is_formula

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@dataclass(frozen=True)
class _Record:
    """One person as written; the line is which one of the list it is."""

    line: int
    said: Mapping[str, Any]

    def text(self, *way: str) -> str:
        """What stands there, "" if nothing does; refused when it is no text of one cell."""
        found: Any = self.said
        for step in way:
            found = found.get(step) if isinstance(found, dict) else None
        return self._plain(found, way[-1])

    def _plain(self, found: Any, name: str) -> str:
        if found is None:
            return ""
        if not isinstance(found, str) or len(found) > LONGEST_CELL or not is_text(found) or is_formula(found.strip()):
            raise Refused(
                "Record {line} has no plain text for {name}. Please put it right where it is kept.",
                line=self.line,
                name=name,
            )
        return found.strip()

    @property
    def email(self) -> str:
        """The address marked as the first, or else for work, or else any; the name to sign in with if it is one."""
        emails = self.said.get("emails")
        found = [one for one in emails if isinstance(one, dict)] if isinstance(emails, list) else []
        found.sort(key=lambda one: (one.get("primary") is not True, one.get("type") != "work"))
        addresses = [self._plain(one.get("value"), "emails") for one in found]
        user_name = self.text("userName")
        return next((one for one in (*addresses, user_name) if "@" in one), "").casefold()

    @property
    def name(self) -> str:
        """How they are called; their address where nothing says so."""
        parts = (self.text("name", "givenName"), self.text("name", "familyName"))
        called = self.text("name", "formatted") or self.text("displayName") or " ".join(filter(None, parts))
        return called or self.email

    @property
    def manager(self) -> str:
        """What names whom they report to; some write just that, some a list of one."""
        found = _extension(self.said).get("manager")
        found = found[0] if isinstance(found, list) and found else found
        return self._plain(found.get("value") if isinstance(found, dict) else found or None, "manager")

    @property
    def active(self) -> bool:
        """Whether they are there; who is not said to have left is."""
        found = self.said.get("active", True)
        if isinstance(found, str) and found.casefold() in {"true", "false"}:
            return found.casefold() == "true"
        if found is None or isinstance(found, bool):
            return found is not False
        raise Refused(
            "Record {line} has no plain text for {name}. Please put it right where it is kept.",
            line=self.line,
            name="active",
        )


def people_of(resources: Sequence[Any]) -> list[DirectoryRow]:
    """Make rows of records, unchecked; raises `Refused` for one that is none."""
    records = [_record(line, each) for line, each in enumerate(resources, 1)]
    emails = _emails(records)
    anybody_leads = any(one.manager for one in records)
    return [_row(one, emails, anybody_leads=anybody_leads) for one in records]


def _record(line: int, found: Any) -> _Record:
    if not isinstance(found, dict):
        raise Refused("Record {line} is no person as SCIM 2.0 writes one. Please have somebody look at it.", line=line)
    return _Record(line, found)


def _extension(said: Mapping[str, Any]) -> Mapping[str, Any]:
    found = said.get(ENTERPRISE)
    return found if isinstance(found, dict) else {}


def _emails(records: Sequence[_Record]) -> dict[str, str]:
    """The address of everybody, by whatever a manager may be named by: the id before all else."""
    found: dict[str, str] = {}
    for way in ((ENTERPRISE, "employeeNumber"), ("userName",), ("id",)):
        found |= {key: one.email for one in records if (key := one.text(*way).casefold())}
    return {one.email: one.email for one in records} | found


def _row(one: _Record, emails: Mapping[str, str], *, anybody_leads: bool) -> DirectoryRow:
    """Who has no manager is at the top, where the answer names managers; one whom nobody there is stays as known."""
    none = "" if anybody_leads else None
    manager = (emails.get(one.manager.casefold()) or None) if one.manager else none
    return DirectoryRow(
        one.line,
        one.email,
        one.name,
        one.text(ENTERPRISE, "department") or None,
        one.text("title") or None,
        manager,
        active=one.active,
    )
