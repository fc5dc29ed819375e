"""What a review has to say before it can be sent: the same at both ends."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.gate import problems
from bot.domain.review import Asked, Kind, Review, middle_hint

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


def test_a_self_review_shows_a_line_behind_an_end_and_says_what_went_well_and_what_did_not() -> None:
    rated = replace(OWN, competencies={"customer": 5, "selling": 4}, notes={})
    assert set(problems(rated, ASKED)) == {"reason_customer", "well", "not_well"}


def test_a_self_review_is_never_a_surprise() -> None:
    assert problems(replace(OWN, overall="D"), ASKED) == {}


def test_many_middle_ratings_get_one_question() -> None:
    assert middle_hint([3, 3, 3, 3, 2]) is not None
    assert middle_hint([3, 3, 3, 3]) is None  # too few to say
    assert middle_hint([3, 3, 3, 3, 3, 3, 3, 1, 2, 4]) is None  # exactly 70 %
