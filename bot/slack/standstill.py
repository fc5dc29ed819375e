"""Watches what Slack refuses until an operator acts: one line in the log, a fact at /healthz, a line in HR's Home."""

import logging

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.slack.desk import Clock
from bot.slack.errors import BY_APP_TOKEN, ONE_METHOD, stops, to_do, token_for
from bot.store import outbox, people, standstill
from bot.store.db import Database

log = logging.getLogger(__name__)


class Watch:
    """Hears of every call, and keeps what is refused where all workers see it; `many` workspaces bring their tokens."""

    def __init__(self, database: Database, clock: Clock, *, many: bool = False) -> None:
        self._database = database
        self._clock = clock
        self._many = many
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
            said = to_do(word, token_for(method, many=self._many))
            log.error("Slack refuses %s error=%s: %s", closed or "everything", word, said)

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
