"""Another company system, on this machine: it takes what Cairn posts, checks the signature, or misbehaves."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from tests.company import Company

SECRET, VARIABLE = "a secret that both sides have, 32 letters long", "CAIRN_SECRET_HR"


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def is_signed(self) -> bool:
        """Whether it is signed as the page for operators says, worked out from the bytes alone."""
        words = f"v1:{self.headers['x-cairn-timestamp']}:".encode() + self.raw
        made = hmac.new(SECRET.encode(), words, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v1={made}", self.headers["x-cairn-signature"])


class Receiver:
    """Answers with a status; while it is `silent`, with nothing at all."""

    def __init__(self) -> None:
        self.status = "204 No Content"
        self.silent = False
        self.seen: list[Posted] = []
        self.port = 0
        self.arrived = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._taking: list[asyncio.Task[None] | None] = []

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self._server
        self._server.close()
        await asyncio.gather(*filter(None, self._taking))
        await self._server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._taking.append(asyncio.current_task())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        pairs = [line.split(": ", 1) for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, value in pairs}
        self.seen.append(Posted(headers, await reader.readexactly(int(headers["content-length"]))))
        self.arrived.set()
        if self.silent:
            await reader.read()  # until the other side hangs up
        else:
            writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.place}/cairn"


def lets_in(company: Company, receiver: Receiver) -> None:
    """The operator names the host and sets the secret."""
    company.inside.add(receiver.place)
    company.secrets[VARIABLE] = SECRET
