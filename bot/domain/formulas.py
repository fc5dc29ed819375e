"""Every formula a result can contain, by name and version: the only place where scores are calculated.

A formula reads named values and unnamed parts. A published version is never edited, a change gets the next number,
so that a result of last year recomputes to the same digit. An attainment of 1 means 100 %; points are percent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.domain.refusal import N_
from bot.domain.rounding import HUNDRED, clamp, half_up, mean, total

Values = Mapping[str, Decimal]
Parts = Sequence[Decimal]
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Formula:
    """How to calculate, and how to say it in words."""

    apply: Callable[[Values, Parts], Decimal]
    words: str


def series(given: Values, stem: str) -> list[Decimal]:
    """Read the values named `stem1`, `stem2`, … in order."""
    found: list[Decimal] = []
    while (name := f"{stem}{len(found) + 1}") in given:
        found.append(given[name])
    return found


def _anchored(given: Values, _: Parts) -> Decimal:
    return (given["actual"] - given["baseline"]) / (given["target"] - given["baseline"])


def _tolerance(given: Values, _: Parts) -> Decimal:
    return max(ZERO, ONE - given["actual"] / given["tolerance"])


def _range(given: Values, _: Parts) -> Decimal:
    actual, low, high = given["actual"], given["low"], given["high"]
    if low <= actual <= high:
        return ONE
    miss, slack = (low - actual, given["slack_low"]) if actual < low else (actual - high, given["slack_high"])
    return max(ZERO, ONE - miss / slack) if slack > 0 else ZERO


def _milestone(given: Values, _: Parts) -> Decimal:
    late = max(given["late_floor"], ONE - given["late_rate"] * given["days_late"])
    return given["worth"] * given["done"] * late


def _through(points: list[tuple[Decimal, Decimal]], x: Decimal) -> Decimal:
    """Piecewise-linear through rising points: 0 before the first, flat after the last."""
    if x < points[0][0]:
        return ZERO
    for (x0, y0), (x1, y1) in pairwise(points):
        if x < x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def _on_axis(given: Values) -> Decimal:
    if "baseline" in given:
        return _anchored(given, ())
    return given["actual"] / given["target"] if "target" in given else given["actual"]


def _curve(given: Values, _: Parts) -> Decimal:
    points = list(zip(series(given, "x"), series(given, "y"), strict=True))
    return _through(points, _on_axis(given))


def _curve_down(given: Values, _: Parts) -> Decimal:
    points = [(-x, y) for x, y in zip(series(given, "x"), series(given, "y"), strict=True)]
    return _through(points, -_on_axis(given))


def _rubric(given: Values, _: Parts) -> Decimal:
    worths = dict(zip(series(given, "level"), series(given, "worth"), strict=True))
    return worths[given["actual"]]


def _adjusted(given: Values, parts: Parts) -> Decimal:
    plus = min(given["bonus_cap"], total(series(given, "plus")))
    return clamp(parts[0] + plus - total(series(given, "minus")), ZERO, given["cap"])


def _shrunken(given: Values, _: Parts) -> Decimal:
    n, k = given["raters"], given["pull"]
    return (n * given["mean"] + k * given["group_mean"]) / (n + k)


def _shrunken_little(given: Values, parts: Parts) -> Decimal:
    """As version 1, but never further from the plain average than the limit."""
    return clamp(_shrunken(given, parts), given["mean"] - given["limit"], given["mean"] + given["limit"])


def _rescaled(given: Values, parts: Parts) -> Decimal:
    return (parts[0] - given["low"]) / (given["high"] - given["low"]) * HUNDRED


FORMULAS: Mapping[tuple[str, int], Formula] = {
    ("given", 1): Formula(lambda given, _: given["value"], N_("as given")),
    ("prorated", 1): Formula(
        lambda given, _: given["full"] * given["eligible_days"] / given["cycle_days"],
        N_("full amount × days that count ÷ days of the cycle"),
    ),
    ("ratio", 1): Formula(lambda given, _: given["actual"] / given["target"], N_("actual ÷ target")),
    ("anchored", 1): Formula(_anchored, N_("(actual − baseline) ÷ (target − baseline)")),
    ("mirror", 1): Formula(lambda given, _: 2 - given["actual"] / given["target"], N_("2 − actual ÷ target")),
    ("inverse", 1): Formula(lambda given, _: given["target"] / given["actual"], N_("target ÷ actual")),
    ("tolerance", 1): Formula(_tolerance, N_("1 − actual ÷ tolerance, not below 0")),
    ("range", 1): Formula(_range, N_("1 inside the range, falling to 0 across the slack outside it")),
    ("milestone", 1): Formula(
        _milestone, N_("worth × (1 − rate × working days late), not below the least for late work")
    ),
    ("milestones", 1): Formula(lambda given, parts: total(parts) / given["worths"], N_("sum of parts ÷ sum of worths")),
    ("curve", 1): Formula(_curve, N_("along the agreed points")),
    ("curve_down", 1): Formula(_curve_down, N_("along the agreed points, lower is better")),
    ("rubric", 1): Formula(_rubric, N_("worth of the level that was reached")),
    ("clamp", 1): Formula(
        lambda given, parts: clamp(parts[0], given["floor"], given["cap"]), N_("not below the floor, not above the cap")
    ),
    ("points", 1): Formula(
        lambda given, parts: parts[0] * HUNDRED * given["weight"] / given["whole"],
        N_("attainment × 100 × weight ÷ weight that counts"),
    ),
    ("stand_in", 1): Formula(
        lambda given, _: given["value"] * HUNDRED * given["weight"] / given["whole"],
        N_("agreed stand-in × 100 × weight ÷ weight that counts"),
    ),
    ("left_out", 1): Formula(lambda _given, _parts: ZERO, N_("not counted")),
    ("sum", 1): Formula(lambda _, parts: total(parts), N_("sum of the parts")),
    ("adjusted", 1): Formula(_adjusted, N_("points + additions up to their limit − deductions, between 0 and the cap")),
    ("mean", 1): Formula(lambda _, parts: mean(parts), N_("average of the parts")),
    ("shrunken_mean", 1): Formula(_shrunken, N_("(raters × average + pull × group average) ÷ (raters + pull)")),
    ("shrunken_mean", 2): Formula(
        _shrunken_little,
        N_("(raters × average + pull × group average) ÷ (raters + pull), no further from the average than the limit"),
    ),
    ("rescaled", 1): Formula(_rescaled, N_("(rating − lowest) ÷ (highest − lowest) × 100")),
    ("share", 1): Formula(
        lambda given, parts: parts[0] * given["weight"] / given["whole"], N_("value × weight ÷ whole")
    ),
    ("rounded", 1): Formula(
        lambda given, parts: half_up(parts[0], int(given["places"])), N_("rounded once, halves up")
    ),
    ("calibrated", 1): Formula(
        lambda _, parts: parts[0], N_("the number stays as it is; people changed the grade, with a reason")
    ),
}

LATEST: Mapping[str, int] = {name: max(version for other, version in FORMULAS if other == name) for name, _ in FORMULAS}

# What people call the inputs; a numbered one (x1, x2, …) goes by its stem.
INPUT_WORDS: Mapping[str, str] = {
    "actual": N_("actual"),
    "target": N_("target"),
    "baseline": N_("baseline"),
    "tolerance": N_("tolerance"),
    "low": N_("lower end"),
    "high": N_("upper end"),
    "slack_low": N_("slack below"),
    "slack_high": N_("slack above"),
    "worth": N_("worth"),
    "worths": N_("sum of worths"),
    "done": N_("done (1 = yes)"),
    "days_late": N_("working days late"),
    "late_rate": N_("lost per day late"),
    "late_floor": N_("least for late work"),
    "x": N_("point on the curve"),
    "y": N_("worth at this point"),
    "level": N_("level"),
    "full": N_("amount for the whole cycle"),
    "eligible_days": N_("days that count"),
    "cycle_days": N_("working days of the cycle"),
    "floor": N_("floor"),
    "cap": N_("cap"),
    "weight": N_("weight"),
    "whole": N_("weight that counts in all"),
    "value": N_("value"),
    "bonus_cap": N_("limit for additions"),
    "raters": N_("colleagues who answered"),
    "mean": N_("their average"),
    "pull": N_("pull toward the group, in people"),
    "group_mean": N_("average of the group, or the middle of the scale"),
    "limit": N_("most it may move the average"),
    "places": N_("decimals"),
    "earned": N_("grade by the rules, counted from the lowest"),
    "given": N_("grade after the review meeting, counted from the lowest"),
}


def input_words(name: str) -> str:
    """Name an input for people, to be translated where it is shown."""
    return INPUT_WORDS[name.rstrip("0123456789")]
