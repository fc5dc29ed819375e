"""What raters add to a rating, estimated: shown to those who calibrate, and for a manager's rating never applied.

With one manager for each person, a strict manager and a weak team look the same. So an adjustment may be looked at
only where raters and people are connected (`may_adjust`), which the ratings of managers are not.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_ADJUSTED = 0.5
"""However it is estimated, no rating on a scale of five is shown moved by more."""
PULL = 3.0
"""A rater's mean counts in full only with many ratings: n ÷ (n + 3) of it."""
FEWEST_PER_PERSON, FEWEST_PER_RATER = 3, 5

Array = NDArray[np.float64]
Rated = tuple[Hashable, Hashable, float]
"""Who rated, who was rated, and the rating."""


@dataclass(frozen=True)
class Variances:
    """How much people, raters and the rest differ: variances, in squared steps of the scale."""

    person: float
    rater: float
    rest: float


@dataclass(frozen=True)
class Model:
    """The mean of all, each rater's leniency (above zero: gives more), and each person's rating without it."""

    mean: float
    leniency: dict[Hashable, float]
    adjusted: dict[Hashable, float]


@dataclass(frozen=True)
class Rasch:
    """The many-facet model: each rater's severity in logits, each person's fair average on the scale of the ratings."""

    severity: dict[Hashable, float]
    fair_average: dict[Hashable, float]


@dataclass(frozen=True)
class _Design:
    """Ratings as an equation: the column of the mean, then one for each person, then one for each rater."""

    y: Array
    columns: Array
    people: tuple[Hashable, ...]
    raters: tuple[Hashable, ...]


def may_adjust(rated: Sequence[Rated]) -> bool:
    """Whether leniency can be told from performance: one connected whole, three ratings a person and five a rater."""
    by_person = Counter(person for _, person, _ in rated)
    by_rater = Counter(rater for rater, _, _ in rated)
    enough = all(n >= FEWEST_PER_PERSON for n in by_person.values())
    return enough and all(n >= FEWEST_PER_RATER for n in by_rater.values()) and parts(rated) == 1


def parts(rated: Sequence[Rated]) -> int:
    """Into how many unconnected parts raters and rated people fall; between two parts nothing can be compared."""
    above: dict[Hashable, Hashable] = {}

    def top(one: Hashable) -> Hashable:
        while above.setdefault(one, one) != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for rater, person, _ in rated:
        above[top(("rater", rater))] = top(("person", person))
    return sum(one == under for one, under in above.items())


def without_rater_means(rated: Sequence[Rated], pull: float = PULL) -> dict[Hashable, float]:
    """Each person's mean after n ÷ (n + `pull`) of each rater's distance from the mean of all is taken off."""
    values = np.array([value for _, _, value in rated], float)
    _, of = _numbered(rater for rater, _, _ in rated)
    counts = np.bincount(of)
    means = np.bincount(of, values) / counts
    off = counts / (counts + pull) * (means - values.mean())
    people, whose = _numbered(person for _, person, _ in rated)
    adjusted = np.bincount(whose, values - off[of]) / np.bincount(whose)
    return dict(zip(people, adjusted.tolist(), strict=True))


def mixed_model(rated: Sequence[Rated], variances: Variances | None = None) -> Model:
    """The crossed model y = mean + person + rater + rest, by Henderson's equations; each person's BLUP is `adjusted`.

    Without variances they are estimated from the ratings by EM-REML (Searle, Casella & McCulloch 1992, §8.3).
    """
    design = _design(rated)
    one = variances or estimate(rated)
    solved, _ = _solve(design, one)
    people, raters = solved[1 : 1 + len(design.people)], solved[1 + len(design.people) :]
    return Model(
        float(solved[0]),
        dict(zip(design.raters, raters.tolist(), strict=True)),
        dict(zip(design.people, (solved[0] + people).tolist(), strict=True)),
    )


