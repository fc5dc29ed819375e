"""What is said about a set of goals before anyone agrees to it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.difficulty import Verdict, difficulty
from bot.domain.goal_check import GoalDraft, Level, blocking, check_goal, check_goals, concentration
from bot.domain.similarity import similarity

REVENUE = GoalDraft(
    title="Grow revenue",
    measure="Signed revenue",
    unit="CNY",
    direction="higher",
    weight=Decimal(40),
    target=Decimal(95),
    due=date(2026, 12, 31),
    category="result",
    kpi="revenue",
    history=tuple(map(Decimal, (80, 85, 90, 95, 100, 105))),
)
SATISFACTION = replace(REVENUE, title="Delight customers", weight=Decimal(30), category="customer", kpi="satisfaction")
LEARNING = replace(REVENUE, title="Master the new product", weight=Decimal(30), category="learning", kpi="learning")
GOOD = [REVENUE, SATISFACTION, LEARNING]


def weighing(*weights: object) -> list[GoalDraft]:
    titles = ["apples", "bricks", "clouds", "dwarfs", "engines", "forum", "gypsum", "hotels", "igloo"]
    return [replace(REVENUE, title=titles[i], weight=Decimal(str(w))) for i, w in enumerate(weights)]


def found(goals, rule, *, faces_customers=False):
    return [finding.level for finding in check_goals(goals, faces_customers=faces_customers) if finding.rule == rule]


def test_a_good_set_has_no_findings():
    assert check_goals(GOOD, faces_customers=True) == []


def test_an_empty_set_blocks():
    assert found([], "count") == [Level.BLOCK]


@pytest.mark.parametrize(
    ("weights", "rest"), [(("40", "30", "29.99"), "0.01"), (("40", "30", "30.5"), "0.5"), (("33.3",) * 3, "0.1")]
)
def test_weights_that_do_not_make_exactly_100_block_and_the_difference_is_said(weights, rest):
    (finding,) = [finding for finding in check_goals(weighing(*weights)) if finding.rule == "sum"]
    assert finding.level is Level.BLOCK
    assert not finding.overridable
    assert finding.sentence.facts["rest"] == Decimal(rest)


@pytest.mark.parametrize(
    ("count", "levels"), [(1, [Level.WARN]), (2, [Level.WARN]), (3, []), (8, []), (9, [Level.WARN])]
)
def test_too_few_and_too_many_goals_are_pointed_out(count, levels):
    assert found(weighing(*[10] * count), "count") == levels


@pytest.mark.parametrize(
    ("weight", "levels"),
    [
        ("0", [Level.BLOCK]),
        ("-5", [Level.BLOCK]),
        ("4.99", [Level.WARN]),
        ("5", []),
        ("40", []),
        ("40.01", [Level.WARN]),
        ("60", [Level.WARN]),
        ("60.01", [Level.BLOCK]),
    ],
)
def test_no_goal_weighs_too_much_or_too_little(weight, levels):
    assert found(weighing(weight), "weight") == levels


def test_a_heavy_goal_may_be_kept_with_a_reason_but_a_wrong_sum_may_not():
    findings = check_goals(weighing(65, 20, 10))
    assert {finding.rule for finding in blocking(findings)} == {"sum", "weight"}
    assert {finding.rule for finding in blocking(findings, {"sum", "weight"})} == {"sum"}


@pytest.mark.parametrize(
    ("weights", "index", "levels"),
    [
        ([100], "1", [Level.BLOCK]),
        ([80, 20], "0.68", [Level.BLOCK]),
        ([60, 20, 20], "0.44", [Level.WARN]),
        ([40, 30, 20, 10], "0.30", []),
        ([25] * 4, "0.25", []),
        ([20] * 5, "0.2", []),
        ([50, 50], "0.5", [Level.BLOCK]),
        ([60, 0, 0], "0.36", [Level.WARN]),
    ],
)
def test_concentration(weights, index, levels):
    assert concentration(map(Decimal, weights)) == Decimal(index)
    assert found(weighing(*weights), "concentration") == levels


def test_eighty_twenty_is_as_narrow_as_one_and_a_half_goals():
    (finding,) = [f for f in check_goals(weighing(80, 20)) if f.rule == "concentration"]
    assert finding.sentence.facts["number"] == Decimal("1.5")
    assert finding.overridable


def test_one_category_with_four_fifths_of_the_weight_is_pointed_out():
    goals = [replace(REVENUE, weight=Decimal(80)), replace(SATISFACTION, weight=Decimal(20))]
    assert found(goals, "balance") == [Level.WARN]
    assert found(GOOD, "balance") == []


def test_sales_needs_a_goal_that_customers_feel():
    goals = [REVENUE, replace(SATISFACTION, category="process"), LEARNING]
    assert found(goals, "balance", faces_customers=True) == [Level.WARN]
    assert found(goals, "balance") == []


def test_a_volume_goal_wants_its_guard():
    guarded = replace(REVENUE, guard="satisfaction")
    assert found([guarded, SATISFACTION, LEARNING], "guard") == []
    assert found([guarded, LEARNING], "guard") == [Level.WARN]


@pytest.mark.parametrize(
    ("one", "other", "index"),
    [
        ("2026年销售额增长20%", "销售额增长25%（2026年）", 0.857),
        ("Reduce P1 incidents by 30%", "Reduce P1 incidents by 40% this quarter", 0.633),
        ("提高客户满意度", "降低客户投诉率", 0.091),
        ("", "", 0),
        ("a", "A", 1),
    ],
)
def test_likeness_of_two_titles(one, other, index):
    assert similarity(one, other) == pytest.approx(index, abs=0.0005)


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_has_no_direction(one, other):
    assert similarity(one, other) == similarity(other, one)


def test_near_duplicates_are_pointed_out_at_the_later_goal():
    twin = replace(SATISFACTION, title="Grow the revenue")
    (finding,) = [f for f in check_goals([REVENUE, LEARNING, twin]) if f.rule == "duplicate"]
    assert (finding.level, finding.goal) == (Level.WARN, 2)


@pytest.mark.parametrize(
    ("target", "chance", "verdict"),
    [(95, "0.5", Verdict.FINE), (110, "0.125", Verdict.HARD), (70, "0.875", Verdict.FINE)],
)
def test_a_target_is_judged_by_six_earlier_periods(target, chance, verdict):
    judged = difficulty(Decimal(target), REVENUE.history)
    assert (judged.chance, judged.verdict) == (Decimal(chance), verdict)


def test_a_target_always_reached_is_too_easy():
    judged = difficulty(Decimal(78), [Decimal(80)] * 12)
    assert judged.verdict is Verdict.EASY
    assert judged.chance == Decimal(13) / 14


def test_where_less_is_better_a_low_target_is_hard():
    defects = [Decimal(n) for n in (9, 8, 10, 9, 11)]
    assert difficulty(Decimal(5), defects, higher=False).verdict is Verdict.HARD
    assert difficulty(Decimal(9), defects, higher=False).verdict is Verdict.FINE


@pytest.mark.parametrize(
    ("target", "history", "verdict"),
    [
        (160, [100, 100], Verdict.HARD),
        (150, [100, 100], Verdict.FINE),
        (99, [100, 100], Verdict.EASY),
        (50, [0, 0], Verdict.UNKNOWN),
        (50, [50], Verdict.UNKNOWN),
    ],
)
def test_with_two_or_three_periods_only_growth_is_looked_at(target, history, verdict):
    assert difficulty(Decimal(target), [Decimal(past) for past in history]).verdict is verdict


@pytest.mark.parametrize(("target", "level"), [(110, Level.WARN), (95, None)])
def test_a_hard_target_is_pointed_out_with_its_history(target, level):
    levels = [f.level for f in check_goal(replace(REVENUE, target=Decimal(target))) if f.rule == "difficulty"]
    assert levels == ([level] if level else [])


def test_too_little_history_is_said():
    (finding,) = check_goal(replace(REVENUE, history=()))
    assert (finding.rule, finding.level) == ("difficulty", Level.HINT)
    assert "too little history" in finding.sentence.text


def test_a_newcomer_with_a_veterans_target_is_pointed_out():
    newcomer = replace(REVENUE, newcomer=True, experienced=Decimal(95))
    assert [f.rule for f in check_goal(newcomer)] == ["newcomer"]
    assert check_goal(replace(newcomer, experienced=Decimal(96))) == []
    assert [f.rule for f in check_goal(replace(newcomer, direction="lower", experienced=Decimal(96)))] == ["newcomer"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"title": " "}, "title"),
        ({"measure": ""}, "measure"),
        ({"unit": ""}, "unit"),
        ({"target": None}, "target"),
        ({"due": None}, "due"),
        ({"direction": "range", "low": Decimal(1)}, "target"),
        ({"direction": "milestones"}, "target"),
        ({"direction": "rubric", "steps": 1}, "target"),
    ],
)
def test_what_a_goal_lacks_blocks_it(change, rule):
    (finding,) = check_goal(replace(REVENUE, **change), 4)
    assert (finding.rule, finding.level, finding.goal) == (rule, Level.BLOCK, 4)


@pytest.mark.parametrize(
    "change",
    [
        {"direction": "milestones", "steps": 1, "target": None, "unit": ""},
        {"direction": "rubric", "steps": 2, "target": None, "unit": ""},
        {"direction": "range", "low": Decimal(0), "high": Decimal(5), "target": None},
        {"target": Decimal(0), "direction": "lower", "history": tuple(map(Decimal, (1, 0, 2, 0)))},
    ],
)
def test_each_kind_of_goal_is_complete_in_its_own_way(change):
    assert check_goal(replace(REVENUE, **change)) == []


def test_a_goal_without_a_parent_is_a_hint():
    (finding,) = check_goal(replace(REVENUE, aligned=False))
    assert (finding.rule, finding.level) == ("alignment", Level.HINT)


def test_every_sentence_has_the_facts_it_names():
    bare = GoalDraft("", "", "", "higher", Decimal(70), guard="x", aligned=False)
    easy = replace(REVENUE, target=Decimal(1), history=(Decimal(9),) * 12, newcomer=True, experienced=Decimal(1))
    hard = replace(easy, target=Decimal(99), weight=Decimal(1))
    findings = check_goals([bare, easy, hard, bare], faces_customers=True)
    assert len({finding.rule for finding in findings}) >= 10
    for finding in findings:
        assert finding.sentence.text.format(**finding.sentence.facts)
