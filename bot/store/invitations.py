"""Rounds of feedback and who takes part in them. Nothing here knows what anybody answered, or when.

Whoever reads the database during a round can see who is done. To keep that from leading to an answer, an invitation
has no time and no number, and finishing one writes all invitations of the round anew, so that PostgreSQL's own
transaction marks say nothing either. `asked_on` is the day of asking, never of answering.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy import ForeignKey, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.anonymity import PEER, Thresholds
from bot.domain.feedback import OPEN_TO_LISTS, Invitation, InvitationState, Round, RoundState
from bot.domain.refusal import N_, Refused
from bot.domain.template import Group
from bot.store.db import Base, insert_new, touched

LATE = N_("Thank you for taking the time. This round is closed, so nothing more can be added to it.")


class RoundRow(Base):
    """The round about one person."""

    __tablename__ = "feedback_rounds"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    ratee_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    state: Mapped[str]
    approver_id: Mapped[str] = mapped_column(index=True)


class InvitationRow(Base):
    """Somebody asked about somebody."""

    __tablename__ = "feedback_invitations"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    ratee_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    rater_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    relation: Mapped[str]
    state: Mapped[str]
    asked_on: Mapped[date | None]


class TermsRow(Base):
    """How many answers it takes in a cycle: written with its first invitation and never changed."""

    __tablename__ = "feedback_terms"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    score_shown: Mapped[int]
    score_used: Mapped[int]
    comments: Mapped[int]


def _round(row: RoundRow) -> Round:
    return Round(row.cycle_id, row.ratee_id, RoundState(row.state), row.approver_id)


def _invitation(row: InvitationRow) -> Invitation:
    state = InvitationState(row.state)
    return Invitation(row.cycle_id, row.ratee_id, row.rater_id, Group(row.relation), state, row.asked_on)


# Rounds -------------------------------------------------------------------------------------


def begin(session: Session, cycle_id: str, ratee_id: str, state: RoundState) -> None:
    """Begin the round about somebody, unless it has begun."""
    if session.get(RoundRow, (cycle_id, ratee_id)) is None:
        session.add(RoundRow(cycle_id=cycle_id, ratee_id=ratee_id, state=state, approver_id=""))
        session.flush()


def round_about(session: Session, cycle_id: str, ratee_id: str, *, to_change: bool = False) -> Round:
    """The round about somebody, locked `to_change` it or who is in it; none is refused."""
    row = session.get(RoundRow, (cycle_id, ratee_id), with_for_update=to_change, populate_existing=to_change)
    if row is None:
        raise Refused("There is no feedback round about this person.")
    return _round(row)


def rounds_of(session: Session, ratee_id: str, state: RoundState) -> list[Round]:
    """The rounds about somebody in a state."""
    return [_round(row) for row in session.scalars(select(RoundRow).filter_by(ratee_id=ratee_id, state=state))]


def rounds_to_approve(session: Session, ratee_ids: Collection[str]) -> list[Round]:
    """The rounds about these people whose list waits for whoever leads them today."""
    waiting = select(RoundRow).where(RoundRow.ratee_id.in_(ratee_ids), RoundRow.state == RoundState.PROPOSED.value)
    found = waiting.order_by(RoundRow.ratee_id)
    return [_round(row) for row in session.scalars(found)]


def must_be_open(about: Round) -> None:
    """Refuse, kindly, what comes after the close."""
    if about.state is not RoundState.OPEN:
        raise Refused(LATE)


def close(session: Session, cycle_id: str, most: int | None = None) -> list[Round]:
    """Close the rounds of a cycle, or the next few by id of whom they are about; returns them as they were."""
    rows = session.scalars(
        select(RoundRow)
        .where(RoundRow.cycle_id == cycle_id, RoundRow.state != RoundState.CLOSED)
        .order_by(RoundRow.ratee_id)
        .limit(most)
        .with_for_update()
    ).all()
    were = [_round(row) for row in rows]
    for row in rows:
        row.state = RoundState.CLOSED
    session.flush()
    return were


def any_to_close(session: Session, cycle_id: str) -> bool:
    """Whether a round of a cycle is not closed yet."""
    left = select(RoundRow.ratee_id).where(RoundRow.cycle_id == cycle_id, RoundRow.state != RoundState.CLOSED)
    return session.scalar(left.limit(1)) is not None


def _move(session: Session, before: Round, after: RoundState) -> None:
    moved = (
        update(RoundRow)
        .where(RoundRow.cycle_id == before.cycle_id, RoundRow.ratee_id == before.ratee_id)
        .where(RoundRow.state == before.state)
        .values(state=after)
    )
    if not touched(session, moved):
        raise Refused("This was changed meanwhile. Please open it again.")


def hand_on(session: Session, about: Round, reader_id: str) -> None:
    """Note that somebody else has the card about a round now."""
    if about.approver_id != reader_id:
        of_round = (RoundRow.cycle_id == about.cycle_id, RoundRow.ratee_id == about.ratee_id)
        session.execute(update(RoundRow).where(*of_round).values(approver_id=reader_id))


# Who is asked -------------------------------------------------------------------------------


def propose(session: Session, before: Round, raters: Mapping[str, Group]) -> None:
    """Keep whom the ratee proposes, in the place of an earlier list."""
    if before.state not in OPEN_TO_LISTS:
        raise Refused("The list of colleagues is settled already.")
    _move(session, before, RoundState.PROPOSED)
    _replace(session, before, raters, InvitationState.PROPOSED, None)


def give_up(session: Session, before: Round) -> None:
    """Have no round about somebody who says that too few could answer."""
    if before.state is not RoundState.ASKED:
        raise Refused("The list of colleagues is settled already.")
    _move(session, before, RoundState.TOO_FEW)


def approve(session: Session, before: Round, raters: Mapping[str, Group], consent: set[str], on: date) -> None:
    """Ask these people; those in `consent` have much to answer already and are asked whether they will."""
    if before.state is not RoundState.PROPOSED:
        raise Refused("The list of colleagues is settled already.")
    _move(session, before, RoundState.OPEN)
    _replace(session, before, {}, InvitationState.PROPOSED, None)
    ask(session, before, raters, consent, on)


def ask(session: Session, about: Round, raters: Mapping[str, Group], consent: set[str], on: date) -> None:
    """Add these people to a round."""
    _add(session, about, {one: raters[one] for one in raters if one in consent}, InvitationState.CONSENT, on)
    _add(session, about, {one: raters[one] for one in raters if one not in consent}, InvitationState.OPEN, on)


def _replace(
    session: Session, about: Round, raters: Mapping[str, Group], state: InvitationState, on: date | None
) -> None:
    session.execute(
        delete(InvitationRow).where(InvitationRow.cycle_id == about.cycle_id, InvitationRow.ratee_id == about.ratee_id)
    )
    _add(session, about, raters, state, on)


def _add(session: Session, about: Round, raters: Mapping[str, Group], state: InvitationState, on: date | None) -> None:
    for rater_id, relation in sorted(raters.items()):
        session.add(
            InvitationRow(
                cycle_id=about.cycle_id,
                ratee_id=about.ratee_id,
                rater_id=rater_id,
                relation=relation,
                state=state,
                asked_on=on,
            )
        )
    session.flush()


def invitation(session: Session, cycle_id: str, ratee_id: str, rater_id: str) -> Invitation:
    """Somebody's invitation to a round; who was not asked is refused."""
    row = session.get(InvitationRow, (cycle_id, ratee_id, rater_id))
    if row is None:
        raise Refused("You were not asked for feedback on this person.")
    return _invitation(row)


