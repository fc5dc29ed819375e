"""HR sees who works where and corrects one person; and the directory follows what Slack says of people."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.access import Act
from bot.domain.org import Stint
from bot.slack.desk import Delivery, Refusal
from bot.store import audit, people, timers
from sandbox.workspace import Person as Member
from tests.company import Company, Persona
from tests.stories import placed_people

TODAY = date(2027, 1, 4)


@pytest.fixture
def mei(company: Company) -> Persona:
    """林美 of HR, who reads English today; everyone stands where people.csv says."""
    placed_people(company)
    mei = company.person("mei")
    mei.types("/cairn language en")
    return mei


def stints(company: Company, person_id: str) -> list[Stint]:
    return company.knows(lambda session: people.stints_of(session, person_id))


def corrects(mei: Persona, person_id: str, **values: Any) -> None:
    mei.types("/cairn people")
    mei.clicks("Correct a person")
    mei.submits(person=person_id)
    mei.submits(**values)


# Who works where --------------------------------------------------------------------------


def test_hr_sees_the_counts_and_who_is_without(mei: Persona) -> None:
    mei.types("/cairn people")
    words = mei.sees()
    assert "*People*\n40" in words
    assert "*Departments*\n6" in words
    assert "*Without a manager*\n1" in words
    assert "周建国" in words
    assert "Sales: 16 people" in words


def test_hr_reads_it_in_chinese(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn people")
    assert "没有部门" in mei.sees()
    assert "还有 30 项" in mei.sees()


def test_others_do_not_see_it(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn people")
    assert "This is not yours to do" in emily.last_words()


# Corrections ------------------------------------------------------------------------------


def test_a_correction_begins_on_its_day_and_keeps_what_was(company: Company, mei: Persona) -> None:
    corrects(mei, "U01EMILY", manager=["U01LI"], position="Key account manager", day="2027-02-01")
    assert [(one.manager_id, one.position, one.ends_on) for one in stints(company, "U01EMILY")] == [
        ("U01THOMAS", "Senior account manager", date(2027, 1, 31)),
        ("U01LI", "Key account manager", None),
    ]
    assert "*People*\n40" in mei.sees()
    traces = company.knows(lambda session: audit.about(session, "U01EMILY"))
    assert [(one.actor_id, one.act, one.record) for one in traces] == [("U01MEI", Act.PLACE_PEOPLE.value, "2027-02-01")]


def test_a_correction_takes_the_place_of_what_was_planned_later(company: Company, mei: Persona) -> None:
    corrects(mei, "U01EMILY", manager=["U01LI"], day="2027-02-01")
    mei.closes()
    corrects(mei, "U01EMILY", manager=["U01QIANG"], day="2027-01-20")
    assert [(one.manager_id, one.starts_on) for one in stints(company, "U01EMILY")][1:] == [
        ("U01QIANG", date(2027, 1, 20))
    ]


def test_what_is_planned_later_survives_a_change_before_it(company: Company, mei: Persona) -> None:
    corrects(mei, "U01EMILY", manager=["U01LI"], day="2027-02-01")
    company.knows(lambda session: people.place(session, Stint("U01EMILY", "Sales", "Lead", "U01QIANG", TODAY)))
    assert [(one.manager_id, one.ends_on) for one in stints(company, "U01EMILY")] == [
        ("U01THOMAS", date(2027, 1, 3)),
        ("U01QIANG", date(2027, 1, 31)),
        ("U01LI", None),
    ]


def test_nothing_is_placed_anew_when_nothing_changed(company: Company, mei: Persona) -> None:
    before = stints(company, "U01EMILY")
    corrects(mei, "U01EMILY")
    assert stints(company, "U01EMILY") == before


def test_somebody_without_a_department_is_placed_from_the_list(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn language en")
    mei.types("/cairn people")
    mei.clicks("Correct", near="Emily Carter")
    mei.submits(new_department="Sales", manager=["U01THOMAS"])
    assert [(one.department, one.manager_id, one.starts_on) for one in stints(company, "U01EMILY")] == [
        ("Sales", "U01THOMAS", TODAY)
    ]


def test_a_department_typed_in_other_letters_is_the_one_that_exists(company: Company, mei: Persona) -> None:
    corrects(mei, "U01EMILY", new_department="logistics")
    assert stints(company, "U01EMILY")[-1].department == "Logistics"


def test_who_starts_later_stands_where_they_will(company: Company, mei: Persona) -> None:
    corrects(mei, "U01CHEN", manager=["U01QIANG"])
    assert [(one.manager_id, one.starts_on) for one in stints(company, "U01CHEN")] == [("U01QIANG", date(2027, 2, 1))]


def test_a_head_is_named_and_released(company: Company, mei: Persona) -> None:
    corrects(mei, "U01QIANG", head=["Heads this department"])
    assert "Sales: 16 people, headed by 王强" in mei.sees()
    mei.closes()
    corrects(mei, "U01QIANG", department="Management")
    assert company.knows(people.heads).get("Sales") is None


def test_nobody_reports_to_themself(company: Company, mei: Persona) -> None:
    corrects(mei, "U01EMILY", manager=["U01EMILY"])
    assert mei.errors == {"manager": "Nobody reports to themself"}
    assert len(stints(company, "U01EMILY")) == 1


def test_a_loop_is_refused_under_the_manager(mei: Persona) -> None:
    corrects(mei, "U01QIANG", manager=["U01EMILY"])
    assert mei.errors == {"manager": "Emily Carter reports to 王强, directly or not"}


def test_a_day_far_away_is_refused(mei: Persona) -> None:
    corrects(mei, "U01EMILY", day=(TODAY + timedelta(days=367)).isoformat())
    assert mei.errors == {"day": "Please choose a day within a year from now"}


@pytest.mark.parametrize("who", ["U01OLIVER", "U01JIN", "U01PARCEL"], ids=["guest", "leaver", "app"])
def test_guests_leavers_and_apps_cannot_be_placed_nor_manage(mei: Persona, who: str) -> None:
    mei.types("/cairn people")
    mei.clicks("Correct a person")
    mei.submits(person=who)
    assert "takes no part" in mei.errors["person"]
    mei.submits(person="U01EMILY")
    mei.submits(manager=[who])
    assert "takes no part" in mei.errors["manager"]


def test_a_forged_form_of_others_is_refused(company: Company) -> None:
    placed_people(company)
    desk = company.cairn.desk
    delivery = Delivery("forged", "U01EMILY", "U01EMILY")
    with pytest.raises(Refusal, match="not yours"):
        company.runs(desk.take(delivery, desk.flows.steps["people.save"]))


# What Slack says --------------------------------------------------------------------------


def test_somebody_new_is_known_at_once(company: Company) -> None:
    new = Member("U01NEW", "Nadia Petrov", "nadia", "nadia@lantern.example", "Europe/Berlin", "en-GB")
    company.runs(company.slack.join(new))
    assert company.knows(lambda session: people.get(session, "U01NEW")).email == "nadia@lantern.example"
    nadia = company.person("nadia")
    assert nadia.messages == []
    nadia.types("/cairn")
    assert "Hello Nadia Petrov, I am Cairn." in nadia.last_words()


def test_a_move_to_another_zone_is_followed(company: Company) -> None:
    company.runs(company.slack.alter("U01EMILY", tz="Asia/Shanghai"))
    emily = company.person("emily")
    emily.opens_home()
    assert "Asia/Shanghai" in emily.home


def test_another_language_in_slack_is_followed_until_one_is_chosen_here(company: Company) -> None:
    company.runs(company.slack.alter("U01EMILY", locale="zh-CN"))
    emily = company.person("emily")
    emily.opens_home()
    assert "等你处理" in emily.home
    emily.types("/cairn language en")
    company.runs(company.slack.alter("U01EMILY", locale="zh-TW"))
    emily.opens_home()
    assert "Waiting for you" in emily.home


def test_the_clicks_of_a_leaver_are_refused(company: Company) -> None:
    company.runs(company.slack.alter("U01EMILY", deleted=True))
    desk = company.cairn.desk
    with pytest.raises(Refusal, match="former colleagues take no part"):
        company.runs(desk.take(Delivery("late", "U01EMILY"), desk.flows.steps["help.next_thing"]))


def test_the_timers_of_a_leaver_are_not_run(company: Company) -> None:
    emily = company.person("emily")
    now = company.slack.clock.now()
    company.knows(lambda session: timers.remind(session, "onboarding.greet", "U01EMILY", "", now + timedelta(hours=1)))
    company.runs(company.slack.alter("U01EMILY", deleted=True))
    company.winds(plus="2h")
    assert emily.messages == []
    assert company.knows(lambda session: timers.count_due(session, company.slack.clock.now())) == 0


def test_hr_who_left_is_hr_no_more(company: Company) -> None:
    company.runs(company.slack.alter("U01MEI", deleted=True))
    assert company.knows(lambda session: people.holders(session, people.HR)) == []
