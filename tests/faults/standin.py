"""A Slack that takes messages, forgets nothing, and fails as it is told: before it took a call, or after."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.faults.times import Time

TEAM, BOT_USER, BOT = "T0FAULTS", "U0CAIRN", "B0CAIRN"
Body = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of a method: the nth of this method, and which worker made it."""

    method: str
    n: int
    args: Body = field(repr=False)
    worker: int


@dataclass(frozen=True)
class Fault:
    """How a call fails, and whether Slack has taken it all the same."""

    how: str
    taken: bool = False
    seconds: int = 0
    then: Callable[[], None] | None = None
    """What happens before the failure is seen, or after an answer went out: a kill."""


@dataclass
class Post:
    """A message in somebody's DM, and every wording it had with the moment it got it."""

    ts: str
    opaque: str
    wordings: list[tuple[float, str]]
    files: tuple[str, ...] = ()
    """Their names."""

    @property
    def words(self) -> str:
        """What stands there now."""
        return self.wordings[-1][1]


class Slack:
    """The stand-in. `fails` is asked at each call what is to go wrong."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.members: dict[str, Body] = {}
        self.dms: dict[str, list[Post]] = {}
        self.homes: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.fails: Callable[[Call], Fault | None] = lambda call: None
        self.in_hand = 0
        self.sockets: list[web.WebSocketResponse] = []
        self.acks: dict[str, asyncio.Future[Body]] = {}
        self.files: dict[str, str] = {}
        """Names of the files that were announced, by id."""
        self.url = ""
        self._ts = 0
        self._envelopes = count(1)

    async def starts(self) -> None:
        """Open the door, on a port of its own."""
        app = web.Application()
        app.router.add_route("*", "/{worker}/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/upload/{file}", _laid)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stops(self) -> None:
        """Close the door."""
        for socket in [*self.sockets]:
            await socket.close()
        await self._runner.cleanup()

    # Calls ----------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        self.in_hand += 1
        try:
            return await self._serve(request)
        finally:
            self.in_hand -= 1

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method, args = request.match_info["method"], await arguments(request)
        if method == "chat.postMessage" and args["channel"].startswith("U"):
            args["channel"] = f"D{args['channel']}"  # somebody's name stands for their DM, in this method alone
        self.calls[method] += 1
        fault = self.fails(Call(method, self.calls[method], args, int(request.match_info["worker"])))
        if fault and not fault.taken:
            return await self._fail(request, fault, {})
        answer = self._take(method, args)
        return await self._fail(request, fault, answer) if fault else web.json_response(answer)

    async def _fail(self, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
        if fault.then and fault.how != "answered":
            fault.then()
        response = await FAILURES.get(fault.how, _error)(self, request, fault, answer)
        if fault.then and fault.how == "answered":
            fault.then()
        return response

    def _take(self, method: str, args: Body) -> Body:
        take = TAKEN.get(method)
        return {"ok": True, **(take(self, args) if take else {})}

    def new_ts(self) -> str:
        """A ts that no other message has."""
        self._ts += 1
        return f"{int(self.time.real.read())}.{self._ts:06}"

    def dm_of(self, person_id: str) -> list[Post]:
        """What stands in somebody's DM."""
        return self.dms.setdefault(f"D{person_id}", [])

    # The socket -----------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0CAIRN"}})
        self.sockets.append(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acked(json.loads(message.data))
        finally:
            self.sockets.remove(socket)
        return socket

    async def pushes(self, kind: str, payload: Body) -> bool:
        """Send something over a socket, and again over the next one, until it is acknowledged."""
        for attempt in range(40):
            envelope = f"E{next(self._envelopes)}"
            ack = self.acks[envelope] = asyncio.get_running_loop().create_future()
            frame = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": False,
                     "retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}  # fmt: skip
            try:
                await (await self._socket()).send_json(frame)
                await asyncio.wait_for(ack, 3)
            except (ConnectionError, TimeoutError):
                await asyncio.sleep(0.05)
                continue
            return True
        return False

    async def _socket(self) -> web.WebSocketResponse:
        """The newest socket, when there is one."""
        async with asyncio.timeout(3):
            while not (open_ones := [one for one in self.sockets if not one.closed]):
                await asyncio.sleep(0.02)
        return open_ones[-1]

    async def breaks(self, how: str) -> None:
        """Break every socket: "drop" without a word, "disconnect" with one, or only announce it ("warning")."""
        for socket in [*self.sockets]:
            if how == "drop":
                transport = socket._req.transport if socket._req else None
                if transport:
                    transport.abort()
                continue
            reason = "refresh_requested" if how == "disconnect" else "warning"
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "faults"}})
            if how == "disconnect":
                await socket.close()

    def _acked(self, frame: Body) -> None:
        ack = self.acks.pop(frame.get("envelope_id", ""), None)
        if ack and not ack.done():
            ack.set_result(frame)


async def arguments(request: web.Request) -> Body:
    """A call's arguments: from its query, its form or its JSON."""
    args: Body = dict(request.query)
    if "json" in request.content_type:
        return args | json.loads(await request.read() or b"{}")
    return args | dict(await request.post())


