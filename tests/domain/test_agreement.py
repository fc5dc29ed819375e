"""How far raters agree, by published examples and by another library's word."""

import random

import pytest

from bot.domain.agreement import Level, agreement_in, alpha, one_way, two_way
from bot.domain.composite import differ, within_group
from bot.domain.refusal import Refused

# Shrout & Fleiss (1979), table 2
JUDGED = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Krippendorff (2011), four observers and twelve units
CODED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


# V-15
def test_agreement_where_everybody_has_raters_of_their_own():
    found = one_way([[4, 5, 4], [3, 3], [5, 4, 5, 5], [2, 3, 2]])
    told = found.between, found.within, found.raters, found.icc1
    assert told == pytest.approx((4.0556, 0.2604, 2.9444, 0.8319), abs=5e-5)


# V-16
def test_agreement_where_all_raters_rated_everybody():
    found = two_way(JUDGED)
    one = found.one_random, found.two_random, found.two_fixed
    of_four = found.one_random_mean, found.two_random_mean, found.two_fixed_mean
    assert one == pytest.approx((0.1657, 0.2898, 0.7148), abs=5e-5)
    assert of_four == pytest.approx((0.4428, 0.6201, 0.9093), abs=5e-5)
    assert one_way(JUDGED).icc1 == pytest.approx(found.one_random)


# V-17
@pytest.mark.parametrize(("level", "told"), [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491)])
def test_alpha_bears_gaps_and_knows_what_a_scale_can_say(level, told):
    assert alpha(CODED, Level(level)) == pytest.approx(told, abs=5e-5)


# V-18
@pytest.mark.parametrize(("ratings", "told"), [([4, 4, 5, 4], 0.875), ([4, 4, 4], 1.0), ([1, 5, 3, 4], 0.0)])
def test_agreement_about_one_person(ratings, told):
    assert within_group(ratings) == pytest.approx(told)


@pytest.mark.parametrize(("raters", "share"), [(3, 0.23), (4, 0.10), (5, 0.06), (8, 0.02)])
def test_few_raters_agree_by_chance_so_agreement_about_one_person_is_weak_evidence(raters, share):
    dice = random.Random(raters)
    draws = [[dice.randint(1, 5) for _ in range(raters)] for _ in range(4_000)]
    assert sum(within_group(each) >= 0.7 for each in draws) / 4_000 == pytest.approx(share, abs=0.025)


def test_colleagues_who_see_somebody_differently_are_read_not_averaged():
    assert differ([1, 5, 3, 4])
    assert differ([1, 4, 1, 4])
    assert not differ([4, 4, 5, 4])
    assert not differ([1, 5])  # two tell nothing


def test_raters_who_agree_by_chance_alone_are_reported_as_no_agreement():
    assert one_way([[1, 5], [5, 1], [3, 3]]).icc1 == 0


def test_alpha_is_not_defined_where_all_ratings_are_equal_or_nobody_was_rated_twice():
    assert alpha([[3, 3], [3, 3]]) is None
    assert alpha([[1, None], [None, 2]]) is None


def test_a_department_with_too_little_overlap_has_no_number():
    twice = [[random.Random(n).randint(1, 5) for _ in range(2)] for n in range(9)]
    assert agreement_in([*twice, [3]]) is None
    assert agreement_in([*twice, [3, 4]]) is not None


def test_agreement_of_nobody_is_refused():
    with pytest.raises(Refused, match="somebody who was rated twice"):
        one_way([[4], [3], [5]])
