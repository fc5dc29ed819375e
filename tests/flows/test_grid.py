"""Roles, acts and records: the whole table, written by hand, asked through the real steps."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.checkin import Checkin, Kind
from bot.domain.cycle import Cycle
from bot.domain.feedback import RoundState
from bot.domain.org import Person, Stint
from bot.domain.plan import Plan
from bot.domain.team import Duty, line_above
from bot.store import appeal_facts, appeals, checkins, invitations, people, plans, results
from tests.beginnings import lived_once
from tests.company import Company
from tests.flows.test_appeals import WRONG, files
from tests.flows.test_delivery import RESULT_DAY, SENTENCE, STRENGTH, released_quarter
from tests.forging import Forger
from tests.stories import ended_quarter, heard_from_colleagues, planned, reported_values, reviewed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Rights are asked in the code, whatever the database."""

EMILY, BLOCKED, DAY = "U01EMILY", "The customs papers are late", date(2027, 2, 2)
GAP = "Quotes to new customers take nine days"
PLAN = Plan(
    "",
    EMILY,
    "U01LI",
    "U01MEI",
    GAP,
    facts=((DAY, "Two quotes were late"),),
    standard="Every quote within three days",
    activities=("Quote with Marcus twice a week",),
    support="An hour of Marcus's each week",
    duties=("Look at one quote a week",),
    starts_on=DAY,
)

ROLES = {
    "self": EMILY,
    "manager": "U01LI",
    "former manager": "U01THOMAS",
    "next manager": "U01QIANG",
    "head": "U01PIERRE",
    "hr": "U01MEI",
    "owner": "U01FELIX",
    "calibrator": "U01DAVID",
    "handler": "U01KATRIN",
    "finance": "U01LENA",
    "colleague": "U01MARCUS",
    "another team's manager": "U01HAITAO",
    "leaver": "U01JIN",
    "guest": "U01OLIVER",
}

RECORDS = {
    "result": ("delivery.open_result", "{cycle}/{emily}", "*Grade*"),
    "sentences": ("delivery.open_result", "{cycle}/{emily}", SENTENCE),
    "appeal button": ("delivery.open_result", "{cycle}/{emily}", "Appeal"),
    "why": ("delivery.ask_why", "{cycle}/{emily}/top", "Why this number?"),
    "goals": ("goals.history", "{cycle}/{emily}", "Sales revenue"),
    "check-in": ("checkins.comment", "{cycle}/{emily}/{day}", "Emily Carter"),
    "review": ("reviews.read", "", STRENGTH),
    "board": ("calibration.open_person", "{cycle}/{emily}", "Emily Carter"),
    "record": ("appeals.open_record", "{appeal}", WRONG),
    "decide": ("appeals.uphold_form", "{appeal}", WRONG),
    "release": ("scoring.look", "{cycle}", "*Results of 2027-Q1*"),
    "place": ("people.show", "", "People"),
    "answer": ("delivery.send_disagreement", "{cycle}/{emily}", "not agreed"),
}
"""Each record: the step that shows or does it, what it carries, and the words that stand there alone."""

GRID = """
                         result sentences button why goals check-in review board record decide release place answer
self                     yes    yes       yes    yes yes   -        -      -     -      -      -       -     yes
manager                  yes    yes       -      yes yes   yes      yes    -     -      -      -       -     -
former manager           -      -         -      -   -     -        -      -     -      -      -       -     -
next manager             -      -         -      -   -     -        -      -     -      -      -       -     -
head                     -      -         -      -   -     -        -      -     -      -      -       -     -
hr                       yes    -         -      yes -     -        yes    yes   -      -      yes     yes   -
owner                    -      -         -      -   -     -        -      -     -      -      -       -     -
calibrator               -      -         -      -   -     -        -      yes   -      -      -       -     -
handler                  -      -         -      -   -     -        -      -     yes    yes    -       -     -
finance                  -      -         -      -   -     -        -      -     -      -      -       -     -
colleague                -      -         -      -   -     -        -      -     -      -      -       -     -
another team's manager   -      -         -      -   -     -        -      -     -      -      -       -     -
leaver                   -      -         -      -   -     -        -      -     -      -      -       -     -
guest                    -      -         -      -   -     -        -      -     -      -      -       -     -
"""
"""Who may reach what of Emily's, after she moved from Thomas's team to Li's and appealed against her result."""

