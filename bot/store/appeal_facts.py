"""What an appeal is decided on, gathered from what was kept; who has a part in it; and a result made anew by its rules.

The record holds what the person may see of their own result. It names nobody: neither who answered, reported, changed a
grade or sat in a meeting. Colleagues' sentences are not in it: they were promised to the person and the manager alone.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.appeal import barred
from bot.domain.cycle import Cycle
from bot.domain.goal import Goal
from bot.domain.goal_record import document_of
from bot.domain.measure import Direction
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.result import outcome_of
from bot.domain.review import Review
from bot.domain.score import Rated
from bot.store import (
    actuals,
    adjustments,
    calibrations,
    checkins,
    cycles,
    facts,
    goal_stints,
    goals,
    invitations,
    people,
    released,
    result_versions,
    reviews,
)
from bot.store.actuals import ReportedRow
from bot.store.results import Computed, ResultRow

NAMING = frozenset({"reporter", "released_by"})
"""Parts of a result that hold somebody's id."""
Calendar = Callable[[Person], Callable[[date], bool]]


def document(session: Session, cycle: Cycle, row: ResultRow) -> dict[str, Any]:
    """Everything that stands behind a released result, as it is now."""
    person_id = row.person_id
    agreed = goals.agreed_goals(session, cycle.id, person_id)
    return {
        "result": _nameless(result_versions.document(row)),
        "template": cycles.participant(session, cycle.id, person_id).template,
        "goals": [document_of(one) for one in agreed],
        "earlier": [_stint(one) for one in goal_stints.of(session, cycle.id, [person_id]).get(person_id, ())],
        "actuals": _actuals(session, cycle.id, person_id),
        "self_review": _review(reviews.self_review(session, cycle.id, person_id)),
        "manager_review": _review(reviews.manager_review(session, cycle.id, person_id)),
        "calibration": [_change(one) for one in calibrations.changes_in(session, cycle.id, [person_id])],
        "adjustments": _adjusted(session, cycle.id, person_id),
        "checkins": [one.day.isoformat() for one in checkins.history(session, cycle.id, person_id)],
        "feedback": [_group(one) for one in released.summary(session, cycle.id, person_id)],
    }


def _nameless(part: Any) -> Any:
    """A document without the ids of who reported or released something."""
    if isinstance(part, dict):
        return {name: "" if name in NAMING else _nameless(one) for name, one in part.items()}
    return [_nameless(one) for one in part] if isinstance(part, list) else part


def _stint(past: Any) -> dict[str, Any]:
    return {
        "department": past.department,
        "first_day": past.first_day.isoformat(),
        "last_day": past.last_day.isoformat(),
        "goals": [document_of(goal) for goal in past.goals],
    }


def _actuals(session: Session, cycle_id: str, person_id: str) -> list[dict[str, Any]]:
    rows = select(ReportedRow).filter_by(cycle_id=cycle_id, person_id=person_id)
    return [
        {
            "kpi": row.kpi,
            "period": row.period,
            "value": None if row.value is None else str(row.value),
            "unit": row.unit,
            "source": row.source,
            "at": row.at.isoformat(),
        }
        for row in session.scalars(rows.order_by(ReportedRow.kpi, ReportedRow.period))
    ]


def _review(review: Review | None) -> dict[str, Any] | None:
    if review is None or not review.sent:
        return None
    return {
        "competencies": dict(review.competencies),
        "levels": {goal: str(level) for goal, level in review.levels.items()},
        "overall": review.overall,
        "notes": dict(review.notes),
        "later": {grade: dict(notes) for grade, notes in review.later.items()},
        "sent_at": review.sent_at.isoformat() if review.sent_at else None,
    }


def _change(one: Any) -> dict[str, Any]:
    day = one.day.isoformat() if one.day else None
    seen = {"reason": one.reason, "link": one.link, "day": day, "at": one.at.isoformat()}
    return {"formula": one.formula, "before": one.before, "after": one.after, **seen}


