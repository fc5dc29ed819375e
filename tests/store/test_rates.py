"""How fast Slack is called: evenly, shared by workers, learned from what Slack answers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.store import outbox, outbox_upkeep, rates, sending
from bot.store.db import Database
from bot.store.outbox import EDIT, POST, PUBLISH
from bot.store.rates import Limit

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SLOW = Limit(120, 600)
"""Two a second to begin with."""
LIMITS = {POST: SLOW, EDIT: SLOW, PUBLISH: SLOW, sending.EACH_PERSON: Limit(60, 60)}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def want(session: Session, key: str, person: str, *, urgent: bool = False) -> None:
    outbox.want(session, key, person, {"text": key}, NOW, urgent=urgent, kind=outbox.MESSAGE)


def prompts(database: Database, count: int) -> None:
    with database.unit_of_work() as session:
        for n in range(count):
            want(session, f"prompt/{n:04}", f"U{n}")


def sends(database: Database, at: datetime, most: int = 20) -> list[str]:
    """What one worker claims and sends at a moment."""
    with database.unit_of_work() as session:
        claim = sending.claim(session, at, LIMITS, most)
        for one in claim.rows:
            sending.record_sent(session, one, "D1", one.key)
        return [one.key for one in claim.rows]


def for_seconds(database: Database, seconds: float, work: Callable[[datetime], int], start: datetime = NOW) -> int:
    """Look every tenth of a second, as somebody in a hurry would."""
    return sum(work(start + timedelta(seconds=n / 10)) for n in range(int(seconds * 10)))


def pace(database: Database) -> float:
    with database.unit_of_work() as session:
        return rates.per_minute(session, POST, SLOW) / 60


def test_prompts_go_out_evenly(database: Database) -> None:
    prompts(database, 40)
    each_second = [
        for_seconds(database, 1, lambda at: len(sends(database, at)), NOW + timedelta(seconds=n)) for n in range(5)
    ]
    assert max(each_second) <= 3
    assert sum(each_second) >= 10


def test_two_workers_share_one_pace(database: Database) -> None:
    prompts(database, 60)
    sent = for_seconds(database, 5, lambda at: len(sends(database, at)) + len(sends(database, at)))
    assert 10 <= sent <= 14


def test_a_click_is_answered_at_once_while_prompts_wait_for_their_turn(database: Database) -> None:
    prompts(database, 40)
    sends(database, NOW)
    assert sends(database, NOW) == []
    with database.unit_of_work() as session:
        want(session, "answer", "U9999", urgent=True)
    assert sends(database, NOW) == ["answer"]


def test_some_room_is_kept_for_clicks_and_prompts_that_find_none_wait_for_whatever_ends(database: Database) -> None:
    prompts(database, 30)
    quick = dict.fromkeys(LIMITS, Limit(60_000_000, 60_000_000))

    def claimed(most: int) -> sending.Claim:
        with database.unit_of_work() as session:
            return sending.claim(session, NOW, quick, most, for_clicks=5)

    assert len(claimed(20).rows) == 15
    assert claimed(5) == sending.Claim([], None)
    with database.unit_of_work() as session:
        want(session, "answer", "U9999", urgent=True)
    assert [one.key for one in claimed(5).rows] == ["answer"]


def test_who_waits_is_told_when_the_next_one_may_go(database: Database) -> None:
    prompts(database, 3)
    with database.unit_of_work() as session:
        first = sending.claim(session, NOW, LIMITS, 20)
    assert len(first.rows) == 1
    assert first.more_at is not None
    assert NOW < first.more_at <= NOW + timedelta(seconds=0.5)
    assert sends(database, first.more_at)


def test_one_person_gets_a_few_messages_at_once_and_then_one_a_second(database: Database) -> None:
    with database.unit_of_work() as session:
        for n in range(12):
            want(session, f"answer/{n:02}", "U1", urgent=True)
    quick = dict.fromkeys(LIMITS, Limit(60_000, 60_000)) | {sending.EACH_PERSON: Limit(60, 60)}

    def now(at: datetime) -> int:
        with database.unit_of_work() as session:
            claim = sending.claim(session, at, quick, 20)
            for one in claim.rows:
                sending.record_sent(session, one, "D1", one.key)
            return len(claim.rows)

    assert now(NOW) == 6
    assert now(NOW + timedelta(seconds=0.5)) == 0
    assert now(NOW + timedelta(seconds=1)) == 1
    assert now(NOW + timedelta(seconds=3)) == 2


def test_when_slack_says_no_everyone_waits_and_then_goes_slower(database: Database) -> None:
    prompts(database, 40)
    before = pace(database)
    sends(database, NOW)
    with database.unit_of_work() as session:
        rates.close(session, POST, SLOW, NOW, 7)
        rates.close(session, POST, SLOW, NOW, 7)  # two calls were under way together
    assert for_seconds(database, 7, lambda at: len(sends(database, at))) == 0
    assert sends(database, NOW + timedelta(seconds=8))
    assert pace(database) == pytest.approx(before * rates.A_LITTLE, rel=0.02)


def test_an_edit_goes_out_while_posting_is_closed(database: Database) -> None:
    prompts(database, 2)
    (key,) = sends(database, NOW)
    with database.unit_of_work() as session:
        rates.close(session, POST, SLOW, NOW, 30)
        outbox.want(session, key, "U0", {"text": "Thanks"}, NOW, urgent=True, kind=outbox.MESSAGE)
    assert sends(database, NOW + timedelta(seconds=1)) == [key]


def slack_with_a_cap(database: Database, cap: float, seconds: int) -> tuple[int, int, int]:
    """Live with a Slack that takes so many a second and says so only by refusing: how many sent and how often refused.

    Both after the first third of the time, in which Cairn finds out; and how often refused in all.
    """
    taken: list[datetime] = []
    refused: list[datetime] = []

    def look(at: datetime) -> int:
        with database.unit_of_work() as session:
            claim = sending.claim(session, at, LIMITS, 20)
            for one in claim.rows:
                if len([moment for moment in taken if at - moment < timedelta(seconds=4)]) >= cap * 4:
                    refused.append(at)
                    rates.close(session, POST, SLOW, at, 1)
                    sending.put_back(session, one, at + timedelta(seconds=1))
                else:
                    taken.append(at)
                    sending.record_sent(session, one, "D1", one.key)
        return 0

    for_seconds(database, seconds, look)
    settled = NOW + timedelta(seconds=seconds / 3)
    late = [len([moment for moment in moments if moment > settled]) for moments in (taken, refused)]
    return late[0], late[1], len(refused)


@pytest.mark.parametrize(("cap", "seconds"), [(1.0, 90), (5.0, 90), (8.0, 180)])
def test_the_pace_settles_just_below_what_slack_takes(database: Database, cap: float, seconds: int) -> None:
    prompts(database, int(seconds * cap))
    sent, refused, in_all = slack_with_a_cap(database, cap, seconds)
    assert sent >= 0.93 * cap * seconds * 2 / 3
    assert refused <= 0.02 * sent
    assert in_all <= 12
    assert pace(database) >= 0.93 * cap


@pytest.mark.parametrize("retry_after", [1, 30])
def test_a_storm_of_refusals_is_forgotten_soon_after_it(database: Database, retry_after: int) -> None:
    """A Slack that refuses everything for a while; afterwards it takes everything again."""
    prompts(database, 900)
    end = NOW + timedelta(minutes=10)

    def is_refused(at: datetime) -> int:
        with database.unit_of_work() as session:
            claim = sending.claim(session, at, LIMITS, 20)
            for one in claim.rows:
                rates.close(session, POST, SLOW, at, retry_after)
                sending.put_back(session, one, at + timedelta(seconds=retry_after))
        return 0

    each_second(is_refused, NOW, end)
    assert pace(database) >= rates.SLOWEST * SLOW.per_minute / 60 * 0.99
    assert each_second(lambda at: len(sends(database, at)), end, end + timedelta(minutes=13)) >= 500
    assert pace(database) > SLOW.per_minute / 60 * 0.8


def each_second(work: Callable[[datetime], int], start: datetime, end: datetime) -> int:
    return sum(work(start + timedelta(seconds=n)) for n in range(int((end - start).total_seconds())))


def test_the_pace_is_sought_fast_far_below_what_was_good_and_slowly_near_it(database: Database) -> None:
    later = NOW + rates.HOLD * 2
    with database.unit_of_work() as session:
        row = rates.bucket(session, POST, SLOW, NOW)
        rates.close(session, POST, SLOW, NOW, 1)
        good, row.apart = row.apart, row.apart * 3
        rates.quicken(row, 10, SLOW, later)
        assert row.apart < good * 3 * 0.95
        row.apart = good
        rates.quicken(row, 10, SLOW, later)
        assert good * 0.99 < row.apart < good


def test_a_bucket_that_a_wrong_clock_closed_opens_again(database: Database) -> None:
    prompts(database, 3)
    sends(database, NOW + timedelta(days=1))
    assert sends(database, NOW)


def test_what_a_wrong_clock_put_off_is_waited_for_ten_minutes_at_most(database: Database) -> None:
    tomorrow = NOW + timedelta(days=1)
    with database.unit_of_work() as session:
        outbox.want(session, "a", "U1", {"text": "a"}, tomorrow, urgent=True, kind=outbox.MESSAGE)
        outbox.want(session, "b", "U2", {"text": "b"}, NOW, urgent=True, kind=outbox.MESSAGE)
        sending.claim(session, tomorrow, LIMITS, 20)  # and this worker died
        outbox_upkeep.straighten(session, NOW)
    later = NOW + sending.LONGEST_WAIT
    assert sorted(sends(database, later)) == ["a", "b"]


def test_many_messages_to_one_person_speed_nobody_up(database: Database) -> None:
    before = pace(database)
    with database.unit_of_work() as session:
        for n in range(40):
            want(session, f"answer/{n:02}", "U1", urgent=True)
    for_seconds(database, 30, lambda at: len(sends(database, at)))
    assert pace(database) <= before * 1.1  # the first ones waited for the method, the others for the person


def test_places_in_the_line_are_given_out_once_and_none_to_whoever_has_no_patience(database: Database) -> None:
    patience = timedelta(seconds=10)

    def asks(at: datetime) -> timedelta:
        with database.unit_of_work() as session:
            return rates.book(session, "users.list", Limit(20, 20), at, patience)

    waits = [asks(NOW).total_seconds() for _ in range(8)]
    assert waits == [0, 1.5, 4.5, 7.5, 10.5, 10.5, 10.5, 10.5]
    assert asks(NOW + timedelta(seconds=1)).total_seconds() == 9.5
    with database.unit_of_work() as session:
        rates.close(session, "users.list", Limit(20, 20), NOW, 60)
    assert asks(NOW).total_seconds() > 55
