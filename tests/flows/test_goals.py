"""Goals are drafted with what the department proposes, checked before they go out, and asked for once more."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.goal import SheetState
from bot.domain.org import Stint
from bot.store import people
from tests.company import Company
from tests.goal_talks import (
    MORNING,
    changes,
    emily_proposes,
    filled_in,
    fills,
    invited_sellers,
    proposes_almost_one_goal_alone,
    sheet_of,
    wrong,
)
from tests.stories import launched_quarter


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales; everybody was invited this morning."""
    return invited_sellers(company)


# Drafting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "draft", "propose", "back", "listed"),
    [
        ("emily", "Draft your goals", "Propose to Thomas Keller", "Back to the list", "Weights add up to 100 %"),
        ("yang", "起草目标", "提交给陈丽", "回到清单", "权重合计 100%"),
    ],
)
def test_the_last_look_leads_back_to_the_list(
    company: Company, quarter: str, name: str, draft: str, propose: str, back: str, listed: str
) -> None:
    someone = company.person(name)
    for label in (draft, propose, back):
        someone.clicks(label)
    assert listed in someone.sees()
    assert len(someone.modals) == 1
    del quarter


def test_the_invitation_comes_in_the_morning_of_each_person(company: Company) -> None:
    launched_quarter(company, ["Sales"])
    emily, yang = company.person("emily"), company.person("yang")
    company.winds(to="2027-01-04T09:31:00+08:00")
    assert "2027-Q1 开始了，来起草你的目标吧。" in yang.last_words()
    assert "Draft your goals" not in emily.sees()
    company.winds(to=MORNING)
    assert "2027-Q1 begins. Draft your goals." in emily.last_words()
    assert "Sales revenue" in emily.last_words()


