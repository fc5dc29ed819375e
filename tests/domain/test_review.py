"""What a review has to say before it can be sent: the same at both ends, and no surprises."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.review import Asked, Kind, Review, is_surprise, middle_hint, problems

FULL = "She called the customer on the same day, wrote down what was broken, and came back with a date that held."
ASKED = Asked(
    competencies=("customer", "selling"),
    rubrics=("g9",),
    goals=("g1", "g9"),
    grades=("S", "A", "B", "C", "D"),
    first_day=date(2027, 1, 1),
    today=date(2027, 4, 9),
    own_grade="B",
    earlier=frozenset({"2027-02-12"}),
)
FAIR = Review(
    "c1",
    "U01EMILY",
    "U01THOMAS",
    Kind.MANAGER,
    competencies={"customer": 3, "selling": 4},
    levels={"g9": Decimal(3)},
    overall="B",
    notes={
        "strength": "Keeps every promise to her customers",
        "gap": "Offers come late, as with the Hamburg order",
        "gap_day": "2027-02-12",
    },
)
OWN = Review(
    "c1",
    "U01EMILY",
    "U01EMILY",
    Kind.SELF,
    competencies={"customer": 3, "selling": 4},
    levels={"g9": Decimal(3)},
    overall="B",
    notes={"well": "Two new customers", "not_well": "The Hamburg order came late"},
)
OUT_OF_THE_BLUE = {
    "why_g1": "Revenue stayed far below what we agreed in January",
    "why_g9": "No step was removed although two were promised",
    "example": "The Hamburg order was lost",
    "example_day": "2027-02-12",
    "earlier": "2027-02-12",
}


def said(review: Review, **notes: str) -> Review:
    """The same review with these words in it."""
    return replace(review, notes={**review.notes, **notes})


def test_a_plain_review_of_middle_ratings_needs_no_reasons() -> None:
    assert problems(FAIR, ASKED) == {}
    assert problems(OWN, ASKED) == {}


def test_everything_has_to_be_chosen() -> None:
    empty = replace(FAIR, competencies={}, levels={}, overall=None)
    assert set(problems(empty, ASKED)) == {"rating_customer", "rating_selling", "level_g9", "grade"}


def test_a_rating_that_does_not_exist_is_none() -> None:
    assert "rating_selling" in problems(replace(FAIR, competencies={"customer": 3, "selling": 9}), ASKED)


def test_both_ends_need_a_full_reason_and_a_day_alike() -> None:
    for end in (1, 5):
        rated = replace(FAIR, competencies={"customer": 3, "selling": end})
        assert set(problems(rated, ASKED)) == {"reason_selling", "day_selling"}
        assert problems(said(rated, reason_selling=FULL, day_selling="2027-02-12"), ASKED) == {}


def test_a_full_reason_may_be_chinese() -> None:
    rated = replace(FAIR, competencies={"customer": 3, "selling": 5})
    reason = "客户当天来电，她当天就把问题逐条记下来，约好交货日期，并且说到做到，客户还专门写信来表示感谢。"
    assert problems(said(rated, reason_selling=reason, day_selling="2027-02-12"), ASKED) == {}
    assert "reason_selling" in problems(said(rated, reason_selling="做得非常好", day_selling="2027-02-12"), ASKED)


def test_an_example_lies_in_the_period_and_not_in_the_future() -> None:
    assert set(problems(said(FAIR, gap_day="2026-11-02"), ASKED)) == {"gap_day"}
    assert set(problems(said(FAIR, gap_day="2027-04-10"), ASKED)) == {"gap_day"}
    assert problems(said(FAIR, gap_day="2027-04-09"), ASKED) == {}


def test_a_strength_and_a_gap_with_its_day_are_always_named() -> None:
    assert set(problems(replace(FAIR, notes={}), ASKED)) == {"strength", "gap", "gap_day"}


def test_the_best_grade_needs_what_it_rests_on() -> None:
    asked = replace(ASKED, own_grade="S")
    best = replace(FAIR, overall="S")
    assert set(problems(best, asked)) == {"strength", "strength_day"}
    assert problems(said(best, strength=FULL, strength_day="2027-03-01"), asked) == {}


def test_a_low_grade_is_a_surprise_even_if_expected() -> None:
    assert is_surprise(replace(FAIR, overall="C"), replace(ASKED, own_grade="C"))
    assert not is_surprise(replace(FAIR, overall="B"), ASKED)


def test_a_band_away_from_the_self_review_is_a_surprise_in_both_directions() -> None:
    assert is_surprise(replace(FAIR, overall="A"), ASKED)
    assert is_surprise(FAIR, replace(ASKED, own_grade="A"))
    assert not is_surprise(FAIR, replace(ASKED, own_grade=""))


def test_a_surprise_owes_a_reason_per_indicator_an_example_and_an_earlier_note() -> None:
    low = replace(FAIR, overall="C")
    assert set(problems(low, ASKED)) == {"why_g1", "why_g9", "example", "example_day", "earlier"}
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
    assert problems(said(low, earlier="in_a_talk", raised_on="2027-02-01"), ASKED) == {}


def test_a_self_review_shows_a_line_behind_an_end_and_says_what_went_well_and_what_did_not() -> None:
    rated = replace(OWN, competencies={"customer": 5, "selling": 4}, notes={})
    assert set(problems(rated, ASKED)) == {"reason_customer", "well", "not_well"}


def test_a_self_review_is_never_a_surprise() -> None:
    assert problems(replace(OWN, overall="D"), ASKED) == {}


def test_many_middle_ratings_get_one_question() -> None:
    assert middle_hint([3, 3, 3, 3, 2]) is not None
    assert middle_hint([3, 3, 3, 3]) is None  # too few to say
    assert middle_hint([3, 3, 3, 3, 3, 3, 3, 1, 2, 4]) is None  # exactly 70 %
