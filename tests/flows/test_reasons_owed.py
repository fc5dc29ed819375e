"""The gate beyond the form: a self-review that comes later, and a grade that the numbers make."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.cycle import Cycle
from bot.domain.gate import covered
from bot.domain.refusal import Refused
from bot.domain.review import Kind, Review
from bot.store import goals, people, results, reviews
from tests.company import Company, Persona, shown
from tests.open_reviews import managers_are_asked, of, rates, reviews_are_open, writes_own
from tests.store.test_together import at_once
from tests.stories import A_FULL_REASON, ended_quarter, planned, reasons_for, reported_values, reviewed

WHYS = {
    "why_g1": "Revenue stayed a third below what we agreed in January",
    "why_g2": "Half of the key accounts had no plan by the end",
}
EXAMPLE = {"example": A_FULL_REASON, "example_day": "2027-03-03"}


def sent_first(company: Company) -> Persona:
    """Thomas has sent his review of Emily, expecting a B, before she wrote hers."""
    managers_are_asked(company)
    thomas = company.person("thomas")
    thomas.clicks("Review Emily Carter")
    thomas.clicks("Write my review")
    rates(thomas, grade="B")
    thomas.submits()
    thomas.closes()
    thomas.closes()
    return thomas


def test_a_self_review_that_comes_later_and_differs_has_the_manager_asked_for_reasons(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas, emily = sent_first(company), company.person("emily")
    writes_own(emily, grade="A")
    company.winds(to="2027-04-09T09:35:00+02:00")
    assert thomas.pushes[-1] == "One grade of 2027 Q1 waits for a few reasons of yours."
    assert "Their self-review came after your review and sees it differently." in thomas.last_words()
    assert not any("reasons" in shown(one) or "Expected grade" in shown(one) for one in emily.messages)
    thomas.opens_home()
    assert "One grade of 2027 Q1 waits for a few reasons of yours." in thomas.home
    thomas.clicks("Give the reasons")
    assert "You expected B.\nThe self-review expects A." in thomas.sees()
    thomas.submits(**WHYS, example="Hamburg was lost", example_day="2027-03-03", earlier="Not raised before")
    assert thomas.errors == {"example": "This grade needs about 20 words with an example: what happened?"}
    thomas.submits(**WHYS, **EXAMPLE, earlier="Not raised before")
    assert any("Thank you. All reasons for 2027 Q1 are there." in shown(one) for one in thomas.messages)
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept
    assert (kept.sent, kept.later["B"]["earlier"], kept.note("earlier")) == (True, "not_raised", "")


def test_a_self_review_that_comes_later_and_agrees_asks_nobody(company: Company) -> None:
    reviews_are_open(company)
    thomas = sent_first(company)
    before = len(thomas.pushes)
    writes_own(company.person("emily"), grade="B")
    company.winds(to="2027-04-09T09:35:00+02:00")
    assert len(thomas.pushes) == before
    thomas.opens_home()
    assert "reasons" not in thomas.home


def test_reasons_that_were_given_later_stand_in_the_review_when_it_is_reopened(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = sent_first(company)
    writes_own(company.person("emily"), grade="A")
    company.winds(to="2027-04-09T09:35:00+02:00")
    thomas.clicks("Give the reasons")
    thomas.submits(**WHYS, **EXAMPLE, earlier="Not raised before")
    thomas.types("/cairn review")
    thomas.clicks("Look at Emily Carter")
    assert "Given later, for the grade *B*" in thomas.sees() or "Given later, for the grade B" in thomas.sees()
    thomas.clicks("Reopen")
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept
    assert (kept.sent, kept.note("why_g1"), kept.later) == (True, WHYS["why_g1"], {})


def test_nothing_freezes_a_review_that_owes_reasons(company: Company) -> None:
    cycle = reviews_are_open(company)
    low = Review(cycle.id, "U01EMILY", "U01THOMAS", Kind.MANAGER, overall="D")
    now = company.slack.clock.now()
    for attained, review in ((None, low), ("D", replace(low, overall="B"))):
        company.knows(lambda session, one=review: reviews.keep(session, one))
        with pytest.raises(Refused, match="still owes reasons"):
            company.knows(lambda session, one=review, by=attained: reviews.send(session, one, now, by))


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("first", Kind)
def test_reviews_that_are_sent_at_once_do_not_pass_each_other_unseen(company: Company, first: Kind) -> None:
    cycle = reviews_are_open(company)
    now = company.slack.clock.now()
    manager = Review(cycle.id, "U01EMILY", "U01THOMAS", Kind.MANAGER, overall="B")
    own = Review(cycle.id, "U01EMILY", "U01EMILY", Kind.SELF, overall="A")

    def sends(review: Review):
        def send(session) -> None:
            reviews.keep(session, review)
            reviews.send(session, review, now, None)

        return send

    pair = [sends(manager), sends(own)]
    if first is Kind.SELF:
        with pytest.raises(Refused, match="still owes reasons"):
            at_once(company.database, *reversed(pair))
    else:
        at_once(company.database, *pair)
        owing = company.knows(lambda session: results.owing(session, cycle.id, now, ["U01EMILY"]))
        assert set(owing) == {"U01EMILY"}


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_review_that_was_sent_on_another_device_is_not_written_over(company: Company) -> None:
    cycle = reviews_are_open(company)
    draft = Review(cycle.id, "U01EMILY", "U01EMILY", Kind.SELF, overall="A")
    company.knows(lambda session: reviews.keep(session, draft))
    with company.database.unit_of_work() as tablet:
        assert reviews.self_review(tablet, cycle.id, "U01EMILY") == draft
        company.knows(lambda session: reviews.send(session, draft, company.slack.clock.now(), None))
        with pytest.raises(Refused, match="has been sent"):
            reviews.keep(tablet, replace(draft, overall="B"))


# After computing ----------------------------------------------------------------------------


def computed(company: Company, *low: str, left: str = "") -> Cycle:
    """Emily and Jonas; of those in `low` their manager expects more than the numbers make. Who left did so before."""
    cycle = ended_quarter(company, "emily", "jonas")
    company.winds(to="2027-04-02T10:00:00+08:00")
    reported_values(company, cycle, "emily", "jonas")
    for name in ("emily", "jonas"):
        if name in low:
            expects(company, cycle, name, "A")
        else:
            reviewed(company, cycle, name)
    if left:
        company.runs(company.slack.alter(company.person(left).id, deleted=True))
    company.winds(to="2027-04-15T21:30:00+08:00")
    planned(company, "scoring.compute", cycle.id)
    return cycle


def expects(company: Company, cycle: Cycle, name: str, grade: str) -> None:
    """The manager rates everything with a 2, expects this grade all the same, and gives no reasons."""
    person = company.person(name).id

    def write(session) -> None:
        ratings = dict.fromkeys(("customer", "selling", "honesty"), 2)
        review = Review(cycle.id, person, "U01THOMAS", Kind.MANAGER, competencies=ratings, overall=grade)
        reviews.keep(session, review)
        reviews.send(session, review, company.slack.clock.now(), None)

    company.knows(write)


def band(company: Company, cycle: Cycle, name: str) -> str:
    found = company.knows(lambda session: results.result(session, cycle.id, company.person(name).id))
    assert found.outcome.band
    return found.outcome.band


def test_a_grade_that_the_numbers_make_is_held_until_its_reasons_are_there(company: Company) -> None:
    cycle = computed(company, "emily")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    given = band(company, cycle, "emily")
    assert given != "A"
    thomas, julia = company.person("thomas"), company.person("julia")
    company.winds(to="2027-04-16T09:35:00+02:00")
    assert "Its grade is low, or differs from yours, from theirs or from that of the goals." in thomas.last_words()
    company.winds(to="2027-04-23T10:00:00+02:00")
    company.knows(lambda session: people.grant(session, "U01EMILY", people.HR))
    company.person("emily").types("/cairn results")
    assert "Emily Carter" not in company.person("emily").sees()
    assert "owes" not in company.person("emily").sees()
    assert "Wait for reasons" not in company.person("emily").sees()
    company.person("emily").closes()
    julia.types("/cairn results")
    assert "One person: Thomas Keller still owes the reasons for the grade.\nEmily Carter" in julia.sees()
    julia.clicks("Release results")
    out = company.knows(lambda session: results.released_in(session, ["U01EMILY", "U01JONAS"]))
    assert [one.person_id for one in out] == ["U01JONAS"]
    julia.closes()
    thomas.clicks("Give the reasons")
    assert f"The result gives {given}.\nYou expected A." in thomas.sees()
    agreed = company.knows(lambda session: goals.agreed_goals(session, cycle.id, "U01EMILY"))
    told = reasons_for([goal.id for goal in agreed], cycle)
    thomas.submits(**{name: words for name, words in told.items() if not name.startswith("strength")})
    assert "Only you see this*\nSome fields hold the same words." in thomas.sees()
    assert told["example"] in thomas.sees()
    thomas.submits(**{name: words for name, words in told.items() if not name.startswith("strength")})
    assert not thomas.modals
    julia.types("/cairn results")
    assert "still owes" not in julia.sees()
    julia.clicks("Release results")
    assert company.knows(lambda session: results.released_in(session, ["U01EMILY"]))
    review = of(company, cycle, "U01EMILY", Kind.MANAGER)
    asked = company.knows(lambda session: reviews.asked_about(session, cycle, ["U01EMILY"], {}, date(2027, 4, 30)))
    assert covered(review, asked["U01EMILY"], given)
    assert not covered(review, asked["U01EMILY"], "D")


def test_the_result_of_somebody_who_left_does_not_wait_for_ever(company: Company) -> None:
    cycle = computed(company, "emily", left="emily")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    thomas, julia = company.person("thomas"), company.person("julia")
    company.winds(to="2027-04-16T09:35:00+02:00")
    assert thomas.pushes[-1] == "One grade of 2027-Q1 waits for a few reasons of yours."
    thomas.clicks("Give the reasons")
    agreed = company.knows(lambda session: goals.agreed_goals(session, cycle.id, "U01EMILY"))
    told = {name: words for name, words in reasons_for([goal.id for goal in agreed], cycle).items() if name[:2] != "st"}
    for _ in range(2):
        thomas.submits(**told)
    company.winds(to="2027-04-23T10:00:00+02:00")
    julia.types("/cairn results")
    assert "owes" not in julia.sees()
    julia.clicks("Release results")
    assert company.knows(lambda session: results.released_in(session, ["U01EMILY"]))


def test_nothing_is_released_when_every_grade_waits_for_reasons(company: Company) -> None:
    cycle = computed(company, "emily", "jonas")
    company.winds(to="2027-04-23T10:00:00+08:00")
    now = company.slack.clock.now()
    with pytest.raises(Refused, match="Managers still owe the reasons"):
        company.knows(lambda session: results.release(session, cycle.id, by="U01MEI", at=now))
    mei = company.person("mei")
    mei.opens_home()
    assert "等待发布" not in mei.home
    mei.types("/cairn results")
    assert "2 人：等 Thomas Keller 写明评这个等级的理由。" in mei.sees()


def test_only_whoever_reviews_gives_the_reasons(company: Company) -> None:
    cycle = computed(company, "emily")
    for who in ("li", "emily", "mei"):
        with company.database.unit_of_work() as session:
            turn = company.cairn.desk.turn(session, people.get(session, company.person(who).id))
            turn.carry = f"{cycle.id}/U01EMILY"
            with pytest.raises(Refused, match="not yours to do"):
                company.cairn.desk.flows.steps["reviews.explain"](turn)
