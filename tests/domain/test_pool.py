"""A pool shared out to the cent, under caps; raises that fit a budget."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pool import CENT, Paid, Part, merit, percent_of, share
from bot.domain.refusal import Refused
from bot.domain.rounding import half_up

D = Decimal
TARGETS, MULTIPLIERS = ("10000", "20000", "30000", "40000"), ("1.5", "1.0", "1.2", "0.5")


def parts(*multipliers: str, caps: tuple[str, ...] = ()) -> list[Part]:
    several = zip("abcd", TARGETS, multipliers, caps or (None,) * 4, strict=True)
    return [Part(one, D(target), D(times), cap=None if cap is None else D(cap)) for one, target, times, cap in several]


# V-30
def test_a_pool_is_shared_out_to_the_cent_and_says_what_a_target_is_worth() -> None:
    shared = share(D(100_000), parts(*MULTIPLIERS))
    assert half_up(shared.factor, 6) == D("1.098901")
    assert list(shared.amounts.values()) == [D("16483.52"), D("21978.02"), D("39560.44"), D("21978.02")]
    assert (sum(shared.amounts.values()), shared.unspent, shared.is_usual) == (D("100000.00"), D(0), True)


# V-31
def test_the_last_cent_goes_to_the_first_by_id_where_all_are_equal() -> None:
    three = [Part(one, D(500), D(1)) for one in ("U3", "U1", "U2")]
    assert share(D(1000), three).amounts == {"U1": D("333.34"), "U2": D("333.33"), "U3": D("333.33")}


# V-32
def test_what_is_above_a_cap_goes_to_the_others_by_the_same_rule() -> None:
    capped = [
        Part("a", D(10_000), D(2), cap=D(20_000)),
        Part("b", D(20_000), D(1), cap=D(40_000)),
        Part("c", D(30_000), D("1.2"), cap=D(60_000)),
        Part("d", D(40_000), D("0.5"), cap=D(80_000)),
    ]
    shared = share(D(120_000), capped)
    assert list(shared.amounts.values()) == [D("20000.00"), D("26315.79"), D("47368.42"), D("26315.79")]
    assert (sum(shared.amounts.values()), shared.capped) == (D(120_000), ("a",))


def test_where_everybody_is_at_the_cap_the_rest_is_left_and_where_nobody_is_eligible_all_of_it() -> None:
    shared = share(D(500_000), parts(*MULTIPLIERS, caps=("20000", "40000", "60000", "80000")))
    assert (shared.unspent, shared.capped) == (D(300_000), ("a", "b", "c", "d"))
    nobody = share(D(1000), parts("0", "0", "0", "0"))
    assert (nobody.factor, nobody.unspent, set(nobody.amounts.values())) == (None, D(1000), {D(0)})


def test_half_a_cycle_is_half_a_share_and_unusual_factors_are_known() -> None:
    both = [Part("a", D(1000), D(1), served=D("0.5")), Part("b", D(1000), D(1))]
    shared = share(D(900), both)
    assert shared.amounts == {"a": D(300), "b": D(600)}
    assert not share(D(1000), [Part("a", D(1000), D("1.5"))]).is_usual
    assert not share(D(1300), [Part("a", D(1000), D(1))]).is_usual


@pytest.mark.parametrize(
    ("pool", "part", "says"),
    [
        ("1000", Part("a", D(1000), D("-0.5")), "A coefficient cannot be below zero"),
        ("1000.001", Part("a", D(1000), D(1)), "two decimals at most"),
        ("-1", Part("a", D(1000), D(1)), "not below zero"),
        ("1000", Part("a", D(10) ** 12, D(1)), "smaller than a trillion"),
        ("1000", Part("a", D(1000), D(1), served=D("1.5")), "between 0 and 1"),
    ],
)
def test_what_cannot_be_is_refused(pool: str, part: Part, says: str) -> None:
    with pytest.raises(Refused, match=says):
        share(D(pool), [part])


# What holds for every pool ------------------------------------------------------------------

amounts = st.integers(0, 10**9).map(lambda cents: D(cents) * CENT)
multipliers = st.sampled_from([D(0), D("0.6"), D(1), D("1.2"), D("1.5"), D("0.3333")])


@st.composite
def people(draw: st.DrawFn) -> list[Part]:
    served = st.integers(0, 10**6).map(lambda millionth: D(millionth) / 10**6)
    caps = st.one_of(st.none(), amounts)
    ids = draw(st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=12, unique=True))
    return [Part(one, draw(amounts), draw(multipliers), draw(served), draw(caps)) for one in ids]


@given(amounts, people(), st.randoms())
def test_every_pool_adds_up_keeps_its_caps_and_knows_no_order(pool: D, those: list[Part], random) -> None:
    shared = share(pool, those)
    assert sum(shared.amounts.values()) + shared.unspent == pool
    assert all(amount == amount.quantize(CENT) and amount >= 0 for amount in shared.amounts.values())
    assert all(one.cap is None or shared.amounts[one.person_id] <= one.cap for one in those)
    assert all(shared.amounts[one.person_id] == 0 for one in those if not one.base)
    room = [one for one in those if one.base and shared.amounts[one.person_id] != one.cap]
    assert not (shared.unspent and room), "nothing is left while somebody could get more"
    mixed = [*those]
    random.shuffle(mixed)
    assert share(pool, mixed) == shared


@given(amounts, people(), amounts, st.sampled_from(["a0", "zz"]))
def test_a_better_grade_with_the_same_target_never_gets_less(
    pool: D, those: list[Part], target: D, better: str
) -> None:
    worse = "zz" if better == "a0" else "a0"
    both = [Part(better, target, D("1.2"), cap=2 * target), Part(worse, target, D(1), cap=2 * target)]
    shared = share(pool, [*those, *both])
    assert shared.amounts[better] >= shared.amounts[worse]


@given(amounts, people())
def test_nobody_is_a_cent_away_from_the_exact_share(pool: D, those: list[Part]) -> None:
    free = [Part(one.person_id, one.target, one.multiplier, one.served) for one in those]
    bases = sum(Fraction(one.base) for one in free)
    for one in free:
        exact = Fraction(pool) * Fraction(one.base) / bases if bases else 0
        assert abs(Fraction(share(pool, free).amounts[one.person_id]) - exact) < Fraction(CENT)


# Raises -------------------------------------------------------------------------------------

SALARIES = [("a", 100_000, 6), ("b", 100_000, 4), ("c", 80_000, 5), ("d", 120_000, 2), ("e", 100_000, 0)]


# V-33
def test_raises_grow_to_a_budget_that_is_larger_than_the_matrix_costs() -> None:
    found = merit([Paid(one, D(salary), D(percent)) for one, salary, percent in SALARIES], D("3.5"))
    assert half_up(found.factor, 4) == D("1.0671")
    assert [one.percent for one in found.raises.values()] == [D("6.402"), D("4.268"), D("5.335"), D("2.134"), D(0)]
    assert sum(one.amount for one in found.raises.values()) == D(17_500)


def test_where_the_budget_does_not_reach_raises_are_rounded_down_to_a_tenth() -> None:
    found = merit([Paid(one, D(salary), D(percent)) for one, salary, percent in SALARIES], D(2))
    assert [one.percent for one in found.raises.values()] == [D("3.6"), D("2.4"), D("3.0"), D("1.2"), D(0)]
    assert sum(one.amount for one in found.raises.values()) + found.unspent == D(10_000)


def test_whoever_is_far_above_the_range_gets_a_raise_once_and_nobody_one_without_cause() -> None:
    found = merit([Paid("a", D(130), D(4), D("1.3")), Paid("b", D(100), D(4), D("1.2"))], D(4))
    assert {one: given.once for one, given in found.raises.items()} == {"a": True, "b": False}
    assert merit([Paid("a", D(100), D(0))], D(4)).factor is None
    with pytest.raises(Refused, match="below zero"):
        merit([Paid("a", D(-1), D(4))], D(4))


@pytest.mark.parametrize(("ratio", "percent"), [("0.89", 8), ("0.9", 6), ("1.1", 6), ("1.11", 4), (None, 6)], ids=str)
def test_the_matrix_goes_by_grade_and_place_in_the_range(ratio: str | None, percent: int) -> None:
    matrix = {"S": (D(8), D(6), D(4))}
    assert percent_of(matrix, "S", None if ratio is None else D(ratio)) == percent
    assert percent_of(matrix, "X", None) == 0


@given(st.lists(st.tuples(amounts, st.integers(0, 80)), min_size=1, max_size=8), st.integers(0, 200))
def test_raises_never_cost_more_than_the_budget(those: list[tuple[D, int]], budget: int) -> None:
    paid = [Paid(str(n), salary, D(tenths) / 10) for n, (salary, tenths) in enumerate(those)]
    found = merit(paid, D(budget) / 10)
    assert found.unspent >= 0
    assert sum(one.amount for one in found.raises.values()) + found.unspent <= sum(s for s, _ in those) * budget / 1000
