"""The rater lens: how a manager's ratings differ from everybody else's, for those who calibrate, never for a ranking.

Each statistic is a question to a rater with many ratings (`FEWEST`), with its uncertainty; nothing adjusts a rating.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.domain.fairness import Case, Compared, leave_one_out
from bot.domain.fairness_report import Verdict

FEWEST, ENOUGH = 5, 8
"""Ratees below which nothing is said of a rater, and ratings from which the use of the scale is looked at."""
NARROW, FEW_VALUES, ALIKE, LATE = 0.5, 2, 0.25, 0.6
"""An SD so far below the company's, so few of the values used, so little spread within one person, so much evidence
from the last quarter of the cycle: each asks a question."""
LAST = 0.25


class Sign(StrEnum):
    """What stands out in how somebody rates."""

    LENIENT = "lenient"
    STRICT = "strict"
    MIDDLE = "middle"
    FEW_VALUES = "few_values"
    HALO = "halo"
    RECENCY = "recency"


@dataclass(frozen=True)
class Ratings:
    """One rater's ratings of one person, a value a topic.

    `at` are the days of cited evidence, from 0 (the first day of the cycle) to 1 (the last).
    """

    rater: str
    person_id: str
    values: tuple[int, ...]
    stratum: str = ""
    at: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """The average rating."""
        return sum(self.values) / len(self.values)


@dataclass(frozen=True)
class Lens:
    """How one rater rates: leniency against comparable people elsewhere, and how the scale is used.

    `middle` is the share of middle ratings, `spread` the SD of all their ratings over the company's, `used` how many
    values of the scale, `within` the mean SD inside one person's ratings (None: one topic only), `late` the share of
    evidence from the last quarter of the cycle (None: none dated).
    """

    rater: str
    people: int
    ratings: int
    leniency: Compared
    middle: float
    spread: float
    used: int
    within: float | None
    late: float | None

    @property
    def signs(self) -> tuple[Sign, ...]:
        """What stands out, in the order of the page."""
        if self.people < FEWEST:
            return ()
        told = self.leniency.verdict is Verdict.FLAG
        found = {
            Sign.LENIENT: told and self.leniency.difference > 0,
            Sign.STRICT: told and self.leniency.difference < 0,
            Sign.MIDDLE: self.ratings >= ENOUGH and self.spread < NARROW,
            Sign.FEW_VALUES: self.ratings >= ENOUGH and self.used <= FEW_VALUES,
            Sign.HALO: self.within is not None and self.within < ALIKE,
            Sign.RECENCY: self.late is not None and self.late > LATE,
        }
        return tuple(sign for sign, is_so in found.items() if is_so)


def lens(rated: Sequence[Ratings], middle: int = 3) -> list[Lens]:
    """Look at every rater of a closed round, by id."""
    by_rater: dict[str, list[Ratings]] = {}
    for one in rated:
        if one.values:
            by_rater.setdefault(one.rater, []).append(one)
    every = [value for theirs in by_rater.values() for one in theirs for value in one.values]
    company = float(np.std(every, ddof=1)) if len(every) > 1 else 0.0
    cases = [Case(one.person_id, one.rater, one.mean, one.stratum) for theirs in by_rater.values() for one in theirs]
    leniency = {one.group: one for one in leave_one_out(cases)}
    return [_lens(theirs, leniency[rater], company, middle) for rater, theirs in sorted(by_rater.items())]


def _lens(theirs: Sequence[Ratings], leniency: Compared, company: float, middle: int) -> Lens:
    values = [value for one in theirs for value in one.values]
    within = [float(np.std(one.values, ddof=1)) for one in theirs if len(one.values) > 1]
    days = [day for one in theirs for day in one.at]
    return Lens(
        theirs[0].rater,
        len(theirs),
        len(values),
        leniency,
        values.count(middle) / len(values),
        float(np.std(values, ddof=1)) / company if company and len(values) > 1 else 1.0,
        len(set(values)),
        sum(within) / len(within) if within else None,
        sum(day >= 1 - LAST for day in days) / len(days) if days else None,
    )


def reciprocity(given: Mapping[tuple[str, str], float]) -> float | None:
    """How far two colleagues who rated each other agree in kindness: the correlation over such pairs.

    `given` is the rating by (rater, rated). For information alone; None for fewer than ten pairs.
    """
    pairs = [(value, given[b, a]) for (a, b), value in given.items() if a < b and (b, a) in given]
    if len(pairs) < 10:
        return None
    one, other = np.array([[x, y] for x, y in pairs] + [[y, x] for x, y in pairs], float).T
    return float(np.corrcoef(one, other)[0, 1]) if one.std() else None
