"""What the bot itself kept of its messages: which one it was, and when it said so unasked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.store.db import Database
from bot.store.outbox import OutboxRow


@dataclass(frozen=True)
class Kept:
    """A message in the outbox. `asked_at` is the moment at which it was said unasked; None for what does not count."""

    key: str = ""
    asked_at: datetime | None = None

    @property
    def kind(self) -> str:
        """What it is, without the ids of whom it is about: checkins/digest."""
        return "/".join(part for part in self.key.split("/") if part.isascii() and part.isalpha() and part.islower())


def kept(database_url: str) -> dict[str, Kept]:
    """Every message of the outbox, by the identity under which it stands in Slack."""
    database = Database(database_url)
    messages = select(OutboxRow.opaque, OutboxRow.key, OutboxRow.asked_at)
    with database.unit_of_work() as session:
        found = {opaque: Kept(key, asked_at) for opaque, key, asked_at in session.execute(messages)}
    database.close()
    return found
