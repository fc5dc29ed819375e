"""The time zones that people live in."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.store import people, zones
from bot.store.db import Database
from bot.store.people import Member


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def member(n: int, tz: str) -> Member:
    return Member(f"U{n}", f"Person {n}", "", "en-US", tz, owner=False, takes_part=True)


def test_each_zone_is_told_once_and_nobody_s_who_left(database: Database) -> None:
    lived = ["Europe/Berlin", "Asia/Shanghai", "Europe/Berlin", "America/New_York"]
    everyone = [member(n, tz) for n, tz in enumerate(lived)]
    with database.unit_of_work() as session:
        people.keep_members(session, everyone)
        assert zones.lived_in(session) == ["America/New_York", "Asia/Shanghai", "Europe/Berlin"]
        people.keep_members(session, [replace(everyone[3], takes_part=False)])
        assert zones.lived_in(session) == ["Asia/Shanghai", "Europe/Berlin"]


def test_where_nobody_takes_part_there_is_no_zone(database: Database) -> None:
    with database.unit_of_work() as session:
        assert zones.lived_in(session) == []
