"""Heads are read off the reporting lines while nobody is named; nobody is above themself."""

import pytest

from bot.domain.directory import DirectoryEntry
from bot.domain.placing import is_above, plan_heads


def entry(who, department, manager=""):
    return DirectoryEntry(who, who, department, manager_email=manager)


SALES = [entry("head", "Sales", "boss"), entry("ana", "Sales", "head"), entry("bo", "Sales", "ana")]


def test_the_head_is_whose_manager_is_outside_the_department():
    assert plan_heads([*SALES, entry("boss", "Board")], {}).named == (("Sales", "head"), ("Board", "boss"))


def test_two_at_the_top_leave_a_department_without_a_head():
    assert plan_heads([*SALES, entry("cy", "Sales", "boss")], {}).named == ()


def test_people_without_a_department_need_no_head():
    assert plan_heads([entry("ana", "")], {}).named == ()


def test_a_head_who_was_named_stays():
    assert plan_heads(SALES, {"Sales": ["bo"]}) == plan_heads([], {})


def test_a_head_who_left_the_department_is_released_and_another_found():
    change = plan_heads(SALES, {"Sales": ["gone"]})
    assert (change.released, change.named) == ((("Sales", "gone"),), (("Sales", "head"),))


@pytest.mark.parametrize(
    ("above", "below", "true"),
    [("boss", "bo", True), ("head", "bo", True), ("bo", "head", False), ("bo", "bo", False)],
)
def test_who_is_above_whom(above, below, true):
    managers = {"head": "boss", "ana": "head", "bo": "ana", "boss": ""}
    assert is_above(above, below, managers) is true


def test_a_loop_that_was_there_before_ends_the_walk():
    assert is_above("x", "a", {"a": "b", "b": "a"}) is False
