"""Words that help nobody are pointed out kindly, once each kind, and good sentences pass."""

import pytest

from bot.domain.wording_hints import feedback_hints, goal_hints


def said(hints):
    return [hint.text.format(**hint.facts) for hint in hints]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Try to answer customers ASAP", "“try to”, “asap”"),
        ("尽快处理客户投诉", "“尽快”"),
        ("努力做好相关工作", "“努力”, “做好”, “相关工作”"),
        ("Do  our best for the launch", "“do our best”"),
    ],
)
def test_vague_words_in_a_goal_are_named(text, words):
    assert [hint.facts["words"] for hint in goal_hints(text)] == [words]


def test_improving_needs_a_number_to_be_clear():
    assert said(goal_hints("Improve the support")) == [
        "“improve”, “support”: this says the direction but not how far. Which number would show it?"
    ]
    assert goal_hints("Improve the on-time rate from 90 % to 95 % by June") == []
    assert goal_hints("将客户满意度提升百分之二十") == []
    assert len(goal_hints("进一步提升客户满意度")) == 1


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("She is abrasive", "behaviour did you see"),
        ("他情绪化,不合群", "behaviour did you see"),
        ("He doesn’t care about tests", "did you see or hear"),
        ("对客户不用心", "did you see or hear"),
        ("态度有问题", "did you see or hear"),
        ("You never answer", "name one time"),
        ("从来不提前准备", "name one time"),
        ("Great job, keep it up", "what came of it"),
        ("再接再厉", "what came of it"),
    ],
)
def test_feedback_is_led_back_to_what_was_seen(text, question):
    (hint,) = said(feedback_hints(text))
    assert question in hint


def test_each_kind_is_asked_about_once_with_every_word_named():
    hints = feedback_hints("Always lazy, always moody, never on time, lazy again")
    assert [hint.facts["words"] for hint in hints] == ["“lazy”, “moody”", "“always”, “never”"]


@pytest.mark.parametrize(
    "text",
    [
        "In the March review you showed the error budget first, and we settled the release date in ten minutes.",
        "三月评审会上,你先展示了错误预算,我们十分钟就定下了发布日期。下次可以提前一天发材料。",
        "Nobel-level younger nicety",
        "",
    ],
)
def test_what_was_seen_and_what_came_of_it_passes(text):
    assert feedback_hints(text) == []
