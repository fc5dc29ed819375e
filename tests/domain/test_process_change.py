"""Changes of the process: what may be proposed, and which cycle begins with it."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.cycle import Cycle, CycleKind, Stage, propose_stages
from bot.domain.policy import USUAL, Missed, ResultShown
from bot.domain.process_change import (
    Change,
    check_words,
    checked_value,
    checkin_field,
    concerns,
    lengths,
    of_policy,
    policy_field,
    redated,
    stage_field,
    usual_lengths,
    with_choice,
)
from bot.domain.refusal import Refused

FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)
ASSESSING = stage_field(CycleKind.QUARTER, Stage.ASSESSING)


def change(path: str, before: str, after: str) -> Change:
    return Change("c", "q1", path, before, after, "why", "U01MEI", datetime(2027, 5, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    ("path", "before", "chosen", "value"),
    [
        (policy_field("a_week"), "5", "3", "3"),
        (policy_field("a_week"), "5", "03", "3"),
        (policy_field("missed"), "late", "left_out", "left_out"),
        (checkin_field("sales"), "weekly", "two_weeks", "two_weeks"),
        (ASSESSING, "14", "60", "60"),
    ],
)
def test_a_value_is_taken_that_the_field_can_have(path: str, before: str, chosen: str, value: str) -> None:
    assert checked_value(path, before, chosen) == value


@pytest.mark.parametrize(
    ("path", "chosen"),
    [
        *((policy_field("a_week"), bad) for bad in ("5", "0", "21", "-3", "3.5", "²", "", "x")),
        (policy_field("late_hours"), "25"),
        (policy_field("missed"), "weekly"),
        (checkin_field("sales"), "daily"),
        (ASSESSING, "61"),
    ],
)
def test_any_other_value_and_one_that_changes_nothing_is_refused(path: str, chosen: str) -> None:
    with pytest.raises(Refused):
        checked_value(path, "5", chosen)


def test_a_reason_is_wanted() -> None:
    assert check_words(" because ", "why") == "because"
    with pytest.raises(Refused):
        check_words("  ", "why")


@pytest.mark.parametrize("name", ["a_week", "missed", "late_hours", "result_shown"])
def test_each_choice_of_the_policy_can_be_changed_alone(name: str) -> None:
    other = {"a_week": "3", "missed": Missed.LEFT_OUT, "late_hours": "2", "result_shown": ResultShown.AT_TALK}
    changed = with_choice(USUAL, name, other[name])
    assert of_policy(changed, name) == other[name]
    assert [one for one in other if of_policy(changed, one) != of_policy(USUAL, one)] == [name]


def test_a_longer_stage_moves_what_comes_after_it() -> None:
    opens = propose_stages(FIRST, LAST)
    assert lengths(opens) == usual_lengths()
    later = redated(opens, {Stage.ASSESSING: 21})
    assert (later[Stage.ASSESSING], later[Stage.CALIBRATING]) == (date(2027, 4, 1), date(2027, 4, 22))
    assert (later[Stage.CLOSED] - opens[Stage.CLOSED]).days == 7
    assert redated(opens, {}) == opens


def test_a_cycle_begins_with_what_concerns_it() -> None:
    later = redated(propose_stages(FIRST, LAST), {Stage.ASSESSING: 21})
    quarter = Cycle("q2", "2027-Q2", CycleKind.QUARTER, FIRST, LAST, later)
    month = Cycle("m", "2027-05", CycleKind.MONTH, FIRST, LAST, later)
    assert concerns(change(ASSESSING, "14", "21"), quarter, frozenset())
    assert not concerns(change(ASSESSING, "14", "28"), quarter, frozenset()), "HR dated it otherwise"
    assert not concerns(change(ASSESSING, "14", "21"), month, frozenset())
    assert concerns(change(policy_field("a_week"), "5", "3"), month, frozenset())
    assert concerns(change(checkin_field("sales"), "weekly", "monthly"), month, frozenset({"sales"}))
    assert not concerns(change(checkin_field("sales"), "weekly", "monthly"), month, frozenset({"hr"}))
