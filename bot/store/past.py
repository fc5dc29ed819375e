"""What came before, for the check of goals: earlier results of the same measure, and what colleagues are asked for."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle
from bot.domain.finding import Past
from bot.domain.goal_record import goals_of
from bot.domain.org import Stint
from bot.domain.reported import key_of
from bot.domain.template import Template
from bot.store import actuals, cycles
from bot.store.cycles import CycleRow, ParticipantRow
from bot.store.goals import SheetRow
from bot.store.people import StintRow

CYCLES = 12
"""Earlier cycles that are looked at."""
NEARLY = timedelta(days=7)
"""How much the lengths of two cycles may differ: quarters have 90 to 92 days."""
ROLE = 200
"""Colleagues in a role that are looked at; a share of more is no truer."""
EXPERIENCED = 4
"""Cycles after which somebody counts as experienced."""

Measured = tuple[str, str]
"""The key of a goal, and the unit that its numbers are in."""
Numbers = dict[Measured, list[Decimal]]


def before(
    session: Session, cycle: Cycle, person_id: str, stint: Stint | None, template: Template
) -> dict[Measured, Past]:
    """What is known of each measure, in the unit it was counted in, when this person's goals are set.

    `stint` is their role. Numbers in another unit say nothing; the department's own has a name in each language.
    """
    earlier = earlier_cycles(session, cycle)
    others = colleagues(session, stint, cycle) if stint else []
    found = [
        _grouped(numbers, template)
        for numbers in (
            _results(session, earlier, [person_id]),
            _targets(session, cycle, others),
            _targets(session, cycle, _experienced(session, cycle, others)),
            _results(session, earlier[-1:], others),
        )
    ]
    measured = {one for numbers in found for one in numbers}
    pasts = {one: Past(*(tuple(numbers.get(one, ())) for numbers in found)) for one in measured}
    return {(key, unit): past for (key, first), past in pasts.items() for unit in _spelt(template, key, first)}


def earlier_cycles(session: Session, cycle: Cycle) -> list[Cycle]:
    """The last cycles of the same length that ended before this one began, the oldest first."""
    length = cycle.ends_on - cycle.starts_on
    alike = [
        one
        for one in cycles.every(session)
        if one.launched and one.ends_on < cycle.starts_on and abs(one.ends_on - one.starts_on - length) <= NEARLY
    ]
    return sorted(alike, key=lambda one: one.ends_on)[-CYCLES:]


def colleagues(session: Session, stint: Stint, cycle: Cycle) -> list[str]:
    """The ids of who else takes part in this cycle in the same department and position."""
    day = max(stint.starts_on, cycle.starts_on)
    rows = session.scalars(
        select(StintRow.person_id)
        .join(ParticipantRow, ParticipantRow.person_id == StintRow.person_id)
        .where(
            ParticipantRow.cycle_id == cycle.id,
            StintRow.department == stint.department,
            StintRow.position == stint.position,
            StintRow.person_id != stint.person_id,
            *_covering(day),
        )
        .order_by(StintRow.person_id)
        .limit(ROLE)
    )
    return list(rows)


def _covering(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return StintRow.starts_on <= day, or_(StintRow.ends_on.is_(None), StintRow.ends_on >= day)


def _experienced(session: Session, cycle: Cycle, person_ids: Collection[str]) -> list[str]:
    """Those of these people who have four cycles or more behind them."""
    rows = session.scalars(
        select(ParticipantRow.person_id)
        .join(CycleRow, CycleRow.id == ParticipantRow.cycle_id)
        .where(
            ParticipantRow.person_id.in_(person_ids),
            CycleRow.launched_at.is_not(None),
            CycleRow.ends_on < cycle.starts_on,
        )
        .group_by(ParticipantRow.person_id)
        .having(func.count() >= EXPERIENCED)
    )
    return list(rows)


def _targets(session: Session, cycle: Cycle, person_ids: Collection[str]) -> Iterator[tuple[Measured, Decimal]]:
    """The targets that these people agreed to in this cycle, by measure, in no order of people."""
    rows = session.scalars(
        select(SheetRow.agreed).where(SheetRow.cycle_id == cycle.id, SheetRow.person_id.in_(person_ids))
    )
    agreed = [goal for documents in rows for goal in goals_of(documents)]
    yield from (((key_of(goal), goal.unit), goal.target) for goal in agreed if goal.target is not None)


def _results(
    session: Session, earlier: Iterable[Cycle], person_ids: Collection[str]
) -> Iterator[tuple[Measured, Decimal]]:
    """What these people reached in these cycles, by measure, the oldest first."""
    found = [actuals.values_of_all(session, one.id, person_ids) for one in earlier]
    yield from (
        ((key, reported.unit), reported.value)
        for everybody in found
        for measures in everybody.values()
        for key, reported in measures.items()
        if reported.value is not None and not reported.others
    )


def _grouped(pairs: Iterable[tuple[Measured, Decimal]], template: Template) -> Numbers:
    groups: Numbers = {}
    for (key, unit), number in pairs:
        groups.setdefault((key, min(_spelt(template, key, unit))), []).append(number)
    return groups


def _spelt(template: Template, key: str, unit: str) -> frozenset[str]:
    """The ways in which a unit is written: the department's own measure has it in both languages."""
    kpi = template.kpi(key)
    both = frozenset({kpi.unit.en, kpi.unit.zh}) if kpi else frozenset[str]()
    return both if unit in both else frozenset({unit})
