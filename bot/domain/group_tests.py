"""Tests for differences between groups, with what each needs to be read rightly: an effect size beside every p.

Exact or by a fixed seed, so that the same facts always give the same page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, exp, sqrt

import numpy as np
from numpy.typing import NDArray

from bot.domain.distributions import chi2_tail, normal_two_sided

MOST_EXACT, DRAWS, SEED = 200_000, 10_000, 20_260_101
"""So many arrangements are all tried; beyond that so many are drawn, from this seed."""
MOST_DRAWN = 2_000
"""People up to whom shuffling is cheap; beyond them a p must also be told finer than draws can."""
_SAME, _AT_ONCE = 1e-9, 500_000

Array = NDArray[np.float64]
Group = Sequence[float]
Moments = tuple[float, float, int]
"""Mean, variance and size of a group."""


@dataclass(frozen=True)
class Ranks:
    """Kruskal–Wallis: H, its p, and how much of the ranks' variance the groups explain (ε² and η²)."""

    h: float
    p: float
    epsilon2: float
    eta2: float


@dataclass(frozen=True)
class Rates:
    """Two rates of a favourable outcome compared: the ratio of the lower to the higher one, and how sure it is.

    `flipped` and `flipped_p` are ratio and p if one outcome had gone to the other group; `shortfall` is how many more
    it would take for the lower group to have the rate of all; `low` and `high` are the 95 % interval of the ratio.
    """

    ratio: float
    low: float
    high: float
    p: float
    flipped: float
    flipped_p: float
    shortfall: float


def kruskal_wallis(groups: Sequence[Group]) -> Ranks:
    """Whether some groups rank higher than others, ties counted (Kruskal & Wallis 1952)."""
    values, of = _joined(groups)
    n, ranks = len(values), _ranks(values)
    sums, sizes = np.bincount(of, ranks), np.bincount(of)
    ties = np.unique(values, return_counts=True)[1].astype(float)
    even = 1 - float((ties**3 - ties).sum()) / (n**3 - n)
    if even == 0:
        return Ranks(0.0, 1.0, 0.0, 0.0)
    h = (12 / (n * (n + 1)) * float((sums**2 / sizes).sum()) - 3 * (n + 1)) / even
    k = len(groups)
    return Ranks(h, chi2_tail(h, k - 1), h / (n - 1), max(0.0, (h - k + 1) / (n - k)))


def explained(groups: Sequence[Group]) -> tuple[float, float]:
    """How much of the values' variance lies between the groups: η², and ω², which allows for chance."""
    values, of = _joined(groups)
    means = np.bincount(of, values) / np.bincount(of)
    between = float((np.bincount(of) * (means - values.mean()) ** 2).sum())
    whole = float(((values - values.mean()) ** 2).sum())
    within = (whole - between) / (len(values) - len(groups))
    if not whole:
        return 0.0, 0.0
    return between / whole, max(0.0, (between - (len(groups) - 1) * within) / (whole + within))


def permutation(one: Group, other: Group) -> float:
    """The two-sided p of a difference in means: exact while the arrangements can all be tried, else drawn."""
    values = np.array([*one, *other], float)
    seen = abs(float(np.mean(one)) - float(np.mean(other)))
    n, m = len(values), len(one)
    if comb(n, m) <= MOST_EXACT:
        sums = np.array([values[list(some)].sum() for some in combinations(range(n), m)])
        return float((_gaps(sums, values, m) >= seen - _SAME).mean())
    draws = np.random.default_rng(SEED)
    sums = np.array([draws.permutation(values)[:m].sum() for _ in range(DRAWS)])
    return float((1 + (_gaps(sums, values, m) >= seen - _SAME).sum()) / (DRAWS + 1))


