"""The pulse keeps nobody's answer apart, and an answer costs the same whatever the company's size."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text

from bot.domain.pulse import Level, Question, Said
from bot.store import privacy_audit, pulse, seal_key, sealed
from bot.store.db import Database
from bot.store.linkage import ATTACKS, Look, Tables, look, recovered
from bot.store.people import Member, keep_member
from bot.store.pulse import BATCH, SealedPulseRow
from tests.store.attacks import read
from tests.store.sealed_rounds import RATERS, begun, canary

EARLIER = [f"U{n:04}EARLY" for n in range(2 * BATCH + 12)]
"""More than one batch holds."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def answers(session, cycle_id: str, person_id: str, words: str = "") -> None:
    level = list(Level)[int(person_id[1:3]) % 3]
    assert pulse.seal(session, cycle_id, person_id, "Sales", Said(dict.fromkeys(Question, level), words))


def looked_at(database: Database, cycle_id: str) -> list[Look]:
    """A pulse that many have answered, and what a copy of the database shows after each of twelve more."""
    with database.unit_of_work() as session:
        for one in EARLIER:
            keep_member(session, Member(one, one, "", "en-US", "UTC", owner=False, takes_part=True))
            answers(session, cycle_id, one)
    at, looks = Tables("pulse_done", "sealed_pulses", "cycle_keys", cycle_id, "person_id"), []
    for rater in RATERS:
        with database.unit_of_work() as session:
            answers(session, cycle_id, rater, canary(rater) + " on" * 20 * int(rater[1:3]))
        with database.unit_of_work() as session:
            looks.append(look(session, at))
    return looks


def authors(database: Database, cycle_id: str, last: Look) -> dict[object, list[object]]:
    """Whose each of the newest is: only a test that has the key and knows the words can tell."""
    with database.unit_of_work() as session:
        key = seal_key.key_of(session, pulse.key_name(cycle_id))
    said = {row["id"]: sealed.unlock(key, cycle_id, bytes(row["ciphertext"])) for row in last.answers}
    found = {one: [row_id for row_id, words in said.items() if canary(one).encode() in words] for one in RATERS}
    assert all(len(ids) == 1 for ids in found.values())
    return {**found, **{row_id: [words] for row_id, words in said.items()}}


def test_no_attack_finds_an_author_among_more_answers_than_one_batch(database: Database) -> None:
    cycle_id = begun(database)
    looks = looked_at(database, cycle_id)
    assert len(looks[-1].keys) == 2, "the key of the round, and that of the pulse"
    truth = authors(database, cycle_id, looks[-1])
    assert {one.name: recovered(one, looks, truth) for one in ATTACKS if recovered(one, looks, truth) > one.luck} == {}
    for before, after in pairwise(looks):
        gone = {row["id"] for row in before.answers} - {row["id"] for row in after.answers}
        assert BATCH <= len(gone) < 2 * BATCH, "so many hide the newcomer, and no more are written anew"
    by_batch: dict[str, list[int]] = {}
    for row in looks[-1].answers:
        by_batch.setdefault(row["batch"], []).append(len(row["ciphertext"]))
    assert len(by_batch) == 2
    assert all(len(sizes) >= BATCH and len(set(sizes)) == 1 for sizes in by_batch.values())
    with database.unit_of_work() as session:
        assert pulse.open_once(session, cycle_id)
        assert [one.n for one in pulse.counts(session, cycle_id)] == [len(EARLIER) + len(RATERS)] * 3


def test_the_audit_finds_an_answer_that_stands_apart(database: Database) -> None:
    cycle_id = begun(database)
    with database.unit_of_work() as session:
        for rater in RATERS[:3]:
            answers(session, cycle_id, rater)
    assert privacy_audit.run(database, lambda _: None) == 0
    with database.unit_of_work() as session:
        session.execute(
            text("UPDATE sealed_pulses SET batch = 'apart' WHERE id = (SELECT id FROM sealed_pulses LIMIT 1)")
        )
    said: list[str] = []
    assert privacy_audit.run(database, said.append) == 1
    assert "FOUND  Sealed answers of a pulse stand apart from the others of their cycle." in said


def test_answers_of_an_older_cairn_are_one_batch_until_the_next_comes(database: Database) -> None:
    cycle_id = begun(database)
    with database.unit_of_work() as session:
        for rater in RATERS[:3]:
            answers(session, cycle_id, rater)
        session.execute(text("UPDATE sealed_pulses SET batch = ''"))
    with database.unit_of_work() as session:
        answers(session, cycle_id, RATERS[3])
        sizes = select(func.count(SealedPulseRow.id)).group_by(SealedPulseRow.batch)
        assert list(session.scalars(sizes)) == [4]
        if not database.is_sqlite:
            assert len({row["mark"] for row in read(session, "sealed_pulses", mark="xmin::text")}) == 1
