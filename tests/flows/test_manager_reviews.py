"""The manager's review: everything in one place, and no surprise at the end."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bot.domain.checkin import Checkin, Confidence, Item
from bot.domain.checkin import Kind as Answered
from bot.domain.cycle import Cycle
from bot.domain.evidence import Kind as Thanked
from bot.domain.review import Kind, Review, State
from bot.domain.support import State as Stands
from bot.domain.support import Support
from bot.handlers.reviews.pages import why_we_ask
from bot.slack.words import Words
from bot.store import checkins, evidence, support
from tests.company import Company, Persona, shown
from tests.domain.test_review import ASKED
from tests.open_reviews import (
    managers_are_asked,
    of,
    rates,
    reviews_are_open,
    starts_on_emily,
    writes_own,
)

FULL = "She called the customer on the same day, wrote down what was broken, and came back with a date that held."


def test_a_manager_gets_one_list_that_shows_how_far_everybody_is(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_own(emily)
    assert thomas.messages == []
    managers_are_asked(company)
    assert len(thomas.messages) == 1
    assert "0 of 2 sent" in thomas.last_words()
    assert "Emily Carter*\nSelf-review sent  ·  Yours: not begun" in thomas.last_words()
    assert "Lena Hoffmann*\nNo self-review yet" in thomas.last_words()
    writes_own(company.person("lena"))
    assert "Lena Hoffmann*\nSelf-review sent" in thomas.last_words()
    assert len(thomas.messages) == 1


def test_the_manager_sees_target_actual_history_and_self_review_side_by_side(company: Company) -> None:
    cycle = reviews_are_open(company)
    company.knows(lambda session: _checked_in(session, cycle))
    writes_own(company.person("emily"), grade="A")
    managers_are_asked(company)
    thomas = company.person("thomas")
    thomas.clicks("Two minutes: Writing a review")
    assert "Rate each thing by itself." in thomas.sees()
    thomas.closes()
    thomas.clicks("Review Emily Carter")
    for words in (
        "Target: at least 3,000,000 CNY",
        "Target: at least 3,000,000 CNY  ·  no actual value yet",
        "800,000 CNY  ·  At risk",
        "Hamburg may walk away",
        "Expected grade: *A*",
        "Two new customers signed",
    ):
        assert words in thomas.sees()


def test_each_goal_has_a_page_with_check_ins_support_and_evidence_also_from_the_form(company: Company) -> None:
    cycle = reviews_are_open(company)
    company.knows(lambda session: _checked_in(session, cycle))
    company.knows(lambda session: _helped(session, cycle))
    thomas = starts_on_emily(company, grade="A")
    thomas.submits(rating_customer="3", rating_selling="4")
    thomas.submits(rating_honesty="3")
    thomas.submits(level_g2="2")
    thomas.clicks("Sales revenue")
    for words in (
        "Target: at least 3,000,000 CNY  ·  no actual value yet",
        "800,000 CNY  ·  At risk",
        "Hamburg may walk away",
        "Somebody for the offers",
        "Promised: Marcus takes two offers a week",
        "Delivered on 26 Feb 2027",
        "Thanks from Marcus Reed: “You saved the Hamburg order”",
    ):
        assert words in thomas.sees()
    thomas.closes()
    thomas.clicks("Account plans")
    assert "It came up in no check-in." in thomas.sees()
    assert "Self-review: A plan per key account" in thomas.sees()


def _helped(session, cycle: Cycle) -> None:
    at = datetime.fromisoformat("2027-02-12T10:00:00-05:00")
    asked = Support("", cycle.id, "U01EMILY", date(2027, 2, 11), "U01THOMAS", at, what="Somebody for the offers")
    kept = support.keep(session, asked)
    promised = {"promise": "Marcus takes two offers a week", "by": "U01MARCUS", "due": date(2027, 2, 26)}
    done = replace(kept, state=Stands.DELIVERED, answered_at=at, delivered_on=date(2027, 2, 26), **promised)
    support.change(session, kept, done)
    thanks = {"words": "You saved the Hamburg order"}
    given = evidence.keep(session, Thanked.KUDOS, "U01MARCUS", "U01EMILY", thanks, at)
    evidence.share(session, given.id, shared=True)


def _checked_in(session, cycle: Cycle) -> None:
    one = Checkin(cycle.id, "U01EMILY", date(2027, 2, 11), manager_id="U01THOMAS")
    at = datetime.fromisoformat("2027-02-11T10:00:00-05:00")
    checkins.begin(session, one, at)
    items = (Item("g1", Decimal(800000), Confidence.AT_RISK),)
    answer = Checkin(cycle.id, "U01EMILY", one.day, Answered.UPDATE, items, note="Hamburg may walk away")
    checkins.answer(session, answer, at)


def test_a_self_review_is_not_seen_before_it_is_sent(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Two minutes: Writing a self-review")
    assert "Look at the whole period" in emily.sees()
    emily.closes()
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="3", rating_selling="4", rating_honesty="3", reason_selling="Won the Hamburg deal")
    managers_are_asked(company)
    thomas.clicks("Review Emily Carter")
    assert "Emily Carter has not sent a self-review yet." in thomas.sees()
    assert "Won the Hamburg deal" not in thomas.sees()


@pytest.mark.parametrize("end", ["1", "5"])
def test_a_rating_at_either_end_needs_a_reason_and_a_day(company: Company, end: str) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    assert "Emily Carter*\nSelf-review sent  ·  Yours: not begun" in thomas.last_words()
    thomas.submits(rating_customer=end, rating_selling="4", reason_customer="Excellent with customers")
    assert "Emily Carter*\nSelf-review sent  ·  Yours: a draft" in thomas.last_words()
    assert thomas.errors == {
        "reason_customer": "A 1 or a 5 needs a reason of about 20 words: what did you see, and when?",
        "day_customer": "On which day was it?",
    }
    thomas.submits(rating_customer=end, rating_selling="4", reason_customer=FULL, day_customer="2026-12-12")
    assert thomas.errors == {"day_customer": "Please choose a day from 4 Jan 2027 to 8 Apr 2027."}
    thomas.submits(rating_customer=end, rating_selling="4", reason_customer=FULL, day_customer="2027-02-12")
    assert "page 2 of 4" in thomas.sees()


def test_a_plain_review_is_sent_and_the_list_says_so(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company)
    rates(thomas, grade="B")
    assert "All there. One last look?" in thomas.sees()
    thomas.submits()
    assert "Your review of Emily Carter is sent." in thomas.sees()
    thomas.closes()
    thomas.closes()
    assert "1 of 2 sent" in thomas.last_words()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert (kept.state, kept.author_id, kept.overall) == (State.SENT, "U01THOMAS", "B")
    assert kept.note("gap_day") == "2027-02-12"


def test_the_employee_learns_nothing_of_it_before_the_release(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    emily = company.person("emily")
    before = [shown(message) for message in emily.messages]
    rates(thomas, grade="B")
    thomas.submits()
    assert [shown(message) for message in emily.messages] == before
    assert not any("Offers" in push or "Keeps every promise" in push for push in emily.pushes + thomas.pushes)


@pytest.mark.parametrize(("own", "given"), [("A", "B"), ("C", "C")])
def test_a_surprising_or_low_grade_asks_for_its_reasons(company: Company, own: str, given: str) -> None:
    cycle = reviews_are_open(company)
    company.knows(lambda session: _checked_in(session, cycle))
    thomas = starts_on_emily(company, grade=own)
    rates(thomas, grade=given)
    assert "reasons, page 1 of 2" in thomas.sees()
    assert "no actual value yet" in thomas.sees()
    thomas.submits(why_g1="Too little", why_g2="Half of the key accounts had no plan by the end")
    assert thomas.errors == {"why_g1": "This grade needs a reason for each indicator, of about 8 words."}
    thomas.submits(
        why_g1="Revenue stayed a third below what we agreed in January",
        why_g2="Half of the key accounts had no plan by the end",
    )
    if own != given:
        thomas.submits(example="The Hamburg order was lost", example_day="2027-03-03", earlier="2027-02-11")
        assert thomas.errors == {"example": "This grade needs about 20 words with an example: what happened?"}
    thomas.submits(example=FULL, example_day="2027-04-20", earlier="2027-02-11")
    assert thomas.errors == {"example_day": "Please choose a day from 4 Jan 2027 to 8 Apr 2027."}
    thomas.submits(example=FULL, example_day="2027-03-03", earlier="2027-02-11")
    assert "Raised in the check-in of 11 Feb 2027." in thomas.sees()
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert kept.sent
    assert kept.note("earlier") == "2027-02-11"


def goes_through_the_gate(thomas: Persona, **heard: str) -> None:
    """Thomas gives the reasons for his grade, and says what the gate asks last."""
    thomas.submits(
        why_g1="Revenue stayed a third below what we agreed in January",
        why_g2="Half of the key accounts had no plan by the end",
    )
    thomas.submits(example=FULL, example_day="2027-03-03", **heard)


def test_not_raised_before_is_recorded(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company, grade="A")
    rates(thomas, grade="C")
    goes_through_the_gate(thomas, earlier="Not raised before")
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert kept.note("earlier") == "not_raised"


def test_a_talk_needs_its_day(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company, grade="A")
    rates(thomas, grade="C")
    goes_through_the_gate(thomas, earlier="In a talk, on the day below")
    assert thomas.errors == {"raised_on": "On which day did you talk about it?"}


def test_reasons_for_a_grade_since_changed_are_not_kept(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company, grade="B")
    rates(thomas, grade="C")
    goes_through_the_gate(thomas, earlier="Not raised before")
    for _ in range(3):
        thomas.clicks("Back")
    assert "page 4 of 4" in thomas.sees()
    assert "A low grade (C, D), or one that differs from these, needs reasons" in thomas.sees()
    thomas.submits(grade="B")
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert kept.overall == "B"
    assert not kept.note("why_g1")


def test_a_self_review_that_changes_meanwhile_closes_the_gate_again(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    thomas = starts_on_emily(company, grade="B")
    rates(thomas, grade="B")
    emily.clicks("Reopen")
    emily.clicks("Back")
    emily.submits(grade="S")
    emily.submits()
    thomas.submits()
    assert "Still needed here" in thomas.sees()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert not kept.sent


def test_many_middle_ratings_and_vague_words_get_a_hint_and_no_refusal(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    for name in ("Emily Carter", "Lena Hoffmann"):
        if name != "Emily Carter":
            thomas.clicks(f"Review {name}")
            thomas.clicks("Write my review")
        thomas.submits(rating_customer="3", rating_selling="3")
        thomas.submits(rating_honesty="3")
        thomas.submits(level_g2="2")
        thomas.submits(
            grade="B", strength="She is always nice to all", gap="She is always nice to all!", gap_day="2027-02-12"
        )
        seen = thomas.sees()
        thomas.submits()
        thomas.closes()
        thomas.closes()
    assert "100% of your ratings are the middle one." in seen
    assert "Which behaviour did you see?" in seen
    assert "Some fields hold the same words." in seen
    assert "All your reviews for 2027 Q1 are sent." in thomas.last_words()


def test_the_gate_speaks_chinese_to_a_chinese_manager(company: Company) -> None:
    reviews_are_open(company)
    yang, li = company.person("yang"), company.person("li")
    yang.clicks("写自评")
    yang.submits(rating_customer="3", rating_selling="4", rating_honesty="3")
    yang.submits(level_g2="2")
    assert "B：80 分及以上，不到 100 分 · 约定的大部分做到了" in yang.sees()
    yang.submits(well="签了两个新客户", not_well="汉堡的订单晚了", grade="A")
    yang.submits()
    company.winds(to="2027-04-08T09:35:00+08:00")
    li.clicks("两分钟：写评价")
    assert "一项一项分开评" in li.sees()
    li.closes()
    li.clicks("评价刘洋")
    assert "目标值：至少 3,000,000 CNY" in li.sees()
    li.clicks("写评价")
    li.submits(rating_customer="3", rating_selling="4")
    li.submits(rating_honesty="3")
    li.submits(level_g2="1")
    li.submits(grade="C", strength="对客户的承诺都兑现了", gap="报价常常晚两三天才发出", gap_day="2027-02-12")
    assert "你预期 C，自评是 A。为了不让人意外，请写下：" in li.sees()
    li.submits(why_g1="差得多", why_g2="一半的重点客户到期末都没有客户计划")
    assert li.errors == {"why_g1": "评这个等级，每个指标都要写理由，13 字左右。"}


def test_the_gate_names_every_grade_that_does_not_agree() -> None:
    def said(own: str, goals: str | None) -> str:
        review = Review("c", "U01EMILY", "U01THOMAS", Kind.MANAGER, overall="C")
        case = SimpleNamespace(review=review, asked=replace(ASKED, own_grade=own), attained=goals)
        return str(why_we_ask(Words("en"), case)["text"]["text"])

    assert "You expect C, the self-review A, and the goals give S." in said("A", "S")
    assert "You expect C, the self-review A. So" in said("A", None)
    assert "You expect C, and the goals give S. So" in said("", "S")
    assert "You expect C. So" in said("C", "C")
