"""The people of the rehearsal: small, deterministic characters at their own hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from scripts.rehearsal.after import GIVEN
from scripts.rehearsal.habits import LEAVE, Choice, Decided
from scripts.rehearsal.hands import Hand
from scripts.rehearsal.time_off import EVERYBODYS

NOBODY_AT_HOME = "U01PAUL"
"""Hands in nothing: neither goals nor check-ins nor reviews."""

HOURS: Mapping[str, tuple[time, time]] = {
    "Asia/Shanghai": (time(10, 20), time(16, 20)),
    "Europe/Berlin": (time(10, 20), time(16, 20)),
    "America/New_York": (time(10, 20), time(14, 20)),
}
"""When people look at what Cairn wrote, in the morning and in the afternoon."""

OWN_WAYS: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "U01KAI": {"check in": {LEAVE: 1}},
    "U01DAVID": {"give feedback": {"peers.decline": 1}},
    "U01YANG": {"answer result": {"delivery.disagree_form": 1}},
    "U01MIN": {"answer result": {"delivery.seen_and_agree": 1}},
}
SLOW = {"U01MARCUS", "U01CHAO", "U01LIN", "U01PIERRE"}
"""Look two working days after everybody else."""
MISTAKES = {
    "U01MIN": {"weight"},
    "U01EMILY": {"weight"},
    "U01FAN": {"weight"},
    "U01LENA": {"empty"},
    "U01GRETA": {"empty"},
    "U01YA": {"empty"},
}
"""Mistakes that somebody makes once: a weight of 95, a number left out."""


@dataclass
class Persona:
    """One person in front of Slack."""

    id: str
    name: str
    email: str
    zone: ZoneInfo
    dm: str = ""
    own_ways: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    decided: Decided = field(default_factory=set)
    hand: Hand = field(default_factory=Hand)
    rng: Random = field(default_factory=Random)
    impulses: Random = field(default_factory=Random)
    """A chance of its own, so that a new impulse changes nothing else."""
    errand: tuple[Choice, ...] = ()
    """What they came for just now; it goes before every habit."""
    gone: bool = False

    @property
    def looks(self) -> bool:
        """Whether they ever look at Slack."""
        return self.id != NOBODY_AT_HOME and not self.gone

    def next_look(self, now: datetime) -> datetime:
        """When they will look at what has just arrived: today, or later if that is their way."""
        local = now.astimezone(self.zone)
        late = 2 if self.id in SLOW else self.rng.choices([0, 1], [0.85, 0.15])[0]
        morning, afternoon = HOURS[self.zone.key]
        at = self.rng.choices([morning, afternoon], [0.7, 0.3])[0]
        day = self._worked(local.date() + timedelta(days=late))
        moment = datetime.combine(day, at, self.zone)
        if moment <= local:
            moment = datetime.combine(day, afternoon, self.zone)
        if moment <= local:
            moment = datetime.combine(self._worked(day + timedelta(days=1)), morning, self.zone)
        return moment

    def is_away(self, now: datetime) -> bool:
        """Whether they do not look at Slack just now, since it is a day of their own; in a pause they do."""
        local = now.astimezone(self.zone)
        return self.gone or any(off.holds(self.id, local) for off in EVERYBODYS if not off.pause)

    def _worked(self, day: date) -> date:
        while day.weekday() >= 5 or self.is_away(datetime.combine(day, time(16), self.zone)):
            day += timedelta(days=1)
        return day

    def first_look(self, now: datetime) -> datetime:
        """Monday morning, when everybody has a look without being asked."""
        day = now.astimezone(self.zone).date()
        monday = day + timedelta(days=7 - day.weekday())
        return datetime.combine(monday, HOURS[self.zone.key][0], self.zone)


Cast = dict[str, Persona]


def cast(members: list[dict[str, Any]], places: Mapping[str, Mapping[str, str]], targets: Mapping[str, int]) -> Cast:
    """Everybody who works here: from Slack's list, people.csv by e-mail, and revenue targets by e-mail."""
    working = [one for one in members if one["email"] in places]
    ids = {one["email"]: one["id"] for one in working}
    people = {one["id"]: _persona(one, targets) for one in working}
    for one in people.values():
        one.hand.colleagues = _colleagues(one.email, ids, places)
        one.hand.company = [other for other in people if other != one.id]
    return people


def _colleagues(email: str, ids: Mapping[str, str], places: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Those of the same department; who leads it asks everybody. One's own manager is none."""
    mine = places[email]
    near = [other for other, place in places.items() if place["department"] == mine["department"]]
    others = near if len(near) > 2 else list(places)
    return [ids[other] for other in others if other not in {email, mine["manager_email"]}]


def _persona(member: dict[str, Any], targets: Mapping[str, int]) -> Persona:
    chinese = member["locale"].startswith("zh")
    rng = Random(f"rehearsal/{member['id']}")  # noqa: S311 - a character, not a secret
    mistakes = set(MISTAKES.get(member["id"], ()))
    hand = Hand(member["id"], rng, chinese, targets.get(member["email"]), mistakes, given=GIVEN.get(member["id"], {}))
    own = OWN_WAYS.get(member["id"], {})
    zone = ZoneInfo(member["tz"])
    impulses = Random(f"impulses/{member['id']}")  # noqa: S311 - the same
    return Persona(
        member["id"], member["name"], member["email"], zone, own_ways=own, hand=hand, rng=rng, impulses=impulses
    )
