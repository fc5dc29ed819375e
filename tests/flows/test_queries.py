"""How many statements a turn needs: few, and as many for a team of fifty as for one of five."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import event, func, select

from bot.app import Cairn
from bot.domain.bands import band_of
from bot.domain.checkin import Checkin, Kind
from bot.domain.refusal import Refused
from bot.domain.score import Outcome, Rated
from bot.domain.score_rules import RULES
from bot.schedules.due import Due
from bot.slack.limits import UNHURRIED
from bot.store import checkins, people, results, seal_key, suggestions, timers
from bot.store.db import Database
from bot.store.released import GroupRow, MeanRow
from bot.store.schema import METADATA
from tests.bench import assessment, crowd, ground
from tests.bench.clicks import CLICKS
from tests.bench.crowd import Crowd

MOST = {"check-in": 24, "goal agreement": 31, "/cairn": 27, "Home": 38}
"""Statements of a turn, those that begin and end it among them; Home is opened and drawn."""
BOARD, SUGGESTED = 24, 8
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


def answered(database: Database, cairn: Cairn, company: Crowd, team: int) -> str:
    """The first so many who report to P1 are blocked or say something, and the digest of the day holds it."""
    day = crowd.WORKING.date()
    with database.unit_of_work() as session:
        for n in range(team, 2 * team):
            blank = Checkin(company.cycle.id, f"P{n}", day, manager_id="P1", digest_on=day)
            checkins.begin(session, blank, crowd.WORKING)
            said = replace(blank, kind=Kind.BLOCKED, blocking=f"Part {n} is missing", help_wanted=("time",))
            checkins.answer(session, said, crowd.WORKING)
    return f"{company.cycle.id}/{day}"


@pytest.mark.parametrize("team", [3, 12])
def test_a_digest_and_what_is_done_with_it_needs_few_statements_for_each_person(
    loop: asyncio.AbstractEventLoop, database: Database, team: int
) -> None:
    company = crowd.under_way(database, 2 * team, team=team)
    cairn = loop.run_until_complete(ground.cairn_on(database, ground.Clock(crowd.WORKING)))
    carry, counted, needed = answered(database, cairn, company, team), Count(database), {}
    for step in ("checkins.digest", "checkins.nudge_manager", "checkins.acknowledge"):
        counted.statements.clear()
        with database.unit_of_work() as session:
            taken = cairn.desk.turn(session, people.get(session, "P1"))
            taken.carry = carry
            cairn.desk.flows.steps[step](taken)
        needed[step] = len(counted.statements)
    loop.run_until_complete(cairn.session.close())
    assert needed["checkins.nudge_manager"] <= 17, "a digest is read at once, however many are in it"
    assert needed["checkins.digest"] <= 31 + 9 * team, "each one's card is drawn anew"
    assert needed["checkins.acknowledge"] <= 37 + 11 * team


def test_the_board_of_those_who_calibrate_needs_as_many_statements_for_any_company(
    loop: asyncio.AbstractEventLoop, database: Database
) -> None:
    needed = {}
    for size in (20, 100):
        emptied(database)
        company = crowd.under_way(database, size, agreed=False)
        crowd.assessed(database, company)
        with database.unit_of_work() as session:
            found = [(f"P{n}", Decimal(70 + n % 50)) for n in range(size)]
            results.keep(session, company.cycle.id, [_computed(*one) for one in found], crowd.CALIBRATING)
        cairn = loop.run_until_complete(ground.cairn_on(database, ground.Clock(crowd.CALIBRATING)))
        counted = Count(database)
        for _ in range(2):
            counted.statements.clear()
            request = AsyncBoltRequest(body={**CLICKS["/cairn"](company, 0), "text": "calibrate"}, mode="socket_mode")
            assert loop.run_until_complete(cairn.bolt.async_dispatch(request)).status == 200
        needed[size] = len(counted.statements)
        loop.run_until_complete(cairn.session.close())
    assert needed[20] == needed[100] <= BOARD


def test_the_suggestions_need_as_many_statements_for_a_full_list_as_for_a_short_one(
    loop: asyncio.AbstractEventLoop, database: Database
) -> None:
    crowd.employ(database, 40)
    cairn = loop.run_until_complete(ground.cairn_on(database, ground.Clock(crowd.WORKING)))
    counted, needed = Count(database), {}
    for size in (3, 28):
        with database.unit_of_work() as session:
            for n in range(size):
                suggestions.keep_named(session, f"{n} of {size}", f"More bicycle stands, {n}", f"P{n + 1}")
        counted.statements.clear()
        with database.unit_of_work() as session:
            cairn.desk.flows.steps["suggestions.show"](cairn.desk.turn(session, people.get(session, crowd.HR)))
        needed[size] = len(counted.statements)
    loop.run_until_complete(cairn.session.close())
    assert needed[3] == needed[28] <= SUGGESTED


def _computed(person_id: str, score: Decimal) -> results.Computed:
    outcome = Outcome(Rated.RATED, score, band_of(score, RULES.bands), None, (), None, RULES.version, RULES.hash)
    return results.Computed(person_id, outcome, RULES.written, {})


def test_a_company_is_computed_slice_by_slice_and_a_crash_between_two_loses_nobody(
    loop: asyncio.AbstractEventLoop, database: Database
) -> None:
    company = crowd.under_way(database, 250)
    crowd.assessed(database, company)
    at = ground.Clock(crowd.CALIBRATING)
    with database.unit_of_work() as session:
        timers.remind(session, "scoring.compute", "", company.cycle.id, at.now())
    counted, computed = Count(database), []
    while due(database, at) and computed[-1:] != [250]:  # by processes that live for one batch only
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
        places = [one for one in counted.statements if "FROM stints" in one]
        assert all("stints.person_id IN" in one or "stints.person_id =" in one for one in places), "the whole company"
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
