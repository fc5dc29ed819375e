"""Standstills: what Slack refuses until an operator acts, as all workers know it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.db import Base, insert_new, touched
from bot.store.sending import LONGEST_WAIT

HOLDS = 2 * LONGEST_WAIT
"""Whatever is refused is tried again within `LONGEST_WAIT`: a standstill that nobody met for longer is over."""


class StandstillRow(Base):
    """One method that Slack refuses, or with an empty name all that the bot's token is for."""

    __tablename__ = "standstills"
    method: Mapped[str] = mapped_column(primary_key=True)
    error: Mapped[str]
    since: Mapped[datetime]
    at: Mapped[datetime]
    """First and last met, in real time."""


_STANDING = (
    select(StandstillRow.method, StandstillRow.error, StandstillRow.since)
    .where(StandstillRow.at > bindparam("after"))
    .order_by(StandstillRow.since)
)


@dataclass(frozen=True)
class Standstill:
    """What is refused, with Slack's word for it, and since when."""

    method: str
    error: str
    since: datetime


def note(session: Session, method: str, error: str, real_now: datetime) -> bool:
    """Note that Slack refused; whether that is news."""
    if insert_new(session, StandstillRow, {"method": method, "error": error, "since": real_now, "at": real_now}):
        return True
    row = session.get_one(StandstillRow, method, with_for_update=True, populate_existing=True)
    is_news = row.error != error or abs(real_now - row.at) > HOLDS
    row.error, row.at = error, real_now
    if is_news:
        row.since = real_now
    session.flush()
    return is_news


def lift(session: Session, methods: Collection[str]) -> bool:
    """Slack takes these again; whether any was refused."""
    return touched(session, delete(StandstillRow).where(StandstillRow.method.in_(methods))) > 0


def current(session: Session, real_now: datetime) -> list[Standstill]:
    """What is refused at present, the longest first."""
    return [Standstill(*row) for row in session.execute(_STANDING, {"after": real_now - HOLDS})]
