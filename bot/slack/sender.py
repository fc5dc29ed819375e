"""The sender: makes Slack show what the outbox wants. Claim, send, record; in doubt, look before posting again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.slack.blocks import Home
from bot.slack.charts import NATIVE
from bot.slack.desk import Clock, report
from bot.slack.errors import Failure, Verdict, judge
from bot.store import outbox
from bot.store.db import Database
from bot.store.outbox import Wanted

log = logging.getLogger(__name__)

LANES = 4
MOST_FAULTS = 6
EVENT_TYPE = "cairn_message"
LONGEST_WAIT = timedelta(minutes=10)
SETTLE = timedelta(seconds=5)
"""How long after an unclear answer Slack's history is trusted to show what was accepted."""


class Sender:
    """Sends what the outbox wants: a few at a time, and for each person one after the other."""

    def __init__(
        self,
        database: Database,
        client: AsyncWebClient,
        clock: Clock,
        draw_home: Callable[[str], Awaitable[Home | None]],
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._draw_home = draw_home
        self._channels: dict[str, str] = {}
        self._not_before: datetime | None = None

    async def send_ready(self, limit: int = 40) -> int:
        """Send what is ready, at most `limit` messages; returns how many were claimed."""
        now = self._clock.now()
        if self._must_wait():
            return 0
        claimed = await self._database.run(lambda session: outbox.claim(session, now, limit))
        lanes: list[list[Wanted]] = [[] for _ in range(LANES)]
        for wanted in claimed:
            lanes[hash(wanted.person_id) % LANES].append(wanted)
        await asyncio.gather(*(self._send_lane(lane) for lane in lanes if lane))
        return len(claimed)

    async def _send_lane(self, lane: list[Wanted]) -> None:
        """Send one after the other, so that nobody's messages overtake each other."""
        for n, wanted in enumerate(lane):
            if self._must_wait():
                await self._hand_back(lane[n:])
                return
            await self._deliver(wanted)

    def _must_wait(self) -> bool:
        return self._not_before is not None and self._clock.now() < self._not_before

    async def _deliver(self, wanted: Wanted) -> None:
        """Send one, and settle whatever comes of it: one message that cannot be sent never stops the others."""
        now = self._clock.now()
        mine = await self._database.run(lambda session: outbox.still_mine(session, wanted, now))
        if mine is None:
            return
        try:
            channel, ts = await self._send(mine)
        except Exception as error:  # noqa: BLE001 - a fault of ours is reported and settled like one of Slack's
            await self._settle(mine, judge(error) or _fault(mine, error))
        else:
            await self._database.run(lambda session: outbox.record_sent(session, mine, channel, ts))

    async def _send(self, wanted: Wanted) -> tuple[str, str]:
        if wanted.kind == outbox.HOME:
            return await self._publish(wanted)
        channel = wanted.channel or await self._channel(wanted.person_id)
        ts = wanted.ts or (await self._find(channel, wanted.opaque) if wanted.in_doubt else "")
        if ts:
            await self._client.chat_update(channel=channel, ts=ts, **wanted.body)
            return channel, ts
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": wanted.opaque}}
        posted = await self._client.chat_postMessage(
            channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **wanted.body
        )
        return str(posted["channel"]), str(posted["ts"])

    async def _publish(self, wanted: Wanted) -> tuple[str, str]:
        home = await self._draw_home(wanted.person_id)
        if home is not None:
            await self._client.views_publish(user_id=wanted.person_id, view=home.body())
        return "", ""

    async def _channel(self, person_id: str) -> str:
        if person_id not in self._channels:
            opened = await self._client.conversations_open(users=person_id)
            self._channels[person_id] = str(opened["channel"]["id"])
        return self._channels[person_id]

    async def _find(self, channel: str, opaque: str) -> str:
        """Where a message stands that may have been posted before a crash; empty when it was not."""
        history = await self._client.conversations_history(channel=channel, limit=100, include_all_metadata=True)
        for message in history["messages"]:
            if (message.get("metadata") or {}).get("event_payload", {}).get("id") == opaque:
                return str(message["ts"])
        return ""

    async def _settle(self, wanted: Wanted, failure: Failure) -> None:
        now = self._clock.now()
        log.warning("not sent verdict=%s error=%s attempts=%d", failure.verdict, failure.error, wanted.attempts)
        until = now + timedelta(seconds=failure.wait or 1)
        if failure.verdict is Verdict.WAIT:
            self._not_before = until
        simpler = _without_native(wanted.body) if failure.verdict is Verdict.PLAIN else None

        def settle(session: Session) -> None:
            match failure.verdict:
                case Verdict.WAIT:
                    outbox.put_back(session, wanted, until)
                case Verdict.IN_DOUBT:
                    outbox.leave_in_doubt(session, wanted, now + _backoff(wanted.attempts))
                case Verdict.ANEW:
                    outbox.forget_place(session, wanted)
                case Verdict.PLAIN if simpler:
                    outbox.simplify(session, wanted, simpler)
                case Verdict.STOP:
                    outbox.put_back(session, wanted, now + LONGEST_WAIT)
                case _:
                    outbox.give_up(session, wanted, failure.error)

        await self._database.run(settle)
        if failure.verdict is Verdict.STOP:
            self._not_before = now + LONGEST_WAIT
            log.error("Slack refuses everything error=%s: look at the tokens and scopes", failure.error)

    async def _hand_back(self, rest: list[Wanted]) -> None:
        """Release what was claimed but not tried."""
        now = self._clock.now()

        def release(session: Session) -> None:
            for wanted in rest:
                outbox.put_back(session, wanted, now)

        if rest:
            await self._database.run(release)


def _fault(wanted: Wanted, error: Exception) -> Failure:
    """Our own code broke, for example while drawing a Home: try again later, and in the end give up."""
    ref = report(error, f"sender {wanted.kind}")
    return Failure(Verdict.GIVE_UP if wanted.attempts >= MOST_FAULTS else Verdict.IN_DOUBT, f"fault {ref}")


def _backoff(attempts: int) -> timedelta:
    return min(SETTLE * float(2**attempts), LONGEST_WAIT)


def _without_native(body: dict[str, Any]) -> dict[str, Any] | None:
    """The same message without charts and tables that Slack draws; None when there are none to leave out."""
    blocks = body.get("blocks", ())
    kept = [block for block in blocks if block["type"] not in NATIVE]
    return {**body, "blocks": kept} if len(kept) < len(blocks) else None