def test_the_draft_begins_with_what_the_department_proposes(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.clicks("Draft your goals")
    assert "at least 3,000,000 CNY" in emily.sees()
    assert "Weights add up to 100 %" in emily.sees()
    del quarter


def test_a_draft_survives_a_closed_window(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    changes(emily, "Sales revenue", target="2800000", weight="20", odds="7")
    assert "Weights: 85 %, 15 to place" in emily.sees()
    emily.closes()
    emily.types("/cairn goals")
    assert "at least 2,800,000 CNY" in emily.sees()
    assert sheet_of(company, quarter).goals == ()


def test_two_goals_edited_in_a_row_do_not_share_their_numbers(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Sales revenue")
    first = filled_in(emily)
    assert (first["target-revenue"], first["weight-revenue"]) == ("3,000,000", "35")
    fills(emily, target="2800000", weight="20", odds="7")
    emily.clicks("Edit", near="Customer visits")
    second = filled_in(emily)
    assert (second["target-visits"], second["weight-visits"], second["odds-visits"]) == ("60", "10", "")
    assert not set(first) & set(second), "Slack carries what was typed over to equally named inputs"
    emily.clicks("Change the words")
    assert not set(filled_in(emily)) & {*first, *second}
    del quarter


def test_everything_that_blocks_is_said_at_once(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    changes(emily, "Sales revenue", weight="15")
    emily.chooses("My own: higher is better")
    fills(emily, title="Fairs visited", measure="Fairs on the list", unit="fairs")
    emily.clicks("Back to the list")
    changes(emily, "Customer visits", weight="5")
    emily.clicks("Propose to Thomas Keller")
    assert "Please mend this first" in emily.sees()
    assert "Fairs visited: Please name the number to reach." in emily.sees()
    assert "The weights add up to 95, not 100. Please give out 5 more." in emily.sees()
    assert sheet_of(company, quarter).state is SheetState.DRAFT


def test_a_goal_is_not_saved_without_the_number_to_reach(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    changes(emily, "Sales revenue", target="", due="", baseline="")
    assert set(wrong(emily)) == {"target", "due"}
    del quarter


def test_a_target_that_cannot_be_scored_is_refused_under_its_field(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Complaint rate")
    fills(emily, target="6")
    assert wrong(emily) == {
        "target": "“Complaint rate” is better when lower, so its target must be below the baseline of 5."
    }
    fills(emily, target="two")
    assert list(wrong(emily)) == ["target"]
    del quarter


def test_a_stretch_below_the_target_is_refused(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Orders signed")
    fills(emily, stretch="10")
    assert "must be harder to reach than its target of 12" in wrong(emily)["stretch"]
    del quarter


def test_a_measure_from_the_shelf_takes_what_weight_is_left(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Revenue growth")
    emily.clicks("Remove this goal")
    assert "Weights: 90 %, 10 to place" in emily.sees()
    emily.chooses("New customers won")
    emily.submits()
    assert "Weights add up to 100 %" in emily.sees()
    assert "at least 3 customers" in emily.sees()
    del quarter


def test_an_own_goal_has_words_first_and_numbers_then(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.chooses("My own: milestones")
    fills(emily, title="Open the Boston office", measure="Milestones of the plan", source="Project plan")
    fills(emily, weight="5", milestones="Lease signed")
    assert "Line 1: please write the points first" in wrong(emily)["milestones"]
    fills(emily, weight="5", milestones="40 Lease signed\n60 First order shipped")
    assert "Open the Boston office" in emily.sees()
    assert "2 milestones" in emily.sees()
    emily.clicks("Edit", near="Open the Boston office")
    emily.clicks("Change the words")
    fills(emily, title="Open the Boston branch")
    emily.clicks("Back to the list")
    assert "Open the Boston branch" in emily.sees()
    del quarter


def test_a_range_has_two_ends_and_a_tolerance(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.chooses("My own: within a range")
    fills(emily, title="Discount", measure="Average discount", unit="%")
    fills(emily, low="9", high="5", weight="5")
    assert "needs a range from a lower to a higher number" in wrong(emily)["low"]
    fills(emily, low="5", high="9", tolerance="2", weight="5")
    assert "5 to 9 %" in emily.sees()
    del quarter


def test_a_goal_above_sixty_needs_a_reason(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    proposes_almost_one_goal_alone(emily)
    assert "“Sales revenue” alone decides 70 % of the result" in emily.sees()
    emily.submits(reason="A single account this quarter")
    assert sheet_of(company, quarter).state is SheetState.PROPOSED


def test_a_newcomer_with_a_veterans_target_is_warned(company: Company, quarter: str) -> None:
    company.knows(lambda session: people.place(session, newcomer("U01EMILY")))
    emily = company.person("emily")
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    assert "“Sales revenue” asks of a newcomer what experienced colleagues are asked" in emily.sees()
    emily.submits()
    assert sheet_of(company, quarter).state is SheetState.PROPOSED


def test_who_comes_later_is_a_newcomer_before_the_first_day_and_reads_how_the_days_count(
    company: Company, quarter: str
) -> None:
    def comes_in_february(session) -> None:
        people.forget_from(session, "U01EMILY", date(2000, 1, 1))
        people.place(session, replace(newcomer("U01EMILY"), starts_on=date(2027, 2, 1)))

    company.knows(comes_in_february)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    fair = "“Sales revenue” asks of a newcomer what experienced colleagues are asked. About 40 %"
    assert fair in emily.sees()
    assert "Counted is the part that falls on the days from 1 Feb 2027 on." in emily.sees()
    emily.submits()
    assert sheet_of(company, quarter).state is SheetState.PROPOSED
    assert fair in thomas.last_words()


# Reminders and Home -----------------------------------------------------------------------


def test_one_reminder_to_draft_after_three_working_days(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    company.winds(to="2027-01-07T09:29:00-05:00")
    assert "are not proposed yet" not in emily.sees()
    company.winds(to="2027-01-07T09:31:00-05:00")
    company.winds(to="2027-01-15T09:31:00-05:00")
    assert emily.sees().count("Your goals for 2027-Q1 are not proposed yet.") == 1
    del quarter


def test_no_reminder_to_draft_once_proposed(company: Company, quarter: str) -> None:
    emily, _ = emily_proposes(company)
    company.winds(to="2027-01-15T09:31:00-05:00")
    assert "are not proposed yet" not in emily.sees()
    del quarter


def test_one_reminder_to_answer_after_two_working_days(company: Company, quarter: str) -> None:
    _, thomas = emily_proposes(company)
    company.winds(to="2027-01-06T09:31:00+01:00")
    company.winds(to="2027-01-12T09:31:00+01:00")
    assert thomas.sees().count("The goals of Emily Carter still wait for your answer.") == 1
    del quarter


def test_home_says_what_waits_and_what_was_agreed(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    thomas.opens_home()
    assert "The goals of Emily Carter wait for you." in thomas.home
    assert "Goals of your team" in thomas.home
    thomas.clicks("Agree")
    assert "The goals of Emily Carter wait for you." not in thomas.home
    emily.opens_home()
    assert "*Sales revenue*  ·  35 %  ·  at least 3,000,000 CNY" in emily.home
    assert "Where they stand: agreed" in emily.home
    del quarter


def newcomer(person_id: str) -> Stint:
    return Stint(person_id, "Sales", "Account manager", "U01THOMAS", date(2027, 1, 2))


def test_the_reminder_turns_into_thanks_as_well(company: Company, quarter: str) -> None:
    emily = company.person("emily")
    company.winds(to="2027-01-07T09:31:00-05:00")
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    assert emily.sees().count("You sent your goals to Thomas Keller.") == 2
    assert "Draft your goals" not in emily.sees()
    del quarter


def test_only_the_person_says_how_likely_they_find_it(company: Company, quarter: str) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn goals")
    emily.clicks("Edit", near="Sales revenue")
    assert "Your manager sees this number with the goal. You may leave it empty." in emily.sees()
    fills(emily, odds="4")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    assert "Chance: 4 of 10" in thomas.last_words()
    thomas.clicks("Suggest a change")
    thomas.clicks("Edit", near="Sales revenue")
    assert "How likely" not in thomas.sees()
    fills(thomas, target="2500000")
    thomas.clicks("Suggest to Emily Carter")
    thomas.submits()
    assert sheet_of(company, quarter).goals[0].odds == 4
