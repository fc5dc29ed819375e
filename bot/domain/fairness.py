"""Fairness: whether groups get other ratings than comparable people elsewhere, and more so than by chance.

What is found is a reason to look at evidence, not a finding of bias; what is not found is no proof of fairness.
Guards: nothing is said of fewer than five people, "too few to tell" of fewer than eight, and a flag needs a q below
.05 and a difference of half a standard deviation. Nothing here changes anybody's number.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import copysign, sqrt

import numpy as np
from numpy.typing import NDArray

from bot.domain.distributions import normal_two_sided, welch
from bot.domain.fairness_report import EFFECT, FEWEST_FLAGGED, FEWEST_SHOWN, Q, Verdict
from bot.domain.group_tests import (
    Ranks,
    Rates,
    benjamini_hochberg,
    compare_rates,
    hedges_g_of,
    kruskal_wallis,
    permuted_in_strata,
    stouffer,
)

FOUR_FIFTHS = 0.8
SHARE_OF_ALL = 0.02
"""A group smaller than this share of everybody has no rate worth comparing."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One person's figure: who or what gave it (`group`), and with whom they can be compared (`stratum`)."""

    person_id: str
    group: str
    value: float
    stratum: str = ""


@dataclass(frozen=True)
class Compared:
    """A group against comparable people elsewhere: the difference, as such and in standard deviations, and its q."""

    group: str
    size: int
    others: int
    difference: float = 0.0
    effect: float = 0.0
    p: float = 1.0
    q: float = 1.0

    @property
    def verdict(self) -> Verdict:
        """What may be said of it."""
        if self.size < FEWEST_SHOWN:
            return Verdict.HIDDEN
        if self.size < FEWEST_FLAGGED:
            return Verdict.TOO_FEW
        return Verdict.FLAG if self.q < Q and abs(self.effect) >= EFFECT else Verdict.NOTHING


@dataclass(frozen=True)
class RateCompared:
    """A group's rate of a favourable outcome against the most favoured group's, `best`."""

    group: str
    against: str
    size: int
    hits: int
    rates: Rates
    q: float = 1.0
    share: float = 1.0
    best: float = 0.0

    @property
    def rate(self) -> float:
        """How often it has the outcome."""
        return self.hits / self.size

    @property
    def verdict(self) -> Verdict:
        """What may be said of it; what one person's outcome would change is never flagged."""
        if self.size < FEWEST_SHOWN:
            return Verdict.HIDDEN
        if self.size < FEWEST_FLAGGED or self.share < SHARE_OF_ALL:
            return Verdict.TOO_FEW
        stays = self.rates.flipped < FOUR_FIFTHS and self.rates.flipped_p < Q
        low = self.rates.ratio < FOUR_FIFTHS and self.q < Q
        return Verdict.FLAG if low and stays else Verdict.NOTHING


# One family of comparisons -----------------------------------------------------------------


def leave_one_out(cases: Sequence[Case]) -> list[Compared]:
    """Each group against everybody else of the same strata: Welch's test, Hedges' g, Benjamini–Hochberg over all.

    Each value is taken against what people of its stratum outside the group got on average; who has nobody comparable
    elsewhere is left out.
    """
    every = _arrays(cases)
    found = [_against_the_rest(every, n) for n in range(len(every.groups))]
    return with_q(found)


def by_chance(cases: Sequence[Case]) -> list[Compared]:
    """Each group against its strata by shuffling who is in which group: right for few and for uneven values too."""
    every = _arrays(cases)
    if not cases:
        return []
    ps = permuted_in_strata([one.value for one in cases], every.of.tolist(), every.stratum.tolist())
    found = [_against_the_rest(every, n) for n in range(len(every.groups))]
    return with_q([replace(one, p=float(p)) for one, p in zip(found, ps, strict=True)])


def with_q(found: Sequence[Compared]) -> list[Compared]:
    """The q of each; what is too small to be flagged is no part of the family."""
    tested = [n for n, one in enumerate(found) if _tested(one)]
    qs = dict(zip(tested, benjamini_hochberg([found[n].p for n in tested]), strict=True))
    return [replace(one, q=qs.get(n, 1.0)) for n, one in enumerate(found)]


def _tested(one: Compared) -> bool:
    return one.size >= FEWEST_FLAGGED and one.others > 1


def over_groups(cases: Sequence[Case]) -> Ranks | None:
    """Whether groups differ at all, in one number; None while fewer than two of them have five people."""
    by_group: dict[str, list[float]] = defaultdict(list)
    for one in cases:
        by_group[one.group].append(one.value)
    large = [values for values in by_group.values() if len(values) >= FEWEST_SHOWN]
    return kruskal_wallis(large) if len(large) > 1 else None


@dataclass(frozen=True)
class _Arrays:
    """Everybody's value and stratum, who is in which group, and of each stratum how many, their sum and of squares."""

    values: Array
    stratum: NDArray[np.intp]
    groups: tuple[str, ...]
    of: NDArray[np.intp]
    members: Sequence[NDArray[np.intp]]
    counts: Array
    sums: Array
    squares: Array


