"""Goals are answered, countered with a diff, agreed by both and frozen; later both change them, or nothing changes."""

import pytest

from bot.domain.goal import SheetState
from bot.store import audit, goals
from tests.company import Company
from tests.goal_talks import (
    MORNING,
    changes,
    emily_asks_for_a_change,
    emily_proposes,
    invited_sellers,
    press,
    sheet_of,
    thomas_counters,
)
from tests.stories import agreed_goals_for, launched_quarter, placed_people


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales; everybody was invited this morning."""
    return invited_sellers(company)


# Proposing and answering ------------------------------------------------------------------


def test_the_manager_sees_the_values_and_what_cairn_noticed(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    assert "Emily Carter proposes goals." in thomas.last_words()
    assert "My customers know me" in thomas.last_words()
    assert "at least 3,000,000 CNY" in thomas.last_words()
    assert "too little history" in thomas.last_words()
    assert thomas.pushes[-1] == "Emily Carter proposes goals."
    assert "You sent your goals to Thomas Keller." in emily.sees()
    del quarter


def test_agreed_goals_are_frozen_with_a_version_and_a_fingerprint(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    thomas.clicks("Agree")
    sheet = sheet_of(company, quarter)
    assert (sheet.state, sheet.version, len(sheet.agreed), len(sheet.rules_hash)) == (SheetState.AGREED, 1, 6, 64)
    assert company.knows(lambda session: goals.agreed_goals(session, quarter, "U01EMILY")) == sheet.agreed
    assert "You and Emily Carter agreed on goals." in thomas.last_words()
    card = emily.last_words()
    assert "Your goals for 2027-Q1 are agreed with Thomas Keller." in card
    assert "*Sales revenue*  ·  35 %  ·  at least 3,000,000 CNY" in card
    assert "Source:" not in card
    assert sheet.rules_hash[:8] not in card
    emily.clicks("History")
    assert f"Version 1, rules {sheet.rules_hash[:8]}" in emily.sees()


def test_the_card_of_hr_counts_who_has_agreed(company: Company, quarter: str) -> None:
    mei = company.person("mei")
    assert quarter
    assert "人中已有 0 人商定目标" in mei.sees()
    _, thomas = emily_proposes(company)
    thomas.clicks("Agree")
    company.winds(plus="1m")
    assert "人中已有 1 人商定目标" in mei.sees()
    assert "人中已有 0 人商定目标" not in mei.sees()


def test_an_agreed_goal_says_how_it_is_judged(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    thomas.clicks("Agree")
    assert emily.last_words().count("How it is judged") == 6
    emily.clicks("How it is judged")
    assert "80 %: 2,400,000 CNY\n100 %: 3,000,000 CNY\n120 %: 3,600,000 CNY" in emily.sees()
    assert "How it is judged: What is reached, divided by the target." in emily.sees()
    assert "Source: Order system" in emily.sees()
    emily.closes()
    thomas.clicks("See the goals", near="You and Emily Carter agreed on goals.")
    thomas.clicks("How it is judged", near="Customer visits")
    assert "100 %: 60 visits" in thomas.sees()
    press(emily, "goals.judged", f"{quarter}/U01EMILY/gone")
    assert "This goal is not in the list any more." in emily.sees()


def test_a_first_offer_is_listed_once_in_the_window(company: Company, quarter: str) -> None:
    _, thomas = emily_proposes(company)
    press(thomas, "goals.look", f"{quarter}/U01EMILY")
    assert str(thomas.modal).count("at least 3,000,000 CNY") == 1


def test_an_employee_who_agrees_reads_it_in_one_message(company: Company, quarter: str) -> None:
    """The offer turns into the card; the invitation goes on saying what became of it."""
    emily, thomas = thomas_counters(company)
    emily.clicks("Agree")
    assert quarter
    assert "You and Thomas Keller agreed on goals." not in emily.sees()
    assert emily.sees().count("Your goals for 2027-Q1 are agreed with Thomas Keller.") == 1
    assert "You sent your goals to Thomas Keller." in emily.sees()
    assert "The goals of Emily Carter for 2027-Q1 are agreed." in thomas.last_words()


def test_a_counter_offer_goes_back_as_a_diff(company: Company, quarter: str) -> None:
    emily, thomas = thomas_counters(company)
    assert "Your suggestion is with Emily Carter." in thomas.last_words()
    assert "Thomas Keller suggests other values for your goals." in emily.last_words()
    assert "Target: 3,000,000 → 2,500,000" in emily.last_words()
    assert "The market is slow" in emily.last_words()
    assert "Customer visits" not in emily.last_words()
    emily.clicks("Agree")
    agreed = sheet_of(company, quarter).agreed
    assert next(goal.target for goal in agreed if goal.id == "revenue") == 2500000
    assert "The goals of Emily Carter for 2027-Q1 are agreed." in thomas.last_words()


def test_a_counter_offer_may_be_countered(company: Company, quarter: str) -> None:
    emily, thomas = thomas_counters(company)
    emily.clicks("Suggest a change")
    changes(emily, "Sales revenue", target="2700000")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    assert "Target: 2,500,000 → 2,700,000" in thomas.last_words()
    assert sheet_of(company, quarter).state is SheetState.PROPOSED


def test_the_manager_may_begin_and_the_employee_still_has_to_agree(company: Company, quarter: str) -> None:
    thomas, emily = company.person("thomas"), company.person("emily")
    thomas.opens_home()
    thomas.clicks("See the goals", near="Emily Carter")
    thomas.clicks("Write a first suggestion")
    thomas.clicks("Suggest to Emily Carter")
    thomas.submits()
    assert sheet_of(company, quarter).state is SheetState.COUNTERED
    assert "Thomas Keller suggests other values for your goals." in emily.last_words()
    emily.opens_home()
    assert "Your manager suggests a change to your goals." in emily.home
    emily.types("/cairn goals")
    emily.submits()
    assert sheet_of(company, quarter).state is SheetState.AGREED


def test_what_was_proposed_can_be_taken_back_and_written_on(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    emily.types("/cairn goals")
    assert "Your goals wait for Thomas Keller." in emily.sees()
    emily.submits()
    assert sheet_of(company, quarter).state is SheetState.DRAFT
    assert "Emily Carter took the offer back." in thomas.last_words()
    emily.types("/cairn goals")
    assert "Propose to Thomas Keller" in emily.sees()


def test_a_suggestion_can_be_taken_back_and_written_on(company: Company, quarter: str) -> None:
    """What the employee proposed lies on the table again, and the manager's own values are not lost."""
    emily, thomas = thomas_counters(company)
    thomas.clicks("See the goals", near="Your suggestion is with Emily Carter.")
    thomas.submits()
    assert "Thomas Keller took the offer back." in emily.last_words()
    assert sheet_of(company, quarter).state is SheetState.PROPOSED
    thomas.opens_home()
    thomas.clicks("See the goals", near="Emily Carter")
    assert "at least 3,000,000 CNY" in thomas.sees()
    thomas.clicks("History")
    assert "Thomas Keller took the suggestion back" in thomas.sees()
    thomas.closes()
    thomas.clicks("Suggest a change")
    assert "at least 2,500,000 CNY" in thomas.sees()
    thomas.clicks("Suggest to Emily Carter")
    assert "The market is slow" in str(thomas.modal)
    thomas.submits()
    assert "Target: 3,000,000 → 2,500,000" in emily.last_words()


