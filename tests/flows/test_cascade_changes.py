"""Objectives that change hands, shares and numbers, and what is refused."""

import itertools

import pytest

from bot.slack.flow import Kind
from bot.store import audit, objectives, people
from tests.cascades import TITLE, company_objective, everybody_hears, gives, split_to_thomas
from tests.company import Company
from tests.flows.test_pressed_at_once import presses
from tests.forging import Forger, all_text, everything, steps
from tests.goal_talks import press
from tests.objective_trees import linked, one_of, supports

# Several parents, changes -------------------------------------------------------------------


def test_a_part_may_count_for_two_objectives_but_never_twice(placed: Company) -> None:
    thomas, qiang, li = split_to_thomas(placed), placed.person("qiang"), placed.person("li")
    gives(qiang, li, "30000000", cut="product_line", part="Solar")
    qiang.clicks("打开", near="Europe and Americas")
    qiang.clicks("同时支持…")
    assert f"{TITLE} · Sales：100%" in qiang.sees()
    qiang.submits(objective=f"{TITLE} · Solar（陈丽）", share="40")
    assert "140%" in qiang.errors["share"]
    qiang.submits(objective=f"{TITLE} · Sales（王强）", share="60")
    qiang.clicks("同时支持…")
    qiang.submits(objective=f"{TITLE} · Solar（陈丽）", share="40")
    everybody_hears(placed)
    thomas.closes()
    thomas.clicks("Show")  # the third thing in a week is gathered
    assert f"40 % of “{TITLE} · Europe and Americas” counts for “{TITLE} · Solar”." in thomas.sees()
    li.types("/cairn objectives")
    li.clicks("打开")
    assert "其中 40% 算在这里" in li.sees()
    assert "已分解 83%" in li.sees()


def test_parts_go_by_the_name_that_the_whole_has_by_now(placed: Company) -> None:
    thomas, mei = split_to_thomas(placed), placed.person("mei")
    mei.clicks("修改")
    mei.submits(name="Annual sales +15 %", amount="+15%")
    thomas.types("/cairn objectives")
    assert "Annual sales +15 % · Europe and Americas" in thomas.sees()
    assert TITLE not in thomas.home


def test_a_loop_is_refused(placed: Company) -> None:
    guo = split_to_thomas(placed) and placed.person("jianguo")
    guo.clicks("打开", near="Sales")
    guo.clicks("同时支持…")
    guo.submits(objective=f"{TITLE}（周建国）", share="50")
    guo.clicks("同时支持…")
    guo.submits(objective=f"{TITLE} · Europe and Americas（Thomas Keller）", share="50")
    assert "这样会形成循环" in guo.errors["objective"]


def test_whoever_was_given_a_part_does_not_take_it_from_under_the_whole(placed: Company) -> None:
    """Nor does it become theirs to change by counting for something of their own, or for a third person's."""
    thomas, qiang, li = split_to_thomas(placed), placed.person("qiang"), placed.person("li")
    gives(qiang, li, "30000000", cut="product_line", part="Solar")
    own = one_of(placed, owner_id=thomas.id)
    before = placed.knows(lambda session: objectives.parents(session, own.id))
    everybody_hears(placed)
    assert "Counts also for …" not in thomas.sees()
    press(thomas, "cascade.also", own.id)
    assert "Only whoever gave out an objective changes it." in thomas.sees()
    forger = Forger(placed, thomas.id)
    sent = {**all_text(["objective"], before[0].parent_id), **all_text(["share"], "0")}
    assert forger.sends("cascade.keep_also", own.id, sent).status == 200
    qiang.clicks("打开", near="Europe and Americas")
    qiang.clicks("同时支持…")
    qiang.submits(objective=f"{TITLE} · Sales（王强）", share="0")
    assert "如要取消，请使用“收回”" in qiang.errors["share"]
    qiang.closes()
    assert placed.knows(lambda session: objectives.parents(session, own.id)) == before


