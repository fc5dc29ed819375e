"""The components of a result: goals, the manager's rating, colleagues and the departments served, mixed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import count
from statistics import variance

from bot.domain.explain import Input, Node, Source, compute
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.rounding import ARITHMETIC, HUNDRED, check_weights, half_up, mean, total

LOWEST, HIGHEST = Decimal(1), Decimal(5)
MIDDLE = (LOWEST + HIGHEST) / 2
MOST_PULLED = Decimal("0.5")
"""No average of colleagues is moved further than this, however few they are."""
SPREAD_APART, AGREED_LITTLE, FEWEST_TO_TELL = 1.2, 0.3, 3
"""A standard deviation above the one, or an r_wg below the other, says: read the comments, they differ."""
_ZERO = Decimal(0)


class Component(StrEnum):
    """A part of the result."""

    GOALS = "goals"
    MANAGER = "manager"
    PEER = "peer"
    CUSTOMER = "customer"


TO_GROUP = N_(
    "Small groups swing a lot, so the average of {count} colleagues, {mean}, is pulled slightly toward the group "
    "average of {group_mean}."
)
TO_MIDDLE = N_(
    "Small groups swing a lot, so the average of {count} colleagues, {mean}, is pulled slightly toward the middle of "
    "the scale, {group_mean}. Their group's own average is not used: it stands for too few people."
)
LABELS: Mapping[Component, str] = {
    Component.GOALS: N_("Goals, {weight} % of the result"),
    Component.MANAGER: N_("Rating by the manager, {weight} % of the result"),
    Component.PEER: N_("Feedback from colleagues, {weight} % of the result"),
    Component.CUSTOMER: N_("Feedback from the departments served, {weight} % of the result"),
}


@dataclass(frozen=True)
class Mix:
    """What each component weighs in a department, in percent. The self-review is shown beside, never added."""

    goals: Decimal = Decimal(70)
    manager: Decimal = Decimal(20)
    peer: Decimal = Decimal(10)
    customer: Decimal = _ZERO


MIX = Mix()


@dataclass(frozen=True)
class Rating:
    """One rating from 1 to 5 by the manager, with the words of the level that was chosen."""

    name: str
    value: Decimal
    words: str = ""
    source: Source | None = None


@dataclass(frozen=True)
class Panel:
    """One average rating from 1 to 5 per colleague, without names, and the average of the group they belong to.

    A group that rated too few people has none: the middle of the scale stands for it.
    """

    ratings: tuple[Decimal, ...]
    group_mean: Decimal | None
    source: Source | None = None


def check_mix(mix: Mix) -> None:
    """Refuse a mix that does not make 100, or in which colleagues weigh more than few ratings can bear."""
    check_weights((mix.goals, mix.manager, mix.peer, mix.customer))
    if mix.peer > 20:
        raise Refused("Feedback from colleagues may weigh at most 20 %, not {weight} %.", field="mix", weight=mix.peer)


def rated_by_manager(ratings: Sequence[Rating]) -> Node:
    """Turn the manager's ratings into 0 to 100 by way of their average; 3 of 5 is the middle, 50."""
    leaves = tuple(_rating(each) for each in ratings)
    average = compute("mean", sentence("Average of {count} ratings by the manager", count=len(leaves)), children=leaves)
    return _to_hundred(average)


def _rating(each: Rating) -> Node:
    _check_rating(each.value)
    note = sentence("{words}", words=each.words) if each.words else None
    return compute(
        "given", sentence("{name}", name=each.name), {"value": Input(each.value, "1–5", each.source)}, note=note
    )


def rated_by_panel(panel: Panel, pull: Decimal) -> Node:
    """Turn colleagues' ratings into 0 to 100 by a shrunken mean: few voices are pulled toward the group's average.

    Only the count and the average enter the tree; a single colleague's rating is never kept where it can be opened.
    """
    toward = MIDDLE if panel.group_mean is None else panel.group_mean
    for value in (*panel.ratings, toward):
        _check_rating(value)
    average = mean(panel.ratings)
    inputs = {
        "raters": Input(Decimal(len(panel.ratings)), "people", panel.source),
        "mean": Input(average, "1–5", panel.source),
        "pull": Input(pull, "people"),
        "group_mean": Input(toward, "1–5", panel.source if panel.group_mean is not None else None),
        "limit": Input(MOST_PULLED, "1–5"),
    }
    note = Sentence(
        TO_MIDDLE if panel.group_mean is None else TO_GROUP,
        {"count": len(panel.ratings), "mean": average, "group_mean": toward},
    )
    return _to_hundred(compute("shrunken_mean", sentence("Average rating by colleagues"), inputs, note=note))


def _to_hundred(rating: Node) -> Node:
    scale = {"low": Input(LOWEST, "1–5"), "high": Input(HIGHEST, "1–5")}
    return compute("rescaled", sentence("On a scale from 0 to 100"), scale, (rating,))


