"""What the company wants is given out part by part, and everybody sees in words how far it is covered."""

import re

import pytest

from bot.store import goals
from tests.cascades import TITLE, company_objective, everybody_hears, gives, split_to_thomas
from tests.company import Company, Persona
from tests.objective_trees import linked

# The mission's own example ------------------------------------------------------------------


def test_the_company_s_twenty_percent_go_down_to_persons_and_coverage_is_said_in_words(
    company: Company, quarter: str
) -> None:
    thomas = split_to_thomas(company)
    assert "62,400,000 CNY" in thomas.sees()
    assert "Jan\N{NO-BREAK SPACE}6,240,000" in thomas.sees()
    assert "2027-Q1: Nothing of it is in anybody's goals yet." in thomas.sees()
    gives(thomas, company.person("lena"), "30000000")
    gives(thomas, company.person("emily"), "27408000")
    assert "Given out to 92 %: 8 % (4,992,000 CNY) is with nobody yet." in thomas.sees()
    gives(thomas, company.person("marcus"), "13%")
    assert "105 % is given out: 5 % (3,120,000 CNY) more than needed, as a buffer." in thomas.sees()
    del quarter


def test_visits_and_orders_move_early_and_are_given_out_month_by_month(placed: Company) -> None:
    thomas = placed.person("thomas")
    thomas.types("/cairn objectives")
    assert "You answer for no objective yet." in thomas.sees()
    thomas.clicks("Set a team objective")
    thomas.submits(title="Customer visits", kind="activity", unit="visits", target="1500", year="2027")
    thomas.clicks("Share out evenly")
    assert "Given out to 100 %: nothing is left over." in thomas.sees()
    emily = placed.person("emily")
    everybody_hears(placed)
    assert emily.pushes[-1] == "Thomas Keller gave you a part of an objective."
    emily.clicks("Open it")
    assert "250 visits" in emily.sees()
    assert "Jan\N{NO-BREAK SPACE}21  ·  Feb\N{NO-BREAK SPACE}21" in emily.sees()
    assert "Dec\N{NO-BREAK SPACE}20" in emily.sees()
    thomas.types("/cairn objectives")
    assert "All of these are activities. Add a result that they lead to, such as revenue." in thomas.sees()


def test_a_goal_that_holds_less_of_a_part_than_it_asks_for_is_pointed_out_and_can_be_linked(
    company: Company, quarter: str
) -> None:
    thomas, emily = company.person("thomas"), company.person("emily")
    thomas.types("/cairn objectives")
    thomas.clicks("Set a team objective")
    thomas.submits(title="Customer visits", kind="activity", unit="visits", target="1500", year="2027")
    thomas.clicks("Share out evenly")
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    short = "Of the part “Customer visits” (63 visits in these months) these goals hold 60 visits."
    assert short in emily.sees()
    assert "“Customer visits” is counted like the part “Customer visits” and is not linked to it yet." in emily.sees()
    emily.clicks("Link “Customer visits”", having={"comment": "Spring is short"})
    emily.submits(share="100")
    emily.closes()
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    assert short in emily.sees()
    assert "is not linked to it yet" not in emily.sees()
    emily.submits()
    assert "Spring is short" in thomas.last_words()
    assert short in thomas.last_words()
    del quarter


# Looking ------------------------------------------------------------------------------------


def test_a_manager_s_home_has_a_picture_and_the_same_in_text(company: Company, quarter: str) -> None:
    thomas = split_to_thomas(company)
    gives(thomas, company.person("emily"), "30000000")
    gives(thomas, company.person("marcus"), "20000000")
    thomas.opens_home()
    assert "Given out to 80 %" in thomas.home
    assert "Emily Carter*  ·  7,500,000 CNY  ·  0 CNY in goals" in thomas.home
    charts = [block for block in _home_blocks(thomas) if block["type"] == "data_visualization"]
    bars = charts[0]["chart"]["series"]
    assert [(one["name"], [each["value"] for each in one["data"]]) for one in bars] == [
        ("Target", [7_500_000.0, 5_000_000.0]),
        ("In goals", [0.0, 0.0]),
    ]
    del quarter


def _home_blocks(persona: Persona) -> list[dict[str, object]]:
    return persona.home_view["blocks"]


