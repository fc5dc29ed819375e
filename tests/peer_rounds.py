"""A feedback round about somebody: what stories about it begin with."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.cycle import Cycle, CycleKind, Participant, propose_stages
from bot.domain.template_document import document_of
from bot.slack.desk import Delivery, Refusal
from bot.sources.templates import shipped
from bot.store import cycles, people, templates, timers
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.stories import placed_people

TEAM = ["marcus", "lena", "jonas", "sofia", "pierre"]

TOPICS = ("customers", "forecast", "teamwork", "follow_through")

GOOD = "On the Hansa order she called the customer within the hour and told the warehouse what had changed."

ASSESSING, LATER, CLOSING = "2027-04-01T10:00:00-04:00", "2027-04-16T10:00:00-04:00", "2027-04-15T12:00:30+00:00"


def ids(company: Company, *names: str) -> list[str]:
    return [company.person(name).id for name in names]


@lived_once
def begun(company: Company, *ratees: str) -> str:
    """A quarter of sales is over: these people are asked whom to ask about them."""
    placed_people(company)
    return launched(company, *ratees)


def launched(company: Company, *ratees: str, department: str = "sales") -> str:
    """The same, for whoever is placed in the company."""
    template = shipped()[department]
    starts, ends = date(2027, 1, 1), date(2027, 3, 31)
    at = datetime(2027, 4, 1, 9, 30, tzinfo=UTC)

    def launch(session) -> Cycle:
        templates.keep(session, template.content_hash, department, document_of(template), at)
        stages = propose_stages(starts, ends)
        cycle = cycles.create(session, "2027-Q1", CycleKind.QUARTER, (starts, ends), stages, by="U01MEI", at=at)
        taking_part = [_participant(session, cycle.id, one, template.content_hash) for one in ratees]
        cycles.launch(session, cycle.id, taking_part, at)
        for one in ratees:
            timers.remind(session, "peers.invite_nominations", one, cycle.id, at)
        timers.remind(session, "peers.close", "", cycle.id, datetime(2027, 4, 15, 12, tzinfo=UTC))
        return cycle

    cycle = company.knows(launch)
    company.winds(to=ASSESSING)
    return cycle.id


def _participant(session, cycle_id: str, person_id: str, template: str) -> Participant:
    stint = people.stint_on(session, person_id, date(2027, 4, 1))
    return Participant(cycle_id, person_id, stint.department, stint.manager_id, template)


def proposing(company: Company) -> tuple[str, Persona]:
    """Emily is asked whom to ask."""
    return begun(company, "U01EMILY"), company.person("emily")


@lived_once
def asked(company: Company, *names: str) -> str:
    """Emily proposed these people and Thomas approved."""
    cycle_id, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *names))
    company.person("thomas").clicks("Approve")
    return cycle_id


def answers(person: Persona, level: int = 4, **texts: str) -> None:
    """Rate every topic and write something; nothing is in the way."""
    person.clicks("Start", near="Emily Carter")
    person.submits(**dict.fromkeys(TOPICS, str(level)), **(texts or {"behaviour": GOOD}))


def presses(company: Company, who: str, step: str, carry: str) -> str:
    """What somebody is told who presses a button they should not have."""
    desk = company.cairn.desk
    with pytest.raises(Refusal) as refused:
        company.runs(desk.take(Delivery(f"{who}{step}", company.person(who).id, carry), desk.flows.steps[step]))
    return refused.value.text
