"""Timers: each runs once; setting one again moves it; a failing one blocks nobody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import timers
from bot.store.db import Database

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def test_a_timer_runs_once_and_not_before_its_time(database: Database) -> None:
    with database.unit_of_work() as session:
        timers.remind(session, "checkins.ask", "U1", "c1", NOW + HOUR)
        assert timers.take_due(session, NOW) is None
        taken = timers.take_due(session, NOW + HOUR)
        assert taken is not None
        assert (taken.step, taken.person_id, taken.carry) == ("checkins.ask", "U1", "c1")
        assert timers.take_due(session, NOW + HOUR) is None


def test_setting_a_timer_again_moves_it(database: Database) -> None:
    with database.unit_of_work() as session:
        timers.remind(session, "checkins.ask", "U1", "c1", NOW)
        timers.remind(session, "checkins.ask", "U1", "c1", NOW + HOUR)
        assert timers.take_due(session, NOW) is None
        assert timers.next_due(session) == NOW + HOUR


def test_a_step_that_rolls_back_leaves_its_timer(database: Database) -> None:
    with database.unit_of_work() as session:
        timers.remind(session, "checkins.ask", "U1", "c1", NOW)
    with pytest.raises(ZeroDivisionError):
        _take_and_break(database)
    with database.unit_of_work() as session:
        assert timers.take_due(session, NOW)


def _take_and_break(database: Database) -> None:
    with database.unit_of_work() as session:
        timers.take_due(session, NOW)
        1 / 0  # noqa: B018 - a step that breaks


def test_a_failing_step_is_pushed_back_and_in_the_end_kept_for_hr(database: Database) -> None:
    with database.unit_of_work() as session:
        timers.remind(session, "bad.step", "U1", "", NOW)
        timers.remind(session, "good.step", "U2", "", NOW + timedelta(seconds=1))
    moment = NOW + HOUR
    with database.unit_of_work() as session:
        failing = timers.take_due(session, moment)
        assert failing is not None
        timers.remind(session, failing.step, failing.person_id, failing.carry, failing.due)
        timers.push_back(session, failing, moment, "7F3A")
        following = timers.take_due(session, moment)
        assert following is not None
        assert following.step == "good.step"


def test_a_cancelled_timer_never_runs(database: Database) -> None:
    with database.unit_of_work() as session:
        timers.remind(session, "checkins.ask", "U1", "c1", NOW)
        timers.forget(session, "checkins.ask", "U1", "c1")
        assert timers.take_due(session, NOW + HOUR) is None


def test_a_timer_set_while_another_worker_takes_it_is_due_again(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer")
    with database.unit_of_work() as session:
        timers.remind(session, "onboarding.greet", "U1", "", NOW)
    with ThreadPoolExecutor(1) as crowd:
        with database.unit_of_work() as taking:
            assert timers.take_due(taking, NOW)
            setting = crowd.submit(_sets_again, database)
            wait([setting], timeout=0.5)
        setting.result(timeout=10)
    with database.unit_of_work() as session:
        assert timers.next_due(session) == NOW + HOUR


def _sets_again(database: Database) -> None:
    with database.unit_of_work() as session:
        timers.remind(session, "onboarding.greet", "U1", "", NOW + HOUR)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_two_workers_are_never_busy_with_one_person_at_once(database: Database) -> None:
    with database.unit_of_work() as session:
        for step, person in (("checkins.ask", "U1"), ("peers.nudge", "U1"), ("reviews.ask", "U2")):
            timers.remind(session, step, person, "c1", NOW)
    with database.unit_of_work() as one:
        assert timers.take_due(one, NOW)
        with database.unit_of_work() as other:
            with pytest.raises(timers.Busy) as busy:  # what the first one says is not there to be counted yet
                timers.take_due(other, NOW)
            assert busy.value.person_id == "U1"
            assert timers.take_due(other, NOW, busy={"U1"}), "somebody else's timer is free"
    with database.unit_of_work() as other:
        assert timers.take_due(other, NOW)
