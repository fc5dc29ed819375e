"""Whoever leads somebody today looks after the feedback on them, and nobody else keeps a card that asks for it."""

from datetime import date

from bot.domain.org import Stint
from bot.store import people
from tests.company import Company, shown
from tests.flows.test_standin import stands_in
from tests.peer_rounds import LATER, TEAM, asked, ids, proposing


def test_what_a_stand_in_approved_is_with_the_manager_who_is_back(company: Company) -> None:
    _, emily = proposing(company)
    thomas, qiang, sofia = (company.person(name) for name in ("thomas", "qiang", "sofia"))
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, "marcus", "lena", "jonas", "sofia"))
    stands_in(company, qiang.id, "2027-04-02", "2027-04-05")
    company.winds(to="2027-04-02T10:00:00+08:00")
    qiang.opens_home()
    qiang.clicks("看一下")
    qiang.submits()
    assert "已邀请 4 人为 Emily Carter 写反馈。" in qiang.last_words()
    assert [shown(one) for one in thomas.messages] == ["王强 now looks after the feedback on Emily Carter."]
    company.winds(to="2027-04-06T10:00:00+02:00")
    sofia.clicks("Decline")
    sofia.submits(reason="no_time")
    assert "Sofia Rossi cannot give feedback on Emily Carter." in thomas.sees()
    assert "3 people are asked for feedback on Emily Carter." in thomas.sees()
    thomas.clicks("Ask somebody else")
    thomas.submits(raters=ids(company, "pierre"))
    assert "Asked instead: Pierre Lambert" in thomas.sees()
    assert "4 people are asked for feedback on Emily Carter." in thomas.sees()
    assert "Sofia" not in qiang.sees()
    assert "Emily Carter 的同事反馈现在由 Thomas Keller 负责。" in qiang.sees()
    company.winds(to=LATER)
    assert "The feedback round on Emily Carter is closed." in thomas.sees()
    assert "已结束" not in qiang.last_words()


def test_a_new_manager_hears_who_declines_and_how_many_have_answered(company: Company) -> None:
    asked(company, *TEAM, "qiang")
    thomas, li, sofia = (company.person(name) for name in ("thomas", "li", "sofia"))
    company.winds(to="2027-04-02T10:00:00-04:00")
    company.knows(lambda session: people.place(session, Stint("U01EMILY", "Sales", "", li.id, date(2027, 4, 3))))
    company.winds(to="2027-04-05T10:00:00+02:00")
    sofia.clicks("Decline")
    sofia.submits(reason="no_time")
    company.winds(to="2027-04-06T10:00:00+08:00")
    assert "Sofia Rossi 无法为 Emily Carter 写反馈。" in li.sees()
    assert "Sofia" not in thomas.sees()
    company.winds(to="2027-04-07T10:00:00+08:00")
    assert "最初受邀的同事中，目前已有 0% 作答。" in li.sees()
    assert "陈丽 now looks after the feedback on Emily Carter." in thomas.sees()


def test_who_stands_in_until_the_review_is_not_asked_in_confidence_too(company: Company) -> None:
    _, emily = proposing(company)
    lena = company.person("lena")
    stands_in(company, lena.id, "2027-04-09", "2027-04-12")
    emily.clicks("Propose colleagues")
    assert "Lena Hoffmann" not in emily.sees()
    emily.submits(raters=ids(company, *TEAM))
    assert emily.errors == {"raters": "Lena Hoffmann reviews this work as the manager already."}
    emily.submits(raters=ids(company, "marcus", "jonas", "sofia", "pierre"))
    assert "Thomas Keller looks at your list next" in emily.sees()
