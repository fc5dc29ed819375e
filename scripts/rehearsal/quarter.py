"""The quarter: from one interesting moment to the next, with everybody who has a reason to look."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter

from scripts.processes import LANTERN
from scripts.rehearsal.checks import Seen
from scripts.rehearsal.life import Life
from scripts.rehearsal.personas import HR, Cast, Persona
from scripts.rehearsal.settling import Bot, Facts, next_due
from scripts.rehearsal.time_off import ERRANDS, Errand
from scripts.rehearsal.workspace import APP

DEPARTMENTS = {"Sales": 1, "R&D": 2, "Logistics": 1}
"""Who takes part, with the weeks from one check-in to the next."""
VALUES_AT = datetime.fromisoformat("2027-04-06T10:00:00+08:00")
"""When Mei has the actual values together."""
END = datetime.fromisoformat("2027-05-07T12:00:00+00:00")


@dataclass
class Quarter:
    """A quarter being lived."""

    life: Life
    bot: Bot
    people: Cast
    messages: list[Seen] = field(default_factory=list)
    edits: int = 0
    moments: int = 0
    errands: int = 0
    """How many were run."""
    facts: Facts = field(default_factory=dict)
    """What the bot said of itself when it was last quiet."""
    _agenda: list[tuple[datetime, str]] = field(default_factory=list)
    _errands: list[tuple[datetime, Errand]] = field(default_factory=list)

    def lives(self) -> None:
        """From the first Monday until every result is talked about."""
        self._begins()
        while (moment := self._next()) < END:
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
        mei.hand.given = {"departments": list(DEPARTMENTS)}
        self.life.workspace.act(mei.id, "command", channel=mei.dm, text="/cairn cycle")
        self.life.finishes(mei, "cycle.begin")
        mei.hand.given = {}
        self._follows(frozenset({mei.id}))
        for person in self.people.values():
            self._plans(person, person.first_look(now))
        self._plans(mei, VALUES_AT)
        moments = [(one.at.replace(tzinfo=self.people[one.person_id].zone), one) for one in ERRANDS]
        self._errands = sorted(moments, key=itemgetter(0))

    def _drops(self, person: Persona, name: str) -> None:
        self.life.workspace.drop(person.id, person.dm, name, (LANTERN / name).read_bytes())
        self._follows(frozenset({person.id}))
        self.life.looks(person, self.life.sees(person))
        self._follows(frozenset({person.id}))

    def _plans(self, person: Persona, at: datetime) -> None:
        if person.looks and (at, person.id) not in self._agenda:
            heapq.heappush(self._agenda, (at, person.id))

    def _next(self) -> datetime:
        due = next_due(self.facts)
        moments = [*([due] if due else []), *(planned[0][0] for planned in (self._agenda, self._errands) if planned)]
        return min(moments, default=END)

    def _errands_are_run(self, now: datetime) -> None:
        while self._errands and self._errands[0][0] <= now:
            _, errand = self._errands.pop(0)
            self.errands += self.life.does(self.people[errand.person_id], errand)
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
        seen = {person.id: self.life.sees(person) for person in there}
        for person_id, at in due.items():
            self.life.looks(self.people[person_id], seen.get(person_id, []))
            self._on_monday(self.people[person_id], at)
        if there:
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
            self._plans(person, person.next_look(post.at))
