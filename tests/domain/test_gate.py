"""The no-surprise gate: which grades owe which reasons, and which reasons cover which grade."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.gate import (
    Asks,
    asks_for,
    covered,
    explained_by_calibration,
    explaining,
    grade_of_goals,
    owed,
    problems,
)
from bot.domain.review import Asked, Kind, Review
from tests.domain.test_review import ASKED, FAIR, FULL, OWN, said

OUT_OF_THE_BLUE = {
    "why_g1": "Revenue stayed far below what we agreed in January",
    "why_g9": "No step was removed although two were promised",
    "example": "The Hamburg order was lost on 12 February: the offer was promised for Monday, went out on Thursday, and"
    " the customer had signed elsewhere.",
    "example_day": "2027-02-12",
    "earlier": "2027-02-12",
}
EVERYTHING = {"why_g1", "why_g9", "example", "example_day", "earlier"}


def surprises(grade: str, own: str, expected: str = "B") -> bool:
    return asks_for(replace(FAIR, overall=expected), replace(ASKED, own_grade=own), None, grade).reasons


def test_a_low_grade_is_a_surprise_even_if_expected() -> None:
    assert surprises("C", "C", "C")
    assert not surprises("B", "B")


def test_a_band_away_from_the_self_review_is_a_surprise_in_both_directions() -> None:
    assert surprises("A", "B", "A")
    assert surprises("B", "A")
    assert not surprises("B", "")


def test_a_band_away_from_what_the_manager_expected_is_one_too() -> None:
    assert surprises("A", "A", "B")
    assert surprises("A", "", "B")


def test_a_surprise_owes_a_reason_per_indicator_an_example_and_an_earlier_note() -> None:
    low = replace(FAIR, overall="C")
    assert set(problems(low, ASKED)) == EVERYTHING
    assert problems(said(low, **OUT_OF_THE_BLUE), ASKED) == {}


def test_without_goals_the_ratings_are_the_indicators() -> None:
    found = problems(said(replace(FAIR, overall="C"), **OUT_OF_THE_BLUE), replace(ASKED, goals=()))
    assert set(found) == {"reason_customer", "reason_selling"}


def test_not_raised_before_may_be_recorded_but_not_invented() -> None:
    low = said(replace(FAIR, overall="C"), **OUT_OF_THE_BLUE)
    assert problems(said(low, earlier="not_raised"), ASKED) == {}
    assert set(problems(said(low, earlier="2027-03-30"), ASKED)) == {"earlier"}


def test_a_talk_has_a_day_that_has_been() -> None:
    low = said(replace(FAIR, overall="C"), **OUT_OF_THE_BLUE)
    assert set(problems(said(low, earlier="in_a_talk"), ASKED)) == {"raised_on"}
    assert set(problems(said(low, earlier="in_a_talk", raised_on="2027-04-30"), ASKED)) == {"raised_on"}
    assert set(problems(said(low, earlier="in_a_talk", raised_on="1999-01-01"), ASKED)) == {"raised_on"}
    assert problems(said(low, earlier="in_a_talk", raised_on="2027-02-01"), ASKED) == {}


def test_a_manager_who_expected_other_than_the_goals_says_why_whenever_these_become_known() -> None:
    expected_b = replace(FAIR, overall="B")
    assert problems(expected_b, ASKED, None) == {}
    assert set(owed(expected_b, ASKED, "D", "B")) == {"example", "example_day"}
    told = {"example": OUT_OF_THE_BLUE["example"], "example_day": OUT_OF_THE_BLUE["example_day"]}
    assert covered(replace(expected_b, later={"B": told}), ASKED, "B", "D")
    assert covered(expected_b, ASKED, "B", "B")
    assert [grade_of_goals(one) for one in (None, Decimal("79.9949"), Decimal("79.995"))] == [None, "C", "B"]


FEW = "The Hamburg order was lost"


@pytest.mark.parametrize(
    ("grade", "own", "attained", "asks"),
    [
        ("B", "B", "B", Asks()),
        ("B", "", None, Asks()),
        ("C", "C", "C", Asks(reasons=True, example=True)),  # low, but nobody sees it otherwise
        ("C", "C", "B", Asks(reasons=True, example=True, full=True)),
        ("D", "D", "D", Asks(reasons=True, example=True, full=True)),  # at an end
        ("B", "A", "B", Asks(reasons=True, example=True, full=True)),
        ("B", "B", "A", Asks(example=True, full=True)),  # away from the goals alone
        ("A", "A", "B", Asks(example=True, full=True)),
        ("S", "S", "A", Asks()),  # the strength is its full reason, with a day
        ("S", "A", "S", Asks(reasons=True, example=True)),
    ],
)
def test_both_ends_and_every_gap_of_a_band_owe_a_full_dated_reason(
    grade: str, own: str, attained: str | None, asks: Asks
) -> None:
    review, asked = replace(FAIR, overall=grade), replace(ASKED, own_grade=own)
    assert asks_for(review, asked, attained, grade) == asks
    short = owed(said(review, **OUT_OF_THE_BLUE | {"example": FEW}), asked, attained)
    assert ("example" in short) == asks.full
    assert ("strength" in short, "strength_day" in short) == (grade == "S",) * 2
    undated = said(review, **OUT_OF_THE_BLUE, strength=FULL, strength_day="2027-02-12")
    assert owed(undated, asked, attained) == {}
    assert ("example_day" in owed(said(undated, example_day=""), asked, attained)) == asks.example


def test_reasons_cover_the_grade_they_were_written_for_and_no_other() -> None:
    asked = replace(ASKED, own_grade="A")
    expected_b = said(FAIR, **OUT_OF_THE_BLUE)
    assert covered(expected_b, asked, "B")
    assert not covered(expected_b, asked, "D")
    later = replace(expected_b, later={"D": OUT_OF_THE_BLUE})
    assert covered(later, asked, "D")
    assert not covered(later, asked, "C")


def test_what_speaks_for_a_better_grade_does_not_cover_a_low_one() -> None:
    praised = said(replace(FAIR, overall="S"), **OUT_OF_THE_BLUE, strength=FULL, strength_day="2027-02-12")
    assert owed(praised, ASKED, "S") == {}
    assert set(owed(praised, ASKED, "S", "D")) >= EVERYTHING


def test_a_grade_that_nobody_reviewed_is_low_or_apart_all_the_same() -> None:
    nobody = Review("c1", "U01EMILY", "", Kind.MANAGER)
    assert covered(nobody, ASKED, "B")
    assert set(owed(nobody, ASKED, None, "C")) == EVERYTHING
    assert set(owed(nobody, ASKED, None, "A")) == EVERYTHING


def test_a_self_review_owes_nothing() -> None:
    asked: Asked = replace(ASKED, own_grade="B")
    assert owed(replace(OWN, overall="D"), asked, "B", "D") == {}


@pytest.mark.parametrize(
    ("band", "formula", "told"),
    [("A", "B", True), ("S", "C", True), ("B", "B", False), ("C", "B", False), ("C", "D", False), ("B", None, False)],
)
def test_a_grade_raised_in_calibration_has_its_reason_there_unless_it_is_still_low(band, formula, told):
    assert explained_by_calibration(band, formula) is told


def test_the_goals_are_held_against_what_was_expected_and_not_against_a_grade_that_nobody_expected() -> None:
    assert set(owed(FAIR, ASKED, "A")) == {"example", "example_day"}
    assert owed(replace(FAIR, overall=None), ASKED, "A", "B") == {}


def test_what_was_written_later_for_a_grade_explains_that_grade_and_no_other() -> None:
    told = replace(said(FAIR, why_g1="as agreed", gap="late"), later={"D": {"why_g1": "far below"}})
    assert [explaining(told, grade).note("why_g1") for grade in ("B", "D", "C")] == [
        "as agreed",
        "far below",
        "as agreed",
    ]
    assert [explaining(told, grade).overall for grade in ("B", "D", "C")] == ["B", "D", "B"]
    assert explaining(told, "D").note("gap") == "late"
