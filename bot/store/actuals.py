"""Actual values as they were reported: one path for files given in Slack and on the command line."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.actuals import ActualRow, ActualValue, Taking, months_between, plan_actuals, shared_out
from bot.domain.actuals import periods_between as periods_of
from bot.domain.claim import Claim
from bot.domain.cycle import Cycle, Participant, Stage
from bot.domain.goal import Goal
from bot.domain.moves import PastStint, in_all_roles
from bot.domain.preview import Preview
from bot.domain.refusal import Refused
from bot.domain.reported import Known, Reported, by_measure, known_measures, lacking
from bot.domain.reported import so_far as known_so_far
from bot.domain.template import Kpi
from bot.store import cycles, goal_stints, goals, people, results, templates
from bot.store.db import Base, insert_or_update
from bot.store.people import PersonRow


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


def _reported(row: ReportedRow | Row[Any]) -> Reported:
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
    rows = select(*ReportedRow.__table__.c).where(ReportedRow.cycle_id == cycle_id)
    for row in session.execute(rows if of is None else rows.where(ReportedRow.person_id.in_(of))):
        groups.setdefault(row.person_id, []).append(_reported(row))
    return {person_id: by_measure(group, months) for person_id, group in groups.items()}


def so_far(session: Session, cycle_id: str, of: Collection[str]) -> dict[str, Mapping[str, Reported]]:
    """What is known of these people's measures before a cycle is over, by person and measure; in one query."""
    groups: dict[str, list[Reported]] = {}
    rows = select(ReportedRow).where(ReportedRow.cycle_id == cycle_id, ReportedRow.person_id.in_(of))
    for row in session.scalars(rows.order_by(ReportedRow.period)):
        groups.setdefault(row.person_id, []).append(_reported(row))
    return {person_id: known_so_far(group) for person_id, group in groups.items()}


def gaps(session: Session, cycle_id: str) -> dict[str, tuple[Goal, ...]]:
    """Whose agreed goals still lack a value, and which."""
    known, wanted = values_of_all(session, cycle_id), judged_by(session, cycle_id)
    found = {
        one.person_id: lacking(wanted.get(one.person_id, ()), known.get(one.person_id, {}))
        for one in cycles.participants(session, cycle_id)
    }
    return {person_id: missing for person_id, missing in found.items() if missing}


def judged_by(session: Session, cycle_id: str, of: Collection[str] | None = None) -> dict[str, tuple[Goal, ...]]:
    """The agreed goals of everybody, or of these people: those of a role that ended in the cycle want values too."""
    agreed, past = goals.agreed_by_person(session, cycle_id, of), goal_stints.of(session, cycle_id, of)
    return {one: in_all_roles(agreed.get(one, ()), past.get(one, ())) for one in (*agreed, *past)}


def _months(cycle: Cycle) -> list[str]:
    return months_between(cycle.starts_on, cycle.ends_on)


# Importing ----------------------------------------------------------------------


def open_cycles(session: Session, today: date) -> list[Cycle]:
    """The cycles that take values, the newest first; refused when there is none."""
    found = [one for one in cycles.every(session) if is_open(one, today)]
    if not found:
        raise Refused("No cycle is open for actual values. Please open one first: `/cairn cycle`.")
    return found


def is_open(cycle: Cycle, today: date) -> bool:
    """Whether a cycle takes values."""
    return cycle.launched and cycle.stage_on(today) is not Stage.CLOSED


def by_cycle(session: Session, rows: Sequence[ActualRow], today: date) -> dict[str, list[ActualRow]]:
    """Which rows go into which open cycle: where their person takes part and their period lies."""
    emails = cycles.emails(session)
    launched = [one for one in cycles.every(session) if one.launched]
    return shared_out(
        rows,
        {
            one.id: Taking(emails.get(one.id, ()), periods_of(one.starts_on, one.ends_on), open=is_open(one, today))
            for one in launched
        },
    )


def best_cycle(session: Session, rows: Sequence[ActualRow], today: date) -> Cycle:
    """The open cycle that most of these rows are for, the newest of several."""
    shared = by_cycle(session, rows, today)
    return max(open_cycles(session, today), key=lambda one: len(shared.get(one.id, ())))


def preview(session: Session, cycle_id: str, rows: Sequence[ActualRow]) -> Preview[ActualValue]:
    """Say what a file would change in a cycle; nothing is written."""
    cycle = cycles.get(session, cycle_id)
    takers = _by_email(session, cycle_id)
    named = {row.email.strip().casefold() for row in rows} & takers.keys()
    known = _known_to(session, [takers[email] for email in named])
    expected = {email: [one.expected for one in known[takers[email].person_id].values()] for email in named}
    outside = _emails(session) - {email for email, measures in expected.items() if measures}
    periods = periods_of(cycle.starts_on, cycle.ends_on)
    existing = _known_values(session, cycle_id, takers, known)
    closed = _whose_result_is_out(session, {email: takers[email] for email in named})
    about = {row.line: row.email.strip().casefold() for row in rows}
    timely = [row for row in rows if about[row.line] not in closed]
    found = plan_actuals(timely, cycle_id, periods, expected, existing, outside)
    return replace(found, late=tuple(email for email in about.values() if email in closed))


def _emails(session: Session) -> set[str]:
    """The e-mail addresses of all who are known, in small letters, also of who takes no part."""
    return {email.casefold() for email in session.scalars(select(PersonRow.email)) if email}


