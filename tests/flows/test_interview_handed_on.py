"""Somebody gets another manager between the result, the talk and the looks back: who is asked, who reads, who hears."""

from datetime import date

from sqlalchemy import select

from bot.domain.cycle import Cycle
from bot.domain.org import Stint
from bot.handlers.checkins.asking import to_do
from bot.store import interviews, leavers, one_on_ones, people
from bot.store.people import Member
from bot.store.timers import TimerRow
from tests.beginnings import lived_once
from tests.company import Company, Persona, shown
from tests.flows.test_delivery import released_quarter
from tests.flows.test_interviews import files_of
from tests.flows.test_plans import begun
from tests.flows.test_standin import stands_in
from tests.goals_after_talks import prepares, talked
from tests.working_quarters import presses

NOT_YOURS = "This is not yours to do"


def moves(company: Company, manager: str, day: str, person: str = "jonas") -> None:
    """Somebody reports to another manager from a day on."""
    stint = Stint(company.person(person).id, "Sales", "", company.person(manager).id, date.fromisoformat(day))
    company.knows(lambda session: people.place(session, stint))


def leaves(company: Company, name: str) -> None:
    """Somebody has left, and it was noticed."""
    one = company.person(name)
    gone = Member(one.id, one.member.name, "", "en-GB", "Europe/Berlin", owner=False, takes_part=False)
    today = company.slack.clock.now().date()
    company.knows(lambda session: (people.keep_member(session, gone), leavers.notice(session, today)))


def said_by(person: Persona, push: str) -> str:
    """The newest message with this headline."""
    return shown([one for one in person.messages if one["text"] == push][-1])


def three(company: Company) -> tuple[Persona, Persona, Persona]:
    return company.person("jonas"), company.person("thomas"), company.person("katrin")


@lived_once
def prepared(company: Company) -> Cycle:
    """Jonas and Thomas have both prepared; Thomas chose the 29th, and began to write minutes for it."""
    cycle = released_quarter(company, "jonas")
    jonas, thomas, _ = three(company)
    for one, said in ((jonas, "Signed Hansa"), (thomas, "The offer to Lotus came late")):
        one.types(f"/cairn interview <@{jonas.id}>")
        one.clicks("Prepare the talk")
        prepares(one, ["Selling skill"], ["Understanding customers"], "Time, people or money", examples=said)
        one.closes()
    thomas.types(f"/cairn interview <@{jonas.id}>")
    thomas.clicks("Choose the day")
    thomas.submits(day="2027-04-29")
    thomas.clicks("Write the minutes")
    thomas.submits(minutes="He seemed tired of Lotus", gaps=["Understanding customers"], day="2027-04-23")
    thomas.closes()
    return cycle


# Before the talk --------------------------------------------------------------------------


