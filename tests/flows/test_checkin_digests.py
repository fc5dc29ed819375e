"""What a manager hears of check-ins, once a morning."""

from datetime import date

from bot.domain.org import Stint
from bot.store import audit, goals, leaves, people
from tests.company import Company
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


def test_a_manager_on_leave_gets_the_digest_on_the_first_working_morning(company: Company) -> None:
    asked(company, "lena")
    thomas = company.person("thomas")
    company.knows(lambda session: leaves.take(session, thomas.id, date(2027, 1, 22), date(2027, 1, 26)))
    company.winds(to="2027-01-22T09:30:00+01:00")
    assert thomas.messages == []
    company.winds(to="2027-01-27T09:30:00+01:00")
    assert "0 of 1 answered" in thomas.last_words()


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
