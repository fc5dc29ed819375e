"""The client: every call of Slack's Web API is made here, at the pace of its method, which all workers share."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.orm import Session

from bot.slack.desk import Clock
from bot.slack.errors import Verdict, judge, word_of
from bot.slack.limits import HELD
from bot.slack.metrics import ERRORS, Metrics
from bot.slack.standstill import Watch
from bot.store import rates
from bot.store.db import Database
from bot.store.rates import Limit

PATIENCE = timedelta(seconds=60)
"""A call whose turn comes later is not made: with what follows it, it would outlast the lease of a message."""


class NoRoom(TimeoutError):  # noqa: N818 - it reads as what happened
    """A method's turn does not come soon enough; nothing was asked of Slack."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"no room for {wait.total_seconds():.0f} s")
        self.wait = wait


@dataclass(frozen=True)
class Pace:
    """What says whose turn it is: the buckets in the database, by the clock that leases go by."""

    database: Database
    clock: Clock
    limits: Mapping[str, Limit]
    metrics: Metrics = field(default_factory=Metrics)

    async def turn(self, method: str) -> None:
        """Wait for one call's turn; the places in the line are given out once, to whichever worker asks first."""
        limit, now = self.limits.get(method), self.clock.now()
        if method not in HELD or limit is None:
            return
        wait = await self.database.run(lambda session: rates.book(session, method, limit, now, PATIENCE))
        if wait > PATIENCE:
            raise NoRoom(wait)
        await asyncio.sleep(wait.total_seconds())

    async def refused(self, method: str, seconds: float) -> None:
        """Slack had enough of a method: nobody calls it for so long, and all go slower afterwards."""
        limit, now = self.limits.get(method), self.clock.now()
        if method not in HELD or limit is None:
            return

        def close(session: Session) -> None:
            rates.close(session, method, limit, now, seconds)

        await self.database.run(close)


class PacedClient(AsyncWebClient):
    """Slack's client, in whose one funnel each call waits for its turn."""

    def __init__(self, pace: Pace, *, many: bool = False, **settings: Any) -> None:
        super().__init__(**settings)
        self._pace = pace
        self._watch = Watch(pace.database, pace.clock, many=many)

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Call a method when its turn has come."""
        await self._pace.turn(api_method)
        try:
            answer = await super().api_call(api_method, **arguments)
        except (ClientError, TimeoutError) as error:
            self._pace.metrics.add(ERRORS, method=api_method, error=type(error).__name__)
            raise
        except SlackApiError as error:
            self._pace.metrics.add(ERRORS, method=api_method, error=word_of(error))
            await self._watch.refused(api_method, error)
            failure = judge(error)
            if failure and failure.verdict is Verdict.WAIT and failure.method:
                await self._pace.refused(api_method, failure.wait)
            raise
        await self._watch.taken(api_method)
        return answer
