"""Check-ins: asked once at the right hour, answered in a minute, told to the manager once."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.domain.checkin import Checkin, Confidence, Kind
from bot.domain.cycle import Cycle, CycleKind, Participant, Stage, opening
from bot.domain.goal import Goal, Sheet, SheetState
from bot.domain.measure import Direction
from bot.domain.org import Stint
from bot.domain.template_document import document_of
from bot.slack.desk import Delivery, Refusal
from bot.sources.templates import shipped
from bot.store import audit, checkins, cycles, goals, people, templates, timers
from tests.company import Company, Persona, shown
from tests.stories import placed_people

SALES_THURSDAY = "2027-01-21T10:00:00"
REVENUE = Goal("g1", "New revenue", "Signed", "k€", Direction.HIGHER, Decimal(60), date(2027, 6, 30), Decimal(400))
RENEWALS = Goal("g2", "Renewals", "Signed", "%", Direction.HIGHER, Decimal(40), date(2027, 6, 30), Decimal(90))


def working(company: Company, *names: str, work_from: date = date(2027, 1, 18), template: str = "sales") -> Cycle:
    """A cycle in which these people work from a day until the end of June, with two agreed goals each."""
    placed_people(company)
    everyone = [company.person(name) for name in names]

    def launch(session) -> Cycle:
        opens = {Stage.PLANNING: date(2027, 1, 4), Stage.EXECUTING: work_from, Stage.ASSESSING: date(2027, 7, 1)}
        days = (date(2027, 1, 4), date(2027, 6, 30))
        now = company.slack.clock.now()
        chosen = shipped()[template]
        templates.keep(session, chosen.content_hash, chosen.id, document_of(chosen), now)
        cycle = cycles.create(session, "First half", CycleKind.CUSTOM, days, opens, by="U01MEI", at=now)
        taking_part = [Participant(cycle.id, one.id, "Sales", "", chosen.content_hash) for one in everyone]
        cycles.launch(session, cycle.id, taking_part, now)
        for one in everyone:
            agrees(session, cycle.id, one.id, now)
            tz = people.get(session, one.id).tz
            timers.remind(session, "checkins.start", one.id, cycle.id, opening(work_from, tz))
        return cycles.get(session, cycle.id)

    cycle = company.knows(launch)
    company.winds(to=f"{work_from}T22:00:00+00:00")
    return cycle


def agrees(session, cycle_id: str, person_id: str, now: datetime) -> None:
    both = (REVENUE, RENEWALS)
    goals.opened(session, cycle_id, person_id)
    goals.speak(
        session, Sheet(cycle_id, person_id, SheetState.AGREED, 1, both, both, "hash", revision=1), person_id, now
    )


def prompts(person: Persona) -> list[str]:
    """The open check-in cards in front of somebody."""
    return [words for one in person.messages if "Update" in (words := shown(one)) or "更新" in words]


def updates(person: Persona, revenue: str = "120", confidence: str = "✓ On track", **more: object) -> None:
    """Answer with an update."""
    person.clicks("Update")
    values = {"value-g1": revenue, "confidence-g1": confidence, "value-g2": "80", "confidence-g2": "✓ On track"}
    person.submits(**values, **more)


def kept(company: Company, cycle: Cycle, person: Persona) -> list[Checkin]:
    return company.knows(lambda session: checkins.history(session, cycle.id, person.id))


# When people are asked --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "offset"), [("yang", "+08:00"), ("lena", "+01:00"), ("emily", "-05:00")], ids=["Shanghai", "Berlin", "NY"]
)
def test_everyone_is_asked_at_ten_on_their_own_clock(company: Company, name: str, offset: str) -> None:
    working(company, name)
    person = company.person(name)
    company.winds(to=f"2027-01-21T09:59:00{offset}")
    assert prompts(person) == []
    company.winds(to=f"{SALES_THURSDAY}{offset}")
    assert len(prompts(person)) == 1


def test_ten_in_berlin_stays_ten_when_the_clocks_change(company: Company) -> None:
    working(company, "lena", work_from=date(2027, 3, 22))
    lena = company.person("lena")
    company.winds(to="2027-03-25T08:59:00+00:00")
    assert prompts(lena) == []
    company.winds(to="2027-03-25T09:00:00+00:00")
    assert len(prompts(lena)) == 1
    updates(lena)
    company.winds(to="2027-04-01T07:59:00+00:00")
    assert prompts(lena) == []
    company.winds(to="2027-04-01T08:00:00+00:00")
    assert len(prompts(lena)) == 1


def test_a_prompt_on_a_public_holiday_comes_on_the_next_working_day(company: Company) -> None:
    working(company, "lena", "yang", work_from=date(2027, 5, 4))
    lena, yang = company.person("lena"), company.person("yang")
    company.winds(to="2027-05-06T10:00:00+08:00")
    company.winds(to="2027-05-06T10:00:00+02:00")
    assert (len(prompts(lena)), len(prompts(yang))) == (0, 1), "Ascension Day is a holiday in Germany alone"
    company.winds(to="2027-05-07T10:00:00+02:00")
    assert len(prompts(lena)) == 1


def test_a_prompt_inside_a_long_holiday_is_left_out(company: Company) -> None:
    working(company, "lin", work_from=date(2027, 2, 1), template="logistics")
    lin = company.person("lin")
    for day in ("05", "08", "09", "11"):  # the Spring Festival is from Friday 5 to Wednesday 10 February
        company.winds(to=f"2027-02-{day}T15:00:00+08:00")
        assert prompts(lin) == []
    company.winds(to="2027-02-12T10:00:00+08:00")
    assert len(prompts(lin)) == 1
    assert "进展如何" in prompts(lin)[0]


def test_leave_that_begins_after_the_prompt_was_planned_is_respected(company: Company) -> None:
    working(company, "yang")
    yang = company.person("yang")
    company.winds(to="2027-01-20T18:00:00+08:00")
    company.knows(lambda session: people.take_leave(session, yang.id, date(2027, 1, 21), date(2027, 1, 26)))
    company.winds(to=f"{SALES_THURSDAY}+08:00")
    company.winds(to="2027-01-27T18:00:00+08:00")
    assert prompts(yang) == []
    company.winds(to="2027-01-28T10:00:00+08:00")
    assert len(prompts(yang)) == 1


def test_somebody_who_moves_in_mid_week_is_asked_at_ten_where_they_are(company: Company) -> None:
    working(company, "lena")
    lena = company.person("lena")
    company.winds(to="2027-01-20T12:00:00+01:00")
    moves(company, lena, "America/New_York")
    company.winds(to=f"{SALES_THURSDAY}+01:00")
    assert prompts(lena) == []
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    assert len(prompts(lena)) == 1


def test_who_flew_east_past_the_hour_is_asked_once_in_the_morning(company: Company) -> None:
    working(company, "emily")
    emily = company.person("emily")
    moves(company, emily, "Asia/Shanghai")
    company.winds(to=f"{SALES_THURSDAY}-05:00")  # 23:00 in Shanghai
    assert prompts(emily) == []
    company.winds(to="2027-01-22T09:30:00+08:00")
    company.winds(to="2027-01-27T18:00:00+08:00")
    assert len(prompts(emily)) == 1


def moves(company: Company, person: Persona, tz: str) -> None:
    def move(session) -> None:
        known = people.get(session, person.id)
        people.keep_member(session, people.Member(known.id, known.name, known.email, known.locale, tz, False, True))

    company.knows(move)


@pytest.mark.parametrize(
    ("back", "asked"),
    [("2027-01-21T13:00:00+08:00", "2027-01-21"), ("2027-01-24T10:00:00+08:00", "2027-01-25")],
    ids=["three hours", "three days"],
)
def test_after_an_outage_everyone_is_asked_once(company: Company, back: str, asked: str) -> None:
    cycle = working(company, "yang")
    yang = company.person("yang")
    company.winds(to=back)
    company.winds(to=f"{asked}T14:00:00+08:00")
    company.winds(to=f"{asked}T15:00:00+08:00")
    assert len(prompts(yang)) == 1
    found = company.knows(lambda session: checkins.all_of(session, cycle.id, yang.id))
    assert [str(one.day) for one in found] == [asked]


def test_nobody_is_asked_in_a_pause(company: Company) -> None:
    working(company, "yang")
    yang = company.person("yang")
    yang.types("/cairn pause until 2027-02-01")
    for week in ("2027-01-21", "2027-01-25", "2027-01-28", "2027-02-01"):
        company.winds(to=f"{week}T10:00:00+08:00")
    assert prompts(yang) == []
    company.winds(to="2027-02-04T10:00:00+08:00")
    assert len(prompts(yang)) == 1


def test_nobody_is_asked_without_agreed_goals_or_after_the_work(company: Company) -> None:
    cycle = working(company, "yang", "min", work_from=date(2027, 6, 14))
    company.knows(lambda session: session.delete(session.get(goals.SheetRow, (cycle.id, "U01MIN"))))
    company.winds(to="2027-06-17T10:00:00+08:00")
    yang, minmin = company.person("yang"), company.person("min")
    assert (len(prompts(yang)), len(prompts(minmin))) == (1, 0)
    company.winds(to="2027-06-24T10:00:00+08:00")
    company.winds(to="2027-07-01T10:00:00+08:00")
    assert prompts(yang) == []
    assert sum("本次未作答" in shown(one) for one in yang.messages) == 2
    company.winds(to="2027-07-08T10:00:00+08:00")
    assert len(yang.messages) == len([one for one in yang.messages if "进展汇报" in shown(one)])


def test_an_answer_on_ones_own_makes_the_next_prompt_needless(company: Company) -> None:
    cycle = working(company, "emily")
    emily = company.person("emily")
    company.winds(to="2027-01-19T14:00:00-05:00")
    emily.types("/cairn checkin")
    emily.submits(**{"confidence-g1": "✓ On track", "confidence-g2": "△ At risk"})
    assert "Check-in, Tue 19 Jan: thank you" in emily.last_words()
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    assert prompts(emily) == []
    assert len(kept(company, cycle, emily)) == 1
    company.winds(to="2027-01-28T10:00:00-05:00")
    assert len(prompts(emily)) == 1


# Reminders --------------------------------------------------------------------------------


def test_two_reminders_come_and_no_more(company: Company) -> None:
    working(company, "emily")
    emily = company.person("emily")
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    company.winds(to="2027-01-22T10:00:00-05:00")
    assert "Thomas Keller would like to know how it is going" in emily.last_words()
    assert "last reminder" not in emily.last_words()
    company.winds(to="2027-01-26T10:00:00-05:00")
    assert "last reminder" in emily.last_words()
    company.winds(to="2027-01-27T16:00:00-05:00")
    assert len(emily.messages) == 3


def test_after_an_outage_one_reminder_stands_for_both(company: Company) -> None:
    working(company, "emily")
    emily = company.person("emily")
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    company.winds(to="2027-01-26T12:00:00-05:00")
    assert len(emily.messages) == 2
    assert "last reminder" in emily.last_words()


def test_no_reminder_comes_after_an_answer_and_older_ones_settle(company: Company) -> None:
    working(company, "emily")
    emily = company.person("emily")
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    company.winds(to="2027-01-22T10:00:00-05:00")
    emily.clicks("Open check-in")
    emily.submits(**{"confidence-g1": "✓ On track", "confidence-g2": "✓ On track"})
    assert "is settled" in emily.last_words()
    company.winds(to="2027-01-26T12:00:00-05:00")
    assert len(emily.messages) == 2


# Answers ----------------------------------------------------------------------------------


def asked(company: Company, *names: str) -> Cycle:
    """A cycle in which these people of Berlin and New York have just been asked, on Thursday 21 January."""
    cycle = working(company, *names)
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    return cycle


def test_an_update_turns_the_card_into_its_thanks(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    assert "New revenue  ·  no value yet" in emily.last_words()
    assert "Which deal" in emily.last_words() or "What did you hear" in emily.last_words()
    updates(emily, confidence="△ At risk", note="Two deals slipped into April", help=["Price or terms"])
    assert "New revenue  ·  120 of 400 k€  ·  △ At risk" in emily.last_words()
    assert "Two deals slipped into April" in emily.last_words()
    assert "Thomas Keller gets it with the digest of Fri 22 Jan" in emily.last_words()
    assert len(emily.messages) == 1
    assert all("slipped" not in push for push in emily.pushes)
    (one,) = kept(company, cycle, emily)
    assert (one.items[0].value, one.items[0].confidence, one.help_wanted) == (120, Confidence.AT_RISK, ("price",))
    trail = company.knows(lambda session: audit.about(session, emily.id))
    assert ("check_in", emily.id) in [(entry.act, entry.actor_id) for entry in trail]


def test_a_first_answer_starts_from_on_track_and_later_ones_from_the_last(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    emily.clicks("Update")
    assert "New revenue: will you make it?" in emily.sees()
    emily.submits(**{"value-g1": "120", "confidence-g2": "△ At risk"})
    emily.clicks("Change")
    emily.submits()
    found = [item.confidence for item in kept(company, cycle, emily)[0].items]
    assert found == [Confidence.ON_TRACK, Confidence.AT_RISK]


def test_a_number_is_taken_as_people_write_it_and_asked_for_again_where_it_could_be_two(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    emily.clicks("Update")
    emily.submits(**{"value-g1": "1,5", "note": "The fair brought many."})
    assert emily.errors == {"value-g1": "“1,5” is no number. Write 1250.5 or 1,250.5."}
    emily.submits(**{"value-g1": "1 250.5"})
    (one,) = kept(company, cycle, emily)
    assert (one.items[0].value, one.note) == (Decimal("1250.5"), "The fair brought many.")


def test_same_is_offered_only_when_there_is_something_to_repeat(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    with pytest.raises(AssertionError, match="no button 'Same'"):
        emily.clicks("Same")


def test_same_twice_gets_one_kind_question_and_is_kept(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    updates(emily)
    questions = []
    for week in ("01-28", "02-04", "02-11"):
        company.winds(to=f"2027-{week}T10:00:00-05:00")
        emily.clicks("Same")
        questions.append("Nothing moved twice in a row" in emily.last_words())
    assert questions == [False, True, False]
    assert [one.kind for one in kept(company, cycle, emily)] == [Kind.UPDATE, *[Kind.SAME] * 3]
    assert kept(company, cycle, emily)[-1].items[0].value == 120


def test_what_blocks_needs_words_and_keeps_the_numbers(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    updates(emily)
    company.winds(to="2027-01-28T10:00:00-05:00")
    emily.clicks("Blocked")
    emily.submits(blocking="  ")
    assert "Please say in a few words" in emily.errors["blocking"]
    emily.submits(blocking="The price list is two weeks late", help=["Price or terms"])
    assert "The price list is two weeks late" in emily.last_words()
    last = kept(company, cycle, emily)[-1]
    assert (last.kind, last.items[0].value) == (Kind.BLOCKED, 120)


def test_an_answer_in_the_thread_becomes_the_note(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    emily.replies("The big tender\nmoves to March", to="how is it going?")
    assert "The big tender moves to March" in shown(emily.messages[0])
    assert "how is it going?" in shown(emily.messages[0])
    emily.replies("x" * 1001, to="how is it going?")
    assert "longer than a note can be (1,000 characters)" in emily.sees()
    updates(emily, note="The big tender moves to March")
    assert kept(company, cycle, emily)[0].note == "The big tender moves to March"


def test_an_answer_can_be_changed_until_the_digest_goes_out(company: Company) -> None:
    cycle = asked(company, "emily", "lena")
    emily, lena = company.person("emily"), company.person("lena")
    updates(emily)
    emily.clicks("Change")
    emily.submits(**{"value-g1": "130", "confidence-g1": "✓ On track", "confidence-g2": "✓ On track"})
    assert kept(company, cycle, emily)[0].items[0].value == 130
    emily.clicks("Change")
    updates(lena)
    company.winds(to="2027-01-22T09:30:00+01:00")
    emily.submits(**{"value-g1": "999", "confidence-g1": "✓ On track", "confidence-g2": "✓ On track"})
    assert "Your manager has this answer already" in emily.errors["value-g1"]
    emily.closes()
    assert kept(company, cycle, emily)[0].items[0].value == 130
    with pytest.raises(AssertionError, match="no button 'Change'"):
        emily.clicks("Change")


def test_a_click_on_a_card_of_last_week_is_refused(company: Company) -> None:
    cycle = asked(company, "emily")
    emily = company.person("emily")
    company.winds(to="2027-01-28T10:00:00-05:00")
    assert "closed without an answer" in shown(emily.messages[0])
    refused = presses(company, "checkins.same", emily, f"{cycle.id}/{emily.id}/2027-01-21")
    assert "This check-in is closed" in refused


def test_nobody_answers_for_somebody_else(company: Company) -> None:
    cycle = asked(company, "emily", "lena")
    carry = f"{cycle.id}/U01LENA/2027-01-21"
    for step in ("checkins.same", "checkins.update", "checkins.blocked"):
        assert "not yours to do" in presses(company, step, company.person("emily"), carry)
    assert "not yours to do" in presses(company, "checkins.update", company.person("thomas"), carry)
    assert "out of date" in presses(company, "checkins.update", company.person("emily"), f"{cycle.id}/U01EMILY/soon")


def presses(company: Company, step: str, person: Persona, carry: str) -> str:
    """Press a button that is not in front of one, as a forged request would."""
    desk = company.cairn.desk
    delivery = Delivery(f"forged-{step}-{person.id}-{carry}", person.id, carry)
    with pytest.raises(Refusal) as refusal:
        company.runs(desk.take(delivery, desk.flows.steps[step]))
    return str(refusal.value.text)


def test_outside_the_time_of_work_there_is_no_sheet(company: Company) -> None:
    placed_people(company)
    emily = company.person("emily")
    emily.types("/cairn checkin")
    assert "yours is not in that stage today" in emily.last_words()


def test_an_open_check_in_waits_in_home_with_the_last_confidence(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    emily.opens_home()
    assert "Your check-in of Thu 21 Jan: about a minute" in emily.home
    emily.clicks("Check in")
    emily.submits(**{"confidence-g1": "✕ Off track", "confidence-g2": "✓ On track"})
    assert "Your check-in of Thu 21 Jan" not in emily.home
    assert "New revenue  ·  no value yet  ·  ✕ Off track" in emily.home


# The digest -------------------------------------------------------------------------------


def test_the_manager_gets_one_digest_with_what_turned_who_is_blocked_and_who_is_silent(company: Company) -> None:
    asked(company, "emily", "lena", "jonas", "marcus")
    emily, lena, jonas = (company.person(name) for name in ("emily", "lena", "jonas"))
    thomas = company.person("thomas")
    for one in (emily, lena, jonas):
        updates(one)
    company.winds(to="2027-01-22T09:30:00+01:00")
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
    company.knows(lambda session: people.take_leave(session, thomas.id, date(2027, 1, 22), date(2027, 1, 26)))
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
    assert "I keep no comments on a digest" in thomas.sees()


# Chinese, and pauses ----------------------------------------------------------------------


def test_the_whole_conversation_in_chinese(company: Company) -> None:
    working(company, "yang")
    yang, li = company.person("yang"), company.person("li")
    company.winds(to=f"{SALES_THURSDAY}+08:00")
    assert "进展如何" in yang.last_words()
    assert "请点按钮，或在本消息的话题里回复，回复即为说明。大约需要一分钟。" in yang.last_words()
    yang.clicks("更新")
    assert "New revenue：能达成吗？" in yang.sees()
    yang.submits(
        **{"value-g1": "50", "confidence-g1": "△ 有风险", "confidence-g2": "✓ 正常推进", "help": ["价格或条款"]}
    )
    assert "已收到，谢谢" in yang.last_words()
    company.winds(to="2027-01-22T09:30:00+08:00")
    assert "团队进展汇报：1 人中 1 人已回复" in li.last_words()
    assert "✓ 正常推进（1）、△ 有风险（1）" in li.last_words()
    assert "\n△ 有风险：New revenue（50 / 400 k€）" in li.last_words()
    li.clicks("已阅")
    assert "陈丽已阅" in yang.last_words()
    company.winds(to="2027-01-28T10:00:00+08:00")
    company.winds(to="2027-01-29T10:00:00+08:00")
    assert "陈丽想了解你的进展" in yang.last_words()
    yang.clicks("遇到阻碍")
    assert "遇到了什么阻碍？" in yang.sees()
    yang.submits(blocking="新价格表还没有批下来", help=["价格或条款"])
    assert "已处理，谢谢" in yang.last_words()
    company.winds(to="2027-02-01T09:30:00+08:00")
    assert "新价格表还没有批下来" in li.last_words()
    assert "*需要的支持：* 价格或条款" in li.last_words()


def test_pauses_in_chinese(company: Company) -> None:
    li = company.person("li")
    placed_people(company)
    li.types("/cairn pause until 31.12.")
    assert "请这样写" in li.last_words()
    li.types("/cairn pause 到 2027年2月1日")
    assert "2027年2月1日之前不会收到进展提醒。团队汇总仍会照常发送。" in li.last_words()
    li.clicks("结束暂停")
    assert li.last_words() == "暂停已结束。进展提醒照常发送。"
    li.types("/cairn pause")
    li.clicks("暂停提醒")
    assert "在这一天之前不提醒" in li.sees()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("until tomorrow", "I cannot read this as a date"),
        ("until 2027-02-30", "I cannot read this as a date"),
        ("until 2027-01-03", "is not ahead of us"),
        ("until 2028-02-01", "a year at most"),
        ("", "prompts reach you as usual"),
    ],
)
def test_a_pause_that_cannot_be_is_answered_kindly(company: Company, typed: str, answer: str) -> None:
    emily = company.person("emily")
    emily.types(f"/cairn pause {typed}")
    assert answer in emily.last_words()
    emily.types(f"pause {typed}")
    assert not [push for push in emily.pushes if "`" in push or "tomorrow" in push]
    assert company.knows(lambda session: people.get(session, emily.id)).paused_until is None


def test_a_pause_is_begun_shown_and_ended(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn pause until 2027-02-01")
    assert "No check-in prompts until 1 Feb 2027" in emily.last_words()
    assert company.knows(lambda session: people.get(session, emily.id)).paused_until == date(2027, 2, 1)
    emily.types("/cairn pause")
    assert "until 1 Feb 2027" in emily.last_words()
    emily.types("/cairn pause off")
    assert "The pause is over." in emily.last_words()
    assert "End the pause" not in emily.sees(), "nothing is left to end"
    assert company.knows(lambda session: people.get(session, emily.id)).paused_until is None


def test_a_pause_is_chosen_in_a_form_moved_and_over_by_itself(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn pause")
    emily.clicks("Pause")
    emily.submits(until="2027-01-03")
    assert "is not ahead of us" in emily.errors["until"]
    emily.submits(until="2027-01-11")
    assert "No check-in prompts until 11 Jan 2027" in emily.last_words()
    emily.types("/cairn pause until 2027-01-13")
    assert "The pause is now until 13 Jan 2027." in emily.sees()
    assert emily.sees().count("End the pause") == 1
    emily.replies("Back soon", to="No check-in prompts until 13 Jan")
    assert "I keep no notes on a pause" in emily.sees()
    company.winds(to="2027-01-13T10:00:00-05:00")
    assert "End the pause" not in emily.sees()
    assert not [push for push in emily.pushes if "`" in push or "*" in push]
