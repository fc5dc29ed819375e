"""Slack's HTTP doors for apps: /api/<method>, uploads and downloads of files, response_urls."""

import asyncio
import base64
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.model import File, Json
from sandbox.slack import Slack


def routes(slack: Slack) -> list[Route]:
    """Return the routes an app talks to."""

    async def api(request: Request) -> Response:
        slack.base_url = str(request.base_url)
        try:
            args = await arguments(request)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_json"})
        token = str(args.pop("token", "") or "") or _bearer(request)
        args |= _basic(request)
        outcome = slack.call(request.path_params["method"], token, args)
        if outcome.cut:
            return await _cut(request, outcome.cut)
        return JSONResponse(outcome.body, outcome.status, outcome.headers)

    async def upload(request: Request) -> Response:
        file = slack.files.get(request.path_params["file"])
        if file is None or file.complete:
            return PlainTextResponse("not found", 404)
        return _keep(file, await _content(request))

    async def download(request: Request) -> Response:
        return _file(slack, request)

    async def respond(request: Request) -> Response:
        error = slack.respond(request.path_params["key"], await arguments(request))
        return JSONResponse({"ok": False, "error": error}, 404) if error else PlainTextResponse("ok")

    return [
        Route("/api/{method}", api, methods=["GET", "POST"]),
        Route("/upload/v1/{file}", upload, methods=["POST", "PUT"]),
        Route("/files-pri/{key}/{name:path}", download),
        Route("/actions/{team}/{key}", respond, methods=["POST"]),
    ]


async def arguments(request: Request) -> Json:
    """Return a call's arguments, sent as a query, a form or JSON."""
    args: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        body = json.loads(await request.body() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("not an object")
        return args | body
    if "form" in kind:
        async with request.form() as form:
            args |= {name: value for name, value in form.items() if isinstance(value, str)}
    if args.get("payload"):
        args |= json.loads(args.pop("payload"))
    return args


def _bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ").strip()


def _basic(request: Request) -> Json:
    """An app's id and secret, as HTTP's basic authorisation has them."""
    kind, _, packed = request.headers.get("authorization", "").partition(" ")
    if kind != "Basic":
        return {}
    client_id, _, secret = base64.b64decode(packed).decode().partition(":")
    return {"client_id": client_id, "client_secret": secret}


async def _cut(request: Request, cut: str) -> Response:
    """Never answer, or break the connection, after the call has been taken."""
    if cut == "hang":
        while (await request.receive())["type"] != "http.disconnect":
            pass
        return Response()
    # The server's own object for this exchange holds the connection; ASGI has no word for cutting it.
    exchange = getattr(request.receive, "__self__", None)
    transport = getattr(exchange, "transport", None)
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0)
    return Response()


async def _content(request: Request) -> bytes:
    if "multipart" not in request.headers.get("content-type", ""):
        return await request.body()
    async with request.form() as form:
        parts = [part for part in form.values() if not isinstance(part, str)]
        return await parts[0].read() if parts else b""


def _keep(file: File, content: bytes) -> Response:
    if len(content) != file.size:
        return PlainTextResponse(f"expected {file.size} bytes, got {len(content)}", 400)
    file.content, file.received = content, True
    return PlainTextResponse(f"OK - {file.size}")


def _file(slack: Slack, request: Request) -> Response:
    """Serve url_private to a token of an app that sees the file, or to the sandbox's own page by ?as=person."""
    file = slack.files.get(request.path_params["key"].rpartition("-")[2])
    if file is None or not file.received:
        return PlainTextResponse("not found", 404)
    tokens = {app.bot_token: app.bot.user_id for app in slack.apps.values()}
    bot, person = tokens.get(_bearer(request), ""), request.query_params.get("as", "")
    shared = any(bot in slack.channels[each].members for each in file.channels)
    if not shared and bot != file.user and person not in slack.people:
        # Slack sends those without a token to its sign-in page.
        return PlainTextResponse("sign in", 302, {"Location": "/"})
    return Response(file.content, media_type="application/octet-stream")
