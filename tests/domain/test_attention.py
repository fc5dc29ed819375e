"""The attention budget on paper: who gets a place, and what the figures say."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.attention import Asked, Attention, Figures, figures, has_room, monday_of, week_begins

AT = datetime(2027, 1, 5, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("a_week", "waits", "expires"), [(5, 2, 4), (3, 0, 2), (2, 0, 1), (1, 0, 0)], ids=["five", "three", "two", "one"]
)
def test_the_last_place_gathers_and_those_before_are_for_what_expires(a_week, waits, expires):
    own = {kind: sum(has_room(sent, a_week, kind) for sent in range(a_week)) for kind in Attention}
    assert (own[Attention.WAITS], own[Attention.EXPIRES], own[Attention.REMINDS]) == (waits, expires, expires)


def test_a_week_is_that_of_its_reader():
    sunday_evening = datetime(2027, 1, 10, 20, tzinfo=UTC)
    assert monday_of(sunday_evening, "America/New_York") == date(2027, 1, 4)
    assert monday_of(sunday_evening, "Asia/Shanghai") == date(2027, 1, 11)
    assert week_begins(date(2027, 1, 11), "Asia/Shanghai") == datetime(2027, 1, 10, 16, tzinfo=UTC)


def test_figures_count_and_give_a_median_of_enough_answers_only():
    took = [1, 2, 3, 10, 50]
    asked = [Asked(f"P{hours}", AT, AT + timedelta(hours=hours), merged=False) for hours in took]
    asked += [Asked("P1", AT, None, merged=False), Asked("P1", AT, None, merged=True), Asked("P1", AT, AT, merged=True)]
    assert figures(asked) == Figures(sent=6, merged=2, answered=6, median=timedelta(hours=3), most=3)
    assert figures(asked[1:]).median is None
    assert figures([]) == Figures(0, 0, 0, None, 0)
