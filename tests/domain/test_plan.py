"""Improvement plans on paper: a clock that never takes time from the person, and what is asked before one begins."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadence import add_working_days, working_days_between
from bot.domain.plan import (
    IN_TIME,
    LENGTHS,
    RHYTHMS,
    Ground,
    Outcome,
    Plan,
    Proposal,
    Source,
    Standing,
    Written,
    check_outcome,
    check_second,
    check_standard,
    check_start,
    clock,
    facts_of,
    more_days,
    must_have_heard,
    to_write,
)
from bot.domain.refusal import Refused

MONDAY = date(2027, 3, 1)
BLANK = Plan("p", "emily", "thomas", "mei", "", (), "", (), "", (), MONDAY)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def written(n: int, day: date) -> Written:
    return Written(n, day, Standing.PARTLY, "", "")


def with_leave(first: int, length: int) -> Callable[[date], bool]:
    """Weekdays, less some days away."""
    leave = {MONDAY + timedelta(days=first + n) for n in range(length)}
    return lambda day: weekdays(day) and day not in leave


def lived(plan: Plan, delays: list[int], works: Callable[[date], bool]) -> Plan:
    """Each checkpoint is written so many working days after its day."""
    for n, delay in enumerate(delays, 1):
        slots = clock(plan, MONDAY, works).slots
        if n <= len(slots):
            plan = replace(plan, written=(*plan.written, written(n, add_working_days(slots[n - 1].day, delay, works))))
    return plan


plans = st.builds(lambda days, every: replace(BLANK, days=days, every=every), st.sampled_from(LENGTHS),
                  st.sampled_from(RHYTHMS))  # fmt: skip
calendars = st.builds(with_leave, st.integers(0, 60), st.integers(0, 15))


@given(plans, st.lists(st.integers(0, 12), max_size=12), st.integers(0, 200), calendars)
def test_a_missed_checkpoint_never_shortens_the_persons_time(
    plan: Plan, delays: list[int], later: int, works: Callable[[date], bool]
) -> None:
    plan = lived(plan, delays, works)
    newest = max((one.day for one in plan.written), default=MONDAY)
    where = clock(plan, newest + timedelta(days=later), works)
    planned = plan.starts_on + timedelta(days=plan.days)
    assert where.ends_on >= planned
    stood_still = {
        day
        for slot in where.slots
        for n in range((max(slot.written_on or where.today, slot.until) - slot.until).days)
        if works(day := slot.until + timedelta(days=n + 1))
    }
    assert len(stood_still) == where.lost, "no day is counted twice"
    ran = working_days_between(plan.starts_on, where.ends_on, works) - len(stood_still)
    assert ran == working_days_between(plan.starts_on, planned, works), "what was promised is what runs"


@given(plans, st.lists(st.integers(0, IN_TIME), max_size=12), calendars)
def test_checkpoints_in_time_move_nothing(plan: Plan, delays: list[int], works: Callable[[date], bool]) -> None:
    where = clock(lived(plan, delays, works), MONDAY, works)
    assert (where.lost, where.ends_on) == (0, plan.starts_on + timedelta(days=plan.days))


@given(plans, st.integers(0, 120), st.integers(0, 30))
def test_the_longer_a_checkpoint_is_owed_the_later_the_end(plan: Plan, sooner: int, more: int) -> None:
    ends = [clock(plan, MONDAY + timedelta(days=days), weekdays).ends_on for days in (sooner, sooner + more)]
    assert ends == sorted(ends)


def test_a_plan_by_hand() -> None:
    plan = replace(BLANK, written=(written(1, date(2027, 3, 17)),))
    where = clock(plan, date(2027, 3, 18), weekdays)
    assert [slot.day for slot in where.slots] == [
        date(2027, 3, 8),
        date(2027, 3, 19),  # planned for the 15th, moved by the four working days from the 12th to the 17th
        date(2027, 3, 26),
        date(2027, 4, 2),
    ]
    assert where.slots[0].until == date(2027, 3, 11)
    assert where.lost == 4
    assert where.ends_on == date(2027, 4, 6), "31 March and four working days"
    assert not where.stands_still
    assert clock(plan, date(2027, 3, 25), weekdays).stands_still


def test_checkpoints_are_written_in_their_order_and_not_before_their_day() -> None:
    with pytest.raises(Refused, match="No checkpoint is due"):
        to_write(clock(BLANK, date(2027, 3, 7), weekdays))
    assert to_write(clock(BLANK, date(2027, 5, 1), weekdays)).n == 1


def test_a_plan_needs_something_that_was_said_before() -> None:
    with pytest.raises(Refused, match="cannot be the first that somebody hears of it"):
        must_have_heard([])
    heard = [Ground(Source.FEEDBACK, "f", MONDAY)]
    with pytest.raises(Refused, match="older than its first day"):
        check_start(MONDAY, MONDAY, heard)
    assert check_start(MONDAY + timedelta(days=1), MONDAY, heard) == date(2027, 3, 2)
    with pytest.raises(Refused, match="within two weeks"):
        check_start(MONDAY + timedelta(days=15), MONDAY, heard)


def test_facts_have_their_days() -> None:
    text = "2027-02-11: The offer to Basel went out\n• 2027年2月3日 报价晚了三天"
    assert facts_of(text, MONDAY, "facts") == (
        (date(2027, 2, 3), "报价晚了三天"),
        (date(2027, 2, 11), "The offer to Basel went out"),
    )
    for wrong in ("Often late", "2027-03-02 Tomorrow", "2027-02-30 No such day", "2027-02-03", ""):
        with pytest.raises(Refused):
            facts_of(wrong, MONDAY, "facts")


def test_a_standard_can_be_told_from_outside() -> None:
    assert check_standard("Nine of ten offers go out on the promised day, by 31 March", "standard")
    with pytest.raises(Refused, match="how one can tell"):
        check_standard("Offers go out in time and with more care than until now", "standard")


def test_an_end_needs_its_time_all_checkpoints_and_a_second_person() -> None:
    where = clock(BLANK, date(2027, 4, 20), weekdays)
    for outcome in Outcome:
        with pytest.raises(Refused):
            check_outcome(BLANK, where, outcome)
    plan = lived(BLANK, [0, 0, 0, 0], weekdays)
    before, after = clock(plan, date(2027, 3, 30), weekdays), clock(plan, date(2027, 3, 31), weekdays)
    check_outcome(plan, before, Outcome.COMPLETED)
    with pytest.raises(Refused, match="The plan runs until"):
        check_outcome(plan, before, Outcome.ENDED)
    check_outcome(plan, after, Outcome.ENDED)
    check_outcome(plan, after, Outcome.EXTENDED)
    with pytest.raises(Refused, match="extended once already"):
        check_outcome(replace(plan, more_days=30), after, Outcome.EXTENDED)
    proposed = replace(plan, proposal=Proposal(Outcome.ENDED, "thomas", ""))
    for somebody in ("thomas", "emily"):
        with pytest.raises(Refused, match="somebody else of HR"):
            check_second(proposed, somebody)
    assert check_second(proposed, "mei").outcome is Outcome.ENDED


def test_a_late_press_of_an_extension_costs_the_person_nothing() -> None:
    plan = lived(BLANK, [0, 0, 0, 0], weekdays)
    assert more_days(clock(plan, date(2027, 3, 29), weekdays)) == 30
    assert more_days(clock(plan, date(2027, 4, 10), weekdays)) == 40
    where = clock(replace(plan, more_days=40), date(2027, 4, 10), weekdays)
    assert (where.owed, where.lost, where.ends_on) == (None, 0, date(2027, 5, 10)), "and finds nothing overdue"
    assert [slot.day for slot in where.slots if not slot.written_on] == [
        date(2027, 4, 15), date(2027, 4, 22), date(2027, 4, 29), date(2027, 5, 6),
    ]  # fmt: skip
    in_time = clock(replace(plan, more_days=30), date(2027, 3, 31), weekdays)
    assert in_time.next.day == date(2027, 4, 5)
