"""Colleagues are asked in confidence, clicked in both languages: three answers show a little, and two show nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.store import timers
from bot.store.db import Database
from scripts.browser import Seat, chromium, office
from scripts.processes import both, free_port
from scripts.scenes import CHINESE, EMILY, MIN, Part, answers, asks_colleagues, opens_result, releases
from scripts.town import Town, town
from tests.e2e.test_appeal import prepared
from tests.e2e.test_calibration import begun

pytestmark = pytest.mark.browser

expect.set_options(timeout=30_000)

WORDS = {
    **CHINESE,
    "proposes who should give feedback": "提名了写反馈的同事",
    "nobody sees anything of fewer than 3 answers": "不到 3 份回答时谁也看不到任何内容",
    "anonymous towards {ratee}, managers and HR": "{ratee}、主管和 HR 都看不到是谁写的",
    "ratings from at least 3 people, sentences from at least 4": "评分至少 3 人，文字至少 4 人",
    "could, with effort, observe you at the moment you press Send": "若刻意去查，也能观察到你提交的那一刻",
    "is your own name": "是你自己的名字",
    "It is sealed until 15 Apr 2027.": "它已密封，2027年4月15日前谁也打不开。",
    "fewer than 4 wrote something: nobody sees any sentence": "写文字的不足 4 人：文字谁也看不到",
    "so the answers were destroyed unread": "回答已不经阅读直接销毁",
    "From colleagues": "来自同事",
    "above expectation": "高于期望",
    "Enough to be shown, too few to count in the result.": "人数够展示，但不够计入结果。",
}
SIGNED = {"Emily Carter": "I, Lena Hoffmann, was there. {saw}", "赵敏": "我刘洋当时在场。{saw}"}
"""What somebody writes who forgets for a moment that nobody is to know."""
STARTS = datetime(2027, 4, 13, 1, tzinfo=UTC)
CLOSES = datetime(2027, 4, 15, 12, tzinfo=UTC)


def opened(url: str) -> None:
    """The beginning, which is another story: both managers have written; colleagues are yet to be asked."""
    cycle, database = begun(url), Database(url)
    with database.unit_of_work() as session:
        prepared(session, cycle)
        for part in (EMILY, MIN):
            timers.remind(session, "peers.invite_nominations", part.person_id, cycle.id, STARTS)
        timers.remind(session, "peers.close", "", cycle.id, CLOSES)
    database.close()


def are_asked(ratee: Seat, manager: Seat, part: Part) -> None:
    """The person proposes colleagues, and the manager approves them."""
    expect(ratee.card("Propose colleagues")).to_contain_text(ratee.t("nobody sees anything of fewer than 3 answers"))
    asks_colleagues(ratee)
    manager.card("proposes who should give feedback").wait_for()
    manager.presses("Approve")
    manager.card("proposes who should give feedback").wait_for(state="detached")


def is_told(rater: Seat, at: Locator, part: Part) -> None:
    """What is hidden from whom, and what cannot be, stands there before a word is written."""
    for words in (
        "anonymous towards {ratee}, managers and HR",
        "ratings from at least 3 people, sentences from at least 4",
        "could, with effort, observe you at the moment you press Send",
    ):
        expect(at).to_contain_text(rater.t(words, ratee=part.name))


def answers_unsigned(rater: Seat, part: Part) -> None:
    """A colleague writes their own name, is told so by themself alone, takes it out and sends."""
    is_told(rater, rater.card("anonymous towards {ratee}, managers and HR", ratee=part.name), part)
    form, saw = answers(rater, part), part.sentences[3]
    is_told(rater, form, part)
    behaviour = form.get_by_label(rater.t("Behaviour: what did you see or hear?"))
    behaviour.fill(SIGNED[part.name].format(saw=saw))
    rater.sends(form)
    expect(form).to_contain_text(rater.t("Only you see this"))
    expect(form.get_by_text(rater.t("is your own name"))).to_have_count(1)
    behaviour.fill(saw)
    rater.sends(form)
    expect(rater.card("It is sealed until 15 Apr 2027.")).not_to_contain_text(saw)


def has_answers(others: Town, rater: Seat, part: Part, count: int) -> None:
    """So many colleagues answer, one of them at the page."""
    others.brings_out(part.rater_id)
    answers_unsigned(rater, part)
    for colleague in part.others[: count - 1]:
        others.gives_feedback(colleague, 4, {"behaviour": part.sentences[3]})


def reads_a_little(ratee: Seat, part: Part) -> None:
    """Of three answers, the result holds a word for each topic and no sentence."""
    expect(ratee.card("fewer than 4 wrote something: nobody sees any sentence")).to_be_visible()
    result = opens_result(ratee)
    expect(result).to_contain_text(ratee.t("From colleagues"))
    expect(result).to_contain_text(ratee.t("above expectation"))
    expect(result).to_contain_text(ratee.t("Enough to be shown, too few to count in the result."))
    expect(result).not_to_contain_text(part.sentences[3])


def reads_nothing(ratee: Seat, part: Part) -> None:
    """Of two, nothing."""
    expect(ratee.card("so the answers were destroyed unread")).to_be_visible()
    result = opens_result(ratee)
    for words in (ratee.t("From colleagues"), ratee.t("above expectation"), part.sentences[3]):
        expect(result).not_to_contain_text(words)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("enough", [EMILY, MIN], ids=["three for Emily", "three for 赵敏"])
def test_three_answers_in_confidence_show_a_little_and_two_nothing(
    browser: Browser, tmp_path: Path, enough: Part
) -> None:
    url = f"sqlite:///{tmp_path / 'cairn.db'}"
    opened(url)
    with (
        both(free_port(), url, tmp_path) as running,
        office(browser, running.slack_url) as sit,
        town(running) as others,
    ):
        ratees = {}
        for part in (MIN, EMILY):  # Shanghai's morning comes first
            words = WORDS if part.words else None
            ratees[part.name], manager, rater = (
                sit(one, words) for one in (part.person_id, part.manager_id, part.rater_id)
            )
            others.winds("2027-04-13T09:31", part.person_id)
            are_asked(ratees[part.name], manager, part)
            has_answers(others, rater, part, 3 if part == enough else 2)
        others.winds("2027-04-15T21:01", "U01MEI")
        mei = sit("U01MEI", WORDS)
        others.winds("2027-04-23T09:31", "U01MEI")
        releases(mei)
        others.winds("2027-04-23T09:32", EMILY.person_id)
        for part in (MIN, EMILY):
            reads = reads_a_little if part == enough else reads_nothing
            reads(ratees[part.name], part)
        assert others.findings() == []
