"""Somebody comes by for the first time and is greeted; nobody is before."""

import pytest

from bot.store import people
from tests.company import Company, Persona, shown
from tests.stories import launched_quarter, placed_people


def greetings(who: Persona) -> list[str]:
    return [push for push in who.pushes if "I am Cairn" in push or "我是 Cairn" in push]


def test_nobody_is_greeted_who_did_not_come_by(company: Company) -> None:
    placed_people(company)
    company.winds(plus="3d")
    assert company.person("emily").messages == []


@pytest.mark.parametrize("first", ["/cairn", "/cairn help", "/cairn wat", "hello", "help"])
def test_the_first_words_are_answered_with_a_greeting(company: Company, first: str) -> None:
    emily = company.person("emily")
    emily.types(first)
    assert greetings(emily) == ["Hello Emily Carter, I am Cairn. Good to meet you."]


def test_the_first_look_at_home_brings_a_greeting_and_the_second_none(company: Company) -> None:
    emily = company.person("emily")
    emily.opens_home()
    emily.opens_home()
    emily.types("/cairn")
    assert len(greetings(emily)) == 1


def test_a_first_hello_is_not_met_with_not_understood(company: Company) -> None:
    emily = company.person("emily")
    emily.types("hello")
    assert len(emily.messages) == 2
    assert "I do not know" not in emily.sees()
    emily.types("hello")
    assert "I do not know “hello”" in emily.last_words()


def test_the_greeting_says_what_cairn_is_the_next_step_zone_and_help(company: Company) -> None:
    emily = company.person("emily")
    emily.types("hello")
    words = emily.last_words()
    assert "I walk with you through the performance cycle" in words
    assert "*What happens next*\nYou are in no cycle yet." in words
    assert "There is nothing to do now." in words
    assert "America/New_York" in words
    assert "/cairn privacy" in words


@pytest.mark.parametrize(
    ("name", "walks", "before", "private"),
    [
        ("emily", "with you through", "in your working hours", "Your manager sees your goals and check-ins"),
        ("thomas", "with you and your team", "in everyone's working hours", "Check-ins are for you and whoever wrote"),
        ("mei", "with you and your company", "about twenty minutes", "are closed to you too"),
        ("yang", "陪你走完", "轮到你时", "主管能看到你的目标和进展汇报"),
        ("li", "陪你和团队", "轮到你们时", "进展汇报只有写的人和你能看到"),
    ],
)
def test_the_greeting_is_for_what_somebody_does_here(
    company: Company, name: str, walks: str, before: str, private: str
) -> None:
    placed_people(company)
    who = company.person(name)
    if name == "mei":
        who.types("/cairn language en")
    who.types("hello")
    words = next(one for one in map(shown, who.messages) if "Cairn" in one.splitlines()[0])
    assert walks in words
    assert before in words
    assert private in words
    assert "What is private" in words or "谁能看到什么" in words
    assert len(words) < 1_100, "short"


def test_the_greeting_says_where_the_cycle_stands_and_what_opens_when(company: Company) -> None:
    launched_quarter(company)
    company.winds(plus="1d")
    emily, yang, julia = (company.person(name) for name in ("emily", "yang", "julia"))
    company.knows(lambda session: people.grant(session, julia.id, people.HR))
    for someone in (emily, yang, julia):
        someone.types("hello")
    assert "“2027-Q1” now: Setting goals." in emily.sees()
    assert "Next, on 18 Jan 2027: Doing the work." in emily.sees()
    assert "“2027-Q1” now: Setting goals." in julia.sees(), "she is not in it, and looks after it"
    assert "“2027-Q1”目前的环节：制定目标" in yang.sees()
    assert "2027年1月18日进入下一个环节：" in yang.sees()


def test_the_first_hr_person_is_led_to_importing_people(company: Company) -> None:
    mei = company.person("mei")
    mei.types("你好")
    assert "林美，你好！我是 Cairn" in mei.last_words()
    assert "你的下一步" in mei.last_words()
    mei.clicks("导入人员")
    assert "导入文件" in mei.sees()


def test_the_greeting_turns_into_the_language_chosen(company: Company) -> None:
    emily = company.person("emily")
    emily.types("hello")
    count = len(emily.messages)
    emily.chooses("中文")
    assert len(emily.messages) == count
    assert "Emily Carter，你好！我是 Cairn" in emily.last_words()
    assert company.knows(lambda session: people.get(session, "U01EMILY")).language == "zh"


@pytest.mark.parametrize(
    ("name", "asks", "answer", "hello"),
    [
        ("emily", "how do I set my goals?", "`/cairn goals`  Your goals", "Hello Emily Carter"),
        ("yang", "我的目标在哪里填？", "`/cairn 目标`  你的目标", "刘洋，你好！"),
    ],
)
def test_whose_first_words_are_a_question_is_greeted_and_answered(
    company: Company, name: str, asks: str, answer: str, hello: str
) -> None:
    who = company.person(name)
    who.types(asks)
    assert answer in who.sees()
    assert len(greetings(who)) == 1
    assert hello in who.sees()


def test_a_guest_is_not_greeted(company: Company) -> None:
    oliver = company.person("oliver")
    oliver.types("hello")
    assert "guests and former colleagues take no part" in oliver.last_words()
    assert greetings(oliver) == []


def test_who_has_messages_read_aloud_gets_all_their_words_and_notifications_stay_short(company: Company) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn language")
    emily.clicks("All words, please")
    assert "all words of my messages to you can be read out" in emily.sees()
    assert company.knows(lambda session: people.get(session, emily.id)).whole_text
    for who in (emily, thomas):
        who.types("hello")
    told, others = emily.messages[-1], thomas.messages[-1]
    assert emily.pushes[-1] == "Hello Emily Carter, I am Cairn. Good to meet you."
    assert told["text"].startswith("Hello Emily Carter, I am Cairn. Good to meet you.\nI walk with you through")
    assert "`/cairn privacy`".strip("`") in told["text"]
    assert others["text"] == "Hello Thomas Keller, I am Cairn. Good to meet you."
    emily.types("/cairn language")
    emily.clicks("First line only")
    assert not company.knows(lambda session: people.get(session, emily.id)).whole_text
