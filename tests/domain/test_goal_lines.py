"""Milestones, levels and points as people write them: read, written back, and refused with the line."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.goal_lines import (
    read_levels,
    read_milestones,
    read_points,
    written_levels,
    written_milestones,
    written_points,
)
from bot.domain.measure import Anchor, Milestone, Point
from bot.domain.refusal import Refused

D = Decimal


def test_milestones_have_points_first_and_a_day_last_if_they_have_one():
    text = "40 Lease signed 2027-02-26\n\n 60  First order of 2027 shipped\n5 验收通过 2027-3-1"
    read = (
        Milestone("Lease signed", D(40), date(2027, 2, 26)),
        Milestone("First order of 2027 shipped", D(60)),
        Milestone("验收通过", D(5), date(2027, 3, 1)),
    )
    assert read_milestones(text) == read
    assert read_milestones(written_milestones(read)) == read


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("30 First version 2027/3/31", "First version"),
        ("30 First version 2027.3.31", "First version"),
        ("30 第一版 2027年3月31日", "第一版"),
        ("30 第一版2027年3月31日", "第一版"),
        ("30 第一版 2027 年 3 月 31 日", "第一版"),
        ("30 第一版 ２０２７／０３／３１", "第一版"),  # noqa: RUF001 - full-width
    ],
)
def test_a_day_is_read_as_people_write_it(line, name):
    assert read_milestones(line) == (Milestone(name, D(30), date(2027, 3, 31)),)


@pytest.mark.parametrize("name", ["Orders of 2027", "Release 10.2.1", "Budget 2026/27", "2027年3月的订单"])
def test_a_number_in_a_name_is_no_day(name):
    assert read_milestones(f"30 {name}") == (Milestone(name, D(30)),)


def test_levels_count_from_the_lowest_with_their_percent_first():
    read = (Anchor(D(1), "Needs reminders", D("0.6")), Anchor(D(2), "不用提醒", D(1)), Anchor(D(3), "Leads", D("1.2")))
    assert read_levels("60 Needs reminders\n100\uff05 不用提醒\n120 % Leads") == read
    assert read_levels(written_levels(read)) == read


def test_points_are_a_value_and_its_percent():
    read = (Point(D(2400000), D("0.5")), Point(D(3000000), D(1)), Point(D("-0.5"), D("1.25")))
    assert read_points("2,400,000 50\n3000000 100%\n−0.5 125") == read
    assert read_points("240万 50\n3 000 000 100%\n-.5 １２５") == read  # noqa: RUF001 - full-width
    assert read_points(written_points(read)) == read


@pytest.mark.parametrize(
    ("read", "text", "field", "line"),
    [
        (read_milestones, "40 Lease signed\nFirst order shipped", "milestones", 2),
        (read_milestones, "40 Lease signed 2027-02-30", "milestones", 1),
        (read_milestones, "40 Lease signed 2027/2/30", "milestones", 1),
        (read_levels, "60 Needs reminders\n\nLeads", "levels", 3),
        (read_points, "80 50\n100", "points", 2),
        (read_points, "a lot 50", "points", 1),
        (read_points, "12,5 50", "points", 1),
    ],
)
def test_a_line_that_cannot_be_read_is_named(read, text, field, line):
    with pytest.raises(Refused) as refused:
        read(text)
    assert (refused.value.field, refused.value.sentence.facts["line"]) == (field, line)
