"""Who joined, moved or left while a cycle runs, as the company's stints say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.cycle import Participant
from bot.domain.goal import Goal
from bot.domain.org import Stint
from bot.domain.reported import key_of


@dataclass(frozen=True)
class PastStint:
    """A stretch of a cycle in one role that is over, both days included, and the goals that held in it."""

    department: str
    manager_id: str
    template: str
    first_day: date
    last_day: date
    goals: tuple[Goal, ...] = ()
    version: int = 0


def in_all_roles(goals: Sequence[Goal], past: Iterable[PastStint]) -> tuple[Goal, ...]:
    """What somebody is measured by in a cycle: in the present role, then in earlier ones by anything else."""
    before = {key_of(goal): goal for stint in past for goal in stint.goals}
    now = {key_of(goal) for goal in goals}
    return (*goals, *(goal for key, goal in before.items() if key not in now))


@dataclass(frozen=True)
class Moves:
    """What changed since the launch: stints to take in, participants who stand elsewhere now, ids of who left."""

    joined: tuple[Stint, ...] = ()
    moved: tuple[tuple[Participant, Stint], ...] = ()
    left: tuple[str, ...] = ()


def moves(
    participants: Iterable[Participant], stints: Iterable[Stint], present: Collection[str], busy: Collection[str] = ()
) -> Moves:
    """Compare who takes part with where people stand today; `busy` are in another cycle of the same days.

    Only departments that have a template in this cycle take people in; who moves to another one keeps their goals.
    """
    known = {one.person_id: one for one in participants}
    now = {one.person_id: one for one in stints if one.person_id in present}
    templates = templates_in(known.values())
    served = [stint for stint in now.values() if stint.department in templates and stint.manager_id in present]
    return Moves(
        tuple(stint for stint in served if stint.person_id not in known and stint.person_id not in busy),
        tuple(
            (known[stint.person_id], stint)
            for stint in served
            if stint.person_id in known and known[stint.person_id].department != stint.department
        ),
        tuple(sorted(known.keys() - now.keys())),
    )


def templates_in(participants: Iterable[Participant]) -> Mapping[str, str]:
    """The template that each department has in a cycle, by its hash."""
    return {one.department: one.template for one in participants}


def placed_anew(participant: Participant, stint: Stint, template: str) -> Participant:
    """The participant as they stand after a move."""
    return replace(participant, department=stint.department, manager_id=stint.manager_id, template=template)
