"""The cycle: its stages in their order, and the dates on which they open where each person is."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.refusal import N_, Refused

MORNING = time(9, 30)
"""When a stage opens, on each person's own wall clock."""


class Stage(StrEnum):
    """Where a cycle stands."""

    PREPARING = "preparing"
    PLANNING = "planning"
    EXECUTING = "executing"
    ASSESSING = "assessing"
    CALIBRATING = "calibrating"
    RELEASING = "releasing"
    APPLYING = "applying"
    REVIEWING = "reviewing"
    CLOSED = "closed"


STAGE_NAMES: Mapping[Stage, str] = {
    Stage.PREPARING: N_("Preparing"),
    Stage.PLANNING: N_("Setting goals"),
    Stage.EXECUTING: N_("Doing the work"),
    Stage.ASSESSING: N_("Assessing"),
    Stage.CALIBRATING: N_("Calibrating"),
    Stage.RELEASING: N_("Giving results"),
    Stage.APPLYING: N_("Applying results"),
    Stage.REVIEWING: N_("Reviewing the process"),
    Stage.CLOSED: N_("Closed"),
}


class CycleKind(StrEnum):
    """How long a cycle lasts."""

    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    CUSTOM = "custom"


KIND_NAMES: Mapping[CycleKind, str] = {
    CycleKind.MONTH: N_("A month"),
    CycleKind.TWO_MONTHS: N_("Two months"),
    CycleKind.QUARTER: N_("A quarter"),
    CycleKind.HALF_YEAR: N_("Half a year"),
    CycleKind.YEAR: N_("A year"),
    CycleKind.CUSTOM: N_("My own dates"),
}

MONTHS: Mapping[CycleKind, int] = {
    CycleKind.MONTH: 1,
    CycleKind.TWO_MONTHS: 2,
    CycleKind.QUARTER: 3,
    CycleKind.HALF_YEAR: 6,
    CycleKind.YEAR: 12,
}

AFTER_THE_END: Mapping[Stage, int] = {
    Stage.ASSESSING: 1,
    Stage.CALIBRATING: 15,
    Stage.RELEASING: 22,
    Stage.APPLYING: 36,
    Stage.REVIEWING: 43,
    Stage.CLOSED: 57,
}
"""Days after the last day of the period on which a stage opens, when nobody says otherwise."""


@dataclass(frozen=True)
class Cycle:
    """One run of the whole process. `opens` has the date of each stage from planning on."""

    id: str
    name: str
    kind: CycleKind
    starts_on: date
    ends_on: date
    opens: Mapping[Stage, date]
    launched: bool = False

    def stage_on(self, day: date) -> Stage:
        """Where the cycle stands for somebody who has this date today."""
        if not self.launched:
            return Stage.PREPARING
        passed = [stage for stage in Stage if stage in self.opens and self.opens[stage] <= day]
        return passed[-1] if passed else Stage.PREPARING


@dataclass(frozen=True)
class Participant:
    """A person in a cycle, as they stood when it was launched; `template` is the hash of the frozen version."""

    cycle_id: str
    person_id: str
    department: str
    manager_id: str
    template: str


def propose_end(kind: CycleKind, starts_on: date) -> date:
    """The last day of a cycle of this kind."""
    months = MONTHS[kind]
    month = starts_on.month - 1 + months
    year, month = starts_on.year + month // 12, month % 12 + 1
    day = min(starts_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def propose_stages(starts_on: date, ends_on: date) -> dict[Stage, date]:
    """Dates to start from: two weeks for goals (a fifth of a short cycle), then the work, then the stages after it."""
    planning = min(timedelta(days=14), (ends_on - starts_on) / 5)
    after = {stage: ends_on + timedelta(days=days) for stage, days in AFTER_THE_END.items()}
    return {Stage.PLANNING: starts_on, Stage.EXECUTING: starts_on + planning, **after}


def check_dates(starts_on: date, ends_on: date, opens: Mapping[Stage, date]) -> None:
    """Refuse dates that a cycle cannot run on."""
    if ends_on <= starts_on:
        raise Refused("The last day has to come after the first day", field="ends_on")
    if (ends_on - starts_on).days > 400:
        raise Refused("A cycle lasts at most 400 days", field="ends_on")
    in_order = [opens[stage] for stage in Stage if stage in opens]
    if in_order != sorted(set(in_order)):
        raise Refused("Each stage has to open after the one before it", field="ends_on")


def opening(day: date, tz: str) -> datetime:
    """The moment at which a stage that opens on this date opens for somebody in this zone."""
    return datetime.combine(day, MORNING, ZoneInfo(tz))