def test_what_counts_for_a_third_person_s_objective_leaves_a_trace_and_is_not_theirs_to_change(
    placed: Company,
) -> None:
    thomas, qiang, li = split_to_thomas(placed), placed.person("qiang"), placed.person("li")
    gives(qiang, li, "30000000", cut="product_line", part="Solar")
    qiang.clicks("打开", near="Europe and Americas")
    everybody_hears(placed)
    for whole, share in (("Sales（王强）", "60"), ("Solar（陈丽）", "40"), ("Solar（陈丽）", "0")):
        qiang.clicks("同时支持…")
        qiang.submits(objective=f"{TITLE} · {whole}", share=share)
        own, solar = one_of(placed, owner_id=thomas.id), one_of(placed, part="Solar")
        if share == "40":
            press(li, "cascade.alter", own.id)
            assert "只有分出这项组织目标的人可以修改" in li.sees()
            li.closes()
    everybody_hears(placed)
    assert "不再算在" in li.sees()
    records = [entry.record for entry in placed.knows(lambda session: audit.about(session, thomas.id))]
    assert f"objective/{own.id}/{solar.id}/40" in records
    assert f"objective/{own.id}/{solar.id}/0" in records


def test_the_same_part_is_not_given_twice(placed: Company) -> None:
    thomas, emily = split_to_thomas(placed), placed.person("emily")
    gives(thomas, emily, "10000000")
    gives(thomas, emily, "10000000")
    assert thomas.errors == {"owner": "Emily Carter has this part already. Open it to change it."}


def test_a_changed_part_keeps_its_seasons_and_its_owner_reads_it(placed: Company) -> None:
    thomas, qiang = split_to_thomas(placed), placed.person("qiang")
    qiang.clicks("打开", near="Europe and Americas")
    qiang.clicks("修改")
    qiang.submits(name="Europe", amount="70000000")
    everybody_hears(placed)
    assert "70,000,000 CNY" in thomas.last_words()
    changed = one_of(placed, part="Europe")
    assert changed.months[0] == 7_000_000
    assert sum(changed.months) == 70_000_000


def test_an_objective_goes_to_whoever_comes_after(placed: Company) -> None:
    thomas, emily, marcus = split_to_thomas(placed), placed.person("emily"), placed.person("marcus")
    gives(thomas, emily, "12000000")
    everybody_hears(placed)
    assert "12,000,000 CNY" in emily.last_words()
    thomas.clicks("Open", near="Emily Carter")
    thomas.clicks("Change it")
    thomas.submits(amount="11000000", owner="U01JIANGUO")
    assert "This is not yours to do." in str(thomas.errors)
    thomas.submits(amount="11000000", owner=marcus.id)
    everybody_hears(placed)
    assert "11,000,000 CNY" in marcus.last_words()
    assert "Thomas Keller took back a part of an objective that you had." in emily.last_words()
    assert one_of(placed, owner_id=marcus.id).target == 11_000_000


def test_goals_that_supported_the_whole_support_the_part_that_its_person_is_given(
    company: Company, quarter: str
) -> None:
    thomas, emily = split_to_thomas(company), company.person("emily")
    supports(company, "emily", "3000000")
    gives(thomas, emily, "12000000")
    everybody_hears(company)
    emily.clicks("Open it")
    assert "Goal of Emily Carter: 3,000,000 CNY" in emily.sees()
    assert linked(company, quarter, emily) == {"revenue"}


def test_rates_are_held_against_the_whole_instead_of_added_up(placed: Company) -> None:
    thomas = placed.person("thomas")
    thomas.types("/cairn objectives")
    thomas.clicks("Set a team objective")
    thomas.submits(title="Complaints", kind="rate_down", unit="%", target="2 %", year="2027")
    gives(thomas, placed.person("emily"), "2%")
    gives(thomas, placed.person("lena"), "3 %")
    assert "Its parts do not add up. 1 of 2 aim at least as far." in thomas.sees()
    assert "Month by month" not in thomas.sees()


# Refused ------------------------------------------------------------------------------------


def test_the_company_s_objective_is_hr_s_to_set(placed: Company) -> None:
    thomas = split_to_thomas(placed)
    everybody_hears(placed)
    thomas.types("/cairn objectives")
    assert "Set a company objective" not in thomas.sees()
    press(thomas, "cascade.set_for_company", "")
    assert "This is not yours to do." in thomas.sees()


