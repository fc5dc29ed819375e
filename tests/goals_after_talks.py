"""A talk about a result with its minutes, and the quarter after it, whose goals are to be written."""

from datetime import date

from bot.domain.cycle import Cycle, CycleKind, Participant, propose_stages
from bot.domain.template_document import document_of
from bot.sources.templates import shipped
from bot.store import cycles, people, templates
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.flows.test_delivery import released_quarter
from tests.stories import planned

CAUSES = {"jonas": "The market or the customer", "thomas": "Something still to learn"}


def prepares(person: Persona, strengths: list[str], gaps: list[str], cause: str, **words: str) -> None:
    """Somebody prepares, giving every missed goal this cause."""
    fields = [one["block_id"] for one in person.modal["blocks"] if one.get("block_id", "").startswith("cause_")]
    person.submits(strengths=strengths, gaps=gaps, **{name: [cause] for name in fields}, **words)


@lived_once
def talked(company: Company) -> Cycle:
    """Jonas and Thomas prepared, talked on 28 April, agreed on one action each, and he sent the minutes."""
    cycle = released_quarter(company, "jonas")
    jonas, thomas = company.person("jonas"), company.person("thomas")
    for one, name in ((jonas, "jonas"), (thomas, "thomas")):
        one.types(f"/cairn interview <@{jonas.id}>")
        one.clicks("Prepare the talk")
        prepares(one, ["Selling skill"], ["Sales revenue", "Understanding customers"], CAUSES[name])
        one.closes()
    company.winds(to="2027-04-28T11:00:00+02:00")
    thomas.types(f"/cairn interview <@{jonas.id}>")
    thomas.clicks("We are talking today")
    agrees_on(thomas, "Sales revenue", "Visit Hansa every month", "Jonas Weber", support="Thomas comes along")
    agrees_on(thomas, "Understanding customers", "Ask Hansa for an hour", "Thomas Keller")
    thomas.clicks("Write the minutes")
    thomas.submits(minutes="We looked at the two offers", gaps=["Sales revenue", "Understanding customers"])
    thomas.closes()
    company.winds(to="2027-04-28T16:00:00+02:00")
    return cycle


def agrees_on(person: Persona, gap: str, item: str, owner: str, support: str = "") -> None:
    """Add an action in the open window of a talk."""
    person.clicks("Add an action")
    person.submits(gap=gap, item=item, owner=owner, due="2027-08-12", support=support)


def next_quarter(company: Company, *names: str) -> Cycle:
    """2027-Q3 of these people; goals are being written."""
    ids, now = [company.person(name).id for name in names], company.slack.clock.now()
    first, last = date(2027, 7, 1), date(2027, 9, 30)
    chosen = shipped()["sales"]

    def launch(session) -> Cycle:
        opens = propose_stages(first, last)
        cycle = cycles.create(session, "2027-Q3", CycleKind.QUARTER, (first, last), opens, by="U01MEI", at=now)
        templates.keep(session, chosen.content_hash, chosen.id, document_of(chosen), now)
        leads = {one: people.stint_on(session, one, first).manager_id for one in ids}
        takers = [Participant(cycle.id, one, "Sales", leads[one], chosen.content_hash) for one in ids]
        cycles.launch(session, cycle.id, takers, now)
        return cycles.get(session, cycle.id)

    cycle = company.knows(launch)
    company.winds(to="2027-07-06T14:00:00+00:00")
    for one in ids:
        planned(company, "goals.invite", cycle.id, one)
    return cycle
