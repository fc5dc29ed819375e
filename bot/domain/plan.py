"""Improvement plans: what one needs to begin, a clock that stands still while the manager owes a checkpoint, the end.

A plan's standard is frozen when it begins: nothing here changes it. The clock counts the person's own working days, so
that whatever keeps their manager away takes nothing from their time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.cadence import DAY, IsWorkday, add_working_days, working_days_between
from bot.domain.directory import day_of
from bot.domain.effort import units
from bot.domain.refusal import N_, Refused

IN_TIME = 3
"""Working days after its day within which the manager writes a checkpoint; after them the clock stands still."""
LENGTHS, RHYTHMS = (30, 60, 90), (7, 14)
"""Days of a plan, and days from one checkpoint to the next."""
MORE = 30
"""Days that a plan goes on when it is extended, once."""
LATEST_START = timedelta(days=14)
LONGEST, LONGEST_LINE, MOST_LINES = 1500, 250, 8
"""Characters of a text and of a line; lines of a list."""
MOST_COMMENTS = 20
ENOUGH = Decimal(8)
"""Units of text (see `effort.units`) below which nobody could act on what was written."""


class Source(StrEnum):
    """Where the person could read of it before: what a plan rests on."""

    CHECKIN = "checkin"
    FEEDBACK = "feedback"
    NOTE = "note"
    REVIEW = "review"


class Standing(StrEnum):
    """How far things are at a checkpoint."""

    ON_WAY = "on_way"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class Outcome(StrEnum):
    """How a plan goes on or comes to its end; it ends by itself when its person leaves."""

    COMPLETED = "completed"
    EXTENDED = "extended"
    ENDED = "ended"
    LEFT = "left"


STANDINGS: Mapping[Standing, str] = {
    Standing.ON_WAY: N_("On a good way"),
    Standing.PARTLY: N_("Partly there"),
    Standing.NOT_YET: N_("Not there yet"),
}
SOURCES: Mapping[Source, str] = {
    Source.CHECKIN: N_("A comment on the check-in"),
    Source.FEEDBACK: N_("Feedback given by name"),
    Source.NOTE: N_("A shared note of a one-on-one"),
    Source.REVIEW: N_("The manager's review of an earlier cycle"),
}


@dataclass(frozen=True)
class Ground:
    """Something that was said before, which the person could read since `day`."""

    source: Source
    ref: str
    day: date
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class Written:
    """What the manager wrote at the nth checkpoint, from 1 on: what was seen, and what they did of their own part."""

    n: int
    day: date
    standing: Standing
    seen: str = field(repr=False)
    done: str = field(repr=False)
    by: str = ""


@dataclass(frozen=True)
class Proposal:
    """An outcome that waits for the second press."""

    outcome: Outcome
    by: str
    why: str = field(repr=False)


@dataclass(frozen=True)
class Plan:
    """A plan as it was begun, and what came to it since. `hr_id` is who of HR owns it together with the manager.

    `facts`, `activities` and `duties` are lines, the facts with their days; `items` are the action items that
    activities and duties became, in their order. `sent_back` is why HR did not confirm the last proposal. `outcome` is
    None while it runs; `more_days` came by an extension.
    """

    id: str
    person_id: str
    manager_id: str
    hr_id: str
    gap: str = field(repr=False)
    facts: tuple[tuple[date, str], ...] = field(repr=False)
    standard: str = field(repr=False)
    activities: tuple[str, ...] = field(repr=False)
    support: str = field(repr=False)
    duties: tuple[str, ...] = field(repr=False)
    starts_on: date = date.min
    days: int = LENGTHS[0]
    every: int = RHYTHMS[0]
    grounds: tuple[Ground, ...] = ()
    items: tuple[str, ...] = ()
    more_days: int = 0
    seen_at: datetime | None = None
    comments: tuple[tuple[date, str], ...] = field(default=(), repr=False)
    proposal: Proposal | None = None
    sent_back: str = field(default="", repr=False)
    outcome: Outcome | None = None
    why: str = field(default="", repr=False)
    ended_on: date | None = None
    written: tuple[Written, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it runs."""
        return self.outcome is None

    @property
    def extended(self) -> bool:
        """Whether it went on once; a second time there is not."""
        return self.more_days > 0


# The clock --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """A checkpoint as it falls: its day, the last day to write it, when it was written, working days lost by it."""

    n: int
    day: date
    until: date
    written_on: date | None
    lost: int


@dataclass(frozen=True)
class Clock:
    """Where a plan stands on a day. `lost` are the working days on which it stood still; they are added to its end."""

    slots: tuple[Slot, ...]
    ends_on: date
    lost: int
    today: date

    @property
    def owed(self) -> Slot | None:
        """The checkpoint that the manager is to write now."""
        coming = self.next
        return coming if coming and coming.day <= self.today else None

    @property
    def next(self) -> Slot | None:
        """The first checkpoint that is not written."""
        return next((one for one in self.slots if one.written_on is None), None)

    @property
    def stands_still(self) -> bool:
        """Whether the plan waits for its manager."""
        return self.owed is not None and self.owed.until < self.today