def test_before_the_talk_the_next_manager_holds_it_and_all_three_hear_who_reads_what(company: Company) -> None:
    cycle = prepared(company)
    jonas, thomas, katrin = three(company)
    moves(company, "katrin", "2027-04-26")
    company.winds(to="2027-04-26T15:00:00+02:00")
    push = "Jonas Weber reports to you now: the talk about 2027-Q1 goes on with you."
    assert katrin.pushes.count(push) == 1
    assert "You hold it: Thu 29 Apr" in said_by(katrin, push)
    assert "Jonas Weber has prepared it, and reads yours once you have, too." in said_by(katrin, push)
    assert "Lotus" not in str(katrin.messages)
    assert "Your talk with Thomas Keller" not in str(jonas.messages), "the agenda that he has had says it, too"
    told = said_by(jonas, "You report to Katrin Schulz now: your talk about 2027-Q1 goes on with them.")
    assert "What you prepared is kept: Katrin Schulz reads it once both of you have sent theirs" in told
    assert "What Thomas Keller prepared is passed on to nobody." in told
    assert "Jonas Weber, 2027-Q1: Katrin Schulz goes on with it" in said_by(
        thomas, "A talk about a result is with another manager now."
    )
    katrin.clicks("Open", near="You hold it")
    katrin.clicks("Write the minutes")
    assert "tired of Lotus" not in katrin.sees(), "nobody goes on with somebody else's words"
    katrin.closes()
    company.winds(to="2027-04-30T15:00:00+02:00")
    assert "Your talk with Katrin Schulz about 2027-Q1: Thu 29 Apr" in shown(jonas.messages[-2])
    assert not [one for one in thomas.pushes if one.startswith("Your talk with Jonas Weber")]
    for step in ("look", "prepare", "talked", "write_minutes"):
        assert NOT_YOURS in presses(company, f"interviews.{step}", thomas, f"{cycle.id}/{jonas.id}")
    thomas.opens_home()
    assert "Jonas Weber" not in thomas.home
    katrin.types(f"/cairn interview <@{jonas.id}>")
    katrin.clicks("We are talking today")
    assert "Thomas Keller prepared" not in katrin.sees()
    assert "Signed Hansa" in katrin.sees(), "that was prepared for this talk"
    katrin.closes()
    jonas.types("/cairn interview")
    assert "Lotus" not in jonas.sees()
    kept = company.knows(lambda session: interviews.prepared(session, cycle.id, jonas.id))
    assert [one.author_id for one in kept.values()] == [jonas.id], "what nobody reads is not kept"


def test_the_file_in_the_persons_calendar_names_who_holds_the_talk_now(company: Company) -> None:
    prepared(company)
    jonas, _, katrin = three(company)
    jonas.types("/cairn interview")
    jonas.clicks("For my calendar")
    jonas.closes()
    moves(company, "katrin", "2027-04-26")
    company.winds(to="2027-04-26T15:00:00+02:00")
    told = "Your talk about 2027-Q1 is with Katrin Schulz now. This file takes the place of the one before."
    assert told in jonas.pushes
    before, now = (set(one.splitlines()) for one in files_of(jonas))
    assert {one for one in now - before if not one.startswith("DTSTAMP")} == {
        "DESCRIPTION:Jonas Weber\\, Katrin Schulz", "SEQUENCE:2"
    }  # fmt: skip
    assert files_of(katrin) == [], "who did not ask has none"


def test_a_file_that_was_to_come_again_stays_away_once_they_have_talked(company: Company) -> None:
    prepared(company)
    jonas, thomas, _ = three(company)
    jonas.types("/cairn interview")
    jonas.clicks("For my calendar")
    jonas.closes()
    company.winds(to="2027-04-26T21:00:00+02:00")
    thomas.types(f"/cairn interview <@{jonas.id}>")
    thomas.clicks("Choose the day")
    thomas.submits(day="2027-04-30")
    thomas.clicks("We are talking today")
    thomas.closes()
    company.winds(to="2027-04-27T15:00:00+02:00")
    assert not [one for one in jonas.pushes if "has moved" in one]
    failed = select(TimerRow.step).where(TimerRow.attempts > 0)
    assert company.knows(lambda session: session.scalars(failed).all()) == []


def test_the_next_manager_gets_the_agenda_on_the_working_day_before_as_both_were_told(company: Company) -> None:
    prepared(company)
    _, thomas, katrin = three(company)
    moves(company, "katrin", "2027-04-26")
    company.winds(to="2027-04-27T15:00:00+02:00")
    agenda = "Your talk with Jonas Weber about 2027-Q1: Thu 29 Apr"
    assert agenda not in katrin.pushes
    company.winds(to="2027-04-28T15:00:00+02:00")
    assert katrin.pushes.count(agenda) == 1
    assert "Not prepared yet: Katrin Schulz" in said_by(katrin, agenda)
    assert "Lotus" not in str(katrin.messages)
    assert agenda not in thomas.pushes
    moves(company, "lena", "2027-04-29")
    lena = company.person("lena")
    company.knows(lambda session: people.choose_language(session, lena.id, "zh"))
    company.winds(to="2027-04-29T15:00:00+02:00")
    assert "你和 Jonas Weber 的 2027-Q1 绩效面谈：4月29日 周四" in lena.pushes, "on the day itself at once"


