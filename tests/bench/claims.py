"""Claiming and recording messages, against a plain loop of a select and an update; by one worker and by several."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.slack.blocks import Message
from bot.slack.limits import UNHURRIED
from bot.slack.text import escape
from bot.store import sending
from bot.store.db import Database
from bot.store.outbox import POST, OutboxRow
from tests.bench import ground
from tests.bench.crowd import bulk
from tests.bench.measure import Row, at_least, cpu

SLACKS_CAP = 8.75
"""Messages a second that a workspace may come to."""
AT_ONCE = 20


async def rows(*, quick: bool) -> list[Row]:
    """On both databases; several workers only where several may write."""
    count = 300 if quick else 2_000
    found: list[Row] = []
    for name, make in ground.GROUNDS.items():
        with make() as fresh:
            found += [await _with_workers(name, fresh(), count, many) for many in (1, 2, 4)]
            found[-3] = await _beside_core(found[-3], fresh(), count)
    return found


async def _with_workers(name: str, database: Database, count: int, many: int) -> Row:
    _fill(database, count)
    workers = [Database(database.engine.url.render_as_string(hide_password=False)) for _ in range(many)]
    began, used = time.monotonic(), ground.clock()
    sent = Counter[str]()
    await asyncio.gather(*(_send_all(one, sent, many) for one in workers))
    used, took = ground.clock() - used, time.monotonic() - began
    for one in workers:
        one.close()
    once = len(sent) == count and set(sent.values()) == {1}
    what = f"claim and record, {many} worker{'s' if many > 1 else ''}, {name}"
    note = f"{'each exactly once' if once else 'NOT EXACTLY ONCE'}; {count / took:,.0f}/s of real time"
    row = at_least(what, count / used, "per CPU s", 50 * SLACKS_CAP, note=note)
    return row if once else Row(**{**row.__dict__, "holds": False})


async def _beside_core(row: Row, database: Database, count: int) -> Row:
    _fill(database, count)

    async def plainly() -> None:
        for _ in range(count):
            await database.run(_one_plainly)

    used = await cpu(plainly, ground.clock)
    database.close()
    return Row(**{**row.__dict__, "floor": round(count / used, 1)})


def _one_plainly(session: Session) -> None:
    key = session.scalar(select(OutboxRow.key).where(OutboxRow.sent == 0).limit(1))
    session.execute(update(OutboxRow.__table__).where(OutboxRow.key == key).values(sent=1))  # type: ignore[arg-type]  # a mapped class has a real table


def _fill(database: Database, count: int) -> None:
    with database.unit_of_work() as session:
        bulk(session, OutboxRow, _messages(count))


def _messages(count: int) -> Iterator[dict[str, Any]]:
    body = Message(escape("Hello")).body()
    for n in range(count):
        yield {
            "key": f"x/{n}", "opaque": f"{n:032x}", "person_id": f"U{n}", "method": POST, "body": body, "bulk": True,
            "wanted": 1, "sent": 0, "channel": "", "ts": "", "not_before": ground.NOW, "leased_until": None,
            "in_doubt": False, "attempts": 0, "error": "",
        }  # fmt: skip


async def _send_all(database: Database, sent: Counter[str], many: int) -> None:
    """Claim and record until nothing is left; each claim is made a little later, so that no pace holds it up."""
    at, empty = ground.NOW, 0
    while empty <= many:  # what others have claimed is theirs
        at += timedelta(milliseconds=50)
        claimed = (await database.run(lambda session: sending.claim(session, at, UNHURRIED, AT_ONCE))).rows  # noqa: B023 - run before the next turn
        empty = 0 if claimed else empty + 1
        for one in claimed:
            sent[one.key] += 1
            await database.run(partial(sending.record_sent, wanted=one, channel="D1", ts="1.1"))
