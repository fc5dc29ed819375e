"""A small workspace, alone or behind HTTP on a free port."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from slack_sdk.web.async_client import AsyncWebClient
from tiny_app import WORKSPACE

from sandbox.app import create
from sandbox.clock import Clock
from sandbox.slack import Slack
from sandbox.workspace import read_workspace


@pytest.fixture
def slack() -> Slack:
    return Slack(read_workspace(WORKSPACE), Clock())


@pytest.fixture
def served(slack: Slack) -> Iterator[Slack]:
    """The same workspace behind HTTP, in a thread; `slack.base_url` says where."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    slack.base_url = f"http://127.0.0.1:{port}/"
    server = uvicorn.Server(uvicorn.Config(create(slack), port=port, log_level="error", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run)
    thread.start()
    with socket.socket() as probe:
        while probe.connect_ex(("127.0.0.1", port)):
            thread.join(0.01)
    yield slack
    server.should_exit = True
    thread.join()


@pytest.fixture
def client(served: Slack) -> Callable[..., AsyncWebClient]:
    """An AsyncWebClient with some token."""

    def make(token: str, **more: Any) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=served.base_url + "api/", **more)

    return make
