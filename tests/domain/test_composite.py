"""Mixing goals with ratings, and averaging a few colleagues."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.composite import (
    Component,
    Mix,
    Panel,
    Rating,
    check_mix,
    effective_shares,
    median,
    mixed,
    panel_reliability,
    pull_from,
    rated_by_manager,
    rated_by_panel,
    raters_needed,
    rescale,
    shrunken_mean,
    trimmed_mean,
    weights_in_use,
)
from bot.domain.explain import Input, compute, recompute, to_json, walk
from bot.domain.refusal import Refused, sentence
from bot.domain.rounding import half_up, mean
from bot.domain.why import arithmetic

D = Decimal
GRUDGE = [D(5), D(4), D(4), D(4), D(1)]


def given(number):
    return compute("given", sentence("Given"), {"value": Input(D(number))})


# V-11
def test_a_component_without_spread_carries_little_weight():
    assert effective_shares([D("0.6"), D("0.2"), D("0.2")], [D(5), D(12), D(3)]) == (50, 40, 10)


# V-12
def test_the_weight_of_missing_colleagues_goes_to_the_manager():
    tree = mixed(
        {Component.GOALS: given(92), Component.MANAGER: given(80)}, Mix(goals=D(60), manager=D(25), peer=D(15))
    )
    assert tree.value == D("87.20")
    left_out = tree.children[-1]
    assert left_out.note is not None
    assert "its weight went to the manager" in left_out.note.text


def test_departments_served_that_did_not_answer_leave_their_weight_to_the_manager_too():
    mix = Mix(goals=D(50), manager=D(20), peer=D(10), customer=D(20))
    assert weights_in_use(mix, {Component.PEER})[Component.MANAGER] == 40
    assert weights_in_use(mix, set())[Component.MANAGER] == 50


# V-13
@pytest.mark.parametrize(
    ("ratings", "k", "expected"),
    [
        (GRUDGE, 1, "3.6333"),
        (GRUDGE, 2, "3.6571"),
        (GRUDGE, 4, "3.6889"),
        ([D(5)] * 3, 1, "4.7"),
        ([D(5)] * 3, 2, "4.52"),
        ([D(5)] * 3, 4, "4.3143"),
        ([D(2)] * 3, 1, "2.45"),
        ([D(2)] * 3, 2, "2.72"),
        ([D(2)] * 3, 4, "3.0286"),
    ],
)
def test_few_colleagues_are_pulled_toward_their_group(ratings, k, expected):
    assert half_up(shrunken_mean(ratings, D("3.8"), D(k)), 4) == D(expected)


def test_one_grudge_moves_the_plain_mean_but_not_the_middle():
    assert mean(GRUDGE) == D("3.60")
    assert median(GRUDGE) == 4
    assert trimmed_mean(GRUDGE) == D("4.00")
    assert median(GRUDGE[:4]) == 4
    assert trimmed_mean(GRUDGE[1:]) == D("3.25")


@pytest.mark.parametrize(("icc", "expected"), [("0.2", "4"), ("0.3", "2.33"), ("0.37", "1.70"), ("0.5", "1")])
def test_the_pull_follows_from_how_far_raters_agree(icc, expected):
    assert half_up(pull_from(D(icc))) == D(expected)


# V-14
@pytest.mark.parametrize(("raters", "expected"), [(3, "0.64"), (4, "0.70"), (5, "0.75")])
def test_more_raters_are_more_reliable(raters, expected):
    assert half_up(panel_reliability(D("0.37"), raters)) == D(expected)


@pytest.mark.parametrize(
    ("one", "wanted", "expected"),
    [("0.30", "0.70", 6), ("0.30", "0.80", 10), ("0.52", "0.70", 3), ("0.189", "0.70", 10), ("0.37", "0.70", 4)],
)
def test_how_many_raters_are_needed(one, wanted, expected):
    assert raters_needed(D(one), D(wanted)) == expected


@pytest.mark.parametrize(("one", "wanted"), [("0", "0.7"), ("0.5", "1"), ("1", "0.7")])
def test_no_number_of_raters_is_perfectly_reliable(one, wanted):
    with pytest.raises(Refused):
        raters_needed(D(one), D(wanted))


@pytest.mark.parametrize(
    ("value", "old", "new", "expected"),
    [("3.4", (1, 5), ("0.25", 5), "3.1"), ("5.44", (1, 10), (4, 9), "6.47"), ("3", (1, 5), (0, 100), "50")],
)
def test_scales_are_carried_end_to_end(value, old, new, expected):
    carried = rescale(D(value), (D(old[0]), D(old[1])), (D(new[0]), D(new[1])))
    assert half_up(carried) == D(expected)


@pytest.mark.parametrize(("rating", "expected"), [("1", 0), ("3", 50), ("4", 75), ("5", 100)])
def test_the_middle_of_one_to_five_is_fifty(rating, expected):
    assert rated_by_manager((Rating("Teamwork", D(rating)),)).value == expected


def test_ratings_of_the_manager_are_averaged_and_each_stays_readable():
    tree = rated_by_manager((Rating("Teamwork", D(3), "Helps when asked"), Rating("Care", D(4))))
    assert tree.value == D("62.5")
    notes = [node.note.facts["words"] for node in walk(tree) if node.note]
    assert notes == ["Helps when asked"]


def test_no_single_colleague_can_be_read_in_the_tree():
    ratings = tuple(D(each) for each in ("1.11", "4.22", "4.33", "4.44"))
    tree = rated_by_panel(Panel(ratings, D("3.8")), D(2))
    assert not any(str(each) in str(to_json(tree)) for each in ratings)
    assert half_up(tree.value) == half_up((shrunken_mean(ratings, D("3.8")) - 1) * 25)


@pytest.mark.parametrize(
    ("n", "rating", "group", "counted", "written"),
    [
        (4, "4", "2", "3.5", "4 − 0.5 = 3.5"),
        (4, "2", "4", "2.5", "2 + 0.5 = 2.5"),
        (4, "4", "3.4", "3.8", "(4 × 4 + 2 × 3.4) ÷ (4 + 2) = 3.8"),
    ],
)
def test_no_average_of_colleagues_is_moved_by_more_than_half_a_level(n, rating, group, counted, written):
    node = rated_by_panel(Panel((D(rating),) * n, D(group)), D(2)).children[0]
    assert (node.formula, node.version, node.value) == ("shrunken_mean", 2, D(counted))
    assert recompute(node) == node.value
    assert arithmetic(node, lambda value: f"{value.normalize():f}") == written


def test_a_result_of_before_the_limit_still_comes_out_the_same():
    node = rated_by_panel(Panel((D(2),) * 3, D("3.8")), D(2)).children[0]
    assert node.value == D("2.5")
    assert half_up(recompute(replace(node, version=1))) == D("2.72")


@pytest.mark.parametrize("rating", ["0", "5.01"])
def test_a_rating_off_the_scale_is_refused(rating):
    with pytest.raises(Refused):
        rated_by_manager((Rating("Teamwork", D(rating)),))
    with pytest.raises(Refused):
        rated_by_panel(Panel((D(rating),) * 4, D(3)), D(2))


def test_a_mix_makes_a_hundred_and_colleagues_at_most_a_fifth_of_it():
    check_mix(Mix(D(50), D(30), D(20)))
    with pytest.raises(Refused, match="exactly 100"):
        check_mix(Mix(D(50), D(30), D(10)))
    with pytest.raises(Refused, match="at most 20"):
        check_mix(Mix(D(50), D(25), D(25)))
