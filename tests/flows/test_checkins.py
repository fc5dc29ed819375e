"""Check-ins: asked once at the right hour, answered in a minute, told to the manager once."""

from datetime import date

import pytest

from bot.store import checkins, goals, leaves, people
from tests.company import Company, Persona, shown
from tests.working_quarters import SALES_THURSDAY, kept, updates, working


def prompts(person: Persona) -> list[str]:
    """The open check-in cards in front of somebody."""
    return [words for one in person.messages if "Update" in (words := shown(one)) or "更新" in words]


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
    company.knows(lambda session: leaves.take(session, yang.id, date(2027, 1, 21), date(2027, 1, 26)))
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
    emily.replies("Still at it", to="how is it going")
    assert len(emily.messages) == 2, "the reminder that was left out does not come with her note"


def test_a_leave_entered_meanwhile_moves_both_reminders(company: Company) -> None:
    working(company, "emily")
    emily = company.person("emily")
    company.winds(to=f"{SALES_THURSDAY}-05:00")
    company.knows(lambda session: leaves.take(session, emily.id, date(2027, 1, 22), date(2027, 1, 25)))
    came = []
    for moment in ("25T12:00", "26T09:31", "26T10:01", "28T09:59"):
        company.winds(to=f"2027-01-{moment}:00-05:00")
        came.append(sum("is open" in push for push in emily.pushes))
    assert came == [0, 1, 1, 1], "not two on one morning"


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
