"""Watches what Slack refuses until an operator acts: one line in the log, a fact at /healthz, a line in HR's Home."""

import logging

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.slack.desk import Clock
from bot.slack.errors import ONE_METHOD, TO_DO, stops
from bot.store import outbox, people, standstill
from bot.store.db import Database

log = logging.getLogger(__name__)

BY_APP_TOKEN = "apps.connections.open"  # noqa: S105 - a method's name
"""The one method that goes by the app's own token."""


class Watch:
    """Hears of every call, and keeps what is refused where all workers see it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._taken: set[str] = set()
        """Methods known to work, since something was last refused."""

    async def refused(self, method: str, error: SlackApiError) -> None:
        """Note a refusal that lasts until somebody acts; it is news once."""
        if not (word := stops(error)):
            return
        self._taken.clear()
        closed = method if word in ONE_METHOD or method == BY_APP_TOKEN else ""
        now = self._clock.now()

        def write(session: Session) -> bool:
            is_news = standstill.note(session, closed, word, now)
            if is_news and closed:  # else no Home can be drawn either
                self._tell_hr(session)
            return is_news

        if await self._database.run(write):
            log.error("Slack refuses %s error=%s: %s", closed or "everything", word, TO_DO[word])

    async def taken(self, method: str) -> None:
        """Note that a method works, once after a start and once after each refusal."""
        if method in self._taken:
            return
        self._taken.add(method)

        def write(session: Session) -> bool:
            is_over = standstill.lift(session, {method} if method == BY_APP_TOKEN else {method, ""})
            if is_over:
                self._tell_hr(session)
            return is_over

        if await self._database.run(write):
            log.info("Slack takes %s again", method)

    def _tell_hr(self, session: Session) -> None:
        outbox.want_homes_again(session, [one.id for one in people.holders(session, people.HR)], self._clock.now())
