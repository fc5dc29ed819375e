"""Waiting for the bot: until it knows the time and nothing is due or unsent."""

import time
from datetime import datetime
from typing import Any

from scripts.rehearsal.wire import LOST, Wire

Facts = dict[str, Any]

SHORT, LONG = 0.006, 0.05
PATIENCE = 30.0
"""Seconds in which the bot has to become quiet."""


class NotSettled(Exception):  # noqa: N818 - it reads as what happened
    """The bot did not become quiet in time."""


class Bot:
    """The bot, asked how it stands; of several workers each is asked, since each has a clock of its own."""

    def __init__(self, *urls: str) -> None:
        self._workers = [Wire(url) for url in urls]

    def close(self) -> None:
        """Let go of the connections."""
        for worker in self._workers:
            worker.close()

    def settles(self, not_before: datetime | None = None) -> Facts:
        """Wait until all have reached a moment, nothing is due, and nothing waits to be sent; returns the facts."""
        until, pause = time.monotonic() + PATIENCE, SHORT
        told: list[Facts] = []
        while time.monotonic() < until:
            told = [facts for worker in self._workers if (facts := _facts(worker))]
            if told and all(_is_settled(facts, not_before) for facts in told):
                return told[-1]
            time.sleep(pause)
            pause = min(pause * 1.4, LONG)
        raise NotSettled(f"The bot did not become quiet within {PATIENCE:.0f} seconds: {told}")


def _facts(worker: Wire) -> Facts | None:
    """What a worker says; None of one that is being restarted."""
    try:
        return worker.get("healthz")[1]
    except LOST:
        return None


def _is_settled(facts: Facts, not_before: datetime | None) -> bool:
    reached = not_before is None or datetime.fromisoformat(facts["now"]) >= not_before
    return reached and facts["due"] == 0 and facts["waiting"] == 0


def next_due(facts: Facts) -> datetime | None:
    """When the bot has something to do by itself again."""
    return datetime.fromisoformat(facts["next_due"]) if facts["next_due"] else None
