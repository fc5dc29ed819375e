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
]
CHINESE = [
    "2027-Q1的日期 评估：写自评、同事反馈和主管评价，并上报实际值。从4月1日周四到4月14日周三。",
    "2027-Q1的日期 制定目标：员工与主管起草并确认目标。从1月4日周一开始。",
    "结果应用规则 第 3 段：A、B 可获得培训、更大的任务，以及晋升和奖金的考虑。",
    "隐私：进展汇报：你、你的主管",
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
        ("How many parking places do we have?", None),
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
        ("公司有停车位吗？", None),
        ("为什么", None),
    ],
)
def test_a_chinese_question(question: str, first: int | None) -> None:
    assert fitting(question, CHINESE)[:1] == ([] if first is None else [first])


def test_words_are_compared_without_their_endings_and_without_what_every_question_has() -> None:
    assert terms("When are the reviews written?") == {"review", "written"}
    assert terms("什么时候自评") == {"自评"}
