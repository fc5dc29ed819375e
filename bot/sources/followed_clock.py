"""A clock that somebody else winds: for trying things out against a local Slack."""

import logging
import time
from datetime import UTC, datetime, timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout

log = logging.getLogger(__name__)

JUMP = timedelta(seconds=2)
PATIENCE = ClientTimeout(total=5)


class FollowedClock:
    """Reads `{"now": "<ISO 8601 with offset>"}` from a URL, and goes on by itself between two readings."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self._url = url
        self._session = session
        self._read = datetime.now(UTC)
        self._at = time.monotonic()

    def now(self) -> datetime:
        """The present moment there, in UTC."""
        return self._read + timedelta(seconds=time.monotonic() - self._at)

    async def follow(self, *, unless_read_within: float = 0) -> int:
        """Read the clock, unless it was read so few seconds ago; 1 when it was wound since the last reading."""
        if time.monotonic() - self._at < unless_read_within:
            return 0
        try:
            async with self._session.get(self._url, raise_for_status=True, timeout=PATIENCE) as answer:
                read = datetime.fromisoformat((await answer.json())["now"])
        except (ClientError, TimeoutError, ValueError, KeyError) as error:
            log.warning("the clock does not answer error=%s", type(error).__name__)
            return 0
        if read.tzinfo is None:
            log.warning("the clock tells no offset")
            return 0
        jumped = abs(read - self.now()) > JUMP
        self._read, self._at = read.astimezone(UTC), time.monotonic()
        return int(jumped)