def _arrays(cases: Sequence[Case]) -> _Arrays:
    groups = tuple(sorted({one.group for one in cases}))
    strata = {name: n for n, name in enumerate(sorted({one.stratum for one in cases}))}
    place = {name: n for n, name in enumerate(groups)}
    raw = np.array([one.value for one in cases], float)
    values = raw - raw.mean() if len(raw) else raw  # squares of what lies around nought lose no digits
    of = np.array([place[one.group] for one in cases], np.intp)
    stratum = np.array([strata[one.stratum] for one in cases], np.intp)
    order = np.argsort(of, kind="stable")
    members = np.split(order, np.searchsorted(of[order], np.arange(1, len(groups))))
    moments = [np.asarray(np.bincount(stratum, values**power, len(strata)), float) for power in range(3)]
    return _Arrays(values, stratum, groups, of, members, *moments)


def _against_the_rest(every: _Arrays, n: int) -> Compared:
    """One group against all others of its strata; of those only the moments are needed, however many they are."""
    mine = every.values[every.members[n]]
    strata, at = np.unique(every.stratum[every.members[n]], return_inverse=True)
    counts = np.rint(every.counts[strata] - np.bincount(at))
    sums = every.sums[strata] - np.bincount(at, mine)
    squares = every.squares[strata] - np.bincount(at, mine**2)
    known = counts > 0
    expected = np.divide(sums, counts, out=np.zeros(len(strata)), where=known)
    left = (mine - expected[at])[known[at]]
    around = int(counts.sum())
    if len(left) < 2 or around < 2:
        return Compared(every.groups[n], len(left), around)
    spread = max(float((squares - sums * expected)[known].sum()), 0.0)
    one, rest = _moments(left), (0.0, spread / (around - 1), around)
    return Compared(every.groups[n], len(left), around, one[0], hedges_g_of(one, rest), welch(one, rest))


def _moments(values: Array) -> tuple[float, float, int]:
    return float(values.mean()), float(values.var(ddof=1)), len(values)


# Rates -----------------------------------------------------------------------------------


def rates(outcomes: Mapping[str, tuple[int, int]]) -> list[RateCompared]:
    """Each group's rate of a favourable outcome, given as (how many had it, of how many), against the highest one.

    The highest is looked for among groups of eight and more: the luck of three people is no standard for a company.
    """
    large = {group: hits / n for group, (hits, n) in outcomes.items() if n >= FEWEST_FLAGGED}
    if len(large) < 2:
        return []
    best = max(sorted(large), key=lambda group: large[group])
    of_best, everybody = outcomes[best], sum(n for _, n in outcomes.values())
    found = []
    for group, (hits, n) in sorted(outcomes.items()):
        compared = compare_rates(hits, n, *of_best) if n and group != best else None
        if compared:
            found.append(RateCompared(group, best, n, hits, compared, share=n / everybody, best=large[best]))
    tested = [n for n, one in enumerate(found) if one.size >= FEWEST_FLAGGED]
    qs = dict(zip(tested, benjamini_hochberg([found[n].rates.p for n in tested]), strict=True))
    return [replace(one, q=qs.get(n, 1.0)) for n, one in enumerate(found)]


# The same result, another rating -------------------------------------------------------------


def beyond_results(cases: Sequence[Case], attainment: Mapping[str, float]) -> list[Case]:
    """What is left of each rating once the attainment of the person's goals is allowed for (a straight line).

    Who has no attainment is left out; without differences in attainment the ratings stay as they are.
    """
    known = [one for one in cases if one.person_id in attainment]
    if not known:
        return []
    x = np.array([attainment[one.person_id] for one in known], float)
    y = np.array([one.value for one in known], float)
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread else 0.0
    left = y - y.mean() - slope * (x - x.mean())
    return [replace(one, value=float(value)) for one, value in zip(known, left, strict=True)]


# From cycle to cycle -------------------------------------------------------------------------


@dataclass(frozen=True)
class Lasting:
    """A group in two cycles in a row: its mean effect, and the q of both together."""

    group: str
    effect: float
    q: float

    @property
    def stands_out(self) -> bool:
        """Whether the two together say more than chance would, though each may be weak."""
        return self.q < Q and abs(self.effect) >= EFFECT


def over_two_cycles(now: Sequence[Compared], before: Sequence[Compared]) -> list[Lasting]:
    """Groups that two cycles in a row show alike: Stouffer's method, then Benjamini–Hochberg over all in both cycles.

    A group that points one way now and the other way before is part of the family and not told of. Other people by
    chance are allowed for; the same people may differ for good, so a lasting difference is not yet the rater's doing.
    """
    earlier = {one.group: one for one in before if _tested(one)}
    pairs = [(one, earlier[one.group]) for one in now if _tested(one) and one.group in earlier]
    qs = benjamini_hochberg([normal_two_sided(stouffer([_z(one), _z(other)])) for one, other in pairs])
    return [
        Lasting(one.group, (one.effect + other.effect) / 2, q)
        for (one, other), q in zip(pairs, qs, strict=True)
        if one.difference * other.difference > 0
    ]


def _z(one: Compared) -> float:
    """The standard score of a two-sided p, with the sign of the difference."""
    low, high = 0.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_two_sided(middle) > one.p else (low, middle)
    return copysign((low + high) / 2, one.difference)


def standard_error(spread: float, reliability: float) -> float:
    """How far a score may lie from what another, equally good rating would have given: SD × √(1 − reliability)."""
    return spread * sqrt(1 - reliability)