def every(session: Session, cycle_id: str, ratee_id: str) -> list[Invitation]:
    """Everybody in a round, also who has declined, by id."""
    return by_ratee(session, cycle_id, [ratee_id])[ratee_id]


def by_ratee(session: Session, cycle_id: str, ratee_ids: Collection[str]) -> dict[str, list[Invitation]]:
    """The same for several rounds in one query."""
    rows = session.scalars(
        select(InvitationRow)
        .where(InvitationRow.cycle_id == cycle_id, InvitationRow.ratee_id.in_([*ratee_ids]))
        .order_by(InvitationRow.rater_id)
    )
    found: dict[str, list[Invitation]] = {one: [] for one in ratee_ids}
    for row in rows:
        found[row.ratee_id].append(_invitation(row))
    return found


def invited(session: Session, cycle_id: str, ratee_id: str) -> list[Invitation]:
    """Everybody in a round who has not declined, by id."""
    return [one for one in every(session, cycle_id, ratee_id) if one.state is not InvitationState.DECLINED]


_WAITING_FOR = (
    select(InvitationRow)
    .join(
        RoundRow,
        (RoundRow.cycle_id == InvitationRow.cycle_id) & (RoundRow.ratee_id == InvitationRow.ratee_id),
    )
    .where(InvitationRow.rater_id == bindparam("rater_id"), RoundRow.state == RoundState.OPEN)
    .where(InvitationRow.state.in_([InvitationState.OPEN, InvitationState.CONSENT]))
    .order_by(InvitationRow.asked_on, InvitationRow.ratee_id)
)
"""Made once: making a statement takes longer than executing it."""


