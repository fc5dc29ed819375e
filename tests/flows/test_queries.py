"""How many statements a turn needs: few, and as many for a team of fifty as for one of five."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import event, func, select

from bot.app import Cairn
from bot.domain.refusal import Refused
from bot.schedules.due import Due
from bot.slack.limits import UNHURRIED
from bot.store import results, seal_key, timers
from bot.store.db import Database
from bot.store.released import GroupRow, MeanRow
from bot.store.schema import METADATA
from tests.bench import assessment, crowd, ground
from tests.bench.clicks import CLICKS
from tests.bench.crowd import Crowd

MOST = {"check-in": 21, "goal agreement": 28, "/cairn": 23, "Home": 34}
"""Statements of a turn, those that begin and end it among them; Home is opened and drawn."""
SMALL, LARGE = 5, 50


class Count:
    """The statements that a database was asked for."""

    def __init__(self, database: Database) -> None:
        self.statements: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *seen: self.statements.append(seen[2]))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def emptied(database: Database) -> None:
    """Nobody is there any more."""
    with database.unit_of_work() as session:
        for table in reversed(METADATA.sorted_tables):
            session.execute(table.delete())


def turn(loop: asyncio.AbstractEventLoop, cairn: Cairn, company: Crowd, name: str, n: int) -> int:
    """Somebody takes this turn, twice: what is read only once in a process is read before the count."""
    counted = Count(cairn.database)
    for _ in range(2):
        crowd.propose_again(cairn.database, company)
        counted.statements.clear()
        request = AsyncBoltRequest(body=CLICKS[name](company, n), mode="socket_mode")
        assert loop.run_until_complete(cairn.bolt.async_dispatch(request)).status == 200
        if name == "Home":
            assert loop.run_until_complete(cairn.desk.draw_home(f"P{n}"))
    return len(counted.statements)


@pytest.mark.parametrize("name", CLICKS)
def test_a_turn_needs_as_many_statements_for_a_large_team_as_for_a_small_one(
    loop: asyncio.AbstractEventLoop, database: Database, name: str
) -> None:
    needed = {}
    for team in (SMALL, LARGE):
        emptied(database)
        company = crowd.under_way(database, 2 * LARGE, agreed=False, team=team)
        cairn = loop.run_until_complete(ground.cairn_on(database, ground.Clock(crowd.WORKING)))
        needed[team] = turn(loop, cairn, company, name, 1)
        loop.run_until_complete(cairn.session.close())
    assert needed[SMALL] == needed[LARGE] <= MOST[name]


def test_a_company_is_computed_slice_by_slice_and_a_crash_between_two_loses_nobody(
    loop: asyncio.AbstractEventLoop, database: Database
) -> None:
    company = crowd.under_way(database, 250)
    crowd.assessed(database, company)
    at = ground.Clock(crowd.CALIBRATING)
    with database.unit_of_work() as session:
        timers.remind(session, "scoring.compute", "", company.cycle.id, at.now())
    counted, computed = Count(database), []
    while due(database, at):  # by processes that live for one batch only
        counted.statements.clear()
        lives_for_one_batch(loop, database, at)
        with database.unit_of_work() as session:
            computed.append(len(results.in_brief(session, company.cycle.id)))
        assert len(counted.statements) < 150
    assert computed[-1] == 250
    assert len(set(computed)) > 2


def test_a_company_s_rounds_are_closed_slice_by_slice_each_once_and_results_wait_for_the_last(
    loop: asyncio.AbstractEventLoop, database: Database
) -> None:
    size = 110
    company, at = assessment.answered(database, size), ground.Clock(crowd.CALIBRATING)
    with database.unit_of_work() as session:
        timers.remind(session, "scoring.compute", "", company.cycle.id, at.now() - timedelta(seconds=1))
        timers.remind(session, "peers.close", "", company.cycle.id, at.now())
    counted, opened = Count(database), list[int]()
    while due(database, at):  # by processes that live for one batch only
        counted.statements.clear()
        lives_for_one_batch(loop, database, at)
        assert len(counted.statements) < 800
        with database.unit_of_work() as session:
            assert results.in_brief(session, company.cycle.id) == []
            opened.append(session.scalar(select(func.count()).select_from(GroupRow)) or 0)
    assert opened[-1] == size
    assert len(set(opened)) > 1
    with database.unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(MeanRow)) == 5 * size
        with pytest.raises(Refused):
            seal_key.key_of(session, company.cycle.id)
    at.at += timedelta(minutes=1)
    while due(database, at):
        lives_for_one_batch(loop, database, at)
    with database.unit_of_work() as session:
        assert len(results.in_brief(session, company.cycle.id)) == size


def lives_for_one_batch(loop: asyncio.AbstractEventLoop, database: Database, at: ground.Clock) -> None:
    cairn = loop.run_until_complete(ground.cairn_on(database, at))
    loop.run_until_complete(Due(cairn.desk, UNHURRIED)())
    loop.run_until_complete(cairn.session.close())


def due(database: Database, at: ground.Clock) -> int:
    with database.unit_of_work() as session:
        return timers.count_due(session, at.now())
