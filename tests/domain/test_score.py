"""One person, one call, one result that explains itself."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from bot.domain.bands import Band
from bot.domain.composite import Mix, Rating
from bot.domain.explain import Input, compute, recompute, walk
from bot.domain.goal_score import Adjustment, Goal, goals_score
from bot.domain.measure import Actual, Direction, Measure, Provider, State
from bot.domain.proration import Served
from bot.domain.refusal import Refused, sentence
from bot.domain.score import AssessedStint, Assessment, Rated, Veto, assess, assess_stints, by_days
from bot.domain.score_rules import Missing, ScoreRules, check_rules
from tests.domain.scoring import ONLY_GOALS, goal, peers, person, value

D = Decimal
V10 = (goal("a", 40), goal("b", 20), goal("c", 20), goal("d", 20))
V10_ACTUALS = {"a": value(110), "c": value(110), "d": value(60)}


def score(goals, actuals, rules=ONLY_GOALS, **more: Any):
    return assess(person(goals, actuals, **more), rules)


# V-5, V-6 -------------------------------------------------------------------------


def test_points_are_weights_times_attainment():
    goals = (
        goal("sales", 40, 100),
        Goal("csat", D(20), Measure("CSAT", Direction.HIGHER, baseline=D(80), target=D(95))),
        Goal("complaints", D(20), Measure("Complaints", Direction.LOWER, "%", target=D(1))),
        goal("accounts", 20, 10),
    )
    actuals = {
        "sales": value(110),
        "csat": value(92),
        "complaints": value("0.9", unit="%"),
        "accounts": value(6),
    }
    outcome = score(goals, actuals)
    assert str(outcome.score) == "94.00"
    lines = goals_score(goals, actuals, (), Served(1, 1), ONLY_GOALS).children[0].children
    assert [line.value for line in lines] == [44, 16, 22, 12]


@pytest.mark.parametrize(("item_cap", "expected"), [("1.20", "90.00"), ("10", "120.00")])
def test_one_runaway_number_cannot_hide_a_neglected_goal(item_cap, expected):
    rules = replace(ONLY_GOALS, item_cap=D(item_cap))
    outcome = score((goal("a", 50), goal("b", 50)), {"a": value(200), "b": value(60)}, rules)
    assert str(outcome.score) == expected


def test_a_cap_is_said():
    outcome = score((goal("a", 100),), {"a": value(200)})
    notes = [node.note.text for node in walk(outcome.tree) if node.note]
    assert notes == ["Capped: one goal counts at most {cap} times."]


def test_a_mirrored_goal_far_beyond_its_target_stops_at_the_floor():
    defects = Goal("defects", D(100), Measure("Defects", Direction.LOWER, target=D(4)))
    assert score((defects,), {"defects": value(10)}).score == 0


@pytest.mark.parametrize("weight", ["49.99", "50.01"])
def test_weights_that_do_not_make_a_hundred_are_refused(weight):
    with pytest.raises(Refused, match="exactly 100"):
        score((goal("a", 50), goal("b", weight)), {"a": value(1), "b": value(1)})


# V-9, stints ----------------------------------------------------------------------


def test_someone_who_came_in_mid_cycle_has_a_smaller_target():
    outcome = score(
        (goal("a", 100, 1200, cumulative=True),), {"a": value(520)}, served=Served(cycle_days=244, employed_days=102)
    )
    assert str(outcome.score) == "103.66"


def test_two_roles_weigh_by_their_days():
    nodes = [(name, D(days), given(points)) for name, days, points in (("sales", 60, 90), ("support", 30, 75))]
    assert by_days(nodes).value == D("85.00")


def given(number):
    return compute("given", sentence("Given"), {"value": Input(D(number))})


def stint(name, days, number, rules=ONLY_GOALS, **more: Any):
    return AssessedStint(name, person((goal("a", 100),), {"a": value(number)}, served=Served(90, days), **more), rules)


def test_a_transfer_keeps_both_stints_each_by_its_own_rules():
    support = ScoreRules(mix=Mix(goals=D(60), manager=D(40), peer=D(0)))  # 0.6 × 75 + 0.4 × 75 = 75
    outcome = assess_stints((stint("sales", 60, 90), stint("support", 30, 75, support)), ONLY_GOALS)
    assert str(outcome.score) == "85.00"
    assert recompute(outcome.tree) == outcome.score


def test_a_short_stint_counts_when_the_whole_service_is_long_enough():
    outcome = assess_stints((stint("sales", 20, 90), stint("support", 20, 80)), ONLY_GOALS)
    assert (outcome.state, outcome.score) == (Rated.RATED, 85)


def test_a_role_without_a_day_in_it_does_not_count():
    gone = AssessedStint("gone", person((goal("a", 100, cumulative=True),), {"a": value(0)}, served=Served(90, 0)))
    assert assess_stints((stint("sales", 60, 90), gone), ONLY_GOALS).score == 90


def test_stints_of_different_cycles_are_not_mixed():
    other = AssessedStint("b", person((), {}, served=Served(80, 40)), ONLY_GOALS)
    with pytest.raises(Refused, match="one cycle"):
        assess_stints((stint("a", 40, 90), other), ONLY_GOALS)


@pytest.mark.parametrize(
    ("days", "leave", "state"),
    [(30, 0, Rated.RATED), (29, 0, Rated.NOT_RATED), (90, 70, Rated.RATED), (90, 71, Rated.NOT_RATED)],
)
def test_too_short_a_time_is_not_rated_rather_than_rated_low(days, leave, state):
    outcome = score((goal("a", 100),), {"a": value(10)}, served=Served(90, days, D(leave)))
    assert outcome.state is state
    assert (outcome.score is None) == (outcome.band is None) == (outcome.tree is None) == (state is Rated.NOT_RATED)


# V-10 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "expected"), [(Missing.RENORMALISE, "97.50"), (Missing.ZERO, "78.00"), (Missing.NEUTRAL, "98.00")]
)
@pytest.mark.parametrize("absent", [{}, {"b": Actual(State.MISSING)}])
def test_a_missing_value_counts_as_the_rules_say(policy, expected, absent):
    outcome = score(V10, V10_ACTUALS | absent, replace(ONLY_GOALS, missing=policy))
    assert str(outcome.score) == expected
    assert recompute(outcome.tree) == outcome.score


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        (Actual(State.MISSING, provider=Provider.EMPLOYEE), "overdue"),
        (Actual(State.PENDING), "not due yet"),
        (Actual(State.DISPUTED, D(5)), "disputed"),
    ],
)
def test_a_result_waits_for_a_value_that_is_held_back_pending_or_disputed(actual, said):
    outcome = score(V10, V10_ACTUALS | {"b": actual})
    assert (outcome.state, outcome.score, outcome.band) == (Rated.INCOMPLETE, None, None)
    assert said in outcome.reasons[0].text
    assert outcome.reasons[0].facts == {"goal": "B"}


def test_a_goal_that_does_not_apply_leaves_its_weight_to_the_others():
    outcome = score(V10, V10_ACTUALS | {"b": Actual(State.NA, reason="The product was withdrawn")})
    assert str(outcome.score) == "97.50"
    with pytest.raises(Refused, match="reason is needed"):
        score(V10, V10_ACTUALS | {"b": Actual(State.NA)})


@pytest.mark.parametrize(("weight", "state"), [(30, Rated.RATED), (31, Rated.INCOMPLETE)])
def test_too_much_missing_weight_makes_no_grade(weight, state):
    outcome = score((goal("a", 100 - weight), goal("b", weight)), {"a": value(90)})
    assert outcome.state is state


def test_no_goals_are_not_a_zero():
    assert score((), {}).state is Rated.INCOMPLETE
    everything_off = {each.key: Actual(State.NA, reason="Reorganised") for each in V10}
    assert score(V10, everything_off).state is Rated.INCOMPLETE


def test_values_for_unknown_or_doubled_goals_are_refused():
    with pytest.raises(Refused, match="not in this set"):
        score(V10, V10_ACTUALS | {"z": value(1)})
    with pytest.raises(Refused, match="twice"):
        score((goal("a", 50), goal("a", 50)), {"a": value(1)})


# Ratings --------------------------------------------------------------------------


def test_without_the_managers_rating_there_is_no_result_yet():
    outcome = score((goal("a", 100),), {"a": value(90)}, ScoreRules(), competencies=())
    assert outcome.state is Rated.INCOMPLETE
    assert "manager" in outcome.reasons[0].text


def test_a_manager_whose_rating_weighs_nothing_holds_nothing_up():
    assert score((goal("a", 100),), {"a": value(90)}, competencies=()).score == 90


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        (None, "85.50"),  # 0.7 × 90 + 0.3 × 75
        (peers(5, 5, 5), "85.50"),
        (peers(5, 5, 5, 5), "87.00"),  # colleagues (4·5 + 2·3.8)/6 = 4.6 → 90: 63 + 15 + 9
    ],
)
def test_three_friends_make_no_score(panel, expected):
    outcome = score((goal("a", 100),), {"a": value(90)}, ScoreRules(), peers=panel)
    assert str(outcome.score) == expected


def test_departments_served_count_as_colleagues_do():
    rules = ScoreRules(mix=Mix(D(50), D(20), D(10), D(20)))
    served = peers(3, 3, 3, 3, group_mean=3)
    outcome = score((goal("a", 100),), {"a": value(90)}, rules, customers=served, peers=served)
    assert str(outcome.score) == "75.00"  # 45 + 15 + 5 + 10


# Additions, deductions, vetoes ----------------------------------------------------


def points(number, reason="Trained two colleagues"):
    return Adjustment(D(number), reason, "minutes of 3 March", "Mei")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((points(2),), "92.00"),
        ((points(8), points(7)), "100.00"),
        ((points(8), points(7), points(-4)), "96.00"),
        ((points(-95),), "0.00"),
    ],
)
def test_additions_have_a_limit_and_deductions_end_at_zero(changes, expected):
    outcome = score((goal("a", 100),), {"a": value(90)}, adjustments=changes)
    assert str(outcome.score) == expected
    assert recompute(outcome.tree) == outcome.score


def test_additions_stop_at_the_cap_of_the_total():
    assert score((goal("a", 100),), {"a": value(118)}, adjustments=(points(9),)).score == 120


@pytest.mark.parametrize("change", [points(0), points(3, reason=" ")])
def test_points_without_a_reason_are_refused(change):
    with pytest.raises(Refused):
        score((goal("a", 100),), {"a": value(90)}, adjustments=(change,))


def test_a_veto_is_a_ceiling_on_the_grade_and_leaves_the_number_alone():
    veto = Veto("C", "Safety rule broken", "report 12", "HR")
    outcome = score((goal("a", 100),), {"a": value(115)}, vetoes=(veto,))
    assert (str(outcome.score), outcome.band) == ("115.00", "C")
    assert outcome.reasons[0].facts["reason"] == "Safety rule broken"
    with pytest.raises(Refused):
        score((goal("a", 100),), {"a": value(115)}, vetoes=(replace(veto, evidence=""),))


# The worked example ---------------------------------------------------------------

SALES = (
    goal("revenue", 50, 1_000_000),
    goal("orders", 20, 30),
    goal("satisfaction", 20, 90),
    Goal("complaints", D(10), Measure("Complaint rate", Direction.LOWER, "%", target=D(2))),
)
SALES_ACTUALS = {
    "revenue": value(920_000),
    "orders": value(33),
    "satisfaction": value(88),
    "complaints": value("2.5", unit="%"),
}
SALES_RULES = ScoreRules(bands=(Band("S", D(110)), Band("A", D(95)), Band("B", D(80)), Band("C", D(60)), Band("D")))


@pytest.mark.parametrize(
    ("rating", "colleagues", "expected"),
    [
        ("4", "4.2", "90.94"),  # 1 to 5 is carried end to end: 4 is 75, 4.2 is 80
        ("4.2", "4.36", "92.34"),  # 80 and 84
    ],
)
def test_the_worked_example_of_a_salesperson(rating, colleagues, expected):
    assessment = Assessment(
        SALES,
        SALES_ACTUALS,
        (Rating("Conduct", D(rating)),),
        peers(*[colleagues] * 4, group_mean=colleagues),
        adjustments=(points(2),),
    )
    outcome = assess(assessment, SALES_RULES)
    assert (str(outcome.score), outcome.band, outcome.state) == (expected, "B", Rated.RATED)
    goals = goals_score(SALES, SALES_ACTUALS, (points(2),), Served(1, 1), SALES_RULES)
    assert str(goals.children[0].value).startswith("95.05555")
    assert str(goals.value).startswith("97.05555")


def test_a_score_shown_as_95_is_graded_as_95():
    rules = replace(SALES_RULES, mix=ONLY_GOALS.mix)
    outcome = score((goal("a", 100),), {"a": value("94.995")}, rules)
    assert (str(outcome.score), outcome.band, outcome.near) == ("95.00", "A", 95)


def test_thirds_that_make_a_tie_round_as_on_paper():
    goals = (goal("a", 30, 3), goal("b", 70, 100))  # 30 × 1/3 + 70 × 0.7785 = 64.495
    assert str(score(goals, {"a": value(1), "b": value("77.85")}).score) == "64.50"


# Rules ----------------------------------------------------------------------------


def test_every_result_names_the_rules_it_was_made_by():
    outcome = score((goal("a", 100),), {"a": value(90)})
    assert (outcome.rules_version, outcome.rules_hash) == ("1", ONLY_GOALS.hash)


def test_rules_have_one_stable_fingerprint():
    assert ScoreRules().hash == "df1f0ce1bbe5d470d29c644bff0bcd71656b553ee42ffff9f2b30914d4f615b0"
    assert ScoreRules(item_cap=D("1.2")).hash == ScoreRules(item_cap=D("1.20")).hash
    assert len({ScoreRules().hash, ScoreRules(version="2").hash, ScoreRules(item_cap=D("1.3")).hash}) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"item_cap": D(0)},
        {"item_floor": D(-1)},
        {"bonus_cap": D(-1)},
        {"total_cap": D(0)},
        {"missing_limit": D(101)},
        {"peer_least": 2},
        {"bands": ()},
        {"mix": Mix(D(99))},
        {"min_service": Fraction(3, 2)},
    ],
)
def test_rules_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(Refused):
        check_rules(ScoreRules(**wrong))
