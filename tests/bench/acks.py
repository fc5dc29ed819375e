"""Acks without SQL: our receiver and door beside Bolt's own listeners and ASGI adapter, in one process, in turns."""

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers import ALL
from bot.slack.attach import Counter
from bot.slack.desk import Delivery, Done, WallClock
from bot.slack.flow import Kind, Step
from bot.slack.flows import Flows
from bot.slack.reception import bolt_for
from bot.slack.words import Words
from bot.web import LARGEST_BODY, Receiver
from sandbox.app import create
from sandbox.clock import Clock
from sandbox.slack import Slack
from sandbox.workspace import read_workspace
from tests.bench.measure import Row, at_most, beside, percentile
from tests.company import APP, Server

LANTERN = Path(__file__).parent.parent.parent / "examples" / "lantern" / "workspace.yml"
SECRET = "a secret of thirty-two characters"
FLOWS = Flows(ALL)
ACTION, VIEW = (
    next(step.id for step in FLOWS.steps.values() if step.kind is kind) for kind in (Kind.ACTION, Kind.VIEW)
)
DONE = Done(None, Words("en"))
GOALS = {"command": None, "block action": 0.6, "view submission": 0.6}


class NoSql:
    """A desk that says at once that it is done: what is left is the door."""

    flows = FLOWS

    async def take(self, _delivery: Delivery, _step: Step) -> Done:
        return DONE


async def rows(*, quick: bool) -> list[Row]:
    """The CPU of an ack, its time alone over a real connection, and what five unsigned megabytes cost."""
    count = 100 if quick else 400
    bodies = {"command": command(), "block action": action(), "view submission": submission()}
    async with applications() as (ours, floor):
        found = [
            await beside(
                f"ack without SQL: {name} ({len(raw) / 1000:.1f} KB)",
                calls(ours, raw, count), calls(floor, raw, count), count, most=GOALS[name],
            )
            for name, raw in bodies.items()
        ]  # fmt: skip
        alone = await over_http(ours, bodies["view submission"], count)
        found.append(at_most("ack without SQL: p50 alone, over HTTP", percentile(alone, 0.5) * 1000, "ms", 1.2))
        return [*found, *[await unsigned(ours, floor, declared) for declared in (True, False)]]


