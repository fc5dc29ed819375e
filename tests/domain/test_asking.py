"""A question finds the published passage that holds its words, or none."""

import pytest

from bot.domain.asking import fitting, terms

PASSAGES = [
    "Dates of 2027-Q1 Assessing: Self-reviews, feedback from colleagues and reviews are written. From Thu 1 Apr.",
    "Dates of 2027-Q1 Setting goals: Goals are drafted and agreed between employee and manager. From Mon 4 Jan.",
    "What follows from a result, paragraph 3: A and B open training, larger tasks, promotion and bonus.",
    "Privacy: Your check-ins: you, your manager",
    "Privacy: When HR tests a source of values, up to 3 rows of its answer are kept until HR has seen them.",
    "The course: It takes you about ten minutes a week, all of it here in Slack.",
    "What follows from a result, paragraph 1: Results are grades from A to E. They are talked about with you.",
    "What follows from a result, paragraph 2: Nothing follows by itself: a result is a proposal.",
    "What follows from a result, paragraph 5: D and E begin a plan of improvement with help, never a surprise.",
    "What HR announced: `/cairn rules` says what follows from a result.",
    "Dates of 2027-Q1 Calibrating: Results are compared before anybody hears them. From Thu 15 Apr.",
]
CHINESE = [
    "2027-Q1的日期 评估：写自评、同事反馈和主管评价，并上报实际值。从4月1日周四到4月14日周三。",
    "2027-Q1的日期 制定目标：员工与主管起草并确认目标。从1月4日周一开始。",
    "结果应用规则 第 3 段：A、B 可获得培训、更大的任务，以及晋升和奖金的考虑。",
    "隐私：进展汇报：你、你的主管",
    "结果应用规则 第 1 段：结果分为 A 到 E 五个等级。任何后续安排之前，都会先和你面谈。",
    "结果应用规则 第 2 段：没有什么会自动发生：结果只是建议，由人来决定。",
    "结果应用规则 第 5 段：D 和 E：开始改进计划并提供帮助，不会突然。",
    "通知：`/cairn rules` 说明结果如何应用。",
    "2027-Q1的日期 校准：计算并比对结果，之后才告知本人。从4月15日周四开始。",
]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("When are self-reviews written?", 0),
        ("when is my self review", 0),
        ("Who can see my check-ins?", 3),
        ("What does a B mean for promotion?", 2),
        ("bonus?", 2),
        ("When do I agree goals with my manager?", 1),
        ("What follows from a D?", 8),
        ("what happens with an E", 8),
        ("Does the result affect my bonus?", 2),
        ("when does planning end?", 1),
        ("When do calibrations end?", 10),
        ("When is my salary paid?", None),
        ("who sees my check-ins", 3),
        ("How many parking places do we have?", None),
        ("Can I work from home?", None),
        ("A new laptop, please", None),
        ("What is the deadline?", None),
        ("Can I bring my dog to the office", None),
        ("why?", None),
        ("", None),
    ],
)
def test_an_english_question(question: str, first: int | None) -> None:
    found = fitting(question, PASSAGES)
    assert found[:1] == ([] if first is None else [first])
    assert len(found) <= 2


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("自评什么时候写？", 0),
        ("目标是什么时候确认的", 1),
        ("晋升和奖金怎么定？", 2),
        ("谁能看到我的进展汇报？", 3),
        ("结果会影响奖金吗？", 2),
        ("奖金", 2),
        ("得了D会怎样？", 6),
        ("评价为A可以晋升吗？", 2),
        ("校准哪天结束？", 8),
        ("公司有停车位吗？", None),
        ("食堂几点开门？", None),
        ("怎么报销差旅费？", None),
        ("为什么", None),
    ],
)
def test_a_chinese_question(question: str, first: int | None) -> None:
    assert fitting(question, CHINESE)[:1] == ([] if first is None else [first])


def test_words_are_compared_without_their_endings_and_without_what_every_question_has() -> None:
    assert terms("When are the reviews written?") == {"review", "written"}
    assert terms("什么时候自评") == {"自评"}
    assert terms("planned plans") == terms("plan")
    assert terms("A plan, from A to E: I'd e-mail it, e.g. today") == {"plan", "mail", "today"}
    assert terms("得了A") == terms("an A") == {"A"}
