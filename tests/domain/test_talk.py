"""When two people talk: the rhythm as it falls for each, and what counts as the talk that was meant."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.talk import Terms, next_talk

WEDNESDAY = date(2027, 1, 20)
OFF = frozenset({date(2027, 2, 3)})


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


@pytest.mark.parametrize(
    ("weeks", "after", "day"),
    [
        (1, "2027-01-04", date(2027, 1, 20)),  # not before the first
        (1, "2027-01-21", date(2027, 1, 27)),
        (2, "2027-01-21", date(2027, 2, 4)),  # the third is a holiday
        (4, "2027-01-21", date(2027, 2, 17)),
        (0, "2027-01-04", None),
    ],
)
def test_the_next_talk_falls_on_its_weekday_or_the_working_day_after(weeks: int, after: str, day: date | None) -> None:
    found = next_talk(
        Terms(weeks, WEDNESDAY), datetime.fromisoformat(after).replace(tzinfo=UTC), "Asia/Shanghai", works
    )
    assert (found.local_date if found else None) == day


@pytest.mark.parametrize(("days", "settled"), [(-3, False), (-2, True), (0, True), (2, True), (3, False)])
def test_a_talk_within_two_days_is_the_one_that_was_meant(days: int, settled: object) -> None:
    day = WEDNESDAY + timedelta(days=days)
    assert Terms(last_on=WEDNESDAY).is_settled(day) is settled
    assert Terms(skipped_on=WEDNESDAY).is_settled(day) is settled
    assert not Terms(skipped_on=WEDNESDAY).met_on(day)
