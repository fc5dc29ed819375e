"""The quarter: from one interesting moment to the next, with everybody who has a reason to look."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scripts.processes import LANTERN
from scripts.rehearsal.checks import Seen
from scripts.rehearsal.life import Life
from scripts.rehearsal.personas import HR, Cast, Persona
from scripts.rehearsal.settling import Bot, Facts, next_due
from scripts.rehearsal.workspace import APP

DEPARTMENTS = ["Sales", "R&D", "Logistics"]
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
    facts: Facts = field(default_factory=dict)
    """What the bot said of itself when it was last quiet."""
    _agenda: list[tuple[datetime, str]] = field(default_factory=list)

    def lives(self) -> None:
        """From the first Monday until every result is talked about."""
        self._begins()
        while (moment := self._next()) < END:
            self.moments += 1
            now = self.life.workspace.wind(moment)
            self._follows(None, now)
            while self._agenda and self._agenda[0][0] <= now:
                self._looks(*heapq.heappop(self._agenda))

    def _begins(self) -> None:
        """Mei brings the people in and launches the quarter."""
        for person in self.people.values():
            opened = self.life.workspace.act(person.id, "open_messages", app=APP)
            person.dm = opened["answer"]["channel"]
        mei, now = self.people[HR], self.life.workspace.now
        self._drops(mei, "people.csv")
        mei.hand.given = {"departments": DEPARTMENTS}
        self.life.workspace.act(mei.id, "command", channel=mei.dm, text="/cairn cycle")
        self.life.finishes(mei, "cycle.begin")
        mei.hand.given = {}
        self._follows(mei.id)
        for person in self.people.values():
            self._plans(person, person.first_look(now))
        self._plans(mei, VALUES_AT)

    def _drops(self, person: Persona, name: str) -> None:
        self.life.workspace.drop(person.id, person.dm, name, (LANTERN / name).read_bytes())
        self._follows(person.id)
        self.life.looks(person)
        self._follows(person.id)

    def _plans(self, person: Persona, at: datetime) -> None:
        if person.looks and (at, person.id) not in self._agenda:
            heapq.heappush(self._agenda, (at, person.id))

    def _next(self) -> datetime:
        due = next_due(self.facts)
        moments = [*([due] if due else []), *([self._agenda[0][0]] if self._agenda else [])]
        return min(moments, default=END)

    def _looks(self, at: datetime, person_id: str) -> None:
        """Somebody looks at Slack; on Mondays they mean to do so again in a week."""
        person = self.people[person_id]
        if at == VALUES_AT:
            self._drops(person, "actuals.csv")
        self.life.looks(person)
        self._follows(person_id)
        if at == person.first_look(at - timedelta(days=7)):
            self._plans(person, person.first_look(at))

    def _follows(self, during: str | None, now: datetime | None = None) -> None:
        """Let the bot follow and take in what it wrote: who got something looks at it in their own time."""
        self.facts = self.bot.settles(now)
        news = self.life.workspace.news()
        self.edits += news.edits
        owners = {person.dm: person for person in self.people.values()}
        for post in news.posts:
            person = owners[post.channel]
            self.messages.append(Seen(post, person.id, person.zone, during))
            if person.id != during:
                self._plans(person, person.next_look(post.at))