def _check_rating(value: Decimal) -> None:
    if not LOWEST <= value <= HIGHEST:
        raise Refused("A rating lies between 1 and 5, not at {value}.", field="rating", value=value)


def enough(panel: Panel | None, least: int) -> bool:
    """Tell whether enough colleagues answered to be counted, and to stay unrecognised."""
    return panel is not None and len(panel.ratings) >= least


def weights_in_use(mix: Mix, present: set[Component]) -> dict[Component, Decimal]:
    """Give the weight of feedback that is missing to the manager: the same kind of judgement, and said openly."""
    weights = {component: getattr(mix, component.value) for component in Component}
    for component in (Component.PEER, Component.CUSTOMER):
        if component not in present:
            weights[Component.MANAGER] += weights[component]
            weights[component] = _ZERO
    return weights


def mixed(parts: Mapping[Component, Node], mix: Mix) -> Node:
    """Mix the components that are present; goals and manager must be, unless they weigh nothing."""
    weights = weights_in_use(mix, set(parts))
    shares = [_share(component, part, weights[component]) for component, part in parts.items() if weights[component]]
    absent = [
        _left_out(
            component,
            getattr(mix, component.value),
            sentence("Too few answered; its weight went to the manager's rating."),
        )
        for component in (Component.PEER, Component.CUSTOMER)
        if component not in parts and getattr(mix, component.value)
    ]
    return compute("sum", sentence("Result before rounding"), children=(*shares, *absent))


def _share(component: Component, part: Node, weight: Decimal) -> Node:
    inputs = {"weight": Input(weight, "%"), "whole": Input(HUNDRED, "%")}
    return compute("share", Sentence(LABELS[component], {"weight": weight}), inputs, (part,))


def _left_out(component: Component, weight: Decimal, note: Sentence) -> Node:
    return compute(
        "left_out", Sentence(LABELS[component], {"weight": weight}), {"weight": Input(weight, "%")}, note=note
    )


def rescale(value: Decimal, old: tuple[Decimal, Decimal], new: tuple[Decimal, Decimal]) -> Decimal:
    """Carry a value from one scale to another, end to end."""
    with localcontext(ARITHMETIC):
        return (value - old[0]) / (old[1] - old[0]) * (new[1] - new[0]) + new[0]


def shrunken_mean(ratings: Sequence[Decimal], group_mean: Decimal, pull: Decimal = Decimal(2)) -> Decimal:
    """Average a few ratings, pulled toward their group as if `pull` more had given its average."""
    with localcontext(ARITHMETIC):
        return (total(ratings) + pull * group_mean) / (len(ratings) + pull)


def pull_from(icc1: Decimal) -> Decimal:
    """Derive the pull from how far raters agree, (1 − ICC1) ÷ ICC1; wants 30 people rated or more."""
    return ARITHMETIC.divide(1 - icc1, icc1)


def median(ratings: Sequence[Decimal]) -> Decimal:
    """Take the middle of at least one rating."""
    ordered, half = sorted(ratings), len(ratings) // 2
    return ordered[half] if len(ordered) % 2 else mean(ordered[half - 1 : half + 1])


def trimmed_mean(ratings: Sequence[Decimal]) -> Decimal:
    """Average without the fifth at each end; with fewer than five ratings nothing is dropped."""
    drop = len(ratings) // 5
    return mean(sorted(ratings)[drop : len(ratings) - drop])


def panel_reliability(one: Decimal, raters: int) -> Decimal:
    """Reliability of the average of several raters, from that of one (Spearman–Brown)."""
    with localcontext(ARITHMETIC):
        return raters * one / (1 + (raters - 1) * one)


def raters_needed(one: Decimal, wanted: Decimal) -> int:
    """Count the raters whose average reaches a reliability, both read to two decimals (Spearman–Brown)."""
    if not (_ZERO < one < 1 and _ZERO < wanted < 1):
        raise Refused("A reliability lies between 0 and 1.")
    return next(n for n in count(1) if half_up(panel_reliability(one, n)) >= half_up(wanted))


def within_group(ratings: Sequence[Decimal], options: int = 5) -> float:
    """r_wg of one person's ratings on a scale with so many options: 1 − variance ÷ (options² − 1) × 12, 0 at least."""
    return max(0.0, 1 - float(variance(ratings)) / ((options**2 - 1) / 12))


def differ(ratings: Sequence[Decimal]) -> bool:
    """Whether colleagues see one person so differently that an average hides it; never from fewer than three."""
    if len(ratings) < FEWEST_TO_TELL:
        return False
    return float(variance(ratings)) > SPREAD_APART**2 or within_group(ratings) < AGREED_LITTLE


def effective_shares(weights: Sequence[Decimal], spreads: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Approximate what components really weigh, in percent: weight × standard deviation. Show it, never apply it."""
    with localcontext(ARITHMETIC):
        pulls = [weight * spread for weight, spread in zip(weights, spreads, strict=True)]
        return tuple(HUNDRED * pull / total(pulls) for pull in pulls)