def test_numbers_that_make_no_target_are_refused_under_their_field(placed: Company) -> None:
    mei = placed.person("mei")
    mei.types("/cairn objectives")
    mei.clicks("设定公司目标")
    said = {"title": TITLE, "kind": "result", "unit": "CNY", "year": "2027", "owner": "U01JIANGUO"}
    mei.submits(**said, target="+20%")
    assert mei.errors == {"target": "按增长率填写需要去年的数值，而这里没有。"}
    mei.submits(**said, target="很多")
    assert mei.errors == {"target": "“很多”不是数字，请写成 1250.5 或 1,250.5。"}
    mei.submits(**{**said, "unit": "元", "baseline": "1.5亿"}, target="20%")
    assert mei.errors == {"target": "是指比去年增长 +20% 吗？如果不是，请填写以元为单位的数字。"}


def test_growth_means_the_same_when_an_objective_is_changed_as_when_it_was_set(placed: Company) -> None:
    """And a target that was much too small leaves no trace of its rounding in the months."""
    mei = company_objective(placed, unit="元", baseline="1.5亿", target="4")
    mei.clicks("修改")
    mei.submits(amount="20%")
    assert "是指比去年增长 +20% 吗" in mei.errors["amount"]
    mei.submits(amount="+20%")
    assert one_of(placed, owner_id="U01JIANGUO").target == 180_000_000
    assert set(one_of(placed, owner_id="U01JIANGUO").months) == {15_000_000}


def test_parts_are_given_out_by_who_answers_for_the_whole_to_people_of_their_own(placed: Company) -> None:
    thomas, emily, marcus = split_to_thomas(placed), placed.person("emily"), placed.person("marcus")
    gives(thomas, emily, "10000000")
    everybody_hears(placed)
    whole = one_of(placed, part="Europe and Americas")
    for step in ("give_part", "share_out", "by_month"):
        press(emily, f"cascade.{step}", whole.id)
        assert "Only whoever answers for an objective gives it out." in emily.sees()
        emily.closes()
    thomas.clicks("Give out a part")
    assert "Marcus Reed" in thomas.sees()
    assert "周建国" not in thomas.sees()
    thomas.closes()
    thomas.types("/cairn objectives")
    thomas.clicks("Open")
    gives(thomas, marcus, "10000000")
    press(emily, "cascade.look", one_of(placed, owner_id=marcus.id).id)
    assert "This is not yours to do." in emily.sees()


def test_nobody_changes_what_they_were_given(placed: Company) -> None:
    thomas, emily = split_to_thomas(placed), placed.person("emily")
    gives(thomas, emily, "10000000")
    everybody_hears(placed)
    emily.clicks("Open it")
    assert "Take it back" not in emily.sees()
    for step in ("alter", "take_back", "also"):
        press(emily, f"cascade.{step}", one_of(placed, owner_id=emily.id).id)
        assert "Only whoever gave out an objective changes it." in emily.sees()
        emily.closes()


def test_what_was_given_on_is_taken_back_from_below(placed: Company) -> None:
    thomas, qiang, emily = split_to_thomas(placed), placed.person("qiang"), placed.person("emily")
    gives(thomas, emily, "10000000")
    qiang.clicks("打开", near="Europe and Americas")
    qiang.clicks("收回")
    assert "它已经往下分解，请先收回分解出去的部分。" in qiang.sees()
    thomas.clicks("Open", near="Emily Carter")
    thomas.clicks("Take it back")
    everybody_hears(placed)
    assert "Thomas Keller took back a part of an objective that you had." in emily.last_words()
    assert "Emily Carter" not in thomas.sees()


def test_two_who_change_the_same_objective_do_not_overwrite_each_other(placed: Company) -> None:
    split_to_thomas(placed)
    qiang, mei = placed.person("qiang"), placed.person("mei")
    qiang.clicks("打开", near="Europe and Americas")
    qiang.clicks("修改")
    mei.types("/cairn objectives")
    mei.clicks("打开")
    mei.clicks("打开", near="Sales")
    mei.clicks("打开", near="Europe and Americas")
    mei.clicks("修改")
    mei.submits(name="Europe", amount="50000000")
    qiang.submits(name="Europe", amount="60000000")
    assert "这个组织目标刚刚有变动，请重新打开。" in str(qiang.errors)
    assert one_of(placed, part="Europe").target == 50_000_000