FOLLOWING = {
    "talk": ("interviews.look", "{cycle}/{emily}", "Talk about a result"),
    "prepare": ("interviews.prepare", "{cycle}/{emily}", "Prepare the talk"),
    "plan": ("plans.open_plan", "{emily}", GAP),
    "outcome": ("outcomes.show", "Emily Carter", "began without rules"),
    "pool": ("pool.show", "", "Bonus pool"),
    "process": ("process.show", "", "How the process went"),
    "leavers": ("leavers.show", "", "People who left"),
    "systems": ("webhooks.show", "", "Other systems"),
    "export": ("exports.show", "", "Export as a file"),
}
"""The same for what follows from results."""

GRID_OF_FOLLOWING = """
                         talk prepare plan outcome pool process leavers systems export
self                     yes  yes     yes  yes     -    -       -       -       -
manager                  yes  yes     yes  yes     -    -       -       -       -
former manager           -    -       -    -       -    -       -       -       -
next manager             -    -       -    -       -    -       -       -       -
head                     -    -       -    -       -    -       -       -       -
hr                       -    -       yes  yes     yes  yes     yes     yes     yes
owner                    -    -       -    -       -    yes     -       -       -
calibrator               -    -       -    -       -    -       -       -       -
handler                  -    -       -    -       -    -       -       -       -
finance                  -    -       -    -       yes  -       -       -       -
colleague                -    -       -    -       -    -       -       -       -
another team's manager   -    -       -    -       -    -       -       -       -
leaver                   -    -       -    -       -    -       -       -       -
guest                    -    -       -    -       -    -       -       -       -
"""


@lived_once
def everybody_in_place(company: Company) -> tuple[str, str]:
    """Emily's result is out; she has another manager by now, and Katrin hears her appeal; gives both ids."""
    cycle = released_quarter(company, "emily")

    def place(session) -> None:
        for name, role, department in (
            ("U01PIERRE", people.HEAD, "Sales"),
            ("U01FELIX", Duty.OWNER, ""),
            ("U01DAVID", Duty.CALIBRATOR, ""),
            ("U01KATRIN", Duty.APPEALS, ""),
            ("U01LENA", Duty.FINANCE, ""),
        ):
            people.grant(session, name, role, department)
        for person_id in ROLES.values():
            people.choose_language(session, person_id, "en")
        stint = people.stint_on(session, EMILY, date(2027, 4, 23))
        people.place(session, replace(stint, manager_id="U01LI", starts_on=date(2027, 4, 22)))
        blank = Checkin(cycle.id, EMILY, DAY, manager_id="U01THOMAS", digest_on=DAY)
        checkins.begin(session, blank, company.slack.clock.now())
        checkins.answer(session, replace(blank, kind=Kind.BLOCKED, blocking=BLOCKED), company.slack.clock.now())
        checkins.tell(session, cycle.id, "U01THOMAS", DAY, [EMILY])
        plans.begin(session, PLAN, company.slack.clock.now())

    company.knows(place)
    files(company)
    return cycle.id, company.knows(lambda session: appeals.open_of(session, cycle.id, EMILY)).id


def secrets_of(company: Company, cycle_id: str) -> list[str]:
    """What nobody reads who is refused."""
    outcome = company.knows(lambda session: results.result(session, cycle_id, EMILY)).outcome
    return [SENTENCE, STRENGTH, WRONG, BLOCKED, GAP, str(outcome.score)]


def test_every_role_reaches_just_what_the_table_says(company: Company) -> None:
    cycle_id, appeal_id = everybody_in_place(company)
    facts = {"cycle": cycle_id, "emily": EMILY, "appeal": appeal_id, "day": DAY.isoformat()}
    hidden, found = secrets_of(company, cycle_id), {}
    for role, person_id in ROLES.items():
        for record, (step, carry, mark) in {**RECORDS, **FOLLOWING}.items():
            whose = {"whose": {"type": "plain_text_input", "value": EMILY}}
            said = Forger(company, person_id).reads(step, carry.format(**facts), whose)
            found[role, record] = mark in said.split("\n") or (" " in mark and mark in said)
            if not found[role, record] and record not in {"sentences", "appeal button"}:
                assert [one for one in hidden if one in said] == [], (role, record)
    assert found == expected(GRID, RECORDS) | expected(GRID_OF_FOLLOWING, FOLLOWING)


