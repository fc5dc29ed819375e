"""A department's template: what is measured, asked, coached and talked about there, in English and Chinese."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from bot.domain.measure import Direction
from bot.domain.refusal import N_

FORMAT = 1
GRADES = (1, 2, 3, 4, 5)
"""The levels of every rating, from weak to outstanding."""
PHASES = ("plan", "coach", "appraise", "feed_back")
COMPONENTS = ("goals", "competency", "peer", "internal_customer")
COMPONENT_NAMES: Mapping[str, str] = {
    "goals": N_("Goals"),
    "competency": N_("Competencies"),
    "peer": N_("Feedback from colleagues"),
    "internal_customer": N_("Feedback from departments served"),
}


class Category(StrEnum):
    """What kind of success a measure shows; a good set has several."""

    RESULT = "result"
    CUSTOMER = "customer"
    QUALITY = "quality"
    PROCESS = "process"
    LEARNING = "learning"


class Rhythm(StrEnum):
    """How often a department checks in."""

    WEEKLY = "weekly"
    TWO_WEEKS = "two_weeks"
    MONTHLY = "monthly"


class Day(StrEnum):
    """The weekday of the check-in."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"


class Group(StrEnum):
    """Who gives feedback, seen from the person it is about."""

    PEER = "peer"
    UPWARD = "upward"
    CROSS_DEPARTMENT = "cross_department"
    INTERNAL_CUSTOMER = "internal_customer"


@dataclass(frozen=True)
class Text:
    """The same words in both languages."""

    en: str
    zh: str

    def read(self, language: str) -> str:
        """Give the words in `en` or `zh`."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Mix:
    """What each component counts in the composite, in percent; together 100."""

    goals: int
    competency: int
    peer: int
    internal_customer: int


@dataclass(frozen=True)
class MilestoneDefault:
    """A milestone to start from, and its points of 100."""

    title: Text
    points: int


@dataclass(frozen=True)
class Level:
    """A level of a rubric: what it looks like, and the attainment in percent."""

    percent: int
    text: Text


@dataclass(frozen=True)
class Kpi:
    """A measure that a goal can be made of, with what is known before anyone agreed to a number.

    `weight` is percent, 0 on the shelf; percent values are written 20 with unit "%". `guard` names the measure that
    must not suffer. `leading` measures move early; `cumulative` ones add up over time and shrink with time served.
    The level of a rubric is chosen by the manager, or by colleagues of the group `judge` where enough of them do.
    """

    id: str
    title: Text
    measure: Text
    unit: Text
    direction: Direction
    category: Category
    source: Text
    cumulative: bool
    weight: int = 0
    leading: bool = False
    guard: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    stretch: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    tolerance: Decimal | None = None
    milestones: tuple[MilestoneDefault, ...] = ()
    levels: tuple[Level, ...] = ()
    judge: Group | None = None

    @property
    def in_percent(self) -> bool:
        """Whether values of this measure are percentages."""
        return self.unit.en == "%"


@dataclass(frozen=True)
class Anchored:
    """Something that is rated from 1 to 5, and what the levels look like in words."""

    id: str
    name: Text
    anchors: Mapping[int, Text]


@dataclass(frozen=True)
class Checkin:
    """When a department is asked how it is going, and what."""

    cadence: Rhythm
    weekday: Day
    questions: tuple[Text, ...]


@dataclass(frozen=True)
class Named:
    """A kind of support."""

    id: str
    name: Text


@dataclass(frozen=True)
class RaterGroup:
    """Who may give feedback, how many are needed and how many at most."""

    id: Group
    name: Text
    min: int
    max: int


@dataclass(frozen=True)
class Template:
    """All that a department brings to a cycle. `shelf` holds measures to choose beside the proposed set."""

    id: str
    version: int
    name: Text
    aliases: tuple[str, ...]
    mix: Mix
    kpis: tuple[Kpi, ...]
    shelf: tuple[Kpi, ...]
    competencies: tuple[Anchored, ...]
    checkin: Checkin
    coaching: tuple[Text, ...]
    support: tuple[Named, ...]
    raters: tuple[RaterGroup, ...]
    feedback: tuple[Anchored, ...]
    guide: Mapping[str, tuple[Text, ...]]

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of what the template says, independent of the order of keys and of how numbers are written."""
        said = json.dumps(_plain(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    def serves(self, department: str) -> bool:
        """Whether a department by this name, in either language, uses this template."""
        names = {self.name.en, self.name.zh, *self.aliases}
        return department.strip().casefold() in {name.casefold() for name in names}

    def kpi(self, kpi_id: str) -> Kpi | None:
        """Find a measure by its id, proposed or on the shelf."""
        return next((each for each in (*self.kpis, *self.shelf) if each.id == kpi_id), None)


def _plain(value: object) -> object:
    if is_dataclass(value):
        said = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: _plain(each) for name, each in said.items() if name != "judge" or each}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
