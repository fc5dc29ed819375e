"""What becomes of a reading of the company's directory: by how many change, and since when somebody is missing."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.directory import DirectoryRow
from bot.domain.directory_reading import Handling, check_people, for_slack, handling, last_day, next_night
from bot.domain.refusal import Refused

MONDAY, TUESDAY = date(2027, 1, 4), date(2027, 1, 5)


@pytest.mark.parametrize(
    ("changed", "leaving", "absent", "known", "what"),
    [
        (5, 0, 0, 0, Handling.UNASKED),
        (6, 0, 0, 0, Handling.ASKED),
        (3, 2, 0, 40, Handling.UNASKED),
        (3, 3, 0, 40, Handling.ASKED),
        (10, 0, 0, 200, Handling.UNASKED),
        (11, 0, 0, 200, Handling.ASKED),
        (0, 8, 0, 40, Handling.ASKED),
        (0, 9, 0, 40, Handling.BROKEN),
        (0, 1, 0, 5, Handling.UNASKED),
        (0, 1, 0, 4, Handling.BROKEN),
        (1, 0, 9, 40, Handling.BROKEN),
        (1, 0, 8, 40, Handling.UNASKED),
    ],
)
def test_few_changes_come_by_themselves_more_are_shown_and_too_many_leavers_are_a_broken_source(
    changed: int, leaving: int, absent: int, known: int, what: Handling
) -> None:
    assert handling(changed, leaving, absent, known) is what


def test_who_is_missing_once_or_twice_on_a_day_has_not_left_unless_it_is_said() -> None:
    assert last_day(TUESDAY, TUESDAY, said=False) is None
    assert last_day(MONDAY, TUESDAY, said=False) == date(2027, 1, 3)
    assert last_day(TUESDAY, TUESDAY, said=True) == MONDAY


def test_people_are_read_at_night_where_whoever_named_the_source_is() -> None:
    assert next_night(datetime(2027, 1, 4, 1, tzinfo=UTC), "Asia/Shanghai") == datetime(2027, 1, 4, 18, tzinfo=UTC)
    assert next_night(datetime(2027, 1, 4, 1, tzinfo=UTC), "UTC") == datetime(2027, 1, 4, 2, tzinfo=UTC)
    assert next_night(datetime(2027, 1, 4, 2, tzinfo=UTC), "UTC") == datetime(2027, 1, 5, 2, tzinfo=UTC)


def row(line: int, who: str, manager: str | None = "", *, active: bool = True) -> DirectoryRow:
    above = f"{manager}@x.example" if manager else manager
    return DirectoryRow(line, f"{who}@X.example", who.title(), "Sales", "Seller", above, active=active)


@pytest.mark.parametrize(
    ("rows", "line", "why"),
    [
        ([row(1, "ana"), row(2, "bo"), row(3, "ana")], 3, "{email} is already on line {first}."),
        ([row(1, "ana", "bo"), row(2, "bo", "ana")], 1, "the managers form a loop: {loop}."),
        ([row(1, "ana", "ana")], 1, "the managers form a loop: {loop}."),
    ],
)
def test_who_stands_twice_or_above_themself_is_named_with_the_line(
    rows: list[DirectoryRow], line: int, why: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_people(rows)
    facts = refused.value.sentence.facts
    assert (facts["line"], facts["why"].text) == (line, why)


def test_an_old_record_of_somebody_who_is_back_says_nothing_and_a_manager_elsewhere_is_no_mistake() -> None:
    nameless = DirectoryRow(4, " ", "Conveyor belt")
    rows = check_people([row(1, "ana", active=False), row(2, "ana", "boss"), row(3, "cy", active=False), nameless])
    assert [(one.line, one.email, one.active) for one in rows] == [
        (2, "ana@x.example", True),
        (3, "cy@x.example", False),
    ]


def test_nobody_at_all_is_no_answer() -> None:
    with pytest.raises(Refused, match="without a single person"):
        check_people([row(1, "ana", active=False)])


def test_who_is_not_in_slack_is_left_aside_and_whom_they_lead_keeps_the_manager_they_have() -> None:
    rows = check_people([row(1, "ana", "boss"), row(2, "boss"), row(3, "bo", "ana")])
    here, aside = for_slack(rows, ["Ana@x.example", "bo@x.example"])
    assert [(one.email, one.manager_email) for one in here] == [
        ("ana@x.example", None),
        ("bo@x.example", "ana@x.example"),
    ]
    assert aside == ("boss@x.example",)