def test_the_tree_shows_what_is_below_and_only_sums_of_those_far_below(company: Company, quarter: str) -> None:
    thomas, guo, qiang = split_to_thomas(company), company.person("jianguo"), company.person("qiang")
    gives(thomas, company.person("emily"), "30000000")
    gives(thomas, company.person("marcus"), "20000000")
    guo.types("/cairn objectives")
    guo.clicks("打开")
    guo.clicks("查看目标树")
    assert "Europe and Americas（Thomas Keller）" in guo.sees()
    assert "2 人各有一部分" in guo.sees()
    gives(thomas, company.person("lena"), "7654321")
    guo.types("/cairn objectives")
    guo.clicks("打开")
    guo.clicks("查看目标树")
    assert "3 人：57,654,321 CNY" in guo.sees()
    assert "Emily" not in guo.sees()
    qiang.clicks("查看目标树")
    assert "Emily Carter" in qiang.sees()
    del quarter


def test_what_is_left_over_waits_for_the_manager(placed: Company) -> None:
    thomas = split_to_thomas(placed)
    thomas.opens_home()
    assert f"“{TITLE} · Europe and Americas” is not given out in your team yet." in thomas.home
    thomas.clicks("Share out evenly")
    thomas.opens_home()
    assert "not given out" not in thomas.home


def test_what_nobody_s_goal_supports_waits_for_its_person(company: Company, quarter: str) -> None:
    thomas, emily = split_to_thomas(company), company.person("emily")
    gives(thomas, emily, "12000000")
    emily.opens_home()
    assert f"No goal of yours supports “{TITLE}” yet." in emily.home
    emily.clicks("Choose")
    emily.clicks("Choose an objective")
    emily.submits(objective=f"{TITLE} (Emily Carter)", share="100")
    assert f"{TITLE}: 100 %  ·  2027-Q1 asks for 3,000,000 CNY" in emily.sees()
    emily.opens_home()
    assert "No goal of yours" not in emily.home
    del quarter


def test_the_form_of_a_goal_leads_to_the_objective_it_supports_and_keeps_what_was_typed(
    company: Company, quarter: str
) -> None:
    split_to_thomas(company)
    emily = company.person("emily")
    emily.clicks("Draft your goals")
    emily.clicks("Edit", near="Sales revenue")
    emily.clicks("Objective it supports", having={"weight-revenue": "35"})
    emily.submits(objective=f"{TITLE} · Europe and Americas (Thomas Keller)", share="100")
    assert f"{TITLE} · Europe and Americas: 100 %" in emily.sees()
    emily.clicks("My own goals")
    assert linked(company, quarter, emily) == {"revenue"}
    sheet = company.knows(lambda session: goals.draft(session, quarter, emily.id, emily.id))
    assert sheet.goals[0].weight == 35


@pytest.mark.parametrize(
    ("unit", "asked_for"), [("CNY", []), ("visits", ["Customer visits"]), ("orders", ["Orders signed"])]
)
def test_an_objective_is_asked_for_only_where_one_is_counted_alike(
    company: Company, quarter: str, unit: str, asked_for: list[str]
) -> None:
    split_to_thomas(company)
    company_objective(company, title="More of it", unit=unit, target="90000", baseline="80000")
    emily = company.person("emily")
    emily.clicks("Draft your goals")
    emily.clicks("Edit", near="Sales revenue")
    emily.clicks("Objective it supports")
    emily.submits(objective=f"{TITLE} · Europe and Americas (Thomas Keller)", share="100")
    emily.clicks("My own goals")
    emily.clicks("Propose to Thomas Keller")
    asked = re.findall("“([^”]*)” is not linked to a goal of the department", emily.sees())
    assert asked == asked_for
    del quarter


def test_whoever_answers_for_nothing_gets_their_own_goals(company: Company, quarter: str) -> None:
    split_to_thomas(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    assert "Weights add up to 100 %" in emily.sees()
    thomas.types("/cairn goals")
    thomas.clicks("My own goals")
    assert "Weights add up to 100 %" in thomas.sees() or "Goals of Thomas Keller" in thomas.sees()
    del quarter


def test_nobody_hears_of_objectives_at_night_and_only_of_what_still_holds(placed: Company) -> None:
    """It is Sunday evening in New York when Thomas gives out his part."""
    thomas, emily, marcus = split_to_thomas(placed), placed.person("emily"), placed.person("marcus")
    for each in (emily, marcus):
        gives(thomas, each, "10000000")
    thomas.clicks("Open", near="Marcus Reed")
    thomas.clicks("Take it back")
    placed.winds(to="2027-01-04T09:29:00-05:00")
    assert not [push for push in emily.pushes if "objective" in push]
    placed.winds(to="2027-01-04T09:31:00-05:00")
    assert emily.pushes[-1] == "Thomas Keller gave you a part of an objective."
    assert "Thomas Keller gave you a part of an objective." not in marcus.pushes
