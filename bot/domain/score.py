"""The result of one person, in one call: goals, ratings and rules in; score, grade, state and the reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.domain.bands import band_of, lower_of, near_boundary
from bot.domain.composite import (
    Component,
    Panel,
    Rating,
    enough,
    mixed,
    rated_by_manager,
    rated_by_panel,
    weights_in_use,
)
from bot.domain.explain import Input, Node, compute
from bot.domain.goal_score import Adjustment, Goal, goal_holdups, goals_score
from bot.domain.measure import Actual
from bot.domain.proration import Served, check_served, eligible_days, served_long_enough
from bot.domain.refusal import Refused, Sentence, sentence
from bot.domain.rounding import half_up, total
from bot.domain.score_rules import RULES, ScoreRules, check_rules

PLACES = Decimal(2)
FULL_TIME = Served(cycle_days=1, employed_days=1)


class Rated(StrEnum):
    """Whether there is a result; too little to rate is a state, not a low score."""

    RATED = "rated"
    INCOMPLETE = "incomplete"
    NOT_RATED = "not_rated"


@dataclass(frozen=True)
class Veto:
    """A red line was crossed: the grade is at most `ceiling`, the number stays what it is."""

    ceiling: str
    reason: str
    evidence: str
    approver: str


@dataclass(frozen=True)
class EarlierGoals:
    """The goals of a role that was held before, inside the cycle, and the days that count in it."""

    name: str
    goals: tuple[Goal, ...]
    actuals: Mapping[str, Actual]
    served: Served


@dataclass(frozen=True)
class Assessment:
    """Everything that is known about one person in one role: `actuals` by the key of their goal.

    After a transfer `earlier` has the goals of the roles before it, and `name` and `served` are those of the present
    one. Goals are weighed by days; ratings are about the person, and given once.
    """

    goals: tuple[Goal, ...]
    actuals: Mapping[str, Actual]
    competencies: tuple[Rating, ...] = ()
    peers: Panel | None = None
    customers: Panel | None = None
    served: Served = FULL_TIME
    adjustments: tuple[Adjustment, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    name: str = ""
    earlier: tuple[EarlierGoals, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A result, or why there is none yet. `score` is the rounded number that is shown and graded."""

    state: Rated
    score: Decimal | None
    band: str | None
    tree: Node | None
    reasons: tuple[Sentence, ...] = ()
    near: Decimal | None = None
    rules_version: str = ""
    rules_hash: str = ""


@dataclass(frozen=True)
class AssessedStint:
    """A stretch of the cycle in one role, by the rules of that role's department."""

    name: str
    assessment: Assessment
    rules: ScoreRules = RULES


def assess(assessment: Assessment, rules: ScoreRules) -> Outcome:
    """Score one person who held one role."""
    return assess_stints((AssessedStint("", assessment, rules),), rules)


def assess_stints(stints: Sequence[AssessedStint], rules: ScoreRules) -> Outcome:
    """Score one person over every role they held, by days; `rules` bind the grade and the least service."""
    for each in (rules, *(stint.rules for stint in stints)):
        check_rules(each)
    for stint in stints:
        check_served(stint.assessment.served)
    days = [_days(stint.assessment, stint.rules) for stint in stints]
    counted = [(stint, day) for stint, day in zip(stints, days, strict=True) if day > 0]
    if not counted or not served_long_enough(total(days), _cycle_days(stints), rules.min_service):
        return _without(Rated.NOT_RATED, rules, (_too_short(total(days), rules),))
    if held := tuple(reason for stint, _ in counted for reason in holdups(stint.assessment, stint.rules)):
        return _without(Rated.INCOMPLETE, rules, held)
    return _rated(_over_time(counted), [veto for stint in stints for veto in stint.assessment.vetoes], rules)


def _days(assessment: Assessment, rules: ScoreRules) -> Decimal:
    served = (assessment.served, *(each.served for each in assessment.earlier))
    return total(eligible_days(each, rules.leave_grace) for each in served)


def _cycle_days(stints: Sequence[AssessedStint]) -> int:
    cycles = {stint.assessment.served.cycle_days for stint in stints}
    if len(cycles) != 1:
        raise Refused("All stints belong to one cycle and must count the same working days in it.")
    return cycles.pop()


def _too_short(days: Decimal, rules: ScoreRules) -> Sentence:
    return sentence(
        "{days} working days count, and a rating needs at least {least} of the cycle. This is not a low result.",
        days=days,
        least=str(rules.min_service),
    )


def _without(state: Rated, rules: ScoreRules, reasons: tuple[Sentence, ...]) -> Outcome:
    return Outcome(state, None, None, None, reasons, None, rules.version, rules.hash)


