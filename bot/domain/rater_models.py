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
