"""The sender: makes Slack show what the outbox wants. Claim, send, record; in doubt, look before posting again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.slack import files
from bot.slack.blocks import WHOLE, Home
from bot.slack.charts import NATIVE
from bot.slack.desk import Clock, report
from bot.slack.errors import Failure, Verdict, judge
from bot.slack.inputs import File
from bot.store import outbox, rates, sending
from bot.store.db import Database
from bot.store.outbox import METHODS, POST, PUBLISH, UPLOAD
from bot.store.rates import Limit
from bot.store.sending import LONGEST_WAIT, Wanted

log = logging.getLogger(__name__)

MOST_UNDER_WAY = 20
KEPT_FOR_CLICKS = 5
"""Of those, so that nobody who clicks waits until thirty seconds of hanging prompts are over."""
MOST_FAULTS = 6
UNREACHABLE = 10
"""Seconds after which Slack is tried again when no connection to it could be made."""
EVENT_TYPE = "cairn_message"
MARK = 12
"""Characters of a message's opaque id in the name of a file."""
SETTLE = timedelta(seconds=5)
"""How long after an unclear answer Slack's history is trusted to show what was accepted."""
LOOK_BACK = 200
"""The newest messages of somebody's DM, among which one that may have been posted is looked for.

A doubt that lasts is one of an outage, and hardly anything is posted meanwhile.
"""
LONGEST_CALL = timedelta(seconds=35)
"""A call is cut off after thirty seconds; with less than this left of a lease, none is begun."""
SOONEST = 0.02
"""Seconds between two looks at the outbox, at least."""


class Overslept(Exception):  # noqa: N818 - it reads as what happened
    """This process stood still for so long that another one may have the message now."""