def test_the_next_manager_does_not_come_by_what_was_prepared_with_a_day_before_they_led(company: Company) -> None:
    cycle = prepared(company)
    jonas, _, katrin = three(company)
    moves(company, "katrin", "2027-04-26")
    company.winds(to="2027-04-26T15:00:00+02:00")
    katrin.types(f"/cairn interview <@{jonas.id}>")
    katrin.clicks("Write the minutes")
    katrin.submits(minutes="We spoke at the fair", day="2027-04-23")
    assert "We spoke at the fair" in katrin.sees()
    assert "Lotus" not in katrin.sees()
    kept = company.knows(lambda session: interviews.prepared(session, cycle.id, jonas.id))
    assert [one.author_id for one in kept.values()] == [jonas.id]
    jonas.types("/cairn interview")
    assert "Lotus" not in jonas.sees()


def test_a_move_that_is_entered_for_days_before_the_talk_hands_on_nothing_either(company: Company) -> None:
    prepared(company)
    jonas, thomas, katrin = three(company)
    company.winds(to="2027-04-26T15:00:00+02:00")
    thomas.types(f"/cairn interview <@{jonas.id}>")
    thomas.clicks("We are talking today")
    assert "Lotus" in thomas.sees()
    thomas.closes()
    moves(company, "katrin", "2027-04-20")
    company.winds(to="2027-04-27T15:00:00+02:00")
    katrin.types(f"/cairn interview <@{jonas.id}>")
    assert "What the two had prepared for it stays between them." in katrin.sees()
    assert "Lotus" not in katrin.sees()


def test_who_comes_back_to_the_first_manager_finds_all_as_it_was(company: Company) -> None:
    prepared(company)
    jonas, thomas, katrin = three(company)
    moves(company, "katrin", "2027-04-26")
    company.winds(to="2027-04-26T15:00:00+02:00")
    moves(company, "thomas", "2027-04-27")
    company.winds(to="2027-04-27T15:00:00+02:00")
    assert "Jonas Weber reports to you now: the talk about 2027-Q1 goes on with you." in thomas.pushes
    assert "A talk about a result is with another manager now." in katrin.pushes
    told = said_by(jonas, "You report to Thomas Keller now: your talk about 2027-Q1 goes on with them.")
    assert "prepared is passed on to nobody" not in told, "Katrin prepared nothing, and what Thomas did is his again"
    thomas.types(f"/cairn interview <@{jonas.id}>")
    assert "Lotus came late" in thomas.sees()
    thomas.clicks("Write the minutes")
    assert "tired of Lotus" in thomas.sees()


def test_who_stands_in_for_some_days_changes_nothing_for_the_others(company: Company) -> None:
    prepared(company)
    jonas, thomas, _ = three(company)
    before = len(thomas.pushes)
    stands_in(company, "U01LENA", "2027-04-26", "2027-04-28")
    company.winds(to="2027-04-26T15:00:00+02:00")
    lena = company.person("lena")
    assert not [one for one in (*lena.pushes, *jonas.pushes) if "goes on with" in one]
    lena.types(f"/cairn interview <@{jonas.id}>")
    lena.clicks("We are talking today")
    lena.closes()
    company.winds(to="2027-04-29T15:00:00+02:00")
    assert not [one for one in thomas.pushes[before:] if "another manager" in one]
    thomas.opens_home()
    assert "Lena Hoffmann talked with Jonas Weber; the minutes are still to come." in thomas.home
    thomas.types(f"/cairn interview <@{jonas.id}>")
    assert "Lotus came late" in thomas.sees()
    assert "Lena Hoffmann and Jonas Weber talked on Mon 26 Apr." in thomas.sees()


# After the talk ---------------------------------------------------------------------------