def apply(session: Session, new: Sequence[ActualValue], *, by: str, at: datetime) -> dict[str, list[ActualValue]]:
    """Write what a preview would add and change, or a part of it; gives what was written, by person.

    Some of it may not be: since a preview an address or a goal can have changed, or a result have come out.
    """
    written: dict[str, list[ActualValue]] = {}
    for cycle_id in {one.cycle for one in new}:
        named = {one.email for one in new if one.cycle == cycle_id}
        takers = {email: one for email, one in _by_email(session, cycle_id).items() if email in named}
        closed = _whose_result_is_out(session, takers)
        changes = [one for one in new if one.cycle == cycle_id and one.email in takers.keys() - closed]
        known = _known_to(session, [takers[email] for email in {one.email for one in changes}])
        rows = []
        for one in changes:
            person_id = takers[one.email].person_id
            if measure := known[person_id].get(one.measure):
                rows.append(_row(person_id, one, measure, by, at))
                written.setdefault(person_id, []).append(one)
        _put_all(session, rows)
    return written


def put(session: Session, claim: Claim, *, source: str) -> None:
    """Write a value that was reported by hand and confirmed; it takes the place of what was known."""
    takers = cycles.participants(session, claim.cycle_id, [claim.person_id])
    known = _known_to(session, takers).get(claim.person_id, {}).get(claim.kpi)
    if known is None:
        raise Refused("The goal that this value was for is not agreed any more.")
    if claim.unit not in known.units:
        raise Refused(
            "“{goal}” is counted in “{agreed}” by now, and this value is in “{given}”. Please report it anew.",
            goal=claim.title,
            agreed=known.unit,
            given=claim.unit,
        )
    value = ActualValue(claim.cycle_id, "", claim.kpi, claim.period, claim.value, source)
    _put_all(session, [_row(claim.person_id, value, known, claim.by, claim.at)])
    session.expire_all()  # who read the value before reads it anew


def reported(session: Session, claim: Claim) -> Reported | None:
    """What is known so far of the value that a claim is about."""
    row = session.get(ReportedRow, (claim.cycle_id, claim.person_id, claim.kpi, claim.period))
    return _reported(row) if row else None


def _put_all(session: Session, rows: list[dict[str, Any]]) -> None:
    insert_or_update(session, ReportedRow, rows, ["value", "unit", "cumulative", "source", "reported_by", "at"])


def _known_to(session: Session, takers: Sequence[Participant]) -> dict[str, dict[str, Known]]:
    """The measures that values are taken for, by person: of agreed goals, and of the department's template."""
    agreed: dict[str, tuple[Goal, ...]] = {}
    past: dict[str, tuple[PastStint, ...]] = {}
    for cycle_id in {one.cycle_id for one in takers}:
        ids = [one.person_id for one in takers]
        agreed |= goals.agreed_by_person(session, cycle_id, ids)
        past |= goal_stints.of(session, cycle_id, ids)
    used = {one.template for one in takers} | {stint.template for those in past.values() for stint in those}
    kpis = {one: _kpis(session, one) for one in used - {""}}

    def known(one: Participant) -> dict[str, Known]:
        before = past.get(one.person_id, ())
        held = {goal.kpi for stint in before for goal in stint.goals}
        theirs = [kpi for stint in before for kpi in kpis.get(stint.template, ()) if kpi.id in held]
        wanted = in_all_roles(agreed.get(one.person_id, ()), before)
        return known_measures(wanted, (*kpis.get(one.template, ()), *theirs))

    return {one.person_id: known(one) for one in takers}


def _kpis(session: Session, content_hash: str) -> tuple[Kpi, ...]:
    template = templates.template_of(session, content_hash)
    return (*template.kpis, *template.shelf)


def _row(person_id: str, one: ActualValue, known: Known, by: str, at: datetime) -> dict[str, Any]:
    return {
        "cycle_id": one.cycle,
        "person_id": person_id,
        "kpi": one.measure,
        "period": one.period,
        "value": one.value,
        "unit": known.unit,
        "cumulative": known.cumulative,
        "source": one.source,
        "reported_by": by,
        "at": at,
    }


def _by_email(session: Session, cycle_id: str) -> dict[str, Participant]:
    takers = {one.person_id: one for one in cycles.participants(session, cycle_id)}
    named = people.named(session, takers)
    return {one.email.casefold(): takers[one.id] for one in named.values() if one.email}


def _whose_result_is_out(session: Session, takers: Mapping[str, Participant]) -> set[str]:
    finished = results.finished(session, [one.person_id for one in takers.values()])
    return {email for email, one in takers.items() if (one.cycle_id, one.person_id) in finished}


def _known_values(
    session: Session, cycle_id: str, takers: Mapping[str, Participant], known: Mapping[str, Mapping[str, Known]]
) -> dict[tuple[str, str, str, str], ActualValue]:
    """What is known in the unit that its goal has today; the same number in another unit is another value."""
    emails = {taker.person_id: email for email, taker in takers.items()}
    rows: Iterable[ReportedRow] = session.scalars(select(ReportedRow).filter_by(cycle_id=cycle_id))
    found = [
        ActualValue(cycle_id, emails[row.person_id], row.kpi, row.period, row.value, row.source)
        for row in rows
        if row.person_id in emails and _in_todays_unit(row, known)
    ]
    return {one.key: one for one in found}


def _in_todays_unit(row: ReportedRow, known: Mapping[str, Mapping[str, Known]]) -> bool:
    measure = known.get(row.person_id, {}).get(row.kpi)
    return measure is None or row.unit in measure.units
