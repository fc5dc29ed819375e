"""People, their stints, roles and days away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ForeignKey, Index, bindparam, delete, false, func, insert, or_, select, true, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.org import Person, Stint
from bot.domain.stand_in import may_act_about
from bot.store import stand_ins
from bot.store.db import Base, insert_new, remembered

HR = "hr"
HEAD = "head"


class PersonRow(Base):
    """Someone in the workspace, as Slack knows them, and what they chose here."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_tz", "takes_part", "tz"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    locale: Mapped[str]
    tz: Mapped[str]
    owner: Mapped[bool]
    takes_part: Mapped[bool]
    """Slack counts them among its members, and the company's directory has not said that they left."""
    in_slack: Mapped[bool] = mapped_column(default=True, server_default=true())
    last_day: Mapped[date | None]
    """As the company's directory says, from the moment that it does."""
    chosen_language: Mapped[str] = mapped_column(default="")
    paused_until: Mapped[date | None]
    free_weekdays: Mapped[str] = mapped_column(default="", server_default="")
    """The weekdays they do not work, as digits; Monday is 0."""
    whole_text: Mapped[bool] = mapped_column(default=False, server_default=false())
    greeted: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]
    """The day on which it was noticed that they left; empty again when they come back."""
    erased_on: Mapped[date | None]


class StintRow(Base):
    """A person's time in one department under one manager."""

    __tablename__ = "stints"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    ends_on: Mapped[date | None]
    department: Mapped[str] = mapped_column(index=True)
    position: Mapped[str]
    manager_id: Mapped[str] = mapped_column(index=True)


class RoleRow(Base):
    """A role that somebody holds for the company, or for one department as its head."""

    __tablename__ = "roles"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True, default="")


@dataclass(frozen=True)
class Member:
    """What Slack says of one of its members."""

    id: str
    name: str
    email: str
    locale: str
    tz: str
    owner: bool
    takes_part: bool


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.name, row.email, row.locale, row.tz, row.owner, row.takes_part, row.chosen_language,
                  row.paused_until, row.free_weekdays, row.whole_text)  # fmt: skip


def _stint(row: StintRow) -> Stint:
    return Stint(row.person_id, row.department, row.position, row.manager_id, row.starts_on, row.ends_on)


_NAMED = select(PersonRow).where(PersonRow.id.in_(bindparam("ids", expanding=True)))
_ON_DAY = select(StintRow).where(
    StintRow.starts_on <= bindparam("day"), or_(StintRow.ends_on.is_(None), StintRow.ends_on >= bindparam("day"))
)
_STINT = _ON_DAY.where(StintRow.person_id == bindparam("person_id"))
_STINTS = _ON_DAY.order_by(StintRow.person_id)
_MANAGERS = _ON_DAY.with_only_columns(StintRow.person_id, StintRow.manager_id)
_MANAGERS_OF = _MANAGERS.where(StintRow.person_id.in_(bindparam("ids", expanding=True)))
_REPORTS = _ON_DAY.where(StintRow.manager_id.in_(bindparam("leads", expanding=True)))
_HOLDERS = select(RoleRow.person_id).where(
    RoleRow.role == bindparam("role"), RoleRow.department == bindparam("department")
)
"""Made once: making a statement takes longer than executing it."""


def get(session: Session, person_id: str) -> Person | None:
    """The person with this Slack id, if Cairn knows them."""
    row = session.get(PersonRow, person_id)
    return _person(row) if row else None


def named(session: Session, person_ids: Iterable[str]) -> dict[str, Person]:
    """The people with these ids, by id."""
    return {row.id: _person(row) for row in session.scalars(_NAMED, {"ids": list(person_ids)})}


def by_email(session: Session) -> dict[str, Person]:
    """Everyone who takes part, by lower-case e-mail."""
    return {one.email.lower(): one for one in everyone(session) if one.email}


