"""The inbox: what Slack delivered and we have acted on, so that a redelivery changes nothing."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new


class InboxRow(Base):
    """The id of one delivery."""

    __tablename__ = "inbox"
    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


def is_new(session: Session, delivery_id: str, at: datetime) -> bool:
    """Note a delivery in the transaction that acts on it; False when it was already acted on."""
    return insert_new(session, InboxRow, {"id": delivery_id, "at": at})


def forget(session: Session, delivery_id: str) -> None:
    """The delivery was answered and not acted on: the same one again is a new try."""
    session.execute(delete(InboxRow).where(InboxRow.id == delivery_id))


def forget_before(session: Session, at: datetime) -> None:
    """Drop what Slack will not deliver again."""
    session.execute(delete(InboxRow).where(InboxRow.at < at))
