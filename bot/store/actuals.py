"""Actual values as they were reported: one path for files given in Slack and on the command line."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.actuals import ActualRow, ActualValue, plan_actuals
from bot.domain.actuals import periods_between as periods_of
from bot.domain.cycle import Cycle, Participant
from bot.domain.goal import Goal
from bot.domain.preview import Preview
from bot.domain.reported import Known, Reported, by_measure, known_measures, lacking
from bot.store import cycles, goals, people, templates
from bot.store.db import Base


class ReportedRow(Base):
    """A value of one person's measure in one period; reported again, it is replaced and the audit says by whom."""

    __tablename__ = "actuals"
    cycle_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    kpi: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Decimal | None]
    unit: Mapped[str]
    cumulative: Mapped[bool]
    source: Mapped[str]
    reported_by: Mapped[str]
    at: Mapped[datetime]


def _reported(row: ReportedRow) -> Reported:
    return Reported(
        row.kpi, row.period, row.value, row.unit, row.source, row.reported_by, row.at, cumulative=row.cumulative
    )


# Reading ------------------------------------------------------------------------


def values(session: Session, cycle_id: str, person_id: str) -> Mapping[str, Reported]:
    """A person's values for the whole cycle, by measure (a goal's key, see `reported.key_of`)."""
    rows = session.scalars(select(ReportedRow).filter_by(cycle_id=cycle_id, person_id=person_id))
    return by_measure([_reported(row) for row in rows], _months(cycles.get(session, cycle_id)))


def values_of_all(
    session: Session, cycle_id: str, of: Collection[str] | None = None
) -> dict[str, Mapping[str, Reported]]:
    """The values of everybody, or of these people, for the whole cycle, by person and measure; in one query."""
    months = _months(cycles.get(session, cycle_id))
    groups: dict[str, list[Reported]] = {}
    rows = select(ReportedRow).filter_by(cycle_id=cycle_id)
    for row in session.scalars(rows if of is None else rows.where(ReportedRow.person_id.in_(of))):
        groups.setdefault(row.person_id, []).append(_reported(row))
    return {person_id: by_measure(group, months) for person_id, group in groups.items()}


def gaps(session: Session, cycle_id: str) -> dict[str, tuple[Goal, ...]]:
    """Whose agreed goals still lack a value, and which."""
    known, agreed = values_of_all(session, cycle_id), goals.agreed_by_person(session, cycle_id)
    found = {
        one.person_id: lacking(agreed.get(one.person_id, ()), known.get(one.person_id, {}))
        for one in cycles.participants(session, cycle_id)
    }
    return {person_id: missing for person_id, missing in found.items() if missing}


def _months(cycle: Cycle) -> list[str]:
    return [period for period in periods_of(cycle.starts_on, cycle.ends_on) if period[5:].isdigit()]


# Importing ----------------------------------------------------------------------


def preview(session: Session, cycle_id: str, rows: Sequence[ActualRow]) -> Preview[ActualValue]:
    """Say what a file would change in a cycle; nothing is written."""
    cycle = cycles.get(session, cycle_id)
    takers = _by_email(session, cycle_id)
    expected = {
        email: [one.expected for one in known_to(session, taker).values()]
        for email, taker in takers.items()
        if email in {row.email.strip().casefold() for row in rows}
    }
    periods = periods_of(cycle.starts_on, cycle.ends_on)
    return plan_actuals(rows, cycle_id, periods, expected, _known_values(session, cycle_id, takers))


def apply(session: Session, preview: Preview[ActualValue], *, by: str, at: datetime) -> list[str]:
    """Write everything a preview would add and change; gives the ids of whose values these are, for the audit."""
    touched: dict[str, None] = {}
    for cycle_id in {one.cycle for one in preview.to_apply}:
        takers = _by_email(session, cycle_id)
        changes = [one for one in preview.to_apply if one.cycle == cycle_id and one.email in takers]
        known = {email: known_to(session, takers[email]) for email in {one.email for one in changes}}
        for one in changes:
            person_id = takers[one.email].person_id
            _write(session, person_id, one, known[one.email][one.measure], by, at)
            touched[person_id] = None
    session.flush()
    return list(touched)


def known_to(session: Session, taker: Participant) -> dict[str, Known]:
    """The measures that values are taken for: of the agreed goals, and of the department's template."""
    template = templates.template_of(session, taker.template) if taker.template else None
    agreed = goals.agreed_goals(session, taker.cycle_id, taker.person_id)
    return known_measures(agreed, (*template.kpis, *template.shelf) if template else ())


def _write(session: Session, person_id: str, one: ActualValue, known: Known, by: str, at: datetime) -> None:
    session.merge(
        ReportedRow(
            cycle_id=one.cycle,
            person_id=person_id,
            kpi=one.measure,
            period=one.period,
            value=one.value,
            unit=known.unit,
            cumulative=known.cumulative,
            source=one.source,
            reported_by=by,
            at=at,
        )
    )


def _by_email(session: Session, cycle_id: str) -> dict[str, Participant]:
    takers = {one.person_id: one for one in cycles.participants(session, cycle_id)}
    named = people.named(session, takers)
    return {one.email.casefold(): takers[one.id] for one in named.values() if one.email}


def _known_values(
    session: Session, cycle_id: str, takers: Mapping[str, Participant]
) -> dict[tuple[str, str, str, str], ActualValue]:
    emails = {taker.person_id: email for email, taker in takers.items()}
    rows: Iterable[ReportedRow] = session.scalars(select(ReportedRow).filter_by(cycle_id=cycle_id))
    found = [
        ActualValue(cycle_id, emails[row.person_id], row.kpi, row.period, row.value, row.source)
        for row in rows
        if row.person_id in emails
    ]
    return {one.key: one for one in found}