def everyone(session: Session) -> list[Person]:
    """Everyone who takes part, by name."""
    rows = session.scalars(select(PersonRow).where(PersonRow.takes_part).order_by(PersonRow.name, PersonRow.id))
    return [_person(row) for row in rows]


def with_email(session: Session, email: str) -> Person | None:
    """Whoever has this address, also after they left; who takes part goes before who does not."""
    wanted = select(PersonRow).where(func.lower(PersonRow.email) == email.lower()).order_by(PersonRow.takes_part.desc())
    row = session.scalars(wanted).first()
    return _person(row) if row else None


def keep_member(session: Session, member: Member) -> None:
    """Take over what Slack says of a member, keeping what they chose here."""
    keep_members(session, [member])


def keep_members(session: Session, members: Iterable[Member]) -> None:
    """Take over what Slack says of several members, whoever else does so at the same time.

    They are written in the order of their ids, so that nobody waits for one that waits for them.
    """
    said = {member.id: member for member in sorted(members, key=lambda one: one.id)}
    wanted = select(PersonRow).where(PersonRow.id.in_(said)).order_by(PersonRow.id)
    known = set(session.scalars(select(PersonRow.id).where(PersonRow.id.in_(said))))
    for member in said.values():
        if member.id not in known:
            insert_new(session, PersonRow, {**asdict(member), "in_slack": member.takes_part, "greeted": False})
    for row in session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True}):
        member = said[row.id]
        row.in_slack, takes_part = member.takes_part, member.takes_part and row.last_day is None
        if row.erased_on and not takes_part:
            continue  # Slack goes on naming who left; here they stay nobody
        row.name, row.email, row.tz = member.name, member.email, member.tz
        row.owner, row.takes_part, row.erased_on = member.owner, takes_part, None
        row.locale = member.locale or row.locale or "en-US"
    session.flush()


def choose_language(session: Session, person_id: str, language: str) -> None:
    """Keep the language somebody chose; empty means: as in Slack."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(chosen_language=language))


def choose_whole_text(session: Session, person_id: str, *, chosen: bool) -> None:
    """Keep whether somebody wants all words of a message in its top-level text."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(whole_text=chosen))


def pause(session: Session, person_id: str, until: date | None) -> None:
    """Send no prompts until this day; None ends the pause."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(paused_until=until))


def work_without(session: Session, person_id: str, free_weekdays: str) -> None:
    """Keep the weekdays that somebody does not work."""
    session.execute(update(PersonRow).where(PersonRow.id == person_id).values(free_weekdays=free_weekdays))


def was_greeted(session: Session, person_id: str) -> bool:
    """Whether somebody has been greeted."""
    return session.get_one(PersonRow, person_id).greeted


def greet_once(session: Session, person_id: str) -> bool:
    """True the first time only."""
    row = session.get_one(PersonRow, person_id)
    first, row.greeted = not row.greeted, True
    return first


@remembered
def stint_on(session: Session, person_id: str, day: date) -> Stint | None:
    """Where somebody stands on a day."""
    row = session.scalars(_STINT, {"day": day, "person_id": person_id}).first()
    return _stint(row) if row else None


def stint_to_come(session: Session, person_id: str, day: date) -> Stint | None:
    """Where somebody will stand who begins after a day."""
    coming = select(StintRow).where(StintRow.person_id == person_id, StintRow.starts_on > day)
    row = session.scalars(coming.order_by(StintRow.starts_on).limit(1)).first()
    return _stint(row) if row else None


def stints_on(session: Session, day: date) -> list[Stint]:
    """Where everyone stands on a day."""
    return [_stint(row) for row in session.scalars(_STINTS, {"day": day})]


@remembered
def managers_on(session: Session, day: date, *person_ids: str) -> dict[str, str]:
    """Whom these people, or everybody in the company, report to on a day, by id; in one query."""
    wanted = _MANAGERS_OF if person_ids else _MANAGERS
    return {row.person_id: row.manager_id for row in session.execute(wanted, {"day": day, "ids": person_ids})}


def stints_of(session: Session, person_id: str) -> list[Stint]:
    """All of somebody's stints, oldest first."""
    rows = session.scalars(select(StintRow).where(StintRow.person_id == person_id).order_by(StintRow.starts_on))
    return [_stint(row) for row in rows]


