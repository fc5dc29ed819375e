"""The company's people as a table: what a file is compared with, and how it is taken over."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.cadence import DAY
from bot.domain.directory import DirectoryEntry, DirectoryRow, plan_directory
from bot.domain.directory_reading import Leaving, for_slack, last_day
from bot.domain.org import Person, Stint
from bot.domain.placing import Heads, plan_heads
from bot.domain.preview import Change, Preview
from bot.store import directory_names, leavers, people
from bot.store.people import PersonRow, StintRow


def entries(session: Session, day: date) -> dict[str, DirectoryEntry]:
    """Everyone who stands somewhere on this day, or will, by lower-case e-mail."""
    return {one.email: one for one in _entries(session, people.by_email(session).values(), day)}


def _entries(session: Session, those: Iterable[Person], day: date) -> list[DirectoryEntry]:
    stints = people.stints_by_person(session)
    managers = people.named(session, {each.manager_id for all_of_one in stints.values() for each in all_of_one})
    return [_entry(one, stints[one.id], managers, day) for one in those if one.id in stints]


def _entry(person: Person, stints: Sequence[Stint], managers: dict[str, Person], day: date) -> DirectoryEntry:
    stands = standing(stints, day)
    manager = managers.get(stands.manager_id)
    return DirectoryEntry(
        person.email.casefold(),
        person.name,
        stands.department,
        stands.position,
        manager.email.casefold() if manager else "",
        stints[0].starts_on,
    )


def standing(stints: Sequence[Stint], day: date) -> Stint:
    """The stint of a day among those of one person, oldest first; before the first one begins, the first."""
    begun = [each for each in stints if each.starts_on <= day]
    return begun[-1] if begun else stints[0]


def in_slack(session: Session) -> dict[str, Person]:
    """Everyone whom Slack counts among its members, also after their last day, by lower-case e-mail."""
    gone = session.scalars(select(PersonRow.id).where(PersonRow.in_slack, PersonRow.takes_part.is_(False)))
    left = {one.email.lower(): one for one in people.named(session, gone).values() if one.email}
    return {**left, **people.by_email(session)}


def names(session: Session) -> dict[str, str]:
    """How everyone of `in_slack` is called, by lower-case e-mail."""
    return {email: one.name for email, one in in_slack(session).items()}


def told_apart(session: Session) -> dict[str, str]:
    """How to name everyone of `in_slack`, by lower-case e-mail: by the e-mail itself where several are called alike."""
    known = names(session)
    often = Counter(known.values())
    return {email: name if name and often[name] == 1 else email for email, name in known.items()}


def plan(session: Session, rows: Sequence[DirectoryRow], day: date) -> Preview[DirectoryEntry]:
    """Say what a file of people would change; nothing is written.

    Names are as in Slack, so that a file cannot change them; an empty start date leaves what is known.
    """
    known = names(session)
    return plan_directory([_as_known(row, known) for row in rows], entries(session, day), set(known))


def _as_known(row: DirectoryRow, known: dict[str, str]) -> DirectoryRow:
    name = known.get(row.email.strip().casefold(), row.name) if row.name.strip() else row.name
    return replace(row, name=name, start_date=(row.start_date or "").strip() or None)


def absent(session: Session, rows: Sequence[DirectoryRow]) -> int:
    """How many people of Slack a file does not name."""
    return len(set(people.by_email(session)) - {row.email.strip().casefold() for row in rows})


def heads(session: Session, preview: Preview[DirectoryEntry], day: date, leaving: Collection[str] = ()) -> Heads:
    """Say whom a preview, once taken over, would name or release as heads of departments; e-mails of who leaves."""
    after = {**entries(session, day), **{one.email: one for one in preview.to_apply}}
    stay = [one for email, one in after.items() if email not in leaving]
    return plan_heads(stay, {name: set(those) for name, those in _present_heads(session).items()})


def _present_heads(session: Session) -> dict[str, dict[str, Person]]:
    held = people.heads(session)
    return {department: {one.email.casefold(): one for one in those} for department, those in held.items()}


def apply(session: Session, preview: Preview[DirectoryEntry], day: date) -> list[str]:
    """Take everything over that a preview would add and change; gives the ids of whom it concerns, for the audit.

    A first stint begins with the start date; a change of manager, department or position begins on `day`.
    """
    known, gone = in_slack(session), leavers.last_days(session)
    _appoint(session, heads(session, preview, day), known)
    begins = {one.email: _begins(one, gone.get(known[one.email].id), day) for one in preview.added}
    people.place_all(session, [_stint(known, one, begins[one.email]) for one in preview.added])
    leavers.come_back(session, gone.keys() & {known[one.email].id for one in preview.added})
    _move_starts(session, preview.changed, known)
    stints = people.stints_by_person(session) if preview.changed else {}
    moved = [_moved(stints, _stint(known, change.after, day)) for change in preview.changed]
    people.place_all(session, [stint for stint in moved if stint])
    return [known[one.email].id for one in preview.to_apply]


def _begins(entry: DirectoryEntry, left_on: date | None, day: date) -> date:
    """The first day of a new stint; who comes back after a last day does not begin before it."""
    begins = entry.start_date or day
    return begins if left_on is None or begins > left_on else max(day, left_on + DAY)


def _appoint(session: Session, change: Heads, known: dict[str, Person]) -> None:
    present = _present_heads(session)
    for department, email in change.released:
        people.revoke(session, present[department][email].id, people.HEAD, department)
    for department, email in change.named:
        people.grant(session, known[email].id, people.HEAD, department)


def _stint(known: dict[str, Person], entry: DirectoryEntry, starts_on: date) -> Stint:
    manager_id = known[entry.manager_email].id if entry.manager_email else ""
    return Stint(known[entry.email].id, entry.department, entry.position, manager_id, starts_on)


def _move_starts(session: Session, changes: Sequence[Change[DirectoryEntry]], known: dict[str, Person]) -> None:
    starts = {
        known[change.after.email].id: change.after.start_date
        for change in changes
        if change.after.start_date and change.after.start_date != change.before.start_date
    }
    people.move_starts(session, starts)


def _moved(stints: dict[str, list[Stint]], wanted: Stint) -> Stint | None:
    """Where somebody goes; None when they stand there already, and not before they start at all."""
    stands = standing(stints[wanted.person_id], wanted.starts_on)
    if replace(stands, starts_on=wanted.starts_on, ends_on=None) == wanted:
        return None
    return replace(wanted, starts_on=max(wanted.starts_on, stands.starts_on))


# What an address says -------------------------------------------------------------------------


def plan_reading(session: Session, rows: Sequence[DirectoryRow], day: date) -> Preview[DirectoryEntry]:
    """Say what an address of people would change; who is not in Slack is left aside."""
    here, aside = for_slack([row for row in rows if row.active], in_slack(session))
    return replace(plan(session, here, day), aside=aside)


def note_reading(session: Session, source_id: str, rows: Sequence[DirectoryRow], day: date) -> None:
    """Note whom an address names, and whom it does not any more."""
    ids: dict[str, list[str]] = {}
    for person_id, email in session.execute(select(PersonRow.id, PersonRow.email).where(PersonRow.email != "")):
        ids.setdefault(email.casefold(), []).append(person_id)
    here = {one for row in rows if row.active for one in ids.get(row.email, ())}
    left = {one for row in rows if not row.active for one in ids.get(row.email, ())}
    directory_names.note(session, source_id, here, left, day)


def placed(session: Session) -> list[Person]:
    """Everyone whose place in the company has no end, by name, whatever Slack says of them."""
    open_end = select(StintRow.person_id).where(StintRow.ends_on.is_(None))
    found = people.named(session, session.scalars(open_end.distinct()))
    return sorted(found.values(), key=lambda one: (one.name, one.id))


def who_leaves(
    session: Session, source_id: str, rows: Sequence[DirectoryRow]
) -> tuple[tuple[Leaving, ...], tuple[str, ...]]:
    """Who leaves by the newest reading of an address, and the names of those who are missing for the first time."""
    said = {row.email for row in rows if not row.active}
    missing = directory_names.missing(session, source_id)
    noticed = leavers.noticed(session)
    leaving: list[Leaving] = []
    absent: list[str] = []
    for one in placed(session):
        if (gap := missing.get(one.id)) is None:
            continue
        email = one.email.casefold()
        if day := last_day(gap.since, gap.on, said=email in said):
            leaving.append(Leaving(one.id, email, one.name, min(day, noticed.get(one.id, day))))
        else:
            absent.append(one.name)
    return tuple(leaving), tuple(absent)
