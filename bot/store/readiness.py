"""The facts that stand before a launch, read from what is kept; and the reason when somebody launches all the same."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.readiness import Facts
from bot.domain.team import Duty, without_judge
from bot.domain.template import Template
from bot.store import announcements, objectives, people, rules
from bot.store.db import Base
from bot.store.private import Private

NEWS_COUNTS = timedelta(days=60)
COURSE_COUNTS = timedelta(days=370)
"""How long it counts that everybody was told."""


class LaunchReasonRow(Base):
    """Why a cycle was launched while something was missing, and what that was."""

    __tablename__ = "launch_reasons"
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    missing: Mapped[list[Any]]
    reason: Mapped[Private]
    by: Mapped[str]
    at: Mapped[datetime]


def launched_without(
    session: Session, cycle_id: str, missing: list[str], reason: str, *, by: str, at: datetime
) -> None:
    """Keep why a cycle was launched while these were missing."""
    session.merge(LaunchReasonRow(cycle_id=cycle_id, missing=missing, reason=reason, by=by, at=at))
    session.flush()


def reason_of(session: Session, cycle_id: str) -> tuple[list[str], str] | None:
    """What was missing when a cycle was launched, and why that was accepted."""
    row = session.get(LaunchReasonRow, cycle_id)
    return (row.missing, row.reason) if row else None


def facts(
    session: Session, day: date, used: Mapping[str, Template], departments: Collection[str] | None = None
) -> Facts:
    """What stands on a day, for these departments or for all that a template serves.

    `used` has the template of each department that has one.
    """
    wanted = set(departments if departments is not None else used)
    everyone = {one.id: one.name for one in people.everyone(session)}
    stints = [stint for stint in people.stints_on(session, day) if stint.person_id in everyone]
    managers = {stint.person_id: stint.manager_id for stint in stints}
    judged = [stint.person_id for stint in stints if stint.department in wanted]
    held = {duty: {one.id for one in people.holders(session, duty)} for duty in Duty}
    reports = Counter(managers[person] for person in judged if managers[person])
    known = {stint.department for stint in stints} - {""}

    def named(ids: Collection[str]) -> tuple[str, ...]:
        return tuple(everyone[one] for one in ids)

    return Facts(
        people=len(judged),
        without_manager=named([one for one in judged if managers[one] not in everyone]),
        objectives=objectives.count(session, day),
        duties={duty: len(ids) for duty, ids in held.items()},
        uncalibrated=named(without_judge(held[Duty.CALIBRATOR], judged, managers)),
        unheard=named(without_judge(held[Duty.APPEALS] - held[Duty.CALIBRATOR], judged, managers)),
        without_template=tuple(sorted(wanted - set(used) or (set() if used else known))),
        rules=now.version if (now := rules.newest(session)) else 0,
        announced=_lately(announcements.last_sent(session, announcements.NEWS), day, NEWS_COUNTS),
        course_sent=_lately(announcements.last_sent(session, announcements.COURSE), day, COURSE_COUNTS),
        templates=tuple({one.id: one for name, one in used.items() if name in wanted}.values()),
        reports={everyone.get(one, one): count for one, count in reports.items()},
    )


def _lately(at: datetime | None, day: date, counts: timedelta) -> bool:
    return at is not None and day - at.date() <= counts
