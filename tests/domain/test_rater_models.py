"""What raters add, told from the ratings; and when it cannot be told."""

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from bot.domain.rater_models import (
    Variances,
    estimate,
    may_adjust,
    mixed_model,
    parts,
    rasch,
    without_rater_means,
)

# V-19: L is lenient, M in the middle, S severe
GIVEN = ("La5", "Ma4", "Lb4", "Mb3", "Mc4", "Sc3", "Md3", "Sd2", "Lc5", "Sa3")
CROSSED = [(one[0], one[1], float(one[2])) for one in GIVEN]


def test_taking_off_rater_means_in_full_and_in_part():
    whole, shrunk = without_rater_means(CROSSED, 0), without_rater_means(CROSSED)
    assert [whole[who] for who in "abcd"] == pytest.approx([3.989, 3.017, 3.989, 3.017], abs=5e-4)
    assert [shrunk[who] for who in "abcd"] == pytest.approx([3.997, 3.262, 3.997, 2.762], abs=5e-4)


def test_the_crossed_model_tells_leniency_from_performance():
    found = mixed_model(CROSSED, Variances(0.5, 0.5, 0.25))
    assert found.mean == pytest.approx(3.5193, abs=5e-5)
    assert [found.leniency[who] for who in "LMS"] == pytest.approx([0.8473, -0.0172, -0.8301], abs=5e-5)
    assert [found.adjusted[who] for who in "abcd"] == pytest.approx([3.931, 3.172, 3.931, 3.043], abs=5e-4)


def simulated(seed, people=60, raters=10, each=4):
    rng = np.random.default_rng(seed)
    ability, leniency = rng.normal(0, 0.6, people), rng.normal(0, 0.5, raters)
    return [
        (f"r{j}", f"p{i}", float(np.clip(np.round(3.5 + ability[i] + leniency[j] + rng.normal(0, 0.6)), 1, 5)))
        for i in range(people)
        for j in rng.choice(raters, each, replace=False)
    ], ability


# V-20, by another library's word
def test_the_variances_are_those_that_another_library_finds():
    rated, ability = simulated(20)
    frame = pd.DataFrame(rated, columns=["rater", "person", "rating"]).assign(all=1)
    crossed = {"rater": "0 + C(rater)", "person": "0 + C(person)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, about how it converges
        told = smf.mixedlm("rating ~ 1", frame, groups="all", vc_formula=crossed).fit(reml=True)
    theirs = dict(zip(told.model.exog_vc.names, told.vcomp, strict=True))
    ours = estimate(rated)
    assert (ours.person, ours.rater, ours.rest) == pytest.approx(
        (theirs["person"], theirs["rater"], told.scale), rel=2e-3
    )
    adjusted = mixed_model(rated, ours).adjusted
    raw = pd.DataFrame(rated, columns=["rater", "person", "rating"]).groupby("person").rating.mean()
    near = np.corrcoef([adjusted[f"p{n}"] for n in range(60)], ability)[0, 1]
    assert near > np.corrcoef([raw[f"p{n}"] for n in range(60)], ability)[0, 1]


def test_with_one_manager_for_each_a_strict_manager_and_a_weak_team_are_the_same():
    managers = [(f"m{n // 6}", f"p{n}", 3.0) for n in range(24)]
    assert parts(CROSSED) == 1
    assert parts(managers) == 4
    assert not may_adjust(managers)


def test_connected_ratings_with_enough_of_each_may_be_looked_at_adjusted():
    rated, _ = simulated(3)
    assert may_adjust(rated)
    assert not may_adjust(CROSSED)  # connected, but two ratings a person


def test_the_many_facet_model_finds_severity_and_gives_a_fair_average():
    rng = np.random.default_rng(5)
    ability, severity = rng.normal(0, 1.2, 40), rng.normal(0, 0.8, 8)
    steps = np.array([-1.5, -0.5, 0.5, 1.5])
    rated = []
    for i in range(40):
        for j in rng.choice(8, 4, replace=False):
            weights = np.exp(np.concatenate([[0], np.cumsum(ability[i] - severity[j] - steps)]))
            rated.append((f"r{j}", f"p{i}", float(rng.choice(5, p=weights / weights.sum()) + 1)))
    found = rasch(rated)
    raw = [np.mean([value for _, who, value in rated if who == f"p{i}"]) for i in range(40)]
    fair = [found.fair_average[f"p{i}"] for i in range(40)]
    assert np.corrcoef([found.severity[f"r{j}"] for j in range(8)], severity)[0, 1] > 0.9
    assert np.corrcoef(fair, ability)[0, 1] > np.corrcoef(raw, ability)[0, 1]
    assert all(1 < one < 5 for one in fair)


def test_somebody_whom_everybody_gave_the_highest_rating_has_a_fair_average_too():
    found = rasch([*CROSSED, ("L", "top", 5.0), ("S", "top", 5.0)])
    assert 4 < found.fair_average["top"] < 5
    assert found.severity["S"] > found.severity["L"]
