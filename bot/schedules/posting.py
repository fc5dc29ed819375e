"""What other systems are to be told is posted when it is due: outside any unit of work, by one worker at a time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.refusal import Refused, Sentence, sentence
from bot.domain.webhook import SHORTEST_SECRET, body_of, signature
from bot.slack.desk import Desk, report
from bot.sources.http_source import Surroundings
from bot.sources.outgoing import PATIENCE, post
from bot.store import timers, webhooks
from bot.store.webhooks import Posting

DIED = "webhooks.tell_lost"
"""The step that goes on with it."""
EVERY = timedelta(seconds=5)
"""How often it is looked whether something is due; what is found is followed at once by the next look."""


@dataclass
class Postings:
    """Posts what is due; `secrets` are the operator's, by the name of their variable."""

    desk: Desk
    around: Surroundings
    secrets: Mapping[str, str] = field(repr=False)
    patience: float = PATIENCE
    looked_at: datetime | None = None

    async def __call__(self) -> int:
        """Post what is due the longest; 0 when nothing is."""
        real_now = self.desk.real_clock.now()
        if self.looked_at and abs(real_now - self.looked_at) < EVERY:
            return 0
        taken = await self.desk.database.run(lambda session: webhooks.take_due(session, real_now))
        self.looked_at = None if taken else real_now
        problems = await asyncio.gather(*(self._tried(one, real_now) for one in taken))
        if taken:
            came = dict(zip((one.told.id for one in taken), problems, strict=True))
            await self.desk.database.run(lambda session: self._note(session, came))
        return len(taken)

    async def _tried(self, one: Posting, real_now: datetime) -> Sentence | None:
        """Why it was not taken; None when it was."""
        try:
            await self._post(one, int(real_now.timestamp()))
        except Refused as refused:
            return refused.sentence
        except Exception as error:  # noqa: BLE001 - reported here; HR reads it, and it is tried again like any other
            return sentence("Something broke on our side (reference {ref}).", ref=report(error, "webhooks"))
        return None

    async def _post(self, one: Posting, stamp: int) -> None:
        secret = self.secrets.get(one.secret, "")
        if not secret:
            raise Refused("The operator has not set {name}, which this address needs.", name=one.secret)
        if len(secret) < SHORTEST_SECRET:
            raise Refused("{name} is too short to be a secret. The operator has to set a longer one.", name=one.secret)
        body = body_of(one.told)
        signed = {
            "X-Cairn-Delivery": one.told.id,
            "X-Cairn-Timestamp": str(stamp),
            "X-Cairn-Signature": signature(secret, stamp, body),
        }
        await post(one.url, body, signed, self.around, self.patience)

    def _note(self, session: Session, came: Mapping[str, Sentence | None]) -> None:
        real_now = self.desk.real_clock.now()
        for delivery_id, problem in sorted(came.items()):
            if died := webhooks.was_tried(session, delivery_id, real_now, problem):
                timers.remind(session, DIED, "", died, self.desk.clock.now())
