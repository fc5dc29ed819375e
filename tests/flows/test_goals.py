"""Goals that both sides mean."""

from tests.company import Company
from tests.stories import agreed_goals_for, launched_quarter


def test_goals_that_were_agreed_can_be_read(company: Company) -> None:
    launched_quarter(company)
    assert [goal.id for goal in agreed_goals_for(company, "emily")][:2] == ["revenue", "growth"]
