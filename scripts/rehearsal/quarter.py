"""The quarter: from one interesting moment to the next, with everybody who has a reason to look."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter

from scripts.processes import LANTERN
from scripts.rehearsal.after import AFTERWARDS, HR, LAUNCH, RULES
from scripts.rehearsal.checks import Seen
from scripts.rehearsal.errands import Errand
from scripts.rehearsal.life import Life
from scripts.rehearsal.personas import Cast, Persona
from scripts.rehearsal.settling import Bot, Facts, next_due
from scripts.rehearsal.time_off import ERRANDS
from scripts.rehearsal.workspace import APP

VALUES_AT = datetime.fromisoformat("2027-04-06T10:00:00+08:00")
"""When Mei has the actual values together."""
LOOK_AT_HOME = frozenset({HR, "U01LI", "U01EMILY"})
"""Who opens Cairn's Home on the first Monday; from then on it is drawn whenever something of theirs changes."""
END = datetime.fromisoformat("2027-07-02T12:00:00+00:00")


@dataclass
class Quarter:
    """A quarter being lived."""

    life: Life
    bot: Bot
    people: Cast
    end: datetime = END
    messages: list[Seen] = field(default_factory=list)
    edits: int = 0
    moments: int = 0
    undone: list[str] = field(default_factory=list)
    """Errands that could not be run."""
    facts: Facts = field(default_factory=dict)
    """What the bot said of itself when it was last quiet."""
    _agenda: list[tuple[datetime, str]] = field(default_factory=list)
    _errands: list[tuple[datetime, Errand]] = field(default_factory=list)

    def lives(self) -> None:
        """From the first Monday until the next cycle has begun."""
        self._begins()
        while (moment := self._next()) < self.end:
            self.moments += 1
            now = self.life.workspace.wind(moment)
            self._follows(frozenset(), now)
            self._errands_are_run(now)
            self._people_look(now)

    def _begins(self) -> None:
        """Mei brings the people in and launches the quarter."""
        for person in self.people.values():
            opened = self.life.workspace.act(person.id, "open_messages", app=APP)
            person.dm = opened["answer"]["channel"]
        mei, now = self.people[HR], self.life.workspace.now
        self._drops(mei, "people.csv")
        for errand in (RULES, LAUNCH):
            self._runs(errand)
            self.life.looks(mei, self.life.sees(mei))
            self._follows(frozenset({mei.id}))
        for person in self.people.values():
            self._plans(person, person.first_look(now))
        for person_id in LOOK_AT_HOME:
            self.life.workspace.act(person_id, "open_home", app=APP)
        self._follows(LOOK_AT_HOME)
        self._plans(mei, VALUES_AT)
        errands = (*ERRANDS, *AFTERWARDS)
        moments = [(one.at.replace(tzinfo=self.people[one.person_id].zone), one) for one in errands]
        self._errands = sorted(moments, key=itemgetter(0))

    def _drops(self, person: Persona, name: str) -> None:
        self.life.drops(person, name, (LANTERN / name).read_bytes())
        self._follows(frozenset({person.id}))

    def _plans(self, person: Persona, at: datetime) -> None:
        if person.looks and (at, person.id) not in self._agenda:
            heapq.heappush(self._agenda, (at, person.id))

    def _next(self) -> datetime:
        due = next_due(self.facts)
        moments = [*([due] if due else []), *(planned[0][0] for planned in (self._agenda, self._errands) if planned)]
        return _full_minute(min(moments, default=END))

    def _errands_are_run(self, now: datetime) -> None:
        while self._errands and self._errands[0][0] <= now:
            self._runs(self._errands.pop(0)[1])

    def _runs(self, errand: Errand) -> None:
        if not self.life.does(self.people[errand.person_id], errand):
            self.undone.append(str(errand))
        self._follows(frozenset({errand.person_id}))

    def _people_look(self, now: datetime) -> None:
        """Everybody whose moment it is sees what is there, and then acts; what follows they see another time."""
        due: dict[str, datetime] = {}
        while self._agenda and self._agenda[0][0] <= now:
            at, person_id = heapq.heappop(self._agenda)
            due[person_id] = at
        if due.get(HR) == VALUES_AT:
            self._drops(self.people[HR], "actuals.csv")
        there = [self.people[person_id] for person_id in due if not self.people[person_id].is_away(now)]
        seen, acted = {person.id: self.life.sees(person) for person in there}, self.life.workspace.acted
        for person_id, at in due.items():
            self.life.looks(self.people[person_id], seen.get(person_id, []))
            self._on_monday(self.people[person_id], at)
        if self.life.workspace.acted > acted:
            self._follows(frozenset(person.id for person in there))

    def _on_monday(self, person: Persona, at: datetime) -> None:
        """On Mondays people mean to look again in a week, and may begin something by themselves."""
        if at == person.first_look(at - timedelta(days=7)):
            self._plans(person, person.first_look(at))
            if not person.is_away(at):
                self.life.begins(person)

    def _follows(self, during: frozenset[str], now: datetime | None = None) -> None:
        """Let the bot follow and take in what it wrote: who got something looks at it in their own time."""
        self.facts = self.bot.settles(now)
        news = self.life.workspace.news()
        self.edits += news.edits
        owners = {person.dm: person for person in self.people.values()}
        for post in news.posts:
            person = owners[post.channel]
            self.messages.append(Seen(post, person.id, person.zone, during))
            if person.looks:
                self._plans(person, person.next_look(post.at))


def _full_minute(at: datetime) -> datetime:
    """The next full minute: what comes due one after the other within it is done together."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)
