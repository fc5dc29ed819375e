"""Check-ins: when they are due, what an answer holds, what turned, and when one kind question helps."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.domain.cadence import (
    Cadence,
    IsWorkday,
    Monthly,
    Occurrence,
    Weekly,
    add_working_days,
    instant,
    next_civil_hour,
    next_occurrence,
)
from bot.domain.effort import effort_question, repeats
from bot.domain.goal import Goal
from bot.domain.policy import USUAL, Missed, Policy
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.template import Checkin as Prompt
from bot.domain.template import Day, Rhythm

AT = time(10)
"""When people are asked, on their own wall clock."""
DIGEST_AT = time(9, 30)
"""When a manager gets the digest, on their own wall clock."""
NUDGES = (1, 3)
"""Working days after the prompt on which a reminder goes out."""
TOO_NEAR = timedelta(days=2)
"""A missed prompt is left out when the next one is this near."""
OUTAGE = timedelta(minutes=30)
"""A prompt that is looked at this much after its moment was missed: Cairn was down."""
LOOK_BACK = timedelta(days=3)
"""A calendar that changed may have moved a planned prompt back by this much, but not to the one before it."""
ANSWERED_LATELY: Mapping[Rhythm, timedelta] = {
    Rhythm.WEEKLY: timedelta(days=3),
    Rhythm.TWO_WEEKS: timedelta(days=6),
    Rhythm.MONTHLY: timedelta(days=10),
}
"""How old an answer may be for the next prompt to be left out: less than half the rhythm."""
IGNORED = 3
"""After this many unanswered check-ins in a row, a talk in person helps more than reminders."""
LONGEST_PAUSE = timedelta(days=366)


class Confidence(StrEnum):
    """Whether somebody expects to reach a goal, from good to bad."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


CONFIDENCE_NAMES: Mapping[Confidence, str] = {
    Confidence.ON_TRACK: N_("On track"),
    Confidence.AT_RISK: N_("At risk"),
    Confidence.OFF_TRACK: N_("Off track"),
}


class Kind(StrEnum):
    """How a check-in was answered."""

    OPEN = "open"
    SAME = "same"
    UPDATE = "update"
    BLOCKED = "blocked"
    MISSED = "missed"


@dataclass(frozen=True)
class Item:
    """Where one goal stands; the value is in the goal's unit, None when no number was given."""

    goal_id: str
    value: Decimal | None
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True)
class Checkin:
    """One check-in of one person; `day` is their local date when they were asked, or began on their own.

    `told` says that the manager's digest of `digest_on` went out, `read` that the manager acknowledged the answer.
    `help_wanted` holds ids of the template's kinds of support; `nudges` counts the reminders sent. `comment` is what
    the manager `comment_by` wrote to it, `earlier` who wrote what while they were the manager.
    """

    cycle_id: str
    person_id: str
    day: date
    kind: Kind = Kind.OPEN
    items: tuple[Item, ...] = ()
    note: str = field(default="", repr=False)
    blocking: str = field(default="", repr=False)
    help_wanted: tuple[str, ...] = ()
    manager_id: str = ""
    digest_on: date | None = None
    told: bool = False
    read: bool = False
    nudges: int = 0
    comment: str = field(default="", repr=False)
    comment_by: str = ""
    earlier: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.kind not in {Kind.OPEN, Kind.MISSED}

    @property
    def changeable(self) -> bool:
        """Whether the person may still answer or change the answer."""
        return self.kind is Kind.OPEN or (self.answered and not self.told)

    def item(self, goal_id: str) -> Item | None:
        """Where a goal stood in this check-in."""
        return next((one for one in self.items if one.goal_id == goal_id), None)


# When ---------------------------------------------------------------------------------------


def cadence_of(prompt: Prompt, anchor: date) -> Cadence:
    """How a department's rhythm falls; every two weeks counts from the week of `anchor`."""
    weekday = list(Day).index(prompt.weekday)
    match prompt.cadence:
        case Rhythm.MONTHLY:
            return Monthly(-1, AT)
        case Rhythm.TWO_WEEKS:
            return Weekly(weekday, AT, every=2, anchor=anchor)
        case Rhythm.WEEKLY:
            return Weekly(weekday, AT)


