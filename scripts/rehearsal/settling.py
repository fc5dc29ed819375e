"""Waiting for the bot: until it knows the time and nothing is due or unsent."""

import time
from datetime import datetime
from typing import Any

import httpx

Facts = dict[str, Any]

SHORT, LONG = 0.003, 0.05
PATIENCE = 30.0
"""Seconds in which the bot has to become quiet."""


class NotSettled(Exception):  # noqa: N818 - it reads as what happened
    """The bot did not become quiet in time."""


class Bot:
    """The bot, asked how it stands."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def settles(self, not_before: datetime | None = None) -> Facts:
        """Wait until it has reached a moment, nothing is due, and nothing waits to be sent; returns its facts."""
        until, pause = time.monotonic() + PATIENCE, SHORT
        while time.monotonic() < until:
            facts: Facts = self._http.get("healthz").json()
            reached = not_before is None or datetime.fromisoformat(facts["now"]) >= not_before
            if reached and facts["due"] == 0 and facts["waiting"] == 0:
                return facts
            time.sleep(pause)
            pause = min(pause * 1.5, LONG)
        raise NotSettled(f"The bot did not become quiet within {PATIENCE:.0f} seconds: {facts}")


def next_due(facts: Facts) -> datetime | None:
    """When the bot has something to do by itself again."""
    return datetime.fromisoformat(facts["next_due"]) if facts["next_due"] else None
