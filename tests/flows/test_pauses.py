"""Pauses: asked for, shown, moved, and over by themselves."""

from datetime import date

import pytest

from bot.store import leaves, people
from tests.company import Company
from tests.stories import placed_people
from tests.working_quarters import SALES_THURSDAY, working


def test_the_whole_conversation_in_chinese(company: Company) -> None:
    working(company, "yang")
    yang, li = company.person("yang"), company.person("li")
    company.winds(to=f"{SALES_THURSDAY}+08:00")
    assert "进展如何" in yang.last_words()
    assert "请点按钮，或在本消息的话题里回复，回复即为说明。大约需要一分钟。" in yang.last_words()
    yang.clicks("更新")
    assert "New revenue：能达成吗？" in yang.sees()
    yang.submits(
        **{"value-g1": "50", "confidence-g1": "△ 有风险", "confidence-g2": "✓ 正常推进", "help": ["价格或条款"]}
    )
    assert "已收到，谢谢" in yang.last_words()
    company.winds(to="2027-01-22T09:30:00+08:00")
    assert "团队进展汇报：1 人中 1 人已回复" in li.last_words()
    assert "✓ 正常推进（1）、△ 有风险（1）" in li.last_words()
    assert "\n△ 有风险：New revenue（50 / 400 k€）" in li.last_words()
    li.clicks("看过了")
    assert "陈丽看过了" in yang.last_words()
    company.winds(to="2027-01-28T10:00:00+08:00")
    company.winds(to="2027-01-29T10:00:00+08:00")
    assert "陈丽想了解你的进展" in yang.last_words()
    yang.clicks("遇到阻碍")
    assert "遇到了什么阻碍？" in yang.sees()
    yang.submits(blocking="新价格表还没有批下来", help=["价格或条款"])
    assert "已处理，谢谢" in yang.last_words()
    company.winds(to="2027-02-01T09:30:00+08:00")
    assert "新价格表还没有批下来" in li.last_words()
    assert "*需要的支持：* 价格或条款" in li.last_words()


def test_pauses_in_chinese(company: Company) -> None:
    li = company.person("li")
    placed_people(company)
    li.types("/cairn pause until 31.12.")
    assert "请这样写" in li.last_words()
    li.types("/cairn pause 到 2027年2月1日")
    assert "2027年2月1日之前不会收到进展汇报、邀请和提醒。" in li.last_words()
    assert "同事写给你的内容仍会在工作时间送达：感谢、反馈、答复和求助。团队汇总仍会照常发送。" in li.last_words()
    li.clicks("结束暂停")
    assert li.last_words() == "暂停已结束。进展汇报和提醒照常发送。"
    li.types("/cairn pause")
    li.clicks("暂停提醒")
    assert "在这一天之前不发进展汇报" in li.sees()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("until tomorrow", "I cannot read this as a date"),
        ("until 2027-02-30", "I cannot read this as a date"),
        ("until 2027-01-03", "is not ahead of us"),
        ("until 2028-02-01", "a year at most"),
        ("", "reminders reach you as usual"),
    ],
)
def test_a_pause_that_cannot_be_is_answered_kindly(company: Company, typed: str, answer: str) -> None:
    emily = company.person("emily")
    emily.types(f"/cairn pause {typed}")
    assert answer in emily.last_words()
    emily.types(f"pause {typed}")
    assert not [push for push in emily.pushes if "`" in push or "tomorrow" in push]
    assert company.knows(lambda session: people.get(session, emily.id)).paused_until is None


def test_a_pause_is_begun_shown_and_ended(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn pause until 2027-02-01")
    assert "No check-ins, invitations or reminders until 1 Feb 2027" in emily.last_words()
    assert company.knows(lambda session: people.get(session, emily.id)).paused_until == date(2027, 2, 1)
    emily.types("/cairn pause")
    assert "until 1 Feb 2027" in emily.last_words()
    emily.types("/cairn pause off")
    assert "The pause is over." in emily.last_words()
    assert "End the pause" not in emily.sees(), "nothing is left to end"
    assert company.knows(lambda session: people.get(session, emily.id)).paused_until is None


def test_a_pause_is_chosen_in_a_form_moved_and_over_by_itself(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn pause")
    emily.clicks("Pause")
    emily.submits(until="2027-01-03")
    assert "is not ahead of us" in emily.errors["until"]
    emily.submits(until="2027-01-11")
    assert "No check-ins, invitations or reminders until 11 Jan 2027" in emily.last_words()
    emily.types("/cairn pause until 2027-01-13")
    assert "The pause is now until 13 Jan 2027." in emily.sees()
    assert emily.sees().count("End the pause") == 1
    emily.replies("Back soon", to="No check-ins, invitations or reminders until 13 Jan")
    assert "I keep no notes on a pause" in emily.sees()
    company.winds(to="2027-01-13T10:00:00-05:00")
    assert "End the pause" not in emily.sees()
    assert not [push for push in emily.pushes if "`" in push or "*" in push]


def test_a_pause_keeps_away_what_asks_and_its_early_end_brings_it_back(company: Company) -> None:
    working(company, "emily")
    emily, thomas, marcus = company.person("emily"), company.person("thomas"), company.person("marcus")
    for one in (emily, thomas):
        one.types("/cairn pause until 2027-06-01")
    assert "What colleagues write to you still comes in working hours" in emily.last_words()
    emily.types("/cairn support")
    emily.submits(what="The price list by Friday")
    marcus.types("/cairn kudos")
    marcus.submits(whom=emily.id, words="You saved the demo")
    company.winds(to="2027-01-19T10:00:00-05:00")
    assert "Emily Carter asks you for help." in thomas.pushes, "somebody waits for this"
    assert "Marcus Reed thanks you." in emily.pushes
    company.winds(to="2027-01-26T12:00:00-05:00")
    assert not [push for push in emily.pushes if "how is it going" in push]
    emily.types("/cairn pause off")
    company.winds(to="2027-01-28T10:00:00-05:00")
    assert [push for push in emily.pushes if "how is it going" in push] == ["Check-in, Thu 28 Jan: how is it going?"]


def test_a_leave_that_is_cancelled_brings_back_what_waited_for_its_end(company: Company) -> None:
    working(company, "emily")
    emily, marcus = company.person("emily"), company.person("marcus")
    company.knows(lambda session: leaves.take(session, emily.id, date(2027, 1, 19), date(2027, 3, 1)))
    marcus.types("/cairn kudos")
    marcus.submits(whom=emily.id, words="You saved the demo")
    company.winds(to="2027-01-26T12:00:00-05:00")
    assert emily.pushes == []
    emily.types("/cairn calendar")
    emily.clicks("Remove", near="19 Jan")
    company.winds(to="2027-01-27T13:00:00-05:00")
    assert "Marcus Reed thanks you." in emily.pushes, "not only in March"
    company.winds(to="2027-01-28T10:00:00-05:00")
    assert "Check-in, Thu 28 Jan: how is it going?" in emily.pushes
