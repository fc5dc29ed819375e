"""Whatever a request carries proves nothing: every step of every flow, with what belongs to somebody else."""

import itertools
import logging
from collections.abc import Iterator, Sequence

import pytest

from bot.domain.cycle import Cycle
from bot.slack.flow import Kind
from bot.slack.words import Words
from bot.store import cycles, goals
from tests.cascades import company_objective
from tests.company import Company
from tests.flows.test_actuals_by_hand import reports
from tests.forged import OUTDATED, OWN, OWN_WORDS, REFUSED
from tests.forging import (
    GARBAGE,
    Forger,
    all_chosen,
    all_text,
    drawn,
    drawn_carries,
    everything,
    input_names,
    steps,
)  # fmt: skip
from tests.stories import ended_quarter, heard_from_colleagues, planned, reported_values, reviewed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Hundreds of presses; what is refused is refused before the database is asked anything of its own."""

SECRET = "Cancelled the fair at Rotterdam without a word"
SENTENCE = "Let the Hansa offer lie for two weeks"
CANARY = "zebra-otter"
PLANNING, RELEASED = "planning", "released"
OF_NOBODY = {"inbox", "rates", "audit_head"}
"""Tables whose rows name no person."""
OPEN_TO_ALL = {
    *("asking.to_hr", "kudos.send", "feedback.send", "feedback.send_anyway"),
    *("suggestions.send", "suggestions.send_anyway"),
}
"""What anybody may do towards anybody: ask HR, thank, give feedback, suggest. No forgery is needed for it."""
VICTIMS = ("U01EMILY", "U01MARCUS", "U01JONAS", "U01MEI", "U01THOMAS")
OUTSIDERS = ("U01FELIX", "U01KATRIN", "U01NUO")
"""A colleague, the lead of another team, and somebody of logistics: nobody whom the quarter is about."""
HOSTILE = (f"{CANARY} <!channel>", f"{CANARY}/\x00/\ud800", *GARBAGE)


@pytest.fixture(params=[PLANNING, RELEASED])
def quarter(company: Company, request: pytest.FixtureRequest) -> Cycle:
    """A quarter of three sellers: in its first days, or released with all that was written about them."""
    names = ("emily", "marcus", "jonas")
    cycle = ended_quarter(company, *names)
    mei = company.person("mei")
    mei.drops("people.csv", b"email,department\nemily@lantern.example,R&D\n")
    company_objective(company)
    reports(company.person("emily"), evidence=SECRET)
    if request.param == RELEASED:
        reported_values(company, cycle, *names)
        for name in names:
            reviewed(company, cycle, name, strength=SECRET, gap=SECRET, gap_day="2027-02-10")
        heard_from_colleagues(company, cycle, "emily", "5", "4", "4", "4.5", "3.5", sentence=SENTENCE)
        company.winds(to="2027-04-23T10:00:00+08:00")
        planned(company, "scoring.compute", cycle.id)
        planned(company, "scoring.offer_release", cycle.id)
        mei.clicks("发布结果")
        company.winds(to="2027-04-23T10:00:00-04:00")
    for name in ("emily", "thomas", "mei", "jianguo"):
        company.person(name).opens_home()
    return company.knows(lambda session: cycles.get(session, cycle.id))


@pytest.fixture(autouse=True)
def no_word_in_a_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever the loggers are set to, no line holds what was forged, and nothing broke."""
    with caplog.at_level(logging.DEBUG, logger="bot"):
        yield
    assert CANARY not in caplog.text
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def goal_ids(company: Company, cycle: Cycle) -> list[str]:
    sheet = company.knows(lambda session: goals.sheet(session, cycle.id, "U01EMILY"))
    return [goal.id for goal in sheet.agreed[:2]]


def some_of(found: Sequence[str], count: int, turn: int) -> list[str]:
    return [found[(turn * count + n) % len(found)] for n in range(count)]


def wrong(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    """Rows that came, went or changed, unless they are of outsiders alone."""
    rows = [row for table in before.keys() - OF_NOBODY for row in before[table] ^ after[table]]
    return [row for row in rows if any(one in row for one in VICTIMS) or not any(one in row for one in OUTSIDERS)]


def shown_to(company: Company, *user_ids: str) -> str:
    views = [view.body for view in company.slack.views.values() if view.user in user_ids]
    return str([*views, *(one for name in user_ids for one in company.person(name).messages)])


def of_others(company: Company, cycle: Cycle) -> list[str]:
    """What names Emily's records, in every shape that a step reads."""
    emily, goal = f"{cycle.id}/U01EMILY", goal_ids(company, cycle)[0]
    return [emily, f"{emily}/{goal}", f"{emily}/manager", f"{emily}/manager/selling", cycle.id, f"{emily}/1"]


def test_every_forged_record_is_refused_with_its_sentence_and_nothing_of_it_happens(
    company: Company, quarter: Cycle
) -> None:
    before, names = everything(company), input_names(company, goal_ids(company, quarter))
    felix, nuo = Forger(company, "U01FELIX"), Forger(company, "U01NUO")
    fixed = of_others(company, quarter)
    real = drawn(company, *VICTIMS, "U01JIANGUO") | {"people": ["U01EMILY"]}
    said: dict[str, str] = {}
    carried: dict[str, tuple[str, str]] = {}
    tried = [one for one in (*steps(company, Kind.ACTION), *steps(company, Kind.VIEW)) if one not in OWN_WORDS]
    for step in tried:
        for carry in [*real.get(step, ()), *real.get(step.split(".")[0], ()), *fixed]:
            said[step] = felix.reads(step, carry, all_text(names, "4")).replace(carry, "{name}")
            if said[step] != OUTDATED:
                break
        carried.setdefault(said[step], (step, carry))
    assert {step: sentence for step, sentence in said.items() if step not in OWN} == REFUSED
    assert said.keys() >= OWN
    for sentence in {*REFUSED.values()}:
        step, carry = carried[sentence]
        assert nuo.reads(step, carry, all_text(names, "4")) == Words("zh")(sentence, name=carry)
    company.settles()
    assert wrong(before, everything(company)) == []
    assert SECRET not in shown_to(company, *OUTSIDERS)
    assert SENTENCE not in shown_to(company, *OUTSIDERS)


def test_garbage_breaks_nothing_and_reaches_nothing_of_others(company: Company, quarter: Cycle) -> None:
    before, names = everything(company), input_names(company, goal_ids(company, quarter))
    forgers = itertools.cycle(Forger(company, one) for one in OUTSIDERS)
    fills = itertools.cycle((all_text, all_chosen))
    tried = [one for one in (*steps(company, Kind.ACTION), *steps(company, Kind.VIEW)) if one not in OPEN_TO_ALL]
    for turn, step in enumerate(tried):
        (carry,), (value,) = some_of(HOSTILE, 1, turn), some_of(HOSTILE, 1, turn // 2)
        assert next(forgers).reads(step, carry, next(fills)(names, value)) or step in OWN, (step, carry)
    company.settles()
    assert wrong(before, everything(company)) == []
    concerned = itertools.cycle(Forger(company, one) for one in ("U01MEI", "U01EMILY", "U01THOMAS"))
    found = [f"{quarter.id}/U01EMILY", *of_others(company, quarter), *drawn_carries(company), *HOSTILE]
    for turn, step in enumerate([*steps(company, Kind.VIEW), *steps(company, Kind.ACTION)]):
        for carry, (value,) in zip(some_of(found, 2, turn), (some_of(HOSTILE, 1, turn), ["U01EMILY"]), strict=True):
            next(concerned).reads(step, carry, next(fills)(names, value))