async def unsigned(ours: Any, floor: Any, declared: bool) -> Row:
    """5 MB of escapes that nobody signed, which our receiver refuses and Bolt's adapter parses first."""
    raw = b"payload=" + b"%41" * (5 * 1024 * 1024 // 3)
    what = "5 MB unsigned, " + ("said beforehand" if declared else "piece by piece")
    costs = [await cost_of(app, raw, declared) for app in (ours, ours, ours, floor)]
    return at_most(what, min(costs[:3]) * 1000, "ms", 5, floor=costs[3] * 1000, note="the floor: Bolt's own adapter")


async def cost_of(app: Any, raw: bytes, declared: bool) -> float:
    before = time.process_time()
    headers = {"content-length": str(len(raw) if declared else LARGEST_BODY), "x-slack-signature": "v0=00"}
    with suppress(ValueError):  # with which Bolt's parser gives up
        await call(app, raw, headers)
    return time.process_time() - before


# Both applications -------------------------------------------------------------------------


@asynccontextmanager
async def applications():
    """Our receiver and Bolt's own adapter, over one Slack that knows the token."""
    server = Server.__new__(Server)
    slack = Slack(read_workspace(LANTERN), Clock())
    server.app = create(slack)
    config = uvicorn.Config(server._serve, port=0, log_level="error", lifespan="off", ws="none", interface="asgi3")
    async with served(config) as url:
        client = AsyncWebClient(token=slack.apps[APP].bot_token, base_url=f"{url}api/")
        receiver = Receiver(bolt_for(Counter(NoSql(), client, None)), SECRET, WallClock(), nobody, nobody)
        yield receiver, stock(client)


@asynccontextmanager
async def served(config: uvicorn.Config):
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    await task


def stock(client: AsyncWebClient) -> AsyncSlackRequestHandler:
    """Bolt as its documents show it: three listeners that acknowledge, behind its ASGI adapter."""
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

    async def acknowledge(ack: Any) -> None:
        await ack()

    app.command("/cairn")(acknowledge)
    app.action(ACTION)(acknowledge)
    app.view(VIEW)(acknowledge)
    return AsyncSlackRequestHandler(app)


async def nobody() -> tuple[bool, dict[str, Any]]:
    return True, {}


# Requests --------------------------------------------------------------------------------------


def calls(app: Any, raw: bytes, count: int) -> Callable[[], Any]:
    async def work() -> None:
        for _ in range(count):
            assert await call(app, raw, signed(raw)) == 200

    return work


def signed(raw: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + raw, sha256).hexdigest()
    return {
        "host": "cairn.example", "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "accept": "*/*",
        "accept-encoding": "gzip,deflate", "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(raw)), "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={signature}",
    }  # fmt: skip


async def call(app: Any, raw: bytes, headers: dict[str, str]) -> int:
    stamped = {"x-slack-request-timestamp": str(int(time.time())), **headers}
    scope = {
        "type": "http", "method": "POST", "path": "/slack/events", "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in stamped.items()],
    }  # fmt: skip
    pieces = [raw[at : at + 65536] for at in range(0, len(raw), 65536)]
    sent = []

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"]


async def over_http(app: Any, raw: bytes, count: int) -> list[float]:
    """Seconds from the first byte of a request to the end of its answer, one at a time, over one connection."""
    async with served(uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none")) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1].strip("/")))
        taken = []
        for _ in range(count):
            head = "".join(f"{name}: {value}\r\n" for name, value in signed(raw).items())
            before = time.perf_counter()
            writer.write(f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode() + raw)
            assert b"200" in (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]
            taken.append(time.perf_counter() - before)
            await reader.read(1024)
        writer.close()
        return taken


# Payloads of the usual size ---------------------------------------------------------------------

COMMON = {
    "team": {"id": "T0LANTERN", "domain": "lantern"}, "api_app_id": "A01CAIRN", "token": "x", "enterprise": None,
    "user": {"id": "U01EMILY", "username": "emily", "name": "emily", "team_id": "T0LANTERN"}, "trigger_id": "1.2.abc",
    "is_enterprise_install": False,
}  # fmt: skip
SECTION = {
    "type": "section",
    "text": {"type": "mrkdwn", "verbatim": False, "text": "*The harbour crane* is 3 days late; who helps?"},
}


def command() -> bytes:
    return urlencode({
        "token": "x", "team_id": "T0LANTERN", "team_domain": "lantern", "channel_id": "D0123456789",
        "channel_name": "directmessage", "user_id": "U01EMILY", "user_name": "emily", "command": "/cairn",
        "text": "goals", "api_app_id": "A01CAIRN", "is_enterprise_install": "false", "trigger_id": "1.2.abc",
        "response_url": "https://hooks.slack.com/commands/T0LANTERN/123456789/abcdefghij",
    }).encode()  # fmt: skip


def action() -> bytes:
    message = {"type": "message", "user": "UCAIRN", "bot_id": "BCAIRN", "ts": "1.1", "text": "Check-in"}
    blocks = [{**SECTION, "block_id": f"b{n}"} for n in range(8)]
    pressed = {"type": "button", "action_id": ACTION, "block_id": "b9", "value": "abc/def", "action_ts": "1.1"}
    return payload({
        **COMMON, "type": "block_actions", "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1"},
        "channel": {"id": "D1", "name": "directmessage"}, "message": {**message, "blocks": blocks},
        "state": {"values": {}}, "response_url": "https://hooks.slack.com/actions/T0/1/abc", "actions": [pressed],
    })  # fmt: skip


def submission() -> bytes:
    typed = {
        "type": "plain_text_input",
        "value": "The supplier has confirmed the date & the quantity; we wait for the ship",
    }
    element = {"type": "plain_text_input", "action_id": "value", "multiline": True}
    label = {"type": "plain_text", "text": "Where does it stand?", "emoji": True}
    names = [f"note{n}" for n in range(4)]
    inputs = [
        {"type": "input", "block_id": name, "label": label, "element": element, "optional": True} for name in names
    ]
    view = {
        "id": "V1", "team_id": "T0LANTERN", "type": "modal", "callback_id": VIEW, "private_metadata": "abc/def",
        "hash": "1.x", "state": {"values": {name: {"value": typed} for name in names}},
        "blocks": [*inputs, *({**SECTION, "block_id": f"b{n}"} for n in range(6))],
        "title": {"type": "plain_text", "text": "Check-in"}, "root_view_id": "V1", "app_installed_team_id": "T0LANTERN",
    }  # fmt: skip
    return payload({**COMMON, "type": "view_submission", "view": view, "response_urls": []})


def payload(body: dict[str, Any]) -> bytes:
    return urlencode({"payload": json.dumps(body)}).encode()
