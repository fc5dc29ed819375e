"""What the loop does on a beat: run what is due, send what is wanted, and keep the house tidy."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.slack.desk import Desk
from bot.slack.sender import Sender
from bot.store import inbox
from bot.store.outbox import Backlog, backlog
from bot.store.timers import count_due

KEEP_DELIVERIES = timedelta(days=3)
BATCH = 50


async def run_due(desk: Desk) -> int:
    """Run due timers, a batch of them, so that sending is not kept waiting."""
    ran = 0
    while ran < BATCH and await desk.run_due_timer():
        ran += 1
    return ran


async def send(sender: Sender) -> int:
    """Send what is ready."""
    return await sender.send_ready()


class Upkeep:
    """Once an hour: forget old deliveries."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: datetime | None = None

    async def __call__(self) -> int:
        """Tidy when an hour has passed."""
        now = self._desk.real_clock.now()
        if self._last is None or now - self._last >= timedelta(hours=1):
            self._last = now
            await self._desk.database.run(lambda session: inbox.forget_before(session, now - KEEP_DELIVERIES))
        return 0


def look(session: Session, now: datetime) -> tuple[int, Backlog]:
    """What is due and what waits to be sent, for the probes."""
    return count_due(session, now), backlog(session)
