"""Opening a cycle for everybody, against a bulk insert of the very same rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle
from bot.domain.feedback import RoundState
from bot.domain.template import Group
from bot.handlers.cycle.steps import launch
from bot.slack.inputs import Inputs
from bot.store import cycles, invitations, people
from bot.store.cycles import CycleRow, ParticipantRow
from bot.store.db import Base, Database
from bot.store.invitations import InvitationRow
from bot.store.timers import TimerRow
from tests.bench import crowd, ground
from tests.bench.measure import Row, against, in_turns

REVIEWERS = 5


async def rows(*, quick: bool) -> list[Row]:
    """On both databases."""
    size = 1_000 if quick else 10_000
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        with make() as fresh:
            found += await _on(name, fresh(), size, rounds=2 if quick else 3)
    return found


async def _on(name: str, database: Database, size: int, rounds: int) -> list[Row]:
    crowd.employ(database, size)
    cycle = crowd.drafted(database)
    cairn = await ground.cairn_on(database, ground.Clock(crowd.WORKING))

    def launched(session: Session) -> None:
        hr = people.get(session, crowd.HR)
        assert hr is not None
        turn = cairn.desk.turn(session, hr)
        turn.carry, turn.inputs = cycle.id, Inputs({"reason": "nothing else is measured"})
        launch(turn)

    best = await _beside_bulk(
        database, (ParticipantRow, TimerRow), launched, rounds, lambda: _unlaunch(database, cycle)
    )
    opened = against(f"open a cycle for {size:,} people, {name}", *best, "s", most=3)
    size //= 10  # a list is approved person by person, and costs the same for each
    with database.unit_of_work() as session:
        for n in range(size):
            invitations.begin(session, cycle.id, f"P{n}", RoundState.OPEN)
    best = await _beside_bulk(database, (InvitationRow,), lambda session: _ask(session, cycle, size), rounds, None)
    asked = against(f"ask {REVIEWERS} reviewers about each of {size:,}, {name}", *best, "s", most=3)
    await cairn.close()
    return [opened, asked]


def _ask(session: Session, cycle: Cycle, size: int) -> None:
    """As approving a list does for one person."""
    for n in range(size):
        about = invitations.round_about(session, cycle.id, f"P{n}")
        raters = {f"P{(n + k) % size}": Group.PEER for k in range(1, REVIEWERS + 1)}
        invitations.ask(session, about, raters, set(), date(2027, 4, 2))


def _unlaunch(database: Database, cycle: Cycle) -> None:
    with database.unit_of_work() as session:
        session.execute(CycleRow.__table__.update().where(CycleRow.id == cycle.id).values(launched_at=None))  # type: ignore[attr-defined]  # a mapped class has a real table
        assert not cycles.get(session, cycle.id).launched


async def _beside_bulk(
    database: Database, tables: tuple[type[Base], ...], ours: Callable[[Session], None], rounds: int,
    before: Callable[[], None] | None,
) -> tuple[float, float]:  # fmt: skip
    """Run `ours`, then insert all that it wrote into these tables once more in bulk; CPU seconds of both."""
    written: dict[type[Base], list[dict[str, Any]]] = {}

    def clear() -> None:
        with database.unit_of_work() as session:
            for table in reversed(tables):
                session.execute(delete(table))
        if before:
            before()

    def bulk(session: Session) -> None:
        for table, values in written.items():
            session.execute(insert(table.__table__), values)

    async def run_ours() -> None:
        await database.run(ours)

    async def run_bulk() -> None:
        await database.run(bulk)

    best = [float("inf"), float("inf")]
    for _ in range(rounds):
        clear()
        best[0] = min(best[0], (await in_turns({"it": run_ours}, ground.clock, 1))["it"])
        with database.unit_of_work() as session:
            for table in tables:
                written[table] = [dict(row) for row in session.execute(select(_table(table))).mappings()]
                assert session.scalar(select(func.count()).select_from(table))
        clear()
        best[1] = min(best[1], (await in_turns({"it": run_bulk}, ground.clock, 1))["it"])
    return best[0], best[1]


def _table(row: type[Base]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)
    return table
