"""What must be true of everything that Cairn said: nothing twice, nothing at a wrong hour, no week with too much."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from scripts.rehearsal.kept import Kept
from scripts.rehearsal.reading import steps_of
from scripts.rehearsal.time_off import Calendar
from scripts.rehearsal.workspace import Post

OPENS, CLOSES = time(9), time(18)
"""The hours in which an unrequested message may come."""
LATE = timedelta(minutes=5)
"""How much later than its moment a prompt may stand in Slack."""
GATHERING, DIGEST = "attention", "checkins/digest"
"""Kinds of messages: what gathers the rest of a week, a round of check-ins."""
HANDED_OVER = "suggestions.look"
"""On the one card that bears no identity: it leads to a sealed suggestion, and nothing of it is kept."""


@dataclass(frozen=True)
class Seen:
    """A message, whose it is, where they are, and who was doing something when it came: nobody, if time brought it."""

    post: Post
    person_id: str
    zone: ZoneInfo
    during: frozenset[str] = frozenset()
    kept: Kept = field(default_factory=Kept)

    @property
    def local(self) -> datetime:
        """When it came, on its reader's own clock."""
        return self.post.at.astimezone(self.zone)

    @property
    def unrequested(self) -> bool:
        """Whether its reader was doing nothing just then."""
        return self.person_id not in self.during

    @property
    def counts(self) -> bool:
        """Whether it took one of its reader's places of the week: said unasked, and not brought out by them later."""
        if self.kept.asked_at is None:
            return self.kept.kind == GATHERING
        return self.unrequested or self.post.at - self.kept.asked_at <= LATE

    def __str__(self) -> str:
        return f"{self.person_id} {self.local:%a %Y-%m-%d %H:%M} {self.kept.kind}: {self.post.text}"


@dataclass(frozen=True)
class Prompt:
    """A kind of prompt: the step that its button runs, and the wall time at which it has to come."""

    name: str
    step: str
    at: time
    day: date | None = None
    """The only day on which it may come, for who was there from the start; None for any."""


def duplicates(seen: Iterable[Seen]) -> list[str]:
    """Messages that stand there twice: the same identity, or the same words and buttons for one person on one day."""
    by_identity = Counter(one.post.opaque for one in seen if one.post.opaque)
    by_content: defaultdict[tuple[str, date, str], list[Seen]] = defaultdict(list)
    for one in seen:
        by_content[one.person_id, one.local.date(), f"{one.post.text}{one.post.blocks}"].append(one)
    twice = [str(group[1]) for group in by_content.values() if len(group) > 1]
    return twice + [f"identity {opaque} {n} times" for opaque, n in by_identity.items() if n > 1]


def without_identity(seen: Iterable[Seen]) -> list[str]:
    """Messages that could not be found again after a crash."""
    return [str(one) for one in seen if not one.post.opaque and HANDED_OVER not in steps_of(one.post.blocks)]


def at_wrong_hours(seen: Iterable[Seen], calendar: Calendar, asks_nothing: Container[str] = ()) -> list[str]:
    """Unrequested messages outside somebody's working hours; kinds that ask for nothing come in a pause as well."""
    return [str(one) for one in seen if one.unrequested and not _civil(one, calendar, asks_nothing)]


def _civil(one: Seen, calendar: Calendar, asks_nothing: Container[str]) -> bool:
    asked = one.kept.kind not in asks_nothing
    return OPENS <= one.local.time() < CLOSES and calendar.works(one.person_id, one.local, asked=asked)


def prompted(seen: Iterable[Seen], prompt: Prompt) -> dict[str, list[Seen]]:
    """By person, the first messages of this kind: those that time alone brought."""
    found: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        if not one.during and prompt.step in steps_of(one.post.blocks):
            found[one.person_id].append(one)
    return dict(found)


def wrongly_timed(seen: Iterable[Seen], prompt: Prompt) -> list[str]:
    """Prompts that came at another wall time than they should."""
    return [str(one) for group in prompted(seen, prompt).values() for one in group if not _in_time(one, prompt)]


def _in_time(one: Seen, prompt: Prompt) -> bool:
    moment = datetime.combine(one.local.date(), prompt.at, one.zone)
    on_the_day = prompt.day is None or one.local.date() == prompt.day
    return on_the_day and timedelta(0) <= one.local - moment <= LATE


def not_once_a_day(seen: Iterable[Seen], prompt: Prompt) -> list[str]:
    """Prompts of one kind that came twice on one day of one person."""
    days = Counter((person, one.local.date()) for person, group in prompted(seen, prompt).items() for one in group)
    return [f"{person} on {day}: {n} times" for (person, day), n in days.items() if n > 1]


def missing(seen: Iterable[Seen], prompt: Prompt, expected: Iterable[str]) -> list[str]:
    """Those who should have had this prompt and had none."""
    return sorted(set(expected) - prompted(seen, prompt).keys())


def not_asked_again(
    seen: Iterable[Seen], prompt: Prompt, weeks: Mapping[str, int], until: date, calendar: Calendar
) -> list[str]:
    """Who had none of these prompts for more than two rhythms of so many `weeks`, counted in their own working days.

    From their first one until a day. Days off, leave and pauses are no working days; what was given back of them is.
    """
    asked: defaultdict[tuple[str, ZoneInfo], set[date]] = defaultdict(set)
    for one in seen:
        if prompt.step in steps_of(one.post.blocks):
            asked[one.person_id, one.zone].add(one.local.date())
    return [
        f"{person_id} from {last} to {following}: {days} working days"
        for (person_id, zone), dates in sorted(asked.items(), key=str)
        for last, following in pairwise(sorted(dates | {until}))
        if (days := calendar.days_between(person_id, zone, last, following)) > 2 * 5 * weeks[person_id]
    ]


def a_week(seen: Iterable[Seen]) -> Mapping[tuple[str, str], int]:
    """How many messages that count each person had in each week of theirs."""
    return Counter((one.person_id, f"{one.local:%G-W%V}") for one in seen if one.counts)


def over_budget(seen: Iterable[Seen], most: int) -> list[str]:
    """The weeks in which somebody had more than `most` messages that count."""
    weeks = sorted(a_week(seen).items())
    return [f"{person_id} in {week}: {count} messages" for (person_id, week), count in weeks if count > most]


def uncounted(seen: Iterable[Seen], free: Container[str]) -> list[str]:
    """What time alone brought, and what counts nowhere though it is of no kind that may come `free`."""
    return [str(one) for one in seen if not one.during and not one.counts and one.kept.kind not in free]


def twice_in_a_morning(seen: Iterable[Seen]) -> list[str]:
    """Digests that were not the only one of their reader's day."""
    days = Counter((one.person_id, one.local.date()) for one in seen if one.kept.kind == DIGEST and one.counts)
    return [f"{person} on {day}: {n} digests" for (person, day), n in days.items() if n > 1]
