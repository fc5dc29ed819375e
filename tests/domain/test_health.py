"""How a cycle's process went: beside the cycle before, and nothing of fewer than five people."""

import json
from decimal import Decimal

import pytest

from bot.domain.health import Direction, Figure, Health, Measured, Misses, from_document
from bot.domain.interview import Cause, Side
from bot.domain.pulse import Counted, Level, Question, Said, counted, groups

ALL = Measured(34, 40, 40)


@pytest.mark.parametrize(
    ("before", "direction"),
    [
        (Measured(8, 10, 10), Direction.UP),
        (Measured(9, 10, 10), Direction.DOWN),
        (Measured(17, 20, 20), Direction.SAME),
        (Measured(2, 4, 4), Direction.ALONE),
        (None, Direction.ALONE),
    ],
)
def test_a_share_stands_beside_the_one_of_the_cycle_before(before: Measured | None, direction: Direction) -> None:
    earlier = Health(40, {Figure.AGREED: before} if before else {})
    (told,) = Health(40, {Figure.AGREED: ALL}).told(earlier)
    assert (told.now, told.direction) == (Decimal(85), direction)


def test_what_fewer_than_five_people_stand_behind_is_counted_and_not_shown() -> None:
    few = Health(40, {Figure.AGREED: ALL, Figure.COACHED: Measured(40, 44, 4)})
    assert [one.figure for one in few.told(None)] == [Figure.AGREED]
    assert few.hidden() == 1
    assert not Health(4).shown


def test_causes_are_shares_of_all_that_one_side_named() -> None:
    misses = Misses(6, {Cause.TARGET: 3, Cause.MARKET: 5})
    assert misses.shares() == [(Cause.MARKET, Decimal(62)), (Cause.TARGET, Decimal(38))]
    assert Misses(4, {Cause.TARGET: 9}).shares() == []


def test_a_report_is_read_as_it_was_kept() -> None:
    health = Health(40, {Figure.AGREED: ALL}, {Side.PERSON: Misses(6, {Cause.TARGET: 3})})
    assert from_document(json.loads(json.dumps(health.document()))) == health


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({"Sales": 7, "R&D": 5}, {"Sales": "Sales", "R&D": "R&D"}),
        ({"Sales": 7, "HR": 3, "Legal": 2}, {"Sales": "Sales", "HR": "", "Legal": ""}),
        ({"Sales": 7, "Support": 9, "HR": 1}, {"Sales": "", "Support": "Support", "HR": ""}),
        ({"HR": 2, "Legal": 2}, {}),
        ({}, {}),
    ],
)
def test_a_department_of_few_answers_is_never_what_one_could_subtract(sizes: dict, told: dict) -> None:
    assert groups(sizes) == told


def test_answers_are_counted_by_group_and_question() -> None:
    yes, no = Said({Question.FAIR: Level.YES}), Said({Question.FAIR: Level.NO})
    assert counted([("", no), ("Sales", yes), ("Sales", no), ("Sales", yes)]) == [
        Counted("Sales", Question.FAIR, {Level.YES: 2, Level.NO: 1}),
        Counted("", Question.FAIR, {Level.NO: 1}),
    ]
