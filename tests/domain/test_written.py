"""Numbers are read as people write them, in one way only, with the unit they may stand beside."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.refusal import Refused
from bot.domain.written import amount_of, number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1250", "1250"),
        ("1,250,000.5", "1250000.5"),
        ("1 250 000", "1250000"),
        ("1\u00a0250", "1250"),
        ("１２，０００", "12000"),  # noqa: RUF001 - full-width, as Chinese input methods write
        ("-3", "-3"),
        ("−3", "-3"),
        ("0", "0"),
        ("396万", "3960000"),
        ("1.8亿", "180000000"),
        ("120 万", "1200000"),
        (".5", "0.5"),
    ],
)
def test_a_number_is_read_as_it_is_meant(text, number):
    assert number_of(text) == (Decimal(number), False)


@pytest.mark.parametrize("text", ["20%", " 20 % ", "20\uff05", "+20%"])
def test_percent_is_twenty_and_not_a_fifth(text):
    assert number_of(text) == (Decimal(20), True)


@pytest.mark.parametrize(
    "text",
    ["12,5", "1.250.000", "1,25,000", "1e5", "nan", "Infinity", "five", "1-2", "(3)", "", "9" * 16, "--3", "1万亿"],
)
def test_what_is_no_number_or_could_be_two_is_none(text):
    assert number_of(text) is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False))
def test_every_number_written_with_thousands_is_read_back(number):
    assert number_of(f"{number:,}") == (number, False)


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("1,200,000", "CNY", "1200000"),
        ("1,200,000 CNY", "CNY", "1200000"),
        ("cny 1 200 000", "CNY", "1200000"),
        ("120万元", "元", "1200000"),
        ("120万元", "万元", "120"),
        ("80 分（满分 100）", "分（满分 100）", "80"),
        ("20%", "%", "20"),
        ("20\uff05", "%", "20"),
        ("20 %", "% of orders", "20"),
        ("-3", "", "-3"),
        ("3.2m", "CNY", "3200000"),
        ("50k EUR", "EUR", "50000"),
        ("50K", "EUR", "50000"),
    ],
)
def test_an_amount_may_have_its_unit_beside_it(text, unit, amount):
    assert amount_of(text, unit, "target") == Decimal(amount)


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_an_empty_field_is_no_amount(text):
    assert amount_of(text, "CNY", "target") is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("20%", "CNY"),
        ("20%", ""),
        ("20%", "pp"),
        ("12,5", "CNY"),
        ("CNY", "CNY"),
        ("5 days", "h"),
        ("5m", "min"),
        ("20%k", "%"),
        ("k", "CNY"),
    ],
)
def test_what_is_no_amount_in_this_unit_is_refused_at_its_field(text, unit):
    with pytest.raises(Refused) as refused:
        amount_of(text, unit, "target")
    assert refused.value.field == "target"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False), st.sampled_from(["", "元", "%"]))
def test_every_amount_is_read_back_as_a_form_shows_it(amount, unit):
    assert amount_of(f"{amount:,f}", unit, "target") == amount
