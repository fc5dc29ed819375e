"""What is done once a minute, and what the probes look at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.slack.desk import Desk
from bot.store import erasing, inbox, outbox, outbox_upkeep, people, rates, sealed, standstill, timers, webhooks
from bot.store.outbox import Backlog, backlog
from bot.store.rates import Limit

KEEP_DELIVERIES = timedelta(days=3)
"""Longer than Slack delivers anything again; as long as the answers to them."""
KEEP_FAILED = timedelta(weeks=12)
"""What a step that failed was about is over in a quarter."""
KEEP_TOLD = timedelta(days=30)
"""What another system was told; what it did not take is kept as long as a step that failed."""
EVERY = timedelta(minutes=1)
ONCE_A_MINUTE = Limit(1, 1)


class Upkeep:
    """Once a minute, by one of the workers: what keeps the house tidy."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: datetime | None = None

    async def __call__(self) -> int:
        """Tidy when a minute has passed and no other worker did."""
        now = self._desk.real_clock.now()
        if self._last is None or abs(now - self._last) >= EVERY:
            self._last = now
            if await self._desk.database.run(lambda session: _tidy(session, now, self._desk.clock.now())):
                await self._desk.database.apart(sealed.wipe)
                await self._desk.database.apart(erasing.wipe)
        return 0


def _tidy(session: Session, now: datetime, lived: datetime) -> bool:
    """Forget what is old, mend what a wrong clock wrote, show HR what is on its way.

    Timers go by the clock that people live by (`lived`). False when another worker did it within the minute.
    """
    bucket = rates.bucket(session, "upkeep", ONCE_A_MINUTE, now)
    if not rates.allowance(bucket, now).bulk:
        return False
    rates.spend(bucket, 1, now)
    inbox.forget_before(session, now - KEEP_DELIVERIES)
    outbox_upkeep.forget_answers(session, now - KEEP_DELIVERIES)
    timers.forget_failed(session, lived - KEEP_FAILED)
    webhooks.forget_before(session, now - KEEP_TOLD, now - KEEP_FAILED)
    outbox_upkeep.straighten(session, now)
    if outbox.count_bulk(session):
        outbox.want_homes_again(session, [one.id for one in people.holders(session, people.HR)], now)
    return True


@dataclass(frozen=True)
class Seen:
    """What is due, when the next thing is, and what waits to be sent."""

    due: int
    next_due: datetime | None
    backlog: Backlog
    failed: int
    refused: tuple[str, ...]
    """Slack's words for what it refuses until an operator acts."""
    late: float
    lag: float
    """Seconds that the oldest timer is late, and that the oldest message has been waiting."""


def look(session: Session, now: datetime, real_now: datetime) -> Seen:
    """What is due, what waits to be sent and what Slack refuses, for the probes."""
    refused = tuple(one.error for one in standstill.current(session, real_now))
    due, failed = timers.count_due(session, now), timers.count_failed(session)
    next_due, waits_since = timers.next_due(session), outbox_upkeep.waits_since(session, real_now)
    return Seen(
        due, next_due, backlog(session), failed, refused, _seconds(next_due, now), _seconds(waits_since, real_now)
    )


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0) if since else 0
