"""The control API under /_/: what the page uses, and tests without a browser."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.acts.registry import channel_of
from sandbox.clock import ClockError
from sandbox.errors import ActError
from sandbox.model import Json
from sandbox.seen import messages_for, modals_for, state_for
from sandbox.slack import Slack
from sandbox.socket_mode import order
from sandbox.state import Fault
from sandbox.workspace import Person, WorkspaceError, read_person

Answerer = Callable[[Slack, Request], Awaitable[Json]]


async def _state(slack: Slack, request: Request) -> Json:
    return state_for(slack, _who(slack, request))


async def _modals(slack: Slack, request: Request) -> Json:
    return {"modals": modals_for(slack, _who(slack, request))}


async def _messages(slack: Slack, request: Request) -> Json:
    person, asked = _who(slack, request), request.query_params
    channel = channel_of(slack, person, {"channel": asked.get("channel", "")})
    return {"messages": messages_for(slack, person, channel, asked.get("thread", ""))}


def _who(slack: Slack, request: Request) -> Person:
    """Who looks; nobody named means the workspace's owner, so that the bare address shows something."""
    owner = next((each.id for each in slack.workspace.people if each.owner), slack.workspace.people[0].id)
    return slack.member(request.query_params.get("as") or owner)


async def _act(slack: Slack, request: Request) -> Json:
    body = await _body(request)
    return await slack.act(str(body.pop("as", "")), str(body.pop("do", "")), **body)


async def _clock(slack: Slack, request: Request) -> Json:
    if request.method == "POST":
        body = await _body(request)
        who = str(body.pop("as", ""))
        slack.wind({name: str(value) for name, value in body.items()}, slack.member(who).id if who else "")
    return {"now": slack.clock.now().isoformat()}


async def _traffic(slack: Slack, request: Request) -> Json:
    after = int(request.query_params.get("after", "0"))
    return {"entries": [entry for entry in tuple(slack.traffic) if entry["n"] > after]}


async def _findings(slack: Slack, _: Request) -> Json:
    return {"findings": slack.findings}


async def _settings(slack: Slack, request: Request) -> Json:
    for name, value in (await _body(request)).items():
        if name not in vars(slack.settings):
            raise ActError(f"There is no setting {name}; there are {', '.join(vars(slack.settings))}.")
        kind = type(getattr(slack.settings, name))
        setattr(slack.settings, name, kind(value))
    return {"ok": True, "settings": vars(slack.settings)}


async def _faults(slack: Slack, request: Request) -> Json:
    body = await _body(request)
    if body.get("fault") not in {"429", "500", "reset", "hang"}:
        raise ActError('A fault is "429", "500", "reset" or "hang".')
    fault = Fault(body["fault"], int(body.get("times", 1)), int(body.get("retry_after", 1)))
    slack.faults[str(body.get("method", "*"))] = fault
    return {"ok": True}


async def _socket(slack: Slack, request: Request) -> Json:
    do = (await _body(request)).get("do")
    if do not in {"disconnect", "refresh", "drop"}:
        raise ActError('A socket can be told to "disconnect", "refresh" or "drop".')
    return {"ok": True, "sockets": await order(slack, do)}


async def _person(slack: Slack, request: Request) -> Json:
    body = await _body(request)
    changes = {name: body[name] for name in ("tz", "locale", "deleted") if name in body}
    if changes.get("tz", "UTC") not in available_timezones():
        raise ActError(f"{changes['tz']} is not a time zone.")
    if "name" in body and body.get("id") not in slack.people:
        await slack.join(read_person(body))
    else:
        await slack.alter(str(body.get("id", "")), **changes)
    return {"ok": True}


async def _body(request: Request) -> dict[str, Any]:
    body = await request.json()
    if not isinstance(body, dict):
        raise ActError("The request must be a JSON object.")
    return body


def routes(slack: Slack) -> list[BaseRoute]:
    """Return the control API's routes."""
    table: list[tuple[str, Answerer, str]] = [
        ("state", _state, "GET"),
        ("modals", _modals, "GET"),
        ("messages", _messages, "GET"),
        ("act", _act, "POST"),
        ("clock", _clock, "GET POST"),
        ("traffic", _traffic, "GET"),
        ("findings", _findings, "GET"),
        ("settings", _settings, "POST"),
        ("faults", _faults, "POST"),
        ("socket", _socket, "POST"),
        ("person", _person, "POST"),
    ]
    found: list[BaseRoute] = [
        Route(f"/_/{name}", _door(slack, answer), methods=methods.split()) for name, answer, methods in table
    ]
    return [*found, WebSocketRoute("/_/live", _live(slack))]


def _door(slack: Slack, answer: Answerer) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        slack.base_url = str(request.base_url)
        try:
            return JSONResponse(await answer(slack, request))
        except (ActError, ClockError, WorkspaceError) as error:
            return JSONResponse({"error": str(error)}, 400)
        except ValueError as error:
            return JSONResponse({"error": f"The request cannot be read: {error}."}, 400)

    return answered


def _live(slack: Slack) -> Callable[[WebSocket], Awaitable[None]]:
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[Json]()

        def watch(news: Json) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, news)

        slack.watchers[id(socket)] = (socket.query_params.get("as", ""), watch)
        # What happened between the page's first look and now would otherwise go unseen.
        slack.changed()
        pump = asyncio.ensure_future(_pump(socket, queue))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            del slack.watchers[id(socket)]
            pump.cancel()

    return live


async def _pump(socket: WebSocket, queue: asyncio.Queue[Json]) -> None:
    """Send news as they come; several "changed" in a row are sent once."""
    while True:
        news = [await queue.get()]
        while not queue.empty():
            news.append(queue.get_nowait())
        for each in dict.fromkeys((one["type"], one.get("text", "")) for one in news):
            await socket.send_json({"type": each[0]} | ({"text": each[1]} if each[1] else {}))
