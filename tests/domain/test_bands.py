"""Grades from scores."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bands import BANDS, Band, band_of, check_bands, lower_of, near_boundary
from bot.domain.refusal import Refused
from bot.domain.rounding import half_up

D = Decimal


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("120", "S"),
        ("110.00", "S"),
        ("109.99", "A"),
        ("100.00", "A"),
        ("99.99", "B"),
        ("80.00", "B"),
        ("79.99", "C"),
        ("60", "C"),
        ("59.99", "D"),
        ("0", "D"),
        ("-5", "D"),
    ],
)
def test_a_grade_begins_at_its_lower_end(score, expected):
    assert band_of(D(score), BANDS) == expected


def test_what_is_shown_is_what_is_graded():
    bands = (Band("A", D(95)), Band("B"))
    shown = half_up(D("94.995"))
    assert str(shown) == "95.00"
    assert band_of(shown, bands) == "A"


@pytest.mark.parametrize(
    "bands",
    [
        (),
        (Band("A", D(90)),),
        (Band("A"), Band("B")),
        (Band("A", D(90)), Band("A")),
        (Band("A", D(90)), Band("")),
        (Band("A", D(60)), Band("B", D(90)), Band("C")),
        (Band("A", D(90)), Band("B", D(90)), Band("C")),
    ],
)
def test_grades_with_gaps_or_overlaps_are_refused(bands):
    with pytest.raises(Refused) as refused:
        check_bands(bands)
    assert refused.value.field == "bands"


@pytest.mark.parametrize(
    ("score", "expected"),
    [("79.00", 80), ("78.99", None), ("80", 80), ("81.00", 80), ("81.01", None), ("109.50", 110)],
)
def test_calibrators_see_who_stands_within_a_point_of_a_boundary(score, expected):
    assert near_boundary(D(score), BANDS) == expected


def test_a_veto_lowers_a_grade_and_never_raises_it():
    assert lower_of("S", "C", BANDS) == "C"
    assert lower_of("D", "C", BANDS) == "D"
    with pytest.raises(Refused, match="no grade"):
        lower_of("S", "Z", BANDS)


@given(st.decimals(-200, 300, places=4), st.decimals(0, 50, places=4))
def test_a_higher_score_never_has_a_lower_grade(score, more):
    names = [band.name for band in BANDS]
    assert names.index(band_of(score + more, BANDS)) <= names.index(band_of(score, BANDS))
