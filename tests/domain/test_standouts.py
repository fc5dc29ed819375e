"""What stands out in a result: three of each at most, what the manager wrote among them."""

from decimal import Decimal

import pytest

from bot.domain.standouts import Standouts, gaps, strengths
from bot.domain.why import GoalLine


def line(title: str, weight: int, reached: str | None) -> GoalLine:
    share = Decimal(reached) if reached else None
    return GoalLine("0.0", title, Decimal(weight), share, share, weight * (share or Decimal(0)))


REVENUE, VISITS, ORDERS, FAIRS = (
    line("Revenue", 35, "1.1"), line("Visits", 10, "1.0"), line("Orders", 30, "0.9"), line("Fairs", 25, "0.4")
)  # fmt: skip
UNKNOWN = line("News", 5, None)
GOALS = (VISITS, REVENUE, ORDERS, FAIRS, UNKNOWN)
RATINGS = {"selling": 4, "customer": 5, "forecast": 2, "team": 1, "words": 3}


@pytest.mark.parametrize(
    ("written", "competencies", "goals"),
    [(0, ("customer", "selling"), (REVENUE,)), (1, ("customer", "selling"), ()), (3, (), ())],
)
def test_strengths_are_rated_high_or_reached_and_three_with_what_was_written(written, competencies, goals) -> None:
    assert strengths(RATINGS, GOALS, written) == Standouts(competencies, goals)


def test_goals_fill_up_what_no_rating_does_the_weightiest_first() -> None:
    assert strengths({}, GOALS, 1) == Standouts((), (REVENUE, VISITS))


def test_gaps_are_rated_low_or_missed_and_what_cost_most_comes_first() -> None:
    assert gaps(RATINGS, GOALS, 0) == Standouts(("team", "forecast"), (FAIRS,))
    assert gaps({"words": 3}, GOALS, 1) == Standouts((), (FAIRS, ORDERS))
    assert gaps({}, (UNKNOWN,), 0) == Standouts(), "a value that is missing is no gap"
