"""How far raters agree: intraclass correlations and Krippendorff's alpha.

A library for whoever looks into a company's ratings: no page shows these numbers, and none changes anybody's result.
Agreement about one person, which a page does tell of, is `differ` in `composite`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bot.domain.refusal import Refused

FEWEST_RATEES, FEWEST_RATERS = 10, 2
"""Below this a department's agreement is not a number: there is too little overlap."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class OneWay:
    """Between and within mean squares, the usual number of raters, and the reliability of one and of an average."""

    between: float
    within: float
    raters: float
    icc1: float
    icck: float


@dataclass(frozen=True)
class TwoWay:
    """The six coefficients of Shrout & Fleiss (1979): one rating, and the average of all raters."""

    one_random: float
    two_random: float
    two_fixed: float
    one_random_mean: float
    two_random_mean: float
    two_fixed_mean: float


class Level(StrEnum):
    """What may be said of two values of a scale."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def one_way(groups: Sequence[Sequence[float]]) -> OneWay:
    """ICC(1) where each person has raters of their own, as many as they have; one list of ratings a person.

    (MSB − MSW) ÷ (MSB + (k0 − 1) MSW) with k0 = (N − Σn² ÷ N) ÷ (a − 1); a negative estimate is reported as 0.
    """
    rated = [np.asarray(group, float) for group in groups if len(group)]
    sizes = np.array([len(group) for group in rated])
    everything, people = int(sizes.sum()), len(rated)
    if people < 2 or everything <= people:
        raise Refused("Agreement needs at least two people, and somebody who was rated twice.")
    means = np.array([group.mean() for group in rated])
    middle = np.concatenate(rated).mean()
    between = float((sizes * (means - middle) ** 2).sum() / (people - 1))
    within = float(sum(((group - group.mean()) ** 2).sum() for group in rated) / (everything - people))
    raters = float((everything - (sizes**2).sum() / everything) / (people - 1))
    icc1 = _ratio(between - within, between + (raters - 1) * within)
    return OneWay(between, within, raters, max(icc1, 0.0), max(_ratio(between - within, between), 0.0))


def two_way(table: Sequence[Sequence[float]]) -> TwoWay:
    """The same where the same raters rated everybody: a row a person, a column a rater, no gaps."""
    x = np.asarray(table, float)
    n, k = x.shape
    rows, columns = x.mean(1, keepdims=True), x.mean(0, keepdims=True)
    people = float(k * ((rows - x.mean()) ** 2).sum() / (n - 1))
    raters = float(n * ((columns - x.mean()) ** 2).sum() / (k - 1))
    error = float(((x - rows - columns + x.mean()) ** 2).sum() / ((n - 1) * (k - 1)))
    within = float(((x - rows) ** 2).sum() / (n * (k - 1)))
    return TwoWay(
        _ratio(people - within, people + (k - 1) * within),
        _ratio(people - error, people + (k - 1) * error + k * (raters - error) / n),
        _ratio(people - error, people + (k - 1) * error),
        _ratio(people - within, people),
        _ratio(people - error, people + (raters - error) / n),
        _ratio(people - error, people),
    )


def alpha(table: Sequence[Sequence[float | None]], level: Level = Level.ORDINAL) -> float | None:
    """Krippendorff's alpha, 1 − observed ÷ expected disagreement: a row a rater, a column a person, gaps allowed.

    None where it is not defined: nobody was rated twice, or every rating is the same.
    """
    units = [[value for value in column if value is not None] for column in zip(*table, strict=True)]
    paired = [unit for unit in units if len(unit) > 1]
    values = sorted({value for unit in paired for value in unit})
    if len(values) < 2:
        return None
    place = {value: n for n, value in enumerate(values)}
    met: Array = np.zeros((len(values), len(values)))
    for unit in paired:
        counts = np.bincount([place[value] for value in unit], minlength=len(values)).astype(float)
        met += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    totals = met.sum(0)
    apart = _apart(np.array(values), totals, level)
    expected = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    return float(1 - (met * apart).sum() / (expected * apart).sum())


def _apart(values: Array, totals: Array, level: Level) -> Array:
    """How far apart each two values are, squared."""
    if level is Level.NOMINAL:
        return 1.0 - np.eye(len(values))
    if level is Level.INTERVAL:
        return np.asarray((values[:, None] - values[None, :]) ** 2)
    upto = np.cumsum(totals) - totals / 2
    return np.asarray((upto[:, None] - upto[None, :]) ** 2)


def agreement_in(groups: Sequence[Sequence[float]]) -> OneWay | None:
    """The agreement in a department, one list of ratings a person; None for fewer than ten people rated twice."""
    rated = [group for group in groups if len(group) >= FEWEST_RATERS]
    return one_way(rated) if len(rated) >= FEWEST_RATEES else None


def _ratio(above: float, below: float) -> float:
    return above / below if below else 0.0
