"""What is written unasked waits for the hours at which its reader works."""

from datetime import date

from bot.store import leaves
from tests.company import Company
from tests.stories import launched_quarter

INVITED = "Draft your goals"


def test_everybody_is_invited_in_their_own_morning(company: Company) -> None:
    launched_quarter(company)
    emily = company.person("emily")
    company.winds(to="2027-01-05T09:00:00-05:00")
    assert INVITED not in emily.sees()
    company.winds(to="2027-01-05T09:31:00-05:00")
    assert INVITED in emily.sees()


def test_somebody_on_leave_is_invited_when_they_are_back(company: Company) -> None:
    launched_quarter(company)
    emily = company.person("emily")
    company.knows(lambda session: leaves.take(session, emily.id, date(2027, 1, 1), date(2027, 1, 12)))
    company.winds(to="2027-01-12T15:00:00-05:00")
    assert INVITED not in emily.sees()
    company.winds(to="2027-01-13T09:31:00-05:00")
    assert INVITED in emily.sees()


def test_a_pause_holds_prompts_back(company: Company) -> None:
    launched_quarter(company)
    emily = company.person("emily")
    emily.types("/cairn pause until 2027-01-11")
    company.winds(to="2027-01-08T15:00:00-05:00")
    assert INVITED not in emily.sees()
    company.winds(to="2027-01-11T09:31:00-05:00")
    assert INVITED in emily.sees()
