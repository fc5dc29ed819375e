"""Tests for differences, by worked examples and by another library's word."""

from random import Random

import pytest
from scipy import stats

from bot.domain.distributions import chi2_tail, normal_two_sided, t_two_sided, welch
from bot.domain.group_tests import (
    benjamini_hochberg,
    cliffs_delta,
    compare_rates,
    explained,
    fisher,
    hedges_g,
    holm,
    kruskal_wallis,
    permutation,
    permuted_in_strata,
)

A, B, C = [88, 92, 85, 90, 87, 91], [78, 82, 80, 76, 84, 79], [86, 83, 89, 81, 85, 88]
P_VALUES = [0.001, 0.008, 0.039, 0.041, 0.042, 0.060, 0.074, 0.205, 0.212, 0.216]


# V-21
def test_whether_departments_differ_at_all():
    found = kruskal_wallis([A, B, C])
    assert (found.h, found.p) == pytest.approx((11.4037, 0.00334), abs=5e-5)
    assert (found.epsilon2, found.eta2) == pytest.approx((0.6708, 0.6269), abs=5e-5)
    assert explained([A, B, C]) == pytest.approx((0.6712, 0.6139), abs=5e-5)


# V-22
def test_two_small_groups_are_compared_by_trying_every_arrangement():
    assert permutation(A, C) == pytest.approx(70 / 924)
    assert cliffs_delta(A, C) == pytest.approx(0.6111, abs=5e-5)
    assert hedges_g(A, C) == pytest.approx(1.1411, abs=5e-5)


# V-23
@pytest.mark.parametrize(
    ("counted", "ratio", "flipped"),
    [
        ((6, 20, 12, 24), 0.6, 0.764),
        ((1, 5, 2, 5), 0.5, 2.0),
        ((3, 12, 9, 24), 0.667, 1.0),
        ((40, 200, 60, 200), 0.667, 0.695),
    ],
)
def test_rates_of_the_best_grade(counted, ratio, flipped):
    found = compare_rates(*counted)
    assert (found.ratio, found.flipped) == pytest.approx((ratio, flipped), abs=5e-4)
    (hits, n, others, other_n) = counted
    assert found.p == pytest.approx(stats.fisher_exact([[hits, n - hits], [others, other_n - others]]).pvalue)


def test_a_ratio_of_rates_comes_with_how_sure_it_is():
    found = compare_rates(6, 20, 12, 24)
    assert (found.low, found.high, found.p, found.shortfall) == pytest.approx((0.28, 1.31, 0.2268, 2.18), abs=5e-3)
    found = compare_rates(40, 200, 60, 200)
    assert (found.low, found.high, found.p) == pytest.approx((0.47, 0.94, 0.0279), abs=5e-3)
    assert compare_rates(1, 5, 0, 5) is None


# V-24
def test_many_comparisons_at_once():
    told = [0.010, 0.040, 0.084, 0.084, 0.084, 0.100, 0.1057, 0.216, 0.216, 0.216]
    assert benjamini_hochberg(P_VALUES) == pytest.approx(told, abs=5e-5)
    assert holm(P_VALUES) == pytest.approx([0.010, 0.072, *[0.312] * 5, *[0.615] * 3], abs=5e-5)


def test_the_order_of_comparisons_changes_nothing():
    mixed = Random(1).sample(P_VALUES, len(P_VALUES))
    for adjust in (benjamini_hochberg, holm):
        told = dict(zip(P_VALUES, adjust(P_VALUES), strict=True))
        assert adjust(mixed) == pytest.approx([told[p] for p in mixed])


def test_tails_are_those_of_another_library():
    dice = Random(7)
    for _ in range(400):
        t, x, df = dice.uniform(-30, 30), dice.uniform(0.01, 60), dice.choice([1, 2.3, 7, 55.5, 3000])
        assert t_two_sided(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-9)
        assert chi2_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-9)
        assert normal_two_sided(x / 10) == pytest.approx(2 * stats.norm.sf(x / 10), rel=1e-9)


def test_every_test_agrees_with_another_library_on_what_people_are_really_given():
    dice = Random(3)
    for _ in range(40):
        groups = [[dice.randint(1, 5) for _ in range(dice.randint(3, 30))] for _ in range(3)]
        ours, theirs = kruskal_wallis(groups), stats.kruskal(*groups)
        assert (ours.h, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
        one, other = groups[:2]
        moments = [(float(stats.tmean(g)), float(stats.tvar(g)), len(g)) for g in (one, other)]
        if moments[0][1] + moments[1][1] > 0:
            assert welch(*moments) == pytest.approx(stats.ttest_ind(one, other, equal_var=False).pvalue, rel=1e-9)
        hits, others = dice.randint(0, 20), dice.randint(0, 30)
        table = [[hits, 20 - hits], [others, 30 - others]]
        assert fisher(hits, 20, others, 30) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)


def test_larger_groups_are_compared_by_drawing_and_always_alike():
    dice = Random(5)
    one, other = [dice.gauss(0, 1) for _ in range(25)], [dice.gauss(0.6, 1) for _ in range(30)]
    assert permutation(one, other) == permutation(one, other)
    assert permutation(one, other) == pytest.approx(stats.ttest_ind(one, other).pvalue, abs=0.01)


def test_a_department_of_seniors_is_not_taken_for_a_generous_one():
    dice = Random(11)
    level = [0] * 40 + [1] * 40
    department = [0] * 35 + [1] * 5 + [0] * 5 + [1] * 35  # the second one is full of seniors
    rating = [3 + each + dice.gauss(0, 0.4) for each in level]
    alone = permuted_in_strata(rating, department, [0] * 80, 500)
    among_equals = permuted_in_strata(rating, department, level, 500)
    assert alone[1] < 0.01
    assert among_equals[1] > 0.05


def test_a_company_of_thousands_is_not_drawn_and_gets_the_same_answer():
    dice = Random(21)
    group, level = [dice.randrange(60) for _ in range(1_200)], [n % 7 for n in range(1_200)]
    values = [dice.randint(1, 5) + 1.2 * (of == 3) for of in group]
    drawn, known = (permuted_in_strata(values, group, level, draws) for draws in (4_000, 0))
    assert known[3] < 0.01
    assert drawn[3] < 0.01
    unsure = [(one, other) for one, other in zip(drawn, known, strict=True) if one < 0.2]
    assert max(abs(one - other) for one, other in unsure) < 0.03
