"""Training: two minutes on the message that begins a task, and all cards with the course."""

import pytest

from bot.store import lessons
from tests.company import Company
from tests.goal_talks import invited_sellers
from tests.working_quarters import asked, updates

CARDS = [
    ("emily", "Two minutes: Writing a goal", "*Helps more:*\n>By 31 March, answer 90 %", "Two minutes for a stage"),
    ("yang", "两分钟：写目标", "*这样写，更有帮助：*\n>到 3 月 31 日", "各环节的两分钟"),
]


@pytest.mark.parametrize(("name", "offer", "example", "all_of_them"), CARDS, ids=["English", "Chinese"])
def test_two_minutes_are_offered_where_the_task_begins_and_with_the_course(
    company: Company, name: str, offer: str, example: str, all_of_them: str
) -> None:
    invited_sellers(company)
    someone = company.person(name)
    company.winds(to="2027-01-04T12:00:00-05:00")
    came = len(someone.messages)
    someone.clicks(offer)
    assert example in someone.sees()
    someone.closes()
    someone.types("/cairn course")
    someone.clicks(all_of_them)
    assert ("Writing a self-review" if name == "emily" else "写自评") in someone.sees()
    assert ("Holding the talk" if name == "emily" else "做好绩效面谈") not in someone.sees(), "who leads nobody"
    someone.clicks("Read" if name == "emily" else "看一看")
    assert len(someone.messages) == came, "a card is never a message of its own"
    assert company.knows(lambda session: lessons.seen(session, someone.id)) == 0, "nothing of it is kept"


def test_the_first_check_in_offers_its_card_and_later_ones_do_not(company: Company) -> None:
    asked(company, "emily")
    emily = company.person("emily")
    emily.clicks("Two minutes: A check-in that helps")
    assert "Could you get me access by Wednesday?" in emily.sees()
    emily.closes()
    updates(emily)
    company.winds(to="2027-01-28T10:00:00-05:00")
    assert "how is it going?" in emily.last_words()
    assert "Two minutes" not in emily.last_words()
