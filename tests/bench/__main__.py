"""What `make bench` runs: Cairn beside a bare floor, in turns, so that a noisy machine is noisy for both.

CPU seconds of this process, the best of several rounds; the ratio is what counts. Nothing here is asserted in a test.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import insert, select, update

from bot.app import Cairn, build
from bot.config import Settings
from bot.slack.blocks import Message
from bot.slack.text import escape
from bot.store import outbox, people, timers
from bot.store.db import Database
from bot.store.migrate import bring_up_to_date
from bot.store.outbox import OutboxRow
from bot.store.timers import TimerRow
from sandbox.app import create
from sandbox.clock import Clock
from sandbox.slack import Slack
from sandbox.workspace import read_workspace
from tests.company import APP, Server

LANTERN = Path(__file__).parent.parent.parent / "examples" / "lantern" / "workspace.yml"
ROUNDS = 5
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
Work = Callable[[], Awaitable[None]]


async def cpu(work: Work) -> float:
    """CPU seconds of one run."""
    before = time.process_time()
    await work()
    return time.process_time() - before


async def beside(name: str, ours: Work, floor: Work, count: int) -> dict[str, Any]:
    """Run both in turns; microseconds of CPU for each piece of work, and their ratio."""
    pairs = [(await cpu(ours), await cpu(floor)) for _ in range(ROUNDS)]
    mine, bare = min(one for one, _ in pairs), min(one for _, one in pairs)
    return {
        "what": name,
        "ours_us": round(mine / count * 1e6, 1),
        "floor_us": round(bare / count * 1e6, 1),
        "ratio": round(mine / bare, 2),
    }


def request(n: int) -> AsyncBoltRequest:
    body = {
        "command": "/cairn",
        "text": "",
        "user_id": "U1",
        "team_id": "T1",
        "trigger_id": f"{n}.{time.monotonic_ns()}",
    }
    return AsyncBoltRequest(body=body, mode="socket_mode")


def bare_bolt(database: Database, client: AsyncWebClient) -> AsyncApp:
    """The floor of a turn: Bolt, one read through the ORM and one durable write, nothing else."""
    app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False, signing_secret="x")

    @app.command("/cairn")
    async def answer(ack: Any, body: dict[str, Any]) -> None:
        def work(session: Any) -> None:
            people.get(session, "U1")
            timers.remind(session, "bench.floor", "U1", body["trigger_id"], NOW)

        await database.run(work)
        await ack("Nothing waits for you.")

    return app


async def turns(cairn: Cairn, database: Database) -> dict[str, Any]:
    count = 100
    floor = bare_bolt(database, cairn.client)

    async def ours() -> None:
        for n in range(count):
            assert (await cairn.bolt.async_dispatch(request(n))).status == 200

    async def bare() -> None:
        for n in range(count):
            assert (await floor.async_dispatch(request(n))).status == 200

    return await beside("a turn (/cairn) against bare Bolt with one read and one write", ours, bare, count)


async def claiming(database: Database) -> dict[str, Any]:
    count = 300

    def fill(session: Any) -> None:
        session.query(OutboxRow).delete()
        body = Message(escape("Hello")).body()
        for n in range(count):
            outbox.want(session, f"x/{n}", "U1", body, NOW, urgent=False, kind=outbox.MESSAGE)

    async def ours() -> None:
        await database.run(fill)
        while claimed := await database.run(lambda session: outbox.claim(session, NOW, 20)):
            for one in claimed:
                await database.run(lambda session, one=one: outbox.record_sent(session, one, "D1", "1.1"))

    def one_by_one(session: Any) -> None:
        key = session.scalar(select(OutboxRow.key).where(OutboxRow.sent == 0).limit(1))
        session.execute(update(OutboxRow).where(OutboxRow.key == key).values(sent=1))

    async def bare() -> None:
        await database.run(fill)
        for _ in range(count):
            await database.run(one_by_one)

    return await beside("claim and record a message against a plain select and update", ours, bare, count)


async def planning(database: Database) -> dict[str, Any]:
    count = 1000

    def clear(session: Any) -> None:
        session.query(TimerRow).delete()

    def plan(session: Any) -> None:
        for n in range(count):
            timers.remind(session, "bench.ask", f"U{n}", "c", NOW)

    def bulk(session: Any) -> None:
        rows = [{"step": "bench.ask", "person_id": f"U{n}", "carry": "c", "due": NOW} for n in range(count)]
        session.execute(insert(TimerRow), rows)

    async def ours() -> None:
        await database.run(clear)
        await database.run(plan)

    async def bare() -> None:
        await database.run(clear)
        await database.run(bulk)

    return await beside("plan a prompt against a bulk insert", ours, bare, count)


async def measure(cairn: Cairn, database: Database) -> list[dict[str, Any]]:
    member = people.Member("U1", "Ana", "ana@example.com", "en-US", "UTC", owner=False, takes_part=True)
    await database.run(lambda session: people.keep_member(session, member))
    return [await turns(cairn, database), await claiming(database), await planning(database)]


def main() -> int:
    loop = asyncio.new_event_loop()
    server = Server(loop)
    slack = Slack(read_workspace(LANTERN), Clock())
    server.app = create(slack)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        database = Database(url)
        bring_up_to_date(database)
        settings = Settings(bot_token=slack.apps[APP].bot_token, slack_api_url=f"{server.url}api/", database_url=url)
        cairn = loop.run_until_complete(build(settings, database))
        rows = loop.run_until_complete(measure(cairn, database))
        loop.run_until_complete(cairn.close())
    loop.run_until_complete(server.stop())
    for row in rows:
        print(f"{row['what']:<68} {row['ours_us']:>9} µs  floor {row['floor_us']:>9} µs  ratio {row['ratio']}")
    print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
