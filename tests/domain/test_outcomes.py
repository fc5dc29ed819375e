"""What the rules propose for a grade, and what a decision needs."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.domain.bands import BANDS
from bot.domain.fingerprint import fingerprint
from bot.domain.outcome_rules import STARTER, STARTING
from bot.domain.outcomes import (
    FOR_GRADES,
    GRADES,
    USUAL,
    Decision,
    Kind,
    Proposal,
    checked_decision,
    checked_terms,
    proposals,
    still_open,
    terms_from_json,
    terms_to_json,
)
from bot.domain.pay import PayRow, read_bases
from bot.domain.payout import Entitled, drawn_up, share_served
from bot.domain.refusal import Refused
from bot.slack.words import Words

D = Decimal
FILLED = {grade: USUAL.coefficients[grade] for grade in GRADES}
AT = datetime(2027, 5, 3, tzinfo=UTC)
MADE = Decision("q1", "U1", Kind.COEFFICIENT, "B", True, D("1.0"), "As the rules say it", "U9", AT)
USUAL_B = Proposal(Kind.COEFFICIENT, "B", D("1.0"))


# Terms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_to_begin_with_names_the_grades_there_are(language: str) -> None:
    t = Words(language)
    text = t(STARTER, **{place: t.names(list(grades)) for place, grades in STARTING.items()})
    named = re.findall(r"(?<![A-Za-z])[A-Z](?![A-Za-z])", text)
    assert set(named) == {band.name for band in BANDS}
    assert "{" not in text


def test_a_grade_makes_its_proposals_and_an_unknown_one_none() -> None:
    assert proposals("B", USUAL) == (USUAL_B,)
    assert [one.kind for one in proposals("S", USUAL)] == [Kind.COEFFICIENT, Kind.PROMOTION, Kind.COMMENDATION]
    assert [one.kind for one in proposals("D", USUAL)] == [Kind.COEFFICIENT, Kind.TRAINING, Kind.PLAN]
    assert proposals("excellent", USUAL) == ()


def test_terms_travel_as_json() -> None:
    assert terms_from_json(terms_to_json(USUAL)) == USUAL


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"S": None}, "coefficient-S"),
        ({"C": D("1.1")}, "coefficient-C"),
        ({"D": D("-0.1")}, "coefficient-D"),
        ({"S": D("3.5")}, "coefficient-S"),
        ({"A": D("1.234")}, "coefficient-A"),
    ],
    ids=["missing", "more than a better one", "below zero", "too large", "three decimals"],
)
def test_terms_that_cannot_be_are_refused(changed: dict[str, D | None], field: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_terms(FILLED | changed, USUAL.grades)
    assert refused.value.field == field


def test_terms_keep_their_grades_in_order() -> None:
    assert checked_terms(FILLED, USUAL.grades) == USUAL
    assert checked_terms(FILLED, {Kind.TRAINING: ["D", "B", "?"]}).grades[Kind.TRAINING] == ("B", "D")
    assert checked_terms(FILLED, {}).grades == dict.fromkeys(FOR_GRADES, ())


# Decisions -----------------------------------------------------------------------------------


def test_what_differs_from_the_proposal_needs_a_longer_reason() -> None:
    assert checked_decision(MADE, USUAL_B) == MADE
    for short in (replace(MADE, value=D("0.8")), replace(MADE, granted=False), replace(MADE, reason="ok")):
        with pytest.raises(Refused) as refused:
            checked_decision(short, USUAL_B)
        assert refused.value.field == "reason"
    longer = replace(MADE, value=D("0.8"), reason="Three of the twelve months were covered by somebody else")
    assert checked_decision(longer, USUAL_B) == longer


def test_nobody_decides_about_themself_and_no_coefficient_is_negative() -> None:
    with pytest.raises(Refused, match="Nobody decides"):
        checked_decision(replace(MADE, decided_by="U1"), USUAL_B)
    for value in (None, D("-1")):
        with pytest.raises(Refused) as refused:
            checked_decision(replace(MADE, value=value), USUAL_B)
        assert refused.value.field == "value"


def test_a_decision_for_an_earlier_grade_is_open_again() -> None:
    assert still_open([USUAL_B], {Kind.COEFFICIENT: MADE}) == []
    better = replace(USUAL_B, grade="A", value=D("1.2"))
    assert still_open([better], {Kind.COEFFICIENT: MADE}) == [better]


# Pay bases and the pool as it is drawn up ------------------------------------------------------


def test_pay_bases_are_read_and_what_is_wrong_is_refused_without_its_amount() -> None:
    rows = [
        PayRow(2, "Emily@x.example", "10,000", "100000", "9万"),
        PayRow(3, "emily@x.example", "1"),
        PayRow(4, "jonas@x.example", "12.345"),
        PayRow(5, "lea@x.example", ""),
        PayRow(6, "ghost@x.example", "1"),
        PayRow(7, "mo@x.example", "0", "secret"),
        PayRow(8, "mo@x.example", "0", "1", "0"),
    ]
    ids = {f"{name}@x.example": name for name in ("emily", "jonas", "lea", "mo")}
    found, refused = read_bases(rows, ids)
    assert [(one.person_id, one.target, one.salary, one.midpoint) for one in found] == [
        ("emily", D(10_000), D(100_000), D(90_000))
    ]
    assert [one.line for one in refused] == [3, 4, 5, 6, 7, 8]
    assert not any(word in repr(refused) for word in ("12.345", "secret"))


def test_a_pool_is_drawn_up_with_everybodys_line_and_its_fingerprint_tells_a_change() -> None:
    people = [
        Entitled("b", "Sales", "S", D("1.5"), D("0.5"), D(20_000), D(100_000), D(80_000)),
        Entitled("a", "Sales", "B", D(1), D(1), D(10_000)),
    ]
    document = drawn_up(people, None, D(3))
    assert document == drawn_up(people[::-1], None, D(3))
    assert (document["total"], document["factor"], document["usual"]) == ("20000.00", "0.800000", True)
    assert [(line["person"], line["amount"]) for line in document["lines"]] == [("a", "8000.00"), ("b", "12000.00")]
    assert document["lines"][1]["percent"] == "3.0", "1.25 of the middle of the range, S: 4 %, of which 3 % are there"
    assert (document["lines"][1]["once"], "raise" in document["lines"][0]) == (True, False)
    changed = {**document, "lines": [{**document["lines"][0], "amount": "8000.01"}, document["lines"][1]]}
    assert fingerprint(changed) != fingerprint(document)


def test_the_share_of_a_cycle_counts_every_role_in_it_and_a_short_holiday_not() -> None:
    def served(days: int, leave: str = "0", before: str = "0") -> dict[str, object]:
        return {"cycle_days": 60, "employed_days": days, "leave_days": leave, "leave_before": before}

    assert share_served({"served": served(60, "5"), "earlier": []}) == 1
    assert share_served({"served": served(30, "20"), "earlier": []}) == D("0.333333333333333")
    assert share_served({"served": served(30), "earlier": [{"served": served(15)}]}) == D("0.75")
    assert share_served({}) == 1


# V-9: a bonus
def test_a_bonus_shrinks_once_to_the_days_that_count_and_no_cent_is_lost_on_the_way() -> None:
    served = {"cycle_days": 244, "employed_days": 102, "leave_days": "0", "leave_before": "0"}
    document = drawn_up([Entitled("a", "Sales", "B", D(1), share_served({"served": served}), D(12_000))], None, None)
    assert (document["lines"][0]["amount"], document["total"]) == ("5016.39", "5016.39")
