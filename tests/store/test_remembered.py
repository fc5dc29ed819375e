"""What is read once a turn is as true as if it were read each time."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.domain.org import Stint
from bot.store import people
from bot.store.db import Database
from bot.store.people import Member
from tests.compiled import database_lent

DAY = date(2027, 2, 1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Emily reports to Mei."""
    database = database_lent(database_url)
    with database.unit_of_work() as session:
        for one in ("mei", "emily", "bo"):
            known = Member(one, one, f"{one}@x.example", "en-GB", "UTC", owner=False, takes_part=True)
            people.keep_member(session, known)
        people.place(session, under("mei"))
    yield database
    database.close()


def under(manager_id: str, since: date = date(2026, 1, 1)) -> Stint:
    return Stint("emily", "Sales", "Seller", manager_id, since)


def team(session: Session, manager_id: str) -> list[str]:
    return [one.id for one in people.reports_of(session, manager_id, DAY)]


def test_a_team_is_read_once_and_anew_after_somebody_was_placed_elsewhere(database: Database) -> None:
    read: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *seen: read.append(seen[2]))
    with database.unit_of_work() as session:
        assert team(session, "mei") == team(session, "mei") == ["emily"]
        assert sum("FROM stints" in one for one in read) == 1
        people.place(session, under("bo", DAY))
        assert (team(session, "mei"), team(session, "bo")) == ([], ["emily"])


def test_what_a_failed_step_wrote_is_remembered_by_nobody(database: Database) -> None:
    with database.unit_of_work() as session:
        failing = session.begin_nested()
        people.place(session, under("bo", DAY))
        assert team(session, "bo") == ["emily"]
        failing.rollback()
        assert (team(session, "mei"), team(session, "bo")) == (["emily"], [])


def test_a_list_belongs_to_whoever_asked_for_it(database: Database) -> None:
    with database.unit_of_work() as session:
        people.reports_of(session, "mei", DAY).clear()
        assert team(session, "mei") == ["emily"]
