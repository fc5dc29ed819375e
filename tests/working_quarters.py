"""A cycle in which people work: what stories about check-ins begin with."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.domain.checkin import Checkin
from bot.domain.cycle import Cycle, CycleKind, Participant, Stage, opening
from bot.domain.goal import Goal, Sheet, SheetState
from bot.domain.measure import Direction
from bot.domain.template_document import document_of
from bot.slack.desk import Delivery, Refusal
from bot.sources.templates import shipped
from bot.store import checkins, cycles, goals, people, templates, timers
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.stories import placed_people

SALES_THURSDAY = "2027-01-21T10:00:00"

REVENUE = Goal("g1", "New revenue", "Signed", "k€", Direction.HIGHER, Decimal(60), date(2027, 6, 30), Decimal(400))

RENEWALS = Goal("g2", "Renewals", "Signed", "%", Direction.HIGHER, Decimal(40), date(2027, 6, 30), Decimal(90))


@lived_once
def working(company: Company, *names: str, work_from: date = date(2027, 1, 18), template: str = "sales") -> Cycle:
    """A cycle in which these people work from a day until the end of June, with two agreed goals each."""
    placed_people(company)
    ids = [company.person(name).id for name in names]
    now = company.slack.clock.now()
    cycle = company.knows(lambda session: launched(session, ids, now, work_from, template))
    company.winds(to=f"{work_from}T22:00:00+00:00")
    return cycle


def launched(session, ids: Sequence[str], now: datetime, work_from: date, template: str = "sales") -> Cycle:
    """The same in the database: launched behind everybody's back, goals agreed, the first check-ins planned."""
    opens = {Stage.PLANNING: date(2027, 1, 4), Stage.EXECUTING: work_from, Stage.ASSESSING: date(2027, 7, 1)}
    days = (date(2027, 1, 4), date(2027, 6, 30))
    chosen = shipped()[template]
    templates.keep(session, chosen.content_hash, chosen.id, document_of(chosen), now)
    cycle = cycles.create(session, "First half", CycleKind.CUSTOM, days, opens, by="U01MEI", at=now)
    cycles.launch(session, cycle.id, [Participant(cycle.id, one, "Sales", "", chosen.content_hash) for one in ids], now)
    for one in ids:
        agrees(session, cycle.id, one, now)
        timers.remind(session, "checkins.start", one, cycle.id, opening(work_from, people.get(session, one).tz))
    return cycles.get(session, cycle.id)


def agrees(session, cycle_id: str, person_id: str, now: datetime) -> None:
    both = (REVENUE, RENEWALS)
    goals.opened(session, cycle_id, person_id)
    goals.speak(
        session, Sheet(cycle_id, person_id, SheetState.AGREED, 1, both, both, "hash", revision=1), person_id, now
    )


def updates(
    person: Persona, revenue: str = "120", confidence: str = "✓ On track", label: str = "Update", **more: object
) -> None:
    """Answer with an update."""
    person.clicks(label)
    values = {"value-g1": revenue, "confidence-g1": confidence, "value-g2": "80", "confidence-g2": "✓ On track"}
    person.submits(**values, **more)


def kept(company: Company, cycle: Cycle, person: Persona) -> list[Checkin]:
    return company.knows(lambda session: checkins.history(session, cycle.id, person.id))


@lived_once
def asked(company: Company, *names: str) -> Cycle:
    """A cycle in which these people of Berlin and New York have just been asked, on Thursday 21 January."""
    cycle = working(company, *names)
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    return cycle


def presses(company: Company, step: str, person: Persona, carry: str) -> str:
    """Press a button that is not in front of one, as a forged request would."""
    desk = company.cairn.desk
    delivery = Delivery(f"forged-{step}-{person.id}-{carry}", person.id, carry)
    with pytest.raises(Refusal) as refusal:
        company.runs(desk.take(delivery, desk.flows.steps[step]))
    return str(refusal.value.text)
