"""A company's file of values holds more people than a cycle has, and mistakes: each is told once, with its lines."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.store import actuals
from tests.company import Company, Persona
from tests.stories import launched_quarter

ACTUALS = (Path(__file__).parents[2] / "examples" / "lantern" / "actuals.csv").read_bytes()
HEAD = "email,measure,period,value"


@pytest.fixture
def mei(company: Company) -> Persona:
    mei = company.person("mei")
    mei.types("/cairn language en")
    return mei


def drops(who: Persona, *lines: str) -> str:
    who.drops("actuals.csv", "\n".join([HEAD, *lines]).encode())
    return who.last_words()


def revenue(company: Company, cycle_id: str, person_id: str) -> Decimal | None:
    found = company.knows(lambda session: actuals.values(session, cycle_id, person_id).get("revenue"))
    return found.value if found else None


def test_people_outside_the_cycle_are_left_aside_and_the_rest_is_applied(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company, ["Sales"])
    mei.drops("actuals.csv", ACTUALS)
    words = mei.last_words()
    assert "*Refused*\n0" in words
    assert "*Left aside*\n108" in words
    assert "108 lines are about people outside this cycle, or without goals in it, and are left aside: " in words
    mei.clicks("Apply")
    assert "Done. Actual values: 96 new, 0 changed." in mei.last_words()
    assert revenue(company, cycle.id, "U01QIANG") == Decimal(39_150_000)


def test_an_empty_period_is_called_empty(company: Company, mei: Persona) -> None:
    launched_quarter(company, ["Sales"])
    assert "the cell with the period is empty. Known: " in drops(mei, "emily@lantern.example,revenue,,5")
    mei.types("/cairn language zh")
    assert "期间这一格是空的。可用的期间：" in drops(mei, "emily@lantern.example,revenue,,5")


def test_people_outside_the_cycle_are_left_aside_in_chinese(company: Company) -> None:
    launched_quarter(company, ["Sales"])
    mei = company.person("mei")
    mei.drops("actuals.csv", ACTUALS)
    assert "*搁置*\n108" in mei.last_words()
    assert "有 108 行涉及不在本周期或在本周期没有目标的人，已搁置，不影响其余内容：" in mei.last_words()


def test_who_takes_part_without_goals_is_left_aside_too(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company, ["Sales"])

    def without_template(session) -> None:
        actuals.cycles.participants(session, cycle.id)
        session.get(actuals.cycles.ParticipantRow, (cycle.id, "U01EMILY")).template = ""

    company.knows(without_template)
    words = drops(mei, "emily@lantern.example,revenue,2027-Q1,5", "jonas@lantern.example,revenue,2027-Q1,6")
    assert "One line is about somebody outside this cycle, or without goals in it" in words
    mei.clicks("Apply")
    assert (revenue(company, cycle.id, "U01EMILY"), revenue(company, cycle.id, "U01JONAS")) == (None, Decimal(6))


def test_a_file_about_nobody_in_the_cycle_says_so_and_is_done_with(company: Company, mei: Persona) -> None:
    launched_quarter(company, ["Sales"])
    words = drops(mei, "mei@lantern.example,revenue,2027-Q1,5")
    assert "No line of it is about somebody with goals in this cycle; there is nothing to apply." in words
    assert "left aside: 林美" in words
    assert "Apply" not in words


def test_whom_nobody_knows_is_a_mistake_beside_people_who_are_left_aside(company: Company, mei: Persona) -> None:
    cycle = launched_quarter(company, ["Sales"])
    words = drops(
        mei,
        "mei@lantern.example,revenue,2027-Q1,5",
        "ghost@lantern.example,revenue,2027-Q1,5",
        "emily@lantern.example,revenue,2027-Q1,5",
        ",revenue,2027-Q1,5",
    )
    assert "Line 3: nobody in Slack has the e-mail address ghost@lantern.example." in words
    assert "Line 5: there is no e-mail address." in words
    assert "*Refused*\n2" in words
    assert "Line 2" not in words
    assert "Please correct these lines" in words
    assert revenue(company, cycle.id, "U01EMILY") is None


def test_equal_mistakes_are_told_once_with_their_lines(company: Company, mei: Persona) -> None:
    launched_quarter(company, ["Sales"])
    ghost, emily = "ghost@lantern.example,revenue,2027-Q1,5", "emily@lantern.example,{},2027-Q1,5"
    words = drops(mei, ghost, ghost, ghost, emily.format("happiness"), ghost, emily.format("joy"))
    assert "Lines 2–4, 6: nobody in Slack has the e-mail address ghost@lantern.example." in words
    assert "Line 5: emily@lantern.example has no goal measured by “happiness”. Known: revenue," in words
    assert "Line 7: emily@lantern.example has no goal measured by “joy”." in words
    assert "*Refused*\n6" in words
    mei.types("/cairn language zh")
    words = drops(mei, ghost, emily.format("joy"), ghost)
    assert "第 2、4 行：Slack 里没有人使用邮箱 ghost@lantern.example。" in words


def test_a_mistake_on_hundreds_of_lines_names_the_first_and_counts_the_rest(company: Company, mei: Persona) -> None:
    launched_quarter(company, ["Sales"])
    ghost, good = "ghost@lantern.example,revenue,2027-Q1,5", "mei@lantern.example,revenue,2027-Q1,5"
    words = drops(mei, *([ghost, good] * 600))
    assert "Lines 2, 4, 6, " in words
    assert "98, 100 and 550 more: nobody in Slack has the e-mail address ghost@lantern.example." in words
    assert "All refused lines" not in words


def test_a_file_is_for_the_cycle_that_most_of_its_lines_are_about(company: Company, mei: Persona) -> None:
    sales = launched_quarter(company, ["Sales"])
    company.winds(plus="1h")
    newest = launched_quarter(company, ["R&D"])
    words = drops(mei, "emily@lantern.example,revenue,2027-Q1,5", "fan@lantern.example,revenue,2027-Q1,5",
                  "jonas@lantern.example,revenue,2027-Q1,5")  # fmt: skip
    assert "One line is about somebody outside this cycle, or without goals in it, and is left aside: 杨帆" in words
    mei.chooses(newest.name)
    mei.clicks("Discard")
    drops(mei, "emily@lantern.example,revenue,2027-Q1,5")
    mei.clicks("Apply")
    assert revenue(company, sales.id, "U01EMILY") == Decimal(5)


def test_values_of_the_quarter_that_is_assessed_go_there_not_into_the_next(company: Company, mei: Persona) -> None:
    first = launched_quarter(company, ["Sales"])
    company.winds(to="2027-04-05T10:00:00+08:00")
    newest = launched_quarter(company, ["Sales"])
    assert (first.name, newest.name) == ("2027-Q1", "2027-Q2")
    words = drops(mei, "emily@lantern.example,revenue,2027-Q1,5")
    assert "The values are for the cycle “2027-Q1”." in words
    assert "*Refused*\n0" in words
