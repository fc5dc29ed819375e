"""HR opens a cycle; everyone else sees nothing of it until it concerns them."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete

from bot.domain.cycle import Stage
from bot.domain.goal import Side
from bot.domain.org import Stint
from bot.store import audit, cycles, first_word, people, templates, timers
from bot.store.people import StintRow
from tests.company import Company
from tests.stories import UNPREPARED, launched_quarter, placed_people


def test_hr_opens_a_quarter_in_three_windows(company: Company) -> None:
    cycle = launched_quarter(company)
    assert (cycle.name, cycle.starts_on, cycle.ends_on) == ("2027-Q1", date(2027, 1, 1), date(2027, 3, 31))
    assert cycle.opens[Stage.PLANNING] == date(2027, 1, 4)
    assert len(company.knows(lambda session: cycles.participants(session, cycle.id))) == 36


def test_the_launch_freezes_each_departments_template(company: Company) -> None:
    cycle = launched_quarter(company)
    emily = company.knows(lambda session: cycles.participant(session, cycle.id, "U01EMILY"))
    template = company.knows(lambda session: templates.template_of(session, emily.template))
    assert (template.id, emily.manager_id) == ("sales", "U01THOMAS")


def test_every_moment_is_set_once_where_each_person_is(company: Company) -> None:
    cycle = launched_quarter(company)
    due = company.knows(lambda session: due_for(session, "U01EMILY", cycle.id))
    assert due["checkins.start"] == datetime(2027, 1, 18, 14, 30, tzinfo=UTC)
    assert due["reviews.invite_self"] == datetime(2027, 4, 1, 13, 30, tzinfo=UTC)
    assert company.knows(lambda session: due_for(session, "U01THOMAS", cycle.id))["reviews.invite_manager"] == datetime(
        2027, 4, 8, 7, 30, tzinfo=UTC
    )
    company_wide = company.knows(lambda session: due_for(session, "", cycle.id))
    assert company_wide["peers.close"] == datetime(2027, 4, 15, 12, tzinfo=UTC)
    assert company_wide["scoring.compute"] == datetime(2027, 4, 15, 13, tzinfo=UTC)
    assert company_wide["scoring.offer_release"] == datetime(2027, 4, 22, 12, tzinfo=UTC)


def test_who_joins_later_begins_on_their_first_day(company: Company) -> None:
    cycle = launched_quarter(company)
    due = company.knows(lambda session: due_for(session, "U01CHEN", cycle.id))
    assert due["goals.invite"] == datetime(2027, 2, 1, 1, 30, tzinfo=UTC)


def test_the_summary_names_who_is_left_out_and_why(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: people.place(session, Stint("U01FELIX", "R&D", "", "", date(2027, 1, 2))))
    mei = company.person("mei")
    company.knows(lambda session: people.choose_language(session, "U01MEI", "en"))
    mei.types("/cairn cycle")
    assert "No template serves Management" in mei.sees()
    mei.submits(departments=["R&D"])
    mei.submits()
    assert "Felix Braun has no manager to agree goals with" in mei.sees()
    assert "11 people take part" in mei.sees()


def test_the_summary_says_why_the_numbers_of_people_differ(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: session.execute(delete(StintRow).where(StintRow.person_id == "U01FELIX")))
    everybody = len(company.knows(people.everyone))
    mei = company.person("mei")
    mei.types("/cairn language en")
    mei.types("/cairn cycle")
    mei.submits(departments=["R&D"])
    mei.submits()
    (taking,) = re.findall(r"(\d+) people take part", mei.sees())
    (elsewhere,) = re.findall(r"(\d+) more people in Slack are in other departments", mei.sees())
    assert "One more person in Slack has no department yet" in mei.sees()
    assert "Not taking part" not in mei.sees()
    assert int(taking) + int(elsewhere) + 1 == everybody


def test_the_windows_and_the_standing_speak_chinese(company: Company) -> None:
    placed_people(company)
    mei = company.person("mei")
    mei.types("/cairn cycle")
    assert "开启一个考核周期" in mei.sees()
    mei.submits(departments=["Sales"])
    assert "制定目标" in mei.sees()
    mei.submits()
    assert "16 人参加" in mei.sees()
    mei.submits(reason=UNPREPARED)
    assert "2027-Q1" in mei.last_words()
    mei.opens_home()
    assert "16 人中已有 0 人" in mei.home


def test_hr_keeps_one_message_that_changes_as_the_cycle_goes(company: Company) -> None:
    launched_quarter(company)
    mei = company.person("mei")
    before = len(mei.messages)
    assert "制定目标，至1月18日" in mei.last_words()
    company.winds(to="2027-01-18T09:31:00+08:00")
    mine = [message for message in mei.messages if "2027-Q1" in str(message)]
    assert len(mine) == 1
    assert before >= 1
    assert "开展工作，至4月1日" in str(mine[0])


def test_the_others_of_hr_hear_of_a_launch_when_their_day_begins(company: Company) -> None:
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    launched_quarter(company)
    mei, julia = company.person("mei"), company.person("julia")
    assert "2027-Q1" in mei.last_words()
    assert "2027-Q1" not in julia.sees(), "it is two in the morning in Berlin"
    company.winds(to="2027-01-04T09:31:00+01:00")
    assert "2027-Q1" in julia.sees()


def test_a_launch_leaves_a_trace(company: Company) -> None:
    cycle = launched_quarter(company)
    found = company.knows(lambda session: audit.about(session, "U01MEI"))
    assert [(entry.actor_id, entry.act, entry.record) for entry in found] == [
        ("U01MEI", "run_cycle", f"cycle/{cycle.id}")
    ]


def test_only_hr_sees_the_cycle_in_home(company: Company) -> None:
    launched_quarter(company)
    emily = company.person("emily")
    emily.opens_home()
    assert "2027-Q1" not in emily.home


def test_others_cannot_open_a_cycle(company: Company) -> None:
    placed_people(company)
    emily = company.person("emily")
    emily.types("/cairn cycle")
    assert "This is not yours to do" in emily.last_words()


def test_without_people_there_is_nothing_to_open_and_hr_is_told_how_to_bring_them_in(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn 周期")
    assert "我还不知道公司有哪些部门。请先把人员文件拖进我们的对话，或输入 `/cairn import`。" in mei.last_words()
    mei.types("/cairn language en")
    mei.types("/cairn cycle")
    assert "First drop a file of your people into our messages, or type `/cairn import`." in mei.last_words()
    assert mei.modals == []


def test_own_dates_need_a_last_day_after_the_first(company: Company) -> None:
    mei = at_the_period(company)
    mei.submits(kind="My own dates", starts_on="2027-01-04")
    assert mei.errors == {"ends_on": "Please choose the last day as well."}
    mei.submits(kind="My own dates", starts_on="2027-01-04", ends_on="2027-01-04")
    assert mei.errors == {"ends_on": "The last day has to come after the first day."}
    mei.submits(kind="My own dates", starts_on="2027-01-04", ends_on="2029-01-04")
    assert mei.errors == {"ends_on": "A cycle lasts at most 400 days."}


def test_no_window_asks_under_the_name_of_another(company: Company) -> None:
    mei = at_the_period(company)
    first = set(mei.modal["state"]["values"])
    mei.submits()
    assert first.isdisjoint(mei.modal["state"]["values"]), "Slack carries over what was typed to equally named inputs"


SERVED = ("Finance", "HR", "Logistics", "R&D", "Sales")


def test_the_second_cycle_is_for_who_has_none_and_has_a_name_of_its_own(company: Company) -> None:
    launched_quarter(company, ["Sales", "Logistics"])
    mei = at_the_period(company)
    mei.submits()
    found = company.knows(cycles.every)[0]
    assert (found.name, found.departments) == ("2027-Q1 Finance, HR, R&D", ("Finance", "HR", "R&D"))


def test_the_cycle_after_that_is_the_next_quarter(company: Company) -> None:
    launched_quarter(company, SERVED)
    mei = at_the_period(company)
    mei.submits()
    found = company.knows(cycles.every)[0]
    assert (found.name, found.starts_on, found.ends_on) == ("2027-Q2", date(2027, 4, 1), date(2027, 6, 30))
    assert found.departments == SERVED
    mei.submits()
    mei.submits(reason=UNPREPARED)
    mei.opens_home()
    assert "Preparing, until Thu 1 Apr" in mei.home, "its goals begin on its first day"


@pytest.mark.parametrize(
    ("language", "to_dates", "to_preparation", "prepared"),
    [
        ("en", "Back to the dates", "Back to the preparation", "5 things are missing"),
        ("zh", "回到日期", "回到周期准备", "还缺"),
    ],
)
def test_the_last_window_leads_back_to_what_it_lists(
    company: Company, language: str, to_dates: str, to_preparation: str, prepared: str
) -> None:
    mei = at_the_period(company)
    company.knows(lambda session: people.choose_language(session, "U01MEI", language))
    mei.submits(departments=["Sales"])
    mei.submits(name="Spring", begins="manager")
    mei.clicks(to_dates)
    mei.submits()
    (draft,) = company.knows(cycles.every)
    assert draft.name == "Spring"
    assert company.knows(lambda session: first_word.begins(session, draft.id)) is Side.MANAGER
    mei.clicks(to_preparation)
    assert prepared in mei.sees()


def test_a_cycle_that_was_begun_and_left_is_begun_again(company: Company) -> None:
    placed_people(company)
    mei = company.person("mei")
    for _ in range(2):
        mei.types("/cairn cycle")
        mei.submits(departments=["Sales"])
        mei.submits()
        mei.closes()
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales"])
    mei.submits()
    mei.submits(reason=UNPREPARED)
    assert [one.name for one in company.knows(cycles.every)] == ["2027-Q1"]


def test_a_period_that_is_over_is_refused(company: Company) -> None:
    mei = at_the_period(company)
    mei.submits(starts_on="2026-01-01")
    assert mei.errors == {"starts_on": "This period is over already. Please choose a later first day."}


def test_stages_in_the_wrong_order_are_refused_under_the_date(company: Company) -> None:
    mei = at_the_period(company)
    mei.submits()
    mei.submits(calibrating="2027-03-01")
    assert mei.errors == {"calibrating": "This has to come after 1 Apr 2027, when the stage before it opens."}


def test_nobody_takes_part_in_two_cycles_of_the_same_days(company: Company) -> None:
    launched_quarter(company)
    mei = at_the_period(company)
    mei.submits(departments=["Sales", "R&D", "Logistics"])
    mei.submits()
    assert "already takes part in 2027-Q1" in mei.sees()
    mei.submits(reason=UNPREPARED)
    assert "there is nothing to launch" in mei.errors["reason"]


def test_the_second_of_two_launches_finds_nobody_left(company: Company) -> None:
    julia, mei = company.person("julia"), company.person("mei")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    at_the_period(company)
    mei.submits(departments=["Logistics"])
    mei.submits()
    julia.types("/cairn cycle")
    julia.submits(departments=["Logistics"])
    julia.submits()
    mei.submits(reason=UNPREPARED)
    julia.submits(reason=UNPREPARED)
    assert "there is nothing to launch" in julia.errors["reason"]


def at_the_period(company: Company):
    """林美, reading English, in the first window."""
    placed_people(company)
    company.knows(lambda session: people.choose_language(session, "U01MEI", "en"))
    mei = company.person("mei")
    mei.types("/cairn cycle")
    return mei


def due_for(session, person_id: str, cycle_id: str) -> dict[str, datetime]:
    """When each step is due for somebody in a cycle."""
    rows = session.query(timers.TimerRow).filter_by(person_id=person_id, carry=cycle_id)
    return {row.step: row.due for row in rows}
