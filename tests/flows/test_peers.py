"""Feedback from colleagues: asked, answered in confidence, opened once or never."""

from datetime import date

import pytest

from bot.store import leaves, people
from tests.company import Company
from tests.peer_rounds import LATER, TEAM, answers, asked, begun, ids, presses, proposing

# The list -----------------------------------------------------------------------------------


def test_a_list_is_proposed_approved_and_everybody_on_it_is_asked(company: Company) -> None:
    _, emily = proposing(company)
    assert "Who can say what it is like to work with you?" in emily.sees()
    emily.clicks("Propose colleagues")
    assert emily.sees().count("same team") == 1, "a reason that all have is said once"
    assert set(emily.modal["blocks"][1]["element"]["initial_users"]) == set(ids(company, *TEAM))
    emily.submits(raters=ids(company, *TEAM))
    assert "Thomas Keller looks at your list next" in emily.sees()
    thomas = company.person("thomas")
    assert "Marcus Reed, colleague, no other requests" in thomas.sees()
    thomas.clicks("Approve")
    assert "5 people are asked for feedback on Emily Carter." in thomas.sees()
    assert "5 colleagues are asked about working with you." in emily.sees()
    assert "anonymous towards Emily Carter, managers and HR" in company.person("marcus").sees()
    assert "It takes about 6 minutes" in company.person("lena").sees()


@pytest.mark.parametrize(
    ("raters", "refusal"),
    [
        (["emily", "lena", "jonas"], "Nobody gives confidential feedback on themself"),
        (["thomas", "lena", "jonas"], "Thomas Keller reviews this work as the manager already"),
        (["oliver", "lena", "jonas"], "Oliver Grant is a guest or has left"),
        (["jin", "lena", "jonas"], "钱进 is a guest or has left"),
        (["U0NOBODY", "lena", "jonas"], "One of these people is not known to me"),
        (["lena", "jonas", "marcus"], "Please choose 4 to 6 people; 3 are chosen now."),
        (["lena", "lena", "jonas", "marcus"], "Please choose 4 to 6 people; 3 are chosen now."),
    ],
)
def test_a_list_that_cannot_be_is_refused_under_the_field(company: Company, raters: list[str], refusal: str) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=[one if one.startswith("U") else company.person(one).id for one in raters])
    assert refusal in emily.errors["raters"]


def test_somebody_without_a_place_in_the_company_cannot_be_asked(company: Company) -> None:
    _, emily = proposing(company)
    company.knows(lambda session: session.query(people.StintRow).filter_by(person_id="U01KAI").delete())
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, "lena", "jonas", "kai"))
    assert "郑凯 is not in the company's list of people yet" in emily.errors["raters"]


def test_the_manager_changes_the_list_and_everybody_else_may_not(company: Company) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, *TEAM))
    thomas = company.person("thomas")
    thomas.clicks("Change")
    thomas.submits(raters=ids(company, "thomas", "lena", "jonas"))
    assert "Thomas Keller reviews this work as the manager already" in thomas.errors["raters"]
    thomas.submits(raters=ids(company, "lena", "jonas", "sofia", "qiang"))
    assert "4 people are asked for feedback on Emily Carter." in thomas.sees()
    assert "Emily Carter" not in company.person("marcus").sees()
    assert company.person("qiang").sees() == "", "it is night in Shanghai"
    company.winds(to="2027-04-02T10:00:00+08:00")
    assert "愿意就与 Emily Carter 的合作写一份保密反馈吗" in company.person("qiang").sees()


