"""Who may write and read a review, and until when."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.cycle import Cycle
from bot.domain.org import Stint
from bot.domain.refusal import Refused
from bot.domain.review import Kind, Review
from bot.handlers.reviews.case import case_of
from bot.store import audit, people, reviews
from tests.company import Company, shown
from tests.open_reviews import (
    managers_are_asked,
    of,
    rates,
    reviews_are_open,
    starts_on_emily,
    writes_own,
)


@pytest.mark.parametrize("who", ["U01MEI", "U01JULIA", "U01QIANG", "U01LENA", "U01EMILY"])
def test_nobody_but_the_manager_writes_a_managers_review(company: Company, who: str) -> None:
    cycle = reviews_are_open(company)
    refused(company, who, cycle, Kind.MANAGER, "This is not yours to do.")


@pytest.mark.parametrize("who", ["U01MEI", "U01THOMAS", "U01LENA"])
def test_nobody_but_oneself_writes_ones_self_review(company: Company, who: str) -> None:
    cycle = reviews_are_open(company)
    refused(company, who, cycle, Kind.SELF, "This is not yours to do.")


def refused(company: Company, who: str, cycle: Cycle, kind: Kind, words: str) -> None:
    """Somebody is refused Emily's review, whatever brings them there."""

    def tries(session) -> None:
        person = people.get(session, who)
        assert person is not None
        case_of(company.cairn.desk.turn(session, person), cycle.id, "U01EMILY", kind)

    with pytest.raises(Refused, match=words):
        company.knows(tries)


def test_hr_reads_what_was_sent_and_the_audit_says_so(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company)
    julia = company.person("julia")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    rates(thomas, grade="B")
    julia.types("/cairn reviews")
    julia.submits(whose="U01EMILY")
    assert "Two new customers signed" in julia.sees()
    assert "The manager has not sent a review yet." in julia.sees()
    thomas.submits()
    julia.closes()
    julia.types("/cairn reviews")
    julia.submits(whose="U01EMILY")
    assert "Offers often come too late" in julia.sees()
    looked = company.knows(
        lambda session: [one for one in audit.about(session, "U01EMILY") if one.actor_id == "U01JULIA"]
    )
    assert [(one.act, one.record) for one in looked] == [("see_review", f"review/{cycle.id}")] * 2


def test_hr_is_told_when_there_is_nothing_to_read(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn reviews")
    mei.submits(whose="U01JIANGUO")
    assert mei.errors == {"whose": "还没有关于此人的评价。"}


def test_only_hr_reads_anybodys_reviews(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn reviews")
    assert "This is not yours to do." in emily.last_words()


def test_of_their_own_reviews_hr_reads_the_self_review_alone(company: Company) -> None:
    cycle = reviews_are_open(company)
    company.knows(lambda session: people.grant(session, "U01EMILY", people.HR))
    thomas = starts_on_emily(company)
    rates(thomas, grade="B")
    thomas.submits()
    emily = company.person("emily")
    emily.closes()
    emily.types("/cairn reviews")
    emily.submits(whose="U01EMILY")
    assert "Two new customers signed" in emily.sees()
    assert "Offers often come too late" not in emily.sees()
    assert of(company, cycle, "U01EMILY", Kind.MANAGER) is not None


def test_a_new_manager_may_review_whom_they_lead_today(company: Company) -> None:
    reviews_are_open(company)
    moved = Stint("U01EMILY", "Sales", "Senior account manager", "U01LI", date(2027, 3, 1))
    company.knows(lambda session: people.place(session, moved))
    managers_are_asked(company)
    li, thomas = company.person("li"), company.person("thomas")
    li.types("/cairn review")
    li.clicks("评价 Emily Carter")
    li.clicks("写评价")
    li.submits(rating_customer="3", rating_selling="4")
    thomas.clicks("Review Emily Carter")
    assert "陈丽 is writing this review, or has sent it." in thomas.sees()


def test_two_who_begin_one_review_at_once_do_not_write_over_each_other(company: Company) -> None:
    cycle = reviews_are_open(company)
    theirs = Review(cycle.id, "U01EMILY", "U01THOMAS", Kind.MANAGER, notes={"gap": "Half an hour of writing"})
    company.knows(lambda session: reviews.keep(session, theirs))
    meanwhile = replace(theirs, author_id="U01LI", notes={})
    with pytest.raises(Refused, match="is writing this review"):
        company.knows(lambda session: reviews.keep(session, meanwhile))
    company.knows(lambda session: reviews.keep(session, meanwhile, begun_by="U01THOMAS"))  # who saw it, and may go on
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept
    assert kept.author_id == "U01LI"


def test_after_the_last_day_nothing_changes_any_more(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_own(emily)
    managers_are_asked(company)
    thomas.clicks("Review Emily Carter")
    company.winds(to="2027-04-15T09:35:00-04:00")
    thomas.clicks("Write my review")
    assert "Reviews closed on 14 Apr 2027; what was sent stands as it is." in thomas.sees()
    emily.clicks("Reopen")
    assert "Reviews closed on 14 Apr 2027" in emily.sees()
    kept = of(company, cycle, "U01EMILY", Kind.SELF)
    assert kept is not None
    assert kept.sent


def test_before_the_reviews_open_the_command_says_so(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn review")
    assert "No review is open for you now." in emily.last_words()


def test_the_command_opens_ones_own_first_and_then_the_team(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn review")
    assert "page 1 of 3" in emily.sees()
    thomas.types("/cairn review")
    assert "Your reviews for 2027 Q1 are open until Wed 14 Apr." in thomas.last_words()


def test_what_waits_is_the_one_thing_to_do_now(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn")
    assert "Write your self-review for 2027 Q1, until Wed 14 Apr." in emily.last_words()
    managers_are_asked(company)
    thomas.opens_home()
    assert "2 reviews for 2027 Q1 wait for you." in thomas.home


def test_a_manager_is_reminded_once(company: Company) -> None:
    reviews_are_open(company)
    managers_are_asked(company)
    thomas = company.person("thomas")
    for day in ("12", "13", "14"):
        company.winds(to=f"2027-04-{day}T09:35:00+02:00")
    again = [message for message in thomas.messages if "2 reviews for 2027 Q1 wait" in shown(message)]
    assert len(again) == 1
    thomas.clicks("Show my reviews")
    assert "0 of 2 sent" in thomas.sees()
    thomas.clicks("Review Lena Hoffmann")
    assert "Lena Hoffmann has not sent a self-review yet." in thomas.sees()
    thomas.clicks("Write my review")
    assert "Lena Hoffmann · page 1 of 4" in thomas.sees()


def test_a_strength_that_is_too_short_hears_what_is_missing(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    rates(thomas, grade="B", strength="Very kind", gap="Late")
    assert thomas.errors == {
        "strength": "Please write the strength as a full sentence: what did you see? At least 4 words.",
        "gap": "Please write the gap as a full sentence with an example. At least 4 words.",
    }
