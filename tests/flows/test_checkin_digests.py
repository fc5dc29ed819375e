"""What a manager hears of check-ins, once a morning."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.domain.org import Stint
from bot.slack.inputs import Inputs
from bot.store import audit, goals, leaves, people, support
from bot.store.people import Member
from bot.store.timers import TimerRow
from tests.company import Company, Persona
from tests.store.test_together import at_once
from tests.working_quarters import SALES_THURSDAY, asked, presses, updates, working


def test_the_manager_gets_one_digest_with_what_turned_who_is_blocked_and_who_is_silent(company: Company) -> None:
    asked(company, "emily", "lena", "jonas", "marcus")
    emily, lena, jonas = (company.person(name) for name in ("emily", "lena", "jonas"))
    thomas = company.person("thomas")
    for one in (emily, lena, jonas):
        updates(one)
    company.winds(to="2027-01-22T09:30:00+01:00")
    assert "*All on track:* Emily Carter, Jonas Weber, Lena Hoffmann" in thomas.last_words()
    thomas.clicks("Acknowledge all")
    company.winds(to="2027-01-28T10:00:00-05:00")
    updates(emily, confidence="✕ Off track", note="The board said no")
    lena.clicks("Blocked")
    lena.submits(blocking="No access to the new price list", help=["Price or terms"])
    jonas.clicks("Same")
    company.winds(to="2027-01-29T09:29:00+01:00")
    assert len(thomas.messages) == 1
    company.winds(to="2027-01-29T09:30:00+01:00")
    assert len(thomas.messages) == 2
    said = thomas.last_words()
    assert "Check-ins of your team: 3 of 4 answered" in said
    assert "New revenue: ✓ On track → ✕ Off track  ·  120 of 400 k€" in said
    assert "No access to the new price list" in said
    assert "*Help wanted:* Price or terms" in said
    assert "*Same as last time:* Jonas Weber" in said
    assert "*Not answered:* Marcus Reed" in said
    assert all("price list" not in push and "board" not in push for push in thomas.pushes)
    company.winds(to="2027-02-01T12:00:00+01:00")
    assert len(thomas.messages) == 2


def test_the_digest_names_the_goal_in_doubt_and_counts_who_has_no_goals(company: Company) -> None:
    cycle = working(company, "emily", "lena", "jonas")
    company.knows(lambda session: session.delete(session.get(goals.SheetRow, (cycle.id, "U01JONAS"))))
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    updates(company.person("emily"), confidence="△ At risk")
    company.winds(to="2027-01-22T09:30:00+01:00")
    said = company.person("thomas").last_words()
    assert "Emily Carter*  ·  ✓ On track (1), △ At risk (1)\n△ At risk: New revenue (120 of 400 k€)" in said
    assert "One person of your team has no agreed goals yet." in said


def test_a_goal_that_stays_in_doubt_is_named_although_nothing_changed(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    updates(emily, confidence="△ At risk")
    company.winds(to="2027-01-28T10:00:00-05:00")
    emily.clicks("Same")
    company.winds(to="2027-01-29T09:30:00+01:00")
    assert "△ At risk: New revenue (120 of 400 k€)" in company.person("thomas").last_words()


def test_acknowledging_tells_those_who_answered(company: Company) -> None:
    asked(company, "emily", "lena")
    emily, thomas = company.person("emily"), company.person("thomas")
    updates(emily)
    company.winds(to="2027-01-22T09:30:00+01:00")
    assert "Thomas Keller has it in the digest" in emily.last_words()
    thomas.clicks("Acknowledge")
    assert "Thomas Keller has read it" in emily.last_words()
    assert "Acknowledge" not in thomas.last_words()
    trail = company.knows(lambda session: audit.about(session, emily.id))
    assert ("see_checkins", "U01THOMAS") in [(entry.act, entry.actor_id) for entry in trail]


def test_a_late_answer_completes_the_digest_in_place(company: Company) -> None:
    asked(company, "emily", "lena")
    emily, lena, thomas = (company.person(name) for name in ("emily", "lena", "thomas"))
    updates(lena)
    company.winds(to="2027-01-22T09:30:00+01:00")
    thomas.clicks("Acknowledge")
    assert "1 of 2 answered" in thomas.last_words()
    updates(emily, note="Sorry, I was travelling")
    assert "2 of 2 answered" in thomas.last_words()
    assert "Sorry, I was travelling" in thomas.last_words()
    assert len(thomas.messages) == 1
    thomas.clicks("Acknowledge")
    assert "Thomas Keller has read it" in emily.last_words()


def test_a_former_manager_reads_and_acknowledges_nothing(company: Company) -> None:
    cycle = asked(company, "emily")
    updates(company.person("emily"))
    moved = Stint("U01EMILY", "Sales", "Account manager", "U01QIANG", date(2027, 1, 22))
    company.knows(lambda session: people.place(session, moved))
    company.winds(to="2027-01-22T09:30:00+01:00")
    thomas = company.person("thomas")
    assert thomas.messages == []
    assert "nothing here" in presses(company, "checkins.acknowledge", thomas, f"{cycle.id}/2027-01-22")


def moves(company: Company, person: Persona, manager: str, day: date) -> None:
    """From a day on somebody reports to another manager."""
    company.knows(lambda session: people.place(session, Stint(person.id, "Sales", "", manager, day)))


def leaves_the_company(company: Company, person: Persona) -> None:
    gone = Member(person.id, person.member.name, "", "en-GB", "Europe/Berlin", owner=False, takes_part=False)
    company.knows(lambda session: people.keep_member(session, gone))


def test_whoever_is_the_manager_on_the_morning_of_the_digest_gets_it_in_theirs(company: Company) -> None:
    asked(company, "emily", "lena", "jonas")
    emily, lena, jonas = (company.person(name) for name in ("emily", "lena", "jonas"))
    thomas, qiang = company.person("thomas"), company.person("qiang")
    for one in (emily, lena):
        updates(one, note=f"{one.id} was at the fair")
    moves(company, emily, qiang.id, date(2027, 1, 22))
    company.winds(to="2027-01-22T09:29:00+08:00")
    assert qiang.messages == []
    company.winds(to="2027-01-22T09:30:00+08:00")
    assert "U01EMILY was at the fair" in qiang.sees(), "at his hour, in the middle of the night of the other one"
    company.winds(to="2027-01-22T09:30:00+01:00")
    assert "Lena Hoffmann" in thomas.last_words()
    assert "Emily" not in thomas.sees()
    assert "王强 has it in the digest" in emily.last_words()
    qiang.clicks("看过了")
    assert "王强 has read it" in emily.last_words()

    moves(company, jonas, qiang.id, date(2027, 1, 23))
    updates(jonas, note="Late, for I was travelling")
    assert "travelling" in thomas.last_words(), "today he is still the manager"
    moves(company, lena, qiang.id, date(2027, 1, 29))
    company.winds(to="2027-01-28T10:00:00+01:00")
    updates(lena, note="The tender is out")
    company.winds(to="2027-01-29T12:00:00+01:00")
    company.winds(to="2027-02-01T09:30:00+08:00")
    assert "tender" not in thomas.sees()
    assert sum("The tender is out" in str(one) for one in qiang.messages) == 1


def test_the_digest_of_a_manager_who_left_goes_to_the_one_who_follows(company: Company) -> None:
    asked(company, "emily", "lena")
    emily, lena, thomas, qiang = (company.person(name) for name in ("emily", "lena", "thomas", "qiang"))
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the new price list", help=["Price or terms"])
    leaves_the_company(company, thomas)
    company.winds(to="2027-01-22T12:00:00+01:00")
    assert "digest" not in emily.last_words(), "nobody is promised to read it"
    for one in (emily, lena):
        moves(company, one, qiang.id, date(2027, 1, 26))
    company.winds(to="2027-01-26T12:00:00+01:00")
    company.winds(to="2027-01-27T09:30:00+08:00")
    assert "No access to the new price list" in qiang.sees()
    assert thomas.messages == []
    (one,) = company.knows(lambda session: support.of_people(session, [emily.id]))
    assert one.manager_id == qiang.id
    updates(lena, note="Sorry, late")
    assert "Sorry, late" in qiang.sees()


def test_who_answers_late_after_the_manager_changed_is_told_to_the_new_one(company: Company) -> None:
    asked(company, "emily", "lena")
    emily, thomas, qiang = (company.person(name) for name in ("emily", "thomas", "qiang"))
    updates(company.person("lena"))
    company.winds(to="2027-01-22T09:30:00+01:00")
    moves(company, emily, qiang.id, date(2027, 1, 23))
    company.winds(to="2027-01-25T10:00:00-05:00")
    updates(emily, note="The board said no")
    assert "board" not in thomas.sees()
    assert qiang.messages == [], "it is eleven at night there"
    assert "王强 gets it with the digest of Tue 26 Jan." in emily.sees()
    company.winds(to="2027-01-26T09:30:00+08:00")
    assert "The board said no" in qiang.sees()
    assert "board" not in thomas.sees()


def test_help_that_is_promised_at_night_sends_no_digest_before_its_hour(company: Company) -> None:
    asked(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    updates(emily)
    company.winds(to="2027-01-21T20:00:00+01:00")
    emily.types("/cairn support")
    emily.submits(what="The customer asks for a visit of our engineer")
    emily.clicks("No longer needed")
    assert thomas.messages == []
    company.winds(to="2027-01-22T09:30:00+01:00")
    assert "1 of 1 answered" in thomas.sees()


# Answer and digest at once ----------------------------------------------------------------


def takes(company: Company, name: str, step: str, carry: str, **typed: object) -> Callable[[Session], object]:
    """Somebody's step as one unit of work; a read before it shows what stood there a moment ago."""
    desk = company.cairn.desk

    def take(session: Session) -> object:
        turn = desk.turn(session, people.get(session, company.person(name).id))
        turn.carry, turn.inputs = carry, Inputs(typed)
        return desk.flows.steps[step](turn)

    return take