def test_a_goal_supports_only_what_is_counted_alike_and_above_it(company: Company, quarter: str) -> None:
    split_to_thomas(company)
    emily, yang = company.person("emily"), company.person("yang")
    press(emily, "cascade.support", f"{quarter}/{emily.id}/satisfaction")
    assert "No objective of yours or of those above you is counted like “Customer satisfaction”." in emily.sees()
    emily.closes()
    press(emily, "cascade.support", f"{quarter}/{yang.id}/revenue")
    assert "This is not yours to do." in emily.sees()
    emily.closes()
    emily.types("/cairn objectives")
    emily.clicks("What my goals support")
    emily.clicks("Choose an objective")
    emily.submits(objective=f"{TITLE} · Europe and Americas (Thomas Keller)", share="70")
    emily.clicks("Choose an objective")
    emily.submits(objective=f"{TITLE} · Sales (王强)", share="40")
    assert "Its shares would make 110 %" in emily.errors["share"]


def test_whatever_is_forged_changes_no_objective_of_others(
    company: Company, quarter: str, caplog: pytest.LogCaptureFixture
) -> None:
    thomas, emily = split_to_thomas(company), company.person("emily")
    gives(thomas, emily, "10000000")
    whole, part = one_of(company, part="Europe and Americas"), one_of(company, owner_id=emily.id)
    names = ["owner", "cut", "part", "amount", "shares", "name", "objective", "share"]
    before = _kept(company)
    forgers = itertools.cycle([Forger(company, one) for one in ("U01FELIX", "U01LENA", "U01LI")])
    values = itertools.cycle(["50", "person", whole.id])
    ours = [step for kind in (Kind.ACTION, Kind.VIEW) for step in steps(company, kind) if step.startswith("cascade.")]
    for one in (whole, part):
        for carry in (one.id, f"{one.id}/0", f"{one.id}/{one.revision}", f"{quarter}/{emily.id}/revenue"):
            for step in ours:
                assert next(forgers).presses(step, carry).status == 200
                assert next(forgers).sends(step, carry, all_text(names, next(values))).status == 200
    assert _kept(company) == before
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


def _kept(company: Company) -> dict[str, set[str]]:
    """Every row about objectives."""
    rows = everything(company)
    return {name: rows[name] for name in ("objectives", "objective_parts", "goal_supports")}


def test_hr_shares_out_among_the_owner_s_team(placed: Company) -> None:
    thomas, day = split_to_thomas(placed), placed.slack.clock.now().date()
    (own,) = placed.knows(lambda session: objectives.without_parts(session, thomas.id, day))
    placed.knows(presses(placed, "mei", "cascade.share_out", own.id))
    tree = placed.knows(lambda session: objectives.tree_below(session, [own.id], own.starts_on, own.ends_on))
    team = {one.id for one in placed.knows(lambda session: people.reports_of(session, thomas.id, day))}
    assert {one.owner_id for one in tree.children(own.id)} == team


def test_goals_shows_the_coverage_to_whoever_gave_on_a_part_by_person(placed: Company) -> None:
    company_objective(placed)
    guo, qiang, thomas = (placed.person(name) for name in ("jianguo", "qiang", "thomas"))
    guo.types("/cairn objectives")
    guo.clicks("打开")
    gives(guo, qiang, "100%", cut="department")
    qiang.types("/cairn objectives")
    qiang.clicks("打开")
    qiang.clicks("分解一部分")
    qiang.submits(owner=thomas.id, amount="62400000")
    thomas.types("/cairn objectives")
    thomas.clicks("Open")
    gives(thomas, placed.person("emily"), "30000000")
    gives(thomas, placed.person("lena"), "20000000")
    while thomas.modals:
        thomas.closes()
    thomas.types("/cairn goals")
    assert "Given out to 80 %" in thomas.sees()
    thomas.opens_home()
    assert "Given out to 80 %" in thomas.sees()