@pytest.mark.parametrize(
    ("who", "step", "refusal"),
    [
        ("emily", "peers.approve", "not yours to do"),
        ("marcus", "peers.change", "not yours to do"),
        ("mei", "peers.ask_more", "权限"),
        ("thomas", "peers.approve", "settled already"),
        ("thomas", "peers.changed", "settled already"),
        ("emily", "peers.start", "not yours to do"),
        ("thomas", "peers.start", "You were not asked"),
        ("david", "peers.send_anyway", "You were not asked"),
        ("david", "peers.decline_with_reason", "You were not asked"),
        ("marcus", "peers.decline_with_reason", "Please choose a reason"),
    ],
)
def test_a_forged_or_stale_click_is_refused(company: Company, who: str, step: str, refusal: str) -> None:
    cycle_id = asked(company, *TEAM)
    carry = f"{cycle_id}/U01EMILY" + ("/U01LENA" if step == "peers.ask_more" else "")
    assert refusal in presses(company, who, step, carry)


@pytest.mark.parametrize(
    ("who", "step", "refusal"),
    [
        ("emily", "peers.proposed", "settled already"),
        ("thomas", "peers.approve", "while a cycle is being assessed"),
        ("thomas", "peers.ask_more", "while a cycle is being assessed"),
        ("lena", "peers.start", "This round is closed"),
        ("lena", "peers.consent", "This round is closed"),
        ("lena", "peers.decline", "This round is closed"),
    ],
)
def test_after_the_close_every_old_button_says_so(company: Company, who: str, step: str, refusal: str) -> None:
    cycle_id = asked(company, *TEAM)
    company.winds(to=LATER)
    rest = {"peers.proposed": "", "peers.ask_more": "/U01EMILY/U01LENA"}.get(step, "/U01EMILY")
    assert refusal in presses(company, who, step, cycle_id + rest)


def test_it_is_too_late_to_propose_when_the_assessing_is_over(company: Company) -> None:
    _, emily = proposing(company)
    emily.clicks("Propose colleagues")
    company.slack.wind({"to": "2027-04-15T07:00:00-04:00"})
    emily.submits(raters=ids(company, *TEAM))
    assert "only while a cycle is being assessed" in emily.errors["raters"]


# The request --------------------------------------------------------------------------------


def test_somebody_with_five_open_requests_is_asked_before_the_sixth(company: Company) -> None:
    ratees = ["U01EMILY", "U01LENA", "U01JONAS", "U01SOFIA", "U01PIERRE"]
    begun(company, *ratees, "U01YANG")
    thomas, li = company.person("thomas"), company.person("li")
    for ratee in ratees:
        persona = company.person(ratee)
        persona.clicks("Propose colleagues")
        persona.submits(raters=ids(company, "marcus", "qiang", "kai", "hao"))
        thomas.clicks("Approve")
    company.winds(to="2027-04-02T10:00:00+08:00")
    yang = company.person("yang")
    yang.clicks("提名同事")
    yang.submits(raters=ids(company, "marcus", "min", "hao", "kai"))
    assert "Marcus Reed，同事，另有 5 份反馈邀请" in li.sees()
    li.clicks("确认")
    company.winds(to="2027-04-02T10:00:00-04:00")
    marcus = company.person("marcus")
    assert "Also waiting for you: 4 things" in marcus.sees(), "two requests came, more would be too much at once"
    for _ in range(4):
        marcus.clicks("Show")
    assert "Would you take one more, on 刘洋?" in marcus.sees()
    marcus.clicks("Yes, ask me")
    assert "Would you give confidential feedback on working with 刘洋?" in marcus.sees()


def test_the_load_that_a_manager_sees_is_the_same_before_and_after_an_answer(company: Company) -> None:
    begun(company, "U01EMILY", "U01LENA")
    emily, lena, thomas = (company.person(name) for name in ("emily", "lena", "thomas"))
    emily.clicks("Propose colleagues")
    emily.submits(raters=ids(company, "marcus", "sofia", "jonas", "pierre"))
    thomas.clicks("Approve")
    lena.clicks("Propose colleagues")
    lena.submits(raters=ids(company, "marcus", "sofia", "pierre", "jonas"))
    before = thomas.last_words()
    assert "Marcus Reed, colleague, 1 other request" in before
    answers(company.person("marcus"))
    lena.clicks("Change my list")
    lena.submits(raters=ids(company, "marcus", "sofia", "pierre", "jonas"))
    assert thomas.last_words() == before


