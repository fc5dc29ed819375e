"""The cycle: its stages in their order, and the dates on which they open where each person is."""

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.org import Stint
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.score_rules import RULES, ScoreRules

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


STAGE_MEANS: Mapping[Stage, str] = {
    Stage.PLANNING: N_("Goals are drafted and agreed between employee and manager."),
    Stage.EXECUTING: N_("The work is done, with check-ins on the goals."),
    Stage.ASSESSING: N_(
        "Self-reviews, feedback from colleagues and the managers' reviews are written; values are reported."
    ),
    Stage.CALIBRATING: N_("Results are computed and compared before anybody hears them."),
    Stage.RELEASING: N_("Results are given and talked about."),
    Stage.APPLYING: N_("What follows from the results is decided."),
    Stage.REVIEWING: N_("The process itself is looked at."),
}
"""What happens in a stage, as people ask for it."""


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

LONGEST_NAME = 60
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
    """One run of the whole process. `opens` has the date of each stage from planning on.

    `rules` are those that it is scored by to its end; a department's template has the mix.
    """

    id: str
    name: str
    kind: CycleKind
    starts_on: date
    ends_on: date
    opens: Mapping[Stage, date]
    launched: bool = False
    departments: tuple[str, ...] = ()
    rules: ScoreRules = RULES

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


@dataclass(frozen=True)
class LeftOut:
    """Somebody of the chosen departments who will not take part, and why."""

    person_id: str
    why: Sentence


@dataclass(frozen=True)
class Roster:
    """Who takes part in a cycle, by where they stand when it starts (or when they join), and who does not."""

    taking_part: tuple[Stint, ...]
    left_out: tuple[LeftOut, ...]


def roster(stints: Iterable[Stint], present: Collection[str], busy: Mapping[str, str]) -> Roster:
    """Sort people into those who take part and those who cannot; one stint a person, the earliest.

    `present` are the ids of who is in Slack and takes part; `busy` has the name of another cycle of the same days.
    """
    first = {stint.person_id: stint for stint in sorted(stints, key=lambda stint: stint.starts_on, reverse=True)}
    reasons = {person_id: _why_not(stint, present, busy) for person_id, stint in sorted(first.items())}
    return Roster(
        tuple(first[person_id] for person_id, why in reasons.items() if why is None),
        tuple(LeftOut(person_id, why) for person_id, why in reasons.items() if why is not None),
    )


def _why_not(stint: Stint, present: Collection[str], busy: Mapping[str, str]) -> Sentence | None:
    if stint.person_id not in present:
        return sentence("is not in Slack")
    if stint.manager_id not in present:
        return sentence("has no manager to agree goals with")
    if stint.person_id in busy:
        return sentence("already takes part in {cycle}", cycle=busy[stint.person_id])
    return None


def preceding(cycle: Cycle, others: Iterable[Cycle]) -> Cycle | None:
    """The cycle before this one: launched, of the same kind, for some of its departments, over before it began."""
    earlier = [
        one
        for one in others
        if one.launched
        and one.kind is cycle.kind
        and one.ends_on < cycle.starts_on
        and set(one.departments) & set(cycle.departments)
    ]
    return max(earlier, key=lambda one: (one.ends_on, len({*one.departments} & {*cycle.departments})), default=None)


def propose_start(kind: CycleKind, today: date) -> date:
    """The first day of the period that began at most three weeks ago, else of the next one."""
    months = MONTHS.get(kind, 1)
    began = date(today.year, (today.month - 1) // months * months + 1, 1)
    if (today - began).days <= 21:
        return began
    return propose_end(kind, began) + timedelta(days=1) if kind in MONTHS else today


def propose_name(kind: CycleKind, starts_on: date) -> str:
    """A name that reads the same in every language: 2027-Q1, 2027-H2, 2027, 2027-03, else the first day."""
    begins = starts_on.day == 1 and (starts_on.month - 1) % MONTHS.get(kind, 1) == 0
    match kind:
        case CycleKind.QUARTER if begins:
            return f"{starts_on:%Y}-Q{starts_on.month // 3 + 1}"
        case CycleKind.HALF_YEAR if begins:
            return f"{starts_on:%Y}-H{starts_on.month // 6 + 1}"
        case CycleKind.YEAR if begins:
            return f"{starts_on:%Y}"
        case CycleKind.MONTH | CycleKind.TWO_MONTHS if begins:
            return f"{starts_on:%Y-%m}"
        case _:
            return starts_on.isoformat()


def propose_period(
    kind: CycleKind, today: date, departments: Sequence[str], launched: Sequence[Cycle]
) -> tuple[date, list[str]]:
    """The first period that some of these departments have no cycle for: its first day, and those departments."""
    first = propose_start(kind, today)
    while True:
        busy = {name for one in launched if one.starts_on <= first <= one.ends_on for name in one.departments}
        free = [name for name in departments if name not in busy]
        if free or not departments:
            return first, free
        first = propose_end(kind, first) + timedelta(days=1)


def free_name(kind: CycleKind, starts_on: date, departments: Sequence[str], taken: Collection[str]) -> str:
    """A name that no other cycle has: the period, with the departments where that is taken, then with a number."""
    name = propose_name(kind, starts_on)
    longer = f"{name} {', '.join(departments)}"
    names = [name, *([longer] if len(longer) <= LONGEST_NAME else []), *(f"{name} ({n})" for n in range(2, 1000))]
    return next((one for one in names if one not in taken), name)


def propose_end(kind: CycleKind, starts_on: date) -> date:
    """The last day of a cycle of this kind."""
    months = MONTHS[kind]
    month = starts_on.month - 1 + months
    year, month = starts_on.year + month // 12, month % 12 + 1
    day = min(starts_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def propose_stages(starts_on: date, ends_on: date, today: date = date.min) -> dict[Stage, date]:
    """Dates to start from, none in the past: two weeks for goals (a fifth of a short cycle), the work, what follows."""
    opens = max(starts_on, min(today, ends_on))
    planning = min(timedelta(days=14), (ends_on - opens) / 5)
    after = {stage: ends_on + timedelta(days=days) for stage, days in AFTER_THE_END.items()}
    return {Stage.PLANNING: opens, Stage.EXECUTING: opens + max(planning, timedelta(days=1)), **after}


def check_period(starts_on: date, ends_on: date, today: date) -> None:
    """Refuse a period that a cycle cannot run on."""
    if ends_on <= starts_on:
        raise Refused("The last day has to come after the first day.", field="ends_on")
    if (ends_on - starts_on).days > 400:
        raise Refused("A cycle lasts at most 400 days.", field="ends_on")
    if ends_on < today:
        raise Refused("This period is over already. Please choose a later first day.", field="starts_on")


def check_stages(opens: Mapping[Stage, date]) -> None:
    """Refuse dates on which a stage would not open after the one before it."""
    in_order = [stage for stage in Stage if stage in opens]
    for before, after in pairwise(in_order):
        if opens[after] <= opens[before]:
            raise Refused(
                "This has to come after {day}, when the stage before it opens.", field=after.value, day=opens[before]
            )


def opening(day: date, tz: str) -> datetime:
    """The moment at which a stage that opens on this date opens for somebody in this zone."""
    return datetime.combine(day, MORNING, ZoneInfo(tz))