def permuted_in_strata(
    values: Sequence[float], groups: Sequence[int], strata: Sequence[int], draws: int | None = None
) -> Array:
    """For each group, the two-sided p of its mean's distance from what its strata would give it by chance.

    `groups` and `strata` number each value's own from 0. Labels are shuffled only among people of one stratum, so that
    a department of seniors is not taken for a generous one. All groups share each draw. With `draws` of 0, as for more
    than `MOST_DRAWN` people, nothing is drawn: the variance the draws would have is known, and so is their shape.
    """
    draws = (0 if len(values) > MOST_DRAWN else DRAWS) if draws is None else draws
    x, of, stratum = np.asarray(values, float), np.asarray(groups), np.asarray(strata)
    centred = x - (np.bincount(stratum, x) / np.bincount(stratum))[stratum]
    seen = np.abs(np.bincount(of, centred))
    if not draws:
        return _without_drawing(centred, of, stratum, seen)
    order = np.argsort(stratum, kind="stable")
    centred, of, stratum = centred[order], of[order], stratum[order]
    member = (of[:, None] == np.arange(len(seen))[None, :]).astype(float)
    rng, reached, left = np.random.default_rng(SEED), np.zeros(len(seen)), draws
    while left:
        some = min(left, max(1, _AT_ONCE // len(x)))
        shuffled = centred[np.argsort(stratum + rng.random((some, len(x))), axis=1)]
        reached += (np.abs(shuffled @ member) >= seen - _SAME).sum(0)
        left -= some
    return np.asarray((reached + 1) / (draws + 1))


def _without_drawing(centred: Array, of: NDArray[np.intp], stratum: NDArray[np.intp], seen: Array) -> Array:
    """The same by the normal shape that sums of many shuffled values have, with their exact variance (Hoeffding)."""
    groups, strata = len(seen), int(stratum.max()) + 1
    sizes = np.bincount(stratum, minlength=strata).astype(float)
    squares = np.bincount(stratum, centred**2, strata)
    of_one = np.divide(squares, sizes * (sizes - 1), out=np.zeros(strata), where=sizes > 1)
    counts = np.bincount(of * strata + stratum, minlength=groups * strata).reshape(groups, strata)
    variance = (counts * (sizes - counts) * of_one).sum(1)
    z = np.divide(seen, np.sqrt(variance), out=np.zeros(groups), where=variance > 0)
    return np.array([normal_two_sided(float(one)) for one in z])


def cliffs_delta(one: Group, other: Group) -> float:
    """How much more often a value of the first group lies above one of the second than below: −1 to 1."""
    a, b = np.asarray(one, float)[:, None], np.asarray(other, float)[None, :]
    return float(np.sign(a - b).mean())


def hedges_g(one: Group, other: Group) -> float:
    """The difference of the means in pooled standard deviations, corrected for small groups (Hedges 1981)."""
    return hedges_g_of(*((float(np.mean(group)), _variance(group), len(group)) for group in (one, other)))


def hedges_g_of(one: Moments, other: Moments) -> float:
    """The same of groups of whom mean, variance and size are known."""
    (mean, variance, a), (other_mean, other_variance, b) = one, other
    df = a + b - 2
    pooled = sqrt(((a - 1) * variance + (b - 1) * other_variance) / df) if df > 0 else 0.0
    difference = mean - other_mean
    return difference / pooled * (1 - 3 / (4 * df - 1)) if pooled else 0.0


def fisher(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Fisher's exact two-sided p of two rates."""
    all_hits, everything = hits + other_hits, n + other_n
    low, high = max(0, all_hits - other_n), min(n, all_hits)
    ways = [comb(n, k) * comb(other_n, all_hits - k) for k in range(low, high + 1)]
    seen = ways[hits - low]
    return sum(way for way in ways if way <= seen) / comb(everything, all_hits)


def compare_rates(hits: int, n: int, other_hits: int, other_n: int) -> Rates | None:
    """The adverse-impact ratio of a group against the most favoured one, with its interval, Fisher's p, and the flip.

    None where nobody of the most favoured group had the outcome.
    """
    rate, other = hits / n, other_hits / other_n
    if other == 0:
        return None
    low, high = 0.0, float("inf")
    if hits:
        spread = 1.959964 * sqrt((1 - rate) / hits + (1 - other) / other_hits)
        low, high = (rate / other) * exp(-spread), (rate / other) * exp(spread)
    flipped, flipped_p = float("inf"), 1.0
    if other_hits > 1 and hits < n:
        flipped = ((hits + 1) / n) / ((other_hits - 1) / other_n)
        flipped_p = fisher(hits + 1, n, other_hits - 1, other_n)
    p, of_all = fisher(hits, n, other_hits, other_n), (hits + other_hits) / (n + other_n)
    return Rates(rate / other, low, high, p, flipped, flipped_p, of_all * n - hits)


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Each p as the share of false alarms, were it and all smaller ones believed (Benjamini & Hochberg 1995)."""
    order = sorted(range(len(ps)), key=lambda n: ps[n], reverse=True)
    found, least = [1.0] * len(ps), 1.0
    for place, n in enumerate(order):
        least = min(least, ps[n] * len(ps) / (len(ps) - place))
        found[n] = least
    return found


def holm(ps: Sequence[float]) -> list[float]:
    """Each p so that one false alarm among all is as unlikely as it says (Holm 1979)."""
    order = sorted(range(len(ps)), key=lambda n: ps[n])
    found, most = [1.0] * len(ps), 0.0
    for place, n in enumerate(order):
        most = max(most, min(1.0, ps[n] * (len(ps) - place)))
        found[n] = most
    return found


def stouffer(zs: Sequence[float]) -> float:
    """Several standard scores for one question, put together."""
    return sum(zs) / sqrt(len(zs))


def _gaps(sums: Array, values: Array, m: int) -> Array:
    """The distance of the two means, from the sum of the first group."""
    return np.asarray(np.abs(sums / m - (values.sum() - sums) / (len(values) - m)))


def _joined(groups: Sequence[Group]) -> tuple[Array, NDArray[np.intp]]:
    of = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return np.concatenate([np.asarray(group, float) for group in groups]), of


def _ranks(values: Array) -> Array:
    """Ranks from 1, equal values sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])


def _variance(group: Group) -> float:
    return float(np.var(group, ddof=1)) if len(group) > 1 else 0.0
