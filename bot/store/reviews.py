"""Reviews: one of each kind for a person in a cycle, kept as a draft at every step and frozen when sent.

Only `send` freezes one, and it asks the no-surprise gate (`domain.gate`) in the transaction that does it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, Row, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.cycle import Cycle
from bot.domain.gate import asked_of, asks_anything, covered, owed
from bot.domain.refusal import Refused
from bot.domain.review import GIVEN_ON, Asked, Kind, Problems, Review, State
from bot.store import checkins, cycles, goals, people, templates
from bot.store.cycles import ParticipantRow
from bot.store.db import Base, batched, touched
from bot.store.private import PrivateDict

AT_ONCE = 1_000
"""People looked at in one go when it is asked who owes a reason."""


class ReviewRow(Base):
    """One review; `levels` are decimals written out."""

    __tablename__ = "reviews"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str]
    competencies: Mapped[dict[str, Any]]
    levels: Mapped[dict[str, Any]]
    overall: Mapped[str] = mapped_column(default="")
    notes: Mapped[PrivateDict]
    sent_at: Mapped[datetime | None]
    later: Mapped[PrivateDict] = mapped_column(default=dict, server_default="{}")


@dataclass(frozen=True)
class Given:
    """The grade that somebody gets, once there is one, the one that their goals alone would give, and by the rules."""

    band: str | None = None
    attained: str | None = None
    by_rules: str | None = None


def _review(row: ReviewRow | Row[Any]) -> Review:
    return Review(
        row.cycle_id,
        row.person_id,
        row.author_id,
        Kind(row.kind),
        State(row.state),
        dict(row.competencies),
        {goal_id: Decimal(level) for goal_id, level in row.levels.items()},
        row.overall or None,
        dict(row.notes),
        row.sent_at,
        dict(row.later),
    )


def get(session: Session, cycle_id: str, person_id: str, kind: Kind) -> Review | None:
    """A review, draft or sent; None when nobody has begun it."""
    row = session.get(ReviewRow, (cycle_id, person_id, kind.value), populate_existing=True)
    return _review(row) if row else None


def self_review(session: Session, cycle_id: str, person_id: str) -> Review | None:
    """What a person says of their own work. Only a `sent` one is for others to see and to count."""
    return get(session, cycle_id, person_id, Kind.SELF)


def manager_review(session: Session, cycle_id: str, person_id: str) -> Review | None:
    """What the manager says of a person's work. Only a `sent` one counts; the person sees it after the release."""
    return get(session, cycle_id, person_id, Kind.MANAGER)


def in_cycle(session: Session, cycle_id: str, kind: Kind, of: Collection[str] | None = None) -> Mapping[str, Review]:
    """All reviews of a kind in a cycle, or those about these people; drafts too, by the person they are about."""
    rows = select(*ReviewRow.__table__.c).where(ReviewRow.cycle_id == cycle_id, ReviewRow.kind == kind.value)
    wanted = rows if of is None else rows.where(ReviewRow.person_id.in_(of))
    return {row.person_id: _review(row) for row in session.execute(wanted)}


def by_manager(session: Session, cycle_id: str, author_id: str) -> list[Review]:
    """The manager reviews that somebody has written in a cycle, drafts too."""
    rows = session.scalars(select(ReviewRow).filter_by(cycle_id=cycle_id, kind=Kind.MANAGER.value, author_id=author_id))
    return [_review(row) for row in rows]


def keep(session: Session, review: Review, begun_by: str = "") -> None:
    """Keep a draft as it stands; a review that was sent stays as it is and refuses.

    `begun_by` is whose draft its author went on from, empty for nobody's: what somebody else began meanwhile is theirs.
    """
    _hold(session, review)
    key = review.cycle_id, review.person_id, review.kind.value
    row = session.get(ReviewRow, key, with_for_update=True, populate_existing=True)
    if row is None:
        row = ReviewRow(cycle_id=review.cycle_id, person_id=review.person_id, kind=review.kind.value)
        session.add(row)
    elif row.state == State.SENT:
        raise Refused("This review has been sent. Reopen it to change it.")
    elif row.author_id not in {review.author_id, begun_by}:
        raise Refused("{name} is writing this review, or has sent it.", name=_name(session, row.author_id))
    row.author_id, row.state = review.author_id, State.DRAFT.value
    row.competencies = dict(review.competencies)
    row.levels = {goal_id: str(level) for goal_id, level in review.levels.items()}
    row.overall, row.notes, row.sent_at = review.overall or "", dict(review.notes), None
    session.flush()


def send(session: Session, review: Review, at: datetime, attained: str | None) -> None:
    """Freeze a draft as it is kept: from now on it counts. What owes a reason is refused, whoever sends it.

    `attained` is the grade that the goals alone would give, as far as it is known.
    """
    _hold(session, review)
    kept = get(session, review.cycle_id, review.person_id, review.kind)
    if kept and owed(kept, _asked(session, review, at), attained):
        raise Refused("This review still owes reasons. Please open it: it says which.")
    _move(session, review, State.DRAFT, State.SENT, at)


def reopen(session: Session, review: Review) -> None:
    """Make a sent review a draft again; until it is sent anew it does not count. Reasons given later stand in it."""
    _hold(session, review)
    _move(session, review, State.SENT, State.DRAFT, None)
    later = dict(review.later)
    notes = {**review.notes, **later.pop(review.overall or "", {})}
    session.execute(update(ReviewRow).where(*_one(review)).values(notes=notes, later=later))


