"""The talk about a result: prepared apart, held, minuted with an action for each gap, and looked back on."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle
from bot.domain.interview import Cause, Interview, Side
from bot.domain.talk import Entry, Kind
from bot.store import interviews, one_on_ones, people, results
from bot.store.people import Member
from tests.company import Company, Persona
from tests.flows.test_appeals import move_under
from tests.flows.test_delivery import released_quarter
from tests.outcomes import computed
from tests.stories import ended_quarter, planned
from tests.working_quarters import presses


@pytest.fixture
def cycle(company: Company) -> Cycle:
    """Emily's result was released on 23 April; the talk is due by Friday 30 April."""
    return released_quarter(company, "emily")


def prepares(person: Persona, strengths: list[str], gaps: list[str], cause: str, **words: str) -> None:
    """Somebody prepares, giving every missed goal this cause."""
    fields = [one["block_id"] for one in person.modal["blocks"] if one.get("block_id", "").startswith("cause_")]
    person.submits(strengths=strengths, gaps=gaps, **{name: [cause] for name in fields}, **words)


def leaves(company: Company, person: Persona) -> None:
    gone = Member(person.id, person.member.name, "", "en-GB", "Europe/Berlin", owner=False, takes_part=False)
    company.knows(lambda session: people.keep_member(session, gone))


def test_both_prepare_apart_and_what_they_see_differently_becomes_the_agenda(company: Company) -> None:
    cycle = released_quarter(company, "jonas")
    jonas, thomas = company.person("jonas"), company.person("thomas")
    assert "The talk with Thomas Keller comes by Fri 30 Apr." in jonas.last_words()
    jonas.clicks("Prepare the talk")
    assert "What would you like to learn or do next?" in jonas.sees()
    prepares(jonas, ["Understanding customers"], ["Understanding customers"], "The market or the customer")
    assert jonas.errors == {"gaps": "This stands among the strengths already. Which is it more?"}
    prepares(
        jonas, ["Understanding customers"], ["Selling skill"], "The market or the customer", wish="Lead the tender"
    )
    assert "Thomas Keller reads yours once both of you have sent it" in jonas.sees()
    jonas.closes()

    thomas.clicks("Prepare the talks")
    thomas.clicks("Open", near="Jonas Weber")
    assert "Jonas Weber has prepared." in thomas.sees()
    assert "tender" not in thomas.sees()
    thomas.clicks("Prepare the talk")
    prepares(thomas, ["Honest forecasts and market news"], ["Understanding customers"], "Something still to learn")
    assert "Understanding customers: a gap for Thomas Keller, a strength for Jonas Weber" in thomas.sees()
    assert "“The market or the customer” for Jonas Weber, “Something still to learn” for Thomas Keller" in thomas.sees()
    assert "Selling skill: a gap for Jonas Weber alone" in thomas.sees()
    assert "Wish: Lead the tender" in thomas.sees()
    company.winds(to="2027-04-26T10:00:00-04:00")
    assert jonas.pushes[-1] == "Your talk with Thomas Keller about 2027-Q1: by Fri 30 Apr"
    card = jonas.last_words()
    assert "10 min: The employee begins: how the time was" in card
    assert "Sales strategy first: which bet worked" in card
    assert "Understanding customers: a gap for Thomas Keller" in card
    assert (
        "Sales revenue: “The market or the customer” for Jonas Weber, “Something still to learn” for Thomas Keller"
        in card
    )
    jonas.clicks("Open")
    with pytest.raises(AssertionError, match="sees no button"):
        jonas.clicks("Change what I prepared")
    found = company.knows(lambda session: interviews.causes(session, cycle.id))
    missed = found[Side.PERSON, Cause.MARKET]
    assert missed
    assert found == Counter({(Side.PERSON, Cause.MARKET): missed, (Side.MANAGER, Cause.SKILL): missed})


