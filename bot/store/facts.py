"""What results are computed from, for many people at once: a fixed number of queries, however many there are."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.cadence import IsWorkday
from bot.domain.cycle import Cycle, Participant
from bot.domain.moves import PastStint
from bot.domain.org import Person, Stint
from bot.domain.proration import Served, in_a_row
from bot.domain.result import Earlier, Facts, group_means, served_between, working_days
from bot.domain.review import Kind
from bot.store import actuals, adjustments, claims, cycles, goal_stints, goals, people, released, reviews, templates
from bot.store.cycles import ParticipantRow
from bot.store.leaves import LeaveRow

Calendar = Callable[[Person], IsWorkday]
"""Which days are worked where somebody is, nobody's own days off taken out."""
Past = Sequence[PastStint]
"""The roles somebody held before the present one inside a cycle, the oldest first."""
Means = Mapping[str, Decimal]
"""What each group of colleagues said on average of everybody in a cycle."""


def next_ids(session: Session, cycle_id: str, after: str, most: int) -> list[str]:
    """The ids of the participants that follow somebody in the order of ids; the first ones follow nobody, ""."""
    following = select(ParticipantRow.person_id).where(
        ParticipantRow.cycle_id == cycle_id, ParticipantRow.person_id > after
    )
    return list(session.scalars(following.order_by(ParticipantRow.person_id).limit(most)))


def means_of(session: Session, cycle_id: str) -> Means:
    """What each group said of everybody: the same for each of them, so read once."""
    return group_means(released.ratings(session, cycle_id).values())


def gather(
    session: Session, cycle: Cycle, today: date, calendar: Calendar, of: Collection[str] | None = None,
    means: Means | None = None,
) -> dict[str, Facts]:  # fmt: skip
    """Everything that the results of these people, or of the whole cycle, are computed from, by person."""
    takers = cycles.participants(session, cycle.id, of)
    named = people.named(session, [one.person_id for one in takers])
    agreed = goals.agreed_by_person(session, cycle.id, of)
    reported = actuals.values_of_all(session, cycle.id, of)
    reviewed = reviews.in_cycle(session, cycle.id, Kind.MANAGER, of)
    ratings, judged = released.ratings(session, cycle.id, of), released.levels(session, cycle.id, of)
    disputed = claims.disputed(session, cycle.id, of)
    past = goal_stints.of(session, cycle.id, of)
    adjusted = adjustments.approved(session, cycle.id, of)
    used = {one.template for one in takers} | {one.template for each in past.values() for one in each}
    known = {one: templates.template_of(session, one) for one in used - {""}}
    served = _served(session, cycle, [named[one.person_id] for one in takers], calendar, past)
    means = means_of(session, cycle.id) if means is None else means

    def about(one: Participant) -> Facts:
        return Facts(
            agreed.get(one.person_id, ()),
            today,
            reported.get(one.person_id, {}),
            reviewed.get(one.person_id),
            known.get(one.template),
            ratings.get(one.person_id, {}),
            means,
            served[one.person_id][-1],
            named[one.person_id].language,
            one.department,
            tuple(
                Earlier(stint.department, stint.goals, days, known.get(stint.template))
                for stint, days in zip(past.get(one.person_id, ()), served[one.person_id], strict=False)
            ),
            tuple(adjusted.get(one.person_id, ())),
            judged.get(one.person_id, {}),
            disputed.get(one.person_id, frozenset()),
            cycle.rules,
        )

    return {one.person_id: about(one) for one in takers}


def _served(
    session: Session, cycle: Cycle, takers: Collection[Person], calendar: Calendar, past: Mapping[str, Past]
) -> dict[str, list[Served]]:
    """The days that count for each: in the roles held before, the oldest first, and in the present one."""
    stints = people.stints_by_person(session, *(one.id for one in takers)) if takers else {}
    days, leaves = (cycle.starts_on, cycle.ends_on), _leaves(session, cycle, [one.id for one in takers])

    @cache
    def worked(by: IsWorkday) -> Sequence[date]:
        return working_days(*days, by)

    return {
        one.id: in_a_row(
            [
                served_between(worked(calendar(one)), span, leaves.get(one.id, ()))
                for span in _spans(_there(days, stints.get(one.id, ())), past.get(one.id, ()))
            ]
        )
        for one in takers
    }


def _spans(there: tuple[date, date], past: Past) -> list[tuple[date, date]]:
    """The time somebody was there, cut where a role ended."""
    begins = [there[0], *(stint.last_day + timedelta(days=1) for stint in past)]
    return list(zip(begins, [*(stint.last_day for stint in past), there[1]], strict=True))


def _leaves(session: Session, cycle: Cycle, of: Collection[str]) -> dict[str, set[date]]:
    """The days that these people were away inside a cycle; in one query."""
    found: dict[str, set[date]] = {}
    within = (LeaveRow.first_day <= cycle.ends_on, LeaveRow.last_day >= cycle.starts_on)
    for row in session.scalars(select(LeaveRow).where(*within, LeaveRow.person_id.in_(of))):
        away = range((row.last_day - row.first_day).days + 1)
        found.setdefault(row.person_id, set()).update(row.first_day + timedelta(days=n) for n in away)
    return found


def _there(days: tuple[date, date], stints: Iterable[Stint]) -> tuple[date, date]:
    """From when to when somebody was employed: a transfer inside the cycle is no gap."""
    within = [one for one in stints if one.starts_on <= days[1] and (one.ends_on is None or one.ends_on >= days[0])]
    if not within:
        return days
    ends = max(one.ends_on or days[1] for one in within)
    return max(min(one.starts_on for one in within), days[0]), min(ends, days[1])