def test_a_talk_without_minutes_is_not_asked_for_of_who_came_later(company: Company) -> None:
    cycle = prepared(company)
    jonas, thomas, katrin = three(company)
    company.winds(to="2027-04-28T11:00:00+02:00")
    thomas.types(f"/cairn interview <@{jonas.id}>")
    thomas.clicks("We are talking today")
    thomas.closes()
    moves(company, "katrin", "2027-04-29")
    company.winds(to="2027-04-29T15:00:00+02:00")
    push = "Jonas Weber reports to you now: the talk about 2027-Q1 goes on with you."
    assert "Thomas Keller talked with them on Wed 28 Apr and sent no minutes." in said_by(katrin, push)
    katrin.opens_home()
    assert "the minutes are still to come" not in katrin.home
    assert "There are no minutes. Katrin Schulz can talk with you about it again" in jonas.last_words()
    katrin.clicks("Open", near="sent no minutes")
    assert "Thomas Keller and Jonas Weber talked on Wed 28 Apr." in katrin.sees()
    assert "What the two had prepared for it stays between them." in katrin.sees()
    assert not [words for words in ("Lotus", "Hansa") if words in katrin.sees()]
    katrin.clicks("Write the minutes")
    assert "tired of Lotus" not in katrin.sees()
    katrin.submits(minutes="We looked at it once more", gaps=[])
    katrin.closes()
    company.winds(to="2027-04-30T10:00:00+02:00")
    jonas.types("/cairn interview")
    assert "We looked at it once more" in jonas.sees()
    assert "Lotus came late" in jonas.sees(), "what was said to him stays his"
    kept = company.knows(lambda session: interviews.find(session, cycle.id, jonas.id))
    assert (kept.manager_id, kept.minutes_by) == (thomas.id, katrin.id)


def test_after_the_minutes_the_next_manager_looks_back_and_takes_over_what_was_promised(company: Company) -> None:
    cycle = talked(company)
    jonas, thomas, katrin = three(company)
    moves(company, "katrin", "2027-05-03")
    company.winds(to="2027-05-03T15:00:00+02:00")
    push = "Jonas Weber reports to you now: the talk about 2027-Q1 goes on with you."
    assert "You find the minutes, and what they agreed." in said_by(katrin, push)
    assert "2 actions are still open." in said_by(katrin, push)
    katrin.clicks("Open", near="You find the minutes")
    assert "Minutes, written by Thomas Keller" in katrin.sees()
    assert "We looked at the two offers" in katrin.sees()
    assert "Something still to learn" not in katrin.sees()
    owed = "promised by Thomas Keller, who leads Jonas Weber no more"
    assert katrin.sees().count(owed) == 2, "an action of his, and the support for one of Jonas's"
    katrin.clicks("I take it over", near="Ask Hansa for an hour")
    assert "Katrin Schulz: Ask Hansa for an hour" in katrin.sees()
    assert katrin.sees().count(owed) == 1
    katrin.clicks("I take it over", near="Thomas comes along")
    assert "Jonas Weber: Visit Hansa every month" in katrin.sees()
    assert owed not in katrin.sees()
    (hers,) = company.knows(lambda session: one_on_ones.to_do(session, katrin.id))
    assert hers.text == "Ask Hansa for an hour"
    assert not company.knows(lambda session: one_on_ones.to_do(session, thomas.id))
    again = f"{cycle.id}/{jonas.id}/{hers.id}"
    assert "settled meanwhile" in presses(company, "interviews.take_over", katrin, again)
    assert NOT_YOURS in presses(company, "interviews.take_over", thomas, again)
    before = len(thomas.messages)
    company.winds(to="2027-05-28T15:00:00+02:00")
    asked = (
        "About 30 days ago Thomas Keller and Jonas Weber talked about 2027-Q1. How is it going with what they agreed?"
    )
    assert katrin.pushes[-1] == asked
    assert "Katrin Schulz: Ask Hansa for an hour" in katrin.last_words()
    assert "About 30 days ago you talked about 2027-Q1. How is it going with what you agreed?" in jonas.pushes
    katrin.clicks("Open", near="About 30 days ago")
    katrin.closes()
    company.winds(to="2027-06-28T15:00:00+02:00")
    assert katrin.pushes[-1].startswith("About 6")
    assert len(thomas.messages) == before, "nothing of it is asked of him"


