"""Words that help nobody are pointed out kindly, once each kind, and good sentences pass."""

import pytest

from bot.domain.stage_card import CARDS, Task
from bot.domain.wording_hints import feedback_hints, goal_hints, situation_hints
from bot.slack.words import read_catalogue

CHINESE = read_catalogue("zh")


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
        ("You interrupted because you wanted to look better", "did you see or hear"),
        ("You think you are above this", "did you see or hear"),
        ("You have a bad attitude", "did you see or hear"),
        ("你肯定是想偷懒", "did you see or hear"),
        ("你觉得自己很了不起", "did you see or hear"),
        ("你想出风头", "did you see or hear"),
        ("你态度不好", "did you see or hear"),
        ("You are lazy", "behaviour did you see"),
        ("You were unprofessional in the call", "behaviour did you see"),
        ("你就是懒", "behaviour did you see"),
        ("你性格急躁", "behaviour did you see"),
        ("你这个人不靠谱", "behaviour did you see"),
        ("这次做得不错", "what came of it"),
        ("工作不够主动", "what came of it"),
        ("希望你更积极一点", "what came of it"),
        ("You have to become more proactive", "what came of it"),
        ("Your offers are slower than Marcus.", "this person alone"),
        ("You are better than your colleagues", "this person alone"),
        ("Why are you not as quick as Lena?", "this person alone"),
        ("你比李强慢", "this person alone"),
        ("你不如其他同事", "this person alone"),
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
        "The offers of March left two days earlier than Monday, faster than in February and better than we planned.",
        "You called as soon as Marcus was back, and more customers than last year came to the stand.",
        "这个月的报价比上个月快了两天，比计划多来了三家客户，比老客户的订单多一成。",
        "周一的会上你先念了数字，再问大家有没有别的看法；小李把三个问题都记了下来。",
        "",
    ],
)
def test_what_was_seen_and_what_came_of_it_passes(text):
    assert feedback_hints(text) == []


@pytest.mark.parametrize("task", [Task.CHECKIN, Task.SELF_REVIEW, Task.PEER, Task.RESULT, Task.REVIEW, Task.TALK])
def test_what_the_cards_show_as_helpful_passes_in_both_languages(task):
    shown = CARDS[task].more
    assert feedback_hints(shown) == []
    assert feedback_hints(str(CHINESE[shown].string)) == []


@pytest.mark.parametrize("text", ["In general", "often", "In everything, overall", "平时", "总是这样", "You know it"])
def test_a_situation_without_day_or_occasion_is_asked_for(text):
    (hint,) = said(situation_hints(text))
    assert hint == "When and where was it? A day or an occasion brings it back."


@pytest.mark.parametrize(
    "text", ["Team call on Monday", "After the demo", "12 March", "周一例会", "上次给港湾酒店打电话时"]
)
def test_a_situation_that_can_be_found_again_passes(text):
    assert situation_hints(text) == []
