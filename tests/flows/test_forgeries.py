"""Whatever a request carries proves nothing: every step of every flow, with what belongs to somebody else."""

import itertools
import logging
from collections.abc import Sequence

import pytest

from bot.domain.cycle import Cycle
from bot.slack.flow import Kind
from bot.store import cycles, goals
from tests.company import Company
from tests.forging import (
    GARBAGE,
    Forger,
    all_chosen,
    all_text,
    drawn_carries,
    everything,
    input_names,
    known_ids,
    steps,
)  # fmt: skip
from tests.stories import ended_quarter, heard_from_colleagues, planned, reported_values, reviewed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Thousands of presses; what is refused is refused before the database is asked anything of its own."""

SECRET = "Cancelled the fair at Rotterdam without a word"
SENTENCE = "Let the Hansa offer lie for two weeks"
PLANNING, RELEASED = "planning", "released"
OF_NOBODY = {"inbox", "rates"}
"""Tables whose rows name no person."""
OPEN_TO_ALL = {
    *("asking.to_hr", "kudos.send", "feedback.send", "feedback.send_anyway"),
    *("suggestions.send", "suggestions.send_anyway"),
}
"""What anybody may do towards anybody: ask HR, thank, give feedback, suggest. No forgery is needed for it."""
VICTIMS = ("U01EMILY", "U01MARCUS", "U01JONAS", "U01MEI", "U01THOMAS")
OUTSIDERS = ("U01FELIX", "U01KATRIN", "U01NUO")
"""A colleague, the lead of another team, and somebody of logistics: nobody whom the quarter is about."""


@pytest.fixture(params=[PLANNING, RELEASED])
def quarter(company: Company, request: pytest.FixtureRequest) -> Cycle:
    """A quarter of three sellers: in its first days, or released with all that was written about them."""
    names = ("emily", "marcus", "jonas")
    cycle = ended_quarter(company, *names)
    company.person("mei").drops("people.csv", b"email,department\nemily@lantern.example,R&D\n")
    if request.param == RELEASED:
        reported_values(company, cycle, *names)
        for name in names:
            reviewed(company, cycle, name, strength=SECRET, gap=SECRET, gap_day="2027-02-10")
        heard_from_colleagues(company, cycle, "emily", "5", "4", "4", "4.5", "3.5", sentence=SENTENCE)
        company.winds(to="2027-04-23T10:00:00+08:00")
        planned(company, "scoring.compute", cycle.id)
        planned(company, "scoring.offer_release", cycle.id)
        company.person("mei").clicks("发布结果")
        company.winds(to="2027-04-23T10:00:00-04:00")
    for name in ("emily", "thomas", "mei"):
        company.person(name).opens_home()
    return company.knows(lambda session: cycles.get(session, cycle.id))


def carries(company: Company, cycle: Cycle, turn: int) -> list[str]:
    """Ids of others alone and joined; and, another few each time, what real buttons carry, single ids and garbage."""
    whose = [f"{cycle.id}/U01EMILY", f"{cycle.id}/U01MARCUS", f"{cycle.id}/U01NOBODY", "nothing/U01EMILY"]
    inside = ["2027-01-21", "self", "U01MARCUS", "1/2", *known_ids(company)]
    joined = [f"{whose[turn % 2]}/{one}" for one in some_of(inside, 2, turn)]
    return [
        cycle.id, *some_of(whose, 2, turn), *joined, *some_of(drawn_carries(company), 2, turn),
        *some_of(GARBAGE, 2, turn),
    ]  # fmt: skip


def goal_ids(company: Company, cycle: Cycle) -> list[str]:
    sheet = company.knows(lambda session: goals.sheet(session, cycle.id, "U01EMILY"))
    return [goal.id for goal in sheet.agreed[:2]]


def some_of(found: Sequence[str], count: int, turn: int) -> list[str]:
    return [found[(turn * count + n) % len(found)] for n in range(count)] if found else []


def wrong(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    """Rows that came, went or changed, unless they are of outsiders alone."""
    rows = [row for table in before.keys() - OF_NOBODY for row in before[table] ^ after[table]]
    return [row for row in rows if any(one in row for one in VICTIMS) or not any(one in row for one in OUTSIDERS)]


def guarded(company: Company, kind: Kind) -> list[str]:
    return [one for one in steps(company, kind) if one not in OPEN_TO_ALL]


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]


def shown_to(company: Company, *user_ids: str) -> str:
    views = [view.body for view in company.slack.views.values() if view.user in user_ids]
    return str([*views, *(one for name in user_ids for one in company.person(name).messages)])


def test_no_forged_button_reaches_what_is_not_theirs(
    company: Company, quarter: Cycle, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything(company)
    forgers = itertools.cycle(Forger(company, one) for one in OUTSIDERS)
    for turn, step in enumerate(guarded(company, Kind.ACTION)):
        for carry in carries(company, quarter, turn):
            assert next(forgers).presses(step, carry).status == 200, (step, carry)
            assert faults(caplog) == [], (step, carry)
    company.settles()
    assert wrong(before, everything(company)) == []
    assert SECRET not in shown_to(company, *OUTSIDERS)
    assert SENTENCE not in shown_to(company, *OUTSIDERS)


def test_no_forged_form_reaches_what_is_not_theirs(
    company: Company, quarter: Cycle, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything(company)
    names = input_names(company, goal_ids(company, quarter))
    values = itertools.cycle(["U01EMILY", "U01FELIX", "Sales", "4", "2027-02-01", *GARBAGE])
    forgers = itertools.cycle(Forger(company, one) for one in OUTSIDERS)
    for turn, step in enumerate(guarded(company, Kind.VIEW)):
        for carry, fill in zip(carries(company, quarter, turn), itertools.cycle((all_text, all_chosen))):
            answer = next(forgers).sends(step, carry, fill(names, next(values)))
            assert answer.status == 200, (step, carry)
            assert faults(caplog) == [], (step, carry)
    company.settles()
    assert wrong(before, everything(company)) == []
    assert SECRET not in shown_to(company, *OUTSIDERS)


@pytest.mark.parametrize("user_id", ["U01MEI", "U01EMILY", "U01THOMAS"])
def test_those_concerned_break_nothing_with_garbage(
    company: Company, quarter: Cycle, caplog: pytest.LogCaptureFixture, user_id: str
) -> None:
    names = input_names(company, goal_ids(company, quarter))
    forger = Forger(company, user_id)
    values = itertools.cycle(["", "U01EMILY", "4", *GARBAGE])
    for turn, step in enumerate(steps(company, Kind.VIEW)):
        for carry, fill in zip(carries(company, quarter, turn)[turn % 3 :: 3], itertools.cycle((all_text, all_chosen))):
            value = next(values)
            assert forger.sends(step, carry, fill(names, value)).status == 200, (step, carry)
            assert faults(caplog) == [], (step, carry, value)
    for turn, step in enumerate(steps(company, Kind.ACTION)):
        for carry in carries(company, quarter, turn)[turn % 3 :: 3]:
            assert forger.presses(step, carry).status == 200, (step, carry)
            assert faults(caplog) == [], (step, carry)
