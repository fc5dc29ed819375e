"""What lies between Cairn and Slack: a line that can be cut, fall silent and come back."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[int]:
    """Serve an application with WebSockets in this very loop; yields the port."""
    listening = socket.create_server(("127.0.0.1", 0))  # connections wait here until the server has started
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="websockets-sansio")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task


class Line:
    """A TCP line to a port of this machine."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.url = ""
        self.is_down = False
        self._open = asyncio.Event()
        self._open.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._silent: set[asyncio.StreamWriter] = set()

    def cut(self, *, stays_down: bool = False) -> None:
        """Break every connection at once, as a router that restarts does."""
        self.is_down = stays_down
        for end in self._ends:
            end.transport.abort()

    def falls_silent(self) -> None:
        """Whatever is connected stays so, and nothing comes through any more."""
        self._silent = set(self._ends)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        if self.is_down:
            writer.transport.abort()
            return
        there_reader, there = await asyncio.open_connection("127.0.0.1", self.to)
        self._ends |= {writer, there}
        try:
            await asyncio.gather(self._pump(reader, there), self._pump(there_reader, writer))
        except OSError:
            pass
        finally:
            self._ends -= {writer, there}
            writer.transport.abort()
            there.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if writer not in self._silent:
                writer.write(data)
                await writer.drain()
        if writer not in self._silent:
            writer.close()


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[Line]:
    """A line to a port; its URL is the address of the near end."""
    line = Line(port)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as near:
        line.url = f"http://127.0.0.1:{near.sockets[0].getsockname()[1]}/"
        yield line
        line.cut()
