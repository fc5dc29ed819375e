"""Puts the sandbox together as one Starlette application."""

from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from sandbox import control, socket_mode, web_api
from sandbox.slack import Slack


def create(slack: Slack) -> Starlette:
    """Return the application that serves apps, the control API and the web page."""
    found: list[BaseRoute] = [*web_api.routes(slack), *socket_mode.routes(slack), *control.routes(slack)]
    return Starlette(routes=[*found, *_page()])


def _page() -> list[BaseRoute]:
    if find_spec("sandbox.page") is None:
        return []
    from sandbox.page import routes  # noqa: PLC0415  # the page is optional: without it the protocol still works

    return list(routes)