def before_the_digest(company: Company) -> tuple[str, Callable[[Session], object], Callable[[Session], object]]:
    """Emily's answer, and the digest it could go into, at the same moment."""
    cycle = asked(company, "emily")
    company.slack.wind({"to": "2027-01-22T09:30:00+01:00"})
    timers = delete(TimerRow).where(TimerRow.step.in_(("checkins.digest", "checkins.hand_over")))
    company.knows(lambda session: session.execute(timers))  # taken, as what is due is by the one who does it
    answers = takes(company, "emily", "checkins.send_blocked", f"{cycle.id}/U01EMILY/2027-01-21",
                    blocking="No access to the new price list")  # fmt: skip
    return cycle.id, answers, takes(company, "thomas", "checkins.digest", f"{cycle.id}/2027-01-22")


def test_an_answer_that_meets_the_digest_completes_it(company: Company) -> None:
    _, answers, digest = before_the_digest(company)
    at_once(company.database, digest, answers)
    company.settles()
    told_with_its_request(company)


def test_a_digest_that_meets_an_answer_holds_it(company: Company) -> None:
    _, answers, digest = before_the_digest(company)
    at_once(company.database, answers, digest)
    company.settles()
    told_with_its_request(company)


def told_with_its_request(company: Company) -> None:
    thomas = company.person("thomas")
    assert "1 of 1 answered" in thomas.last_words()
    assert "No access to the new price list" in thomas.last_words()
    assert len(company.knows(lambda session: support.of_people(session, ["U01EMILY"]))) == 1


