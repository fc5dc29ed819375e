"""What somebody is to somebody else, and to everybody."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.access import Role
from bot.domain.org import Person, Stint
from bot.domain.team import Duty
from bot.store.db import remembered
from bot.store.people import HEAD, HR, RoleRow, acts_for, get, stint_on, stint_to_come, stints_on

_ROLES = select(RoleRow).where(RoleRow.person_id == bindparam("person_id"))


@remembered
def roles_toward(session: Session, actor_id: str, about_id: str, day: date) -> frozenset[Role]:
    """What the actor is to the person whose record it is, on a day."""
    actor = get(session, actor_id)
    if actor is None or not actor.takes_part:
        return frozenset()
    roles = {Role.SELF} if actor_id == about_id else {Role.COLLEAGUE}
    held = _held(session, actor_id)
    if (HR, "") in held:
        roles.add(Role.HR)
    if (Duty.CALIBRATOR, "") in held:
        roles.add(Role.CALIBRATOR)
    if (Duty.FINANCE, "") in held:
        roles.add(Role.FINANCE)
    if (Duty.OWNER, "") in held:
        roles.add(Role.OWNER)
    stint = stint_on(session, about_id, day) or stint_to_come(session, about_id, day)
    if stint is None:
        return frozenset(roles)
    if (HEAD, stint.department) in held:
        roles.add(Role.HEAD)
    if _leads(session, actor_id, stint, day):
        roles.add(Role.MANAGER)
    may_be_above = bool(stint.manager_id) and actor_id not in {about_id, stint.manager_id}
    above = stint_on(session, stint.manager_id, day) if may_be_above else None
    if above is not None and above.manager_id == actor_id:
        roles.add(Role.NEXT_MANAGER)
    return frozenset(roles)


@remembered
def _held(session: Session, person_id: str) -> frozenset[tuple[str, str]]:
    return frozenset((row.role, row.department) for row in session.scalars(_ROLES, {"person_id": person_id}))


def lead_of(session: Session, person_id: str, day: date) -> Person | None:
    """Whose part the manager's is on a day: whom somebody reports to, also while another stands in for some days."""
    stint = stint_on(session, person_id, day)
    lead = get(session, stint.manager_id) if stint and stint.manager_id else None
    return lead if lead and lead.takes_part and lead.id != person_id else None


def _leads(session: Session, actor_id: str, stint: Stint, day: date) -> bool:
    """Whether somebody is the manager whom a stint names, or stands in for them."""
    leads = actor_id == stint.manager_id
    stands_in = stint.manager_id and actor_id != stint.person_id
    return leads or bool(stands_in and acts_for(session, stint.manager_id, stint.person_id, day) == actor_id)


def everyone_toward(session: Session, actor_id: str, day: date) -> dict[str, frozenset[Role]]:
    """What the actor is to each person who stands somewhere on a day: `roles_toward` for all, in two queries."""
    held = {(row.role, row.department) for row in session.scalars(select(RoleRow).filter_by(person_id=actor_id))}
    stints = {one.person_id: one for one in stints_on(session, day)}
    managers = {person_id: one.manager_id for person_id, one in stints.items()}

    def roles(one: Stint) -> frozenset[Role]:
        holds = {
            Role.SELF: one.person_id == actor_id,
            Role.COLLEAGUE: one.person_id != actor_id,
            Role.HR: (HR, "") in held,
            Role.HEAD: (HEAD, one.department) in held,
            Role.MANAGER: _leads(session, actor_id, one, day),
            Role.NEXT_MANAGER: managers.get(one.manager_id) == actor_id,
        }
        return frozenset(role for role, is_held in holds.items() if is_held)

    return {person_id: roles(one) for person_id, one in stints.items()}