# What Slack does with a call it takes ------------------------------------------------------------


def _open(slack: Slack, args: Body) -> Body:
    return {"channel": {"id": f"D{args['users']}"}}


def _post(slack: Slack, args: Body) -> Body:
    metadata = args.get("metadata") or {}
    opaque = (metadata if isinstance(metadata, dict) else json.loads(metadata)).get("event_payload", {}).get("id", "")
    post = Post(slack.new_ts(), opaque, [(slack.time.steady(), words_of(args))])
    slack.dms.setdefault(args["channel"], []).append(post)
    return {"channel": args["channel"], "ts": post.ts}


def _update(slack: Slack, args: Body) -> Body:
    for post in slack.dms.get(args["channel"], []):
        if post.ts == args["ts"]:
            post.wordings.append((slack.time.steady(), words_of(args)))
            return {"channel": args["channel"], "ts": post.ts}
    return {"ok": False, "error": "message_not_found"}


def _history(slack: Slack, args: Body) -> Body:
    limit = int(args.get("limit") or 100)
    posts = [
        one for one in reversed(slack.dms.get(args["channel"], [])) if float(one.ts) > float(args.get("oldest") or 0)
    ]
    return {"messages": [_shape(post) for post in posts[:limit]], "has_more": len(posts) > limit}


def _shape(post: Post) -> Body:
    metadata = {"event_type": "cairn_message", "event_payload": {"id": post.opaque}}
    files = [{"name": one} for one in post.files]
    return {
        "type": "message",
        "ts": post.ts,
        "text": post.words,
        "user": BOT_USER,
        "metadata": metadata,
        "files": files,
    }


async def _laid(request: web.Request) -> web.StreamResponse:
    await request.read()
    return web.Response(text="OK")


def _announce(slack: Slack, args: Body) -> Body:
    file_id = f"F{len(slack.files) + 1}"
    slack.files[file_id] = args["filename"]
    return {"upload_url": f"{slack.url}/upload/{file_id}", "file_id": file_id}


def _share(slack: Slack, args: Body) -> Body:
    wanted = args["files"] if isinstance(args["files"], list) else json.loads(args["files"])
    names = tuple(slack.files[one["id"]] for one in wanted)
    post = Post(slack.new_ts(), names[0], [(slack.time.steady(), args.get("initial_comment", ""))], names)
    slack.dms.setdefault(args["channel_id"], []).append(post)
    return {"files": wanted}


def _publish(slack: Slack, args: Body) -> Body:
    slack.homes[args["user_id"]] += 1
    return {"view": {"id": f"V{args['user_id']}"}}


def words_of(args: Body) -> str:
    """The push text, and every word of the blocks."""
    blocks = args.get("blocks") or []
    return f"{args.get('text', '')}\n{blocks if isinstance(blocks, str) else json.dumps(blocks, ensure_ascii=False)}"


TAKEN: dict[str, Callable[[Slack, Body], Body]] = {
    "auth.test": lambda slack, args: {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "url": slack.url},
    "users.list": lambda slack, args: {"members": [*slack.members.values()]},
    "users.info": lambda slack, args: {"user": slack.members[args["user"]]},
    "conversations.open": _open,
    "conversations.history": _history,
    "chat.postMessage": _post,
    "chat.update": _update,
    "files.getUploadURLExternal": _announce,
    "files.completeUploadExternal": _share,
    "views.publish": _publish,
    "views.open": lambda slack, args: {"view": {"id": "V0"}},
    "apps.connections.open": lambda slack, args: {"url": f"{slack.url.replace('http', 'ws')}/link"},
}


# How it fails ------------------------------------------------------------------------------------


async def _reset(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _hang(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    slack.in_hand -= 1  # nothing is being done: time may pass
    while request.transport and not request.transport.is_closing():
        await asyncio.sleep(0.02)
    slack.in_hand += 1
    return web.Response()


async def _status(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    return web.Response(status=int(fault.how), text="<html>upstream error</html>", content_type="text/html")


async def _limited(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    headers = {"Retry-After": str(fault.seconds)}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


async def _malformed(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    return web.Response(text='{"ok": tru', content_type="application/json")


async def _cut(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    content = json.dumps(answer or {"ok": True}).encode()
    response = web.StreamResponse(headers={"Content-Length": str(len(content)), "Content-Type": "application/json"})
    with suppress(ConnectionError):  # whoever called has gone already
        await response.prepare(request)
        await response.write(content[: len(content) // 2])
    return await _reset(slack, request, fault, answer)


async def _answered(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    """The answer goes out whole, and only then something happens."""
    response = web.json_response(answer)
    with suppress(ConnectionError):
        await response.prepare(request)
        await response.write_eof()
    return response


async def _error(slack: Slack, request: web.Request, fault: Fault, answer: Body) -> web.StreamResponse:
    """An error of Slack's own, by its name."""
    return web.json_response({"ok": False, "error": fault.how})


FAILURES = {
    "reset": _reset,
    "no answer": _hang,
    "500": _status,
    "503": _status,
    "429": _limited,
    "malformed": _malformed,
    "cut": _cut,
    "answered": _answered,
}