@dataclass
class Sender:
    """Sends what the outbox wants, as fast as Slack takes it; for each person, one message after the other."""

    database: Database
    client: AsyncWebClient
    clock: Clock
    draw_home: Callable[[str], Awaitable[Home | None]]
    make_file: Callable[[str, Mapping[str, Any]], Awaitable[File | None]]
    limits: Mapping[str, Limit]
    ring: Callable[[], None]
    under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """For each person, what is being sent last."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    """All that is being sent, also what the last one for somebody waits for."""
    count: int = 0
    """How many messages are being sent."""
    closed: dict[str, datetime] = field(default_factory=dict)
    """Until when Slack wants no call of a method; under "" of any: it cannot be reached, or an operator has to act."""
    alarm: asyncio.TimerHandle | None = None
    is_stopped: bool = False
    faults: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By key: the wording at which this process broke, and how often it did; another process may do better."""

    async def send_ready(self) -> int:
        """Begin to send what may be sent now; returns how many messages that is."""
        now = self.clock.now()
        room = MOST_UNDER_WAY - self.count
        if self.is_stopped or room <= 0 or self._closed("", now):
            return 0
        claim = await self.database.run(lambda session: sending.claim(session, now, self.limits, room, KEPT_FOR_CLICKS))
        for person_id, messages in groupby(
            sorted(claim.rows, key=lambda one: one.person_id), lambda one: one.person_id
        ):
            self._begin(person_id, list(messages))
        if claim.more_at:
            self._look_again(claim.more_at - now)
        return len(claim.rows)

    async def finished(self) -> int:
        """Wait until all that is being sent has been; returns how many that was."""
        if tasks := list(self.under_way.values()):
            await asyncio.wait(tasks)
        return len(tasks)

    async def stop(self, seconds: float) -> None:
        """Claim no more, and finish what is being sent; what takes longer stays in doubt, and is looked up.

        What was not begun is put back, in no doubt.
        """
        self.is_stopped = True
        if self.alarm:
            self.alarm.cancel()
        if tasks := list(self.tasks):
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=seconds / 2)

    def _begin(self, person_id: str, messages: Sequence[Wanted]) -> None:
        self.count += len(messages)
        task = asyncio.create_task(self._send_all(messages, after=self.under_way.get(person_id)))
        self.under_way[person_id] = task
        self.tasks.add(task)
        task.add_done_callback(lambda done: self._done(person_id, done, len(messages)))

    def _done(self, person_id: str, task: asyncio.Task[None], messages: int) -> None:
        self.count -= messages
        self.tasks.discard(task)
        if self.under_way.get(person_id) is task:
            del self.under_way[person_id]
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            report(error, "sender")
        self.ring()

    def _look_again(self, wait: timedelta) -> None:
        if self.alarm:
            self.alarm.cancel()
        self.alarm = asyncio.get_running_loop().call_later(max(wait.total_seconds(), SOONEST), self.ring)

    async def _send_all(self, messages: Sequence[Wanted], *, after: asyncio.Task[None] | None) -> None:
        """Send one after the other, so that nobody's messages overtake each other."""
        left = list(messages)
        try:
            if after:
                await asyncio.wait([after])
            while left:
                wanted, now = left.pop(0), self.clock.now()
                if until := self._closed(wanted.method, now) or self._closed("", now):
                    await self.database.run(partial(sending.put_back, wanted=wanted, until=until))
                else:
                    await self._deliver(wanted)
        finally:
            if left:  # cut off: what was never begun is in no doubt
                await self.database.run(partial(_put_back_all, messages=left, until=self.clock.now()))

    def _closed(self, method: str, now: datetime) -> datetime | None:
        """Until when no call of a method is of any use, if that is not over; a later moment is of a wrong clock."""
        until = self.closed.get(method)
        return until if until and now < until <= now + LONGEST_WAIT else None

    async def _deliver(self, wanted: Wanted) -> None:
        """Send one, and settle whatever comes of it: one message that cannot be sent never stops the others.

        A channel's history is not ours to read: what may stand there already is not posted again, and HR hears of it.
        """
        if wanted.in_doubt and _is_channel(wanted.person_id):
            return await self._settle(wanted, Failure(Verdict.GIVE_UP, "in_doubt"))
        try:
            channel, ts = await self._send(wanted)
        except Overslept:
            log.warning("lease lost attempts=%d", wanted.attempts)
            await self.database.run(partial(sending.put_back, wanted=wanted, until=self.clock.now()))
        except Exception as error:  # noqa: BLE001 - a fault of ours is reported and settled like one of Slack's
            await self._settle(wanted, judge(error) or self._fault(wanted, error))
        else:
            self.faults.pop(wanted.key, None)
            whole = WHOLE not in wanted.body or wanted.method != POST
            await self.database.run(lambda session: sending.record_sent(session, wanted, channel, ts, whole=whole))
        return None

    async def _send(self, wanted: Wanted) -> tuple[str, str]:
        if wanted.method == PUBLISH:
            return await self._publish(wanted)
        if wanted.method == UPLOAD:
            return await self._hand(wanted)
        if wanted.ts:
            return await self._edit(wanted, wanted.channel, wanted.ts)
        if wanted.in_doubt:
            channel = await self._channel(wanted.person_id)
            if ts := await self._find(channel, wanted.opaque):
                return await self._edit(wanted, channel, ts)
        return await self._post(wanted)

    def _awake(self, wanted: Wanted) -> None:
        """Asked before every write: if this process stood still, another one may have written newer words."""
        if self.clock.now() + LONGEST_CALL > wanted.leased_until:
            raise Overslept

    async def _edit(self, wanted: Wanted, channel: str, ts: str) -> tuple[str, str]:
        self._awake(wanted)
        await self.client.chat_update(channel=channel, ts=ts, **_as_edited(wanted.body))
        return channel, ts

    async def _post(self, wanted: Wanted) -> tuple[str, str]:
        self._awake(wanted)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": wanted.opaque}}
        posted = await self.client.chat_postMessage(
            channel=wanted.channel or wanted.person_id,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
            **_as_posted(wanted.body),
        )
        return str(posted["channel"]), str(posted["ts"])

    async def _publish(self, wanted: Wanted) -> tuple[str, str]:
        home = await self.draw_home(wanted.person_id)
        if home is not None:
            self._awake(wanted)
            await self.client.views_publish(user_id=wanted.person_id, view=home.body())
        return "", ""

    async def _hand(self, wanted: Wanted) -> tuple[str, str]:
        """Hand somebody a file, made only now; one that may lie in the DM already is looked for by its name first.

        It cannot be edited there, so each wish for it has a name of its own, and its place is forgotten.
        """
        channel, mark = await self._channel(wanted.person_id), f"{wanted.opaque[:MARK]}-{wanted.version}"
        if wanted.in_doubt and await self._lies(channel, mark):
            return channel, ""
        file = await self.make_file(wanted.person_id, wanted.body)
        if file is None:
            return channel, ""
        stem, dot, ending = file.name.rpartition(".")
        file_id = await files.lay(self.client, f"{stem}-{mark}{dot}{ending}", file.content)
        self._awake(wanted)
        await self.client.files_completeUploadExternal(
            files=[{"id": file_id, "title": file.name}], channel_id=channel, initial_comment=wanted.body["text"]
        )
        return channel, ""

    async def _channel(self, person_id: str) -> str:
        """Somebody's direct message with us; Slack is asked only when nothing has stood there yet."""
        if known := await self.database.run(lambda session: outbox.place_of(session, person_id)):
            return known
        opened = await self.client.conversations_open(users=person_id)
        return str(opened["channel"]["id"])

    async def _find(self, channel: str, opaque: str) -> str:
        """Where a message stands that may have been posted before a crash; empty when it was not."""
        history = await self.client.conversations_history(channel=channel, limit=LOOK_BACK, include_all_metadata=True)
        for message in history["messages"]:
            if (message.get("metadata") or {}).get("event_payload", {}).get("id") == opaque:
                return str(message["ts"])
        return ""

    async def _lies(self, channel: str, mark: str) -> bool:
        """Whether a file may be in the DM since before a crash."""
        history = await self.client.conversations_history(channel=channel, limit=LOOK_BACK)
        return any(mark in str(one.get("name")) for message in history["messages"] for one in message.get("files", ()))

    def _fault(self, wanted: Wanted, error: Exception) -> Failure:
        """Our own code broke, for example while drawing a Home: try again later, and in the end give up.

        Only such faults are counted: an outage of Slack's or of the database gives nothing up.
        """
        ref = report(error, f"sender {wanted.method}")
        version, count = self.faults.pop(wanted.key, (wanted.version, 0))
        count = (count if version == wanted.version else 0) + (not isinstance(error, OperationalError))
        if count < MOST_FAULTS:
            self.faults[wanted.key] = wanted.version, count
            return Failure(Verdict.IN_DOUBT, f"fault {ref}")
        return Failure(Verdict.GIVE_UP, f"fault {ref}")

    async def _settle(self, wanted: Wanted, failure: Failure) -> None:
        now = self.clock.now()
        said = failure.verdict, failure.error, wanted.attempts, wanted.key
        log.warning("not sent verdict=%s error=%s attempts=%d key=%s", *said)
        if failure.verdict is Verdict.WAIT:
            self.closed[failure.method] = now + _pause(failure)
        if failure.verdict is Verdict.STOP:
            self.closed[failure.method] = now + LONGEST_WAIT
        await self.database.run(lambda session: self._write(session, wanted, failure, now))

    def _write(self, session: Session, wanted: Wanted, failure: Failure, now: datetime) -> None:
        """Write what a failure means for the message, and for the pace."""
        simpler = _without_native(wanted.body) if failure.verdict is Verdict.PLAIN else None
        match failure.verdict:
            case Verdict.WAIT:
                if failure.method in METHODS:  # what is not claimed for is closed where it is called
                    rates.close(session, failure.method, self.limits[failure.method], now, failure.wait)
                sending.put_back(session, wanted, now + _pause(failure))
            case Verdict.IN_DOUBT:
                sending.leave_in_doubt(session, wanted, now + _backoff(wanted.attempts))
            case Verdict.ANEW:
                sending.forget_place(session, wanted)
            case Verdict.PLAIN if simpler:
                sending.simplify(session, wanted, simpler)
            case Verdict.STOP:
                sending.put_back(session, wanted, now + LONGEST_WAIT)
            case _:
                sending.give_up(session, wanted, failure.error)