def explain(session: Session, review: Review, given: Given, notes: Mapping[str, str], at: datetime) -> None:
    """Keep the reasons for a grade that are given after the review: all that is owed, and they stand then."""
    _hold(session, review)
    grade, asked = given.band or review.overall or "", _asked(session, review, at)
    kept = get(session, review.cycle_id, review.person_id, review.kind) or review
    if covered(kept, asked, grade, given.attained):
        raise Refused("These reasons were given meanwhile.")
    told = replace(kept, later={**kept.later, grade: {**notes, GIVEN_ON: asked.today.isoformat()}})
    if not covered(told, asked, grade, given.attained):
        raise Refused("This review still owes reasons. Please open it: it says which.")
    if kept is review:
        keep(session, review)
    session.execute(update(ReviewRow).where(*_one(review)).values(later=dict(told.later)))


def rate_anew(session: Session, review: Review, rated: Review, at: datetime) -> None:
    """Put other ratings into a review that counts, as an appeal asked for; what somebody else wrote goes with theirs.

    How it stood before is in the record of the appeal.
    """
    _hold(session, review)
    same = rated.author_id == review.author_id
    anew = update(ReviewRow).where(*_one(review), ReviewRow.state == State.SENT.value)
    values = {
        "author_id": rated.author_id,
        "competencies": dict(rated.competencies),
        "levels": {goal_id: str(level) for goal_id, level in rated.levels.items()},
        "notes": dict(review.notes if same else rated.notes),
        "later": dict(review.later if same else {}),
        "sent_at": at,
    }
    if not touched(session, anew.values(**values)):
        raise Refused("This review was changed meanwhile. Please open it again.")


# Who owes what ------------------------------------------------------------------


def owing(session: Session, cycle_id: str, given: Mapping[str, Given], today: date) -> dict[str, Problems]:
    """The reasons that these people's managers still owe, by person; who owes none is left out.

    Without a grade that was given it is about reviews that were sent: a self-review may have come after them.
    """
    found: dict[str, Problems] = {}
    for ids in batched(sorted(given), AT_ONCE):
        found |= _owing(session, cycle_id, {one: given[one] for one in ids}, today)
    return found


def _owing(session: Session, cycle_id: str, given: Mapping[str, Given], today: date) -> dict[str, Problems]:
    own = _own_grades(session, cycle_id, given)
    written = in_cycle(session, cycle_id, Kind.MANAGER, given)
    known = {one: written.get(one, Review(cycle_id, one, "", Kind.MANAGER)) for one in given}
    wanted = {
        one: known[one]
        for one, to in given.items()
        if (to.band or known[one].sent)
        and asks_anything(known[one], own.get(one, ""), to.attained, to.band or known[one].overall)
    }
    asked = asked_about(session, cycles.get(session, cycle_id), wanted, own, today) if wanted else {}
    found = {one: owed(review, asked[one], given[one].attained, given[one].band) for one, review in wanted.items()}
    return {one: problems for one, problems in found.items() if problems}


def asked_about(
    session: Session, cycle: Cycle, of: Collection[str], own: Mapping[str, str], today: date
) -> dict[str, Asked]:
    """What a review of these people has to answer, by person; a fixed number of queries."""
    agreed, history = goals.agreed_by_person(session, cycle.id, of), checkins.in_cycle(session, cycle.id, of)
    return {
        one.person_id: asked_of(
            templates.template_of(session, one.template),
            agreed.get(one.person_id, ()),
            history.get(one.person_id, ()),
            cycle.starts_on,
            today,
            own.get(one.person_id, ""),
        )
        for one in cycles.participants(session, cycle.id, of)
    }


def _own_grades(session: Session, cycle_id: str, of: Collection[str]) -> dict[str, str]:
    """What people expect themself, as far as they have said so."""
    sent = in_cycle(session, cycle_id, Kind.SELF, of)
    return {person_id: one.overall or "" for person_id, one in sent.items() if one.sent}


def _asked(session: Session, review: Review, at: datetime) -> Asked:
    """What this review has to answer at a moment, where its author is."""
    author = people.get(session, review.author_id)
    today = at.astimezone(ZoneInfo(author.tz if author else "UTC")).date()
    of = [review.person_id]
    own = _own_grades(session, review.cycle_id, of)
    return asked_about(session, cycles.get(session, review.cycle_id), of, own, today)[review.person_id]


# Inside ---------------------------------------------------------------------------


def _hold(session: Session, review: Review) -> None:
    """Lock both reviews of a person, and their place in the cycle first: one that is only begun has no row yet."""
    of = {"cycle_id": review.cycle_id, "person_id": review.person_id}
    if session.scalar(select(ParticipantRow.person_id).filter_by(**of).with_for_update()) is None:
        raise Refused("This person does not take part in this cycle.")
    session.execute(select(ReviewRow.kind).filter_by(**of).order_by(ReviewRow.kind).with_for_update())


def _name(session: Session, person_id: str) -> str:
    found = people.get(session, person_id)
    return found.name if found else "–"


def _one(review: Review) -> tuple[ColumnElement[bool], ...]:
    return (
        ReviewRow.cycle_id == review.cycle_id,
        ReviewRow.person_id == review.person_id,
        ReviewRow.kind == review.kind.value,
    )


def _move(session: Session, review: Review, before: State, after: State, at: datetime | None) -> None:
    moved = (
        update(ReviewRow)
        .where(*_one(review), ReviewRow.author_id == review.author_id, ReviewRow.state == before.value)
        .values(state=after.value, sent_at=at)
    )
    if not touched(session, moved):
        raise Refused("This review was changed meanwhile. Please open it again.")
