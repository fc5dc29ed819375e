"""Beginnings that many stories share: the company has its people, a quarter runs, goals are agreed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.domain.cycle import Cycle
from bot.domain.directory import day_of
from bot.domain.goal import Goal, Move, Side, moved
from bot.domain.goal_record import rules_hash
from bot.domain.goal_template import prefill
from bot.domain.org import Stint
from bot.domain.score_rules import RULES
from bot.sources.people_file import read_people
from bot.store import cycles, goals, people, templates
from tests.company import Company

LANTERN = Path(__file__).parent.parent / "examples" / "lantern"
LONG_AGO = date(2014, 1, 1)


def placed_people(company: Company) -> None:
    """Everyone stands where people.csv says."""
    rows = read_people((LANTERN / "people.csv").read_bytes())

    def place(session) -> None:
        ids = {email: one.id for email, one in people.by_email(session).items()}
        for row in rows:
            start = day_of(row.start_date or "") or LONG_AGO
            manager = ids.get(row.manager_email or "", "")
            people.place(session, Stint(ids[row.email], row.department or "", row.position or "", manager, start))

    company.knows(place)


def launched_quarter(company: Company) -> Cycle:
    """林美 launched 2027-Q1 for sales, R&D and logistics, with the dates that Cairn proposes.

    Goals from 4 January, the work from 18 January, assessing from 1 April, calibrating from 15 April, results from
    22 April.
    """
    placed_people(company)
    mei = company.person("mei")
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales", "R&D", "Logistics"])
    mei.submits()
    mei.submits()
    found = company.knows(cycles.every)
    assert found
    assert found[0].launched
    return found[0]


def agreed_goals_for(company: Company, name: str) -> tuple[Goal, ...]:
    """Somebody and their manager agreed on what the department's template proposes, in the running cycle."""
    person_id = company.person(name).id
    now = company.slack.clock.now()

    def agree(session) -> tuple[Goal, ...]:
        person = people.get(session, person_id)
        cycle = cycles.running_for(session, person_id)[0]
        of = cycles.participant(session, cycle.id, person_id)
        proposed = prefill(templates.template_of(session, of.template), person.language, cycle.ends_on)
        sheet = goals.opened(session, cycle.id, person_id)
        offered = moved(sheet, Side.EMPLOYEE, Move.OFFER, person_id, proposed)
        goals.speak(session, offered, person_id, now)
        agreed = moved(offered, Side.MANAGER, Move.AGREE, of.manager_id)
        agreed = replace(agreed, rules_hash=rules_hash(agreed.agreed, of.template, RULES))
        goals.speak(session, agreed, of.manager_id, now)
        return agreed.agreed

    return company.knows(agree)
