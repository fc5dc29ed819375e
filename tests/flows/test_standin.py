"""A manager is away: somebody stands in, with the same duties, for these days, and never about themself."""

from datetime import date

from bot.domain.review import Kind
from bot.domain.stand_in import StandIn
from bot.store import leaves, people, stand_ins
from tests.company import Company, Persona, shown
from tests.open_reviews import managers_are_asked, of, rates, reviews_are_open, starts_on_emily
from tests.stories import placed_people
from tests.working_quarters import asked, presses, updates


def stands_in(company: Company, other: str, first: str, last: str, *, manager: str = "U01THOMAS") -> StandIn:
    """Behind everybody's back."""
    new = StandIn("", manager, other, date.fromisoformat(first), date.fromisoformat(last), manager)
    return company.knows(lambda session: stand_ins.name(session, new, company.slack.clock.now()))


def names(thomas: Persona, other: Persona, first: str, last: str, label: str = "Name a stand-in") -> None:
    thomas.types("/cairn standin")
    thomas.clicks(label)
    thomas.submits(stand_in=other.id, first=first, last=last)


def test_a_stand_in_goes_on_with_the_draft_sends_it_under_their_name_and_it_comes_back(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas, lena, emily, mei = (company.person(name) for name in ("thomas", "lena", "emily", "mei"))
    starts_on_emily(company)
    thomas.submits(rating_customer="3", rating_selling="4")
    thomas.closes()
    company.knows(lambda session: leaves.take(session, thomas.id, date(2027, 4, 9), date(2027, 4, 12)))
    thomas.types("/cairn calendar")
    thomas.clicks("Name a stand-in")
    assert thomas.modal["blocks"][1]["element"]["initial_date"] == "2027-04-09", "the days away are filled in"
    thomas.submits(stand_in=lena.id, first="2027-04-09", last="2027-04-12")
    assert "*Lena Hoffmann* stands in for *Thomas Keller*" in thomas.sees()
    assert lena.pushes[-1] == "You stand in for Thomas Keller."
    assert "For: Emily Carter" in lena.last_words()
    assert "Lena Hoffmann" not in lena.last_words(), "nobody stands in about themself"
    assert "This is not yours to do." in presses(company, "reviews.open_report", lena, f"{cycle.id}/U01EMILY")

    company.winds(to="2027-04-09T09:35:00-04:00")
    assert emily.pushes[-1] == "Lena Hoffmann stands in for Thomas Keller, who is away."
    lena.clicks("Review Emily Carter")
    lena.clicks("Go on with my review")
    assert "page 2 of 4" in lena.sees(), "what he began goes on"
    lena.submits(rating_honesty="3")
    assert "is writing this review" in presses(company, "reviews.open_report", thomas, f"{cycle.id}/U01EMILY")
    lena.submits(level_g2="2")
    lena.submits(strength="Keeps every promise made", gap="Offers often come too late", gap_day="2027-02-12", grade="B")
    lena.submits()
    lena.closes()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept
    assert (kept.author_id, kept.sent) == (lena.id, True)
    assert "This is not yours to do." in presses(company, "reviews.open_report", lena, f"{cycle.id}/U01LENA")

    mei.types("/cairn reviews")
    mei.submits(whose="U01EMILY")
    assert "撰写人：Lena Hoffmann，代理 Thomas Keller" in mei.sees()
    company.winds(to="2027-04-13T09:35:00+02:00")
    assert thomas.pushes[-1] == "Lena Hoffmann no longer stands in for you."
    assert any("You no longer stand in for Thomas Keller." in shown(one) for one in lena.messages)
    assert "This is not yours to do." in presses(company, "reviews.open_report", lena, f"{cycle.id}/U01EMILY")
    thomas.types("/cairn review")
    thomas.clicks("Look at Emily Carter")
    assert "Written by Lena Hoffmann, standing in for Thomas Keller" in thomas.sees()
    thomas.clicks("Reopen")
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept
    assert (kept.author_id, kept.competencies["honesty"]) == (thomas.id, 3), "nothing is lost"


def test_check_ins_and_requests_go_to_the_stand_in_and_back(company: Company) -> None:
    asked(company, "emily", "lena")
    emily, lena, thomas, qiang = (company.person(name) for name in ("emily", "lena", "thomas", "qiang"))
    stands_in(company, qiang.id, "2027-01-22", "2027-01-26")
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list", help=["Price or terms"])
    updates(lena, note="All quiet")
    company.winds(to="2027-01-22T09:30:00+08:00")
    assert "No access to the new price list" in qiang.sees()
    assert "Lena Hoffmann" in qiang.sees()
    assert thomas.messages == []
    qiang.clicks("看过了")
    assert "王强 has read it" in emily.last_words()
    company.winds(to="2027-01-27T12:00:00+01:00")
    thomas.opens_home()
    assert "Emily Carter waits for your help" in thomas.home, "what is still open is with the manager again"
    qiang.opens_home()
    assert "Emily" not in qiang.home


def test_nobody_stands_in_who_cannot_and_who_was_named_may_end_it(company: Company) -> None:
    placed_people(company)
    thomas, lena, li, mei = (company.person(name) for name in ("thomas", "lena", "li", "mei"))
    stands_in(company, li.id, "2027-02-01", "2027-02-10", manager="U01QIANG")
    for other, first, last, field in (
        (thomas, "2027-02-01", "2027-02-05", "stand_in"),
        (lena, "2027-02-05", "2027-02-01", "last"),
        (lena, "2026-02-05", "2026-02-06", "last"),
        (lena, "2027-02-05", "2028-12-01", "last"),
    ):
        names(thomas, other, first, last)
        assert list(thomas.errors) == [field]
        thomas.closes()
    names(li, thomas, "2027-02-03", "2027-02-05", "指定代理人")
    assert list(li.errors) == ["first"], "li stands in for somebody else then"
    names(thomas, company.person("qiang"), "2027-02-03", "2027-02-05")
    assert "stand_in" in thomas.errors, "somebody stands in for him then"
    thomas.submits(stand_in=lena.id, first="2027-02-03", last="2027-02-05")
    company.winds(to="2027-02-03T09:35:00+01:00")
    lena.clicks("End it")
    company.winds(to="2027-02-03T12:00:00+01:00")
    assert thomas.pushes[-1] == "Lena Hoffmann cannot stand in for Thomas Keller on the days that were named."
    company.winds(to="2027-02-04T09:35:00+08:00")
    assert "Lena Hoffmann 无法在所定的日子里代理 Thomas Keller。" in mei.pushes
    lena.types("/cairn standin")
    assert "Nobody stands in for anybody now." in lena.sees()


def test_hr_names_somebody_for_a_manager_who_left(company: Company) -> None:
    cycle = reviews_are_open(company)
    mei, lena, qiang = (company.person(name) for name in ("mei", "lena", "qiang"))
    managers_are_asked(company)
    company.knows(lambda session: people.keep_member(session, gone("U01THOMAS")))
    mei.types("/cairn standin")
    mei.clicks("指定代理人")
    mei.submits(whom="U01THOMAS", stand_in="U01QIANG", first="2027-04-08", last="2027-04-30")
    company.winds(to="2027-04-09T09:35:00+02:00")
    qiang.clicks("评价 Lena Hoffmann")
    qiang.clicks("写评价")
    rates(qiang, grade="B")
    qiang.submits()
    assert of(company, cycle, lena.id, Kind.MANAGER).author_id == qiang.id


def gone(person_id: str) -> people.Member:
    return people.Member(person_id, "Thomas Keller", "", "en-GB", "Europe/Berlin", owner=False, takes_part=False)