def expected(grid: str, records: Collection[str]) -> dict[tuple[str, str], bool]:
    """A table, cell by cell."""
    rows = [line for line in grid.splitlines()[2:] if line]
    assert [line[:25].strip() for line in rows] == list(ROLES)
    return {
        (role, record): cell == "yes"
        for role, line in zip(ROLES, rows, strict=True)
        for record, cell in zip(records, line[25:].split(), strict=True)
    }


def test_a_manager_never_sees_another_team(company: Company) -> None:
    cycle_id, _ = everybody_in_place(company)
    haitao = company.person("haitao")
    for typed in ("/cairn result Emily Carter", "/cairn team", "/cairn result"):
        haitao.types(typed)
        assert [one for one in secrets_of(company, cycle_id) if one in haitao.sees()] == []
        while haitao.modals:
            haitao.closes()
    haitao.opens_home()
    assert "Emily" not in haitao.home


def test_hr_never_sees_feedback_about_themself_before_everybody_does_and_then_no_more_than_others(
    company: Company,
) -> None:
    cycle = ended_quarter(company, "julia")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    reported_values(company, cycle, "julia")
    reviewed(company, cycle, "julia", strength=STRENGTH)
    heard_from_colleagues(company, cycle, "julia", "5", "4", "4", "4.5", "3.5", sentence=SENTENCE)
    company.winds(to=RESULT_DAY)
    planned(company, "scoring.compute", cycle.id)
    julia, own = Forger(company, "U01JULIA"), f"{cycle.id}/U01JULIA"
    whose = {"whose": {"type": "plain_text_input", "value": "U01JULIA"}}
    tried = [
        ("delivery.open_result", own),
        ("delivery.ask_why", f"{own}/top"),
        ("calibration.open_person", own),
        ("reviews.read", ""),
        ("scoring.look", cycle.id),
        ("calibration.begin", cycle.id),
    ]
    read = "\n".join(julia.reads(step, carry, whose) for step, carry in tried)
    assert "has not been released" in read
    for hidden in (SENTENCE, STRENGTH, "5 of 5 answered"):
        assert hidden not in read
    assert_rounded(company, cycle)


def assert_rounded(company: Company, cycle: Cycle) -> None:
    """Once it is released, she reads what anybody reads of theirs: rounded, mixed, without a name."""
    company.knows(lambda session: results.release(session, cycle.id, by="U01MEI", at=company.slack.clock.now()))
    company.person("julia").types("/cairn result")
    page = company.person("julia").sees()
    assert SENTENCE in page
    assert "4.2" not in page, "the mean of 5, 4, 4, 4.5 and 3.5"


def test_an_appeal_handler_is_never_in_the_line(company: Company) -> None:
    cycle = released_quarter(company, "emily")

    def everyone_hears_appeals(session) -> list[Person]:
        found = people.everyone(session)
        for one in found:
            people.grant(session, one.id, Duty.APPEALS)
        return found

    def asks_a_colleague(session) -> None:
        invitations.begin(session, cycle.id, EMILY, RoundState.OPEN)
        about = invitations.round_about(session, cycle.id, EMILY)
        invitations.ask(session, about, {"U01MARCUS": "peer"}, set(), DAY)

    everybody = company.knows(everyone_hears_appeals)
    company.knows(asks_a_colleague)
    moves = ("U01KATRIN", date(2027, 4, 22)), ("U01HAITAO", date(2027, 4, 23))
    line = {EMILY, "U01KATRIN", "U01HAITAO"}
    for manager_id, day in moves:
        company.knows(lambda session, to=manager_id, on=day: place_under(session, to, on))
        managers = company.knows(lambda session, on=day: people.managers_on(session, on))
        line |= line_above(EMILY, managers)
    line |= {"U01THOMAS", "U01QIANG", "U01JIANGUO", "U01MARCUS"}
    files(company)
    one = company.knows(lambda session: appeals.open_of(session, cycle.id, EMILY))
    barred = company.knows(lambda session: appeal_facts.barred_from(session, cycle, EMILY, date(2027, 4, 23)))
    assert barred == line
    assert one.handler_id == min({each.id for each in everybody} - line)
    for each in sorted(line - {EMILY}):
        said = Forger(company, each).reads("appeals.open_record", one.id, {})
        assert WRONG not in said


def place_under(session, manager_id: str, day: date) -> None:
    stint: Stint = people.stint_on(session, EMILY, day)
    people.place(session, replace(stint, manager_id=manager_id, starts_on=day, ends_on=None))
