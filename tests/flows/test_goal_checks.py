"""The check of goals, as people meet it: with their own history, among colleagues, in English and Chinese."""

from datetime import date

import pytest

from bot.domain.cycle import CycleKind
from bot.domain.goal import SheetState
from bot.domain.org import Stint
from bot.store import audit, people
from bot.store.goals import SheetRow
from tests.company import Company, Persona
from tests.goal_talks import (
    changes,
    earlier_cycles,
    fills,
    invited_sellers,
    proposes_almost_one_goal_alone,
    sheet_of,
    took_part,
)
from tests.stories import agreed_goals_for

HISTORY = (80, 85, 90, 95, 100, 105)


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales; everybody was invited this morning."""
    return invited_sellers(company)


def proposes(persona: Persona, **visits: object) -> str:
    """Change the visits and come to the last look; what it says."""
    persona.types("/cairn goals")
    if persona.id == "U01YANG":
        persona.clicks("修改", near="客户拜访数")
        fills(persona, **visits)
        persona.clicks("提交给陈丽")
    else:
        changes(persona, "Customer visits", **visits)
        persona.clicks("Propose to Thomas Keller")
    return persona.sees()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("emily", "“Customer visits” is due on 1 Aug 2027, after the cycle ends on 31 Mar 2027"),
        ("yang", "“客户拜访数”的期限是 2027年8月1日，在周期结束日 2027年3月31日 之后"),
    ],
)
def test_a_goal_that_is_due_after_the_cycle_gets_a_second_look(
    company: Company, quarter: str, name: str, said: str
) -> None:
    seen = proposes(company.person(name), due="2027-08-01")
    assert quarter
    assert said in seen


# Difficulty by one's own history ------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "english", "chinese"),
    [
        (
            110,
            "“Customer visits” may be too hard: 110 was reached in 0 of 6 earlier periods, a chance of about 13 %.",
            "“客户拜访数”可能太难：过去 6 期里有 0 期达到 110，把握约 13%。",
        ),
        (95, None, None),
        (70, None, None),
    ],
)
def test_a_target_is_held_against_what_was_reached_before(
    company: Company, quarter: str, target: int, english: str | None, chinese: str | None
) -> None:
    quarters = earlier_cycles(company, 6)
    for name, said in (("emily", english), ("yang", chinese)):
        took_part(company, quarters, name, "visits", *HISTORY)
        seen = proposes(company.person(name), target=target)
        assert said is None or said in seen
        assert ("may be too" in seen or "可能太" in seen) is (said is not None)
    assert quarter


def test_what_was_always_reached_is_too_easy(company: Company, quarter: str) -> None:
    took_part(company, earlier_cycles(company, 12), "yang", "visits", *[80] * 12)
    seen = proposes(company.person("yang"), target=78)
    assert "“客户拜访数”可能太容易：过去 12 期里有 12 期达到 78，把握约 93%。可以再高一些吗？" in seen
    assert quarter


def test_what_was_counted_in_another_unit_is_not_compared(company: Company, quarter: str) -> None:
    quarters = earlier_cycles(company, 6)
    took_part(company, quarters, "emily", "visits", *HISTORY, unit="half days")
    took_part(company, quarters, "yang", "visits", *HISTORY, unit="次")
    assert "may be too" not in proposes(company.person("emily"), target=110)
    assert "“客户拜访数”可能太难" in proposes(company.person("yang"), target=110)
    assert quarter


def test_a_few_periods_are_compared_with_what_is_usual(company: Company, quarter: str) -> None:
    took_part(company, earlier_cycles(company, 2), "emily", "visits", 50, 50)
    seen = proposes(company.person("emily"), target=80)
    assert "“Customer visits” may be too hard: 80 was reached in 0 of 2 earlier periods. What would" in seen
    assert quarter


def test_the_manager_sees_the_values_next_to_what_was_reached_before(company: Company, quarter: str) -> None:
    took_part(company, earlier_cycles(company, 6), "emily", "visits", *HISTORY)
    emily, thomas = company.person("emily"), company.person("thomas")
    proposes(emily, target=110)
    emily.submits()
    assert "Reached in earlier cycles\nCustomer visits: 80  ·  85  ·  90  ·  95  ·  100  ·  105" in thomas.last_words()
    assert "may be too hard" in thomas.last_words()
    assert not [push for push in thomas.pushes if "105" in push]
    assert quarter


def test_cycles_of_another_length_say_nothing(company: Company, quarter: str) -> None:
    took_part(company, earlier_cycles(company, 6, CycleKind.HALF_YEAR), "emily", "visits", *HISTORY)
    assert "There is too little history" in proposes(company.person("emily"), target=110)
    assert quarter


# Among colleagues ------------------------------------------------------------------------

ROLE = ("min", "hao", "qian", "kai", "jonas")


def test_colleagues_in_the_same_role_are_a_share_and_never_names(company: Company, quarter: str) -> None:
    for name in ROLE:
        agreed_goals_for(company, name)
    seen = proposes(company.person("marcus"), target=70)
    assert "Nine in ten of 5 colleagues in the same role have an easier target than “Customer visits”." in seen
    assert "Jonas" not in seen
    assert "“Sales revenue”" not in seen
    assert quarter


def test_fewer_than_five_colleagues_are_not_compared_with(company: Company, quarter: str) -> None:
    for name in ROLE[:4]:
        agreed_goals_for(company, name)
    assert "colleagues in the same role" not in proposes(company.person("marcus"), target=70)
    assert quarter


def test_what_colleagues_reached_last_time_is_a_hint(company: Company, quarter: str) -> None:
    quarters = earlier_cycles(company, 1)
    for name in ROLE:
        took_part(company, quarters, name, "visits", 40)
    seen = proposes(company.person("marcus"))
    assert "More than four in five of 5 colleagues in the same role reached less than “Customer visits” last" in seen
    assert quarter


# Newcomers --------------------------------------------------------------------------------


def test_a_newcomer_is_told_what_would_be_fair(company: Company, quarter: str) -> None:
    start = company.slack.clock.now().date()
    for person_id, manager in (("U01EMILY", "U01THOMAS"), ("U01YANG", "U01LI")):
        company.knows(
            lambda session, person_id=person_id, manager=manager: people.place(
                session, Stint(person_id, "Sales", "Newcomer", manager, start)
            )
        )
    seen = proposes(company.person("emily"))
    assert "“Customer visits” asks of a newcomer what experienced colleagues are asked. About 40 %" in seen
    assert "is fair at this time: 24." in seen
    assert "现阶段要求 40% 左右（24）比较合理" in proposes(company.person("yang"))
    assert quarter


def test_experienced_colleagues_are_the_mark_where_there_are_five(company: Company, quarter: str) -> None:
    years = earlier_cycles(company, 4)
    for name in ROLE:
        took_part(company, years, name, "visits", 60, 60, 60, 60)
        agreed_goals_for(company, name)
        company.knows(lambda session, name=name: asks_for_visits(session, quarter, company.person(name).id, "90"))
    company.knows(lambda session: people.forget_from(session, "U01MARCUS", date(2000, 1, 1)))
    just_now = Stint("U01MARCUS", "Sales", "Account manager", "U01THOMAS", date(2027, 1, 1))
    company.knows(lambda session: people.place(session, just_now))
    marcus = company.person("marcus")
    assert "“Customer visits” asks of a newcomer" not in proposes(marcus, target=60)
    marcus.closes()
    assert "is fair at this time: 36." in proposes(marcus, target=90)


def asks_for_visits(session, cycle_id: str, person_id: str, target: str) -> None:
    row = session.get(SheetRow, (cycle_id, person_id))
    row.agreed = [{**goal, "target": target} if goal["id"] == "visits" else goal for goal in row.agreed]


# Sets ---------------------------------------------------------------------------------------


def test_weights_of_99_99_are_stopped_in_both_languages(company: Company, quarter: str) -> None:
    emily, yang = company.person("emily"), company.person("yang")
    assert "The weights add up to 99.99, not 100. Please give out 0.01 more." in proposes(emily, weight="9.99")
    assert "权重合计 99.99，不是 100。还有 0.01 需要分配。" in proposes(yang, weight="9.99")
    assert sheet_of(company, quarter).state is SheetState.DRAFT


def test_a_single_measure_is_stopped_until_there_is_a_reason(company: Company, quarter: str) -> None:
    yang, li = company.person("yang"), company.person("li")
    yang.types("/cairn goals")
    for goal in ("销售增长率", "订单签订数", "客户拜访数", "客户满意度", "客户投诉率"):
        yang.clicks("修改", near=goal)
        yang.clicks("删除这个目标")
    yang.clicks("修改", near="销售额")
    fills(yang, weight="100")
    yang.clicks("提交给陈丽")
    assert "这里需要说明理由" in yang.sees()
    assert "仅“销售额”一项就占结果的 100%。最多 60，否则请说明理由。" in yang.sees()
    assert "权重过于集中，相当于只有 1 个目标。" in yang.sees()
    assert "100% 的权重只看工作的一个方面。" in yang.sees()
    assert "请加上与之制衡的“客户投诉率”" in yang.sees()
    yang.submits()
    assert yang.errors
    yang.submits(reason="本季度只有一个大项目")
    assert "说明理由后保留：有一个目标超过 60%" in li.last_words()
    assert "本季度只有一个大项目" in li.last_words()
    assert "值得再看一眼" in li.last_words()
    assert "本季度只有一个大项目" not in "".join(li.pushes)
    acts = [(one.act, one.record) for one in company.knows(lambda session: audit.about(session, "U01YANG"))]
    assert {record for act, record in acts if act == "goals_override"} == {
        f"goals/{quarter}/U01YANG/1/weight",
        f"goals/{quarter}/U01YANG/1/concentration",
    }


def test_an_override_stays_in_the_history(company: Company, quarter: str) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    proposes_almost_one_goal_alone(emily)
    emily.submits(reason="A single account this quarter")
    thomas.clicks("Agree")
    thomas.clicks("See the goals", near="You and Emily Carter agreed on goals.")
    thomas.clicks("History")
    assert "Kept with a reason: one goal above 60 %\n>A single account this quarter" in thomas.sees()
    assert quarter


def test_vague_words_are_for_the_author_alone(company: Company, quarter: str) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Customer visits")
    emily.clicks("Change the words")
    fills(emily, title="Visit customers as soon as possible")
    emily.clicks("Back to the list")
    emily.clicks("Propose to Thomas Keller")
    assert "Only a thought" in emily.sees()
    assert "“as soon as possible”: such words can be read in many ways." in emily.sees()
    emily.submits()
    assert "such words can be read" not in thomas.last_words()
    assert quarter


def test_odds_are_held_against_the_goals(company: Company, quarter: str) -> None:
    seen = proposes(company.person("emily"), odds="1")
    assert "Whoever has to reach “Customer visits” thinks it unlikely: 1 of 10." in seen
    assert "要完成“客户拜访数”的人觉得把握很小：0/10。" in proposes(company.person("yang"), odds="0")
    assert quarter


def test_a_copy_of_a_goal_is_pointed_out(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.chooses("My own: higher is better")
    fills(emily, title="Customer visits 2027", measure="Visits", unit="visits", adds="yes")
    fills(emily, target="20", weight="5")
    changes(emily, "Sales revenue", weight="30")
    emily.clicks("Propose to Thomas Keller")
    assert "“Customer visits 2027” reads much like “Customer visits”." in emily.sees()
    assert quarter
