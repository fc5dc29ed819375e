"""How much of the feedback that was asked for is given: shares alone, none of which tells of a few people."""

from collections import Counter
from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Select, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.domain.anonymity import may_compare
from bot.domain.feedback import LEAST_FOR_COVERAGE, InvitationState
from bot.store.db import Base, keep_row
from bot.store.invitations import InvitationRow


class ShareRow(Base):
    """How much of a cycle's feedback was given when it was last counted."""

    __tablename__ = "feedback_shares"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    share: Mapped[Decimal | None]
    counted_on: Mapped[date]


def of_round(session: Session, cycle_id: str, ratee_id: str) -> Decimal | None:
    """The share of a round that is done, of those asked at first; None where these are fewer than five."""
    return _share(session, _asked(cycle_id).where(InvitationRow.ratee_id == ratee_id))


def count(session: Session, cycle_id: str, on: date) -> None:
    """Keep the share of a cycle as it is now; in between nobody sees it move with a single answer.

    None where the shares of rounds, which managers see, would leave a few others by subtraction: somebody of HR may see
    them all, so the rounds that are too small to be shown have to hold enough people together.
    """
    share = _share(session, _asked(cycle_id)) if _stands_beside_rounds(session, cycle_id) else None
    keep_row(session, ShareRow, {"cycle_id": cycle_id, "share": share, "counted_on": on})


def counted(session: Session, cycle_id: str) -> tuple[Decimal | None, date] | None:
    """The share of a cycle and the day on which it was counted; None before the first time."""
    row = session.get(ShareRow, cycle_id)
    return (row.share, row.counted_on) if row else None


def _asked(cycle_id: str) -> Select[str, str]:
    """Whoever was asked on the first day of their round, the same people on every day of counting.

    With somebody in it who was asked later, two shares would tell whether this one has answered.
    """
    nobody_yet = (InvitationState.PROPOSED, InvitationState.DECLINED)
    asked = select(InvitationRow.ratee_id, InvitationRow.rater_id)
    of_round = aliased(InvitationRow)
    first = select(func.min(of_round.asked_on)).where(
        of_round.cycle_id == InvitationRow.cycle_id, of_round.ratee_id == InvitationRow.ratee_id
    )
    asked = asked.where(InvitationRow.cycle_id == cycle_id, InvitationRow.asked_on == first.scalar_subquery())
    return asked.where(InvitationRow.state.not_in(nobody_yet))


def _share(session: Session, asked: Select[str, str]) -> Decimal | None:
    n = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    done = asked.where(InvitationRow.state == InvitationState.DONE).subquery()
    return Decimal(session.scalar(select(func.count()).select_from(done)) or 0) / n if n >= LEAST_FOR_COVERAGE else None


def _stands_beside_rounds(session: Session, cycle_id: str) -> bool:
    everybody = {(row.ratee_id, row.rater_id) for row in session.execute(_asked(cycle_id))}
    sizes = Counter(ratee_id for ratee_id, _ in everybody)
    shown = {one for one in everybody if sizes[one[0]] >= LEAST_FOR_COVERAGE}
    return may_compare(everybody, shown, LEAST_FOR_COVERAGE)