def test_who_still_writes_minutes_that_were_sent_meanwhile_hears_so_and_keeps_the_form(company: Company) -> None:
    cycle = released_quarter(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    thomas.types(f"/cairn interview <@{emily.id}>")
    thomas.clicks("Prepare the talk")
    prepares(thomas, [], ["Understanding customers"], "Time, people or money")
    thomas.closes()
    company.winds(to="2027-04-28T11:00:00+02:00")
    thomas.types(f"/cairn interview <@{emily.id}>")
    thomas.clicks("We are talking today")
    thomas.clicks("Write the minutes")

    def sends_from_the_phone(session: Session) -> None:
        talk = interviews.find(session, cycle.id, emily.id)
        assert talk
        interviews.post(session, talk, "All is said", (), thomas.id, company.slack.clock.now())

    company.knows(sends_from_the_phone)
    thomas.submits(minutes="We looked at the two offers", gaps=["Understanding customers"])
    assert "The minutes were sent already." in str(thomas.errors)
    assert "Write the minutes" not in thomas.sees(), "the form is still there, with what was typed"
    talk = company.knows(lambda session: interviews.find(session, cycle.id, emily.id))
    assert talk
    assert talk.minutes == "All is said"


def test_a_gap_without_an_action_holds_the_minutes_and_both_confirm(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    for one, gaps in ((emily, []), (thomas, ["Understanding customers"])):
        one.types(f"/cairn interview <@{emily.id}>")
        one.clicks("Prepare the talk")
        prepares(one, ["Selling skill"], gaps, "Time, people or money")
        one.closes()
    company.winds(to="2027-04-28T11:00:00+02:00")
    thomas.types(f"/cairn interview <@{emily.id}>")
    thomas.clicks("We are talking today")
    thomas.clicks("Write the minutes")
    thomas.submits(minutes="We looked at the two offers", gaps=["Understanding customers"])
    assert thomas.errors == {"gaps": "Each gap needs an action first: who does what, by when. Your text is kept."}
    thomas.closes()
    thomas.types(f"/cairn interview <@{emily.id}>")
    thomas.clicks("Add an action")
    thomas.submits(gap="Understanding customers", item="Visit Hansa together", owner="Emily Carter", due="2027-05-12",
                   support="Thomas comes along")  # fmt: skip
    assert "for Understanding customers  ·  support: Thomas comes along" in thomas.sees()
    thomas.clicks("Write the minutes")
    assert "We looked at the two offers" in thomas.sees(), "what was typed is kept"
    thomas.submits(minutes="We looked at the two offers", gaps=["Understanding customers"])
    assert "Emily Carter has not read them yet." in thomas.sees()
    company.winds(to="2027-04-28T10:00:00-04:00")
    assert emily.pushes[-1] == "The minutes of your talk about 2027-Q1 are there."
    assert "To have read them does not mean that you agree." in emily.last_words()
    emily.clicks("Add something")
    emily.submits(comment="Hansa had already signed")
    assert "You read them on" in emily.last_words()
    company.winds(to="2027-04-29T10:00:00+02:00")
    assert thomas.pushes[-1] == "Emily Carter has read the minutes and adds something."
    assert "Hansa had already signed" in thomas.last_words()
    (item,) = company.knows(lambda session: one_on_ones.to_do(session, emily.id))
    assert (item.text, item.due, item.gap[:6]) == ("Visit Hansa together", date(2027, 5, 12), "skill:")
    held = company.knows(lambda session: interviews.held_on(session, cycle.id, emily.id))
    assert held == date(2027, 4, 28)
    assert company.knows(lambda session: interviews.days_to_talk(session, cycle.id)) == [3]

    company.winds(to="2027-05-28T11:00:00-04:00")
    assert "About 30 days ago you talked about 2027-Q1. How is it going with what you agreed?" in emily.pushes
    assert "Emily Carter: Visit Hansa together  ·  by Wed 12 May" in str(thomas.messages)
    company.knows(lambda session: one_on_ones.finish(session, item, company.slack.clock.now()))
    before = len(thomas.messages)
    company.winds(to="2027-06-28T11:00:00-04:00")
    assert len(thomas.messages) == before, "nothing is open any more"


def test_the_agenda_comes_the_day_before_and_a_late_talk_is_said_twice(company: Company, cycle: Cycle) -> None:
    emily, thomas, mei = (company.person(name) for name in ("emily", "thomas", "mei"))
    thomas.types("/cairn interview")
    thomas.clicks("Open", near="Emily Carter")
    thomas.clicks("Choose the day")
    thomas.submits(day="2027-04-29")
    thomas.clicks("Prepare the talk")
    prepares(thomas, ["Selling skill"], [], "Time, people or money")
    thomas.closes()
    company.winds(to="2027-04-28T10:00:00-04:00")
    assert emily.pushes[-1] == "Your talk with Thomas Keller about 2027-Q1: Thu 29 Apr"
    assert "Not prepared yet: Emily Carter" in emily.last_words()
    emily.clicks("Prepare the talk")
    emily.closes()
    emily.clicks("Open")
    assert "Strengths: Selling skill" in emily.sees(), "the talk is tomorrow"
    late = "One talk about 2027-Q1 is still to come."
    company.winds(to="2027-05-03T15:00:00+02:00")
    assert thomas.pushes.count(late) == 1
    released_later(company, cycle, "marcus")
    company.winds(to="2027-05-05T15:00:00+02:00")
    assert thomas.pushes.count(late) == 2
    mei.types("/cairn interview")
    assert "2 次中已谈 0 次，0 次过期" in mei.sees()
    mei.closes()
    company.winds(to="2027-05-12T15:00:00+02:00")
    assert thomas.pushes[-1] == "2 talks about 2027-Q1 are still to come.", "what came later has its own days"
    company.winds(to="2027-05-14T10:00:00+08:00")
    mei.opens_home()
    assert "有 1 次绩效面谈过期" in mei.home
    leaves(company, thomas)
    mei.types("/cairn interview")
    assert "没有主管，因此没有人能和他们面谈*\n•  Emily Carter" in mei.sees()
    assert "Selling skill" not in mei.sees()


def released_later(company: Company, cycle: Cycle, name: str) -> None:
    """Somebody's result was held back, and is out now."""
    person_id, at = company.person(name).id, company.slack.clock.now()
    his = update(results.ResultRow).where(results.ResultRow.person_id == person_id)

    def release(session) -> None:
        results.keep(session, cycle.id, [computed(person_id, "B")], at)
        session.execute(his.values(released_at=at, released_by="U01MEI"))

    company.knows(release)
    planned(company, "interviews.begin", cycle.id, person_id)


def files_of(person: Persona) -> list[str]:
    """The files in somebody's DM, as lines that were folded are read."""
    slack = person.company.slack
    found = [slack.files[one["id"]] for message in person.messages for one in message.get("files", ())]
    return [one.content.decode().replace("\r\n ", "") for one in found]


def test_a_talk_goes_into_both_calendars_and_moves_there(company: Company, cycle: Cycle) -> None:
    emily, thomas = company.person("emily"), company.person("thomas")
    thomas.types("/cairn interview @Emily Carter")
    with pytest.raises(AssertionError, match="sees no button"):
        thomas.clicks("For my calendar")
    thomas.clicks("Choose the day")
    thomas.submits(day="2027-04-29", time="15:30")
    thomas.closes()
    emily.types("/cairn interview")
    assert "With Thomas Keller: Thu 29 Apr, 09:30" in emily.sees(), "in her own zone"
    emily.clicks("For my calendar")
    assert "The file for your calendar comes into your DM with me." in emily.sees()
    assert emily.pushes[-1] == "For your calendar: your talk with Thomas Keller about 2027-Q1"
    (first,) = files_of(emily)
    assert first.startswith("BEGIN:VCALENDAR\r\n")
    for line in ("SUMMARY:Talk: 2027-Q1", "DESCRIPTION:Emily Carter\\, Thomas Keller", "DTSTART:20270429T133000Z",
                 "DTEND:20270429T143000Z", "SEQUENCE:1"):  # fmt: skip
        assert line in first.split("\r\n")
    assert cycle.id not in first
    assert emily.id not in first
    company.winds(to="2027-04-26T16:00:00+02:00")
    thomas.types(f"/cairn interview <@{emily.id}>")
    thomas.clicks("Choose the day")
    thomas.submits(day="2027-04-30", time="05:00")
    company.winds(to="2027-04-26T12:00:00-04:00")
    assert emily.pushes[-1].startswith("Your talk with Thomas Keller about 2027-Q1 has moved.")
    emily.types("/cairn interview")
    assert "With Thomas Keller: Thu 29 Apr, 23:00" in emily.sees(), "her day, too"
    _, moved = files_of(emily)
    for line in ("DTSTART:20270430T030000Z", "SEQUENCE:2", next(o for o in first.split("\r\n") if o[:4] == "UID:")):
        assert line in moved.split("\r\n")
    assert files_of(thomas) == [], "who did not ask has none"
    company.winds(to="2027-04-28T12:00:00-04:00")
    assert emily.pushes[-1] == "Your talk with Thomas Keller about 2027-Q1: Thu 29 Apr, 23:00", "the day before hers"


def test_with_another_manager_the_managers_side_is_prepared_anew(company: Company, cycle: Cycle) -> None:
    emily, thomas, katrin = (company.person(name) for name in ("emily", "thomas", "katrin"))
    for one, said in ((emily, "Signed Hansa"), (thomas, "The offer to Lotus came late")):
        one.types(f"/cairn interview <@{emily.id}>")
        one.clicks("Prepare the talk")
        prepares(one, ["Selling skill"], [], "Time, people or money", examples=said)
        one.closes()
    company.knows(lambda session: move_under(session, katrin.id))
    company.winds(to="2027-04-26T10:00:00+02:00")
    katrin.types(f"/cairn interview <@{emily.id}>")
    assert "Lotus" not in katrin.sees(), "it is not hers"
    assert "Hansa" not in katrin.sees(), "and she has sent nothing yet"
    katrin.clicks("Prepare the talk")
    prepares(katrin, ["Honest forecasts and market news"], ["Understanding customers"], "Something still to learn")
    assert "Understanding customers: a gap for Katrin Schulz alone" in katrin.sees()
    assert "Signed Hansa" in katrin.sees()
    company.winds(to="2027-05-03T15:00:00+02:00")
    late = "One talk about 2027-Q1 is still to come."
    assert (katrin.pushes.count(late), thomas.pushes.count(late)) == (1, 0)
    katrin.clicks("We are talking today")
    company.knows(lambda session: move_under(session, "U01LENA"))
    company.winds(to="2027-05-04T10:00:00-04:00")
    emily.types("/cairn interview")
    assert "Katrin Schulz prepared" in emily.sees(), "who said it stays who said it"


def test_shown_at_the_talk_hides_the_number_until_then_everywhere(company: Company) -> None:
    mei, emily, thomas = (company.person(name) for name in ("mei", "emily", "thomas"))
    mei.types("/cairn interview")
    mei.clicks("修改")
    mei.submits(result_shown="在和主管的面谈中看到，最迟十个工作日后")
    assert "在和主管的面谈中看到" in mei.sees()
    mei.closes()
    cycle = released_quarter(company, "emily")
    assert emily.pushes == ["Your result of 2027-Q1 is there. You see it in the talk."]
    assert "If there is no talk, it opens on Thu 6 May." in emily.last_words()
    hidden = "You see your result in the talk with Thomas Keller; on 6 May 2027 at the latest, also without a talk."
    emily.types("/cairn result")
    assert hidden in emily.last_words()
    emily.opens_home()
    assert "result of 2027-Q1" not in emily.home
    thomas.types("/cairn result Emily Carter")
    assert "*Grade*" in thomas.sees(), "the manager prepares with it"
    thomas.closes()
    kept = company.knows(lambda session: results.result(session, cycle.id, emily.id))
    assert kept.opened_at is None
    thomas.types(f"/cairn interview <@{emily.id}>")
    company.winds(to="2027-04-27T16:00:00+02:00")
    thomas.clicks("We are talking today")
    company.winds(to="2027-04-27T16:05:00+02:00")
    assert emily.pushes[-1] == "Your result of 2027-Q1 is ready."
    emily.clicks("Open my result", near="is ready")
    assert "*Grade*" in emily.sees()


def test_without_a_talk_the_result_opens_after_ten_working_days_and_an_old_button_does_not_before(
    company: Company,
) -> None:
    mei, emily = company.person("mei"), company.person("emily")
    cycle = released_quarter(company, "emily")
    mei.types("/cairn interview")
    mei.clicks("修改")
    mei.submits(result_shown="在和主管的面谈中看到，最迟十个工作日后")
    hidden = "You see your result in the talk with Thomas Keller"
    emily.clicks("Open my result")
    assert hidden in emily.sees()
    for step, carry in (("ask_why", "/top"), ("show_chart", "")):
        assert hidden in presses(company, f"delivery.{step}", emily, f"{cycle.id}/{emily.id}{carry}")
    company.winds(to="2027-05-06T10:00:00-04:00")
    emily.types("/cairn result")
    assert "*Grade*" in emily.sees()


TEAM = ("emily", "marcus", "jonas", "lena", "sofia", "pierre")
SEVERAL = "Some weeks ago you talked about results with several people. How is it going with what you agreed?"


def agreed_with(company: Company, cycle: Cycle, thomas: Persona, name: str) -> None:
    """Thomas talks with somebody today, and both have agreed on something."""
    person, now = company.person(name), company.slack.clock.now()
    talk = Interview(cycle.id, person.id, thomas.id, now.date(), now.date(), now.date())
    action = Entry("", thomas.id, person.id, Kind.ITEM, thomas.id, f"Visit Hansa with {name}", now, person.id,
                   now.date() + timedelta(days=14), cycle_id=cycle.id)  # fmt: skip
    company.knows(lambda session: (interviews.begin(session, talk), one_on_ones.keep(session, action)))
    thomas.types(f"/cairn interview <@{person.id}>")
    thomas.clicks("We are talking today")
    thomas.closes()


def test_a_manager_looks_back_on_all_talks_of_a_day_in_one_message(company: Company) -> None:
    cycle, thomas = ended_quarter(company, *TEAM), company.person("thomas")
    company.winds(to="2027-04-28T11:00:00+02:00")
    for name in TEAM:
        agreed_with(company, cycle, thomas, name)
    before = len(thomas.messages)
    company.winds(to="2027-05-28T11:00:00+02:00")
    assert [len(thomas.messages) - before, thomas.pushes[-1]] == [1, SEVERAL]
    assert all(f"Visit Hansa with {name}" in thomas.last_words() for name in TEAM)
    thomas.clicks("Open")
    thomas.closes()
    assert "Emily Carter" not in thomas.last_words(), "who was looked at is there no more"
    thomas.types(f"/cairn talk <@{company.person('jonas').id}>")
    thomas.clicks("It is done")
    thomas.closes()
    assert "Visit Hansa with jonas" not in thomas.last_words(), "nor what was done"
    for _ in TEAM[2:]:
        thomas.clicks("Open")
        thomas.closes()
    assert thomas.last_words().startswith("You have looked back on what you agreed. Thank you.")
    company.winds(to="2027-06-28T11:00:00+02:00")
    assert thomas.pushes.count(SEVERAL) == 2, "on Monday, for the sixtieth day was a Sunday"
    assert "Emily Carter" in thomas.last_words()
    assert "jonas" not in thomas.last_words()
    assert len(thomas.messages) - before == 2