def test_a_card_that_asked_the_former_manager_to_look_back_asks_no_more(company: Company) -> None:
    talked(company)
    _, thomas, katrin = three(company)
    company.winds(to="2027-05-28T15:00:00+02:00")
    assert "About 30 days ago you talked about 2027-Q1." in thomas.last_words()
    moves(company, "katrin", "2027-05-31")
    company.winds(to="2027-06-01T15:00:00+02:00")
    assert "Visit Hansa" not in str(thomas.messages)
    assert "2 actions are still open." in katrin.last_words()


def test_what_a_manager_had_promised_is_not_on_their_check_in_any_more(company: Company) -> None:
    talked(company)
    _, thomas, katrin = three(company)
    promised = company.knows(lambda session: one_on_ones.to_do(session, thomas.id))
    assert len(promised) == 1
    assert asked_on_check_in(company, thomas) == ["Ask Hansa for an hour"]
    moves(company, "katrin", "2027-05-03")
    company.winds(to="2027-05-03T15:00:00+02:00")
    assert asked_on_check_in(company, thomas) == []
    katrin.clicks("Open", near="You find the minutes")
    katrin.clicks("I take it over", near="Ask Hansa for an hour")
    assert asked_on_check_in(company, katrin) == ["Ask Hansa for an hour"]
    leaves(company, "jonas")
    assert asked_on_check_in(company, katrin) == [], "nothing is asked for who left"


def asked_on_check_in(company: Company, person: Persona) -> list[str]:
    """What stands on somebody's check-in card as agreed to do."""

    def look(session) -> list[str]:
        turn = company.cairn.desk.turn(session, people.get(session, person.id))
        return [one.text for one in to_do(turn, turn.person)]

    return company.knows(look)


def test_nobody_looks_back_for_who_left_and_who_is_led_by_nobody_looks_alone(company: Company) -> None:
    talked(company)
    jonas, _, katrin = three(company)
    leaves(company, "thomas")
    company.winds(to="2027-05-28T15:00:00+02:00")
    assert "About 30 days ago you talked about 2027-Q1. How is it going with what you agreed?" in jonas.pushes
    jonas.types("/cairn interview")
    assert "Thomas Keller and Jonas Weber talked on Wed 28 Apr." in jonas.sees()
    jonas.closes()
    moves(company, "katrin", "2027-05-31")
    company.winds(to="2027-05-31T15:00:00+02:00")
    assert [one for one in katrin.pushes if one.startswith("About 3")], "from the day on which somebody leads him"
    leaves(company, "jonas")
    before = len(katrin.messages)
    company.winds(to="2027-06-28T15:00:00+02:00")
    assert len(katrin.messages) == before


def test_a_whole_team_in_new_hands_is_one_message_for_each_manager_in_chinese_too(company: Company) -> None:
    released_quarter(company, "jonas", "emily", "marcus")
    _, thomas, katrin = three(company)
    company.knows(lambda session: people.choose_language(session, katrin.id, "zh"))
    for name in ("jonas", "emily", "marcus"):
        moves(company, "katrin", "2027-04-26", name)
    company.winds(to="2027-04-26T15:00:00+02:00")
    assert [one for one in katrin.pushes if "面谈" in one] == [
        "Emily Carter、Jonas Weber、Marcus Reed 现在向你汇报，他们的绩效面谈由你接手。"
    ]
    assert thomas.pushes[-1] == "3 talks about results are with other managers now."


def test_a_managers_part_in_a_plan_goes_to_the_next_one(company: Company) -> None:
    begun(company)
    moves(company, "lena", "2027-01-25", "emily")
    company.winds(to="2027-01-26T16:00:00+01:00")
    thomas, lena = company.person("thomas"), company.person("lena")
    assert not company.knows(lambda session: one_on_ones.to_do(session, thomas.id))
    (duty,) = company.knows(lambda session: one_on_ones.to_do(session, lena.id))
    assert duty.text == "Take the fair in February off her list"
