"""Improving how results are scored: weights, mix, grades and caps of the next cycle, never of the one that runs."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cycle import Cycle, Stage
from bot.domain.process_change import State
from bot.domain.proof import mistakes
from bot.domain.score_rules import RULES
from bot.domain.template import Group, RaterGroup, Template, Text
from bot.domain.template_document import document_of
from bot.domain.template_reading import parse_template
from bot.sources.templates import shipped
from bot.store import cycles, export, people, process_changes, templates
from bot.store.results import ResultRow
from tests.company import Company, Persona
from tests.flows.test_process import WHY, launches, looked_back
from tests.forging import Forger
from tests.stories import agreed_goals_for, planned

SALES = shipped()["sales"]
WEIGHTS = {"revenue": 30, "growth": 10, "orders": 20, "visits": 10, "satisfaction": 20, "complaint_rate": 10}
BANDS = {"S": 112, "A": 100, "B": 85, "C": 60}
MIX = {"goals": 60, "competency": 30, "peer": 10, "internal_customer": 0}


@pytest.fixture
def mei(company: Company) -> Persona:
    """HR, on the day after the quarter was looked back on."""
    looked_back(company)
    company.winds(to="2027-05-17T15:00:00+08:00")
    return company.person("mei")


def asks_for(mei: Persona, path: str, values: dict[str, int] | int) -> None:
    """HR proposes another value, or several at once."""
    while mei.modals:
        mei.closes()
    mei.types("/cairn process")
    mei.clicks("提议一项改动")
    mei.submits(field=path)
    several = values if isinstance(values, dict) else {}
    given = {f"after_{name}": str(n) for name, n in several.items()} or {"after": str(values)}
    mei.submits(**given, why=WHY)


def decides(company: Company, state: str = "accepted") -> list[str]:
    """Felix decides all that waits; gives what he was told where that was refused."""
    form = {"state": {"type": "radio_buttons", "selected_option": {"value": state}},
            "reason": {"type": "plain_text_input", "value": "Tried it in one team"}}  # fmt: skip
    waiting = company.knows(lambda session: process_changes.in_state(session, [State.PROPOSED]))
    felix = Forger(company, "U01FELIX")
    return [felix.reads("process.decide", one.id, form) for one in waiting]


def rules_of(company: Company, cycle: Cycle, name: str) -> dict[str, Any]:
    """The rules by which somebody's result in a cycle was computed, anew as of now."""
    planned(company, "scoring.compute", cycle.id)
    person_id = company.person(name).id
    return company.knows(lambda session: session.get(ResultRow, (cycle.id, person_id)).rules)


def quarter(company: Company, name: str) -> Cycle:
    return company.knows(lambda session: next(one for one in cycles.every(session) if one.name == name))


def test_weights_mix_grades_and_caps_begin_with_the_next_cycle_and_not_before(company: Company, mei: Persona) -> None:
    felix, emily = company.person("felix"), company.person("emily")
    asks_for(mei, "weights/sales", WEIGHTS)
    asks_for(mei, "mix/sales", MIX)
    asks_for(mei, "score/bands", BANDS)
    asks_for(mei, "score/item_cap", 150)
    page = mei.sees()
    for line in (
        "模板“销售部”中各指标的权重（%）：销售额由 35 改为 30、订单签订数由 15 改为 20",
        "模板“销售部”中结果由什么构成（%）：目标由 70 改为 60、能力由 20 改为 30",
        "各等级的起始分：S 由 110 改为 112、B 由 80 改为 85",
        "单个目标的封顶（%）：从“120”改为“150”",
    ):
        assert line in page
    company.winds(to="2027-05-18T15:00:00+02:00")
    felix.types("/cairn process")
    told = felix.sees()
    assert "in percent: Sales revenue 30 instead of 35, Orders signed 20 instead of 15" in told
    assert "Percent at which one goal is capped: from “120” to “150”" in told
    assert decides(company) == [""] * 4
    old = quarter(company, "2027-Q1")
    assert quarter(company, "2027-Q1").rules.hash == RULES.hash

    company.winds(to="2027-06-28T15:00:00+08:00")
    new, last = launches(company)
    assert "S 由 110 改为 112、B 由 80 改为 85" in last
    emily.opens_home()
    assert "Points from which a grade begins: S 112 instead of 110, B 85 instead of 80" in emily.home
    assert "Sales, in percent" not in emily.home
    kept = company.knows(lambda session: process_changes.adopted_in(session, new.id))
    assert {one.path for one in kept} == {"weights/sales", "mix/sales", "score/bands", "score/item_cap"}
    agreed = agreed_goals_for(company, "emily")
    assert {one.kpi: int(one.weight) for one in agreed} == WEIGHTS

    before = rules_of(company, old, "emily")
    company.winds(to=f"{new.opens[Stage.CALIBRATING]}T23:00:00+08:00")
    after = rules_of(company, new, "emily")
    assert [one["lower"] for one in before["bands"]][:3] == ["1.1E+2", "1E+2", "8E+1"]
    assert before["item_cap"] == "1.2"
    assert [one["lower"] for one in after["bands"]][:3] == ["112", "1E+2", "85"]
    assert (after["item_cap"], after["mix"]["goals"], after["mix"]["manager"]) == ("1.5", "6E+1", "3E+1")
    document = company.knows(lambda session: export.results_of(session, new))
    assert mistakes(document) == []
    assert RULES.hash not in {one["rules_hash"] for one in document["results"]}


