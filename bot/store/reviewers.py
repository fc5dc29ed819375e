"""Who writes whose review: whoever began it, as long as they are here, else the manager at the launch, else today's."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.org import Person
from bot.domain.review import Kind
from bot.store import cycles, people, reviews
from bot.store.db import batched


def writers(session: Session, cycle_id: str, of: Collection[str], today: date) -> dict[str, Person]:
    """Who is to be asked about the review of these people, by person; nobody for whom there is nobody."""
    found: dict[str, Person] = {}
    for ids in batched(sorted(of), reviews.AT_ONCE):
        written = reviews.in_cycle(session, cycle_id, Kind.MANAGER, ids)
        begun = {one: review.author_id for one, review in written.items()}
        launched = {one.person_id: one.manager_id for one in cycles.participants(session, cycle_id, ids)}
        known = people.named(session, {*begun.values(), *launched.values()} - {""})
        for one in ids:
            asked = (known.get(begun.get(one, "")), known.get(launched.get(one, "")))
            writer = next((each for each in asked if each and each.takes_part), None)
            if writer := writer or people.manager_of(session, one, today):
                found[one] = writer
    return found
