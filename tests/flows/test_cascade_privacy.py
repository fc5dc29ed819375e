"""What people carry stays with those who may see their goals: further up it can be neither read nor worked out."""

from datetime import date
from decimal import Decimal

from bot.domain.cascade import Support
from bot.store import objectives
from tests.cascades import gives, split_to_thomas
from tests.company import Company
from tests.goal_talks import invited_sellers
from tests.stories import agreed_goals_for, placed_people


def opened_by_guo(company: Company) -> str:
    """周建国 answers for all of it, three levels above Thomas Keller's team."""
    guo = company.person("jianguo")
    guo.types("/cairn language en")
    guo.types("/cairn objectives")
    for _ in range(3):
        guo.clicks("Open")
    return guo.sees()


def test_what_one_person_carries_cannot_be_subtracted_further_up(company: Company) -> None:
    placed_people(company)
    thomas = split_to_thomas(company)
    gives(thomas, company.person("emily"), "30000000")
    seen = opened_by_guo(company)
    assert "one person has a part" in seen
    assert "Given out to about 50 %." in seen
    assert "32,400,000" not in seen  # 62,400,000 less this is what Emily carries
    assert "Given out to 48 %: 52 % (32,400,000 CNY) is with nobody yet." in thomas.sees()


def test_what_three_people_carry_is_a_number_again(company: Company) -> None:
    placed_people(company)
    thomas = split_to_thomas(company)
    for name in ("emily", "marcus", "lena"):
        gives(thomas, company.person(name), "10000000")
    seen = opened_by_guo(company)
    assert "3 people: 30,000,000 CNY" in seen
    assert "32,400,000" in seen


def test_one_persons_three_parts_are_one_person(company: Company) -> None:
    placed_people(company)
    thomas = split_to_thomas(company)
    for part in ("A", "B", "C"):
        gives(thomas, company.person("emily"), "10000000", part=part)
    seen = opened_by_guo(company)
    assert "one person has a part" in seen
    assert "30,000,000" not in seen
    assert "32,400,000" not in seen


def test_one_persons_goal_is_not_told_by_the_sum_of_goals_on_any_level(company: Company) -> None:
    cycle_id = invited_sellers(company)
    thomas = split_to_thomas(company)
    (goal, *_) = agreed_goals_for(company, "emily")

    def supports(session) -> None:
        (own,) = objectives.without_parts(session, thomas.id, date(2027, 1, 4))
        objectives.support(session, Support(own.id, cycle_id, "U01EMILY", goal.id, Decimal(100)))

    company.knows(supports)
    assert "2027-Q1: Covered to about 20 % by people's goals." in opened_by_guo(company)
    thomas.types("/cairn objectives")
    assert "is not in anybody's goals yet" in thomas.sees()
