"""What a talk and a plan left comes back when the next goals are written, and the manager sees what no goal took up."""

from datetime import date

import pytest

from bot.domain.goal import SheetState
from bot.domain.org import Stint
from bot.store import goals, one_on_ones, people
from tests.company import Company, shown
from tests.flows.test_plans import STANDARD, begun
from tests.goal_talks import fills, sheet_of
from tests.goals_after_talks import next_quarter, talked
from tests.working_quarters import presses

ACTION = "From the talk about 2027-Q1: Visit Hansa every month"
OPEN_STILL = "Agreed before and still open; no goal here began with it"


def test_an_action_of_the_talk_becomes_a_goal_with_one_press_and_the_manager_sees_what_did_not(
    company: Company,
) -> None:
    talked(company)
    cycle = next_quarter(company, "jonas")
    jonas, thomas = company.person("jonas"), company.person("thomas")
    assert "Below the list you find what was agreed in your last talk." in jonas.last_words()
    assert "Hansa" not in " ".join((*jonas.pushes, jonas.last_words()))
    jonas.clicks("Draft your goals")
    assert f"{ACTION}  ·  by Thu 12 Aug  ·  support: Thomas comes along" in jonas.sees()
    assert "Ask Hansa for an hour" not in jonas.sees(), "that is Thomas's to do"
    assert "A gap from the talk about 2027-Q1: Sales revenue  ·  ✓ among the goals" in jonas.sees()
    both = "Jonas Weber: The market or the customer  ·  Thomas Keller: Something still to learn"
    assert f"What was behind it: {both}" in jonas.sees()
    jonas.clicks("Make it a goal", near="Visit Hansa")
    fills(jonas, title="Hansa sees us every month")
    jonas.clicks("Back to the list")
    assert f"{ACTION}  ·  by Thu 12 Aug  ·  support: Thomas comes along  ·  ✓ among the goals" in jonas.sees()
    jonas.clicks("Edit", near="Hansa sees us every month")
    fills(jonas, weight="5")
    jonas.clicks("Make it a goal", near="Understanding customers")
    jonas.closes()
    jonas.types("/cairn goals")
    jonas.clicks("Edit", near="Understanding customers")
    jonas.clicks("Remove this goal")
    jonas.clicks("Edit", near="Sales revenue")
    fills(jonas, weight="30")
    jonas.clicks("Propose to Thomas Keller")
    jonas.submits()
    (action,) = company.knows(lambda session: one_on_ones.to_do(session, jonas.id))
    made = next(one for one in sheet_of(company, cycle.id, jonas.id).goals if one.id == action.id)
    (step,) = made.milestones
    assert (made.title, step.name, str(step.due), step.worth) == (
        "Hansa sees us every month", "Visit Hansa every month", "2027-08-12", 100
    )  # fmt: skip
    assert "Jonas Weber proposes goals." in thomas.pushes
    assert OPEN_STILL not in str(thomas.messages), "all of it is in a goal"


def test_a_manager_sees_what_no_goal_began_with_until_it_is_done(company: Company) -> None:
    talked(company)
    cycle = next_quarter(company, "jonas")
    jonas, thomas = company.person("jonas"), company.person("thomas")
    jonas.clicks("Draft your goals")
    jonas.clicks("Propose to Thomas Keller")
    jonas.submits()
    (card,) = [one for one in thomas.messages if one["text"] == "Jonas Weber proposes goals."]
    assert f"*{OPEN_STILL}*\n•  {ACTION}" in shown(card)
    thomas.opens_home()
    thomas.clicks("Answer", near="Jonas Weber")
    assert OPEN_STILL in thomas.sees()
    thomas.submits()
    thomas.opens_home()
    thomas.clicks("See the goals", near="Jonas Weber")
    assert OPEN_STILL in thomas.sees(), "also once they are agreed, for a change"
    (action,) = company.knows(lambda session: one_on_ones.to_do(session, jonas.id))
    company.knows(lambda session: one_on_ones.finish(session, action, company.slack.clock.now()))
    thomas.closes()
    thomas.opens_home()
    thomas.clicks("See the goals", near="Jonas Weber")
    assert OPEN_STILL not in thomas.sees()
    jonas.types("/cairn goals")
    assert OPEN_STILL not in jonas.sees()
    jonas.clicks("Ask for a change")
    assert f"{ACTION}  ·  ✓ done" in jonas.sees()
    assert sheet_of(company, cycle.id, jonas.id).state is SheetState.AGREED


def test_a_new_manager_begins_with_what_the_minutes_hold_and_not_with_what_the_two_prepared(company: Company) -> None:
    talked(company)
    company.knows(lambda session: people.place(session, Stint("U01JONAS", "Sales", "", "U01KATRIN", date(2027, 5, 3))))
    cycle = next_quarter(company, "jonas")
    jonas, thomas, katrin, mei = (company.person(name) for name in ("jonas", "thomas", "katrin", "mei"))
    katrin.opens_home()
    katrin.clicks("See the goals", near="Jonas Weber")
    katrin.clicks("Write a first suggestion")
    assert ACTION in katrin.sees()
    assert "A gap from the talk about 2027-Q1: Sales revenue" in katrin.sees()
    assert "What was behind it" not in katrin.sees(), "that was said to Thomas"
    katrin.clicks("Make it a goal", near="Visit Hansa")
    fills(katrin)
    katrin.closes()
    jonas.clicks("Draft your goals")
    assert "What was behind it" in jonas.sees(), "what is hers stays hers"
    for other, says in ((thomas, "This is not yours to do"), (mei, "这不在你的权限范围内")):
        for step in ("goals.look", "goals.edit"):
            assert says in presses(company, step, other, f"{cycle.id}/{jonas.id}")


def test_what_a_running_plan_expects_can_become_a_goal_in_chinese_too(company: Company) -> None:
    begun(company)
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Ask for a change")
    assert f"What the improvement plan expects: {STANDARD}" in emily.sees()
    emily.clicks("Make it a goal", near="Nine of ten")
    fills(emily, unit="offers", title="Offers in time")
    fills(emily, target="9", weight="0")
    assert "Offers in time" in emily.sees()
    assert "✓ among the goals" in emily.sees()
    emily.closes()
    company.knows(lambda session: people.choose_language(session, emily.id, "zh"))
    emily.types("/cairn goals")
    emily.clicks("申请变更目标")
    assert f"改进计划的要求：{STANDARD}  ·  ✓ 已在目标中" in emily.sees()


@pytest.mark.parametrize("forged", ["own.no", "nonsense", "skill.nothing"])
def test_a_press_for_what_was_never_agreed_begins_nothing(company: Company, forged: str) -> None:
    talked(company)
    cycle = next_quarter(company, "jonas")
    said = presses(company, "goals.add", company.person("jonas"), f"{cycle.id}/U01JONAS/{forged}")
    assert said
    sheet = company.knows(lambda session: goals.sheet(session, cycle.id, "U01JONAS"))
    assert sheet is None or sheet.state is SheetState.DRAFT