def waiting_for(session: Session, rater_id: str) -> list[Invitation]:
    """What somebody is asked and has not answered, in rounds that are open."""
    return [_invitation(row) for row in session.scalars(_WAITING_FOR, {"rater_id": rater_id})]


def load(session: Session, rater_ids: Collection[str]) -> dict[str, int]:
    """How much each of these people is asked for in the rounds that are open, answered or not.

    Whoever decides about a list sees these numbers: one that fell with an answer would tell who has answered.
    """
    asked = (
        select(InvitationRow.rater_id, func.count().label("n"))
        .join(RoundRow, (RoundRow.cycle_id == InvitationRow.cycle_id) & (RoundRow.ratee_id == InvitationRow.ratee_id))
        .where(InvitationRow.rater_id.in_([*rater_ids]), RoundRow.state == RoundState.OPEN)
        .where(InvitationRow.state != InvitationState.DECLINED)
        .group_by(InvitationRow.rater_id)
    )
    found = {row.rater_id: row.n for row in session.execute(asked)}
    return {one: found.get(one, 0) for one in rater_ids}


# Taking part --------------------------------------------------------------------------------


def answer_request(session: Session, before: Invitation, after: InvitationState) -> None:
    """Take a request on, or decline it."""
    _unanswered(session, before).state = after
    session.flush()


def finish(session: Session, one: Invitation) -> Group:
    """Mark somebody's part as done and say in which group the answer counts; late or second answers are refused."""
    row = _unanswered(session, one)  # also one to be taken on first: who writes has consented
    done = case((InvitationRow.rater_id == one.rater_id, InvitationState.DONE.value), else_=InvitationRow.state)
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.cycle_id == one.cycle_id, InvitationRow.ratee_id == one.ratee_id)
        .values(state=done)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return Group(row.relation)


def _unanswered(session: Session, one: Invitation) -> InvitationRow:
    """The request as it is now, its round locked, so that nobody answers twice; late or second answers are refused."""
    must_be_open(round_about(session, one.cycle_id, one.ratee_id, to_change=True))
    row = session.get_one(InvitationRow, (one.cycle_id, one.ratee_id, one.rater_id), populate_existing=True)
    if row.state not in {InvitationState.OPEN, InvitationState.CONSENT}:
        raise Refused("You have answered this request already.")
    return row


# Terms --------------------------------------------------------------------------------------


def freeze_terms(session: Session, cycle_id: str, thresholds: Thresholds = PEER) -> bool:
    """Fix how many answers it takes; True the first time. Other numbers later are refused.

    Whoever else fixes them or does so again in this cycle waits: what they then read, no list is adding to.
    """
    if insert_new(session, TermsRow, {"cycle_id": cycle_id, **asdict(thresholds)}):
        return True
    if _terms(session.get_one(TermsRow, cycle_id, with_for_update=True, populate_existing=True)) != thresholds:
        raise Refused("The thresholds of this round were promised with the first invitation and stay as they are.")
    return False


def terms(session: Session, cycle_id: str) -> Thresholds:
    """How many answers it takes in this cycle."""
    row = session.get(TermsRow, cycle_id)
    return _terms(row) if row else PEER


def _terms(row: TermsRow) -> Thresholds:
    return Thresholds(row.score_shown, row.score_used, row.comments)
