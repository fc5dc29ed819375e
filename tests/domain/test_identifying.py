"""Words that give an author away are pointed out to the author, and ordinary sentences are left alone."""

import pytest

from bot.domain.identifying import aliases, identifying_hints

FULL_WIDTH_PHONE = "".join(chr(ord(digit) + 0xFEE0) for digit in "13812345678")


def found(text, names=()):
    return [hint.facts["found"] for hint in identifying_hints(text, names)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Write to li.na+x@lantern.example.com for more", "li.na+x@lantern.example.com"),
        ("我的电话13812345678", "13812345678"),
        ("call +86 138-1234-5678", "+86 138-1234-5678"),
        (FULL_WIDTH_PHONE, "13812345678"),
        ("call (212) 555-0100 please", "(212) 555-0100"),
        ("ring +44 20 7946 0958", "+44 20 7946 0958"),
        ("座机010-62345678", "010-62345678"),
        ("see https://wiki.example.org/p/1?x=2 there", "https://wiki.example.org/p/1?x=2"),
        ("it is on github.com/me/thing", "github.com/me/thing"),
        ("<@U123ABC> knows", "<@U123ABC>"),
        ("ask @wang.wei about it", "@wang.wei"),
        ("On 2026-03-12 you shouted", "2026-03-12"),
        ("On 12 March you shouted", "12 March"),
        ("On Sept. 3rd you shouted", "Sept. 3rd"),
        ("2026年3月12日的会上", "2026年3月12日"),
        ("12号下午的会上", "12号"),
        ("As your deskmate I see it", "As your deskmate"),
        ("I am your only designer", "I am your only"),
        ("Since I sit next to you, I hear it", "sit next to you"),
        ("in our 1:1 you said", "our 1:1"),
        ("我作为你的同桌觉得", "我作为你的同桌觉得"),
        ("你面试过我", "你面试过我"),
        ("坐在你旁边看到", "坐在你旁边"),
    ],
)
def test_it_is_pointed_out(text, what):
    assert what in found(text)


def test_the_hint_says_why_and_what_to_do():
    (hint,) = identifying_hints("As your manager I saw it")
    assert hint.text == "“{found}” tells how you two stand to each other. You could describe only what you saw."


def test_an_address_is_neither_a_mention_nor_a_link():
    assert found("a@example.com") == ["a@example.com"]


def test_a_date_is_not_a_phone_number():
    assert found("from 2026-03-12 on") == ["2026-03-12"]


def test_ones_own_name_is_found_in_parts_and_in_chinese():
    assert found("as li na always says", ["Li Na"]) == ["Li Na"]
    assert found("as na always says, and li agrees", ["Li Na"]) == ["Li", "Na"]
    assert found("I, Lena Hoffmann, saw it; so would any Lena", aliases("Lena Hoffmann", "lena@lantern.example")) == [
        "Lena Hoffmann",
        "Lena",
    ]
    assert found("李娜觉得很好", ["李娜"]) == ["李娜"]
    assert found("Nadia knows the link", ["Li Na"]) == []


def test_the_same_thing_twice_is_one_hint():
    assert found("@wang and @wang again") == ["@wang"]


@pytest.mark.parametrize(
    "text",
    [
        "In March you explained the delay to the customer before they asked, and they stayed calm.",
        "You answered 24/7 and closed 1200 tickets, 15% more than in Q3.",
        "三月的评审会上,你先讲了客户的问题,大家很快达成一致。",
        "Next time, send the agenda one day earlier so that everybody may prepare.",
        "As a team we shipped version 2.0 in 2026.",
        "金额1234567890元",
    ],
)
def test_a_good_note_gets_no_hint(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("小刘我觉得挺好", "小刘"),
        ("刘工提过这件事", "刘工"),
        ("海涛那天在场", "海涛"),
        ("signed, haitao", "haitao"),
        ("as Haitao.Liu would say", "haitao.liu"),
    ],
)
def test_what_colleagues_call_one_is_found_too(text, what):
    assert what in found(text, aliases("刘海涛", "haitao.liu@lantern.example"))


def test_a_short_handle_is_a_word_like_any_other():
    assert found("It took 15 min.", aliases("赵敏", "min@lantern.example")) == []
