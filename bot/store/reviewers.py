"""Who writes whose review: whoever began it while it is theirs, else the manager at the launch, else today's.

For a manager who is away it is whoever stands in for them.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.cycle import Participant
from bot.domain.org import Person
from bot.domain.review import Kind, Review
from bot.store import cycles, people, reviews, stand_ins
from bot.store.db import batched


def writers(session: Session, cycle_id: str, of: Collection[str], today: date) -> dict[str, Person]:
    """Who is to be asked about the review of these people, by person; nobody for whom there is nobody."""
    found: dict[str, Person] = {}
    for ids in batched(sorted(of), reviews.AT_ONCE):
        written = reviews.in_cycle(session, cycle_id, Kind.MANAGER, ids)
        takers = cycles.participants(session, cycle_id, ids)
        people.named(session, {one.manager_id for one in takers})  # read at once, they stay with the session
        for one in takers:
            begun = written[one.person_id].author_id if one.person_id in written else ""
            if writer := _writer(session, one, begun, today):
                found[one.person_id] = writer
    return found


def _writer(session: Session, taker: Participant, begun: str, today: date) -> Person | None:
    launched = people.get(session, at_launch(session, taker, today))
    first = launched if launched and launched.takes_part else None
    if first and begun in {"", first.id}:
        return first
    now = people.manager_of(session, taker.person_id, today)
    second = now if now and now.takes_part else None
    return second if second and begun == second.id else first or second


def may_write(session: Session, taker: Participant, today: date) -> set[str]:
    """Who writes somebody's review today, as far as nobody has begun it: for the manager at the launch, for today's."""
    now = people.manager_of(session, taker.person_id, today)
    return {at_launch(session, taker, today), now.id if now else ""} - {"", taker.person_id}


def written_for(session: Session, taker: Participant, review: Review | None) -> Person | None:
    """The manager for whom the author of a review that was sent stood in; None for one who wrote as manager."""
    if review is None or review.sent_at is None or review.author_id == taker.manager_id:
        return None
    day = review.sent_at.date()
    stint = people.stint_on(session, taker.person_id, day)
    managers = {taker.manager_id, stint.manager_id if stint else ""}
    for one in stand_ins.concerning(session, review.author_id):
        if one.stand_in_id == review.author_id and one.manager_id in managers and one.held_around(day):
            return people.get(session, one.manager_id)
    return None


def go_on_together(session: Session, taker: Participant, one_id: str, other_id: str, today: date) -> bool:
    """Whether what one of two began about somebody is the other's to go on with: a manager, and who stood in."""
    stint = people.stint_on(session, taker.person_id, today)
    managers = {taker.manager_id, stint.manager_id if stint else ""} - {""}
    return any({one_id, other_id} <= stand_ins.circle(session, manager_id) for manager_id in managers)


def at_launch(session: Session, taker: Participant, today: date) -> str:
    """The manager at the launch, or who stands in for them today; empty for none."""
    return people.acts_for(session, taker.manager_id, taker.person_id, today) if taker.manager_id else ""