def rasch(rated: Sequence[Rated], options: int = 5, rounds: int = 200, prior: float = 0.3) -> Rasch:
    """log(P(k) ÷ P(k − 1)) = person − rater − step k (Linacre 1989), by penalised joint likelihood.

    The fair average is what a rater of middling severity would be expected to give. `prior` holds extreme people, who
    got the lowest or the highest rating from everybody, at a finite place.
    """
    people, whose = _numbered(person for _, person, _ in rated)
    raters, of = _numbered(rater for rater, _, _ in rated)
    y = np.array([value for _, _, value in rated], float)
    ability: Array = np.zeros(len(people))
    severity: Array = np.zeros(len(raters))
    steps: Array = np.zeros(options - 1)
    for _ in range(rounds):
        before = ability.copy()
        chances = _chances(ability[whose] - severity[of], steps)
        left, spread = _left_and_spread(y, chances)
        ability += (np.bincount(whose, left) - prior * ability) / (np.bincount(whose, spread) + prior)
        left, spread = _left_and_spread(y, _chances(ability[whose] - severity[of], steps))
        severity -= (np.bincount(of, left) + prior * severity) / (np.bincount(of, spread) + prior)
        severity -= severity.mean()
        steps = _steps(y, _chances(ability[whose] - severity[of], steps), steps, prior)
        if np.abs(ability - before).max() < 1e-6:
            break
    fair = _chances(ability, steps) @ np.arange(1, options + 1)
    return Rasch(
        dict(zip(raters, severity.tolist(), strict=True)), dict(zip(people, np.asarray(fair).tolist(), strict=True))
    )


def _chances(place: Array, steps: Array) -> Array:
    """The chance of each option at each place."""
    logits = np.concatenate([np.zeros((len(place), 1)), np.cumsum(place[:, None] - steps[None, :], axis=1)], axis=1)
    weights = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def _left_and_spread(y: Array, chances: Array) -> tuple[Array, Array]:
    """How far each rating lies from what is expected, and the variance that is expected."""
    options = np.arange(1, chances.shape[1] + 1)
    expected = chances @ options
    return y - expected, np.asarray(chances @ options**2 - expected**2)


def _steps(y: Array, chances: Array, steps: Array, prior: float) -> Array:
    """The next estimate of the steps, which make zero together."""
    reached = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1][:, 1:]
    seen = y[:, None] > np.arange(1, chances.shape[1])[None, :]
    change = (reached - seen).sum(0) - prior * steps
    after = steps + change / ((reached * (1 - reached)).sum(0) + prior)
    return np.asarray(after - after.mean())


def estimate(rated: Sequence[Rated], steps: int = 2000, close: float = 1e-8) -> Variances:
    """Estimate the three variances by EM-REML: each step makes the ratings more likely, until it changes nothing."""
    design = _design(rated)
    everything = float(np.var(design.y)) or 1.0
    found = Variances(everything / 3, everything / 3, everything / 3)
    n, many, some = len(design.y), len(design.people), len(design.raters)
    for _ in range(steps):
        solved, inverse = _solve(design, found)
        people, raters = solved[1 : 1 + many], solved[1 + many :]
        spread = np.diag(inverse)
        left = design.y - design.columns @ solved
        after = Variances(
            float((people @ people + found.rest * spread[1 : 1 + many].sum()) / many),
            float((raters @ raters + found.rest * spread[1 + many :].sum()) / some),
            float(design.y @ left / (n - 1)),
        )
        if _far(found, after) < close * everything:
            return after
        found = after
    return found


def _far(one: Variances, other: Variances) -> float:
    return max(abs(one.person - other.person), abs(one.rater - other.rater), abs(one.rest - other.rest))


def _solve(design: _Design, one: Variances) -> tuple[Array, Array]:
    """Henderson's mixed model equations, and the inverse of their left side."""
    ridge = np.concatenate(
        [
            [0.0],
            np.full(len(design.people), one.rest / one.person),
            np.full(len(design.raters), one.rest / one.rater),
        ]
    )
    inverse: Array = np.asarray(np.linalg.inv(design.columns.T @ design.columns + np.diag(ridge)), float)
    return inverse @ (design.columns.T @ design.y), inverse


def _design(rated: Sequence[Rated]) -> _Design:
    people, whose = _numbered(person for _, person, _ in rated)
    raters, of = _numbered(rater for rater, _, _ in rated)
    columns: Array = np.zeros((len(rated), 1 + len(people) + len(raters)))
    every = np.arange(len(rated))
    columns[:, 0] = 1
    columns[every, 1 + whose] = 1
    columns[every, 1 + len(people) + of] = 1
    return _Design(np.array([value for _, _, value in rated], float), columns, people, raters)


def _numbered(ids: Iterable[Hashable]) -> tuple[tuple[Hashable, ...], NDArray[np.intp]]:
    place: dict[Hashable, int] = {}
    of = [place.setdefault(one, len(place)) for one in ids]
    return tuple(place), np.array(of, np.intp)
