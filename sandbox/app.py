"""Puts the sandbox together as one Starlette application."""

from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import control, oauth, socket_mode, web_api
from sandbox.slack import Slack


def create(slack: Slack) -> Starlette:
    """Return the application that serves apps, the control API and the web page."""
    found: list[BaseRoute] = [*web_api.routes(slack), *socket_mode.routes(slack), *control.routes(slack)]
    return Starlette(routes=[*found, *oauth.routes(slack), *_page()])


def together(*slacks: Slack) -> ASGIApp:
    """Several workspaces behind one address, as at Slack: a token, a code or a query says which one is meant."""
    doors = {slack.team.id: create(slack) for slack in slacks}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        named = f"{request.headers.get('authorization', '')} {request.url.query}"
        if request.url.path == "/api/oauth.v2.access":
            body = await request.body()
            named, receive = f"{named} {body.decode()}", _again(body, receive)
        await next((door for team, door in doors.items() if team in named), doors[slacks[0].team.id])(
            scope, receive, send
        )

    return serve


def _again(body: bytes, after: Receive) -> Receive:
    """Have somebody read a body that was read already, and then whatever comes after it."""
    read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return read.pop() if read else await after()

    return receive


def _page() -> list[BaseRoute]:
    if find_spec("sandbox.page") is None:
        return []
    from sandbox.page import routes  # noqa: PLC0415  # the page is optional: without it the protocol still works

    return list(routes)
