"""The quarter: from one interesting moment to the next, with everybody who has a reason to look."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scripts.processes import LANTERN
from scripts.rehearsal.checks import Seen
from scripts.rehearsal.life import Life
from scripts.rehearsal.personas import HR, Persona
from scripts.rehearsal.settling import next_due
from scripts.rehearsal.workspace import APP

DEPARTMENTS = ["Sales", "R&D", "Logistics"]
VALUES_AT = datetime.fromisoformat("2027-04-06T10:00:00+08:00")
"""When Mei has the actual values together."""
END = datetime.fromisoformat("2027-05-07T12:00:00+00:00")
MOMENT = timedelta(seconds=1)


@dataclass
class Quarter:
    """A quarter being lived."""

    life: Life
    people: dict[str, Persona]
    messages: list[Seen] = field(default_factory=list)
    edits: int = 0
    moments: int = 0
    _agenda: list[tuple[datetime, str]] = field(default_factory=list)

    def lives(self) -> None:
        """From the first Monday until every result is talked about."""
        self._begins()
        due = self._follows(None)
        while (moment := self._next(due)) < END:
            self.moments += 1
            now = self.life.workspace.wind(max(moment, self.life.workspace.now() + MOMENT))
            due = next_due(self.life.bot.settles(now))
            self._follows(None)
            due = self._people_look(now) or due

    def _begins(self) -> None:
        """Mei brings the people in and launches the quarter."""
        for person in self.people.values():
            opened = self.life.workspace.act(person.id, "open_messages", app=APP)
            person.dm = opened["answer"]["channel"]
        self._drops(self.people[HR], "people.csv")
        mei = self.people[HR]
        mei.hand.given = {"departments": DEPARTMENTS}
        self.life.workspace.act(mei.id, "command", channel=mei.dm, text="/cairn cycle")
        self.life.finishes(mei, "cycle.begin")
        mei.hand.given = {}
        now = self.life.workspace.now()
        for person in self.people.values():
            self._plans(person, person.first_look(now))
        self._plans(mei, VALUES_AT)

    def _drops(self, person: Persona, name: str) -> None:
        self.life.workspace.drop(person.id, person.dm, name, (LANTERN / name).read_bytes())
        self.life.bot.settles()
        self.life.looks(person)

    def _plans(self, person: Persona, at: datetime) -> None:
        if person.looks and (at, person.id) not in self._agenda:
            heapq.heappush(self._agenda, (at, person.id))

    def _next(self, due: datetime | None) -> datetime:
        moments = [*([due] if due else []), *([self._agenda[0][0]] if self._agenda else [])]
        return min(moments, default=END)

    def _people_look(self, now: datetime) -> datetime | None:
        """Everybody whose moment it is looks at Slack; returns when the bot is due next, if anybody did."""
        looked = False
        while self._agenda and self._agenda[0][0] <= now:
            at, person_id = heapq.heappop(self._agenda)
            person, looked = self.people[person_id], True
            if at == VALUES_AT:
                self._drops(person, "actuals.csv")
            self.life.looks(person)
            self._follows(person_id)
            if at.astimezone(person.zone).weekday() == 0:
                self._plans(person, person.first_look(now))
        return next_due(self.life.bot.settles()) if looked else None

    def _follows(self, during: str | None) -> datetime | None:
        """Take in what Cairn wrote meanwhile: who got something looks at it in their own time."""
        news = self.life.workspace.news()
        self.edits += news.edits
        owners = {person.dm: person for person in self.people.values()}
        for post in news.posts:
            person = owners[post.channel]
            self.messages.append(Seen(post, person.id, person.zone, during))
            if person.id != during:
                self._plans(person, person.next_look(post.at))
        return next_due(self.life.bot.settles())
