"""One lasting HTTP connection with JSON both ways: a rehearsal asks so often that each time must cost little."""

import json
from http.client import HTTPConnection, HTTPException
from select import select
from typing import Any
from urllib.parse import urlencode, urlsplit

LOST = (OSError, HTTPException)
"""What is raised when nobody answers."""


class Wire:
    """A connection to one address; after a pause, in which the other side may have hung up, it is made anew."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._path = parts.path.rstrip("/")
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def get(self, what: str, **asked: str) -> tuple[int, Any]:
        """Ask for something; the status and the answer. Raises what is in LOST."""
        return self._ask("GET", f"{what}?{urlencode(asked)}", None)

    def post(self, what: str, body: Any) -> tuple[int, Any]:
        """Hand something in; the status and the answer. Raises what is in LOST."""
        return self._ask("POST", what, json.dumps(body))

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _ask(self, method: str, what: str, body: str | None) -> tuple[int, Any]:
        if self._connection.sock and select([self._connection.sock], [], [], 0)[0]:
            self._connection.close()
        try:
            self._connection.request(method, f"{self._path}/{what}", body, {"Content-Type": "application/json"})
            answer = self._connection.getresponse()
            return answer.status, json.loads(answer.read())
        except LOST:
            self._connection.close()
            raise
