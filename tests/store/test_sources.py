"""A source is read by one worker at a time, and again by another when that one was lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.endpoint import Endpoint
from bot.domain.refusal import sentence
from bot.store import sources
from bot.store.db import Database
from bot.store.schema import METADATA
from bot.store.sources import LEASE, Every, Plan, Source

NOW = datetime(2027, 1, 4, 1, tzinfo=UTC)
PLAN = Plan("Orders", Endpoint("https://erp.example/v", {"email": "e"}), Every.DAY, 3, by_itself=False)


def fresh(database_url: str) -> Database:
    database = Database(database_url)
    METADATA.create_all(database.engine)
    with database.unit_of_work() as session:
        sources.keep(session, PLAN, by="U1", at=NOW)
    return database


def takes(database: Database, after: timedelta = timedelta(0)) -> Source | None:
    with database.unit_of_work() as session:
        return sources.take_due(session, NOW + after, NOW + after)


def test_one_worker_reads_a_source_and_another_takes_it_when_that_one_is_lost(database_url: str) -> None:
    database = fresh(database_url)
    assert takes(database)
    assert takes(database) is None
    assert takes(database, LEASE + timedelta(seconds=1))
    database.close()


def test_a_source_that_was_read_is_due_again_a_day_later(database_url: str) -> None:
    database = fresh(database_url)
    source = takes(database)
    with database.unit_of_work() as session:
        sources.was_read(session, source, NOW, None)
    assert takes(database, timedelta(hours=23)) is None
    assert takes(database, timedelta(hours=24))
    database.close()


def test_a_reading_that_failed_is_tried_again_within_hours_and_ever_more_rarely(database_url: str) -> None:
    database, too_slow, tried = fresh(database_url), sentence("Too slow, {n} times", n=3), []
    for hour in range(80):
        if source := takes(database, timedelta(hours=hour)):
            with database.unit_of_work() as session:
                sources.was_read(session, source, NOW + timedelta(hours=hour), too_slow)
                assert sources.get(session, source.id).problem == too_slow
            tried.append(hour)
    assert tried == [0, 1, 3, 7, 15, 31, 55, 79]
    database.close()


def test_what_was_changed_while_it_was_read_is_read_again(database_url: str) -> None:
    database = fresh(database_url)
    source = takes(database)
    with database.unit_of_work() as session:
        other = Plan("Orders", Endpoint("https://erp.example/w", {"email": "e"}), Every.DAY, 3, by_itself=False)
        sources.keep(session, other, by="U1", at=NOW, source_id=source.id)
        sources.was_read(session, source, NOW, None)
    assert takes(database).plan.endpoint.url.endswith("/w")
    database.close()


def test_a_rhythm_that_was_changed_while_it_was_read_is_the_one_that_counts(database_url: str) -> None:
    database = fresh(database_url)
    source = takes(database)
    with database.unit_of_work() as session:
        sources.keep(session, replace(PLAN, every=Every.HOUR), by="U1", at=NOW, source_id=source.id)
        sources.was_read(session, source, NOW, None)
    assert takes(database, timedelta(hours=1))
    database.close()


def test_a_test_asked_for_meanwhile_is_not_forgotten(database_url: str) -> None:
    database = fresh(database_url)
    source = takes(database)
    with database.unit_of_work() as session:
        sources.ask_test(session, source.id, "U2")
        sources.was_read(session, source, NOW, None)
    assert takes(database).asked_by == "U2"
    database.close()


def test_a_test_goes_first_and_is_no_reading(database_url: str) -> None:
    database = fresh(database_url)
    failed = sentence("Too slow, {n} times", n=3)
    with database.unit_of_work() as session:
        (one,) = sources.every(session)
        sources.ask_test(session, one.id, "U2")
    tested = takes(database)
    with database.unit_of_work() as session:
        sources.was_tested(session, tested, [], failed)
        found = sources.get(session, tested.id)
    assert (tested.asked_by, found.asked_by) == ("U2", "")
    assert (found.fault, found.problem, found.read_at) == (failed, None, None)
    assert takes(database).asked_by == "", "what was due is due still"
    database.close()
