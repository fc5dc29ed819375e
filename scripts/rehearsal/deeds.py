"""What came of the acts of a quarter, as the bot kept it: talks, an appeal, a plan, decisions, the next cycle."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.appeal import State
from bot.domain.cycle import Cycle, Stage
from bot.domain.interview import Interview
from bot.domain.score import Rated
from bot.store import appeals, cycles, interviews, outcomes, people, plans, result_versions, results, reviews
from bot.store.db import Database
from scripts.rehearsal.after import APPELLANT, HELPED, MOVED, NEW_MANAGER, NEXT_BEGINS
from scripts.rehearsal.report import Report
from scripts.rehearsal.time_off import LEFT

GONE = {one.person_id for one in LEFT}


@dataclass(frozen=True)
class Kept:
    """A session of the bot's own database, the cycle that was lived, and who took part in it."""

    session: Session
    cycle: Cycle
    taking_part: Collection[str]


def judge(report: Report, url: str, name: str, taking_part: Collection[str]) -> set[str]:
    """Count what was kept and say what is lost; returns who takes part in the next cycle."""
    database = Database(url)
    with database.unit_of_work() as session:
        found = cycles.every(session)
        kept = Kept(session, next(one for one in found if one.name == name), taking_part)
        for part in (_moves, _talks, _appeal, _plan, _outcomes):
            part(report, kept)
        after = _next_cycle(report, kept, found)
    database.close()
    return after


def _moves(report: Report, kept: Kept) -> None:
    session, cycle = kept.session, kept.cycle
    there = {one.id for one in people.everyone(session)}
    report.must_be("people who left", len(GONE - there), len(GONE))
    manager = people.manager_of(session, MOVED, NEXT_BEGINS)
    report.must_be("who moved by a file is led by", manager.id if manager else "", NEW_MANAGER)
    review = reviews.manager_review(session, cycle.id, MOVED)
    report.must_be("  and reviewed by", review.author_id if review and review.sent else "", NEW_MANAGER)


def _talks(report: Report, kept: Kept) -> None:
    session, cycle = kept.session, kept.cycle
    found = {one.person_id: one for one in interviews.in_cycle(session, cycle.id)}
    rated = [one for one in results.in_brief(session, cycle.id) if one.state is Rated.RATED]
    report.must_be_none("results not released", [one.person_id for one in rated if not one.released])
    report.must_be_none("results without a talk", sorted({one.person_id for one in rated} - GONE - found.keys()))
    prepared = [interviews.prepared(session, cycle.id, one) for one in found]
    report.says("talks about results", len(found))
    report.must_be_some("  prepared by both", sum(len(one) == 2 for one in prepared))
    report.must_be_none("  never held", _without(found.values(), "held_on"))
    report.must_be_none("  without minutes", _without(found.values(), "posted_at"))
    report.must_be_some("  whose minutes were read", sum(one.seen_at is not None for one in found.values()))
    days = interviews.days_to_talk(session, cycle.id)
    report.says("  working days they took, at most", max(days, default=0))


def _without(found: Collection[Interview], what: str) -> list[str]:
    return [one.person_id for one in found if getattr(one, what) is None and one.person_id not in GONE]


def _appeal(report: Report, kept: Kept) -> None:
    session, cycle = kept.session, kept.cycle
    states = Counter(one.state for one in appeals.in_cycle(session, cycle.id))
    report.must_be("appeals", {one.value: n for one, n in states.items()}, {State.ADJUSTED.value: 1})
    versions = result_versions.of(session, cycle.id, [APPELLANT]).get(APPELLANT, [])
    now = results.result(session, cycle.id, APPELLANT)
    before, after = [one.score for one in versions], now.outcome.score if now else None
    report.says("  the result before and after", f"{', '.join(map(str, before))} → {after}")
    if len(before) != 1 or before[0] is None or after is None or after <= before[0]:
        report.off.append(f"an appeal was granted, and the result is {after} after {before}")


def _plan(report: Report, kept: Kept) -> None:
    plan = plans.newest_of(kept.session, HELPED)
    if plan is None:
        report.off.append("no improvement plan was begun")
        return
    report.must_be_some("improvement plan: grounds", len(plan.grounds))
    report.must_be("  checkpoints", len(plan.written), plan.days // plan.every)
    report.must_be("  outcome", plan.outcome and plan.outcome.value, "completed")
    report.must_be("  read by its person", plan.seen_at is not None, wanted=True)


def _outcomes(report: Report, kept: Kept) -> None:
    found = outcomes.outcomes(kept.session, kept.cycle.id)
    proposed = sum(len(one.proposed) for one in found)
    report.must_be_some("outcomes proposed", proposed)
    report.must_be("  decided by HR", proposed - sum(len(one.open) for one in found), proposed)


def _next_cycle(report: Report, kept: Kept, found: Collection[Cycle]) -> set[str]:
    """The cycle is closed, and everybody who is still there is in the next."""
    report.must_be("the cycle is", kept.cycle.stage_on(NEXT_BEGINS).value, Stage.CLOSED.value)
    following = [one for one in found if one.launched and one.starts_on == NEXT_BEGINS]
    report.must_be("next cycle", [one.name for one in following], ["2027-Q3"])
    those = {one.person_id for each in following for one in cycles.participants(kept.session, each.id)}
    report.must_be("  people in it", len(those), len(set(kept.taking_part) - GONE))
    return those


def gone_by(day: date) -> set[str]:
    """Who had left by a day."""
    return {one.person_id for one in LEFT if one.begins.date() <= day}
