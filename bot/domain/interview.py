"""The talk about a result: when it is due, what both prepare apart, where they differ, and what it has to leave.

Days are working days of whoever they concern: `works` says which are.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.domain.cadence import IsWorkday, add_working_days
from bot.domain.goal import Goal
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.template import Template

WITHIN = 5
"""Working days of the manager, from the release, in which the talk takes place."""
ANSWERED_WITHIN, AFTER_THE_TALK = 10, 5
"""Working days in which somebody answers: from the first look at the result, and again from the talk."""
SHOWN_AFTER = 10
"""Working days after which a result that waits for the talk is shown without one."""
NUDGES = (1, 3)
"""Working days after the due day on which the manager is reminded of a talk; behind the last one HR sees a count."""
FOLLOW_UPS = (30, 60)
"""Days after the talk on which both look at what they agreed."""
MATTERS_FOR = timedelta(days=90)
"""So long after the release a talk that did not come about is asked for."""
MOST = 3
LONGEST, LONGEST_MINUTES = 600, 2500


Problems = dict[str, Sentence]
"""What is missing or wrong, by field."""


class Side(StrEnum):
    """Who prepares."""

    PERSON = "person"
    MANAGER = "manager"

    @property
    def other(self) -> "Side":
        """The other one."""
        return Side.MANAGER if self is Side.PERSON else Side.PERSON


class Cause(StrEnum):
    """Why a goal was missed."""

    MARKET = "market"
    TARGET = "target"
    RESOURCES = "resources"
    DEPENDENCY = "dependency"
    PROCESS = "process"
    SKILL = "skill"
    EFFORT = "effort"
    DATA = "data"


CAUSES: Mapping[Cause, str] = {
    Cause.MARKET: N_("The market or the customer"),
    Cause.TARGET: N_("The target was set wrong"),
    Cause.RESOURCES: N_("Time, people or money"),
    Cause.DEPENDENCY: N_("It depended on others"),
    Cause.PROCESS: N_("The way we work"),
    Cause.SKILL: N_("Something still to learn"),
    Cause.EFFORT: N_("Not enough went into it"),
    Cause.DATA: N_("The number is not right"),
}

AGENDA: Sequence[tuple[int, str]] = (
    (5, N_("What the talk is for, and that it ends with what you both do next")),
    (10, N_("The employee begins: how the time was")),
    (20, N_("Results beside goals, one by one")),
    (5, N_("Two strengths: when, what was done, what came of it")),
    (10, N_("One or two gaps, and what was behind them")),
    (5, N_("One to three actions: who, by when, with what support")),
    (3, N_("What the employee would like to learn or do")),
    (2, N_("Each says in a sentence what was agreed")),
)
"""The parts of the talk with their minutes."""
LASTS = timedelta(minutes=sum(minutes for minutes, _ in AGENDA))


@dataclass(frozen=True)
class Interview:
    """One talk. `took` is how many working days of the manager it took to come; `marked_at` when it was noted.

    `begins_at` is its moment on the planned day, if one was chosen; `moves` how often a
    day was, or who holds it on a chosen day became another. `person_asked_on` and
    `manager_asked_on` are the days whose cards ask the two to look back on it; none once they have.

    `manager_id` holds or held it; `led_by` leads the person, as far as everybody around it was told; `minutes_by` wrote
    the minutes, sent or not.
    """

    cycle_id: str
    person_id: str
    manager_id: str
    released_on: date
    due_on: date
    planned_on: date
    held_on: date | None = None
    marked_at: datetime | None = None
    took: int | None = None
    minutes: str = field(default="", repr=False)
    gaps: tuple[str, ...] = ()
    posted_at: datetime | None = None
    comment: str = field(default="", repr=False)
    seen_at: datetime | None = None
    begins_at: datetime | None = None
    moves: int = 0
    person_asked_on: date | None = None
    manager_asked_on: date | None = None
    led_by: str = ""
    minutes_by: str = ""

    def asked_on(self, reader_id: str) -> date | None:
        """The day whose card asks one of the two to look back on it."""
        return self.person_asked_on if reader_id == self.person_id else self.manager_asked_on

    @property
    def known_lead(self) -> str:
        """Who leads the person, as far as everybody around it was told; empty while that is nobody."""
        return self.led_by or self.manager_id

    @property
    def is_set(self) -> bool:
        """Whether its day was chosen; until then there is only a last one."""
        return self.moves > 0 or self.planned_on != self.due_on

    def on(self, tz: tzinfo) -> date:
        """Its day where somebody is: that of its moment there, if one was chosen."""
        return self.begins_at.astimezone(tz).date() if self.begins_at else self.planned_on


@dataclass(frozen=True)
class Prepared:
    """What one side sees. Strengths and gaps are topics; `causes` are by the id of a missed goal."""

    side: Side
    author_id: str
    strengths: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    causes: Mapping[str, tuple[Cause, ...]] = field(default_factory=dict)
    examples: str = field(default="", repr=False)
    wish: str = field(default="", repr=False)


class Seen(StrEnum):
    """How two people see one topic."""

    OPPOSED = "opposed"
    ONE_GAP = "one_gap"
    CAUSES = "causes"


@dataclass(frozen=True)
class Difference:
    """A topic that two people see differently; `gap_of` names who sees the gap."""

    seen: Seen
    topic: str
    gap_of: Side | None = None
    causes: Mapping[Side, tuple[Cause, ...]] = field(default_factory=dict)


def goal_topic(goal_id: str) -> str:
    """A goal as a topic."""
    return f"goal:{goal_id}"


def skill_topic(competency_id: str) -> str:
    """A competency as a topic."""
    return f"skill:{competency_id}"


def topics_of(agreed: Iterable[Goal], template: Template | None, language: str) -> dict[str, str]:
    """What there is to talk about, by topic: the agreed goals, and the competencies of the template by their names."""
    skills = template.competencies if template else ()
    by_goal = {goal_topic(one.id): one.title for one in agreed}
    return by_goal | {skill_topic(one.id): one.name.read(language) for one in skills}


def due_on(released_on: date, works: IsWorkday) -> date:
    """The last day on which the talk is in time, by the manager's calendar."""
    return add_working_days(released_on, WITHIN, works)


