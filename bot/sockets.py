"""Socket Mode: a few connections to Slack; each gets its successor before Slack ends it, or as soon as it breaks."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from logging import ERROR, WARNING
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.desk import report
from bot.slack.errors import Failure, Verdict, judge, stops

log = logging.getLogger(__name__)

HEARTBEAT = 5.0
"""Seconds between two pings; a connection that is silent for half as long after one is given up."""
ATTEMPT = 5.0
"""Seconds that an attempt to connect may take."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
"""Seconds between two attempts, unless Slack asks for more."""
OVERLAP = 10.0
"""Seconds that a connection which Slack means to end is still listened to, beside its successor."""
LAST_ANSWERS = 3.0
"""Seconds that what is being answered has before its connection is closed; Slack itself waits no longer."""

Frame = Mapping[str, Any]


@dataclass(eq=False)
class Connection:
    """One connection, what is being answered on it, and whether it is time for a successor."""

    socket: ClientWebSocketResponse
    answering: set[asyncio.Task[None]] = field(default_factory=set)
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self, seconds: float) -> None:
        """Close as soon as nothing is being answered, at the latest after so many seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self.answering and (left := until - loop.time()) > 0:
            await asyncio.wait(self.answering, timeout=left)
        await self.socket.close()


class Sockets:
    """The connections of this process. Slack gives each payload to one of them, and takes the answer there alone."""

    def __init__(
        self,
        bolt: AsyncApp,
        client: AsyncWebClient,
        app_token: str,
        *,
        heartbeat: float = HEARTBEAT,
        overlap: float = OVERLAP,
    ) -> None:
        self._bolt = bolt
        self._client = client
        self._app_token = app_token
        self._heartbeat = heartbeat
        self._overlap = overlap
        self._session = ClientSession()
        self._keepers: list[asyncio.Task[None]] = []
        self._listening: dict[asyncio.Task[None], Connection] = {}
        self._heard = asyncio.Event()
        self._refusal: SlackApiError | None = None

    async def open(self, many: int) -> None:
        """Keep so many connections from now on; returns when the first one stands.

        Raises what Slack says where it refuses before one stands; later it is tried until Slack takes the token.
        """
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(many)]
        await self._heard.wait()
        if self._refusal:
            raise self._refusal

    @property
    def standing(self) -> int:
        """How many connections stand: with none, nothing that anybody clicks arrives."""
        return sum(not one.socket.closed for one in self._listening.values())

    async def hang_up(self, seconds: float) -> None:
        """Answer what has come, and close: Slack gives the rest to others."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*(one.close(seconds) for one in self._listening.values()))
        await asyncio.gather(*self._keepers, *self._listening, return_exceptions=True)
        await self._session.close()

    async def _keep(self) -> None:
        """Keep one place filled. Whoever ends one connection after the other at once is not stormed with new ones."""
        loop, pause = asyncio.get_running_loop(), 0.0
        while True:
            connection = Connection(await self._connect())
            began = loop.time()
            task = asyncio.create_task(self._listen(connection))
            self._listening[task] = connection
            task.add_done_callback(self._listening.pop)
            self._heard.set()
            await connection.ending.wait()
            lasted = loop.time() - began
            await asyncio.sleep(pause)
            pause = 0.0 if lasted > LONGEST_PAUSE else min(pause * 2 + FIRST_PAUSE, LONGEST_PAUSE)

    async def _connect(self) -> ClientWebSocketResponse:
        pause = FIRST_PAUSE
        while True:
            try:
                async with asyncio.timeout(ATTEMPT):
                    return await self._new_socket()
            except Exception as error:  # noqa: BLE001 - said, and tried again: without a keeper this worker is deaf for good
                if isinstance(error, SlackApiError) and stops(error) and not self._heard.is_set():
                    self._refusal = error
                    self._heard.set()
                failure = judge(error) or Failure(Verdict.IN_DOUBT, type(error).__name__)
                log.log(ERROR if failure.verdict is Verdict.STOP else WARNING, "no socket error=%s", failure.error)
                await asyncio.sleep(failure.wait or pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _new_socket(self) -> ClientWebSocketResponse:
        opened = await self._client.apps_connections_open(app_token=self._app_token)
        return await self._session.ws_connect(
            str(opened["url"]),
            heartbeat=self._heartbeat,
            timeout=ClientWSTimeout(ws_close=1),
            proxy=self._client.proxy,
            ssl=self._client.ssl or True,
        )

    async def _listen(self, connection: Connection) -> None:
        """Take what comes until the connection ends; one that is to end is listened to while its successor starts."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as limit:
                async for message in connection.socket:
                    frame = _read(message.data) if message.type is WSMsgType.TEXT else {}
                    if frame.get("type") == "disconnect":
                        log.info("socket to be renewed reason=%s", frame.get("reason"))
                        limit.reschedule(loop.time() + self._overlap)
                        connection.ending.set()
                    elif "envelope_id" in frame:
                        self._take(connection, frame)
        except TimeoutError:
            await connection.close(LAST_ANSWERS)
        finally:
            connection.ending.set()

    def _take(self, connection: Connection, envelope: Frame) -> None:
        task = asyncio.create_task(self._answer(connection.socket, envelope))
        connection.answering.add(task)
        task.add_done_callback(connection.answering.discard)

    async def _answer(self, socket: ClientWebSocketResponse, envelope: Frame) -> None:
        """Let Bolt answer. What has no good answer is not acknowledged, so that Slack delivers it again."""
        try:
            answer = await self._bolt.async_dispatch(AsyncBoltRequest(body=envelope["payload"], mode="socket_mode"))
            if answer.status == 200:
                content = {"payload": json.loads(answer.body)} if answer.body else {}
                await socket.send_str(json.dumps({"envelope_id": envelope["envelope_id"], **content}))
        except ConnectionError as error:
            log.warning("the socket broke before an answer error=%s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - reported here without its values, and not acknowledged
            report(error, "socket")


def _read(text: str) -> Frame:
    """A frame; what is no JSON object says nothing, and ends no connection."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict):
        log.warning("a frame that nobody can read")
        return {}
    return frame