@dataclass(frozen=True)
class Due:
    """Whether to ask now; `planned` and `at` are what to plan next: the occurrence's date, and when to look again."""

    now: bool
    planned: date
    at: datetime


def due(
    planned: date,
    now: datetime,
    tz: str,
    cadence: Cadence,
    is_workday: IsWorkday,
    policy: Policy = USUAL,
    late: timedelta = timedelta(),
) -> Due:
    """Look again at a planned prompt with what is known now of zone and days off: ask, wait, or leave it out.

    `late` is how long after its moment it is looked at; from `OUTAGE` on Cairn was down, and the policy says what then.
    Looked at before its day it may come today, for what kept it away may be over.
    """
    today = now.astimezone(ZoneInfo(tz)).date()
    since = instant(min(planned - LOOK_BACK, today), time(), tz) - timedelta(microseconds=1)
    wanted = next_occurrence(since, tz, cadence, is_workday)
    if wanted.at > now:
        return Due(now=False, planned=wanted.local_date, at=wanted.at)
    following = next_occurrence(now, tz, cadence, is_workday)
    if today > wanted.local_date and following.local_date - today <= TOO_NEAR:
        return _wait_for(following)
    civil = next_civil_hour(now, tz, is_workday)
    if late > OUTAGE:
        if policy.missed is Missed.LEFT_OUT:
            return _wait_for(following)
        if today == wanted.local_date and not policy.asks_late(late):
            civil = instant(add_working_days(today, 1, is_workday), AT, tz)
    if civil > now:
        return _wait_for(following) if civil >= following.at else Due(now=False, planned=planned, at=civil)
    return Due(now=True, planned=following.local_date, at=following.at)


def look_at(at: datetime, now: datetime, tz: str, cadence: Cadence) -> datetime:
    """When to look at a prompt that is planned for `at`: when it would come if nobody were ever away, or then."""
    return min(at, next_occurrence(now, tz, cadence, lambda _: True).at)


def _wait_for(occurrence: Occurrence) -> Due:
    return Due(now=False, planned=occurrence.local_date, at=occurrence.at)


def digest_day(day: date, now: datetime, manager_tz: str, is_workday: IsWorkday) -> date:
    """The date, where the manager is, of the digest that a check-in of this day goes into: the next working day."""
    return add_working_days(max(day, now.astimezone(ZoneInfo(manager_tz)).date()), 1, is_workday)


def answered_lately(history: Sequence[Checkin], today: date, rhythm: Rhythm) -> bool:
    """Whether the newest answer is recent enough to leave the prompt out; `history` has the newest last."""
    return bool(history) and history[-1].day >= today - ANSWERED_LATELY[rhythm]


# What ---------------------------------------------------------------------------------------


def same_again(last: Checkin | None, goals: Iterable[Goal]) -> tuple[Item, ...]:
    """The last values once more, for the goals that still stand; without any there is nothing to repeat."""
    found = [item for goal in goals if last and (item := last.item(goal.id))]
    if not found:
        raise Refused("There is no earlier value to repeat yet. Please choose “Update” this once.")
    return tuple(replace(item, note="") for item in found)


def answered(
    checkin: Checkin, items: tuple[Item, ...], *, note: str, blocking: str, help_wanted: Sequence[str]
) -> Checkin:
    """The check-in with an answer from the form; what blocks makes it a blocked one."""
    must_be_changeable(checkin)
    kind = Kind.BLOCKED if blocking else Kind.UPDATE
    return replace(checkin, kind=kind, items=items, note=note, blocking=blocking, help_wanted=tuple(help_wanted))


def answered_same(checkin: Checkin, last: Checkin | None, goals: Iterable[Goal]) -> Checkin:
    """The check-in answered with the last values; a note written meanwhile stays."""
    must_be_changeable(checkin)
    return replace(checkin, kind=Kind.SAME, items=same_again(last, goals), blocking="", help_wanted=())


def must_be_changeable(checkin: Checkin) -> None:
    """Refuse to touch an answer that the manager has, or a check-in that a newer one has replaced."""
    if checkin.kind is Kind.MISSED:
        raise Refused("This check-in is closed. Type /cairn checkin for the present one.")
    if not checkin.changeable:
        raise Refused("Your manager has this answer already. Your next check-in can say what changed since.")


@dataclass(frozen=True)
class Turned:
    """A goal whose confidence is not what it was."""

    goal_id: str
    before: Confidence
    after: Confidence