# What both prepare ------------------------------------------------------------------------


def check_prepared(prepared: Prepared, topics: Collection[str], missed: Collection[str]) -> None:
    """Refuse what names too much, the same thing twice, or no cause for a missed goal."""
    for name, chosen in (("strengths", prepared.strengths), ("gaps", prepared.gaps)):
        if not set(chosen) <= set(topics):
            raise Refused("Please choose one of these.", field=name)
        if len(chosen) > MOST:
            raise Refused("Please choose the three that matter most.", field=name)
    if not prepared.strengths:
        raise Refused("Please choose at least one: everybody does something well.", field="strengths")
    if set(prepared.strengths) & set(prepared.gaps):
        raise Refused("This stands among the strengths already. Which is it more?", field="gaps")
    for n, goal_id in enumerate(missed):
        if not prepared.causes.get(goal_id):
            raise Refused("What was behind it? Please choose at least one.", field=cause_field(n))


def cause_field(n: int) -> str:
    """The input for the causes of the nth missed goal."""
    return f"cause_{n}"


def open_to_both(sent: int, planned_on: date, today: date, works: IsWorkday) -> bool:
    """Whether both may read what the other wrote: both have sent, or it is the working day before the talk."""
    return sent == len(Side) or today >= add_working_days(planned_on, -1, works)