def clock(plan: Plan, today: date, works: IsWorkday) -> Clock:
    """Reckon from the first day: a checkpoint written late moves all that follows by the working days in between.

    The days that an extension waited for its second press are nobody's: the checkpoints in it come after them.
    """
    days, lost, slots = {one.n: one.day for one in plan.written}, 0, []
    waited = max(plan.more_days - MORE, 0)
    whole = plan.days + plan.more_days
    for n in range(1, (whole - waited) // plan.every + 1):
        later = waited if plan.every * n > plan.days else 0
        day = _falls_on(plan.starts_on + DAY * (plan.every * n + later), lost, works)
        until = add_working_days(day, IN_TIME, works)
        late = working_days_between(until, days.get(n, today), works)
        slots.append(Slot(n, day, until, days.get(n), late))
        lost += late
    ends_on = add_working_days(plan.starts_on + DAY * whole, lost, works)
    return Clock(tuple(slots), ends_on, lost, today)


def _falls_on(day: date, later: int, works: IsWorkday) -> date:
    """A day, or the next one that is worked, moved by working days."""
    return add_working_days(add_working_days(day - DAY, 1, works), later, works)


# Beginning --------------------------------------------------------------------------------


def lines_of(text: str, name: str) -> tuple[str, ...]:
    """The lines of a list that somebody wrote: at least one, and no more than can be kept in mind."""
    found = tuple(line.strip("•-* \t") for line in text.splitlines() if line.strip("•-* \t"))
    if not found:
        raise Refused("Please write at least one, a line each.", field=name)
    if len(found) > MOST_LINES:
        raise Refused("{most} lines at most; a plan that helps is short.", field=name, most=MOST_LINES)
    if max(map(len, found)) > LONGEST_LINE:
        raise Refused("One of these lines is longer than {most} characters.", field=name, most=LONGEST_LINE)
    return found


def facts_of(text: str, today: date, name: str) -> tuple[tuple[date, str], ...]:
    """What was seen, a line each, each with the day on which it was: `2027-03-02 The offer went out on Thursday`."""
    found = []
    for line in lines_of(text, name):
        first, _, words = line.partition(" ")
        day = day_of(first.rstrip(":：,，"))
        if day is None or not words.strip():
            raise Refused("Each line begins with its day, like this: 2027-03-02 What happened", field=name)
        if day > today:
            raise Refused("These are things that happened; one of these days is still to come.", field=name)
        found.append((day, words.strip()))
    return tuple(sorted(found))


def check_said(words: str, name: str) -> str:
    """Refuse what says too little to act on."""
    if units(words) < ENOUGH:
        raise Refused("Please write about 8 words or more, so that one can act on it.", field=name)
    return words


def check_standard(words: str, name: str) -> str:
    """The expected standard: something that can be counted or dated, for it decides at the end."""
    check_said(words, name)
    if not any(one.isdigit() or one in "二三四五六七八九十百半" for one in words):
        raise Refused("Please say how one can tell: a number, a share, or a day.", field=name)
    return words


def check_start(starts_on: date | None, today: date, grounds: Sequence[Ground]) -> date:
    """The first day: soon, and later than something that the person could read before."""
    if starts_on is None or not today <= starts_on <= today + LATEST_START:
        raise Refused("Please choose a day from today on, within two weeks.", field="starts")
    if not any(one.day < starts_on for one in grounds):
        raise Refused("What the plan rests on has to be older than its first day. Please begin later.", field="starts")
    return starts_on


def must_have_heard(grounds: Iterable[Ground]) -> None:
    """Refuse a plan that would be the first the person hears of it, and say what comes first."""
    if not any(True for _ in grounds):
        raise Refused(
            "A plan cannot be the first that somebody hears of it. Missing is something the manager wrote earlier that "
            "the person can read: a comment on a check-in, feedback (`/cairn feedback`), a shared note of a one-on-one "
            "(`/cairn talk`), or the review of an earlier cycle. Please begin with one of these, talk, and see whether "
            "a plan is still needed."
        )


# On the way, and the end ------------------------------------------------------------------


def to_write(where: Clock) -> Slot:
    """The checkpoint that is written now; earlier ones come first, and none before its day."""
    if where.owed is None:
        raise Refused("No checkpoint is due at the moment.")
    return where.owed


def check_outcome(plan: Plan, where: Clock, outcome: Outcome) -> None:
    """Refuse an end while the manager owes something, before its time, or a second extension."""
    if not plan.open:
        raise Refused("This plan is over.")
    if plan.proposal:
        raise Refused("An outcome is proposed already and waits for HR.")
    if outcome is Outcome.EXTENDED and plan.extended:
        raise Refused("This plan was extended once already.", field="outcome")
    if outcome is Outcome.COMPLETED:
        if not plan.written:
            raise Refused("Please write the first checkpoint before.", field="outcome")
    elif where.next:
        raise Refused("Please write all checkpoints before; the next one is on {day}.", field="outcome",
                      day=where.next.day)  # fmt: skip
    elif outcome is Outcome.ENDED and where.today < where.ends_on:
        raise Refused("The plan runs until {day}; until then it is completed or goes on.", field="outcome",
                      day=where.ends_on)  # fmt: skip


def more_days(where: Clock) -> int:
    """What an extension adds: thirty days from the later of today and the end, so that a late press costs nothing."""
    return max((where.today - where.ends_on).days, 0) + MORE


def check_second(plan: Plan, decider: str) -> Proposal:
    """Four eyes: whoever proposed an outcome does not confirm it, nor does whoever it is about or manages them."""
    if plan.proposal is None or not plan.open:
        raise Refused("This was decided or withdrawn meanwhile.")
    if decider in {plan.proposal.by, plan.person_id, plan.manager_id}:
        raise Refused("The second press is for somebody else of HR.")
    return plan.proposal
