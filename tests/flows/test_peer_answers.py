"""Answers about colleagues: given once, sealed, opened at the close."""

import ast
import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.domain.org import CAIRN
from bot.slack.desk import Delivery
from bot.slack.words import LOCALES, read_catalogue
from bot.store import audit, invitations, outbox, released
from bot.store.db import Database
from tests.company import Company
from tests.compiled import KEYS, SEAL_KEY
from tests.peer_rounds import (
    CLOSING,
    GOOD,
    TEAM,
    TOPICS,
    answers,
    asked,
    begun,
    ids,
    presses,
    proposing,
)


def summary(company: Company, cycle_id: str) -> tuple[released.GroupSummary, ...]:
    return company.knows(lambda session: released.summary(session, cycle_id, "U01EMILY"))


def rows_of_others(company: Company, person_id: str) -> dict[str, int]:
    """The version of every message and Home tab that is not this person's."""

    def look(session) -> dict[str, int]:
        return {row.key: row.wanted for row in session.query(outbox.OutboxRow) if row.person_id != person_id}

    return company.knows(look)


# The answer ---------------------------------------------------------------------------------


def test_hints_come_to_the_author_alone_and_nothing_typed_is_lost(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    lena = company.person("lena")
    answers(lena, 3, behaviour="I, Lena Hoffmann, think she always helps.", impact="Everyone was glad.")
    words = lena.sees()
    assert "Only you see this" in words
    assert lena.modal["blocks"][-1]["text"]["text"].startswith("My hints stand at the top"), "and beside the button"
    assert "“Lena Hoffmann” is your own name" in words
    assert "rarely the whole truth" in words
    assert "I, Lena Hoffmann, think she always helps." in words
    assert company.knows(lambda s: invitations.invitation(s, cycle_id, "U01EMILY", lena.id)).state == "open"
    lena.submits(behaviour=GOOD)
    assert not lena.modals
    assert "Thank you for your feedback on Emily Carter" in lena.sees()
    assert GOOD not in lena.sees()


def test_an_answer_that_took_no_time_and_says_little_is_asked_about_once(company: Company) -> None:
    asked(company, *TEAM)
    lena, marcus = company.person("lena"), company.person("marcus")
    friendly = {**dict.fromkeys(TOPICS, "4"), "behaviour": "Very friendly"}
    lena.clicks("Start")
    lena.submits(**friendly)
    assert "One concrete example would make this much more useful" in lena.sees()
    lena.submits()
    assert "Thank you for your feedback on Emily Carter" in lena.sees(), "and nothing is in the way"
    marcus.clicks("Start")
    company.waits(minutes=2)
    marcus.submits(**friendly)
    assert not marcus.modals, "whoever took their time is not asked: one sign says little"


def test_an_empty_answer_is_refused_and_not_observed_is_one(company: Company) -> None:
    asked(company, *TEAM)
    lena = company.person("lena")
    lena.clicks("Start")
    lena.submits(**dict.fromkeys(TOPICS, "Not observed"))
    assert "Please rate at least one topic" in lena.errors["behaviour"]
    lena.submits(customers="4")
    assert "It is sealed until" in lena.sees()


def test_an_answer_is_given_once(company: Company) -> None:
    cycle_id, lena = asked(company, *TEAM), company.person("lena")
    answers(lena)
    desk = company.cairn.desk
    for step in ("peers.send", "peers.send_anyway"):  # from a second form, opened on the reminder
        second = Delivery(f"second {step}", lena.id, f"{cycle_id}/U01EMILY")
        reply = company.runs(desk.take(second, desk.flows.steps[step]))
        assert "What you said first is kept" in str(reply)
    assert "You have answered this request already." in presses(company, "lena", "peers.start", f"{cycle_id}/U01EMILY")


def test_a_late_answer_gets_a_kind_refusal(company: Company) -> None:
    asked(company, *TEAM)
    lena = company.person("lena")
    lena.clicks("Start")
    company.winds(to=CLOSING)
    lena.submits(**dict.fromkeys(TOPICS, "4"), behaviour=GOOD)
    assert "Thank you for taking the time. This round is closed" in lena.errors["customers"]


def test_what_is_typed_beside_a_card_is_neither_kept_nor_repeated(company: Company) -> None:
    asked(company, *TEAM)
    lena = company.person("lena")
    lena.replies("Between us, she is often late.", to="Would you give confidential feedback")
    assert "Please use the button on the card" in lena.last_words()
    everything = company.knows(lambda session: [row.body for row in session.query(outbox.OutboxRow)])
    assert "often late" not in str(everything)


def test_an_answer_touches_nobody_else_and_leaves_no_trace_in_the_audit(company: Company) -> None:
    asked(company, *TEAM)
    for name in ("emily", "thomas", "marcus", "mei"):
        company.person(name).opens_home()
    lena = company.person("lena")
    before = rows_of_others(company, lena.id)
    traces = company.knows(lambda session: len(session.query(audit.AuditRow).all()))
    answers(lena)
    assert rows_of_others(company, lena.id) == before
    assert company.knows(lambda session: len(session.query(audit.AuditRow).all())) == traces


# The close ----------------------------------------------------------------------------------


def test_answers_are_opened_once_at_the_close_and_nobody_is_named(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for n, name in enumerate(TEAM):
        answers(company.person(name), 1 + n % 5)
    assert summary(company, cycle_id) == ()
    company.winds(to=CLOSING)
    (group,) = summary(company, cycle_id)
    assert (group.group, group.invited, group.n) == ("peer", 5, 5)
    assert sorted(map(int, group.ratings)) == [1, 2, 3, 4, 5]
    assert {topic.shown.number for topic in group.topics} == {"3.0"}
    assert not group.uncounted
    assert group.sentences == (GOOD,) * 5
    assert "ratings and sentences are shown, mixed and without names" in company.person("emily").sees()
    assert "Thank you for your answer" in company.person("lena").sees()


def test_the_closing_card_promises_no_ratings_where_people_only_wrote(company: Company) -> None:
    asked(company, *TEAM)
    for name in TEAM[:4]:
        company.person(name).clicks("Start", near="Emily Carter")
        company.person(name).submits(**dict.fromkeys(TOPICS, "Not observed"), behaviour=GOOD)
    company.winds(to=CLOSING)
    for name in ("emily", TEAM[0]):
        assert "no topic was rated by 3: nobody sees any rating." in company.person(name).sees()


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_five_workers_that_close_at_once_release_the_sealed_answers_once(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for n, name in enumerate(TEAM):
        answers(company.person(name), 1 + n % 5)
    desk, begin = company.cairn.desk, threading.Barrier(5)
    url = company.database.engine.url.render_as_string(hide_password=False)
    workers = [Database(url, SEAL_KEY, KEYS, threads=1) for _ in range(5)]

    def close(session: Session) -> None:
        turn = desk.turn(session, CAIRN, urgent=False)
        turn.carry = cycle_id
        begin.wait(10)
        desk.flows.steps["peers.close"](turn)

    async def together() -> None:
        await asyncio.gather(*(one.run(close) for one in workers))

    company.runs(together())
    for one in workers:
        one.close()
    company.settles()
    (group,) = summary(company, cycle_id)
    assert (group.invited, group.n) == (5, 5)
    assert sorted(map(int, group.ratings)) == [1, 2, 3, 4, 5]
    for name in TEAM:
        assert company.person(name).sees().count("Thank you for your answer") == 1


def test_three_answers_show_a_band_and_no_sentence(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for name in TEAM[:3]:
        answers(company.person(name), 5)
    company.winds(to=CLOSING)
    (group,) = summary(company, cycle_id)
    assert group.n == 3
    assert group.sentences == ()
    assert {(topic.shown.band, topic.shown.number) for topic in group.topics} == {("above", "")}
    assert group.uncounted
    assert "nobody sees any sentence" in company.person("lena").sees()


def test_two_answers_are_destroyed_unread_and_everybody_is_told(company: Company) -> None:
    cycle_id = asked(company, *TEAM)
    for name in TEAM[:2]:
        answers(company.person(name))
    company.winds(to=CLOSING)
    assert summary(company, cycle_id) == ()
    for name in ("emily", "thomas", "marcus", "lena"):
        assert "the answers were destroyed unread" in company.person(name).sees()
    assert "There is nothing left to do" in company.person("sofia").sees()


def test_a_group_too_small_alone_is_shown_together_with_others_and_never_apart(company: Company) -> None:
    cycle_id, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *TEAM))
    thomas, near, far = company.person("thomas"), TEAM[:4], ("fan", "ting", "chao", "ya")
    thomas.clicks("Change")
    thomas.submits(raters=ids(company, *near, *far))
    for name in near:
        answers(company.person(name), 4)
    company.winds(to="2027-04-02T10:00:00+08:00")
    for name in far[:2]:
        colleague = company.person(name)
        colleague.clicks("开始", near="Emily Carter")
        assert "你的回答计入“其他部门”这一组" in colleague.sees()
        assert "会与其他组合并打乱" in colleague.sees()
        colleague.submits(**dict.fromkeys(TOPICS, "4"), behaviour=GOOD)
        assert "其他受邀的人几乎都不写英文，单看语言就可能认出你" in colleague.sees()
        colleague.submits(behaviour="她在一小时内联系了客户!!! 🎉")
    company.winds(to=CLOSING)
    (group,) = summary(company, cycle_id)
    assert (group.group, group.together, group.invited, group.n) == ("peer+cross_department", True, 8, 6)
    assert sorted(group.sentences) == [*[GOOD] * 4, *["她在一小时内联系了客户！"] * 2]
    assert emily.sees().count("so groups are shown together") == 2
    assert "合并展示" in company.person("fan").sees()


def test_a_list_that_nobody_approved_ends_with_the_round(company: Company) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *TEAM))
    company.winds(to=CLOSING)
    assert "is over; nobody was asked" in emily.sees()
    with pytest.raises(AssertionError, match="sees no button"):
        company.person("thomas").clicks("Approve")


