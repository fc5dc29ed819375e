"""The tree of objectives over a whole company, against reading the same rows and nothing else."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.split import evenly
from bot.handlers.cascade.tree import leaf
from bot.slack.flow import Replace
from bot.store import people
from bot.store.db import Database
from bot.store.goals import SheetRow
from bot.store.objectives import GoalSupportRow, ObjectiveRow, PartRow
from bot.store.people import StintRow
from tests.bench import crowd, ground
from tests.bench.crowd import Crowd
from tests.bench.measure import Row, at_most, in_turns

PATIENCE = 3.0
"""Seconds that Slack waits."""
TARGET = Decimal(12_000)


async def rows(*, quick: bool) -> list[Row]:
    """On both databases, against size."""
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        with make() as fresh:
            for size in (200, 2_000) if quick else (200, 2_000, 10_000):
                found += [await _opened(name, fresh(), size)]
    return found


async def _opened(name: str, database: Database, size: int) -> Row:
    company = crowd.under_way(database, size)
    with database.unit_of_work() as session:
        for table, values in _cascade(company).items():
            crowd.bulk(session, table, values)
    cairn = await ground.cairn_on(database, ground.Clock(crowd.WORKING))

    def draw(session: Session) -> None:
        hr = people.get(session, crowd.HR)
        assert hr is not None
        turn = cairn.desk.turn(session, hr)
        turn.carry = "oP0/0"
        shown = leaf(turn)
        assert isinstance(shown, Replace)
        assert shown.view.body()["blocks"]

    def read(session: Session) -> None:
        for table in (ObjectiveRow, PartRow, GoalSupportRow, SheetRow, StintRow):
            session.execute(select(table.__table__)).all()

    async def ours() -> None:
        await database.run(draw)

    async def floor() -> None:
        await database.run(read)

    best = await in_turns({"ours": ours, "floor": floor}, ground.clock, 3)
    await cairn.close()
    what = f"the tree of {size:,} people, first page, {name}"
    return at_most(what, best["ours"], "s", PATIENCE, floor=best["floor"], note="floor: its rows, read only")


def _cascade(company: Crowd) -> dict[Any, Iterator[dict[str, Any]]]:
    """Everybody has a part under that of whom they report to, and a goal that supports it."""
    months = [str(one) for one in evenly(TARGET, 12)]
    same = {"title": "Sales", "part": "", "unit": "CNY", "direction": "higher", "target": TARGET, "baseline": None,
            "starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31), "months": months, "leading": False,
            "revision": 0}  # fmt: skip
    share, numbers = Decimal(100), range(company.size)
    leads = {crowd.boss_of(n) for n in numbers}
    return {
        ObjectiveRow: ({"id": f"oP{n}", "owner_id": f"P{n}", "cut": "team" if f"P{n}" in leads else "person",
                        **same} for n in numbers),
        PartRow: ({"child_id": f"oP{n}", "parent_id": f"o{crowd.boss_of(n)}", "share": share} for n in numbers if n),
        GoalSupportRow: ({"cycle_id": company.cycle.id, "person_id": f"P{n}", "goal_id": "revenue",
                          "objective_id": f"oP{n}", "share": share} for n in numbers),
    }  # fmt: skip