def test_a_manager_on_leave_gets_the_digest_on_the_first_working_morning(company: Company) -> None:
    asked(company, "lena")
    thomas = company.person("thomas")
    company.knows(lambda session: leaves.take(session, thomas.id, date(2027, 1, 22), date(2027, 1, 26)))
    company.winds(to="2027-01-22T09:30:00+01:00")
    assert thomas.messages == []
    company.winds(to="2027-01-27T09:30:00+01:00")
    assert "0 of 1 answered" in thomas.last_words()


def test_who_is_blocked_hears_that_nobody_reads_it_while_the_manager_is_away(company: Company) -> None:
    asked(company, "emily")
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Blocked")
    emily.submits(blocking="No access to the price list")
    assert "Thomas Keller gets it with the digest of Fri 22 Jan." in emily.last_words()
    company.knows(lambda session: leaves.take(session, thomas.id, date(2027, 1, 22), date(2027, 2, 5)))
    for day in ("22T09:30", "23T10:00", "25T12:00"):
        company.winds(to=f"2027-01-{day}:00-05:00")
    assert emily.pushes[-1] == "Thomas Keller has not read yet what you need."
    assert "the digest of Fri 22 Jan" not in emily.sees()
    assert "Thomas Keller has not had it yet; it comes with their next digest." in emily.sees()
    company.winds(to="2027-02-08T09:31:00+01:00")
    assert "No access to the price list" in thomas.last_words()
    assert "has not read yet" not in emily.sees()


def test_three_check_ins_without_an_answer_ask_for_a_talk_instead_of_reminders(company: Company) -> None:
    asked(company, "lena")
    lena, thomas = company.person("lena"), company.person("thomas")
    for day in ("01-22", "01-28", "01-29", "02-04", "02-05", "02-09"):
        company.winds(to=f"2027-{day}T12:00:00+01:00")
    assert "Several times without an answer: Lena Hoffmann. A talk in person helps more now." in thomas.last_words()
    before = len(lena.messages)
    company.winds(to="2027-02-11T12:00:00+01:00")
    company.winds(to="2027-02-12T12:00:00+01:00")
    assert len(lena.messages) == before + 1, "one prompt, no reminder"


def test_a_comment_in_the_thread_of_a_digest_is_declined_kindly(company: Company) -> None:
    asked(company, "lena")
    company.winds(to="2027-01-22T09:30:00+01:00")
    thomas = company.person("thomas")
    thomas.replies("Well done", to="Check-ins of your team")
    assert "Please press “Comment” below the person" in thomas.sees()
