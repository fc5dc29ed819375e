"""Whom to ask: who is suggested and why, and colleagues of other departments who are served."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.domain.cascade import Cut, Objective
from bot.domain.cascade import Support as Carries
from bot.domain.measure import Direction
from bot.domain.support import State, Support
from bot.store import objectives, released, support
from tests.company import Company
from tests.peer_rounds import CLOSING, ids, launched, proposing
from tests.stories import placed_people

SERVED = ("emily", "marcus", "fan", "ting")
PEERS = ("lin", "paul", "maria", "xue")
TOPICS = ("speed", "politeness", "promises", "thrift")
GOOD = "The sample was missing on a Friday; she drove to the depot and brought it before the fair opened."


def test_who_shares_an_objective_or_gave_support_is_suggested_with_the_reason(company: Company) -> None:
    cycle_id, emily = proposing(company)
    first, last = date(2027, 1, 1), date(2027, 3, 31)

    def know(session) -> None:
        days = (first, last)
        one = Objective("o1", "Revenue", "", Cut.COMPANY, "U01THOMAS", "$", Direction.HIGHER, Decimal(9), *days)
        objectives.create(session, one)
        objectives.create(session, replace(one, id="o2", owner_id="U01FAN"))
        session.add(objectives.PartRow(child_id="o2", parent_id="o1", share=Decimal(100)))
        for who, part in zip(ids(company, "emily", "fan", "marcus"), ("o1", "o2", "o1"), strict=True):
            objectives.support(session, Carries(part, cycle_id, who, "g1", Decimal(100)))
        at = datetime(2027, 2, 1, 9, tzinfo=UTC)
        asked = Support("s1", cycle_id, emily.id, first, "U01THOMAS", at, ("time",), "A demo", State.DELIVERED)
        support.keep(session, replace(asked, by="U01DAVID"))

    company.knows(know)
    emily.clicks("Propose colleagues")
    words = emily.sees()
    assert words.index("Marcus Reed: shares an objective, same team") < words.index("杨帆: shares an objective")
    assert "David Kim: one of you supported the other" in words
    assert words.index("David Kim") < words.index("Lena")
    assert emily.modal["blocks"][1]["element"]["initial_users"][0] == company.person("marcus").id
    assert "Thomas Keller:" not in words


def test_departments_served_rate_logistics_as_a_group_of_their_own_in_both_languages(company: Company) -> None:
    placed_people(company)
    cycle_id = launched(company, company.person("greta").id, department="logistics")
    greta, haitao, marcus, fan = (company.person(name) for name in ("greta", "haitao", "marcus", "fan"))
    assert "Choose 4 to 8 people" in greta.sees()
    greta.clicks("Propose colleagues")
    greta.submits(raters=ids(company, *SERVED[:3], *PEERS))
    assert "Please choose 4 or more from the group “Departments served”, or nobody" in greta.errors["raters"]
    greta.submits(raters=ids(company, *SERVED, *PEERS))
    company.winds(to="2027-04-02T10:00:00+08:00")
    assert "Marcus Reed，所服务的部门，没有其他反馈邀请" in haitao.sees()
    haitao.clicks("修改")
    haitao.submits(raters=ids(company, *SERVED, *PEERS[:3]))
    assert "“同事”一组请至少选 4 人，或者不选" in haitao.errors["raters"]
    haitao.submits(raters=ids(company, *SERVED, *PEERS))
    company.winds(to="2027-04-02T10:00:00-04:00")
    marcus.clicks("Start", near="Greta Lang")
    assert "Your answer counts in the group “Departments served”." in marcus.sees()
    assert "I get an answer the same day." in marcus.sees()
    marcus.submits(**dict.fromkeys(TOPICS, "4"), behaviour=GOOD)
    company.person("emily").clicks("Start", near="Greta Lang")
    company.person("emily").submits(**dict.fromkeys(TOPICS, "5"), behaviour=GOOD)
    fan.clicks("开始", near="Greta Lang")
    assert "你的回答计入“所服务的部门”这一组" in fan.sees()
    for name in ("fan", "ting"):
        customer = company.person(name)
        if name != "fan":
            customer.clicks("开始", near="Greta Lang")
        customer.submits(**dict.fromkeys(TOPICS, "3"), behaviour="样品周五缺货，她当天开车去仓库取来，赶上了开展。")
    company.winds(to=CLOSING)
    (group,) = company.knows(lambda session: released.summary(session, cycle_id, greta.id))
    assert (group.group, group.invited, group.n) == ("internal_customer", 4, 4)
    assert "Departments served: Enough people answered" in greta.sees()
    assert "所服务的部门：" in haitao.sees()
