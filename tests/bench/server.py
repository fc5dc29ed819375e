"""A process to be measured: Cairn over its database, a bare floor, or the libraries alone.

`ours` is Cairn's door and desk; `floor` is the same door with one ORM read and one durable write behind it; `lean`
answers with nothing but the libraries that every such bot loads.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench import SECRET


def main(arguments: Sequence[str]) -> None:
    """Serve until the process is ended."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["ours", "floor", "lean"])
    parser.add_argument("--port", type=int)
    parser.add_argument("--database")
    parser.add_argument("--slack", default="http://127.0.0.1:9/api/")
    parser.add_argument("--sockets", type=int, default=0)
    asyncio.run(_serve(parser.parse_args(arguments)))


async def _serve(chosen: argparse.Namespace) -> None:
    if chosen.kind == "lean":
        app = _lean(chosen.database)
    else:
        app = await _door(chosen)
    await uvicorn.Server(
        uvicorn.Config(app, port=chosen.port, log_config=None, lifespan="off", timeout_keep_alive=600)
    ).serve()


async def _door(chosen: argparse.Namespace) -> Any:
    from bot.app import build  # noqa: PLC0415
    from bot.config import Settings  # noqa: PLC0415
    from bot.serving import spare_the_collector  # noqa: PLC0415 - the lean process must not know it
    from bot.sockets import Sockets  # noqa: PLC0415
    from bot.store.db import Database  # noqa: PLC0415
    from bot.web import Receiver  # noqa: PLC0415
    from tests.bench.crowd import WORKING  # noqa: PLC0415
    from tests.bench.ground import Clock, quieten  # noqa: PLC0415

    database = Database(chosen.database)
    settings = Settings(bot_token="xoxb-bench", slack_api_url=chosen.slack, database_url=chosen.database)
    cairn = await build(settings, database, Clock(WORKING))
    quieten(cairn)
    spare_the_collector()
    bolt = cairn.bolt if chosen.kind == "ours" else _one_read_one_write(database, cairn.client)
    if chosen.sockets:
        await Sockets(bolt, cairn.client, "xapp-bench").open(chosen.sockets)
    receiver = Receiver(bolt, SECRET, cairn.desk.real_clock, cairn.health, cairn.answers)
    return _WithHome(receiver, cairn.desk) if chosen.kind == "ours" else receiver


@dataclass(frozen=True)
class _WithHome:
    """The door, and beside it a way to have somebody's Home drawn as the sender would."""

    door: Any
    desk: Any

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not scope.get("path", "").startswith("/home/"):
            await self.door(scope, receive, send)
            return
        home = await self.desk.draw_home(scope["path"].removeprefix("/home/"))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(len(home.body()["blocks"])).encode()})


def _one_read_one_write(database: Any, client: AsyncWebClient) -> AsyncApp:
    import re  # noqa: PLC0415 - the lean process must not know it
    import secrets  # noqa: PLC0415

    from bot.store import inbox, people  # noqa: PLC0415
    from tests.bench.crowd import WORKING  # noqa: PLC0415

    app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False, signing_secret="x")

    def work(session: Any) -> None:
        people.get(session, "P1")
        inbox.is_new(session, secrets.token_hex(8), WORKING)

    async def answer(ack: Any) -> Any:
        await database.run(work)
        return await ack()

    for declare in (app.action, app.view, app.command, app.event):
        declare(re.compile(".*"))(answer)
    return app


def _lean(database_url: str) -> Any:
    import aiohttp  # noqa: F401, PLC0415 - what every such process has loaded
    import httpx  # noqa: F401, PLC0415
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415
    from sqlalchemy import create_engine, text  # noqa: PLC0415
    from sqlalchemy.orm import Session  # noqa: PLC0415

    AsyncApp(client=AsyncWebClient("xoxb-bench"), process_before_response=True, signing_secret="x")
    AsyncIOScheduler(timezone="UTC").start()
    engine = create_engine(database_url)

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        with Session(engine) as session:
            session.execute(text("SELECT 1"))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    return answer


if __name__ == "__main__":
    main(sys.argv[1:])