def test_who_declines_says_why_and_where_too_few_are_left_the_manager_asks_somebody_else(company: Company) -> None:
    asked(company, "marcus", "lena", "jonas", "pierre")
    marcus, thomas, emily = company.person("marcus"), company.person("thomas"), company.person("emily")
    marcus.clicks("Decline")
    assert "sees that you declined and your reason" in marcus.sees()
    marcus.submits(reason="We worked together too little")
    assert "You declined to give feedback on Emily Carter" in marcus.sees()
    assert "We worked together too little" in thomas.sees()
    assert "3 people are left. With fewer than 3 answers nobody sees anything" in thomas.sees()
    assert "Somebody cannot take part in your feedback round; 3 people are left." in emily.sees()
    assert "Marcus" not in emily.last_words()
    thomas.clicks("Ask somebody else")
    thomas.submits(raters=ids(company, "marcus"))
    assert "has not been asked yet" in thomas.errors["raters"]
    thomas.submits(raters=ids(company, "emily"))
    assert "on themself" in thomas.errors["raters"]
    thomas.submits(raters=ids(company, "sofia"))
    assert "Asked instead: Sofia Rossi" in thomas.sees()
    assert "your feedback round has enough people again" in emily.sees()
    assert "people are left" not in emily.sees()
    assert "4 colleagues are asked about working with you." in emily.sees()
    assert "Would you give confidential feedback" in company.person("sofia").sees()


def test_reminders_go_to_who_is_open_alone_and_people_see_a_share_of_five_or_more(company: Company) -> None:
    asked(company, *TEAM)
    answers(company.person("marcus"))
    thomas = company.person("thomas")
    assert "have answered" not in thomas.sees()
    company.winds(to="2027-04-02T10:00:00-04:00")
    company.winds(to="2027-04-08T10:00:00-04:00")
    assert "A colleague still hopes for your feedback" in company.person("lena").sees()
    assert "still hopes" not in company.person("marcus").sees()
    company.person("lena").clicks("Start", near="until")
    assert "If that matters, write less specific text." in company.person("lena").sees()
    company.person("lena").closes()
    assert "20 % have answered so far" in thomas.sees()
    assert not any(name in thomas.sees() for name in ("Marcus", "Lena"))
    company.winds(to="2027-04-13T08:00:00-04:00")
    assert company.person("lena").sees().count("still hopes") == 2
    mei = company.person("mei")
    mei.types("/cairn peers")
    counted = mei.last_words()
    assert "2027-Q1：20%（2027年4月" in counted
    answers(company.person("lena"))
    mei.types("/cairn peers")
    assert mei.last_words() == counted, "what HR sees does not move with an answer"


def test_leave_over_both_reminders_leaves_one_for_the_day_after_it(company: Company) -> None:
    asked(company, *TEAM)
    lena = company.person("lena")
    company.knows(lambda s: leaves.take(s, lena.id, date(2027, 4, 2), date(2027, 4, 8)))
    company.winds(to="2027-04-09T10:00:00-04:00")
    assert lena.sees().count("still hopes") == 1


def test_hr_sees_no_share_before_the_first_day_of_counting(company: Company) -> None:
    asked(company, *TEAM)
    answers(company.person("marcus"))
    company.person("mei").types("/cairn peers")
    assert "2027-Q1：尚未统计" in company.person("mei").last_words()


def test_of_fewer_than_five_no_share_is_shown(company: Company) -> None:
    asked(company, "marcus", "lena", "jonas", "sofia")
    answers(company.person("marcus"))
    company.winds(to="2027-04-13T12:00:00-04:00")
    assert "have answered" not in company.person("thomas").sees()
    julia = company.person("julia")
    julia.types("/cairn peers")
    assert "ask HR" in julia.last_words()