def test_each_change_that_waits_says_what_it_is_about(company: Company, mei: Persona) -> None:
    felix = company.person("felix")
    asks_for(mei, "weights/sales", WEIGHTS)
    asks_for(mei, "score/item_cap", 150)
    felix.opens_home()
    waits = "A change of the process waits for your decision: "
    assert f"{waits}Weights of the measures in the template “Sales”, in percent" in felix.home
    felix.clicks("Look", near=f"{waits}Percent at which one goal is capped")
    assert "from “120” to “150”" in felix.sees()
    felix.closes()
    company.knows(lambda session: people.choose_language(session, felix.id, "zh"))
    felix.opens_home()
    assert "有一项流程改动等你决定：单个目标的封顶（%）" in felix.home


def test_what_does_not_add_up_is_said_under_its_input_and_nothing_is_kept(company: Company, mei: Persona) -> None:
    for path, values, field, said in (
        ("weights/sales", WEIGHTS | {"revenue": 31}, "after_revenue", "合计必须是 100，现在是 101"),
        ("mix/sales", MIX | {"peer": 30, "competency": 10}, "after_goals", "最多占 20%"),
        ("mix/sales", MIX | {"internal_customer": 10, "peer": 0}, "after_goals", "这样改之后模板不成立"),
        ("score/bands", BANDS | {"A": 85}, "after_S", "85"),
        ("score/bands", BANDS | {"S": 130}, "after_S", "S 要从 130 分开始，而目标最多只有 120 分"),
        ("score/total_cap", 105, "after", "S 要从 110 分开始，而目标最多只有 105 分"),
        ("score/bonus_cap", 10, "after", "现在就是这样"),
    ):
        asks_for(mei, path, values)
        assert said in mei.errors.get(field, ""), (path, mei.errors)
    assert company.knows(lambda session: process_changes.in_state(session, [*State])) == []


def test_what_was_accepted_already_counts_and_a_contradiction_is_not_accepted(company: Company, mei: Persona) -> None:
    asks_for(mei, "score/total_cap", 115)
    asks_for(mei, "score/bands", BANDS | {"S": 118})
    refused = decides(company)
    assert refused[0] == ""
    assert "S would begin at 118 points, and goals bring 115 at most." in refused[1]
    assert decides(company, "declined") == [""]
    asks_for(mei, "score/bands", BANDS | {"S": 118})
    assert "S 要从 118 分开始，而目标最多只有 115 分" in mei.errors["after_S"]
    asks_for(mei, "score/bands", BANDS)
    assert decides(company) == [""]
    company.winds(to="2027-06-28T15:00:00+08:00")
    new, _ = launches(company)
    kept = quarter(company, new.name).rules
    assert (kept.total_cap, kept.bands[0].lower) == (115, 112)


def test_a_template_that_was_edited_by_hand_meanwhile_stays_as_it_is(company: Company, mei: Persona) -> None:
    asks_for(mei, "weights/sales", WEIGHTS)
    asks_for(mei, "mix/sales", MIX)
    assert decides(company) == ["", ""]
    kpis = tuple(replace(kpi, weight=kpi.weight + {"growth": 5, "visits": -5}.get(kpi.id, 0)) for kpi in SALES.kpis)
    by_hand = edited(company, 2, kpis=kpis, mix=replace(SALES.mix, goals=75, competency=15))
    company.winds(to="2027-06-28T15:00:00+08:00")
    new, _ = launches(company)
    assert company.knows(lambda session: process_changes.adopted_in(session, new.id)) == []
    overtaken = company.knows(lambda session: process_changes.in_state(session, [State.OVERTAKEN]))
    assert {one.path for one in overtaken} == {"weights/sales", "mix/sales"}
    taker = company.knows(lambda session: cycles.participant(session, new.id, "U01EMILY"))
    assert taker.template == by_hand.content_hash


def edited(company: Company, version: int, **parts: Any) -> Template:
    """HR made this version of the template by hand."""
    made, now = replace(SALES, version=version, **parts), company.slack.clock.now()
    document = document_of(parse_template(document_of(made)))
    company.knows(lambda session: templates.keep(session, made.content_hash, "sales", document, now, by="U01MEI"))
    return made


def test_a_mix_that_the_template_no_longer_bears_is_not_adopted(company: Company, mei: Persona) -> None:
    served = RaterGroup(Group.INTERNAL_CUSTOMER, Text("Departments served", "所服务的部门"), 3, 5)
    edited(company, 2, raters=(*SALES.raters, served))
    asks_for(mei, "mix/sales", MIX | {"competency": 20, "internal_customer": 10})
    assert "部门的反馈由 0 改为 10" in mei.sees()
    assert decides(company) == [""]
    edited(company, 3)
    company.winds(to="2027-06-28T15:00:00+08:00")
    new, _ = launches(company)
    assert company.knows(lambda session: process_changes.adopted_in(session, new.id)) == []
    (overtaken,) = company.knows(lambda session: process_changes.in_state(session, [State.OVERTAKEN]))
    assert overtaken.path == "mix/sales"


def test_a_cycle_after_the_next_keeps_what_was_adopted_once(company: Company, mei: Persona) -> None:
    asks_for(mei, "score/bonus_cap", 5)
    decides(company)
    company.winds(to="2027-06-28T15:00:00+08:00")
    third, _ = launches(company)
    company.winds(to="2027-09-27T15:00:00+08:00")
    fourth, last = launches(company)
    assert third.id != fourth.id
    assert "与上次相比的改动" not in last
    assert fourth.rules.bonus_cap == 5
    assert company.knows(lambda session: process_changes.adopted_in(session, fourth.id)) == []
