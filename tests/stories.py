"""Beginnings that many stories share: the company has its people, a quarter runs, goals are agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.domain.cycle import Cycle, CycleKind, Participant, propose_stages
from bot.domain.directory import DirectoryRow, day_of
from bot.domain.feedback import Opened, Said, TopicMean
from bot.domain.goal import Goal, Move, Side, moved
from bot.domain.goal_record import rules_hash
from bot.domain.goal_template import prefill
from bot.domain.org import Stint
from bot.domain.result import attained_by, outcome_of
from bot.domain.review import NOT_RAISED, Kind, Review, State, why
from bot.domain.score_rules import RULES
from bot.domain.template_document import document_of
from bot.sources.actuals_file import read_actuals
from bot.sources.people_file import read_people
from bot.sources.templates import shipped
from bot.store import actuals, cycles, facts, goals, people, released, reviews, templates, timers
from bot.store.released import Release
from tests.beginnings import lived_once
from tests.company import Company

LANTERN = Path(__file__).parent.parent / "examples" / "lantern"
LONG_AGO = date(2014, 1, 1)
UNPREPARED = "This story begins with the launch"


@lived_once
def placed_people(company: Company) -> None:
    """Everyone stands where people.csv says."""
    rows = read_people((LANTERN / "people.csv").read_bytes())

    def place(session) -> None:
        ids = {email: one.id for email, one in people.by_email(session).items()}
        people.place_all(session, [_stint(row, ids) for row in rows])

    company.knows(place)


def _stint(row: DirectoryRow, ids: Mapping[str, str]) -> Stint:
    start = day_of(row.start_date or "") or LONG_AGO
    return Stint(ids[row.email], row.department or "", row.position or "", ids.get(row.manager_email or "", ""), start)


@lived_once
def launched_quarter(company: Company, departments: Sequence[str] = ("Sales", "R&D", "Logistics")) -> Cycle:
    """林美 launched 2027-Q1 for sales, R&D and logistics, with the dates that Cairn proposes.

    Goals from 4 January, the work from 18 January, assessing from 1 April, calibrating from 15 April, results from
    22 April.
    """
    placed_people(company)
    mei = company.person("mei")
    mei.types("/cairn cycle")
    mei.submits(departments=list(departments))
    mei.submits()
    mei.submits(reason=UNPREPARED)
    found = company.knows(cycles.every)
    assert found
    assert found[0].launched
    return found[0]


def agreed_goals_for(company: Company, name: str, most: int = 20) -> tuple[Goal, ...]:
    """Somebody and their manager agreed on what the department's template proposes first, in the running cycle."""
    person_id = company.person(name).id
    now = company.slack.clock.now()

    def agree(session) -> tuple[Goal, ...]:
        person = people.get(session, person_id)
        cycle = cycles.running_for(session, person_id)[0]
        of = cycles.participant(session, cycle.id, person_id)
        proposed = prefill(templates.template_of(session, of.template), person.language, cycle.ends_on)[:most]
        sheet = goals.opened(session, cycle.id, person_id)
        offered = moved(sheet, Side.EMPLOYEE, Move.OFFER, person_id, proposed)
        goals.speak(session, offered, person_id, now)
        agreed = moved(offered, Side.MANAGER, Move.AGREE, of.manager_id)
        agreed = replace(agreed, rules_hash=rules_hash(agreed.agreed, of.template, RULES))
        goals.speak(session, agreed, of.manager_id, now)
        return agreed.agreed

    return company.knows(agree)


# A quarter at its end, without having lived it: made of what other flows would have kept ------------

SALES_TEAM = ("emily", "marcus", "jonas")


