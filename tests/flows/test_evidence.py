"""Evidence by month: saved from messages, shared one by one, and beside a review as far as its reader may know it."""

import json
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.domain.evidence import Kind
from bot.store import evidence
from tests.company import Company
from tests.stories import ended_quarter
from tests.working_quarters import asked, updates

SALES, QUOTE = "C01SALES", "The Hansa order went out a week early"


def test_a_message_is_saved_about_oneself_or_about_whom_one_reviews(placed: Company) -> None:
    placed.winds(to="2027-01-05T16:30:00+01:00")
    thomas, emily, marcus = (placed.person(name) for name in ("thomas", "emily", "marcus"))
    emily.says_in(SALES, QUOTE)
    marcus.uses_on("save_evidence", SALES, QUOTE)
    marcus.submits(whom=emily.id, why="Good")
    assert "about yourself, or about somebody whom you review" in marcus.errors["whom"]
    marcus.closes()
    thomas.uses_on("save_evidence", SALES, QUOTE)
    assert json.loads(thomas.modal["private_metadata"])["quoted"] == QUOTE
    thomas.submits(why="She brought the date forward")
    assert "Saved as evidence." in thomas.last_words()
    emily.types("/cairn evidence")
    words = emily.sees()
    assert "January 2027" in words
    assert "Thomas Keller kept this about you" in words
    assert "She brought the date forward" in words
    assert "https://lantern.slack.com/archives/C01SALES/p" in words
    emily.closes()
    marcus.types("/cairn evidence")
    assert "Nothing is kept here yet." in marcus.sees()
    thomas.types("/cairn evidence")
    thomas.clicks("Remove")
    assert "Nothing is kept here yet." in thomas.sees()


def test_feedback_about_a_message_begins_with_it_in_chinese_too(placed: Company) -> None:
    placed.winds(to="2027-01-05T10:00:00+08:00")
    li, yang = placed.person("li"), placed.person("yang")
    yang.says_in(SALES, "客户资料我今晚整理好")
    li.uses_on("feedback_about_this", SALES, "客户资料")
    assert "你在2027年1月5日 10:00 的消息：“客户资料我今晚整理好”" in li.sees()
    li.submits(behaviour="资料按行业分好了类，并附上了联系人", impact="第二天的拜访直接用上了")
    assert yang.pushes == ["陈丽给你写了反馈。"]


def test_a_review_shows_the_whole_quarter_but_only_what_its_reader_may_know(company: Company) -> None:
    ended_quarter(company, "emily")
    emily, marcus, thomas, mei = (company.person(name) for name in ("emily", "marcus", "thomas", "mei"))
    company.winds(to="2027-04-01T16:30:00+02:00")
    for words in ("You stayed late for my demo", "You covered for me in the rain"):
        marcus.types(f"/cairn kudos <@{emily.id}>")
        marcus.submits(words=words)
    emily.types("/cairn evidence")
    emily.clicks("Share with manager", near="rain")
    assert "Your manager may read it." in emily.sees()
    emily.closes()
    emily.types("/cairn review")
    for _ in range(9):
        if "Evidence of this cycle" in emily.sees():
            break
        emily.submits(**dict.fromkeys(_choices(emily), "3"))
    assert "You stayed late for my demo" in emily.sees()
    emily.closes()
    company.winds(to="2027-04-09T10:00:00+02:00")
    thomas.types("/cairn review")
    thomas.clicks("Review Emily Carter")
    assert "Thanks from Marcus Reed: “You covered for me in the rain”" in thomas.sees()
    assert "You stayed late for my demo" not in thomas.sees()
    mei.types("/cairn reviews")
    mei.submits(whose=emily.id)
    assert "rain" not in mei.sees()


def test_what_turned_in_check_ins_stands_in_its_month_beside_what_was_said(company: Company) -> None:
    asked(company, "emily")
    emily, marcus = company.person("emily"), company.person("marcus")
    updates(emily)
    company.winds(to="2027-02-04T10:00:00-05:00")
    updates(emily, confidence="△ At risk")
    marcus.types(f"/cairn kudos <@{emily.id}>")
    marcus.submits(words="You took my calls")
    company.winds(to="2027-03-04T10:00:00-05:00")
    emily.types("/cairn language zh")
    emily.types("/cairn evidence")
    assert "我的事例\n2027年2月\n" in emily.sees(), "the newest month in which there is something"
    assert "New revenue，从“正常推进”变为“有风险”" in emily.sees()
    assert "You took my calls" in emily.sees()


def test_a_month_with_more_than_fits_on_a_page_has_pages(placed: Company) -> None:
    emily = placed.person("emily")

    def many(session: Session) -> None:
        for n in range(27):
            at = placed.slack.clock.now() + timedelta(minutes=n)
            evidence.keep(session, Kind.KUDOS, "U01MARCUS", emily.id, {"words": f"thing {n:02}"}, at)

    placed.knows(many)
    emily.types("/cairn evidence")
    assert "thing 26" in emily.sees()
    assert "thing 01" not in emily.sees()
    emily.clicks("Earlier")
    assert "thing 00" in emily.sees()
    emily.clicks("Share with manager", near="thing 01")
    assert "Your manager may read it." in emily.sees(), "on the page where it was pressed"
    emily.clicks("Further")
    assert "thing 26" in emily.sees()


def _choices(who) -> list[str]:
    return [block["block_id"] for block in who.modal["blocks"] if block.get("element", {}).get("options")]
