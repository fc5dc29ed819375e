"""A Slack that only takes and gives: it holds the sockets of a process, and answers every method with yes."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

WINDOW = 5.0
"""Seconds over which the cap is counted."""
KINDS = {"view_submission": "interactive", "block_actions": "interactive", "event_callback": "events_api"}


@dataclass
class StandIn:
    """The stand-in at its port, and what it waits for."""

    url: str = ""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    serial: Any = field(default_factory=itertools.count)
    cap: float = 0.0
    """Messages a second that it takes, in every second; zero is any number."""
    accepted: list[tuple[float, str]] = field(default_factory=list)
    """When each message was taken, and its opaque id."""
    refused: list[float] = field(default_factory=list)
    """When one was answered with 429."""

    async def method(self, request: web.Request) -> web.Response:
        """Answer a call of the Web API."""
        name = request.match_info["method"]
        if name == "chat.postMessage":
            return self._post(await request.json())
        socket = self.url.replace("http", "ws") + "socket"
        known = {
            "apps.connections.open": {"url": socket},
            "auth.test": {"team_id": "T1", "user_id": "UBOT"},
            "conversations.open": {"channel": {"id": f"D{next(self.serial)}"}},
        }
        return web.json_response({"ok": True, **known.get(name, {})})

    def _post(self, body: dict[str, Any]) -> web.Response:
        now = time.monotonic()
        lately = sum(at > now - WINDOW for at, _ in self.accepted[-100:])
        if self.cap and lately >= self.cap * WINDOW:
            self.refused.append(now)
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        metadata = body["metadata"]
        known = json.loads(metadata) if isinstance(metadata, str) else metadata
        self.accepted.append((now, known["event_payload"]["id"]))
        return web.json_response({"ok": True, "channel": body["channel"], "ts": f"{len(self.accepted)}.1"})

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """Hold a connection and take the acks that come on it."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                if waiting := self.waiting.pop(ack.get("envelope_id", ""), None):
                    waiting.set_result(ack)
        self.sockets.remove(socket)
        return socket

    async def deliver(self, body: dict[str, Any]) -> None:
        """Send an envelope on one of the sockets and wait for its ack."""
        envelope_id = str(next(self.serial))
        acked = asyncio.get_running_loop().create_future()
        self.waiting[envelope_id] = acked
        kind = KINDS.get(body.get("type", ""), "slash_commands")
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": body, "accepts_response_payload": True}
        await self.sockets[int(envelope_id) % len(self.sockets)].send_json(envelope)
        await asyncio.wait_for(acked, 30)


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """Run one."""
    slack = StandIn()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.method)
    app.router.add_get("/socket", slack.socket)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield slack
    finally:
        for socket in list(slack.sockets):
            await socket.close()
        await runner.cleanup()