# The words ----------------------------------------------------------------------------------


def test_the_whole_conversation_is_held_in_chinese_too(company: Company) -> None:
    begun(company, "U01YANG")
    company.winds(to="2027-04-02T10:00:00+08:00")
    yang, li, min_ = company.person("yang"), company.person("li"), company.person("min")
    assert "谁了解与你共事的情况" in yang.sees()
    yang.clicks("提名同事")
    yang.submits(raters=ids(company, "min", "hao", "qian", "kai"))
    assert "赵敏，同事，没有其他反馈邀请" in li.sees()
    li.clicks("确认")
    assert "刘洋、主管和 HR 都看不到是谁写的" in min_.sees()
    min_.clicks("两分钟：写有用的反馈")
    assert "挑一个你在场的情境" in min_.sees()
    min_.closes()
    min_.clicks("开始")
    assert "没有观察到" in min_.sees()
    min_.submits(**dict.fromkeys(TOPICS, "4"), behaviour="他总是很忙，所有人都知道。")
    assert "很少" in min_.sees()
    min_.submits()
    assert "谢谢你对刘洋的反馈" in min_.sees()


def test_nothing_is_called_anonymous_without_saying_towards_whom() -> None:
    sentences = [str(message.string) for message in read_catalogue("zh") if "anonymous" in str(message.id)]
    assert sentences
    assert all("{ratee}、主管和 HR 都看不到是谁写的" in one and "匿名" not in one for one in sentences)
    for path in Path(LOCALES).parent.glob("handlers/peers/*.py"):
        strings = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        for one in strings:
            if isinstance(one, str) and "anonymous" in one:
                assert "anonymous towards {ratee}, managers and HR" in one
