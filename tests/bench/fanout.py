"""Sending much through a Slack that takes only so many messages a second, which nobody told Cairn, in real seconds."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from bot.app import build
from bot.config import Settings
from bot.slack.blocks import Message
from bot.slack.desk import WallClock
from bot.slack.text import escape
from bot.store.db import Database
from bot.store.outbox import POST, OutboxRow
from tests.bench import ground
from tests.bench.crowd import bulk
from tests.bench.measure import Row, at_least, at_most
from tests.bench.standin import StandIn, standing_in

SETTLED = 40.0
"""Seconds at the end of a run that are counted; before them Cairn finds out what Slack takes."""
CAPS = {"5/s": (5.0, 5.0), "8/s": (8.0, 8.0), "unknown (8/s, then 5/s)": (8.0, 5.0)}


async def rows(*, quick: bool) -> list[Row]:
    """One cap after the other, on SQLite; the database work of PostgreSQL is in the lines of claims."""
    found: list[Row] = []
    with ground.sqlite() as fresh:
        for name, caps in CAPS.items():
            async with standing_in() as slack:
                found += await _through(slack, name, caps, fresh(), 60.0 if quick else 90.0)
    return found


async def _through(
    slack: StandIn, name: str, caps: tuple[float, float], database: Database, seconds: float
) -> list[Row]:
    with database.unit_of_work() as session:
        bulk(session, OutboxRow, _messages(1_000))
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(bot_token="xoxb-bench", slack_api_url=f"{slack.url}api/", database_url=url)
    cairn = await build(settings, database)
    slack.cap = caps[0]
    cairn.loop.start()
    cairn.loop.ring()
    await asyncio.sleep((seconds - SETTLED) / 2)
    slack.cap = caps[1]
    await asyncio.sleep((seconds - SETTLED) / 2 + SETTLED)
    until = time.monotonic()
    await cairn.close()
    with Database(url).unit_of_work() as session:
        sent = set(session.scalars(select(OutboxRow.opaque).where(OutboxRow.sent == 1)))
    return _judged(slack, name, sent, until)


def _judged(slack: StandIn, name: str, sent: set[str], until: float) -> list[Row]:
    posted = Counter(opaque for _, opaque in slack.accepted)
    taken = sum(until - SETTLED < at <= until for at, _ in slack.accepted)
    refused = sum(until - SETTLED < at <= until for at in slack.refused)
    wrong = len(sent ^ set(posted)) + sum(posted.values()) - len(posted)
    share = 100 * taken / (slack.cap * SETTLED)
    return [
        at_least(f"share of a cap of {name}", share, "%", 93, note=f"{taken / SETTLED:.2f}/s, database work included"),
        at_most(f"429 once settled, cap of {name}", 100 * refused / max(taken + refused, 1), "%", 2),
        at_most(f"lost or doubled, cap of {name}", wrong, "", 0, note=f"of {len(posted)}"),
    ]


def _messages(count: int) -> Iterator[dict[str, Any]]:
    body, now = Message(escape("Hello")).body(), WallClock().now()
    for n in range(count):
        yield {
            "key": f"x/{n}", "opaque": f"{n:032x}", "person_id": f"U{n}", "method": POST, "body": body, "bulk": True,
            "wanted": 1, "sent": 0, "channel": "", "ts": "", "not_before": now, "leased_until": None,
            "in_doubt": False, "attempts": 0, "error": "",
        }  # fmt: skip
