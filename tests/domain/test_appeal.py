"""Appeals: until when, who may decide, what may follow, and how much is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.appeal import (
    DECIDED,
    LEVELS,
    MOVES,
    Appeal,
    Decision,
    Kind,
    Move,
    Published,
    State,
    barred,
    changes_on_record,
    check_filed,
    check_not_worse,
    check_reason,
    check_words,
    comes_to_it,
    due_on,
    escalated_until,
    independent,
    last_day,
    mark_of_result,
    moved,
    namers,
    published,
    whole_period,
)
from bot.domain.cycle import Cycle, CycleKind, Stage
from bot.domain.fingerprint import fingerprint
from bot.domain.refusal import Refused
from bot.sources.workdays import workdays

FILED = Appeal("a", "c", "ana", Kind.DATA, "The March value is missing", "", datetime(2027, 4, 24, tzinfo=UTC))
TODAY = {"ana": "new", "new": "head", "old": "other head", "head": "boss", "other head": "boss", "rater": "head"}


def weekday(day: date) -> bool:
    return day.weekday() < 5


# Until when ------------------------------------------------------------------------------


def test_ten_working_days_pass_over_a_weekend_and_a_holiday_with_its_working_saturday() -> None:
    assert last_day(date(2027, 4, 23), weekday) == date(2027, 5, 7)
    china = workdays("CN", {}, ())
    assert last_day(date(2026, 4, 24), china) == date(2026, 5, 12), "1 to 5 May are free, Saturday the 9th is worked"


def test_the_last_day_is_in_time_and_the_day_after_is_not() -> None:
    check_filed(date(2027, 4, 23), date(2027, 5, 7), weekday)
    with pytest.raises(Refused, match="were possible until"):
        check_filed(date(2027, 4, 23), date(2027, 5, 8), weekday)
    assert escalated_until(date(2027, 5, 7), weekday) == date(2027, 5, 14)


def test_who_is_away_for_months_does_not_come_to_it() -> None:
    filed = date(2027, 4, 23)
    away = {filed + timedelta(days=n) for n in range(90)}
    assert comes_to_it(due_on(filed, weekday), filed)
    assert not comes_to_it(due_on(filed, lambda day: weekday(day) and day not in away), filed)


# Who -------------------------------------------------------------------------------------


def test_who_led_or_rated_is_barred_with_all_above_them_on_any_day_that_counts() -> None:
    before = TODAY | {"ana": "old"}
    found = barred("ana", {"old", "rater", ""}, {"clerk", ""}, [before, TODAY])
    assert found == {"ana", "new", "old", "rater", "head", "other head", "boss", "clerk"}


def test_who_changed_points_is_barred_and_nobody_above_them_for_that() -> None:
    assert "clerk's lead" not in barred("ana", (), {"clerk"}, [{"ana": "new", "clerk": "clerk's lead"}])


def test_the_fewest_open_appeals_go_first() -> None:
    assert independent(["x", "y", "z", "new"], {"new"}, {"x": 2, "y": 1, "z": 1}) == ["y", "z", "x"]
    assert independent(["new"], {"new"}, {}) == []


def test_hr_names_somebody_and_the_owner_does_where_hr_is_the_person() -> None:
    assert namers(["mei", "julia"], ["boss"], "ana", {"mei"}) == ["julia"]
    assert namers(["mei"], ["boss"], "ana", {"mei"}) == ["mei"]
    assert namers(["mei"], ["boss"], "mei", {"mei", "boss"}) == ["boss"]
    assert namers(["mei"], ["mei"], "mei", {"mei"}) == []


# States ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_every_move_that_is_not_in_the_table_is_refused(state: State, move: Move) -> None:
    one = replace(FILED, state=state)
    if (state, move) in MOVES:
        assert moved(one, move) is MOVES[state, move]
    else:
        with pytest.raises(Refused, match="settled meanwhile"):
            moved(one, move)


@pytest.mark.parametrize("state", sorted(DECIDED))
def test_somebody_else_is_asked_once(state: State) -> None:
    assert moved(replace(FILED, state=state), Move.ESCALATE) is State.FILED
    with pytest.raises(Refused):
        moved(replace(FILED, state=state, level=LEVELS), Move.ESCALATE)


def test_who_takes_the_second_question_back_keeps_the_first_decision_and_asks_no_third_time() -> None:
    first = Decision(1, "handler", State.ADJUSTED, "why", FILED.filed_at, "before", "after")
    second = replace(FILED, state=State.DECIDING, level=2, decisions=(first,))
    back = replace(second, state=moved(second, Move.WITHDRAW))
    assert (back.state, back.went_back) == (State.ADJUSTED, True)
    with pytest.raises(Refused):
        moved(back, Move.ESCALATE)


# What may follow -------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "ok", "unfair", "同上"])
def test_an_appeal_says_what_is_wrong(words: str) -> None:
    with pytest.raises(Refused, match="what is wrong"):
        check_words(words)
    check_words("The March value is missing")


def test_a_decision_gives_its_reason_in_full() -> None:
    with pytest.raises(Refused, match="reason in full"):
        check_reason("The value was right.")
    check_reason(
        "订单系统显示三月的两份合同在月底前已经签署并且交付，导入文件漏掉了它们，因此销售额应当更正为完整的数字。"
    )


GRADES = ["S", "A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (("80.00", "B"), ("80.00", "B"), False),
        (("80.00", "B"), ("84.10", "B"), False),
        (("80.00", "B"), ("79.99", "C"), True),
        (("80.00", "A"), ("84.10", "B"), True),
        (("80.00", "B"), (None, None), True),
        ((None, None), ("40.00", "D"), False),
    ],
)
def test_an_appeal_never_makes_a_result_worse(before, after, worse: bool) -> None:
    was, became = ((None if one[0] is None else Decimal(one[0]), one[1]) for one in (before, after))
    if worse:
        with pytest.raises(Refused, match="lower"):
            check_not_worse(was, became, GRADES)
    else:
        check_not_worse(was, became, GRADES)


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        (date(2027, 1, 1), date(2027, 3, 31), "2027-Q1"),
        (date(2027, 1, 1), date(2027, 12, 31), "2027"),
        (date(2027, 3, 1), date(2027, 3, 31), "2027-03"),
        (date(2027, 1, 11), date(2027, 2, 19), "2027-01-11/2027-02-19"),
        (date(2027, 2, 1), date(2027, 3, 31), None),
    ],
)
def test_a_corrected_value_is_for_all_of_the_cycle(first: date, last: date, period: str | None) -> None:
    found = whole_period(Cycle("c", "c", CycleKind.CUSTOM, first, last, {}))
    assert found == (period or f"{first}/{last}")


# Proof -----------------------------------------------------------------------------------


def result(score: str, **more: object) -> dict[str, object]:
    whole = {"rated": "rated", "score": score, "band": "B", "formula_band": "B", "tree": {"value": score}}
    return {**whole, "rules_hash": "r", "because": "appeal", "ref": "a", **more}


def appeal(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    return {"id": "a", "decisions": [{"before": mark_of_result(before), "after": mark_of_result(after)}]}


def test_a_change_is_explained_by_the_decision_that_made_it_and_by_nothing_else() -> None:
    before, after = result("80.00"), result("84.10")
    assert list(changes_on_record([before, after], [appeal(before, after)])) == []
    assert "no decision" in next(iter(changes_on_record([before, after], [])))
    assert "no decision" in next(iter(changes_on_record([before, result("90.00")], [appeal(before, after)])))
    assert "other rules" in " ".join(changes_on_record([before, result("84.10", rules_hash="q")], []))
    assert "is not here" in next(iter(changes_on_record([before], [appeal(before, after)])))
    assert "is not here" in next(iter(changes_on_record([after], [appeal(before, after)])))


def test_a_result_that_was_completed_later_needs_no_appeal() -> None:
    empty = result("0", rated="incomplete", because="completed")
    assert list(changes_on_record([empty, result("80.00")], [])) == []
    assert list(changes_on_record([result("70.00", because="completed"), result("80.00")], []))


def test_a_mark_sees_every_change() -> None:
    assert fingerprint({"b": [1], "a": "五"}) == fingerprint({"a": "五", "b": [1]})
    assert fingerprint({"a": "五"}) != fingerprint({"a": "六"})


# What everybody reads --------------------------------------------------------------------


def test_counts_are_told_from_five_up_and_parts_only_where_none_is_a_few_people() -> None:
    stood = (State.UPHELD, False)
    assert published({stood: 4, (State.WITHDRAWN, False): 3}, Stage.REVIEWING) is None
    assert published({stood: 5}, Stage.REVIEWING) == Published(5, 5, 0)
    assert published({stood: 4, (State.ADJUSTED, True): 1}, Stage.CLOSED) == Published(5)
    five = {(State.ADJUSTED, True): 3, (State.REDONE, True): 2}
    assert published({stood: 5, **five}, Stage.CLOSED) == Published(10, 5, 5)
    assert published({stood: 5, (State.DECIDING, False): 1}, Stage.CLOSED) == Published(6)
    assert published({stood: 9}, Stage.APPLYING) is None


def test_a_rating_that_was_given_anew_alike_changed_nothing_and_what_stands_after_a_change_was_changed() -> None:
    assert published({(State.REDONE, False): 5}, Stage.CLOSED) == Published(5, 5, 0)
    assert published({(State.UPHELD, True): 5}, Stage.CLOSED) == Published(5, 0, 5)
