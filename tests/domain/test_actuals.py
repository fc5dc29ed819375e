"""Numbers that people send are read in one way only, and sending them twice changes nothing."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.actuals import (
    ActualRow,
    ActualValue,
    Expected,
    Taking,
    missing_values,
    period_of,
    periods_between,
    plan_actuals,
    shared_out,
)
from bot.domain.preview import mistakes, runs

QUARTER = periods_between(date(2027, 1, 1), date(2027, 3, 31))
GOALS = {"ana@x.example": (Expected("revenue", ("Sales revenue", "销售额")), Expected("growth", percent=True))}


def row(value, line=2, measure="revenue", period="2027-Q1", email="ana@x.example", source="ERP"):
    return ActualRow(line, email, measure, period, value, source)


def kept(value, measure="revenue", source="ERP"):
    number = None if value is None else Decimal(value)
    return ActualValue("c1", "ana@x.example", measure, "2027-Q1", number, source)


def plan(*rows: object, known=()):
    return plan_actuals(rows, "c1", QUARTER, GOALS, {each.key: each for each in known})


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (("2027-01", "2027/1", "2027.01", "2027年1月", "202701", "2027-01-01"), "2027-01"),
        (("2027-Q1", "2027q1", "2027 Q1", "Q1 2027", "2027年第一季度", "2027年1季度", "2027Ｑ１"), "2027-Q1"),  # noqa: RUF001 - full-width
        (("2027-H2", "2027年下半年"), "2027-H2"),
        (("2027", "2027年"), "2027"),
        (("2027-01-11/2027-02-19", "2027-1-11 – 2027-2-19", "2027年1月11日至2027年2月19日"), "2027-01-11/2027-02-19"),
    ],
)
def test_a_period_is_known_however_it_is_written(texts, period):
    assert [period_of(text) for text in texts] == [period] * len(texts)


@pytest.mark.parametrize("text", ["", "Q1", "2027-13", "2027-Q5", "January", "2027-01-15", "27-01", "20271"])
def test_what_is_no_period_is_none(text):
    assert period_of(text) is None


def test_a_cycle_holds_the_periods_that_lie_wholly_in_it():
    assert periods_between(date(2027, 1, 1), date(2027, 3, 31)) == {"2027-01", "2027-02", "2027-03", "2027-Q1"}
    year = periods_between(date(2026, 12, 1), date(2027, 12, 31))
    assert {"2026-12", "2027", "2027-H1", "2027-H2", "2027-Q4"} <= year
    assert not {"2026-Q4", "2026", "2026-11", "2028-01"} & year


def test_a_cycle_that_cuts_a_month_is_a_period_of_its_own():
    assert periods_between(date(2027, 1, 15), date(2027, 3, 30)) == {"2027-02", "2027-01-15/2027-03-30"}
    assert periods_between(date(2027, 2, 8), date(2027, 2, 19)) == {"2027-02-08/2027-02-19"}


def test_values_are_added_changed_or_unchanged():
    growth = row("18.6%", 3, "growth")
    preview = plan(row("1,250"), growth, known=[kept("1000")])
    assert [(each.before, each.after) for each in preview.changed] == [(kept("1000"), kept("1250"))]
    assert preview.added == (kept("18.6", "growth"),)
    assert preview.refused == ()


def test_the_same_file_twice_changes_nothing():
    rows = [row("1,250"), row("18.6%", 3, "growth")]
    again = plan(*rows, known=plan(*rows).to_apply)
    assert (again.added, again.changed, len(again.unchanged)) == ((), (), 2)


def test_a_measure_is_known_by_its_title_in_either_language():
    for name in ("revenue", "sales REVENUE", "销售额 "):
        assert plan(row("5", measure=name)).added == (kept("5"),)


@pytest.mark.parametrize("text", ["", "-", "—", "N/A", "暂无"])
def test_an_unknown_value_is_missing_and_never_zero(text):
    preview = plan(row(text))
    assert preview.added == missing_values(preview) == (kept(None),)


def test_an_empty_cell_does_not_wipe_out_a_value():
    preview = plan(row("", source="not back yet"), known=[kept("5")])
    assert (preview.changed, preview.unchanged) == ((), (kept("5"),))


@pytest.mark.parametrize(
    ("wrong", "fact", "value"),
    [
        (row("12,5", 3), "text", "12,5"),
        (row("20%", 3), "measure", "revenue"),
        (row("5", 3, email="bo@x.example"), "email", "bo@x.example"),
        (row("5", 3, measure="shoes"), "known", "revenue, growth"),
        (row("5", 3, period="2027-04"), "text", "2027-04"),
        (row("5", 3, period="spring"), "text", "spring"),
        (row("7", 3), "first", 2),
    ],
)
def test_a_wrong_line_is_refused_by_its_number_and_the_others_stay(wrong, fact, value):
    preview = plan(row("5"), wrong, row("1", 4, "growth"))
    (refused,) = preview.refused
    assert refused.line == 3
    assert refused.sentence.facts[fact] == value
    assert preview.added == (kept("5"), kept("1", "growth"))


def test_lines_about_known_people_from_whom_nothing_is_expected_are_left_aside_whatever_they_hold():
    rows = [row("5"), row("lots", 3, email="BO@x.example"), row("5", 4, email="bo@x.example", period="never")]
    preview = plan_actuals(rows, "c1", QUARTER, GOALS, {}, {"bo@x.example"})
    assert (preview.added, preview.refused) == ((kept("5"),), ())
    assert preview.aside == ("bo@x.example", "bo@x.example")


def test_a_line_without_an_address_is_refused_and_not_left_aside():
    preview = plan_actuals([row("5", email=" ")], "c1", QUARTER, GOALS, {}, {"bo@x.example"})
    assert [each.sentence.text for each in preview.refused] == ["there is no e-mail address."]


@pytest.mark.parametrize("cell", ["measure", "period"])
def test_an_empty_cell_is_called_empty(cell):
    (refused,) = plan(row("5", **{cell: "  "})).refused
    assert refused.sentence.text == f"the cell with the {cell} is empty. Known: {{known}}."


def test_equal_mistakes_are_one_with_all_their_lines():
    rows = [row("5", n, email="bo@x.example") for n in (2, 3, 4, 9)] + [row("lots", 5)]
    found = mistakes(plan(*rows).refused)
    assert [(each.sentence.text[:6], each.lines) for each in found] == [("nobody", (2, 3, 4, 9)), ("“{text", (5,))]


def test_lines_that_follow_each_other_are_told_together():
    assert runs([2, 3, 4, 9, 11, 12]) == [(2, 4), (9, 9), (11, 12)]
    assert runs([]) == []


ANA, BO, GHOST = "ana@x.example", "bo@x.example", "ghost@x.example"
Q1, Q2 = QUARTER, periods_between(date(2027, 4, 1), date(2027, 6, 30))
YEAR = periods_between(date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("rows", "cycles", "lines"),
    [
        ([row("5"), row("5", 3, period="2027-04")], {"q2": ({ANA}, Q2), "q1": ({ANA}, Q1)}, {"q2": [3], "q1": [2]}),
        ([row("5"), row("5", 3, email=BO)], {"rnd": ({BO}, Q1), "sales": ({ANA}, Q1)}, {"rnd": [3], "sales": [2]}),
        ([row("5")], {"year": ({ANA}, YEAR), "q1": ({ANA}, Q1)}, {"year": [2], "q1": [2]}),
        ([row("5", period="spring")], {"q2": ({ANA}, Q2), "q1": ({ANA}, Q1)}, {"q2": [2], "q1": [2]}),
        ([row("5", email=GHOST), row("5", 3)], {"rnd": ({BO}, Q1), "sales": ({ANA}, Q1)}, {"sales": [2, 3]}),
        ([row("5", email=GHOST)], {"rnd": ({BO}, Q1), "sales": ({ANA}, Q1)}, {"rnd": [2]}),
        ([row("5"), row("5", 3, period="2027-04")], {"q2": ({ANA}, Q2), "q1": ({ANA}, Q1, False)}, {"q2": [3]}),
        ([row("5")], {}, {}),
    ],
    ids=["by period", "by person", "in both", "no period", "nobody's", "nobody's at all", "what is over", "no cycle"],
)
def test_rows_go_where_their_person_takes_part_and_their_period_lies(rows, cycles, lines):
    found = shared_out(rows, {name: Taking(*one) for name, one in cycles.items()})
    assert {name: [each.line for each in those] for name, those in found.items()} == lines
