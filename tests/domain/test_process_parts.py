"""Changes of the process that are several numbers at once, and the rules of scoring that a company chooses."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.bands import boundaries
from bot.domain.process_change import score_field, weights_field
from bot.domain.process_parts import (
    CHECKIN,
    MIX,
    WEIGHTS,
    changed_parts,
    checked_parts,
    of_template,
    with_part,
)
from bot.domain.refusal import Refused
from bot.domain.result import outcome_of, rules_for
from bot.domain.score_choice import (
    SCORE_FIELDS,
    check_score,
    choices_of,
    from_choices,
    numbers_of,
    of_rules,
    with_score,
    written,
)
from bot.domain.score_rules import RULES
from bot.domain.template_document import document_of
from bot.domain.template_reading import parse_template
from bot.sources.templates import shipped
from tests.domain.test_result import facts

BANDS = "S:110 A:100 B:80 C:60"
SALES = shipped()["sales"]
AS_IT_IS = of_template(SALES, WEIGHTS)


def numbers(**given: int) -> dict[str, Decimal | None]:
    return {name: Decimal(number) for name, number in given.items()}


def test_the_rules_are_read_as_words_and_written_back() -> None:
    assert choices_of(RULES) == {"bands": BANDS, "item_cap": "120", "bonus_cap": "10", "total_cap": "120"}
    assert from_choices(choices_of(RULES)).hash == RULES.hash
    assert set(choices_of(RULES)) == set(SCORE_FIELDS)
    assert numbers_of(BANDS) == {"S": 110, "A": 100, "B": 80, "C": 60}
    assert written(numbers_of(BANDS)) == BANDS


@pytest.mark.parametrize(
    ("name", "value"),
    [("bands", "S:115 A:100 B:85 C:60"), ("item_cap", "150"), ("bonus_cap", "0"), ("total_cap", "130")],
)
def test_each_choice_can_be_changed_alone(name: str, value: str) -> None:
    changed = with_score(RULES, name, value)
    check_score(changed)
    assert of_rules(changed, name) == value
    assert [one for one in SCORE_FIELDS if of_rules(changed, one) != of_rules(RULES, one)] == [name]
    assert changed.hash != RULES.hash
    assert changed.mix == RULES.mix


def test_rules_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(Refused, match="is not above"):
        check_score(with_score(RULES, "bands", "S:110 A:80 B:80 C:60"))
    with pytest.raises(Refused, match="goals bring"):
        check_score(with_score(RULES, "bands", "S:121 A:100 B:80 C:60"))
    with pytest.raises(Refused, match="goals bring"):
        check_score(with_score(RULES, "total_cap", "109"))


def test_a_result_goes_by_the_rules_that_its_cycle_began_with() -> None:
    other = with_score(with_score(RULES, "bands", "S:110 A:92 B:80 C:60"), "item_cap", "100")
    before, after = outcome_of(facts()), outcome_of(facts(company=other))
    assert (before.score, before.band) == (Decimal("92.50"), "B")
    # 0.7 × (45 + 50) + 0.3 × 75: visits count 100 % at most
    assert (after.score, after.band) == (Decimal("89.00"), "B")
    higher = outcome_of(facts(company=replace(other, item_cap=RULES.item_cap)))
    assert (higher.score, higher.band) == (Decimal("92.50"), "A")
    assert len({before.rules_hash, after.rules_hash, higher.rules_hash}) == 3
    assert boundaries(rules_for(SALES, other).bands) == (110, 92, 80, 60)


def test_shares_make_a_hundred_and_are_whole() -> None:
    path = weights_field("sales")
    given = numbers(revenue=30, growth=10, orders=20, visits=10, satisfaction=20, complaint_rate=10)
    assert checked_parts(path, AS_IT_IS, given) == written({name: int(one) for name, one in given.items() if one})
    for wrong, field, said in (
        ({"revenue": Decimal(31)}, "after_revenue", "make 100"),
        ({"orders": Decimal("20.5"), "revenue": Decimal("29.5")}, "after_revenue", "whole number"),
        ({"visits": None}, "after_visits", "whole number"),
        ({"visits": Decimal(0), "orders": Decimal(30)}, "after_visits", "whole number"),
        ({"orders": Decimal(15), "revenue": Decimal(35)}, "after_revenue", "how it is now"),
    ):
        with pytest.raises(Refused, match=said) as refused:
            checked_parts(path, AS_IT_IS, given | wrong)
        assert refused.value.field == field
    with pytest.raises(Refused, match="whole number"):
        checked_parts(score_field("bands"), BANDS, numbers(S=110, A=100, B=80, C=0))


def test_a_field_of_a_template_changes_that_alone() -> None:
    weighed = with_part(SALES, WEIGHTS, "revenue:30 growth:10 orders:20 visits:10 satisfaction:20 complaint_rate:10")
    assert [kpi.weight for kpi in weighed.kpis] == [30, 10, 20, 10, 20, 10]
    assert weighed.mix == SALES.mix
    mixed = with_part(SALES, MIX, "goals:60 competency:30 peer:10 internal_customer:0")
    assert (mixed.mix.goals, mixed.mix.competency) == (60, 30)
    assert of_template(mixed, WEIGHTS) == AS_IT_IS
    assert with_part(SALES, CHECKIN, "monthly").checkin.cadence == "monthly"
    assert parse_template(document_of(mixed)) == mixed


def test_a_mix_that_nobody_could_answer_for_is_refused() -> None:
    with pytest.raises(Refused, match="would not hold"):
        with_part(SALES, MIX, "goals:60 competency:20 peer:10 internal_customer:10")
    with pytest.raises(Refused, match="at most 20"):
        with_part(SALES, MIX, "goals:60 competency:10 peer:30 internal_customer:0")


def test_only_what_changes_is_told() -> None:
    names = {"sales/revenue": "Sales revenue"}
    after = "revenue:30 growth:10 orders:20 visits:10 satisfaction:20 complaint_rate:10"
    told = [one.facts for one in changed_parts(weights_field("sales"), AS_IT_IS, after, names)]
    assert told == [
        {"name": "Sales revenue", "now": 30, "before": 35},
        {"name": "orders", "now": 20, "before": 15},
    ]
