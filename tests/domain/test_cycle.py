"""Cycles: proposed dates and names, who takes part, and when everything begins."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.cycle import (
    MONTHS,
    Cycle,
    CycleKind,
    Stage,
    check_period,
    check_stages,
    free_name,
    opening,
    preceding,
    propose_end,
    propose_name,
    propose_stages,
    propose_start,
    roster,
)
from bot.domain.org import Stint
from bot.domain.refusal import Refused
from bot.domain.timetable import timetable

STARTS, ENDS = date(2027, 1, 1), date(2027, 3, 31)
QUARTER = Cycle("c", "2027-Q1", CycleKind.QUARTER, STARTS, ENDS, propose_stages(STARTS, ENDS), launched=True)


def stint(person_id: str, manager_id: str = "boss", starts_on: date = date(2020, 1, 1)) -> Stint:
    return Stint(person_id, "Sales", "", manager_id, starts_on)


@pytest.mark.parametrize(
    ("kind", "starts_on", "name", "ends_on"),
    [
        (CycleKind.QUARTER, date(2027, 1, 1), "2027-Q1", date(2027, 3, 31)),
        (CycleKind.QUARTER, date(2027, 10, 1), "2027-Q4", date(2027, 12, 31)),
        (CycleKind.QUARTER, date(2027, 2, 15), "2027-02-15", date(2027, 5, 14)),
        (CycleKind.HALF_YEAR, date(2027, 7, 1), "2027-H2", date(2027, 12, 31)),
        (CycleKind.YEAR, date(2027, 1, 1), "2027", date(2027, 12, 31)),
        (CycleKind.MONTH, date(2028, 2, 1), "2028-02", date(2028, 2, 29)),
        (CycleKind.MONTH, date(2027, 1, 31), "2027-01-31", date(2027, 2, 27)),
        (CycleKind.TWO_MONTHS, date(2027, 11, 1), "2027-11", date(2027, 12, 31)),
    ],
)
def test_a_period_proposes_its_name_and_its_end(kind: CycleKind, starts_on: date, name: str, ends_on: date) -> None:
    assert (propose_name(kind, starts_on), propose_end(kind, starts_on)) == (name, ends_on)


@pytest.mark.parametrize(
    ("today", "starts_on"),
    [
        (date(2027, 1, 4), date(2027, 1, 1)),
        (date(2027, 1, 22), date(2027, 1, 1)),
        (date(2027, 1, 23), date(2027, 4, 1)),
        (date(2027, 11, 30), date(2028, 1, 1)),
    ],
)
def test_a_quarter_that_just_began_is_proposed_else_the_next(today: date, starts_on: date) -> None:
    assert propose_start(CycleKind.QUARTER, today) == starts_on


TAKEN = [
    ({"2027-Q4"}, "2027-Q1"),
    ({"2027-Q1"}, "2027-Q1 Sales, R&D"),
    ({"2027-Q1", "2027-Q1 Sales, R&D"}, "2027-Q1 (2)"),
    ({"2027-Q1", "2027-Q1 Sales, R&D", "2027-Q1 (2)"}, "2027-Q1 (3)"),
]


@pytest.mark.parametrize(("taken", "name"), TAKEN)
def test_a_name_is_proposed_that_no_other_cycle_has(taken: set[str], name: str) -> None:
    assert free_name(CycleKind.QUARTER, date(2027, 1, 1), ["Sales", "R&D"], taken) == name


def test_a_name_of_many_departments_is_not_longer_than_its_input() -> None:
    assert free_name(CycleKind.YEAR, date(2027, 1, 1), ["Sales"] * 20, {"2027"}) == "2027 (2)"


@pytest.mark.parametrize("kind", list(MONTHS))
@pytest.mark.parametrize("late", [0, 3, 20, 60])
def test_proposed_stages_are_always_in_order_and_never_in_the_past(kind: CycleKind, late: int) -> None:
    ends_on = propose_end(kind, STARTS)
    today = min(STARTS + timedelta(days=late), ends_on - timedelta(days=1))
    opens = propose_stages(STARTS, ends_on, today)
    check_stages(opens)
    assert opens[Stage.PLANNING] == max(STARTS, today)


def test_stages_out_of_order_are_refused_at_the_stage() -> None:
    opens = propose_stages(STARTS, ENDS) | {Stage.CALIBRATING: date(2027, 4, 1)}
    with pytest.raises(Refused) as refused:
        check_stages(opens)
    assert refused.value.field == "calibrating"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (STARTS, STARTS, "ends_on"),
        (STARTS, STARTS + timedelta(days=401), "ends_on"),
        (STARTS - timedelta(days=90), STARTS - timedelta(days=1), "starts_on"),
    ],
)
def test_a_period_that_cannot_be_run_is_refused(starts_on: date, ends_on: date, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_period(starts_on, ends_on, STARTS)
    assert refused.value.field == field


def test_the_stage_follows_the_date_once_launched() -> None:
    assert QUARTER.stage_on(date(2026, 12, 31)) is Stage.PREPARING
    assert QUARTER.stage_on(date(2027, 1, 1)) is Stage.PLANNING
    assert QUARTER.stage_on(date(2027, 4, 14)) is Stage.ASSESSING
    assert QUARTER.stage_on(date(2028, 1, 1)) is Stage.CLOSED


def test_people_without_a_manager_or_a_place_in_slack_or_already_in_a_cycle_are_left_out() -> None:
    stints = [stint("ana"), stint("gone"), stint("chief", ""), stint("orphan", "gone"), stint("busy")]
    found = roster(stints, {"ana", "chief", "orphan", "busy", "boss"}, {"busy": "2027-Q1"})
    assert [one.person_id for one in found.taking_part] == ["ana"]
    assert {one.person_id: one.why.text for one in found.left_out} == {
        "busy": "already takes part in {cycle}",
        "chief": "has no manager to agree goals with",
        "gone": "is not in Slack",
        "orphan": "has no manager to agree goals with",
    }


def test_who_changes_department_takes_part_once_with_the_earlier_stint() -> None:
    later = stint("ana", "other boss", date(2027, 2, 1))
    found = roster([later, stint("ana")], {"ana", "boss", "other boss"}, {})
    assert [one.manager_id for one in found.taking_part] == ["boss"]


def test_the_timetable_has_each_moment_once_where_people_are() -> None:
    zones = {"ana": "America/New_York", "bo": "Asia/Shanghai", "boss": "Europe/Berlin"}
    joins = date(2027, 2, 1)
    due = timetable(QUARTER, [stint("ana"), stint("bo", starts_on=joins)], zones)
    assert Counter(step for step, _, _ in due) == {
        "goals.invite": 2,
        "checkins.start": 2,
        "reviews.invite_self": 2,
        "peers.invite_nominations": 2,
        "reviews.invite_manager": 1,
        "actuals.remind": 1,
        "peers.close": 1,
        "scoring.compute": 1,
        "scoring.offer_release": 1,
        "outcomes.begin_deciding": 1,
        "process.ask_pulse": 2,
        "process.look_back": 1,
        "process.close": 1,
    }
    at = {(step, person_id): moment for step, person_id, moment in due}
    assert len(at) == len(due), "a second moment of the same would move the first"
    assert at["goals.invite", "ana"] == opening(date(2027, 1, 1), "America/New_York")
    assert at["goals.invite", "bo"] == opening(joins, "Asia/Shanghai")
    assert at["reviews.invite_manager", "boss"] == opening(date(2027, 4, 8), "Europe/Berlin")
    assert at["peers.close", ""] == datetime(2027, 4, 15, 12, tzinfo=UTC)
    assert at["scoring.compute", ""] - at["peers.close", ""] == timedelta(hours=1)


def test_the_cycle_before_is_of_the_same_kind_and_over_whenever_it_was_made() -> None:
    def cycle(name: str, kind: CycleKind, first: date, *departments: str, launched: bool = True) -> Cycle:
        return Cycle(name, name, kind, first, propose_end(kind, first), {}, launched, departments)

    quarter, sales = CycleKind.QUARTER, "Sales"
    now = cycle("2027-Q1", quarter, date(2027, 1, 1), sales, "R&D")
    before = cycle("2026-Q4", quarter, date(2026, 10, 1), sales, "R&D")
    others = [
        now,
        cycle("2027-Q2", quarter, date(2027, 4, 1), sales),
        cycle("2026-12", CycleKind.MONTH, date(2026, 12, 1), sales),
        cycle("2026", CycleKind.YEAR, date(2026, 1, 1), sales),
        cycle("2026-Q4 Logistics", quarter, date(2026, 10, 1), "Logistics"),
        cycle("2026-Q4 Sales", quarter, date(2026, 10, 1), sales),
        cycle("2026-Q4 draft", quarter, date(2026, 10, 1), sales, "R&D", launched=False),
        cycle("2026-Q3", quarter, date(2026, 7, 1), sales, "R&D"),
    ]
    assert preceding(now, [*others, before]) == preceding(now, [before, *others]) == before
    assert preceding(replace(now, departments=("Logistics",)), others) == others[4]
    assert preceding(before, [now, *others[:2]]) is None