def test_a_first_suggestion_that_was_taken_back_leaves_no_values_behind(company: Company, quarter: str) -> None:
    thomas, emily = company.person("thomas"), company.person("emily")
    thomas.opens_home()
    thomas.clicks("See the goals", near="Emily Carter")
    thomas.clicks("Write a first suggestion")
    changes(thomas, "Sales revenue", target="9000000")
    thomas.clicks("Suggest to Emily Carter")
    thomas.submits()
    thomas.clicks("See the goals", near="Emily Carter")
    thomas.submits()
    assert sheet_of(company, quarter).state is SheetState.DRAFT
    emily.types("/cairn goals")
    assert "at least 3,000,000 CNY" in emily.sees()
    assert "9,000,000" not in emily.sees()


def test_what_is_proposed_again_is_shown_in_full(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    emily.types("/cairn goals")
    emily.submits()
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    emily.submits(comment="Now with a word")
    assert quarter
    assert "Now with a word" in thomas.last_words()
    assert "at least 3,000,000 CNY" in thomas.last_words()


def test_two_languages_meet(company: Company, quarter: str) -> None:
    yang, li = company.person("yang"), company.person("li")
    yang.clicks("起草目标")
    assert "权重合计 100%" in yang.sees()
    yang.clicks("提交给陈丽")
    yang.submits()
    assert "刘洋提交了目标。" in li.last_words()
    li.clicks("同意")
    yang.clicks("怎么评")
    assert "怎么评：" in yang.sees()
    assert sheet_of(company, quarter, "U01YANG").version == 1


def test_rubrics_and_milestones_are_shown_in_words(company: Company) -> None:
    launched_quarter(company, ["R&D"])
    company.winds(to=MORNING)
    agreed_goals_for(company, "felix")
    felix = company.person("felix")
    felix.types("/cairn goals")
    felix.clicks("How it is judged", near="Technical depth")
    assert "Level 5, 120 %" in felix.sees()
    felix.closes()
    felix.clicks("How it is judged", near="Project milestones")
    assert "Design agreed: 20 points" in felix.sees()


# Changing what was agreed -----------------------------------------------------------------


def test_a_change_holds_only_when_both_accept(company: Company, quarter: str) -> None:
    emily, thomas = emily_asks_for_a_change(company)
    before = sheet_of(company, quarter)
    assert (before.state, before.version) == (SheetState.CHANGING, 1)
    assert company.knows(lambda session: goals.agreed_goals(session, quarter, "U01EMILY"))[3].target == 60
    assert "Target: 60 → 50" in thomas.last_words()
    thomas.clicks("Agree")
    after = sheet_of(company, quarter)
    assert (after.state, after.version, after.agreed[3].target) == (SheetState.AGREED, 2, 50)
    assert after.rules_hash != before.rules_hash
    emily.clicks("History")
    assert "Version 2, rules" in emily.sees()


def test_a_change_may_be_declined(company: Company, quarter: str) -> None:
    emily, thomas = emily_asks_for_a_change(company)
    thomas.clicks("Keep as agreed")
    sheet = sheet_of(company, quarter)
    assert (sheet.state, sheet.version, sheet.goals) == (SheetState.AGREED, 1, sheet.agreed)
    assert "would rather keep the goals as they were agreed" in emily.last_words()
    assert thomas.sees()


def test_the_history_says_who_and_what(company: Company, quarter: str) -> None:
    emily, thomas = emily_asks_for_a_change(company)
    thomas.clicks("Agree")
    emily.types("/cairn goals")
    emily.clicks("History")
    assert "Emily Carter asked for a change" in emily.sees()
    assert "Target: 60 → 50" in emily.sees()
    assert "Thomas Keller agreed, or kept what was agreed: version 2" in emily.sees()
    told = company.knows(lambda session: goals.history(session, quarter, "U01EMILY"))
    assert [(one.by, one.state, one.version) for one in told] == [
        ("U01EMILY", SheetState.PROPOSED, 0),
        ("U01THOMAS", SheetState.AGREED, 1),
        ("U01EMILY", SheetState.CHANGING, 1),
        ("U01THOMAS", SheetState.AGREED, 2),
    ]


def test_every_move_leaves_a_trace(company: Company, quarter: str) -> None:
    thomas_counters(company)
    acts = [(one.actor_id, one.act) for one in company.knows(lambda session: audit.about(session, "U01EMILY"))]
    assert acts == [("U01EMILY", "goals_offer"), ("U01THOMAS", "goals_offer")]
    del quarter


# Refusals ---------------------------------------------------------------------------------


def test_a_colleague_cannot_look_at_or_answer_goals(company: Company, quarter: str) -> None:
    emily_proposes(company)
    marcus = company.person("marcus")
    marcus.clicks("Draft your goals")
    marcus.closes()
    press(marcus, "goals.agree", f"{quarter}/U01EMILY/1")
    assert "This is not yours to do" in marcus.sees()
    assert sheet_of(company, quarter).state is SheetState.PROPOSED


def test_nobody_agrees_to_their_own_goals(company: Company, quarter: str) -> None:
    emily, _ = emily_proposes(company)
    press(emily, "goals.agree", f"{quarter}/U01EMILY/1")
    assert "Nobody agrees to their own values." in emily.sees()
    assert sheet_of(company, quarter).version == 0


def test_what_is_proposed_is_not_written_on(company: Company, quarter: str) -> None:
    emily, _ = emily_proposes(company)
    press(emily, "goals.edit", f"{quarter}/U01EMILY")
    assert "These goals are proposed and wait for an answer." in emily.sees()


def test_a_card_of_an_older_offer_is_refused(company: Company, quarter: str) -> None:
    emily, thomas = thomas_counters(company)
    press(thomas, "goals.agree", f"{quarter}/U01EMILY/1")
    assert "These goals changed meanwhile." in thomas.sees()
    assert emily.sees()


def test_a_counter_offer_on_values_taken_back_meanwhile_is_refused(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    thomas.clicks("Suggest a change")
    changes(thomas, "Sales revenue", target="2500000")
    thomas.clicks("Suggest to Emily Carter")
    emily.types("/cairn goals")
    emily.submits()
    thomas.submits()
    assert "These goals changed meanwhile." in str(thomas.errors)
    assert sheet_of(company, quarter).state is SheetState.DRAFT


def test_a_change_of_nothing_is_refused(company: Company, quarter: str) -> None:
    emily, thomas = emily_proposes(company)
    thomas.clicks("Suggest a change")
    thomas.clicks("Suggest to Emily Carter")
    assert "Nothing is different yet." in thomas.sees()
    assert emily.sees()
    del quarter


def test_nothing_is_agreed_once_assessing_began(company: Company, quarter: str) -> None:
    _, thomas = emily_proposes(company)
    company.winds(to="2027-04-01T10:00:00+02:00")
    thomas.clicks("Agree", near="Emily Carter proposes goals.")
    assert "Goals could be agreed until 1 Apr 2027" in thomas.sees()
    assert sheet_of(company, quarter).version == 0


def test_without_a_cycle_there_are_no_goals(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn goals")
    assert "No cycle is running for you" in emily.last_words()


def test_before_the_cycle_begins_it_is_said_when_goals_are_set(company: Company) -> None:
    placed_people(company)
    mei, emily, yang = (company.person(name) for name in ("mei", "emily", "yang"))
    mei.types("/cairn cycle")
    mei.submits(kind="month", starts_on="2027-02-01", departments=["Sales"])
    mei.submits(name="February")
    mei.submits(reason="A small beginning")
    emily.types("/cairn goals")
    assert "“February” begins with setting goals on 1 Feb 2027; there is nothing to do before." in emily.last_words()
    yang.types("/cairn 目标")
    assert "“February”从2027年2月1日起制定目标，在那之前不用做什么。" in yang.last_words()
    company.winds(to="2027-02-01T10:00:00-05:00")
    emily.types("/cairn goals")
    assert "“February” begins" not in emily.sees()
    assert "Propose to Thomas Keller" in emily.sees()
