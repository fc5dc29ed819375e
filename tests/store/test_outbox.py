"""The outbox: one key, one message; claimed once; in doubt, looked up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.slack.limits import UNHURRIED
from bot.store import outbox, sending
from bot.store.db import Database
from bot.store.schema import METADATA
from bot.store.sending import Wanted

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    METADATA.create_all(database.engine)
    yield database
    database.close()


def want(session: Session, key: str, text: str, *, urgent: bool = False) -> None:
    outbox.want(session, key, "U1", {"text": text, "blocks": []}, NOW, urgent=urgent, kind=outbox.MESSAGE)


def claim(session: Session, at: datetime = NOW, most: int = 10) -> list[Wanted]:
    return list(sending.claim(session, at, UNHURRIED, most).rows)


def test_what_is_wanted_is_claimed_by_one_worker_only(database: Database) -> None:
    with database.unit_of_work() as session:
        want(session, "a", "Hello")
    with database.unit_of_work() as session:
        (first,) = claim(session)
    with database.unit_of_work() as session:
        assert claim(session) == []
    assert (first.body["text"], first.in_doubt) == ("Hello", False)


def test_a_click_goes_ahead_of_prompts(database: Database) -> None:
    with database.unit_of_work() as session:
        want(session, "a/prompt", "How is it going?")
        want(session, "b/answer", "Thank you", urgent=True)
        assert [one.key for one in claim(session, most=1)] == ["b/answer"]


def test_the_same_words_again_change_nothing(database: Database) -> None:
    with database.unit_of_work() as session:
        want(session, "a", "Hello")
        (claimed,) = claim(session)
        sending.record_sent(session, claimed, "D1", "1.1")
        want(session, "a", "Hello")
        assert claim(session) == []


def test_new_words_edit_the_message_where_it_stands(database: Database) -> None:
    with database.unit_of_work() as session:
        want(session, "a", "Question")
        (claimed,) = claim(session)
        sending.record_sent(session, claimed, "D1", "1.1")
        want(session, "a", "Thanks")
        (again,) = claim(session)
    assert (again.channel, again.ts, again.body["text"]) == ("D1", "1.1", "Thanks")


def test_words_that_came_while_sending_are_sent_after(database: Database) -> None:
    with database.unit_of_work() as session:
        want(session, "a", "Question")
        (claimed,) = claim(session)
        want(session, "a", "Thanks")
        sending.record_sent(session, claimed, "D1", "1.1")
        assert [one.body["text"] for one in claim(session)] == ["Thanks"]


def test_a_worker_that_died_leaves_its_message_in_doubt(database: Database) -> None:
    with database.unit_of_work() as session:
        want(session, "a", "Hello")
        claim(session)
    with database.unit_of_work() as session:
        (again,) = claim(session, NOW + sending.LEASE)
    assert again.in_doubt


def test_a_doubt_stays_a_doubt_when_slack_asks_to_wait(database: Database) -> None:
    later = NOW + sending.LEASE
    with database.unit_of_work() as session:
        want(session, "a", "Hello")
        claim(session)
        (doubtful,) = claim(session, later)
        sending.put_back(session, doubtful, later + timedelta(seconds=30))
        assert claim(session, later + timedelta(seconds=29)) == []
        (again,) = claim(session, later + timedelta(seconds=30))
    assert again.in_doubt


def test_what_cannot_be_delivered_is_counted_and_not_tried_again(database: Database) -> None:
    with database.unit_of_work() as session:
        want(session, "a", "Hello")
        (claimed,) = claim(session)
        sending.give_up(session, claimed, "user_disabled")
        assert claim(session, NOW + timedelta(days=1)) == []
        assert outbox.backlog(session) == outbox.Backlog(waiting=0, given_up=1)


def test_a_key_that_passes_to_another_reader_leaves_the_first_ones_message_alone(database: Database) -> None:
    with database.unit_of_work() as session:
        outbox.want(session, "a", "U1", {"text": "What do you say?"}, NOW, urgent=True, kind=outbox.MESSAGE)
        (claimed,) = claim(session)
        sending.record_sent(session, claimed, "D1", "1.1")
        outbox.want(session, "a", "U2", {"text": "You agreed."}, NOW, urgent=True, kind=outbox.MESSAGE)
        (other,) = claim(session)
    assert (other.person_id, other.channel, other.ts, other.method) == ("U2", "", "", outbox.POST)


def test_what_one_reader_put_off_comes_to_the_next_one(database: Database) -> None:
    with database.unit_of_work() as session:
        words = {"text": "What do you say?", "blocks": []}
        outbox.want(session, "a", "U1", words, NOW, urgent=False, kind=outbox.MESSAGE, asked_at=NOW, keep_back=True)
        outbox.want(session, "a", "U2", words, NOW, urgent=False, kind=outbox.MESSAGE)
        (other,) = claim(session)
    assert other.person_id == "U2"


def test_a_key_that_passes_on_while_it_is_sent_goes_to_its_new_reader_at_once(database: Database) -> None:
    with database.unit_of_work() as session:
        outbox.want(session, "a", "U1", {"text": "What do you say?"}, NOW, urgent=True, kind=outbox.MESSAGE)
        (under_way,) = claim(session)
        outbox.want(session, "a", "U2", {"text": "You agreed."}, NOW, urgent=True, kind=outbox.MESSAGE)
        sending.record_sent(session, under_way, "D1", "1.1")
        sending.leave_in_doubt(session, under_way, NOW + timedelta(hours=1))
        (other,) = claim(session)
    assert (other.person_id, other.channel, other.ts, other.in_doubt) == ("U2", "", "", False)


def homes(database: Database, *person_ids: str) -> None:
    with database.unit_of_work() as session:
        for one in person_ids:
            outbox.want(session, outbox.home_key(one), one, {}, NOW, urgent=True, kind=outbox.HOME)


def again(database: Database, person_ids: list[str], at: datetime = NOW, clicked: str = "") -> None:
    with database.unit_of_work() as session:
        outbox.want_homes_again(session, person_ids, at, clicked)


def drawn(database: Database, most: int, at: datetime = NOW) -> list[str]:
    with database.unit_of_work() as session:
        claimed = claim(session, at, most)
        for one in claimed:
            sending.record_sent(session, one, "", "")
        return [one.person_id for one in claimed]


def test_who_opens_home_does_not_wait_behind_everybody_elses(database: Database) -> None:
    others = [f"U{n}" for n in range(10, 40)]
    homes(database, *others)
    drawn(database, 50)
    again(database, others)  # prompts went to all of them
    homes(database, "U9")
    assert drawn(database, 1) == ["U9"]


def test_a_home_that_somebody_waits_for_stays_ahead_when_it_is_marked_again(database: Database) -> None:
    later = NOW + timedelta(seconds=1)
    homes(database, "U1", "U2", "U3")
    drawn(database, 3)
    homes(database, "U4")
    again(database, ["U1", "U2", "U3", "U4"], later, clicked="U3")
    assert [drawn(database, 1, later) for _ in range(4)] == [["U4"], ["U3"], ["U1"], ["U2"]]


def test_a_home_that_is_marked_every_minute_keeps_its_place_in_the_line(database: Database) -> None:
    everyone = [f"U{n}" for n in range(10, 20)]
    homes(database, *everyone)
    drawn(database, 50)
    again(database, everyone)
    seen: list[str] = []
    for minute in range(5):
        now = NOW + timedelta(minutes=minute)
        again(database, ["U14"], now)
        seen += drawn(database, 1, now)
    assert seen[4] == "U14"
