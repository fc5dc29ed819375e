"""Connections that come in: whoever opens one has a few seconds to ask, and those who dawdle keep nobody else out.

Uvicorn bounds only the time between two requests. It waits for ever for the first, and for one that comes a byte at a
time; and where many wait, its limit on connections refuses everybody, those first who ask at once.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    """One connection, with a deadline for each of its requests and a place that it may lose to a newer one."""

    to_ask: ClassVar[float] = 5.0
    """Seconds from the opening, or from the last answer, in which a request's headers have to be here."""
    to_finish: ClassVar[float] = 60.0
    """Seconds from then on in which it has to be answered, and the answer taken."""
    most: ClassVar[int] = 400
    """How many connections there may be; one more, and whoever has dawdled longest is cut off."""

    _deadline: asyncio.TimerHandle | None = None
    _since: float = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._allow(self.to_ask)
        if len(self.connections) > self.most:
            self._make_room()

    def handle_events(self) -> None:
        """Read what has come; a request that is whole but for its body gets the time to be answered."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._allow(self.to_finish)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, which may have come already."""
        self._allow(self.to_ask)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        super().connection_lost(exc)
        if self._deadline:
            self._deadline.cancel()

    @property
    def dawdles(self) -> bool:
        """Whether the other side is expected to send something: a request, or what is left of its body."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _allow(self, seconds: float) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._since = self.loop.time()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _make_room(self) -> None:
        """Cut off whoever has dawdled longest; where nobody does, uvicorn answers that there is too much to do."""
        still = [one for one in self.connections if isinstance(one, Connection) and not one.transport.is_closing()]
        dawdling = [one for one in still if one.dawdles and one is not self]
        if len(still) > self.most and dawdling:
            min(dawdling, key=lambda one: one._since).transport.abort()  # noqa: SLF001 - another of this kind
