"""How far a goal was reached, by direction."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.domain.explain import Source
from bot.domain.kpi import (
    PERCENT,
    PERCENT_POINTS,
    Actual,
    Anchor,
    Direction,
    Measure,
    Milestone,
    State,
    aspirational,
    attainment,
    check_measure,
    grade,
    objective,
)
from bot.domain.proration import Served, eligible_days, in_a_row, working_days_late
from bot.domain.refusal import Refused
from bot.domain.rounding import half_up
from tests.domain.measuring import HIGHER, LOWER, higher, lower, points, reached, value

D = Decimal


# V-1 ------------------------------------------------------------------------------


@pytest.mark.parametrize(("target", "actual", "expected"), [("1000", "950", "0.9500"), ("100", "130", "1.3000")])
def test_higher_is_better_divides_by_the_target(target, actual, expected):
    assert reached(higher(target), actual) == D(expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [("0", "2.0000"), ("3", "1.2500"), ("4", "1"), ("6", "0.5"), ("8", "0"), ("10", "-0.5000")],
)
def test_lower_is_better_is_mirrored(actual, expected):
    assert reached(lower("4"), actual) == D(expected)


@pytest.mark.parametrize(
    ("actual", "expected"), [("3", "1.3333"), ("4", "1"), ("6", "0.6667"), ("8", "0.5"), ("10", "0.4")]
)
def test_lower_is_better_may_be_inverse(actual, expected):
    assert reached(lower("4", inverse=True), actual) == D(expected)


def test_the_inverse_formula_refuses_zero():
    with pytest.raises(Refused, match="has no answer") as refused:
        attainment(lower("4", inverse=True), value("0"))
    assert refused.value.sentence.facts == {"goal": "Defects"}


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "actual", "expected"),
    [
        (HIGHER, "80", "95", "92", "0.8000"),
        (LOWER, "6", "4", "4.5", "0.7500"),
        (HIGHER, "-5", "-2", "3", "2.6667"),
        (HIGHER, "-5", "-2", "-1", "1.3333"),
        (LOWER, "10", "0", "5", "0.5000"),
    ],
)
def test_a_baseline_anchors_both_directions_and_negative_numbers(direction, baseline, target, actual, expected):
    measure = Measure("Margin", direction, baseline=D(baseline), target=D(target))
    assert reached(measure, actual) == D(expected)


@pytest.mark.parametrize(
    ("measure", "wanted"),
    [
        (higher("0"), "make nonsense"),
        (higher("-2"), "make nonsense"),
        (lower("0"), "make nonsense"),
        (higher(), "has no target"),
        (higher("80", baseline=D(95)), "above the baseline"),
        (higher("95", baseline=D(95)), "above the baseline"),
        (lower("6", baseline=D(4)), "below the baseline"),
        (lower("5", tolerance=D(3)), "tolerance goes with"),
        (lower("0", tolerance=D(0)), "tolerance goes with"),
        (higher(curve=((D(2), D(1)), (D(1), D(2)))), "worst result to the best"),
        (higher(curve=((D(1), D(1)), (D(2), D("0.5")))), "worst result to the best"),
        (higher("0", curve=((D(1), D(1)),)), "agreed points"),
        (higher(curve=((D(1), D(1)),), cumulative=True), "add up"),
        (Measure("Stock", Direction.RANGE, low=D(5), high=D(4)), "needs a range"),
        (Measure("Release", Direction.MILESTONES), "at least one milestone"),
        (Measure("Design", Direction.RUBRIC, anchors=(Anchor(D(1), " ", D(0)),)), "described in words"),
        (Measure("Design", Direction.RUBRIC, anchors=(Anchor(D(1), "a", D(1)), Anchor(D(2), "b", D(0)))), "in words"),
    ],
)
def test_what_cannot_be_scored_honestly_is_refused_when_it_is_agreed(measure, wanted):
    with pytest.raises(Refused, match=wanted) as refused:
        check_measure(measure)
    said = refused.value.sentence
    assert measure.name in said.text.format(**said.facts)


def test_a_negative_actual_is_not_divided_by_a_positive_target():
    with pytest.raises(Refused, match="negative number"):
        attainment(higher("3"), value("-2"))


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_not_a_number_is_refused(number):
    with pytest.raises(Refused, match="Missing is not zero"):
        attainment(higher("3"), value(number))


def test_a_missing_number_is_not_zero():
    with pytest.raises(Refused, match="Missing is not zero"):
        attainment(higher("3"), Actual(State.VALUE))


def test_percent_and_percentage_points_do_not_mix():
    with pytest.raises(Refused, match="percentage points are not the same"):
        attainment(higher("20", unit=PERCENT), value("15", unit=PERCENT_POINTS))


@pytest.mark.parametrize(("actual", "expected"), [("0", "1"), ("1", "0.6667"), ("3", "0"), ("9", "0")])
def test_a_target_of_zero_falls_step_by_step_to_its_tolerance(actual, expected):
    assert reached(lower("0", tolerance=D(3)), actual) == D(expected)


# V-2 ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "slack", "expected"),
    [
        ("50", "10", "1.0000"),
        ("45", "10", "1"),
        ("55", "10", "1"),
        ("42", "10", "0.7"),
        ("60", "10", "0.5"),
        ("66", "10", "0"),
        ("44.99", "0", "0"),
        ("55.01", "0", "0"),
        ("55", "0", "1"),
    ],
)
def test_a_range_is_full_inside_and_falls_outside(actual, slack, expected):
    measure = Measure("Stock", Direction.RANGE, low=D(45), high=D(55), slack_low=D(slack), slack_high=D(slack))
    assert reached(measure, actual) == D(expected)


# V-3 ------------------------------------------------------------------------------

STONES = tuple(Milestone(name, D(worth)) for name, worth in zip("abcd", (20, 30, 30, 20), strict=True))


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({"a": 0, "b": 0, "c": 0}, "0.80"),
        ({"a": 0, "b": 0, "c": 0, "d": 0}, "1"),
        ({"a": 0, "b": 0, "c": 0, "d": 6}, "0.976"),
        ({"a": 0, "b": 0, "c": 0, "d": 100}, "0.90"),
        ({}, "0"),
    ],
)
def test_milestones_add_up_by_worth_and_lose_a_little_when_late(done, expected):
    measure = Measure("Release", Direction.MILESTONES, milestones=STONES)
    assert attainment(measure, Actual(State.VALUE, done=done)).value == D(expected)


def test_one_milestone_six_working_days_late_is_worth_088():
    measure = Measure("Release", Direction.MILESTONES, milestones=(Milestone("a", D(1)),))
    assert attainment(measure, Actual(State.VALUE, done={"a": 6})).value == D("0.88")


def test_yes_or_no_is_one_milestone_worth_nothing_when_late():
    measure = Measure(
        "Audit", Direction.MILESTONES, milestones=(Milestone("passed", D(1)),), late_rate=D(1), late_floor=D(0)
    )
    assert attainment(measure, Actual(State.VALUE, done={"passed": 0})).value == 1
    assert attainment(measure, Actual(State.VALUE, done={"passed": 1})).value == 0


@pytest.mark.parametrize("done", [None, {"z": 0}, {"a": -1}])
def test_milestones_refuse_what_they_do_not_know(done):
    with pytest.raises(Refused):
        attainment(Measure("Release", Direction.MILESTONES, milestones=STONES), Actual(State.VALUE, done=done))


def test_lateness_is_counted_in_working_days():
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    weekday = lambda day: day.weekday() < 5  # noqa: E731 - one line reads better here
    assert working_days_late(friday, friday, weekday) == 0
    assert working_days_late(friday, date(2026, 11, 22), weekday) == 0
    assert working_days_late(friday, monday, weekday) == 1
    assert working_days_late(monday, friday, weekday) == 0


# V-4 ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "actual", "expected"),
    [
        ("1.5", "79", "0"),
        ("1.5", "80", "0.5000"),
        ("1.5", "85", "0.6250"),
        ("1.5", "90", "0.7500"),
        ("1.5", "110", "1.2500"),
        ("1.5", "150", "1.5000"),
        ("2.0", "95", "0.8750"),
        ("2.0", "105", "1.2500"),
        ("2.0", "115", "1.7500"),
    ],
)
def test_a_curve_goes_through_threshold_target_and_stretch(top, actual, expected):
    measure = higher("100", curve=points(("0.8", "0.5"), ("1.0", "1.0"), ("1.2", top)))
    assert reached(measure, actual) == D(expected)


@pytest.mark.parametrize(("actual", "expected"), [("9", "0"), ("8", "0.5"), ("6", "0.75"), ("3", "1.1"), ("1", "1.2")])
def test_a_curve_may_go_down(actual, expected):
    assert reached(lower(curve=points(("8", "0.5"), ("4", "1.0"), ("2", "1.2"))), actual) == D(expected)


def test_a_first_point_worth_nothing_takes_the_cliff_away():
    measure = higher("100", curve=points(("0", "0"), ("0.8", "0.5"), ("1.0", "1.0")))
    assert reached(measure, "40") == D("0.25")


# Rubrics --------------------------------------------------------------------------

RUBRIC = Measure(
    "Design quality",
    Direction.RUBRIC,
    anchors=(
        Anchor(D(1), "Others have to redo it", D(0)),
        Anchor(D(2), "Works after review", D("0.8")),
        Anchor(D(3), "Others copy it", D("1.2")),
    ),
)


@pytest.mark.parametrize(("level", "expected"), [("1", "0"), ("2", "0.8"), ("3", "1.2")])
def test_a_rubric_is_worth_what_its_level_says(level, expected):
    assert reached(RUBRIC, level) == D(expected)


def test_a_rubric_has_no_levels_in_between():
    with pytest.raises(Refused, match="no level"):
        attainment(RUBRIC, value("2.5"))


# V-8 ------------------------------------------------------------------------------


def test_an_objective_is_the_mean_of_its_key_results():
    grades = [D("0.7"), D("1.0"), D("0.4")]
    assert objective(grades) == D("0.70")
    assert objective(grades, [D(50), D(30), D(20)]) == D("0.73")
    assert (grade(D("1.4")), grade(D("-0.2"))) == (1, 0)


def test_seven_tenths_of_an_aspiration_are_full_marks():
    assert half_up(aspirational(D("0.49"))) == D("0.70")
    assert aspirational(D("0.7")) == aspirational(D("0.9")) == 1


# V-9 ------------------------------------------------------------------------------


def test_a_cumulative_target_shrinks_to_the_days_that_count():
    node = attainment(higher("1200", cumulative=True), value("520"), Served(cycle_days=244, employed_days=102))
    assert half_up(node.children[0].value) == D("501.64")
    assert half_up(node.value, 4) == D("1.0366")


def test_a_rate_is_not_prorated():
    assert reached(higher("1200"), "600", Served(244, 102)) == D("0.5000")


def test_a_baseline_that_adds_up_shrinks_with_its_target():
    measure = higher("95", baseline=D(80), cumulative=True)
    assert reached(measure, "46", Served(200, 100)) == reached(measure, "92") == D("0.8")


def test_leave_counts_only_above_the_grace():
    assert eligible_days(Served(244, 244, D(10))) == 244
    assert eligible_days(Served(244, 244, D("30.5"))) == D("223.5")


def test_the_grace_is_one_for_the_cycle_however_many_roles_it_has():
    one_role = eligible_days(Served(244, 200, D(16)))
    two_roles = in_a_row([Served(244, 100, D(8)), Served(244, 100, D(8))])
    assert one_role == sum(map(eligible_days, two_roles)) == 194
    assert [eligible_days(one) for one in in_a_row([Served(244, 100, D(12)), Served(244, 50, D(3))])] == [98, 47]


def test_long_leave_shrinks_a_target_that_adds_up():
    assert reached(higher("100", cumulative=True), "50", Served(200, 200, D(110))) == D("1.0")


def test_leave_never_shrinks_a_limit_that_one_must_stay_below():
    measure = lower("100", cumulative=True)
    assert reached(measure, "50", Served(200, 200, D(120))) == reached(measure, "50") == D("1.5")
    assert reached(measure, "50", Served(200, 100)) == 1


def test_days_that_cannot_be_are_refused():
    for served in (Served(0, 0), Served(100, 101), Served(100, 50, D(51))):
        with pytest.raises(Refused):
            attainment(higher("5", cumulative=True), value("1"), served)


# Sources --------------------------------------------------------------------------


def test_each_number_keeps_where_it_came_from():
    agreed = Source("goal", datetime(2026, 1, 9, 8, 0, tzinfo=UTC), "Ana and Mei")
    crm = Source("CRM", datetime(2026, 12, 31, 18, 0, tzinfo=UTC), "nightly import")
    node = attainment(higher("3", source=agreed), value("2", source=crm))
    assert node.inputs["actual"].source == crm
    assert node.inputs["target"].source == agreed