def _adjusted(session: Session, cycle_id: str, person_id: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind.value,
            "points": None if one.points is None else str(one.points),
            "ceiling": one.ceiling,
            "goal": one.goal,
            "reason": one.reason,
            "evidence": one.evidence,
        }
        for one in adjustments.approved(session, cycle_id, [person_id]).get(person_id, ())
    ]


def _group(one: released.GroupSummary) -> dict[str, Any]:
    """A group of colleagues as precisely as it may be shown, without a sentence of theirs."""
    shown = [(topic.topic_id, topic.shown) for topic in one.topics if topic.shown]
    topics = [[topic, seen.band.value if seen.band else seen.number] for topic, seen in shown]
    return {"group": one.group, "invited": one.invited, "n": one.n, "topics": topics}


# Who has a part in it -------------------------------------------------------------------------


def barred_from(session: Session, cycle: Cycle, person_id: str, today: date) -> frozenset[str]:
    """Who may not decide about this result: the line on every day that counts, and who rated or changed something."""
    taker = cycles.participant(session, cycle.id, person_id)
    past = goal_stints.of(session, cycle.id, [person_id]).get(person_id, ())
    review = reviews.manager_review(session, cycle.id, person_id)
    raters = {taker.manager_id, *(one.manager_id for one in past), review.author_id if review else ""}
    others = {one.by for one in calibrations.changes_in(session, cycle.id, [person_id])}
    others |= {one.rater_id for one in invitations.invited(session, cycle.id, person_id)}
    for one in adjustments.approved(session, cycle.id, [person_id]).get(person_id, ()):
        others |= {one.by, one.decided_by}
    days = _days(session, cycle, person_id, today)
    return barred(person_id, raters, others, [people.managers_on(session, day) for day in days])


def _days(session: Session, cycle: Cycle, person_id: str, today: date) -> list[date]:
    """Today, the days on which stages opened, and the first and last days under each manager since the cycle began."""
    stints = people.stints_of(session, person_id)
    edges = {day for one in stints for day in (one.starts_on, one.ends_on) if day}
    marked = {cycle.starts_on, cycle.ends_on, *cycle.opens.values(), *edges}
    return sorted({today, *(day for day in marked if cycle.starts_on <= day <= today)})


# The result made anew ---------------------------------------------------------------------------


def measured(session: Session, cycle_id: str, person_id: str) -> tuple[Goal, ...]:
    """The goals that are measured by a value, of every role in the cycle."""
    wanted = actuals.judged_by(session, cycle_id, [person_id]).get(person_id, ())
    return tuple(one for one in wanted if one.direction is not Direction.RUBRIC)


def known_values(session: Session, cycle_id: str, person_id: str) -> dict[str, Decimal]:
    """What is known of them, by the key of a goal."""
    return {
        key: one.value for key, one in actuals.values(session, cycle_id, person_id).items() if one.value is not None
    }


def computed_anew(session: Session, cycle: Cycle, row: ResultRow, today: date, calendar: Calendar) -> Computed:
    """The result as what is on record now makes it, by the rules that it was made by."""
    known = facts.gather(session, cycle, today, calendar, [row.person_id])[row.person_id]
    rules, outcome = known.rules, outcome_of(known)
    if rules.hash != row.rules_hash:
        raise Refused("This release of Cairn scores by other rules than this result. Please tell whoever runs it.")
    if outcome.state is Rated.INCOMPLETE:
        raise Refused("What is on record now makes no complete result: {why}", why=outcome.reasons[0])
    return Computed(row.person_id, outcome, rules.written, known.summary())


def candidates_to_rate(session: Session, cycle: Cycle, person_id: str, today: date) -> list[Person]:
    """Who could give a rating anew: who gave it, today's manager, and who is above them; those still here."""
    review = reviews.manager_review(session, cycle.id, person_id)
    manager = people.manager_of(session, person_id, today)
    above = people.manager_of(session, manager.id, today) if manager else None
    author = people.get(session, review.author_id) if review else None
    found = [one for one in (author, manager, above) if one and one.takes_part and one.id != person_id]
    return list({one.id: one for one in found}.values())
