"""One can walk the tree of a result, and read the arithmetic of every number."""

from decimal import Decimal

import pytest

from bot.domain.explain import Input, compute
from bot.domain.refusal import Refused, sentence
from bot.domain.rounding import half_up
from bot.domain.why import ROOT, above, arithmetic, below, find, places
from tests.domain.test_explain import tree

D = Decimal


def write(value: Decimal) -> str:
    return f"{half_up(value, 4).normalize():f}"


def inputs(**values: str) -> dict[str, Input]:
    return {name: Input(D(value)) for name, value in values.items()}


def node(formula: str, *parts: str, **values: str):
    children = tuple(compute("given", sentence("Part"), inputs(value=part)) for part in parts)
    return compute(formula, sentence("Whole"), inputs(**values), children)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (node("ratio", actual="950", target="1000"), "950 ÷ 1000 = 0.95"),
        (node("ratio", actual="1", target="3"), "1 ÷ 3 ≈ 0.3333"),
        (node("anchored", actual="-1", baseline="-5", target="-2"), "((-1) − (-5)) ÷ ((-2) − (-5)) ≈ 1.3333"),
        (node("mirror", actual="3", target="4"), "2 − 3 ÷ 4 = 1.25"),
        (node("clamp", "1.35", floor="0", cap="1.2"), "1.35 → 1.2"),
        (node("points", "0.95", weight="40", whole="80"), "0.95 × 100 × 40 ÷ 80 = 47.5"),
        (node("sum", "44", "16", "22", "12"), "44 + 16 + 22 + 12 = 94"),
        (node("mean", "4", "5"), "(4 + 5) ÷ 2 = 4.5"),
        (node("share", "94", weight="70", whole="100"), "94 × 70 ÷ 100 = 65.8"),
        (node("rounded", "92.305", places="2"), "92.305 → 92.31"),
        (node("rescaled", "4", low="1", high="5"), "(4 − 1) ÷ (5 − 1) × 100 = 75"),
    ],
    ids=lambda one: getattr(one, "formula", ""),
)
def test_the_arithmetic_reads_as_on_paper(made, said):
    assert arithmetic(made, write) == said


def test_additions_and_deductions_stand_with_their_signs():
    found = next(one for _, one in places(tree()) if one.formula == "adjusted")
    said = arithmetic(found, write)
    assert " + 2.5 − 1 " in said


def test_every_number_of_a_full_result_can_be_told_and_found_again():
    root = tree()
    for place, one in places(root):
        assert find(root, place) is one
        text = arithmetic(one, write)
        assert text is None or "{" not in text


def test_places_lead_up_and_down():
    assert (below(ROOT, 0), below("0.1", 2)) == ("0", "0.1.2")
    assert (above("0.1.2"), above("0"), above(ROOT)) == ("0.1", ROOT, None)


@pytest.mark.parametrize("place", ["7", "0.99", "0.x", "0.-1", "", "²"])
def test_a_place_that_is_not_there_is_refused(place):
    with pytest.raises(Refused, match="computed anew"):
        find(tree(), place)
