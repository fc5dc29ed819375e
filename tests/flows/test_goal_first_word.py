"""Who writes the first goals is decided with the dates of a cycle; whoever it is, both have to agree."""

from tests.company import Company, Persona
from tests.goal_talks import MORNING
from tests.stories import UNPREPARED, placed_people


def begun_by_managers(company: Company) -> None:
    placed_people(company)
    mei = company.person("mei")
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales"])
    mei.submits(begins="主管先写，员工答复")
    mei.submits(reason=UNPREPARED)
    company.winds(to="2027-01-04T09:31:00+08:00")
    company.winds(to=MORNING)


def writes_for_emily(thomas: Persona) -> None:
    thomas.clicks("Write goals", near="Emily Carter")
    thomas.clicks("Write a first suggestion")
    thomas.clicks("Suggest to Emily Carter")
    thomas.submits()


def test_the_manager_is_asked_and_the_person_knows(company: Company) -> None:
    begun_by_managers(company)
    emily, thomas, yang = (company.person(name) for name in ("emily", "thomas", "yang"))
    assert "Thomas Keller writes them; you answer: agree, suggest a change" in emily.last_words()
    assert "Draft your goals" not in emily.sees()
    assert "2027-Q1 开始了，由你的主管先写目标。" in yang.last_words()
    assert "Write first goals for 6 people in 2027-Q1." in thomas.last_words()
    assert [message for message in thomas.messages if "Write first goals" in str(message)][1:] == []


def test_the_card_counts_down_and_the_employee_still_has_to_agree(company: Company) -> None:
    begun_by_managers(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_for_emily(thomas)
    assert "Write first goals for 5 people in 2027-Q1." in thomas.sees()
    assert "Emily Carter" not in thomas.last_words()
    emily.clicks("Agree")
    assert "Your goals for 2027-Q1 are agreed with Thomas Keller." in emily.last_words()


def test_home_says_whose_goals_are_to_be_written_and_asks_the_person_for_nothing(company: Company) -> None:
    begun_by_managers(company)
    emily, li = company.person("emily"), company.person("li")
    li.opens_home()
    assert "为刘洋先写目标。" in li.home
    emily.opens_home()
    assert "Draft your goals for 2027-Q1." not in emily.home


def test_the_manager_is_reminded_once(company: Company) -> None:
    begun_by_managers(company)
    thomas = company.person("thomas")
    company.winds(to="2027-01-15T10:00:00+01:00")
    assert thomas.sees().count("Write first goals for 6 people in 2027-Q1.") == 2