def _put_back_all(session: Session, messages: Sequence[Wanted], until: datetime) -> None:
    for wanted in messages:
        sending.put_back(session, wanted, until)


def _is_channel(reader_id: str) -> bool:
    """Whether a message is for a channel rather than for a person, as Slack begins their ids."""
    return reader_id.startswith(("C", "G"))


def _pause(failure: Failure) -> timedelta:
    return min(timedelta(seconds=failure.wait or UNREACHABLE), LONGEST_WAIT)


def _backoff(attempts: int) -> timedelta:
    """Ever more seldom, and at last every ten minutes: no outage is so long that a message is given up."""
    return min(SETTLE * float(2 ** min(attempts, 10)), LONGEST_WAIT)


def _as_posted(body: dict[str, Any]) -> dict[str, Any]:
    """As it notifies: a phone shows the text, so it is the headline alone."""
    return {name: value for name, value in body.items() if name != WHOLE}


def _as_edited(body: dict[str, Any]) -> dict[str, Any]:
    """As it stands: an edit notifies nobody, so the text may be all words, for who wants that."""
    return {**_as_posted(body), "text": body.get(WHOLE, body["text"])}


def _without_native(body: dict[str, Any]) -> dict[str, Any] | None:
    """The same message without charts and tables that Slack draws; None when there are none to leave out."""
    blocks = body.get("blocks", ())
    kept = [block for block in blocks if block["type"] not in NATIVE]
    return {**body, "blocks": kept} if len(kept) < len(blocks) else None
