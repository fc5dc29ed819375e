"""The flow itself, who may hold a talk with whom, and the facts that window and cards are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from bot.domain.access import Act, may
from bot.domain.cadence import instant
from bot.domain.checkin import Turned, turned
from bot.domain.evidence import Evidence
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.support import Support, those_in
from bot.domain.talk import LONG_AGO, Entry, Kind, Terms, next_talk
from bot.slack.flow import Flow, Turn
from bot.store import checkins, cycles, evidence, goals, one_on_ones, people, reporting, support, talks
from bot.store.one_on_ones import Pair
from bot.store.talks import TalkPoint

flow = Flow("talks")


@dataclass(frozen=True)
class Progress:
    """What the last check-in says that this manager was told: what turned since the one before, what is in the way."""

    day: date
    turns: tuple[tuple[str, Turned], ...]
    blocking: str


@dataclass(frozen=True)
class Talk:
    """Everything that one of the two sees. `own` are the manager's points for themself; an employee has none here."""

    pair: Pair
    reader: Person
    other: Person
    terms: Terms
    next_on: date | None
    written: Sequence[Entry]
    own: Sequence[TalkPoint]
    progress: Progress | None
    requests: Sequence[Support]
    said: Sequence[Evidence]
    named: Mapping[str, Person]
    today: date

    @property
    def points(self) -> list[Entry]:
        """What waits to be talked about, and both read."""
        return [one for one in self.written if one.kind is Kind.POINT and one.done_at is None]

    @property
    def items(self) -> list[Entry]:
        """The action items that are open, then those done since the last talk."""
        since, zone = self.terms.last_on, ZoneInfo(self.reader.tz)
        mine = [one for one in self.written if one.kind is Kind.ITEM]
        done = [one for one in mine if one.done_at and (not since or one.done_at.astimezone(zone).date() >= since)]
        return [*(one for one in mine if one.done_at is None), *done]

    def notes(self, *kinds: Kind) -> list[Entry]:
        """The notes of these kinds, the newest first."""
        return [one for one in reversed(self.written) if one.kind in kinds]


def pair_of(turn: Turn, other_id: str) -> Pair:
    """This person and the other as manager and employee of today; two others are refused."""
    if pair := pair_today(turn, turn.person, other_id):
        return pair
    raise Refused(
        "One-on-ones here are between somebody and their manager. Please name your manager, or somebody who "
        "reports to you, like this: /cairn talk @name"
    )


def pair_today(turn: Turn, reader: Person, other_id: str) -> Pair | None:
    """The two as manager and employee, if they are that today."""
    other = people.get(turn.session, other_id)
    if other is None or not other.takes_part or other_id == reader.id:
        return None
    if may(reporting.roles_toward(turn.session, reader.id, other_id, turn.today), Act.HOLD_TALK):
        return Pair(reader.id, other_id)
    leads = may(reporting.roles_toward(turn.session, other_id, reader.id, turn.today), Act.HOLD_TALK)
    return Pair(other_id, reader.id) if leads else None


def partners(turn: Turn) -> list[Person]:
    """Whom this person has one-on-ones with: their manager, and who reports to them."""
    above = people.manager_of(turn.session, turn.person.id, turn.today)
    reports = people.reports_of(turn.session, turn.person.id, turn.today)
    return [*([above] if above and above.takes_part else []), *reports]


def talk_of(turn: Turn, pair: Pair, reader: Person) -> Talk:
    """Gather what one of the two sees."""
    session, person_id = turn.session, pair.person_id
    terms = one_on_ones.terms(session, pair)
    following = next_talk(terms, turn.now, reader.tz, turn.workdays(reader))
    today = today_of(turn, reader)
    since = instant(terms.last_on or today - LONG_AGO, time(), reader.tz)
    requests = [one for one in support.of_people(session, [person_id]) if one.open]
    manages = reader.id == pair.manager_id
    named = people.named(session, {pair.manager_id, person_id, *those_in(requests)})
    said = evidence.for_review(session, person_id, pair.manager_id, since)
    return Talk(
        pair,
        reader,
        named[person_id if manages else pair.manager_id],
        terms,
        following.local_date if following else None,
        one_on_ones.entries(session, pair, reader.id),
        talks.waiting(session, reader.id, [person_id]).get(person_id, []) if manages else [],
        _progress(turn, pair),
        requests,
        said,
        {**named, **people.named(session, {one.author_id for one in said})},
        today,
    )


def today_of(turn: Turn, reader: Person) -> date:
    """The date where a reader is, whoever's turn it is."""
    return turn.now.astimezone(ZoneInfo(reader.tz)).date()


def _progress(turn: Turn, pair: Pair) -> Progress | None:
    """What was told to a manager before stays with them."""
    cycle = cycles.current_for(turn.session, pair.person_id, turn.today)
    every = checkins.history(turn.session, cycle.id, pair.person_id) if cycle else []
    told = [one for one in every if one.told and one.manager_id == pair.manager_id]
    if not told or cycle is None:
        return None
    titles = {goal.id: goal.title for goal in goals.agreed_goals(turn.session, cycle.id, pair.person_id)}
    found = turned(told[-1], told[-2] if len(told) > 1 else None)
    turns = tuple((titles[one.goal_id], one) for one in found if one.goal_id in titles)
    return Progress(told[-1].day, turns, told[-1].blocking)
