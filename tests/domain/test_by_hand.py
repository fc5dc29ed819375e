"""The arithmetic of goals and results, from its numbers to what a person reads, in both languages.

Whoever checks a number with a pocket calculator finds the same one on the page: docs/arithmetic.md has these by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.cascade import Cut, Objective
from bot.domain.composite import Component, Mix, mixed
from bot.domain.explain import Input, Node, compute
from bot.domain.finding import Finding, GoalDraft, Past
from bot.domain.goal_check import check_goals
from bot.domain.goal_score import Goal, goal_holdups, goals_score
from bot.domain.kpi import Actual, Direction, Measure, Milestone, State, attainment, check_measure, stepped
from bot.domain.measure import Provider
from bot.domain.proration import Served
from bot.domain.refusal import Refused, Sentence, sentence
from bot.domain.score import by_days
from bot.domain.score_rules import Missing
from bot.domain.split import spread
from bot.domain.telling_apart import ToldApart, told_apart
from bot.domain.why import ROOT
from bot.handlers.cascade.shown import months
from bot.handlers.delivery.steps import ask_deeper
from bot.handlers.delivery.why import Asked, explained
from bot.handlers.templates.views import apart
from bot.slack.text import plain
from bot.slack.words import Words
from tests.company import shown
from tests.domain.measuring import higher, lower, value
from tests.domain.scoring import ONLY_GOALS, goal
from tests.domain.test_stepped import HOURS, SALES

D = Decimal
FULL = Served(1, 1)
Told = Node | Sentence | Objective | ToldApart | Sequence[Finding]


# What is calculated, and what is found ----------------------------------------------------


def points(goals: Sequence[Goal], reached: Mapping[str, str], **rules: object) -> Node:
    """The points of a set of goals; a goal that is not named has no value."""
    values = {one.key: value(reached[one.key], unit=one.measure.unit) for one in goals if one.key in reached}
    return goals_score(goals, values, (), FULL, replace(ONLY_GOALS, **rules)).children[0]


def first_capped(node: Node) -> Node:
    return node.children[0].children[0]


def refused(measure: Measure) -> Sentence:
    with pytest.raises(Refused) as found:
        check_measure(measure)
    return found.value.sentence


def split(target: str, *shares: int) -> Objective:
    """An objective whose months have these shares."""
    made = spread(D(target), [D(each) for each in shares])
    span = date(2027, 1, 1), date(2027, len(shares), 28)
    return Objective("o", "Visits", "", Cut.TEAM, "U1", "visits", Direction.HIGHER, D(target), *span, made)


def given(number: str) -> Node:
    return compute("given", sentence("Given"), {"value": Input(D(number))})


def stints(*each: tuple[str, str, str]) -> Node:
    return by_days([(name, D(days), given(number)) for name, days, number in each])


def eight(*components: tuple[str, int, int]) -> ToldApart:
    """Eight results: half of them this far below the middle in each component, half as far above it."""
    mix = Mix(**{name: D(weight) for name, weight, _ in components})
    signs = (-1, 1, 1, -1, -1, 1, 1, -1), (1, 1, -1, -1, 1, 1, -1, -1), (1, -1, 1, -1, 1, -1, 1, -1)
    roots = [
        mixed({Component(name): given(str(70 + spread * sign[n]))
               for (name, _, spread), sign in zip(components, signs, strict=True)}, mix)
        for n in range(8)
    ]  # fmt: skip
    seen = told_apart([compute("rounded", sentence("Result"), {"places": Input(D(2))}, (one,)) for one in roots])
    assert seen
    return seen


def hard(target: str, *history: int) -> list[Finding]:
    """What own history says of a target."""
    past = Past(own=tuple(map(D, history)))
    return [one for one in check_goals([draft(target=D(target), past=past)]) if one.rule == "difficulty"]


def leaning(*weights: int) -> list[Finding]:
    """What weights say of a set."""
    return [one for one in check_goals([draft(weight=D(each)) for each in weights]) if one.rule == "concentration"]


def alike(first: str, second: str) -> list[Finding]:
    """Whether two titles read alike."""
    goals = [draft(title=first), draft(title=second)]
    return [one for one in check_goals(goals) if one.rule == "duplicate"]


def draft(**known: object) -> GoalDraft:
    plain_one = GoalDraft("Visits", "Signed", "visits", "higher", D(50), D(95), due=date(2027, 3, 31))
    return replace(plain_one, **known)


SIX = (80, 85, 90, 95, 100, 105)
STONES = tuple(Milestone(name, D(worth)) for name, worth in zip("abcd", (20, 30, 30, 20), strict=True))
RELEASE = Measure("Release", Direction.MILESTONES, milestones=STONES)
AUDIT = Measure("Audit", Direction.MILESTONES, milestones=(Milestone("a", D(1)),))
STOCK = Measure("Stock", Direction.RANGE, low=D(45), high=D(55), slack_low=D(10), slack_high=D(10))
FOUR = (
    goal("sales", 40),
    Goal("csat", D(20), Measure("Satisfaction", Direction.HIGHER, baseline=D(80), target=D(95))),
    Goal("complaints", D(20), Measure("Complaints", Direction.LOWER, target=D(1))),
    goal("accounts", 20, 10),
)
LACKING = (goal("a", 40), goal("b", 20), goal("c", 20), goal("d", 20))
REACHED = {"a": "110", "c": "110", "d": "60"}
OWN = Actual(State.MISSING, provider=Provider.EMPLOYEE)
KEY_RESULTS = (goal("k1", 50, 1), goal("k2", 30, 1), goal("k3", 20, 1))
WITHOUT_PEERS = mixed(
    {Component.GOALS: given("92"), Component.MANAGER: given("80")}, Mix(goals=D(60), manager=D(25), peer=D(15))
)

CASES: dict[str, list[tuple[Told, str, str]]] = {
    "V-1": [
        (
            attainment(higher("1000"), value("950")),
            "actual ÷ target\n`950 ÷ 1,000 = 0.95`",
            "实际值 ÷ 目标值\n`950 ÷ 1,000 = 0.95`",
        ),
        (
            first_capped(points((goal("a", 100),), {"a": "130"})),
            "not below the floor, not above the cap\n`1.3 → 1.2`",
            "不低于下限，不高于上限\n`1.3 → 1.2`",
        ),
        (
            first_capped(points((goal("a", 100),), {"a": "130"})),
            "Capped: one goal counts at most 1.2 times.",
            "已封顶：单个目标最多按 1.2 倍计。",
        ),
        (
            attainment(lower("4"), value("3")),
            "2 − actual ÷ target\n`2 − 3 ÷ 4 = 1.25`",
            "2 − 实际值 ÷ 目标值\n`2 − 3 ÷ 4 = 1.25`",
        ),
        (
            attainment(lower("4", inverse=True), value("6")),
            "target ÷ actual\n`4 ÷ 6 ≈ 0.6667`",
            "目标值 ÷ 实际值\n`4 ÷ 6 ≈ 0.6667`",
        ),
        (
            attainment(higher("95", baseline=D(80)), value("92")),
            "(actual − baseline) ÷ (target − baseline)\n`(92 − 80) ÷ (95 − 80) = 0.8`",
            "（实际值 − 基准值）÷（目标值 − 基准值）\n`(92 − 80) ÷ (95 − 80) = 0.8`",
        ),
        (
            attainment(lower("4", baseline=D(6)), value("4.5")),
            "(actual − baseline) ÷ (target − baseline)\n`(4.5 − 6) ÷ (4 − 6) = 0.75`",
            "（实际值 − 基准值）÷（目标值 − 基准值）\n`(4.5 − 6) ÷ (4 − 6) = 0.75`",
        ),
        (
            attainment(higher("-2", baseline=D(-5)), value("-1")),
            "(actual − baseline) ÷ (target − baseline)\n`((-1) − (-5)) ÷ ((-2) − (-5)) ≈ 1.3333`",
            "（实际值 − 基准值）÷（目标值 − 基准值）\n`((-1) − (-5)) ÷ ((-2) − (-5)) ≈ 1.3333`",
        ),
        (
            refused(higher("-2")),
            "With a target of -2, dividing by it would make nonsense of “Sales”.",
            "目标值是 -2，拿它做除数，“Sales”就没有意义了。",
        ),
    ],
    "V-2": [
        (attainment(STOCK, value("50")), "How far “Stock” was reached: 1 (100 %)", "“Stock”的完成率：1 (100%)"),
        (attainment(STOCK, value("42")), "How far “Stock” was reached: 0.7 (70 %)", "“Stock”的完成率：0.7 (70%)"),
        (attainment(STOCK, value("60")), "How far “Stock” was reached: 0.5 (50 %)", "“Stock”的完成率：0.5 (50%)"),
        (attainment(STOCK, value("66")), "How far “Stock” was reached: 0 (0 %)", "“Stock”的完成率：0 (0%)"),
    ],
    "V-3": [
        (
            attainment(RELEASE, Actual(State.VALUE, done=dict.fromkeys("abc", 0))),
            "sum of parts ÷ sum of worths\n`(20 + 30 + 30 + 0) ÷ 100 = 0.8`",
            "各部分之和 ÷ 分值之和\n`(20 + 30 + 30 + 0) ÷ 100 = 0.8`",
        ),
        (
            attainment(AUDIT, Actual(State.VALUE, done={"a": 6})).children[0],
            "not below the least for late work\n`1 × 1 × max(0.5, 1 − 0.02 × 6) = 0.88`",
            "不低于迟交的最低比例\n`1 × 1 × max(0.5, 1 − 0.02 × 6) = 0.88`",
        ),
    ],
    "V-4": [
        (
            attainment(stepped(higher("100"), SALES), value("85")),
            "How far “Sales” was reached: 0.625 (62.5 %)",
            "“Sales”的完成率：0.625 (62.5%)",
        ),
        (
            attainment(stepped(higher("100"), SALES), value("79")),
            "How far “Sales” was reached: 0 (0 %)",
            "“Sales”的完成率：0 (0%)",
        ),
        (
            attainment(stepped(lower("4"), HOURS), value("6")),
            "How far “Defects” was reached: 0.75 (75 %)",
            "“Defects”的完成率：0.75 (75%)",
        ),
    ],
    "V-5": [
        (
            points(FOUR, {"sales": "110", "csat": "92", "complaints": "0.9", "accounts": "6"}),
            "sum of the parts\n`44 + 16 + 22 + 12 = 94`",
            "各部分之和\n`44 + 16 + 22 + 12 = 94`",
        )
    ],
    "V-6": [
        (
            points((goal("a", 50), goal("b", 50)), {"a": "200", "b": "60"}),
            "sum of the parts\n`60 + 30 = 90`",
            "各部分之和\n`60 + 30 = 90`",
        ),
        (
            points((goal("a", 50), goal("b", 50)), {"a": "200", "b": "60"}, item_cap=D(10)),
            "sum of the parts\n`100 + 30 = 130`",
            "各部分之和\n`100 + 30 = 130`",
        ),
    ],
    "V-7": [
        (split("100", 1, 1, 1), "Jan 34  ·  Feb 33  ·  Mar 33", "1月 34  ·  2月 33  ·  3月 33"),
        (
            split("100", 50, 30, 15, 10, 5),
            "Jan 45  ·  Feb 27  ·  Mar 14  ·  Apr 9  ·  May 5",
            "1月 45  ·  2月 27  ·  3月 14  ·  4月 9  ·  5月 5",
        ),
    ],
    "V-8": [
        (
            compute("mean", sentence("Result"), {}, tuple(map(given, ("0.7", "1", "0.4")))),
            "average of the parts\n`(0.7 + 1 + 0.4) ÷ 3 = 0.7`",
            "各部分的平均\n`(0.7 + 1 + 0.4) ÷ 3 = 0.7`",
        ),
        (
            points(KEY_RESULTS, {"k1": "0.7", "k2": "1", "k3": "0.4"}),
            "sum of the parts\n`35 + 30 + 8 = 73`",
            "各部分之和\n`35 + 30 + 8 = 73`",
        ),
        (
            attainment(higher("0.7"), value("0.49")),
            "actual ÷ target\n`0.49 ÷ 0.7 = 0.7`",
            "实际值 ÷ 目标值\n`0.49 ÷ 0.7 = 0.7`",
        ),
    ],
    "V-9": [
        (
            attainment(higher("1200", cumulative=True), value("520"), Served(244, 102)),
            "actual ÷ target\n`520 ÷ 501.6393 ≈ 1.0366`",
            "实际值 ÷ 目标值\n`520 ÷ 501.6393 ≈ 1.0366`",
        ),
        (
            attainment(higher("1200", cumulative=True), value("520"), Served(244, 102)).children[0],
            "full amount × days that count ÷ days of the cycle\n`1,200 × 102 ÷ 244 ≈ 501.6393`",
            "整周期的量 × 计入天数 ÷ 周期天数\n`1,200 × 102 ÷ 244 ≈ 501.6393`",
        ),
        (
            stints(("Sales", "60", "90"), ("Support", "30", "75")),
            "sum of the parts\n`60 + 25 = 85`",
            "各部分之和\n`60 + 25 = 85`",
        ),
    ],
    "V-10": [
        (
            points(LACKING, REACHED),
            "sum of the parts\n`55 + 0 + 27.5 + 15 = 97.5`",
            "各部分之和\n`55 + 0 + 27.5 + 15 = 97.5`",
        ),
        (
            points(LACKING, REACHED),
            "Only 80 % of the weight counts; it stands for all of it.",
            "只有 80% 的权重计入，由它代表全部。",
        ),
        (
            points(LACKING, REACHED, missing=Missing.ZERO),
            "sum of the parts\n`44 + 0 + 22 + 12 = 78`",
            "各部分之和\n`44 + 0 + 22 + 12 = 78`",
        ),
        (
            points(LACKING, REACHED, missing=Missing.NEUTRAL),
            "sum of the parts\n`44 + 20 + 22 + 12 = 98`",
            "各部分之和\n`44 + 20 + 22 + 12 = 98`",
        ),
        (
            goal_holdups(LACKING, {"b": OWN}, ONLY_GOALS)[0],
            "The value of “B” is overdue. The result waits for it.",
            "“B”的数值已过期未交，结果在等它。",
        ),
    ],
    "V-11": [
        (
            eight(("goals", 60, 5), ("manager", 20, 12), ("peer", 20, 3)),
            "What told 8 people apart in 2027-Q1: Goals 50 %  ·  Competencies 40 %  ·  Feedback from colleagues 10 %.",
            "2027-Q1 中拉开 8 人差距的：目标 50%  ·  能力 40%  ·  同事的反馈 10%。",
        )
    ],
    "V-12": [
        (WITHOUT_PEERS, "sum of the parts\n`55.2 + 32 + 0 = 87.2`", "各部分之和\n`55.2 + 32 + 0 = 87.2`"),
        (
            WITHOUT_PEERS.children[-1],
            "Too few answered; its weight went to the manager's rating.",
            "作答的人太少，这部分权重并入主管评价。",
        ),
    ],
    "V-27": [
        (
            hard("110", *SIX),
            "110 was reached in 0 of 6 earlier periods, a chance of about 13 %.",
            "过去 6 期里有 0 期达到 110，把握约 13%。",
        ),
        (
            hard("78", *[80] * 12),
            "78 was reached in 12 of 12 earlier periods, a chance of about 93 %.",
            "过去 12 期里有 12 期达到 78，把握约 93%。",
        ),
        (hard("95", *SIX), "", ""),
        (hard("70", *SIX), "", ""),
    ],
    "V-28": [
        (leaning(100), "as if there were only 1.", "相当于只有 1 个目标。"),
        (leaning(80, 20), "as if there were only 1.5.", "相当于只有 1.5 个目标。"),
        (leaning(60, 20, 20), "as if there were only 2.3.", "相当于只有 2.3 个目标。"),
        (leaning(40, 30, 20, 10), "", ""),
        (leaning(25, 25, 25, 25), "", ""),
        (
            alike("2026年销售额增长20%", "销售额增长25%（2026年）"),
            "reads much like “2026年销售额增长20%”",
            "和“2026年销售额增长20%”很像。",
        ),
        (
            alike("Reduce P1 incidents by 30%", "Reduce P1 incidents by 40% this quarter"),
            "reads much like",
            "和“Reduce P1 incidents by 30%”很像。",
        ),
        (alike("提高客户满意度", "降低客户投诉率"), "", ""),
    ],
}


# What is read -----------------------------------------------------------------------------


def read(t: Words, told: Told) -> str:
    """What stands on the page: the window of *Why?*, a line of months, a sentence, or nothing."""
    match told:
        case Node():
            return shown(explained(t, Asked(told, ROOT, "", {}), deeper=ask_deeper).body())
        case Objective():
            return months(t, told).replace("\N{NO-BREAK SPACE}", " ")
        case ToldApart():
            return apart(t, "2027-Q1", told)
        case Sentence():
            return plain(t.say(told))
        case _:
            return " ".join(plain(t.say(one.sentence)) for one in told)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("number", CASES)
def test_each_number_is_read_as_it_is_worked_out_by_hand(number: str, language: str) -> None:
    t = Words(language)
    for told, english, chinese in CASES[number]:
        said = english if language == "en" else chinese
        assert (said in read(t, told)) if said else read(t, told) == ""
