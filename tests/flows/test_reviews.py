"""Reviews: one's own first, then the manager's; every step is kept, and nothing comes as a surprise."""

from datetime import date
from decimal import Decimal

from bot.domain.review import Kind, State
from bot.store import audit, leaves
from tests.company import Company, shown
from tests.open_reviews import (
    managers_are_asked,
    of,
    rates,
    reviews_are_open,
    writes_own,
)


def test_everybody_is_asked_at_half_past_nine_where_they_are(company: Company) -> None:
    reviews_are_open(company)
    emily, yang, mei = company.person("emily"), company.person("yang"), company.person("mei")
    assert "Your self-review for 2027 Q1 is open until Wed 14 Apr." in emily.last_words()
    assert "2027 Q1 的自评已开放，请在4月14日 周三前完成。" in yang.last_words()
    assert mei.messages == []


def test_a_self_review_is_written_in_steps_and_sent(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    writes_own(emily)
    assert "Your self-review is sent." in emily.sees()
    emily.closes()
    assert "Thank you. Your self-review for 2027 Q1 is sent." in emily.last_words()
    kept = of(company, cycle, "U01EMILY", Kind.SELF)
    assert kept is not None
    assert kept.state is State.SENT
    assert kept.competencies == {"customer": 3, "selling": 4, "honesty": 3}
    assert kept.levels == {"g2": Decimal(2)}
    assert kept.overall == "B"
    assert kept.note("well") == "Two new customers signed"


def test_the_anchors_are_read_in_ones_own_language(company: Company) -> None:
    reviews_are_open(company)
    emily, yang = company.person("emily"), company.person("yang")
    emily.clicks("Write my self-review")
    assert "3 · Can say what each key customer wants and shapes the offer to it." in emily.sees()
    yang.clicks("写自评")
    assert "3 · 说得清重点客户要什么，并据此调整方案。" in yang.sees()


def test_what_was_typed_survives_a_closed_window(company: Company) -> None:
    reviews_are_open(company)
    emily = company.person("emily")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="3", rating_selling="4", rating_honesty="3", reason_selling="Won the Hamburg deal")
    emily.closes()
    emily.clicks("Write my self-review")
    assert "page 2 of 3" in emily.sees()
    emily.clicks("Back")
    assert "Won the Hamburg deal" in emily.sees()


def test_an_end_without_an_example_is_refused_under_its_field_and_kept(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="5", rating_selling="4", rating_honesty="3", reason_selling="Won a deal")
    assert emily.errors == {"reason_customer": "A rating at either end needs an example of at least 4 words."}
    draft = of(company, cycle, "U01EMILY", Kind.SELF)
    assert draft is not None
    assert draft.note("reason_selling") == "Won a deal"


def test_the_same_refusal_in_chinese(company: Company) -> None:
    reviews_are_open(company)
    yang = company.person("yang")
    yang.clicks("写自评")
    yang.submits(rating_customer="1", rating_selling="4", rating_honesty="3")
    assert yang.errors == {"reason_customer": "评最高或最低时，请写一个实例，至少 7 个字。"}


def test_a_self_review_can_be_reopened_until_the_managers_is_sent(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_own(emily)
    emily.clicks("Reopen")
    assert "All there. One last look?" in emily.sees()
    emily.submits()
    managers_are_asked(company)
    thomas.clicks("Review Emily Carter")
    thomas.clicks("Write my review")
    rates(thomas, grade="B")
    thomas.submits()
    emily.clicks("Reopen")
    assert "Your manager has sent their review, so yours stands as it is." in emily.sees()
    emily.closes()
    emily.closes()
    emily.clicks("Look at it")
    assert "It stands as it was sent." in emily.sees()
    acts = company.knows(lambda session: [one.record for one in audit.about(session, "U01EMILY")])
    assert acts == [f"review/{cycle.id}/{what}" for what in ("sent", "reopened", "sent")] + [
        f"review/{cycle.id}",
        f"review/{cycle.id}/sent",
    ]


def test_a_reminder_comes_once_after_three_working_days_unless_it_is_sent(company: Company) -> None:
    reviews_are_open(company)
    emily, lena = company.person("emily"), company.person("lena")
    writes_own(emily)
    for day in ("06", "07", "08", "09"):
        company.winds(to=f"2027-04-{day}T09:35:00+02:00")
        company.winds(to=f"2027-04-{day}T09:35:00-04:00")
    again = [message for message in lena.messages if "This is the only reminder." in shown(message)]
    assert len(again) == 1
    assert not [message for message in emily.messages if "reminder" in shown(message)]


def test_who_is_away_is_asked_when_they_are_back(company: Company) -> None:
    company.knows(lambda session: leaves.take(session, "U01EMILY", date(2027, 3, 30), date(2027, 4, 5)))
    reviews_are_open(company)
    emily = company.person("emily")
    assert emily.messages == []
    company.winds(to="2027-04-06T09:35:00-04:00")
    assert "Your self-review for 2027 Q1 is open" in emily.last_words()
