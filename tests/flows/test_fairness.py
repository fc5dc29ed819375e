"""HR reads where groups differ by more than chance: a strict manager, and teams too small to be told of."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.domain.cycle import Cycle, CycleKind
from bot.domain.fairness_report import Finding, Question, Report, Verdict
from bot.handlers.fairness import Shown, page_of
from bot.slack.words import Words
from bot.store import fairness_reports, people
from bot.store.cycles import ParticipantRow
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


def test_a_cycle_is_looked_at_once_and_again_when_its_results_are_given(company: Company, rated: Cycle) -> None:
    def everybody(**values: Any) -> None:
        company.knows(lambda session: session.execute(update(ResultRow).values(**values)))

    def sees() -> str:
        mei.types("/cairn fairness")
        page = mei.sees()
        mei.closes()
        return page

    mei = company.person("mei")
    few = update(ResultRow).where(ResultRow.person_id.like("one-%"))
    company.knows(lambda session: session.execute(few.values(rated="incomplete")))
    planned(company, "fairness.make", rated.id)
    assert "周期的结果有九成算好时就会生成" in sees()
    everybody(rated="rated")
    planned(company, "fairness.make", rated.id)
    assert "Strict Boss" in sees()
    everybody(manager_rating=Decimal(50))
    company.winds(plus="1h")
    planned(company, "fairness.make", rated.id)
    assert "Strict Boss" in sees()
    everybody(released_at=company.slack.clock.now())
    planned(company, "fairness.make", rated.id)
    assert "Strict Boss" not in sees()


def test_what_two_cycles_say_together_stands_with_its_own_figures() -> None:
    weak = Finding(Question.MANAGERS, "m1", 12, Verdict.NOTHING, -4, -0.4, 0.08, 0.41, both=-0.62, both_q=0.02)
    rare = Finding(Question.BEST_GRADE, "Sales", 50, Verdict.FLAG, 0.43, 0, 0.01, 0.03, "R&D", rate=0.18, best=0.42)
    starts = date(2027, 1, 1)
    cycle = Cycle("c", "2027-Q1", CycleKind.QUARTER, starts, starts, {}, launched=True)
    shown = Shown(cycle, Report(99, (weak, rare), {}), datetime(2027, 4, 16, tzinfo=UTC), {"m1": "Ann Boss"})
    english, chinese = (str(page_of(Words(one), shown).body()) for one in ("en", "zh"))
    assert "*Ann Boss*, this cycle and the one before together: 0.6 SD lower on average" in english
    assert "(12 people now, q = 0.02)" in english
    assert "0.41" not in english
    assert "Of 100 people 18 have the best grade in *Sales*, and 42 in R&amp;D (50 people in Sales" in english
    assert "平均低 0.6 个标准差（现有 12 人，校正后 q = 0.02）" in chinese
    assert "每 100 人中，*Sales* 有 18 人得到最高等级，R&amp;D 有 42 人" in chinese


JOBS = {"one": "Junior", "two": "Senior", "three": "Junior", "four": "Senior"}


def _rated_by_job(session: Any, cycle_id: str) -> None:
    """Juniors get threes and seniors fours wherever they are; all were led by somebody else when the cycle began."""
    for team, job in JOBS.items():
        for n in range(TEAMS[team]):
            one, level = f"{team}-{n}", 3 + (job == "Senior")
            stint = update(StintRow).where(StintRow.person_id == one)
            session.execute(stint.values(position=job, department="Sales" if team in {"one", "two"} else "Service"))
            given = {"a": level, "b": level + n % 2, "c": level - n % 3 // 2}
            session.execute(update(ReviewRow).where(ReviewRow.person_id == one).values(competencies=given))
            led = insert(ParticipantRow).values(cycle_id=cycle_id, person_id=one, department="Sales")
            session.execute(led.values(manager_id="B-few", template=""))


def test_before_the_meeting_a_rater_is_compared_within_a_job_and_listed_with_whom_they_rated(
    company: Company, rated: Cycle
) -> None:
    company.knows(lambda session: _rated_by_job(session, rated.id))
    mei = company.person("mei")
    mei.types("/cairn calibrate")
    mei.clicks("会前阅读")
    assert "Few Boss" not in mei.sees()
    mei.clicks("看一看", near="One Boss")
    assert "12 人" in mei.sees()
    assert "没有大到值得注意的差异" in mei.sees()


def test_a_company_of_few_reads_that_nothing_was_compared(company: Company) -> None:
    cycle = ended_quarter(company, "emily")
    few = Report(2, (), dict.fromkeys(Question, 1))
    company.knows(lambda session: fairness_reports.keep(session, cycle.id, few, company.slack.clock.now()))
    mei = company.person("mei")
    mei.types("/cairn fairness")
    assert "没有作任何比较：组太少，或组内人数太少。" in mei.sees()
    assert "没有大到值得注意的差异" not in mei.sees()


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