@lived_once
def ended_quarter(company: Company, *names: str) -> Cycle:
    """2027-Q1 of these people, launched behind everyone's back (no prompt was ever planned), goals agreed."""
    placed_people(company)
    ids = [company.person(name).id for name in names]
    now = company.slack.clock.now()
    first, last = date(2027, 1, 1), date(2027, 3, 31)

    def launch(session) -> Cycle:
        opens = propose_stages(first, last)
        cycle = cycles.create(session, "2027-Q1", CycleKind.QUARTER, (first, last), opens, by="U01MEI", at=now)
        takers = [_taker(session, cycle, person_id, now) for person_id in ids]
        cycles.launch(session, cycle.id, takers, now)
        return cycles.get(session, cycle.id)

    cycle = company.knows(launch)
    for name in names:
        agreed_goals_for(company, name)
    return cycle


def _taker(session, cycle: Cycle, person_id: str, now) -> Participant:
    stint = people.stint_on(session, person_id, cycle.ends_on)
    template = next(one for one in shipped().values() if one.serves(stint.department))
    templates.keep(session, template.content_hash, template.id, document_of(template), now)
    return Participant(cycle.id, person_id, stint.department, stint.manager_id, template.content_hash)


def reported_values(company: Company, cycle: Cycle, *names: str) -> None:
    """The values of these people, from the company's file."""
    emails = {f"{name}@lantern.example" for name in names}
    rows = [row for row in read_actuals((LANTERN / "actuals.csv").read_bytes()) if row.email in emails]
    now = company.slack.clock.now()

    def report(session) -> None:
        preview = actuals.preview(session, cycle.id, rows)
        assert not preview.refused
        actuals.apply(session, preview.to_apply, by="U01MEI", at=now)

    company.knows(report)


A_FULL_REASON = (
    "The offer to Hamburg was promised for Monday and went out on Thursday; the customer had signed elsewhere by then,"
    " and told us so."
)


def reviewed(company: Company, cycle: Cycle, name: str, grade: int = 4, **notes: str) -> None:
    """The manager has sent a review with this rating everywhere, expects what comes of it, and gave the reasons."""
    person, now = company.person(name), company.slack.clock.now()

    def write(session) -> None:
        taker = cycles.participant(session, cycle.id, person.id)
        ratings = {one.id: grade for one in templates.template_of(session, taker.template).competencies}
        review = Review(cycle.id, person.id, taker.manager_id, Kind.MANAGER, competencies=ratings, notes=notes)
        turn = company.cairn.desk.turn(session, people.get(session, taker.manager_id))
        calendar = turn.calendar.country_days(session)
        known = facts.gather(session, cycle, turn.today, calendar, [person.id])[person.id]
        outcome = outcome_of(replace(known, review=replace(review, state=State.SENT)))
        goals = [one.id for one in known.goals]
        review = replace(review, overall=outcome.band or "B", notes=reasons_for(goals, cycle) | notes)
        reviews.keep(session, review)
        reviews.send(session, review, now, attained_by(replace(known, review=review)))

    company.knows(write)


def reasons_for(goals: Sequence[str], cycle: Cycle) -> dict[str, str]:
    """All that a grade may owe: the reasons that make it no surprise."""
    day = cycle.starts_on.isoformat()
    return {
        **{why(one): "It stayed well away from what we had agreed on in January" for one in goals},
        "example": A_FULL_REASON,
        "example_day": day,
        "earlier": NOT_RAISED,
        "strength": A_FULL_REASON,
        "strength_day": day,
    }


def heard_from_colleagues(company: Company, cycle: Cycle, name: str, *ratings: str, sentence: str = "") -> None:
    """The confidential answers of these colleagues were opened."""
    person_id = company.person(name).id
    means = tuple(Decimal(one) for one in ratings)
    topics = (TopicMean("cooperation", len(means), sum(means, Decimal(0)) / max(len(means), 1)),) if means else ()
    said = (Said("behaviour", sentence),) if sentence else ()
    opened = Opened(len(means), means, topics, said)
    company.knows(lambda session: released.release(session, cycle.id, [Release(person_id, ["peer"], 5, opened)]))


def planned(company: Company, step: str, carry: str, person_id: str = "") -> None:
    """Have a step run now, as a timer would."""
    now = company.slack.clock.now()
    company.knows(lambda session: timers.remind(session, step, person_id, carry, now))
    company.settles()
