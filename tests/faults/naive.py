"""Two senders as anybody would write them first. They double and they lose, so that we know the harness sees it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError, ClientSession, web
from sqlalchemy import Column, Integer, MetaData, Table, Text, select, update

from bot.config import Settings
from bot.store.db import Database
from tests.faults.times import Time

NOTES = Table(
    "naive_notes",
    MetaData(),
    Column("person_id", Text, primary_key=True),
    Column("words", Text),
    Column("done", Integer, default=0),
)
Note = Any
Send = Callable[[Database, Callable[[Note], Awaitable[None]], Note], Awaitable[None]]


async def post_then_mark(database: Database, post: Callable[[Note], Awaitable[None]], note: Note) -> None:
    """Nothing is lost, and what was posted before a crash is posted again."""
    await post(note)
    await mark(database, note)


async def mark_then_post(database: Database, post: Callable[[Note], Awaitable[None]], note: Note) -> None:
    """Nothing is doubled, and what was marked before a crash is lost."""
    await mark(database, note)
    await post(note)


async def mark(database: Database, note: Note) -> None:
    done = update(NOTES).where(NOTES.c.person_id == note.person_id).values(done=1)
    await database.run(lambda session: session.execute(done))


async def serve(settings: Settings, database: Database, time: Time, send: Send, stop: asyncio.Event) -> None:
    """Send what is not done, until told to stop; the probe says how much that is."""
    del time
    waiting = select(NOTES).where(NOTES.c.done == 0)

    async def healthz(request: web.Request) -> web.Response:
        notes = await database.run(lambda session: session.execute(waiting).all())
        return web.json_response({"due": 0, "waiting": len(notes), "given_up": 0, "failed": 0})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    async with ClientSession(settings.slack_api_url) as session:
        while not stop.is_set():
            await asyncio.sleep(1)
            for note in await database.run(lambda s: s.execute(waiting).all()):
                await send(database, lambda note: _post(session, note), note)
    await runner.cleanup()


async def _post(session: ClientSession, note: Note) -> None:
    async with session.post("conversations.open", json={"users": note.person_id}) as opened:
        channel = (await opened.json())["channel"]["id"]
    try:
        async with session.post("chat.postMessage", json={"channel": channel, "text": note.words}) as posted:
            await posted.read()
    except ClientError:
        return  # what came of it, nobody asks
