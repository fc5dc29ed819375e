"""What is true of check-ins, without Slack and without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cadence import Monthly, Weekly
from bot.domain.checkin import (
    AT,
    Checkin,
    Confidence,
    Item,
    Kind,
    Turned,
    answered,
    answered_lately,
    answered_same,
    cadence_of,
    digest_day,
    due,
    ignored,
    kind_question,
    needs_attention,
    pause_until,
    question_before_sending,
    same_again,
    turned,
)
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.refusal import Refused
from bot.domain.template import Checkin as Prompt
from bot.domain.template import Day, Rhythm
from bot.sources.workdays import workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = workdays("CN", {}, ())
GERMANY = workdays("DE", {}, ())
FRIDAYS = Weekly(4, AT)
ONE = Goal("g1", "Revenue", "Signed", "k€", Direction.HIGHER, Decimal(60), None, Decimal(400))
TWO = replace(ONE, id="g2", title="Renewals")
ON, RISK, OFF = Confidence


def on(day: int, kind: Kind = Kind.UPDATE, *confidences: Confidence, note: str = "") -> Checkin:
    items = tuple(Item(f"g{n}", Decimal(100 + n), one) for n, one in enumerate(confidences or (ON, ON), 1))
    return Checkin("c", "p", date(2027, 1, day), kind, items if kind not in {Kind.OPEN, Kind.MISSED} else (), note)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# When ---------------------------------------------------------------------------------------


def test_a_template_rhythm_becomes_a_cadence_at_ten() -> None:
    start = date(2027, 1, 18)
    assert cadence_of(Prompt(Rhythm.WEEKLY, Day.THURSDAY, ()), start) == Weekly(3, AT)
    assert cadence_of(Prompt(Rhythm.TWO_WEEKS, Day.WEDNESDAY, ()), start) == Weekly(2, AT, every=2, anchor=start)
    assert cadence_of(Prompt(Rhythm.MONTHLY, Day.MONDAY, ()), start) == Monthly(-1, AT)


def test_a_prompt_moves_to_a_chinese_make_up_sunday() -> None:
    # Friday 2 January 2026 is a holiday; Sunday 4 January is worked to make up for it.
    planned = due(date(2026, 1, 2), beijing("2026-01-02T08:00"), "Asia/Shanghai", FRIDAYS, CHINA)
    assert (planned.now, planned.planned) == (False, date(2026, 1, 4))
    asked = due(planned.planned, planned.at, "Asia/Shanghai", FRIDAYS, CHINA)
    assert (asked.now, asked.planned) == (True, date(2026, 1, 9))


def test_a_prompt_is_due_at_its_moment_and_plans_the_next() -> None:
    early = due(date(2027, 1, 22), beijing("2027-01-22T09:59"), "Asia/Shanghai", FRIDAYS, CHINA)
    assert (early.now, early.at) == (False, datetime(2027, 1, 22, 2, tzinfo=UTC))
    at = due(date(2027, 1, 22), early.at, "Asia/Shanghai", FRIDAYS, CHINA)
    assert (at.now, at.planned, at.at) == (True, date(2027, 1, 29), datetime(2027, 1, 29, 2, tzinfo=UTC))


def test_a_missed_prompt_waits_for_a_civil_hour_but_not_for_the_next_prompt() -> None:
    evening = due(date(2027, 1, 22), beijing("2027-01-22T20:00"), "Asia/Shanghai", FRIDAYS, CHINA)
    assert (evening.now, evening.at) == (False, datetime(2027, 1, 25, 1, 30, tzinfo=UTC)), "Monday 09:30"
    assert due(date(2027, 1, 22), beijing("2027-01-26T11:00"), "Asia/Shanghai", FRIDAYS, CHINA).now
    late = due(date(2027, 1, 22), beijing("2027-01-27T11:00"), "Asia/Shanghai", FRIDAYS, CHINA)
    assert (late.now, late.planned) == (False, date(2027, 1, 29)), "two days before the next one it is left out"


def test_the_digest_comes_on_the_managers_next_working_day() -> None:
    thursday, friday = date(2027, 1, 21), date(2027, 1, 22)
    ten_in_new_york = datetime(2027, 1, 21, 15, tzinfo=UTC)
    assert digest_day(thursday, ten_in_new_york, "Europe/Berlin", GERMANY) == friday
    assert digest_day(thursday, ten_in_new_york, "Asia/Shanghai", CHINA) == friday
    late_there = datetime(2027, 1, 22, 3, tzinfo=UTC)  # Thursday 22:00 in New York, Friday 11:00 in Shanghai
    assert digest_day(thursday, late_there, "Asia/Shanghai", CHINA) == date(2027, 1, 25)
    assert digest_day(date(2027, 3, 25), datetime(2027, 3, 25, 9, tzinfo=UTC), "Europe/Berlin", GERMANY) == date(
        2027, 3, 30
    ), "behind Easter"


def test_only_a_recent_answer_makes_a_prompt_needless() -> None:
    assert answered_lately([on(18)], date(2027, 1, 21), Rhythm.WEEKLY)
    assert not answered_lately([on(17)], date(2027, 1, 21), Rhythm.WEEKLY)
    assert answered_lately([on(15)], date(2027, 1, 21), Rhythm.TWO_WEEKS)
    assert not answered_lately([], date(2027, 1, 21), Rhythm.WEEKLY)


# What ---------------------------------------------------------------------------------------


def test_same_repeats_what_still_stands() -> None:
    assert [(item.goal_id, item.value) for item in same_again(on(14), [TWO])] == [("g2", 102)]
    with pytest.raises(Refused, match="no earlier value"):
        same_again(None, [ONE])
    with pytest.raises(Refused, match="no earlier value"):
        same_again(on(14), [replace(ONE, id="new")])


def test_same_keeps_a_note_and_drops_what_blocked() -> None:
    present = replace(on(21, Kind.BLOCKED), blocking="price", help_wanted=("price",), note="Back soon")
    after = answered_same(present, on(14), [ONE, TWO])
    assert (after.kind, after.blocking, after.help_wanted, after.note) == (Kind.SAME, "", (), "Back soon")


def test_what_blocks_makes_an_answer_a_blocked_one() -> None:
    open_one = on(21, Kind.OPEN)
    assert answered(open_one, (), note="", blocking="price", help_wanted=["price"]).kind is Kind.BLOCKED
    assert answered(open_one, (), note="", blocking="", help_wanted=[]).kind is Kind.UPDATE


def test_an_answer_is_final_once_told_but_a_late_one_is_welcome() -> None:
    with pytest.raises(Refused, match="has this answer already"):
        answered(replace(on(21), told=True), (), note="", blocking="", help_wanted=[])
    with pytest.raises(Refused, match="closed"):
        answered(on(21, Kind.MISSED), (), note="", blocking="", help_wanted=[])
    late = replace(on(21, Kind.OPEN), told=True)
    assert answered(late, (), note="late", blocking="", help_wanted=[]).note == "late"


def test_what_turned_is_what_differs_in_confidence() -> None:
    before, after = on(14, Kind.UPDATE, ON, RISK), on(21, Kind.UPDATE, RISK, RISK)
    assert turned(after, before) == (Turned("g1", ON, RISK),)
    assert turned(after, None) == ()


@pytest.mark.parametrize(
    ("checkin", "before", "needed"),
    [
        (on(21, Kind.UPDATE, OFF), on(14, Kind.UPDATE, RISK), True),
        (on(21, Kind.UPDATE, ON), on(14, Kind.UPDATE, RISK), False),
        (on(21, Kind.UPDATE, RISK), on(14, Kind.UPDATE, RISK), False),
        (replace(on(21, Kind.BLOCKED), blocking="price"), None, True),
        (replace(on(21), help_wanted=("price",)), None, True),
        (on(21), None, False),
    ],
    ids=["worse", "better", "as before", "blocked", "help", "first"],
)
def test_a_manager_looks_first_at_what_got_worse_or_wants_help(
    checkin: Checkin, before: Checkin | None, needed: bool
) -> None:
    assert needs_attention(checkin, before) is needed


def test_same_twice_is_asked_about_once() -> None:
    same = on(21, Kind.SAME)
    assert kind_question([on(7)], same) is None
    assert kind_question([on(7), on(14, Kind.SAME)], same) is not None
    assert kind_question([on(1), on(7, Kind.SAME), on(14, Kind.SAME)], same) is None


def test_the_same_words_again_are_asked_about() -> None:
    said = "Waiting for the tender to open"
    assert kind_question([on(14, note=said)], on(21, note=said)) is not None
    assert kind_question([on(14, note=said)], on(21, note="Signed with the harbour")) is None


def test_words_that_were_asked_about_before_they_were_sent_are_not_asked_about_again() -> None:
    said, before = "Still waiting", [on(14, note="Still waiting")]
    assert question_before_sending(before, on(21, note=said)) is not None
    assert kind_question(before, on(21, note=said)) is None


def test_three_silent_check_ins_in_a_row_are_ignored_ones() -> None:
    silent = [on(day, Kind.MISSED) for day in (7, 14)]
    assert not ignored([on(1), *silent])
    assert ignored([on(1), *silent, on(21, Kind.OPEN)])
    assert not ignored([*silent, on(21), on(22, Kind.OPEN)])


# A pause ------------------------------------------------------------------------------------

TODAY = date(2027, 1, 4)


@pytest.mark.parametrize(
    "typed", ["until 2027-02-01", "2027-2-1", "UNTIL 2027/02/01", "到 2027年2月1日", "to 2027.02.01"]
)
def test_a_pause_is_read_as_people_write_dates(typed: str) -> None:
    assert pause_until(typed, TODAY) == date(2027, 2, 1)


@pytest.mark.parametrize("typed", ["", "until", "soon", "2027-13-01", "2027-02-30", "01.02.2027", "0000-01-01"])
def test_what_is_no_date_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match="like this: 2027-02-01"):
        pause_until(typed, TODAY)


@pytest.mark.parametrize("typed", ["2027-01-04", "2026-12-31", "2028-01-06"])
def test_a_pause_ends_after_today_and_within_a_year(typed: str) -> None:
    with pytest.raises(Refused):
        pause_until(typed, TODAY)
