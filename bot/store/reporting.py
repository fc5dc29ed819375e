"""Reporting lines: who is above somebody, and what somebody is to everybody else."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.access import Role
from bot.domain.org import Stint
from bot.store.people import HEAD, HR, RoleRow, stint_on, stints_on


def line_of(session: Session, person_id: str, day: date) -> list[str]:
    """Somebody and everyone above them on a day, upwards."""
    line = [person_id]
    while (stint := stint_on(session, line[-1], day)) and stint.manager_id and stint.manager_id not in line:
        line.append(stint.manager_id)
    return line


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
            Role.MANAGER: one.manager_id == actor_id,
            Role.NEXT_MANAGER: managers.get(one.manager_id) == actor_id,
        }
        return frozenset(role for role, is_held in holds.items() if is_held)

    return {person_id: roles(one) for person_id, one in stints.items()}