def stints_by_person(session: Session, *person_ids: str) -> dict[str, list[Stint]]:
    """The stints of these people, or of everybody, by person, oldest first; in one query."""
    wanted = select(StintRow).order_by(StintRow.person_id, StintRow.starts_on)
    found: dict[str, list[Stint]] = {}
    for row in session.scalars(wanted.where(StintRow.person_id.in_(person_ids)) if person_ids else wanted):
        found.setdefault(row.person_id, []).append(_stint(row))
    return found


def anybody(session: Session) -> bool:
    """Whether anybody is known."""
    return session.scalars(select(PersonRow.id).limit(1)).first() is not None


def any_stint(session: Session) -> bool:
    """Whether anybody's place in the company is known."""
    return session.scalars(select(StintRow.person_id).limit(1)).first() is not None


def move_starts(session: Session, starts: Mapping[str, date]) -> None:
    """Some started on another day than was known; what ended before it is forgotten."""
    quiet = {"synchronize_session": False}
    for person_id, day in starts.items():
        of_theirs = StintRow.person_id == person_id
        session.execute(delete(StintRow).where(of_theirs, StintRow.ends_on < day), execution_options=quiet)
        first = select(func.min(StintRow.starts_on)).where(of_theirs).scalar_subquery()
        moved = update(StintRow).where(of_theirs, StintRow.starts_on == first).values(starts_on=day)
        session.execute(moved, execution_options=quiet)
    session.expire_all()


def forget_from(session: Session, person_id: str, day: date) -> None:
    """Forget the stints that begin on this day or later, for a correction that takes their place."""
    session.execute(delete(StintRow).where(StintRow.person_id == person_id, StintRow.starts_on >= day))
    session.expire_all()


def place(session: Session, stint: Stint) -> None:
    """Put somebody where the stint says; what they did before ends the day before, what is planned later stays."""
    place_all(session, [stint])


def place_all(session: Session, stints: Sequence[Stint]) -> None:
    """Put people where the stints say, one for each, in three statements."""
    known = stints_by_person(session, stints[0].person_id) if len(stints) == 1 else stints_by_person(session)
    shortened: list[Stint] = []
    new: list[Stint] = []
    replaced: list[Stint] = []
    for stint in stints:
        theirs = known.get(stint.person_id, [])
        shortened += [replace(one, ends_on=_eve(stint)) for one in theirs if _runs_into(one, stint)]
        later = [one for one in theirs if one.starts_on > stint.starts_on]
        placed = replace(stint, ends_on=stint.ends_on or (_eve(later[0]) if later else None))
        (replaced if any(one.starts_on == stint.starts_on for one in theirs) else new).append(placed)
    if changed := [*shortened, *replaced]:
        session.execute(update(StintRow), [asdict(one) for one in changed])
    if new:
        session.execute(insert(StintRow), [asdict(one) for one in new])
    session.expire_all()


def _eve(stint: Stint) -> date:
    return stint.starts_on - timedelta(days=1)


def _runs_into(one: Stint, other: Stint) -> bool:
    return one.starts_on < other.starts_on and one.covers(other.starts_on)


@remembered
def line_of(session: Session, person_id: str, day: date) -> list[str]:
    """Somebody and everyone above them on a day, upwards."""
    line = [person_id]
    while (stint := stint_on(session, line[-1], day)) and stint.manager_id and stint.manager_id not in line:
        line.append(stint.manager_id)
    return line


def acts_for(session: Session, manager_id: str, about_id: str, day: date) -> str:
    """Who acts for a manager about one of their people on a day: whoever stands in and may, else they themself."""
    other_id = stand_ins.on_day(session, day).get(manager_id, "")
    other = get(session, other_id) if other_id else None
    acts = other and other.takes_part and may_act_about(about_id, line_of(session, other_id, day))
    return other_id if acts else manager_id


