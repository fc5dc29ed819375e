"""Splitting a target: nothing is lost, and what people write is read as they mean it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.refusal import Refused
from bot.domain.split import evenly, months_of, read_amount, read_shares, read_target, respread, spread

TARGETS = st.decimals("0.01", "1000000000", places=2)


@given(TARGETS, st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=24).filter(any))
def test_seasonal_months_make_the_target_exactly(target: Decimal, shares: list[Decimal]) -> None:
    months = spread(target, shares)
    assert sum(months) == target
    assert all(month >= 0 for month in months)
    assert all(month == 0 for month, share in zip(months, shares, strict=True) if not share)


@given(TARGETS, st.integers(1, 60))
def test_even_parts_differ_by_one_piece_at_most(target: Decimal, count: int) -> None:
    parts = evenly(target, count)
    assert sum(parts) == target
    assert max(parts) - min(parts) <= 1


def test_twelve_seasons_of_the_example_make_the_year() -> None:
    months = spread(Decimal(180_000_000), read_shares("8 6 8 9 9 9 8 8 9 9 9 8", 12))
    assert months[:3] == (14_400_000, 10_800_000, 14_400_000)
    assert sum(months) == 180_000_000


@pytest.mark.parametrize(
    "written",
    ["8，6，9，1250", "8、6、9、1250", "8, 6, 9, 1,250", "8,6,9,1,250", "8;6;9;1250", "8\n6\n9\n1,250"],
)
def test_shares_of_months_stand_apart_as_people_write_them(written: str) -> None:
    assert read_shares(written, 4) == (8, 6, 9, 1250)


def test_sixty_visits_in_seven_months_stay_whole_visits() -> None:
    assert evenly(Decimal(60), 7) == (9, 9, 9, 9, 8, 8, 8)


def test_months_go_over_the_turn_of_the_year() -> None:
    days = list(months_of(date(2027, 11, 15), date(2028, 2, 1)))
    assert days == [date(2027, 11, 1), date(2027, 12, 1), date(2028, 1, 1), date(2028, 2, 1)]


@pytest.mark.parametrize(
    ("written", "amount"),
    [("24000000", 24_000_000), ("24,000,000", 24_000_000), ("60 %", 93_600), ("60%", 93_600),
     ("\uff16\uff10\uff05", 93_600), ("33.33%", 51_995)],
)  # fmt: skip
def test_an_amount_is_a_number_or_a_share(written: str, amount: int) -> None:
    assert read_amount(written, Decimal(156_000)) == amount


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("+20 %", 180),
        ("+20\uff05", 180),
        ("-10 %", 135),
        ("−10 %", 135),
        ("－10 %", 135),  # noqa: RUF001 - full-width
        ("2 %", 2),
        ("180", 180),
        ("+5", 5),
    ],
)
def test_a_target_is_a_number_or_the_growth_on_what_was(written: str, target: int) -> None:
    assert read_target(written, Decimal(150), "%", "target") == target


@pytest.mark.parametrize(
    "written", ["", "much", "0", "-3", "12,5", "NaN", "Infinity", "1e30", "0.0000001", "% %", "-100 %"]
)
def test_what_is_no_amount_is_refused_under_its_field(written: str) -> None:
    for read in (
        lambda: read_amount(written, Decimal(100)),
        lambda: read_target(written, Decimal(100), "CNY", "amount"),
    ):
        with pytest.raises(Refused) as refused:
            read()
        assert refused.value.field == "amount"


def test_growth_needs_something_to_grow_on() -> None:
    with pytest.raises(Refused, match="last year"):
        read_target("+20 %", None, "CNY", "target")


@pytest.mark.parametrize("written", ["20%", "20 %", "20\uff05"])
def test_a_bare_percentage_of_something_counted_is_asked_about(written: str) -> None:
    with pytest.raises(Refused, match="Did you mean"):
        read_target(written, Decimal(150), "元", "target")


def test_even_months_are_spread_anew_and_seasons_are_kept() -> None:
    assert set(respread(Decimal(180_000_000), evenly(Decimal(4), 12), Decimal(4))) == {Decimal(15_000_000)}
    assert respread(Decimal(40), (Decimal(3), Decimal(1)), Decimal(4)) == (30, 10)
    assert respread(Decimal(40), (), Decimal(4)) == ()


@pytest.mark.parametrize("written", ["1 2 3", "1 1 1 1 1 1 1 1 1 1 1 -1", "0 0 0 0 0 0 0 0 0 0 0 0", "a b"])
def test_shares_of_months_are_one_number_a_month(written: str) -> None:
    with pytest.raises(Refused) as refused:
        read_shares(written, 12)
    assert refused.value.field == "shares"
