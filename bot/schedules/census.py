"""The census: once a day everybody is read anew from Slack; a change whose news was lost is known all the same."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.slack.desk import Clock

DAILY = timedelta(days=1)
AGAIN = timedelta(minutes=10)
"""How long after a reading that failed the next one is tried."""


class Census:
    """Reads everybody once a day; the start reads them by itself."""

    def __init__(self, clock: Clock, read: Callable[[], Awaitable[int]]) -> None:
        self._clock = clock
        self._read = read
        self._next: datetime | None = None

    async def __call__(self) -> int:
        """Read when a day has passed; what fails is reported by the loop, and tried again a little later."""
        now = self._clock.now()
        if self._next is None:
            self._next = now + DAILY
        if now >= self._next:
            self._next = now + AGAIN
            await self._read()
            self._next = now + DAILY
        return 0