def differences(both: Mapping[Side, Prepared]) -> list[Difference]:
    """What two people see differently: the most telling first. Nothing while one has not said anything."""
    if len(both) < len(Side):
        return []
    person, manager = both[Side.PERSON], both[Side.MANAGER]
    opposed = [
        Difference(Seen.OPPOSED, topic, side)
        for side, other in ((Side.MANAGER, person), (Side.PERSON, manager))
        for topic in both[side].gaps
        if topic in other.strengths
    ]
    goals = [*person.causes, *(one for one in manager.causes if one not in person.causes)]
    causes = [
        Difference(Seen.CAUSES, goal_topic(one), causes={side: each.causes.get(one, ()) for side, each in both.items()})
        for one in goals
        if set(person.causes.get(one, ())) != set(manager.causes.get(one, ()))
    ]
    told = {one.topic for one in opposed}
    one_gap = [
        Difference(Seen.ONE_GAP, topic, side)
        for side in (Side.MANAGER, Side.PERSON)
        for topic in both[side].gaps
        if topic not in both[side.other].gaps and topic not in told
    ]
    return [*opposed, *causes, *one_gap]


def gaps_of(both: Mapping[Side, Prepared]) -> list[str]:
    """The gaps that either names, those that both name first."""
    named = [topic for one in both.values() for topic in one.gaps]
    return sorted(dict.fromkeys(named), key=lambda topic: -named.count(topic))


# What the talk leaves ---------------------------------------------------------------------


def lacking(minutes: str, gaps: Sequence[str], named: Collection[str], acted_on: Collection[str]) -> Problems:
    """What minutes lack: words, a gap to work on, something that somebody does about each gap.

    `named` are the gaps that either of the two prepared, `acted_on` those that an action is for.
    """
    found: Problems = {} if minutes else {"minutes": sentence("Please write a few words")}
    if len(gaps) > MOST:
        found["gaps"] = sentence("Please choose the three that matter most.")
    elif named and not gaps:
        found["gaps"] = sentence("Please choose at least one that you two want to work on.")
    elif set(gaps) - set(acted_on):
        found["gaps"] = sentence("Each gap needs an action first: who does what, by when. Your text is kept.")
    return found


def check_held(day: date | None, released_on: date, today: date) -> date:
    """The day on which they talked: from the release to today."""
    if day is None:
        raise Refused("Please choose a day", field="day")
    if not released_on <= day <= today:
        raise Refused("Please choose a day from {first} to {last}.", field="day", first=released_on, last=today)
    return day


def is_late(interview: Interview, today: date) -> bool:
    """Whether the talk should have been by now."""
    return interview.held_on is None and today > interview.due_on


def follow_up_on(held_on: date, days: int) -> date:
    """The day of a look back."""
    return held_on + timedelta(days=days)


# What a talk opens ------------------------------------------------------------------------


@dataclass(frozen=True)
class Waits:
    """What says whether a result may be seen by its person: `at_talk` is the company's choice, `with_whom` may fail."""

    at_talk: bool
    opened: bool
    with_whom: bool
    held_on: date | None
    released_on: date


def may_see(waits: Waits, today: date, works: IsWorkday) -> bool:
    """Whether somebody may see their own released result now.

    What was seen stays seen; where nobody is there to talk, nobody is waited for; nor for longer than ten working days.
    """
    if not waits.at_talk or waits.opened or not waits.with_whom or waits.held_on is not None:
        return True
    return today >= shown_from(waits.released_on, works)


def shown_from(released_on: date, works: IsWorkday) -> date:
    """The day on which a result is shown without the talk."""
    return add_working_days(released_on, SHOWN_AFTER, works)


def answer_until(opened_on: date, held_on: date | None, works: IsWorkday) -> date:
    """The last day on which somebody says whether they agree; the talk, if it was later, gives a few days more."""
    first = add_working_days(opened_on, ANSWERED_WITHIN, works)
    return max(first, add_working_days(held_on, AFTER_THE_TALK, works)) if held_on else first


def may_answer(answered_at: datetime | None, marked_at: datetime | None, today: date, until: date) -> bool:
    """Whether an answer is taken: the first one, and one more after the talk, up to the last day."""
    anew = answered_at is None or (marked_at is not None and answered_at < marked_at)
    return anew and today <= until
