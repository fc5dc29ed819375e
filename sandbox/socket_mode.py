"""Socket Mode: one Link per open WebSocket of an app; each payload goes to one of them."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.delivery import DeliveryError
from sandbox.model import Json
from sandbox.slack import Slack
from sandbox.state import Answer, Envelope

MOST = 10
Result = TypeVar("Result")


class Link:
    """One WebSocket of an app. May be asked to deliver from another thread's loop."""

    def __init__(self, app_id: str, socket: WebSocket) -> None:
        self.app_id = app_id
        self.socket = socket
        self.loop = asyncio.get_running_loop()
        self.waiting: dict[str, asyncio.Future[Answer]] = {}

    async def deliver(self, envelope: Envelope) -> Answer:
        """Send a payload and wait for the frame that acknowledges it."""
        return await self._at_home(self._deliver(envelope))

    async def _at_home(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run something in the loop the socket belongs to."""
        if asyncio.get_running_loop() is self.loop:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    async def _deliver(self, envelope: Envelope) -> Answer:
        frame: Json = {"envelope_id": envelope.id, "type": envelope.kind, "payload": envelope.payload}
        frame["accepts_response_payload"] = envelope.kind != "events_api"
        if envelope.kind == "events_api":
            frame |= {"retry_attempt": envelope.retry_num, "retry_reason": envelope.retry_reason}
        self.waiting[envelope.id] = self.loop.create_future()
        try:
            await self.send(frame)
            return await self.waiting[envelope.id]
        finally:
            self.waiting.pop(envelope.id, None)

    async def send(self, frame: Json) -> None:
        """Send one frame of JSON."""
        try:
            await self.socket.send_text(json.dumps(frame))
        except (RuntimeError, WebSocketDisconnect) as error:
            raise DeliveryError("connection_failed") from error

    def acked(self, frame: Json) -> None:
        """Take an acknowledgement."""
        future = self.waiting.get(str(frame.get("envelope_id")))
        if future and not future.done():
            future.set_result(Answer(body=frame.get("payload") or None))

    def gone(self) -> None:
        """Fail what is still waited for."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(DeliveryError("connection_failed"))

    async def order(self, do: str) -> None:
        """Ask the app to reconnect ("refresh" is a warning ahead), or drop the line without a word."""
        await self._at_home(self._order(do))

    async def _order(self, do: str) -> None:
        if do == "drop":
            await self.socket.close(1011)
            return
        reason = "refresh_requested" if do == "refresh" else "warning"
        await self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        if do == "disconnect":
            await self.socket.close()


def routes(slack: Slack) -> list[WebSocketRoute]:
    """Return the address that apps.connections.open hands out."""

    async def link(socket: WebSocket) -> None:
        app_id = slack.tickets.pop(socket.query_params.get("ticket", ""), "")
        if not app_id or len(slack.sockets.get(app_id, ())) >= MOST:
            await socket.close(1008)
            return
        await socket.accept()
        await _serve(slack, Link(app_id, socket))

    return [WebSocketRoute("/link/", link)]


async def _serve(slack: Slack, link: Link) -> None:
    links = slack.sockets.setdefault(link.app_id, [])
    await link.send(_hello(link.app_id, len(links) + 1))
    links.append(link)
    slack.changed()
    try:
        while True:
            link.acked(json.loads(await link.socket.receive_text()))
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        links.remove(link)
        link.gone()
        slack.changed()


def _hello(app_id: str, connections: int) -> Json:
    debug = {"host": "sandbox", "started": datetime.now(UTC).isoformat(), "build_number": 1}
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {**debug, "approximate_connection_time": 3600},
        "connection_info": {"app_id": app_id},
    }


async def order(slack: Slack, do: str) -> int:
    """Order every open socket to "disconnect", "refresh" or "drop"; returns how many there were."""
    links = [link for links in slack.sockets.values() for link in tuple(links)]
    for link in links:
        await link.order(do)
    return len(links)
