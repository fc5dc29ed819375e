"""The talk about a result: who sees what when, what counts as a difference, and what minutes have to hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.domain.interview import (
    Cause,
    Interview,
    Prepared,
    Seen,
    Side,
    Waits,
    answer_until,
    check_prepared,
    differences,
    due_on,
    gaps_of,
    lacking,
    may_answer,
    may_see,
    open_to_both,
    shown_from,
)
from bot.domain.refusal import Refused

FRIDAY = date(2027, 4, 23)
OFF = frozenset({date(2027, 5, 3)})
NOON = datetime(2027, 4, 28, 12, tzinfo=UTC)


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


def test_the_talk_is_due_in_five_working_days_and_hides_a_result_for_ten_at_most() -> None:
    assert due_on(FRIDAY, works) == date(2027, 4, 30)
    assert shown_from(FRIDAY, works) == date(2027, 5, 10)


def test_a_talk_with_a_moment_is_on_the_day_that_each_of_the_two_has_then() -> None:
    talk = Interview("c", "p", "m", FRIDAY, date(2027, 4, 30), date(2027, 4, 27), begins_at=NOON)
    assert talk.on(UTC) == date(2027, 4, 28)
    assert talk.on(timezone(timedelta(hours=13))) == date(2027, 4, 29)
    assert replace(talk, begins_at=None).on(timezone(timedelta(hours=13))) == date(2027, 4, 27)


@pytest.mark.parametrize(
    ("waits", "today", "seen"),
    [
        (Waits(at_talk=False, opened=False, with_whom=True, held_on=None, released_on=FRIDAY), FRIDAY, True),
        (Waits(at_talk=True, opened=False, with_whom=True, held_on=None, released_on=FRIDAY), FRIDAY, False),
        (Waits(at_talk=True, opened=True, with_whom=True, held_on=None, released_on=FRIDAY), FRIDAY, True),
        (Waits(at_talk=True, opened=False, with_whom=False, held_on=None, released_on=FRIDAY), FRIDAY, True),
        (Waits(at_talk=True, opened=False, with_whom=True, held_on=FRIDAY, released_on=FRIDAY), FRIDAY, True),
        (Waits(at_talk=True, opened=False, with_whom=True, held_on=None, released_on=FRIDAY), date(2027, 5, 7), False),
        (Waits(at_talk=True, opened=False, with_whom=True, held_on=None, released_on=FRIDAY), date(2027, 5, 10), True),
    ],
)
def test_a_result_that_waits_for_the_talk_is_seen_once_one_of_these_is_so(
    waits: Waits, today: date, *, seen: bool
) -> None:
    assert may_see(waits, today, works) is seen


def test_an_answer_is_taken_up_to_the_last_day_and_once_more_after_the_talk() -> None:
    until = answer_until(FRIDAY, None, works)
    assert until == date(2027, 5, 10)
    assert answer_until(FRIDAY, date(2027, 4, 28), works) == until
    assert answer_until(FRIDAY, date(2027, 5, 7), works) == date(2027, 5, 14)
    assert may_answer(None, None, until, until)
    assert not may_answer(None, None, date(2027, 5, 11), until)
    assert not may_answer(NOON, None, FRIDAY, until)
    assert may_answer(NOON, NOON.replace(hour=13), FRIDAY, until)
    assert not may_answer(NOON, NOON.replace(hour=11), FRIDAY, until)


def test_the_other_side_is_read_when_both_have_sent_or_the_day_before() -> None:
    monday = date(2027, 4, 26)
    assert open_to_both(2, monday, date(2027, 4, 20), works)
    assert not open_to_both(1, monday, date(2027, 4, 22), works)
    assert open_to_both(0, monday, FRIDAY, works)


BOTH = {
    Side.PERSON: Prepared(Side.PERSON, "p", ("a", "b"), ("c", "d"), {"g": (Cause.MARKET,), "h": (Cause.DATA,)}),
    Side.MANAGER: Prepared(Side.MANAGER, "m", ("c",), ("d", "b"), {"g": (Cause.SKILL,), "h": (Cause.DATA,)}),
}


def test_differences_are_the_opposed_the_causes_and_the_gaps_of_one() -> None:
    found = [(one.seen, one.topic, one.gap_of) for one in differences(BOTH)]
    assert found == [
        (Seen.OPPOSED, "b", Side.MANAGER),
        (Seen.OPPOSED, "c", Side.PERSON),
        (Seen.CAUSES, "goal:g", None),
    ]
    alone = {Side.PERSON: Prepared(Side.PERSON, "p", (), ("x",)), Side.MANAGER: Prepared(Side.MANAGER, "m")}
    assert [(one.seen, one.topic, one.gap_of) for one in differences(alone)] == [(Seen.ONE_GAP, "x", Side.PERSON)]
    assert differences({Side.PERSON: BOTH[Side.PERSON]}) == []
    assert gaps_of(BOTH) == ["d", "c", "b"]


@pytest.mark.parametrize(
    ("strengths", "gaps", "causes", "field"),
    [
        ((), (), {"g": (Cause.DATA,)}, "strengths"),
        (("a", "b", "c", "d"), (), {"g": (Cause.DATA,)}, "strengths"),
        (("a",), ("a",), {"g": (Cause.DATA,)}, "gaps"),
        (("a",), ("z",), {"g": (Cause.DATA,)}, "gaps"),
        (("a",), ("b",), {}, "cause_0"),
    ],
)
def test_what_is_prepared_names_three_at_most_and_a_cause_for_each_missed_goal(
    strengths: tuple[str, ...], gaps: tuple[str, ...], causes: dict[str, tuple[Cause, ...]], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_prepared(Prepared(Side.PERSON, "p", strengths, gaps, causes), "abcd", ["g"])
    assert refused.value.field == field


def test_minutes_need_words_a_gap_where_one_was_named_and_an_action_for_it() -> None:
    assert lacking("said", ["a"], ["a", "b"], {"a"}) == {}
    assert lacking("said", [], [], set()) == {}
    assert lacking("", [], ["a"], set()).keys() == {"minutes", "gaps"}
    assert lacking("said", ["a", "b"], ["a", "b"], {"a"}).keys() == {"gaps"}
    assert lacking("said", list("abcd"), [], set("abcd")).keys() == {"gaps"}
