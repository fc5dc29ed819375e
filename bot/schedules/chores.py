"""What the loop does on a beat: run what is due, send what is wanted, and keep the house tidy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.slack.desk import Desk
from bot.slack.sender import Sender
from bot.store import inbox, sealed
from bot.store.outbox import Backlog, backlog
from bot.store.timers import count_due, count_failed, next_due

KEEP_DELIVERIES = timedelta(days=3)
EVERY = timedelta(minutes=1)
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
    """Once a minute: forget old deliveries, and rewrite the files after sealed answers were destroyed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: datetime | None = None

    async def __call__(self) -> int:
        """Tidy when a minute has passed."""
        now = self._desk.real_clock.now()
        if self._last is None or now - self._last >= EVERY:
            self._last = now
            await self._desk.database.run(lambda session: inbox.forget_before(session, now - KEEP_DELIVERIES))
            await self._desk.database.apart(sealed.wipe)
        return 0


@dataclass(frozen=True)
class Seen:
    """What is due, when the next thing is, and what waits to be sent."""

    due: int
    next_due: datetime | None
    backlog: Backlog
    failed: int


def look(session: Session, now: datetime) -> Seen:
    """What is due and what waits to be sent, for the probes."""
    return Seen(count_due(session, now), next_due(session), backlog(session), count_failed(session))