def stood_in_for(session: Session, person_id: str, day: date) -> list[str]:
    """The managers for whom somebody stands in on a day."""
    return [manager_id for manager_id, other_id in stand_ins.on_day(session, day).items() if other_id == person_id]


def manager_of(session: Session, person_id: str, day: date) -> Person | None:
    """Whom somebody reports to on a day, or who stands in for them."""
    stint = stint_on(session, person_id, day)
    return get(session, acts_for(session, stint.manager_id, person_id, day)) if stint and stint.manager_id else None


@remembered
def reports_of(session: Session, manager_id: str, day: date) -> list[Person]:
    """Who reports to somebody on a day, or to a manager they stand in for, by name."""
    leads = [manager_id, *stood_in_for(session, manager_id, day)]
    reports = session.scalars(_REPORTS, {"day": day, "leads": leads}).all()
    theirs = [
        row.person_id
        for row in reports
        if manager_id in (row.manager_id, acts_for(session, row.manager_id, row.person_id, day))
    ]
    found = named(session, theirs).values()
    return sorted((one for one in found if one.takes_part), key=lambda one: (one.name, one.id))


def team_sizes(session: Session, manager_ids: Iterable[str], day: date) -> dict[str, int]:
    """How many report to each of these on a day; who leads nobody is left out."""
    counted = (
        select(StintRow.manager_id, func.count().label("reports"))
        .join(PersonRow, PersonRow.id == StintRow.person_id)
        .where(StintRow.manager_id.in_(list(manager_ids)), PersonRow.takes_part, StintRow.starts_on <= day)
        .where(or_(StintRow.ends_on.is_(None), StintRow.ends_on >= day))
        .group_by(StintRow.manager_id)
    )
    return {row.manager_id: row.reports for row in session.execute(counted)}


def departments(session: Session, day: date) -> dict[str, list[str]]:
    """The departments and the ids of who is in them on a day."""
    found: dict[str, list[str]] = {}
    for stint in stints_on(session, day):
        found.setdefault(stint.department, []).append(stint.person_id)
    return found


def grant(session: Session, person_id: str, role: str, department: str = "") -> None:
    """Give somebody a role, whoever else does so at the same time."""
    insert_new(session, RoleRow, {"person_id": person_id, "role": role, "department": department})


def revoke(session: Session, person_id: str, role: str, department: str = "") -> None:
    """Take a role from somebody."""
    session.execute(
        delete(RoleRow).where(RoleRow.person_id == person_id, RoleRow.role == role, RoleRow.department == department)
    )


@remembered
def holders(session: Session, role: str, department: str = "") -> list[Person]:
    """Who holds a role and still takes part, by name."""
    ids = session.scalars(_HOLDERS, {"role": role, "department": department})
    found = [one for one in named(session, list(ids)).values() if one.takes_part]
    return sorted(found, key=lambda one: (one.name, one.id))


def heads(session: Session) -> dict[str, list[Person]]:
    """Who heads each department."""
    rows = session.scalars(select(RoleRow).where(RoleRow.role == HEAD).order_by(RoleRow.department, RoleRow.person_id))
    held = [(row.department, row.person_id) for row in rows]
    known = named(session, {person_id for _, person_id in held})
    found: dict[str, list[Person]] = {}
    for department, person_id in held:
        found.setdefault(department, []).append(known[person_id])
    return found


def name_first_hr(session: Session, chosen: Iterable[str]) -> list[str]:
    """While there is no HR, it is whoever the operator named, else the owners; returns the ids that are nobody here."""
    taking_part = {one.id: one for one in everyone(session)}
    if not holders(session, HR):
        named = [one for one in chosen if one in taking_part]
        for person_id in named or [one.id for one in taking_part.values() if one.owner]:
            grant(session, person_id, HR)
    return [one for one in chosen if one not in taking_part]
