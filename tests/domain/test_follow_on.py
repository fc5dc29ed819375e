"""What a goal begins with where something was agreed before, and what stands in none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.follow_on import Left, Start, goal_from, not_taken
from bot.domain.goal import Goal
from bot.domain.goal_lines import read_milestones, written_milestones
from bot.domain.measure import Direction, Milestone

TODAY, END = date(2027, 7, 6), date(2027, 9, 30)
ACTION = Start(Left.ACTION, "a1", "Visit Hansa", "2027-Q1", date(2027, 8, 12))


@pytest.mark.parametrize(
    ("due", "becomes"),
    [
        (date(2027, 8, 12), date(2027, 8, 12)),
        (date(2027, 5, 12), END),
        (date(2027, 10, 1), END),
        (None, END),
    ],
)
def test_an_action_is_a_milestone_by_its_day_if_that_is_still_to_come_in_the_cycle(due, becomes) -> None:
    goal = goal_from(replace(ACTION, due=due), TODAY, END)
    assert (goal.id, goal.title, goal.due) == ("a1", "Visit Hansa", becomes)
    assert goal.milestones == (Milestone("Visit Hansa", Decimal(100), becomes),)


def test_a_standard_asks_for_its_number_and_fits_the_form() -> None:
    goal = goal_from(Start(Left.PLAN, "p1", "Nine of ten offers " * 40), TODAY, END)
    assert (goal.direction, goal.target, goal.milestones) == (Direction.HIGHER, None, ())
    assert (len(goal.title), len(goal.measure)) == (100, 500)


def test_a_standard_of_several_lines_is_a_title_of_one() -> None:
    words = "Nine of ten offers leave on the day\n\nand the tenth on the next"
    assert goal_from(Start(Left.PLAN, "p1", words), TODAY, END).title == "Nine of ten offers leave on the day"
    (step,) = goal_from(replace(ACTION, words="Visit Hansa\nand Lotus"), TODAY, END).milestones
    assert read_milestones(written_milestones([step])) == (step,), "it stays one when it is edited"


def test_a_goal_that_was_missed_begins_as_it_was_agreed_and_not_with_its_days() -> None:
    step = Milestone("First version", Decimal(100), date(2027, 2, 26))
    before = Goal("g1", "Fairs", "On the list", "", Direction.MILESTONES, Decimal(20), date(2027, 3, 31),
                  milestones=(step,), kpi="gone", odds=7)  # fmt: skip
    goal = goal_from(Start(Left.GAP, "g1", "Fairs", before=before), TODAY, END)
    assert (goal.title, goal.kpi, goal.odds, goal.due) == ("Fairs", "", None, END)
    assert goal.milestones == (replace(step, due=None),)


def test_what_is_done_or_a_gap_or_in_a_goal_is_not_missed() -> None:
    done, taken = replace(ACTION, id="a2", done=True), replace(ACTION, id="a3")
    starts = [ACTION, done, taken, Start(Left.GAP, "g1", "Fairs"), Start(Left.PLAN, "p1", "Nine of ten")]
    there = [goal_from(taken, TODAY, END)]
    assert [one.id for one in not_taken(starts, there)] == ["a1", "p1"]
