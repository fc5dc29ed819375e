"""How a manager answers, as numbers: worked examples on a calendar of Monday to Friday."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.checkin import Checkin, Kind
from bot.domain.coaching import Answering, Round, answering
from bot.domain.refusal import Refused
from bot.domain.support import (
    State,
    Support,
    Useful,
    asked,
    asked_before,
    declined,
    delivered,
    promised,
    rated,
    withdrawn,
)

BERLIN = "Europe/Berlin"
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (date(2027, 1, day) for day in (22, 25, 26, 27))


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def request(state: State = State.ASKED, on: date = FRIDAY, **more: object) -> Support:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return Support("r", "c", "e", on, "m", at, ("price",), "No price list", state, **more)


def numbers(rounds: list[Round], requests: list[Support], reports: int = 3) -> Answering:
    noon = datetime(2027, 1, 27, 11, tzinfo=UTC)
    return answering(rounds, requests, reports, noon, BERLIN, weekdays)


def test_a_young_digest_counts_once_it_is_answered_and_an_old_one_always() -> None:
    found = numbers([Round(FRIDAY, None), Round(MONDAY, None), Round(TUESDAY, TUESDAY)], [])
    assert (found.answered, found.digests, found.days) == (1, 2, 0)


def test_how_quickly_is_the_usual_number_of_working_days() -> None:
    found = numbers([Round(FRIDAY, MONDAY), Round(FRIDAY, TUESDAY), Round(FRIDAY, WEDNESDAY)], [])
    assert found.days == 2
    assert numbers([], []).days is None


def test_a_request_is_left_alone_after_two_working_days_and_a_promise_is_kept_on_its_day() -> None:
    kept = request(State.DELIVERED, due=TUESDAY, delivered_on=TUESDAY)
    late = request(State.DELIVERED, due=MONDAY, delivered_on=TUESDAY)
    overdue, to_come = request(State.PROMISED, due=TUESDAY), request(State.PROMISED, due=WEDNESDAY)
    found = numbers([], [request(), request(on=MONDAY), kept, late, overdue, to_come])
    assert (found.waiting, found.promises, found.kept) == (1, 3, 1)
    assert found.tells_support
    assert not numbers([], [request()], reports=2).tells_support


def test_the_same_words_ask_once_and_new_ones_again() -> None:
    later = Checkin("c", "e", WEDNESDAY, Kind.BLOCKED, blocking="No price list!", help_wanted=("price",))
    assert asked_before(later, [request()]) == request()
    assert asked_before(later, [request(State.DELIVERED)]) is None
    other = Checkin(
        "c", "e", WEDNESDAY, Kind.BLOCKED, blocking="The samples are stuck in customs", help_wanted=("price",)
    )
    assert asked_before(other, [request()]) is None
    assert asked(other, datetime(2027, 1, 27, tzinfo=UTC)).what == "The samples are stuck in customs"


def test_what_may_become_of_a_request() -> None:
    def promise(one: Support) -> Support:
        return promised(one, kind="lead", promise="A name", by="m", due=MONDAY, today=FRIDAY)

    waiting = request()
    assert promise(promise(waiting)).kinds == ("price", "lead"), "a promise may be changed"
    arrived = delivered(promise(waiting), MONDAY)
    assert rated(arrived, Useful.PARTLY).useful is Useful.PARTLY
    for impossible in (
        lambda: delivered(waiting, MONDAY),
        lambda: rated(waiting, Useful.YES),
        lambda: rated(rated(arrived, Useful.YES), Useful.NO),
        lambda: promise(arrived),
        lambda: declined(arrived, "no"),
        lambda: withdrawn(declined(waiting, "The price is set in Shanghai")),
    ):
        with pytest.raises(Refused, match="settled meanwhile"):
            impossible()
