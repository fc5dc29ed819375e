"""HR reads where groups differ by more than chance: a strict manager, and teams too small to be told of."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from bot.domain.cycle import Cycle
from bot.domain.fairness_report import Question, Report
from bot.store import fairness_reports, people
from bot.store.people import PersonRow, StintRow
from bot.store.results import ResultRow
from bot.store.reviews import ReviewRow
from tests.beginnings import lived_once
from tests.company import Company
from tests.stories import ended_quarter, planned

CALIBRATING = "2027-04-15T10:00:00+08:00"
TEAMS = {"strict": 12, "one": 12, "two": 12, "three": 12, "four": 12, "few": 6, "tiny": 3}
BANDS = [{"name": "A", "lower": "100"}, {"name": "B", "lower": "80"}, {"name": "C", "lower": None}]


@pytest.fixture
@lived_once
def rated(company: Company) -> Cycle:
    """Seven teams with a result each; Sam Strict rates everybody twenty-five points lower."""
    cycle = ended_quarter(company, "emily")
    company.winds(to=CALIBRATING)
    company.knows(lambda session: _employ(session, cycle.id, company.slack.clock.now()))
    return cycle


def _employ(session: Any, cycle_id: str, now: Any) -> None:
    of = list(_everybody(cycle_id, now))
    for table, place in ((PersonRow, 0), (StintRow, 1), (ResultRow, 2), (ReviewRow, 3)):
        rows = [row[place] for row in of if row[place]]
        session.execute(insert(table), rows)


def _everybody(cycle_id: str, now: Any) -> Iterator[tuple[dict[str, Any] | None, ...]]:
    dice = random.Random(4)
    for team in TEAMS:
        yield _person(f"B-{team}", f"{team.title()} Boss"), _stint(f"B-{team}", ""), None, None
    for team, size in TEAMS.items():
        for n in range(size):
            who, attained = f"{team}-{n}", dice.gauss(90, 8)
            rating = 55 + (attained - 90) / 2 + dice.gauss(0, 8) - 25 * (team == "strict")
            made = _result(cycle_id, who, attained, rating, now), _review(cycle_id, who, f"B-{team}", now)
            yield _person(who, f"Person {who}"), _stint(who, f"B-{team}"), *made


def _person(who: str, name: str) -> dict[str, Any]:
    return {"id": who, "name": name, "email": f"{who}@example.com", "locale": "en-US", "tz": "Asia/Shanghai",
            "owner": False, "takes_part": True}  # fmt: skip


def _stint(who: str, manager: str) -> dict[str, Any]:
    return {"person_id": who, "starts_on": date(2020, 1, 1), "department": "Sales", "position": "Seller",
            "manager_id": manager}  # fmt: skip


def _result(cycle_id: str, who: str, attained: float, rating: float, now: Any) -> dict[str, Any]:
    score, told = Decimal(f"{attained:.2f}"), Decimal(f"{max(0.0, rating):.2f}")
    band = "A" if score >= 100 else "B" if score >= 80 else "C"
    return {"cycle_id": cycle_id, "person_id": who, "rated": "rated", "score": score, "band": band,
            "formula_band": band, "attainment": score, "manager_rating": told, "reasons": [], "rules_version": "1",
            "rules_hash": "h", "rules": {"bands": BANDS}, "inputs": {}, "computed_at": now}  # fmt: skip


def _review(cycle_id: str, who: str, manager: str, now: Any) -> dict[str, Any]:
    return {"cycle_id": cycle_id, "person_id": who, "kind": "manager", "author_id": manager, "state": "sent",
            "competencies": {}, "levels": {}, "overall": "B", "notes": {}, "sent_at": now}  # fmt: skip


def test_hr_reads_who_stands_out_and_that_it_is_no_finding_of_bias(company: Company, rated: Cycle) -> None:
    planned(company, "fairness.make", rated.id)
    mei = company.person("mei")
    assert "2027-Q1 的公平性报告已生成" in mei.last_words()
    assert "Strict Boss" not in mei.last_words()
    mei.clicks("看一下")
    assert "Strict Boss* 的评分比其他团队的同类岗位平均低" in mei.sees()
    assert "目标完成度相同时，*Strict Boss* 的评分比别人低" in mei.sees()
    assert "不等于认定不公" in mei.sees()
    for told_nowhere in ("Few Boss", "Tiny Boss", "One Boss", "Person"):
        assert told_nowhere not in mei.sees()
    assert "有 1 组人数太少，无法判断" in mei.sees()
    assert "还有 1 个更小的组不显示" in mei.sees()


def test_the_same_in_english_from_the_word(company: Company, rated: Cycle) -> None:
    company.knows(lambda session: people.grant(session, company.person("emily").id, people.HR))
    planned(company, "fairness.make", rated.id)
    emily = company.person("emily")
    emily.types("/cairn fairness")
    assert "Ratings by *Strict Boss* average" in emily.sees()
    assert "SD lower than comparable roles elsewhere (12 people" in emily.sees()
    assert "It is not a finding of bias" in emily.sees()
    assert "Nothing was compared: there are too few groups, or too few people in them." in emily.sees()


def test_the_report_is_hrs_alone(company: Company, rated: Cycle) -> None:
    planned(company, "fairness.make", rated.id)
    for name in ("emily", "thomas"):
        company.person(name).types("/cairn fairness")
        assert "This is not yours to do" in company.person(name).last_words()


def test_a_company_of_few_reads_that_nothing_was_compared(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    few = Report(2, (), dict.fromkeys(Question, 1))
    company.knows(lambda session: fairness_reports.keep(session, cycle.id, few, company.slack.clock.now()))
    mei = company.person("mei")
    mei.types("/cairn fairness")
    assert "没有作任何比较：组太少，或组内人数太少。" in mei.sees()
    assert "没有大到足以显出的差异" not in mei.sees()


def test_before_results_are_computed_there_is_none(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn fairness")
    assert "还没有公平性报告" in mei.sees()


def test_computing_results_makes_the_report_and_releasing_makes_it_anew(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    company.winds(to=CALIBRATING)
    planned(company, "scoring.compute", cycle.id)
    mei = company.person("mei")
    mei.types("/cairn fairness")
    assert "还没有公平性报告" in mei.sees()  # one incomplete result is nobody's figure
