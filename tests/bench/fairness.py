"""How often the shipped fairness rule cries wolf, what it sees, and what a report costs as a company grows.

Companies are simulated with twelve managers and scores with a standard deviation of eight. Beside each figure stands
what the rule of thumb that many use would have done to the same companies.
"""

import time
import tracemalloc
from itertools import product
from math import comb

import numpy as np

from bot.domain.fairness import Case, Compared, leave_one_out, over_two_cycles, rates
from bot.domain.fairness_questions import report
from bot.domain.fairness_report import Assessed, Verdict
from bot.domain.rater_models import mixed_model, without_rater_means
from tests.bench.measure import Row, at_most

MANAGERS, SD = 12, 8.0
CEILINGS = {4: 12.0, 6: 8.0, 8: 7.0, 15: 6.5}
"""False alarms in percent that the rule may give at each size of team."""
GROUPS = {(5, 5): 0.4, (8, 20): 1.8, (20, 20): 2.1, (30, 60): 3.6, (100, 100): 3.2, (300, 300): 3.8}
"""The same for rates of the best grade, when every fifth has it, in groups of these sizes."""
LASTING = 0.4
"""How much of the spread of scores is the people's own and stays with them, where they are the same in both cycles."""


async def rows(*, quick: bool) -> list[Row]:
    """All figures; fewer companies when only tried out."""
    companies = 1_000 if quick else 4_000
    sizes = (1_000,) if quick else (1_000, 10_000, 100_000)
    return [
        *(_alarms(size, most, companies) for size, most in CEILINGS.items()),
        *(_twice(size, CEILINGS[size], companies // 2, share) for size in (8, 15) for share in (0.0, LASTING)),
        *(_rate_alarms(sizes_of, most) for sizes_of, most in GROUPS.items()),
        *(_power(size, companies // 5) for size in (5, 8, 15)),
        *_adjusting(companies // 100),
        *(_cost(size) for size in sizes),
    ]


def _company(rng: np.random.Generator, size: int, bias: float = 0.0) -> np.ndarray:
    scores = rng.normal(80, SD, (MANAGERS, size))
    scores[0] -= bias * SD
    return scores


def _compared(scores: np.ndarray) -> list[Compared]:
    cases = [Case(f"{m}/{n}", f"{m:02}", float(x)) for m, team in enumerate(scores) for n, x in enumerate(team)]
    return leave_one_out(cases)


def _flagged(scores: np.ndarray) -> list[bool]:
    return [one.verdict is Verdict.FLAG for one in _compared(scores)]


def _twice(size: int, most: float, companies: int, share: float) -> Row:
    """Two cycles together, with other people each time or with the same, of whose spread a share is their own.

    The same people differ for good; that is told as a lasting difference and has no ceiling.
    """
    rng, ours, naive = np.random.default_rng(size), 0, 0
    for _ in range(companies):
        own = rng.normal(0, SD * share**0.5, (MANAGERS, size))
        now, before = (_compared(own + rng.normal(80, SD * (1 - share) ** 0.5, own.shape)) for _ in range(2))
        ours += any(one.stands_out for one in over_two_cycles(now, before))
        naive += any(_by_itself(*pair) for pair in zip(now, before, strict=True))
    whose = "the same people" if share else "other people"
    note = f"{companies} companies; beside: each manager's two cycles judged alone"
    what = f"false alarms of two cycles, {whose}, teams of {size}"
    if share:
        return Row(what, round(100 * ours / companies, 1), round(100 * naive / companies, 1), "%", note=note)
    return at_most(what, 100 * ours / companies, "%", most, floor=100 * naive / companies, note=note)


def _by_itself(now: Compared, before: Compared) -> bool:
    return any(one.stands_out for one in over_two_cycles([now], [before]))


def _alarms(size: int, most: float, companies: int) -> Row:
    rng, ours, naive = np.random.default_rng(size), 0, 0
    for _ in range(companies):
        scores = _company(rng, size)
        ours += any(_flagged(scores))
        naive += bool((np.abs(scores.mean(1) - scores.mean()) > 5).any())
    note = f"{companies} companies; beside: team mean more than 5 points off"
    return at_most(f"false alarms, teams of {size}", 100 * ours / companies, "%", most, floor=100 * naive / companies,
                   note=note)  # fmt: skip


def _rate_alarms(sizes: tuple[int, int], most: float) -> Row:
    """Exactly, over all that can come out: a simulation of 4,000 pairs would be a third of a percent off."""
    ours = naive = 0.0
    likely = [_likely(n) for n in sizes]
    for one, other in product(*likely):
        chance = likely[0][one] * likely[1][other]
        found = rates({"a": (one, sizes[0]), "b": (other, sizes[1])})
        ours += chance * any(each.verdict is Verdict.FLAG for each in found)
        low, high = sorted((one / sizes[0], other / sizes[1]))
        naive += chance * (high > 0 and low / high < 0.8)
    what = f"false alarms, best grade, groups of {sizes[0]} and {sizes[1]}"
    note = "exact; beside: the four-fifths rule alone"
    return at_most(what, round(100 * ours, 2), "%", most, floor=round(100 * naive, 2), note=note)


def _likely(n: int, share: float = 0.2) -> dict[int, float]:
    """How many of so many have the best grade, and how likely that is; left out is what is rarer than one in 10^12."""
    chances = {k: comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)}
    return {k: chance for k, chance in chances.items() if chance > 1e-12}


def _power(size: int, companies: int) -> Row:
    rng = np.random.default_rng(size)
    found = sum(_flagged(_company(rng, size, 1.5))[0] for _ in range(companies))
    return Row(f"a manager 1.5 SD stricter is found, team of {size}", round(100 * found / companies, 1), None, "%",
               note="silence is no proof of fairness")  # fmt: skip


def _adjusting(companies: int) -> list[Row]:
    """Why a manager's rating is never adjusted: how well ratings match true performance, with and without."""
    kinds = {"three raters each, crossed": (True, 0.0), "one manager each, teams differ": (False, 0.4)}
    found = []
    for name, (crossed, apart) in kinds.items():
        rng = np.random.default_rng(7)
        told = np.array([_matches(rng, apart=apart, crossed=crossed) for _ in range(companies)]).mean(0)
        for how, value in zip(("rater means taken off", "mixed model"), told[1:], strict=True):
            note = "correlation with true performance; beside: the ratings as they are"
            found.append(Row(f"{name}: {how}", round(float(value), 3), round(float(told[0]), 3), "r", note=note))
    return found


def _matches(rng: np.random.Generator, *, apart: float, crossed: bool) -> tuple[float, float, float]:
    team = np.arange(60) // 6
    truth = rng.normal(0, 0.6, 60) + rng.normal(0, apart, 10)[team]
    leniency = rng.normal(0, 0.5, 10)
    rated = [
        (int(r), p, float(np.clip(np.round(3 + truth[p] + leniency[r] + rng.normal(0, 0.6)), 1, 5)))
        for p in range(60)
        for r in (rng.choice(10, 3, replace=False) if crossed else [team[p]])
    ]
    raw = [float(np.mean([value for _, who, value in rated if who == p])) for p in range(60)]
    less, model = without_rater_means(rated, 0), mixed_model(rated).adjusted
    told = (raw, [less[p] for p in range(60)], [model[p] for p in range(60)])
    return tuple(float(np.corrcoef(each, truth)[0, 1]) if np.std(each) else 0.0 for each in told)


def _cost(size: int) -> Row:
    rng = np.random.default_rng(1)
    people = [_person(rng, n) for n in range(size)]
    tracemalloc.start()
    began = time.process_time()
    report(people)
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    note = f"{took / size * 1e6:.0f} µs and {peak / size / 1024:.1f} KB a person at most"
    return Row(f"fairness report of {size:,} people", round(took, 2), None, "s", note=note)


def _person(rng: np.random.Generator, n: int) -> Assessed:
    attained = float(rng.normal(92, 8))
    grade = int(np.clip(round((104 - attained) / 8), 0, 4))
    return Assessed(f"p{n}", f"m{n // 9}", f"d{n // 300}", f"j{n % 12}", n % 9 == 0, attained * 0.7, attained, attained,
                   grade, max(0, grade - (n % 50 == 0)))  # fmt: skip
