"""A result that was forged is found, also where its tree agrees with itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.domain.composite import Mix
from bot.domain.explain import Input, Node, compute, recompute, to_json
from bot.domain.goal_score import Adjustment
from bot.domain.measure import Actual, State
from bot.domain.proof import mistakes
from bot.domain.proration import Served
from bot.domain.refusal import sentence
from bot.domain.score import EarlierGoals, Outcome, assess
from bot.domain.score_rules import Missing, ScoreRules
from bot.store.export import verify
from tests.domain.scoring import goal, peers, person, value
from tests.domain.test_explain import everything

D = Decimal
RULES = ScoreRules(mix=Mix(D(60), D(20), D(20)))
GOALS = (goal("sales", 60), goal("visits", 40))
MADE = assess(
    person(
        GOALS,
        {"sales": value(90), "visits": value(70)},
        peers=peers(4, 4, 3, 5, 4),
        adjustments=(Adjustment(D(3), "an order", "the file", "Mei"), Adjustment(D(-5), "a rule", "the log", "Mei")),
    ),
    RULES,
)


def exported(tree: Node, made: Outcome = MADE, rules: ScoreRules = RULES) -> dict[str, Any]:
    """What is written of a result; the score and the grade follow whatever the tree makes."""
    score = recompute(tree)
    band = next(band.name for band in rules.bands if band.lower is None or score >= band.lower)
    one = {
        "person": {"email": "emily@lantern.example"}, "rated": "rated", "score": str(score), "band": band,
        "formula_band": band, "reasons": [], "rules": rules.written, "rules_hash": made.rules_hash,
        "tree": to_json(tree), "calibration": [],
    }  # fmt: skip
    found: dict[str, Any] = json.loads(json.dumps({"format": 1, "results": [one]}))
    return found


def forged(node: Node, change: Callable[[Node], Node]) -> Node:
    """A tree with something in it changed, and everything above it calculated again."""
    children = tuple(forged(child, change) for child in node.children)
    changed = change(replace(node, children=children))
    return replace(changed, value=recompute(changed))


def giving(formula: str, name: str, number: str) -> Callable[[Node], Node]:
    """Every node of this formula is given another number."""

    def change(node: Node) -> Node:
        given = {**node.inputs, name: Input(D(number))}
        return replace(node, inputs=given) if node.formula == formula else node

    return change


def called(old: str, new: str) -> Callable[[Node], Node]:
    """A part goes by another name, so that nothing reads it any more."""
    return lambda node: replace(node, name=new) if node.name == old else node


def without(formula: str, text: str) -> Callable[[Node], Node]:
    """A part is taken away."""

    def change(node: Node) -> Node:
        kept = tuple(child for child in node.children if text not in child.label.text)
        return replace(node, children=kept) if node.formula == formula else node

    return change


def reached_by_saying_so(node: Node) -> Node:
    return compute("given", node.label, {"value": Input(D("1.2"))}) if node.formula == "ratio" else node


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (giving("clamp", "cap", "9"), "cap is 9, but 1.2 by the rules"),
        (giving("adjusted", "bonus_cap", "50"), "bonus_cap is 50, but 10 by the rules"),
        (giving("shrunken_mean", "pull", "0"), "pull is 0, but 2 by the rules"),
        (giving("shrunken_mean", "limit", "4"), "limit is 4, but 0.5 by the rules"),
        (giving("shrunken_mean", "raters", "3"), "is not made as the rules make it"),
        (giving("rescaled", "low", "0"), "low is 0, but 1 by the rules"),
        (giving("rounded", "places", "0"), "places is 0, but 2 by the rules"),
        (giving("share", "weight", "70"), "weight is 70, but 60 by the rules"),
        (giving("points", "weight", "80"), "do not make 100"),
        (giving("points", "whole", "80"), "whole is 80, but 100 by the rules"),
        (giving("adjusted", "plus2", "9"), "was given what the rules do not know: plus2"),
        (called("minus1", "forgotten"), "is not made as the rules make it"),
        (without("sum", "by the manager"), "manager counts 20 % by the rules, and nothing in the tree"),
        (without("sum", "colleagues"), "weight is 20, but 40 by the rules"),
        (reached_by_saying_so, "is not made as the rules make it"),
    ],
)
def test_a_tree_that_agrees_with_itself_is_held_to_its_rules(change: Callable[[Node], Node], found: str) -> None:
    assert MADE.tree is not None
    assert mistakes(exported(MADE.tree)) == []
    tree = forged(MADE.tree, change)
    assert found in " ".join(mistakes(exported(tree)))


def test_a_number_out_of_thin_air_is_no_result() -> None:
    thin = compute("given", sentence("Result before rounding"), {"value": Input(D(119))})
    tree = compute("rounded", sentence("Result"), {"places": Input(D(2))}, (thin,))
    assert "Result before rounding is not made as the rules make it." in " ".join(mistakes(exported(tree)))


@pytest.mark.parametrize("missing", list(Missing))
def test_whatever_the_rules_make_is_found_to_be_right(missing: Missing) -> None:
    rules = replace(RULES, missing=missing, missing_limit=D(100))
    away = person(GOALS, {"sales": value(90), "visits": Actual(State.MISSING)}, served=Served(60, 40))
    before = EarlierGoals("support", (goal("calls", 100),), {"calls": value(50)}, Served(60, 20))
    for known in (everything(), away, replace(away, name="sales", earlier=(before,))):
        made = assess(known, rules)
        if made.tree is not None:
            assert mistakes(exported(made.tree, made, rules)) == []


@pytest.mark.parametrize("kept", [{"format": 1}, {"format": 1, "results": None}, {"format": 1, "results": []}])
def test_a_file_without_results_is_no_proof(kept: dict[str, Any], tmp_path: Path) -> None:
    file, said = tmp_path / "results.json", list[str]()
    file.write_text(json.dumps(kept), encoding="utf-8")
    assert verify(file, said.append) == 1
    assert said == ["There are no results in this file, so nothing was checked."]
