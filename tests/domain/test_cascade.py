"""The cascade: sums upwards, what is refused, and what coverage says."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cascade import (
    Cut,
    Objective,
    Part,
    Support,
    carried,
    cascade,
    check_objective,
    check_part,
    given_out,
    held,
    in_goals,
    one_sided,
)
from bot.domain.coverage import Coverage, said_of_goals, said_of_parts
from bot.domain.measure import Direction
from bot.domain.refusal import Refused, Sentence
from bot.domain.split import evenly

YEAR = (date(2027, 1, 1), date(2027, 12, 31))
QUARTER = (date(2027, 1, 1), date(2027, 3, 31))


def objective(name: str, target: str = "120", **other: object) -> Objective:
    amount = Decimal(target)
    facts = {"months": evenly(amount, 12), "unit": "CNY", "direction": Direction.HIGHER, "cut": Cut.REGION, **other}
    return Objective(
        name, "Sales", name, owner_id=f"U{name}", target=amount, starts_on=YEAR[0], ends_on=YEAR[1], **facts
    )


def goal(objective_id: str, target: str, share: str = "100", person: str = "U1") -> Support:
    return Support(objective_id, "c1", person, "revenue", Decimal(share), Decimal(target))


def words(said: Sentence) -> str:
    return said.text.format_map({name: _shown(fact) for name, fact in said.facts.items()})


def _shown(fact: object) -> object:
    return words(fact) if isinstance(fact, Sentence) else f"{fact.normalize():f}" if isinstance(fact, Decimal) else fact


# The mission's example --------------------------------------------------------------------


def test_sales_split_by_region_and_person_say_what_is_missing_and_then_what_is_too_much() -> None:
    europe = objective("Europe", "15600000")
    some = [objective(name, target) for name, target in (("Lena", "8000000"), ("Emily", "6352000"))]
    parts = [Part(one.id, "Europe") for one in some]
    before = given_out(cascade([europe, *some], parts), "Europe")
    assert (
        words(said_of_parts(before, "CNY", Direction.HIGHER))
        == "Given out to 92 %: 8 % (1248000 CNY) is with nobody yet."
    )
    marcus = objective("Marcus", "2028000")
    after = given_out(cascade([europe, *some, marcus], [*parts, Part("Marcus", "Europe")]), "Europe")
    assert (
        words(said_of_parts(after, "CNY", Direction.HIGHER))
        == "105 % is given out: 5 % (780000 CNY) more than needed, as a buffer."
    )


def test_goals_count_upwards_through_every_part() -> None:
    tree = cascade(
        [objective("Company", "200"), objective("Sales", "200"), objective("China"), objective("Europe", "80")],
        [Part("Sales", "Company"), Part("China", "Sales"), Part("Europe", "Sales")],
        [goal("China", "90"), goal("China", "30", "50", "U2"), goal("Europe", "60", person="U3")],
    )
    assert carried(tree) == {"China": 105, "Europe": 60, "Sales": 165, "Company": 165}


def test_a_part_of_two_wholes_counts_for_each_with_its_share() -> None:
    tree = cascade(
        [objective("China"), objective("Solar", "50"), objective("Li", "100")],
        [Part("Li", "China", Decimal(70)), Part("Li", "Solar", Decimal(30))],
        [goal("Li", "50")],
    )
    assert given_out(tree, "China").covered == 70
    assert given_out(tree, "Solar").covered == 30
    assert carried(tree) == {"Li": 50, "China": 35, "Solar": 15}


def test_a_quarter_is_compared_with_the_months_that_lie_in_it() -> None:
    seasons = tuple(Decimal(value) for value in (8, 6, 8, 9, 9, 9, 8, 8, 9, 9, 9, 8))
    whole = objective("China", "100", months=seasons)
    assert whole.between(*QUARTER) == 22
    assert in_goals(whole, Decimal(11), *QUARTER).percent == 50
    assert whole.between(date(2027, 2, 15), date(2027, 3, 20)) == 14
    assert in_goals(whole, Decimal(11), date(2028, 1, 1), date(2028, 3, 31)) is None


def test_rates_do_not_add_up_so_parts_are_held_against_the_whole() -> None:
    rate = {"months": (), "unit": "%", "direction": Direction.LOWER}
    parts = [objective("China", "2", **rate), objective("Europe", "3", **rate)]
    tree = cascade([objective("Complaints", "2", **rate), *parts], [Part(one.id, "Complaints") for one in parts])
    assert given_out(tree, "Complaints") is None
    assert held(tree, "Complaints") == (1, 2)


# What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("child", "said"),
    [
        ({"unit": "visits"}, "counted in CNY"),
        ({"direction": Direction.LOWER}, "higher is better"),
        ({"months": ()}, "same months"),
    ],
)
def test_only_what_is_alike_is_added_up(child: dict[str, object], said: str) -> None:
    tree = cascade([objective("Sales"), objective("China", **child)], [])
    with pytest.raises(Refused) as refused:
        check_part(tree, Part("China", "Sales"))
    assert said in words(refused.value.sentence)


def test_a_unit_is_the_same_however_it_is_written() -> None:
    check_part(cascade([objective("Sales"), objective("China", unit=" cny")], []), Part("China", "Sales"))


def test_a_loop_is_refused_however_long_it_is() -> None:
    names = ["A", "B", "C"]
    tree = cascade([objective(name) for name in names], [Part("B", "A"), Part("C", "B")])
    for above in (Part("A", "C"), Part("A", "A")):
        with pytest.raises(Refused, match="loop"):
            check_part(tree, above)


def test_nothing_counts_for_more_than_all_of_it() -> None:
    tree = cascade([objective("A"), objective("B"), objective("C")], [Part("C", "A", Decimal(70))])
    check_part(tree, Part("C", "B", Decimal(30)))
    with pytest.raises(Refused, match="count twice"):
        check_part(tree, Part("C", "B", Decimal("30.01")))
    check_part(tree, Part("C", "A", Decimal(100)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"unit": ""}, "unit"), ({"target": "0"}, "target"), ({"target": "-5"}, "target"), ({"title": ""}, "title")],
)
def test_an_objective_says_what_how_much_and_in_what(wrong: dict[str, str], field: str) -> None:
    facts = {"title": "Sales", "unit": "CNY", "target": "1", **wrong}
    with pytest.raises(Refused) as refused:
        check_objective(
            Objective("1", facts["title"], "", Cut.COMPANY, "U1", facts["unit"], Direction.HIGHER,
                      Decimal(facts["target"]), *YEAR)
        )  # fmt: skip
    assert refused.value.field == field


# In words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "covered", "percent"),
    [
        ("100", "92", 92), ("1000", "999", 99), ("100", "100", 100), ("1000", "1001", 101), ("100", "105", 105),
        ("100", "104.5", 105), ("100", "0", 0), ("3", "1", 33),
    ],
)  # fmt: skip
def test_a_percentage_never_says_100_while_something_is_missing(target: str, covered: str, percent: int) -> None:
    assert Coverage(Decimal(target), Decimal(covered)).percent == percent


@pytest.mark.parametrize(
    ("covered", "higher", "lower"),
    [
        ("0", "Nothing of it is in anybody's goals yet.", "Nothing of it is in anybody's goals yet."),
        ("92", "Covered to 92 %: 8 % (8 CNY) is not in anybody's goals yet.",
         "Goals take 92 % of the limit: 8 % (8 CNY) is still free."),
        ("100", "Covered to 100 %: all of it is in people's goals.",
         "Covered to 100 %: all of it is in people's goals."),
        ("105", "Covered to 105 %: 5 % (5 CNY) more than needed, as a buffer.",
         "Goals take 105 %: 5 % (5 CNY) over the limit."),
        ("99.9375", "Covered to 99 %: 1 % (0.0625 CNY) is not in anybody's goals yet.",
         "Goals take 99 % of the limit: 1 % (0.0625 CNY) is still free."),
        ("130", "Covered to 130 %: 30 CNY more than needed. Is so much meant?",
         "Goals take 130 %: 30 % (30 CNY) over the limit."),
    ],
)  # fmt: skip
def test_coverage_in_words(covered: str, higher: str, lower: str) -> None:
    one = Coverage(Decimal(100), Decimal(covered))
    assert words(said_of_goals(one, "CNY", Direction.HIGHER)) == higher
    assert words(said_of_goals(one, "CNY", Direction.LOWER)) == lower


def test_a_set_needs_what_moves_early_and_what_shows_afterwards() -> None:
    visits, revenue = objective("Visits", leading=True), objective("Revenue")
    assert one_sided([visits, revenue]) is None
    assert one_sided([]) is None
    assert "such as revenue" in one_sided([visits]).text
    assert "such as visits" in one_sided([revenue, revenue]).text


# For any tree -----------------------------------------------------------------------------

AMOUNTS = st.decimals("0.01", "1000000", places=2)


@given(st.lists(AMOUNTS, min_size=1, max_size=12), AMOUNTS)
def test_gap_and_excess_are_what_separates_the_parts_from_the_whole(parts: list[Decimal], target: Decimal) -> None:
    one = Coverage(target, sum(parts, Decimal(0)))
    assert one.covered + one.gap - one.excess == target
    assert not (one.gap and one.excess)
    assert (one.percent == 100) is (one.covered == target)


@given(st.lists(AMOUNTS, min_size=1, max_size=40), st.lists(st.integers(0, 39), min_size=40, max_size=40))
def test_what_is_in_goals_arrives_at_the_top_once(amounts: list[Decimal], above: list[int]) -> None:
    """Each objective but the first hangs under an earlier one; each has one goal."""
    objectives = [objective(str(n)) for n in range(len(amounts))]
    parts = [Part(str(n), str(above[n] % n)) for n in range(1, len(amounts))]
    goals = [goal(str(n), str(amount)) for n, amount in enumerate(amounts)]
    assert carried(cascade(objectives, parts, goals))["0"] == sum(amounts, Decimal(0))
