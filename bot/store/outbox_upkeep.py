"""What operating asks of the outbox: mending what a wrong clock wrote, dropping answers, doubting after a restore."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from bot.store.outbox import IS_ANSWERED, POST, PUBLISH, UPLOAD, WAITING, OutboxRow
from bot.store.sending import LEASE, LONGEST_WAIT


def straighten(session: Session, real_now: datetime) -> None:
    """After a clock was set back: what it put too far into the future is waited for no longer than anything else."""
    for column, most in ((OutboxRow.not_before, LONGEST_WAIT), (OutboxRow.leased_until, LEASE)):
        latest = real_now + most
        session.execute(update(OutboxRow).where(WAITING, column > latest).values({column: latest}))


def doubt_what_was_on_its_way(connection: Connection, real_now: datetime) -> None:
    """After a restore: nobody sends these any more; what may stand in Slack by now is looked up before it is posted.

    What is known to stand there is edited as ever, and each Home is drawn anew.
    """
    may_stand = and_(WAITING, OutboxRow.method.in_((POST, UPLOAD)), OutboxRow.ts == "")
    connection.execute(update(OutboxRow).values(leased_until=None, attempts=0, in_doubt=may_stand))
    drawn = update(OutboxRow).where(OutboxRow.method == PUBLISH, OutboxRow.sent > 0)
    connection.execute(drawn.values(wanted=OutboxRow.wanted + 1, not_before=real_now, bulk=True, error=""))


_WAITS_SINCE = select(func.min(OutboxRow.not_before)).where(WAITING, OutboxRow.not_before <= bindparam("real_now"))


def waits_since(session: Session, real_now: datetime) -> datetime | None:
    """Since when the oldest message that may be sent now has been waiting."""
    return session.scalar(_WAITS_SINCE, {"real_now": real_now})


def forget_answers(session: Session, real_before: datetime) -> None:
    """Drop the answers that were sent, and said before a moment; all else that was said can be edited."""
    session.execute(delete(OutboxRow).where(IS_ANSWERED, OutboxRow.not_before < real_before))
