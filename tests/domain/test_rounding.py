"""Arithmetic that agrees with a hand calculator."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.refusal import Refused
from bot.domain.rounding import ARITHMETIC, check_weights, half_up, largest_remainder, mean, total

D = Decimal


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("2.665", 2, "2.67"),
        ("2.675", 2, "2.68"),
        ("0.125", 2, "0.13"),
        ("0.5", 0, "1"),
        ("2.5", 0, "3"),
        ("-0.125", 2, "-0.13"),
        ("94.995", 2, "95.00"),
        ("94.99499999", 2, "94.99"),
    ],
)
def test_halves_go_up(number, places, expected):
    assert str(half_up(D(number), places)) == expected


def test_the_tail_of_a_division_does_not_spoil_a_tie():
    third = D(1) / D(3)
    assert 3 * third < 1
    assert half_up(3 * third - D("0.995")) == D("0.01")


# V-7
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((1, 1, 1), (34, 33, 33)),
        ((50, 30, 15, 10, 5), (45, 27, 14, 9, 5)),
        ((0, 7), (0, 100)),
    ],
)
def test_a_hundred_is_spread_by_largest_remainder(parts, expected):
    assert largest_remainder([D(part) for part in parts]) == expected


# V-31: the same rule, in cents
def test_money_is_spread_to_the_cent():
    shares = largest_remainder([D(1)] * 3, D(1000), D("0.01"))
    assert shares == (D("333.34"), D("333.33"), D("333.33"))


@given(st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=12).filter(any))
def test_shares_always_make_the_whole_and_stay_within_one_step(parts):
    shares = largest_remainder(parts, D(100), D("0.5"))
    assert sum(shares) == 100
    for part, share in zip(parts, shares, strict=True):
        assert abs(share - part * 100 / sum(parts)) < D("0.5") + D("1E-20")


@pytest.mark.parametrize("parts", [[], [D(0)], [D(-1), D(2)]])
def test_nothing_cannot_be_shared_out(parts):
    with pytest.raises(Refused):
        largest_remainder(parts)


@pytest.mark.parametrize("weights", [("50", "49.99"), ("50", "50.01"), ("120", "-20"), ()])
def test_weights_make_exactly_a_hundred_or_are_refused(weights):
    with pytest.raises(Refused) as refused:
        check_weights([D(each) for each in weights])
    assert refused.value.field == "weight"


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(1, 997)), min_size=5, max_size=20), st.randoms())
def test_the_order_of_arrival_never_changes_a_digit(pairs, chance):
    numbers = [ARITHMETIC.divide(D(over), D(under)) for over, under in pairs]
    shuffled = list(numbers)
    chance.shuffle(shuffled)
    assert str(total(shuffled)) == str(total(numbers))
    assert mean(shuffled) == mean(numbers)