def holdups(assessment: Assessment, rules: ScoreRules) -> tuple[Sentence, ...]:
    """List, for people, what stands between this person and a result; nothing if it can be made."""
    weights = weights_in_use(rules.mix, _feedback(assessment, rules))
    reasons: tuple[Sentence, ...] = ()
    if weights[Component.GOALS]:
        reasons += goal_holdups(assessment.goals, assessment.actuals, rules)
        for each in assessment.earlier:
            reasons += goal_holdups(each.goals, each.actuals, rules)
    if weights[Component.MANAGER] and not assessment.competencies:
        reasons += (sentence("The manager has not rated yet."),)
    return reasons


def _feedback(assessment: Assessment, rules: ScoreRules) -> set[Component]:
    panels = {Component.PEER: assessment.peers, Component.CUSTOMER: assessment.customers}
    return {component for component, panel in panels.items() if enough(panel, rules.peer_least)}


def _components(assessment: Assessment, rules: ScoreRules) -> Node:
    weights = weights_in_use(rules.mix, _feedback(assessment, rules))
    parts: dict[Component, Node] = {}
    if weights[Component.GOALS]:
        parts[Component.GOALS] = _goals(assessment, rules)
    if weights[Component.MANAGER]:
        parts[Component.MANAGER] = rated_by_manager(assessment.competencies)
    for component, panel in ((Component.PEER, assessment.peers), (Component.CUSTOMER, assessment.customers)):
        if panel is not None and enough(panel, rules.peer_least):
            parts[component] = rated_by_panel(panel, rules.peer_pull)
    return mixed(parts, rules.mix)


def _goals(assessment: Assessment, rules: ScoreRules) -> Node:
    """The goals of the present role, and of those before it, by the working days that count in each."""
    now = goals_score(assessment.goals, assessment.actuals, assessment.adjustments, assessment.served, rules)
    if not assessment.earlier:
        return now
    before = [
        (each.name, eligible_days(each.served, rules.leave_grace),
         goals_score(each.goals, each.actuals, (), each.served, rules))
        for each in assessment.earlier
    ]  # fmt: skip
    return by_days([*before, (assessment.name, eligible_days(assessment.served, rules.leave_grace), now)])


def attained(assessment: Assessment, rules: ScoreRules) -> str | None:
    """The grade that the goals alone would give; None while they cannot be scored."""
    roles = [(assessment.goals, assessment.actuals), *((each.goals, each.actuals) for each in assessment.earlier)]
    if any(goal_holdups(goals, actuals, rules) for goals, actuals in roles):
        return None
    return band_of(half_up(_goals(assessment, rules).value, int(PLACES)), rules.bands)


def _over_time(counted: Sequence[tuple[AssessedStint, Decimal]]) -> Node:
    nodes = [(stint.name, days, _components(stint.assessment, stint.rules)) for stint, days in counted]
    return nodes[0][2] if len(nodes) == 1 else by_days(nodes)


def by_days(nodes: Sequence[tuple[str, Decimal, Node]]) -> Node:
    """Weigh the results of several stints by the working days that count in each."""
    whole = Input(total(days for _, days, _ in nodes), "working days")
    shares = tuple(
        compute(
            "share",
            sentence("{stint}, {days} working days", stint=name, days=days),
            {"weight": Input(days, "working days"), "whole": whole},
            (node,),
        )
        for name, days, node in nodes
    )
    return compute("sum", sentence("Result over {count} stints", count=len(shares)), children=shares)


def _rated(exact: Node, vetoes: Sequence[Veto], rules: ScoreRules) -> Outcome:
    root = compute("rounded", sentence("Result"), {"places": Input(PLACES)}, (exact,))
    band, reasons = _with_vetoes(band_of(root.value, rules.bands), vetoes, rules)
    near = near_boundary(root.value, rules.bands, rules.near)
    return Outcome(Rated.RATED, root.value, band, root, reasons, near, rules.version, rules.hash)


def _with_vetoes(band: str, vetoes: Sequence[Veto], rules: ScoreRules) -> tuple[str, tuple[Sentence, ...]]:
    reasons: tuple[Sentence, ...] = ()
    for veto in vetoes:
        if not (veto.reason.strip() and veto.evidence.strip() and veto.approver.strip()):
            raise Refused("A veto needs a reason, evidence and someone who approved it.")
        band = lower_of(band, veto.ceiling, rules.bands)
        reasons += (_crossed(veto),)
    return band, reasons


def _crossed(veto: Veto) -> Sentence:
    return sentence(
        "A red line was crossed: {reason}. The grade is at most {ceiling}; the number stays.",
        reason=veto.reason,
        ceiling=veto.ceiling,
    )
