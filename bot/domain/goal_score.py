"""Goals rolled up: each capped on its own, weighted, with a published answer for every value that is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.domain.explain import Input, Node, Source, compute
from bot.domain.kpi import attainment
from bot.domain.measure import Actual, Measure, Provider, State
from bot.domain.proration import Served
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.rounding import check_weights, total
from bot.domain.score_rules import Missing, ScoreRules

NOTHING = Actual(State.MISSING)


@dataclass(frozen=True)
class Goal:
    """An agreed goal: its weight in percent, and how it is measured."""

    key: str
    weight: Decimal
    measure: Measure


@dataclass(frozen=True)
class Adjustment:
    """Points added (above zero) or deducted (below), with who approved them and on what evidence."""

    points: Decimal
    reason: str
    evidence: str
    approver: str


class _Counts(StrEnum):
    """How a goal enters the sum."""

    VALUE = "value"
    OUT = "out"
    ZERO = "zero"
    NEUTRAL = "neutral"
    HOLD = "hold"


_OF_MISSING = {
    Missing.RENORMALISE: _Counts.OUT,
    Missing.ZERO: _Counts.ZERO,
    Missing.NEUTRAL: _Counts.NEUTRAL,
    Missing.HOLD: _Counts.HOLD,
}


def _how_it_counts(actual: Actual, rules: ScoreRules) -> _Counts:
    match actual.state:
        case State.VALUE:
            return _Counts.VALUE
        case State.NA:
            return _Counts.OUT
        case State.MISSING:
            return _OF_MISSING[rules.missing_own if actual.provider is Provider.EMPLOYEE else rules.missing]
    return _Counts.HOLD


def check_goals(goals: Sequence[Goal], actuals: Mapping[str, Actual]) -> None:
    """Refuse a set of goals whose weights do not make 100, or values that belong to none of them."""
    check_weights([goal.weight for goal in goals])
    keys = {goal.key for goal in goals}
    if len(keys) < len(goals):
        raise Refused("The same goal stands in this set twice.")
    if stray := sorted(set(actuals) - keys):
        raise Refused("There are values for goals that are not in this set: {goals}.", goals=", ".join(stray))
    for goal in goals:
        if actuals.get(goal.key, NOTHING).state is State.NA and not actuals[goal.key].reason.strip():
            raise Refused("Why does “{goal}” not apply? A reason is needed.", field="reason", goal=goal.measure.name)


_HELD: Mapping[State, str] = {
    State.PENDING: N_("The value of “{goal}” is not due yet."),
    State.DISPUTED: N_("The value of “{goal}” is disputed; it counts once that is settled."),
    State.MISSING: N_("The value of “{goal}” is overdue. The result waits for it."),
}


def goal_holdups(goals: Sequence[Goal], actuals: Mapping[str, Actual], rules: ScoreRules) -> tuple[Sentence, ...]:
    """List what is missing before these goals can be scored."""
    if not goals:
        return (sentence("There are no agreed goals, so there is nothing to score. That is not a zero."),)
    check_goals(goals, actuals)
    known = [(goal, actuals.get(goal.key, NOTHING)) for goal in goals]
    held = tuple(
        Sentence(_HELD[actual.state], {"goal": goal.measure.name})
        for goal, actual in known
        if _how_it_counts(actual, rules) is _Counts.HOLD
    )
    missing = total(goal.weight for goal, actual in known if actual.state is State.MISSING)
    if not held and missing > rules.missing_limit:
        held = (_too_much_missing(missing, rules),)
    if not held and all(_how_it_counts(actual, rules) is _Counts.OUT for _, actual in known):
        held = (sentence("None of the goals applies, so there is nothing to score."),)
    return held


def _too_much_missing(missing: Decimal, rules: ScoreRules) -> Sentence:
    return sentence(
        "Values are missing for {missing} % of the weight; a result may lack at most {limit} %.",
        missing=missing,
        limit=rules.missing_limit,
    )


def goals_score(
    goals: Sequence[Goal],
    actuals: Mapping[str, Actual],
    adjustments: Sequence[Adjustment],
    served: Served,
    rules: ScoreRules,
) -> Node:
    """Roll up goals into points, 100 meaning all targets met; ask `goal_holdups` first."""
    known = [(goal, actuals.get(goal.key, NOTHING)) for goal in goals]
    whole = total(goal.weight for goal, actual in known if _how_it_counts(actual, rules) is not _Counts.OUT)
    lines = tuple(goal_line(goal, actual, whole, served, rules) for goal, actual in known)
    note = (
        sentence("Only {whole} % of the weight counts; it stands for all of it.", whole=whole) if whole < 100 else None
    )
    points = compute("sum", sentence("Points from goals"), children=lines, note=note)
    return _adjusted(points, adjustments, rules)


def goal_line(goal: Goal, actual: Actual, whole: Decimal, served: Served, rules: ScoreRules) -> Node:
    """Turn one goal into its points, `whole` being the weight that counts in all."""
    how = _how_it_counts(actual, rules)
    weight = {"weight": Input(goal.weight, "%"), "whole": Input(whole, "%")}
    if how is _Counts.VALUE:
        label = sentence("“{goal}” at a weight of {weight} %", goal=goal.measure.name, weight=goal.weight)
        return compute("points", label, weight, (_capped(goal, actual, served, rules),))
    if how is _Counts.OUT:
        return _left_out(goal, actual)
    stand_in = Input(Decimal(1 if how is _Counts.NEUTRAL else 0))
    label = sentence("“{goal}” without a value, by the published rule", goal=goal.measure.name)
    return compute("stand_in", label, weight | {"value": stand_in})


def _left_out(goal: Goal, actual: Actual) -> Node:
    weight = {"weight": Input(goal.weight, "%", actual.source)}
    if actual.state is State.NA:
        note = sentence("It does not apply: {reason}", reason=actual.reason)
    else:
        note = sentence("No value arrived; its weight was spread over the other goals.")
    return compute("left_out", sentence("“{goal}” is not counted", goal=goal.measure.name), weight, note=note)


def _capped(goal: Goal, actual: Actual, served: Served, rules: ScoreRules) -> Node:
    reached = attainment(goal.measure, actual, served, rules.leave_grace)
    limits = {"floor": Input(rules.item_floor), "cap": Input(rules.item_cap)}
    node = compute(
        "clamp", sentence("“{goal}” within the limits for one goal", goal=goal.measure.name), limits, (reached,)
    )
    if node.value == reached.value:
        return node
    if node.value < reached.value:
        return replace(node, note=sentence("Capped: one goal counts at most {cap} times.", cap=rules.item_cap))
    return replace(
        node, note=sentence("Raised to the floor: one goal counts at least {floor}.", floor=rules.item_floor)
    )


def _adjusted(points: Node, adjustments: Sequence[Adjustment], rules: ScoreRules) -> Node:
    inputs = {"bonus_cap": Input(rules.bonus_cap, "points"), "cap": Input(rules.total_cap, "points")}
    plus = [each for each in adjustments if each.points > 0]
    minus = [each for each in adjustments if each.points <= 0]
    children = (
        points,
        *(_adjustment(each, f"plus{n}") for n, each in enumerate(plus, start=1)),
        *(_adjustment(each, f"minus{n}") for n, each in enumerate(minus, start=1)),
    )
    gained = total(each.points for each in plus)
    note = None
    if gained > rules.bonus_cap:
        note = sentence("Additions of {gained} points count as {cap}, their limit.", gained=gained, cap=rules.bonus_cap)
    return compute("adjusted", sentence("Goals with additions and deductions"), inputs, children, note=note)


def _adjustment(each: Adjustment, name: str) -> Node:
    if not each.points or not (each.reason.strip() and each.evidence.strip() and each.approver.strip()):
        raise Refused("Points are added or deducted only with a reason, evidence and someone who approved them.")
    label = sentence("Addition: {reason}", reason=each.reason)
    if each.points < 0:
        label = sentence("Deduction: {reason}", reason=each.reason)
    value = Input(abs(each.points), "points", Source(each.evidence, reporter=each.approver))
    return compute("given", label, {"value": value}, name=name)
