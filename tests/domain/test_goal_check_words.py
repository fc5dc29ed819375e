"""What the check says, in both languages, with the numbers that people can follow by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.finding import GoalDraft, Level, Past
from bot.domain.goal_check import check_goals
from bot.slack.text import plain
from bot.slack.words import Words

D = Decimal
SEEN = Past(own=tuple(map(D, (80, 85, 90, 95, 100, 105))))
SALES = GoalDraft(
    "销售额增长",
    "Signed revenue 2027",
    "CNY",
    "higher",
    D(40),
    D(95),
    due=date(2027, 3, 31),
    category="result",
    past=SEEN,
)
CARE = replace(SALES, title="客户满意度 90", weight=D(30), category="customer")
LEARN = replace(SALES, title="Two certificates", weight=D(30), category="learning")
GOOD = (SALES, CARE, LEARN)
MANY = tuple(map(D, (1, 2, 3, 4, 5)))


def first(**change: object) -> tuple[GoalDraft, ...]:
    return (replace(SALES, **change), CARE, LEARN)


CASES = {
    "sum": (
        first(weight=D("39.99")),
        "add up to 99.99, not 100. Please give out 0.01 more",
        "合计 99.99，不是 100。还有 0.01",
    ),
    "weight": (first(weight=D(65)), "alone decides 65 % of the result. At most 60", "占结果的 65%。最多 60"),
    "concentration": (
        (replace(SALES, weight=D(80)), replace(CARE, weight=D(20))),
        "as if there were only 1.5.",
        "相当于只有 1.5 个目标",
    ),
    "count": (GOOD[:1], "A set of 1 shows only part of the work", "只有 1 个目标"),
    "balance": ((replace(SALES, weight=D(80)), CARE), "80 % of the weight looks at one side", "80% 的权重只看"),
    "guard": (first(guard="complaints", guard_title="投诉率"), "add its counterweight, “投诉率”", "与之制衡的“投诉率”"),
    "duplicate": (
        (replace(SALES, title="2026年销售额增长20%"), replace(CARE, title="销售额增长25%（2026年）"), LEARN),
        "“销售额增长25%（2026年）” reads much like “2026年销售额增长20%”",
        "和“2026年销售额增长20%”很像",
    ),
    "difficulty": (
        first(target=D(110)),
        "in 0 of 6 earlier periods, a chance of about 13 %",
        "有 0 期达到 110，把握约 13%",
    ),
    "newcomer": (
        first(ramp=D("0.4"), usual=D(90)),
        "About 40 % of the way is fair at this time: 36.",
        "40% 左右（36）",
    ),
    "role": (
        first(past=replace(SEEN, targets=MANY)),
        "Nine in ten of 5 colleagues in the same role have an easier target",
        "同岗位 5 位同事中，十之八九的目标值比",
    ),
    "odds": (first(odds=1), "thinks it unlikely: 1 of 10", "觉得把握很小：1/10"),
    "baseline": (first(unit="points of 100"), "on a scale whose zero means little", "零没有实际意义"),
    "wording": (first(title="尽快提高销售额"), "“尽快”: such words can be read in many ways", "“尽快”"),
    "unit": (first(unit=""), "in which unit it is counted", "请说明计量单位"),
    "due": (first(due=None), "by which date the target is to be reached", "请说明哪天之前达到目标"),
    "target": (first(target=None), "Please name the number to reach.", "请填写要达到的数值。"),
    "alignment": (first(aligned=False), "is not linked to a goal of the department", "没有关联部门目标"),
}
BLOCKING = {"sum", "weight", "concentration", "unit", "due", "target"}
HINTS = {"role", "baseline", "wording", "alignment"}


@pytest.mark.parametrize("rule", CASES)
def test_each_finding_says_what_and_why_in_both_languages(rule: str) -> None:
    goals, english, chinese = CASES[rule]
    found = [one for one in check_goals(goals) if one.rule == rule]
    assert found
    for words, said in ((Words("en"), english), (Words("zh"), chinese)):
        assert said in plain(words.say(found[0].sentence))
    level = Level.BLOCK if rule in BLOCKING else Level.HINT if rule in HINTS else Level.WARN
    assert {one.level for one in found} == {level}


def test_a_good_set_is_met_with_silence() -> None:
    assert check_goals(GOOD) == []
