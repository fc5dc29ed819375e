"""A pool split by department: each has its own arithmetic and its own factor, and all of it adds up to the cent."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.payout import Entitled, amended, drawn_up
from bot.domain.pool import divided
from bot.domain.refusal import Refused

D = Decimal
FACTORS = {"Sales": D("1.2"), "R&D": D("0.8")}
TOTAL = D(200_000)


def one(person_id: str, department: str, coefficient: str, target: int, served: str = "1") -> Entitled:
    return Entitled(person_id, department, "B", D(coefficient), D(served), D(target))


PEOPLE = [
    one("emily", "Sales", "1.5", 60_000),
    one("jonas", "Sales", "0.6", 40_000),
    one("david", "R&D", "1", 50_000),
    one("xue", "Logistics", "1.2", 30_000),
]


def amounts(document: dict[str, Any]) -> dict[str, Decimal]:
    return {line["person"]: D(line["amount"]) for line in document["lines"]}


def test_departments_get_their_part_by_targets_and_result_and_share_it_out_by_themselves() -> None:
    document = drawn_up(PEOPLE, TOTAL, None, FACTORS)
    # 120,000 : 40,000 : 30,000 of 190,000
    assert {one["department"]: (one["result"], one["total"], one["factor"]) for one in document["departments"]} == {
        "Logistics": ("1", "31578.95", "0.877193"),
        "R&D": ("0.8", "42105.26", "0.842105"),
        "Sales": ("1.2", "126315.79", "1.108033"),
    }
    # 126,315.79 as 90,000 : 24,000
    assert amounts(document) == {
        "emily": D("99722.99"),
        "jonas": D("26592.80"),
        "david": D("42105.26"),
        "xue": D("31578.95"),
    }
    assert (document["total"], D(document["unspent"]), document["factor"]) == ("200000", D(0), None)
    assert document["usual"]


def test_without_a_split_nothing_is_otherwise_than_before() -> None:
    document = drawn_up(PEOPLE, TOTAL, None)
    assert "departments" not in document
    assert document["factor"] == "1.000000"
    assert amounts(document)["emily"] == D("90000.00")


def test_a_department_at_its_caps_leaves_its_rest_over_and_takes_it_from_nobody() -> None:
    people = [one("a", "Sales", "1", 100), one("b", "R&D", "1", 100)]
    document = drawn_up(people, D(500), None, {"Sales": D("1.2"), "R&D": D("0.8")})
    parts = {each["department"]: each for each in document["departments"]}
    assert (parts["Sales"]["total"], parts["R&D"]["total"]) == ("300.00", "200.00")
    assert amounts(document) == {"a": D("200.00"), "b": D("200.00")}
    assert (D(parts["Sales"]["unspent"]), D(parts["R&D"]["unspent"]), D(document["unspent"])) == (100, 0, 100)
    assert not document["usual"]


def test_a_department_of_which_nobody_is_eligible_leaves_its_pool_over() -> None:
    document = drawn_up([one("a", "Sales", "1", 100), one("b", "R&D", "0", 100)], D(200), None, {})
    assert amounts(document) == {"a": D("100.00"), "b": D("0.00")}
    assert [each["factor"] for each in document["departments"]] == [None, "1.000000"]
    assert D(document["unspent"]) == 100


def test_the_part_goes_by_the_time_that_people_were_there() -> None:
    half = [one("a", "Sales", "1", 100, "0.5"), one("b", "R&D", "1", 50)]
    document = drawn_up(half, None, None, {})
    assert document["total"] == "100.00"
    assert {each["total"] for each in document["departments"]} == {"50.00"}


@pytest.mark.parametrize("factor", ["0.79", "1.21", "1.005", "-1"])
def test_a_factor_out_of_its_place_is_refused(factor: str) -> None:
    with pytest.raises(Refused, match="department's factor"):
        divided(TOTAL, {"Sales": D(1)}, {"Sales": D(factor)})


def test_without_targets_nobody_gets_anything() -> None:
    assert divided(TOTAL, {"Sales": D(0), "R&D": D(0)}, FACTORS) == {"Sales": D(0), "R&D": D(0)}
    document = drawn_up([one("a", "Sales", "1", 0)], TOTAL, None, {})
    assert D(document["unspent"]) == TOTAL


def test_after_the_approval_a_line_is_made_at_the_factor_of_its_department() -> None:
    approved = drawn_up(PEOPLE, TOTAL, None, FACTORS)
    better = [*PEOPLE[:2], one("david", "R&D", "1.2", 50_000), PEOPLE[3], one("new", "Finance", "1", 10_000)]
    fresh = drawn_up(better, TOTAL, None, FACTORS)
    after = amended(approved, fresh, {"david", "new"})
    assert after["departments"] == approved["departments"]
    # 50,000 × 1.2 × 0.842105
    assert amounts(after)["david"] == D("50526.30")
    assert {name: each for name, each in amounts(after).items() if name in {"emily", "jonas", "xue"}} == {
        name: each for name, each in amounts(approved).items() if name != "david"
    }
    (finance,) = [each for each in fresh["departments"] if each["department"] == "Finance"]
    assert amounts(after)["new"] == D(10_000) * D(finance["factor"])
    assert D(after["added"]) == D("50526.30") - D("42105.26") + amounts(after)["new"]


people = st.lists(
    st.tuples(
        st.sampled_from(["Sales", "R&D", "Logistics", ""]),
        st.sampled_from(["0", "0.6", "1", "1.5"]),
        st.integers(0, 10**7),
        st.sampled_from(["0", "0.333333", "1"]),
    ),
    max_size=12,
)
factors = st.dictionaries(
    st.sampled_from(["Sales", "R&D", "Logistics", ""]), st.integers(80, 120).map(lambda n: D(n) / 100)
)


@given(st.integers(0, 10**9).map(lambda n: D(n) / 100), people, factors, st.randoms())
def test_every_split_adds_up_and_knows_no_order(pool: Decimal, some: list[Any], split: Any, random: Any) -> None:
    those = [one(f"U{n:02}", name, times, target, there) for n, (name, times, target, there) in enumerate(some)]
    document = drawn_up(those, pool, None, split)
    shuffled = [*those]
    random.shuffle(shuffled)
    assert drawn_up(shuffled, pool, None, split) == document
    parts = document.get("departments", [])
    assert sum(amounts(document).values(), D(0)) + D(document["unspent"]) == pool
    for part in parts:
        theirs = [D(line["amount"]) for line in document["lines"] if line["department"] == part["department"]]
        assert sum(theirs, D(0)) + D(part["unspent"]) == D(part["total"])
    if any(each.target * each.served >= D("0.01") for each in those):
        assert sum((D(part["total"]) for part in parts), D(0)) == pool
    assert all(D(line["amount"]) <= D(line["cap"]) for line in document["lines"])
