"""What somebody is writing is kept: on every way back, and when the other side speaks first."""

import pytest

from bot.domain.goal import SheetState
from bot.store import people
from tests.company import Company, Persona
from tests.goal_talks import changes, emily_proposes, invited_sellers, sheet_of


@pytest.fixture
def overtaken(company: Company) -> tuple[Persona, str]:
    """Emily was writing when Thomas suggested goals; her window is still open."""
    cycle_id = invited_sellers(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Draft your goals")
    changes(emily, "Customer visits", target="77")
    thomas.opens_home()
    thomas.clicks("See the goals", near="Emily Carter")
    thomas.clicks("Write a first suggestion")
    thomas.clicks("Suggest to Emily Carter")
    thomas.submits()
    return emily, cycle_id


def test_what_was_said_at_the_last_look_is_kept_on_the_way_back(company: Company) -> None:
    invited_sellers(company)
    emily = company.person("emily")
    emily.clicks("Draft your goals")
    emily.clicks("Propose to Thomas Keller")
    emily.clicks("Back to the list", having={"comment": "My customers know me"})
    changes(emily, "Customer visits", target="77")
    emily.clicks("Propose to Thomas Keller")
    assert "My customers know me" in str(emily.modal)
    emily.submits()
    assert "My customers know me" in company.person("thomas").last_words()


def test_a_draft_outlives_the_managers_first_word(company: Company, overtaken: tuple[Persona, str]) -> None:
    emily, cycle_id = overtaken
    emily.closes()
    emily.clicks("Suggest a change")
    assert "Your draft is kept" in emily.sees()
    assert "at least 77 visits" in emily.sees()
    emily.clicks("Go on with my draft")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    assert "77" in {str(goal.target) for goal in sheet_of(company, cycle_id).goals}


def test_a_window_left_open_overwrites_nothing(company: Company, overtaken: tuple[Persona, str]) -> None:
    emily, _ = overtaken
    emily.clicks("Edit", near="Customer visits")
    assert "your draft is kept" in emily.sees()
    emily.closes()
    emily.closes()
    emily.clicks("Suggest a change")
    emily.clicks("Start from these goals")
    assert "77" not in emily.sees()
    emily.clicks("Edit", near="Customer visits")
    assert company


def test_who_agrees_is_not_asked_about_a_draft_again(company: Company, overtaken: tuple[Persona, str]) -> None:
    emily, _ = overtaken
    emily.closes()
    emily.clicks("Agree")
    emily.clicks("Ask for a change")
    assert "Your draft is kept" not in emily.sees()
    assert company


def test_a_managers_draft_outlives_an_offer_that_was_taken_back(company: Company) -> None:
    invited_sellers(company)
    emily, thomas = emily_proposes(company)
    thomas.clicks("Suggest a change")
    changes(thomas, "Sales revenue", target="2500000")
    thomas.closes()
    emily.types("/cairn goals")
    emily.submits()
    emily.types("/cairn goals")
    changes(emily, "Customer visits", target="66")
    emily.clicks("Propose to Thomas Keller")
    emily.submits()
    thomas.clicks("Suggest a change")
    assert "at least 2,500,000 CNY" in thomas.sees()


def test_goals_are_not_offered_to_who_left_and_the_draft_stays(company: Company) -> None:
    cycle_id = invited_sellers(company)
    emily = company.person("emily")
    emily.clicks("Draft your goals")
    changes(emily, "Customer visits", target="77")
    emily.clicks("Propose to Thomas Keller")
    leaves(company, "U01THOMAS")
    emily.submits(comment="My customers know me")
    assert "does not take part in Cairn any more" in str(emily.errors)
    assert sheet_of(company, cycle_id).state is SheetState.DRAFT
    while emily.modals:
        emily.closes()
    emily.types("/cairn goals")
    emily.clicks("Propose to Thomas Keller")
    assert "does not take part in Cairn any more" in emily.sees()
    emily.closes()
    assert "at least 77 visits" in emily.sees()


def leaves(company: Company, person_id: str) -> None:
    def leave(session) -> None:
        session.get(people.PersonRow, person_id).takes_part = False

    company.knows(leave)
