"""Points and red lines: two pairs of eyes, evidence, told to the person, and in the result's arithmetic."""

from decimal import Decimal

import pytest

from bot.domain.cycle import Cycle
from bot.domain.explain import walk
from bot.domain.proof import mistakes
from bot.store import export, goals, people, results
from tests.beginnings import lived_once
from tests.company import Company
from tests.stories import ended_quarter, planned, reported_values, reviewed

ASSESSING, CALIBRATING = "2027-04-02T10:00:00+08:00", "2027-04-15T10:30:00+08:00"
WHY = "Two shipments to Lotus left without the safety check, although it was asked for twice."
WHERE = "Safety log of 12 March, entries 4 and 9"


@pytest.fixture
@lived_once
def quarter(company: Company) -> Cycle:
    """Emily's quarter is over, her values and her review are there."""
    cycle = ended_quarter(company, "emily")
    company.winds(to=ASSESSING)
    reported_values(company, cycle, "emily")
    reviewed(company, cycle, "emily")
    return cycle


def proposes(company: Company, who: str, **values: str) -> None:
    person = company.person(who)
    person.types("/cairn adjust")
    person.submits(whom=company.person("emily").id, kind=values.pop("kind"))
    if not person.errors:
        person.submits(**{"reason": WHY, "evidence": WHERE, **values})


def result_of(company: Company, cycle: Cycle) -> results.Result:
    company.winds(to=CALIBRATING)
    planned(company, "scoring.compute", cycle.id)
    return company.knows(lambda session: results.result(session, cycle.id, company.person("emily").id))


def test_a_deduction_is_proposed_approved_told_and_stands_in_the_arithmetic(company: Company, quarter: Cycle) -> None:
    proposes(company, "thomas", kind="deduction", points="5")
    mei, emily = company.person("mei"), company.person("emily")
    assert "提议调整一位同事的分数或等级" in mei.last_words()
    assert "Lotus" in mei.last_words()
    assert "Safety" not in " ".join(mei.pushes)
    mei.clicks("批准")
    assert "已批准，下次计算时计入" in mei.last_words()
    company.winds(to="2027-04-05T23:00:00+08:00")
    assert "Something was recorded for your result of 2027-Q1" in emily.pushes[-1]
    assert "Lotus" not in emily.pushes[-1]
    assert "Points were taken off your goals" in emily.last_words()
    assert WHERE in emily.last_words()
    tree = result_of(company, quarter).outcome.tree
    deducted = next(one for one in walk(tree) if one.name == "minus1")
    assert deducted.value == Decimal(5)
    assert deducted.label.facts["reason"] == WHY


def test_a_red_line_lowers_the_grade_and_leaves_the_number(company: Company, quarter: Cycle) -> None:
    before = result_of(company, quarter).outcome
    assert before.band in {"S", "A", "B"}
    proposes(company, "thomas", kind="red_line", ceiling="C")
    company.person("mei").clicks("批准")
    company.settles()
    after = company.knows(lambda session: results.result(session, quarter.id, company.person("emily").id)).outcome
    assert (after.score, after.band) == (before.score, "C")
    assert "A red line was crossed" in after.reasons[0].text
    exported = company.knows(lambda session: export.results_of(session, quarter))
    assert mistakes(exported) == []
    exported["results"][0] |= {"band": "D", "formula_band": "D"}
    assert any("is C by the rules and its red lines" in one for one in mistakes(exported))


def test_a_red_line_that_is_approved_before_the_release_counts_in_it(company: Company, quarter: Cycle) -> None:
    assert result_of(company, quarter).outcome.band in {"S", "A", "B"}
    proposes(company, "thomas", kind="red_line", ceiling="C")
    mei, emily = company.person("mei"), company.person("emily").id
    company.winds(to="2027-04-23T10:30:00+08:00")
    mei.clicks("批准")
    found = company.knows(lambda session: results.result(session, quarter.id, emily))
    assert (found.outcome.band, found.released_at) == ("C", None)


def test_whoever_proposes_does_not_decide(company: Company, quarter: Cycle) -> None:
    mei = company.person("mei")
    proposes(company, "mei", kind="addition", points="3")
    assert "这需要另一位 HR 批准" in mei.errors["whom"]
    company.knows(lambda session: people.grant(session, company.person("nuo").id, people.HR))
    mei.closes()
    proposes(company, "mei", kind="addition", points="3")
    assert "等另一位 HR 决定" in mei.last_words()
    mei.clicks("撤回")
    assert "提议已撤回" in mei.last_words()


def test_a_refusal_says_why_to_whoever_proposed(company: Company, quarter: Cycle) -> None:
    proposes(company, "thomas", kind="deduction", points="5")
    mei = company.person("mei")
    mei.clicks("不批准")
    mei.submits(word="记录里的两批货不归艾米莉负责。")
    assert "记录里的两批货不归艾米莉负责" in company.person("thomas").last_words()
    assert not any(one.name == "minus1" for one in walk(result_of(company, quarter).outcome.tree))


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"kind": "deduction", "points": "0"}, "points", "Please give points above 0"),
        ({"kind": "addition", "points": "3", "reason": "good"}, "reason", "Please give a reason of about 8 words"),
        ({"kind": "addition", "points": "3", "evidence": "log"}, "evidence", "Please give a link"),
    ],
)
def test_what_says_too_little_is_asked_for_again(
    company: Company, quarter: Cycle, values: dict[str, str], field: str, says: str
) -> None:
    proposes(company, "thomas", **values)
    assert says in company.person("thomas").errors[field]


def test_a_goal_that_does_not_apply_is_left_out_and_its_weight_goes_to_the_others(
    company: Company, quarter: Cycle
) -> None:
    agreed = company.knows(lambda session: goals.agreed_goals(session, quarter.id, company.person("emily").id))
    proposes(company, "thomas", kind="exemption", goal=agreed[0].id)
    mei = company.person("mei")
    assert agreed[0].title in mei.last_words()
    mei.clicks("批准")
    tree = result_of(company, quarter).outcome.tree
    left_out = [one for one in walk(tree) if one.formula == "left_out" and one.note and WHY in str(one.note.facts)]
    assert [one.label.facts["goal"] for one in left_out] == [agreed[0].title]


def test_a_colleague_proposes_nothing(company: Company, quarter: Cycle) -> None:
    jonas = company.person("jonas")
    jonas.types("/cairn adjust")
    assert "Whoever leads people proposes this for their team" in jonas.last_words()
