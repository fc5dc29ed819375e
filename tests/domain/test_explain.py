"""Every number opens, travels as JSON, and can be calculated again."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, getcontext, localcontext

import pytest

from bot.domain.calibration import calibrated
from bot.domain.explain import (
    Input,
    Node,
    Source,
    compute,
    differences,
    formula_of,
    from_json,
    recompute,
    to_json,
    walk,
)
from bot.domain.formulas import FORMULAS, LATEST, input_words
from bot.domain.goal_score import Adjustment, Goal
from bot.domain.measure import Actual, Anchor, Direction, Measure, Milestone, State
from bot.domain.proration import Served
from bot.domain.refusal import Refused, sentence
from bot.domain.score import Assessment, assess
from bot.domain.score_rules import Missing, ScoreRules
from tests.domain.scoring import goal, peers, person, value
from tests.domain.test_calibration import GRADES, UP

D = Decimal
LOWER, HIGHER = Direction.LOWER, Direction.HIGHER
NOON = Source("CRM", datetime(2026, 12, 31, 12, 0, tzinfo=UTC), "nightly import")
MEASURES: Mapping[str, tuple[Measure, Actual]] = {
    "ratio": (Measure("Revenue", HIGHER, target=D(7), cumulative=True), value(6)),
    "anchored": (Measure("Margin", HIGHER, baseline=D(-5), target=D(-2)), value(-3)),
    "mirror": (Measure("Cost", LOWER, target=D(7)), value(8)),
    "inverse": (Measure("Lead time", LOWER, target=D(7), inverse=True), value(9)),
    "tolerance": (Measure("Accidents", LOWER, target=D(0), tolerance=D(3)), value(1)),
    "range": (
        Measure("Stock", Direction.RANGE, low=D(45), high=D(55), slack_low=D(7), slack_high=D(7)),
        value(43),
    ),
    "milestones": (
        Measure("Release", Direction.MILESTONES, milestones=(Milestone("a", D(1)), Milestone("b", D(2)))),
        Actual(State.VALUE, done={"a": 3}, source=NOON),
    ),
    "rubric": (Measure("Design", Direction.RUBRIC, anchors=(Anchor(D(2), "Works", D("0.8")),)), value(2)),
    "curve": (Measure("Orders", HIGHER, target=D(7), curve=((D("0.8"), D("0.5")), (D(1), D(1)))), value(6)),
    "curve_down": (Measure("Repair", LOWER, curve=((D(8), D("0.5")), (D(4), D(1)))), value(7)),
}


def everything() -> Assessment:
    """A person with one goal of every kind, one of them missing, one not applying."""
    goals = tuple(Goal(key, D(8), measure) for key, (measure, _) in MEASURES.items())
    actuals = {key: actual for key, (_, actual) in MEASURES.items()}
    actuals["off"] = Actual(State.NA, reason="Withdrawn")
    return person(
        (*goals, goal("late", 10), goal("off", 10)),
        actuals,
        peers=peers(5, 4, 4, 3),
        served=Served(244, 200, D("33.5")),
        adjustments=(
            Adjustment(D("2.5"), "Trained a colleague", "minutes", "Mei"),
            Adjustment(D(-1), "Late report", "mail", "Mei"),
        ),
    )


def tree() -> Node:
    node = assess(everything(), ScoreRules()).tree
    assert node is not None
    return node


def test_every_formula_for_goals_is_in_the_picture():
    seen = {node.formula for node in walk(tree())}
    assert set(MEASURES) | {"left_out", "prorated", "adjusted", "shrunken_mean", "rounded"} <= seen


def test_a_result_recomputes_to_the_last_digit_from_its_inputs_alone():
    for node in walk(tree()):
        assert str(recompute(node)) == str(node.value)


def test_a_tree_travels_as_json_both_ways():
    there = json.loads(json.dumps(to_json(tree()), ensure_ascii=False))
    back = from_json(there)
    assert back == tree()
    assert to_json(back) == there
    assert str(recompute(back)) == str(back.value)


def test_a_changed_input_or_value_is_found():
    root = tree()
    assert not list(differences(root))
    ((found, again),) = differences(replace(root, value=root.value + D("0.01")))
    assert (found.formula, again) == ("rounded", root.value)


def test_a_changed_leaf_shows_in_every_number_above_it():
    leaf = compute("given", sentence("Given"), {"value": Input(D(3))})
    parent = compute("sum", sentence("Sum"), children=(leaf,))
    forged = replace(parent, children=(replace(leaf, inputs={"value": Input(D(4))}),))
    assert [node.formula for node, _ in differences(forged)] == ["sum", "given"]


def test_what_is_measured_keeps_source_time_and_reporter():
    node = compute("given", sentence("Given"), {"value": Input(D("1.50"), "%", NOON)})
    source = from_json(to_json(node)).inputs["value"].source
    assert source == NOON
    actuals = [node.inputs["actual"] for node in walk(tree()) if "actual" in node.inputs]
    assert len(actuals) == len(MEASURES) - 1
    assert all(each.source and each.source.reporter for each in actuals)


def test_numbers_do_not_depend_on_the_arithmetic_around_them():
    before = to_json(tree())
    with localcontext() as context:
        context.prec = 6
        assert to_json(tree()) == before
        assert getcontext().prec == 6


def test_a_formula_of_a_later_release_is_refused_by_name():
    node = replace(tree(), version=99)
    with pytest.raises(Refused, match="does not know") as refused:
        recompute(node)
    assert refused.value.sentence.facts == {"formula": "rounded", "version": 99}


def test_new_results_use_the_latest_version_of_every_formula():
    assert set(LATEST) == {name for name, _ in FORMULAS}
    assert all((name, version) in FORMULAS and (name, version + 1) not in FORMULAS for name, version in LATEST.items())


def test_every_formula_and_every_input_has_words():
    missing = replace(ScoreRules(), missing=Missing.NEUTRAL)
    outcomes = [assess(everything(), rules) for rules in (ScoreRules(), missing)]
    changed = [calibrated(one, replace(UP, formula=one.band, before=one.band, after="S"), GRADES) for one in outcomes]
    roots = [one.tree for one in (*outcomes, *changed)]
    nodes = [node for root in roots if root for node in walk(root)]
    assert {node.formula for node in nodes} == set(LATEST)
    assert all(formula_of(node).words for node in nodes)
    assert all(input_words(name) for node in nodes for name in node.inputs)
