"""A small proxy before several workers: each in turn, and the next one where a worker does not answer."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

DROPPED = {"host", "connection", "content-length", "transfer-encoding", "keep-alive", "date", "server"}
"""Headers that belong to one connection, not to what is passed on."""


class Front(Protocol):
    """Whatever stands before the workers."""

    workers: list[str]
    """The URLs of those that run, with the slash at the end."""

    @property
    def passed_on(self) -> int:
        """How often a worker did not answer and another did."""
        ...


class Proxy:
    """Passes requests on to workers; `workers` may change at any time."""

    def __init__(self) -> None:
        self.workers: list[str] = []
        """Their URLs, with the slash at the end."""
        self.passed_on = 0
        """How often a worker did not answer and another did."""
        one_each = httpx.Limits(max_keepalive_connections=0)  # as nginx connects unless told otherwise
        self._http = httpx.AsyncClient(timeout=30, trust_env=False, limits=one_each)
        self._turn = 0

    async def answer(self, request: Request) -> Response:
        """Have a request answered. To give it to another is safe: Cairn acts on the same delivery once."""
        body = await request.body()
        headers = _kept(request.headers.items())
        for url in self._in_turn():
            passed = self._http.build_request(request.method, url + request.url.path[1:], content=body, headers=headers)
            try:
                answer = await self._http.send(passed, stream=True)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                self.passed_on += 1
                continue
            return Response(await answer.aread(), answer.status_code, _kept(answer.headers.items()))
        return Response("no worker answers", 502)

    @asynccontextmanager
    async def lasting(self, _: Starlette) -> AsyncIterator[None]:
        """For as long as it is served: afterwards it lets go of the workers."""
        yield
        await self._http.aclose()

    def _in_turn(self) -> list[str]:
        workers = tuple(self.workers)
        self._turn += 1
        at = self._turn % len(workers) if workers else 0
        return [*workers[at:], *workers[:at]]


def _kept(headers: list[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in headers if name.lower() not in DROPPED}


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    """Run a proxy on a port, in a thread."""
    proxy = Proxy()
    app = Starlette(routes=[Route("/{path:path}", proxy.answer, methods=["GET", "POST"])], lifespan=proxy.lasting)
    listening = socket.create_server(("127.0.0.1", port))  # connections wait here until the server has started
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],), name="proxy")
    thread.start()
    try:
        yield proxy
    finally:
        server.should_exit = True
        thread.join()
