"""What upkeep does to the outbox: mend what a wrong clock wrote, drop the answers that were sent."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.store.outbox import IS_ANSWERED, WAITING, OutboxRow
from bot.store.sending import LEASE, LONGEST_WAIT


def straighten(session: Session, real_now: datetime) -> None:
    """After a clock was set back: what it put too far into the future is waited for no longer than anything else."""
    for column, most in ((OutboxRow.not_before, LONGEST_WAIT), (OutboxRow.leased_until, LEASE)):
        latest = real_now + most
        session.execute(update(OutboxRow).where(WAITING, column > latest).values({column: latest}))


def forget_answers(session: Session, real_before: datetime) -> None:
    """Drop the answers that were sent, and said before a moment; all else that was said can be edited."""
    session.execute(delete(OutboxRow).where(IS_ANSWERED, OutboxRow.not_before < real_before))