def turned(checkin: Checkin, before: Checkin | None) -> tuple[Turned, ...]:
    """What turned since the check-in before, for better or worse."""
    pairs = [(old, item) for item in checkin.items if before and (old := before.item(item.goal_id))]
    return tuple(
        Turned(new.goal_id, old.confidence, new.confidence) for old, new in pairs if old.confidence != new.confidence
    )


MOST_POINTS = 8
"""How many check-ins back somebody sees."""


@dataclass(frozen=True)
class Trail:
    """What was said of one goal over time, in its unit, the newest last."""

    goal: Goal
    points: tuple[tuple[date, Decimal], ...]


def trails(goals: Iterable[Goal], history: Sequence[Checkin]) -> tuple[Trail, ...]:
    """The values of each goal that was told a number at least twice; `history` has the newest last."""
    told = [(goal, [(one.day, item.value) for one in history if (item := one.item(goal.id))]) for goal in goals]
    points = [(goal, [(day, value) for day, value in each if value is not None]) for goal, each in told]
    return tuple(Trail(goal, tuple(each[-MOST_POINTS:])) for goal, each in points if len(each) > 1)


def needs_attention(checkin: Checkin, before: Checkin | None) -> bool:
    """Whether a manager should look here first: somebody is blocked, wants help, or something got worse."""
    order = list(Confidence)
    worse = any(order.index(one.after) > order.index(one.before) for one in turned(checkin, before))
    return worse or bool(checkin.blocking) or bool(checkin.help_wanted)


def kind_question(history: Sequence[Checkin], checkin: Checkin) -> Sentence | None:
    """One question when nothing moved twice in a row or the same words came again; `history` is what came before.

    Words that were asked about before they were sent are not asked about again.
    """
    same = [*takewhile(lambda one: one.kind is Kind.SAME, reversed(history))]
    if checkin.kind is Kind.SAME and len(same) == 1:
        return sentence("Nothing moved twice in a row. Is something in the way, or is it just a quiet time?")
    if _repeats_itself(history, checkin) and not question_before_sending(history, checkin):
        return sentence("Your note reads like the one before. Is something in the way that help could move?")
    return None


def _repeats_itself(history: Sequence[Checkin], checkin: Checkin) -> bool:
    """Whether a note says the same as the notes before."""
    return bool(checkin.note) and repeats(checkin.note, _notes(history))


def question_before_sending(history: Sequence[Checkin], checkin: Checkin) -> Sentence | None:
    """What its author is asked about a note that says little; who wrote none is not asked."""
    written = [text for text in (checkin.note, checkin.blocking) if text]
    return effort_question(written, earlier=_notes(history)) if checkin.note else None


def _notes(history: Sequence[Checkin]) -> list[str]:
    """The notes, the newest first."""
    return [one.note for one in reversed(history) if one.note]


def check_comment(checkin: Checkin, words: str) -> None:
    """Refuse a comment on what the manager does not have, and one that says nothing."""
    if not checkin.answered or not checkin.told:
        raise Refused("There is no answer here that you could comment on.")
    if not words:
        raise Refused("Please write a few words", field="comment")


def ignored(checkins: Sequence[Checkin]) -> bool:
    """Whether the newest check-ins went unanswered so often that only a talk helps; the newest is last."""
    silent = takewhile(lambda one: not one.answered, reversed(checkins))
    return sum(1 for _ in silent) >= IGNORED


# A pause ------------------------------------------------------------------------------------

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def pause_until(typed: str, today: date) -> date:
    """Read the date until which nobody is to be asked: it has to come, and within a year."""
    bare = re.sub(r"^(until|till|to|到|至)\s*", "", typed.strip(), flags=re.IGNORECASE)
    found = _DATE.fullmatch(bare)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Refused("I cannot read this as a date. Please write it like this: 2027-02-01")
    return checked_pause(day, today)


def checked_pause(day: date, today: date) -> date:
    """The day until which nobody is to be asked, if it has yet to come, and does within a year."""
    if day <= today:
        raise Refused("{day} is not ahead of us. Please give a day to come.", day=day)
    if day - today > LONGEST_PAUSE:
        raise Refused("A pause lasts a year at most. For a longer absence, please ask HR.")
    return day
