"""A goal as two people agreed on it, and the sheet of all goals a person has in a cycle."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.domain.measure import Anchor, Direction, Measure, Milestone


@dataclass(frozen=True)
class Goal:
    """One goal. Numbers are in `unit` (a percentage is 20 with unit "%"); `weight` is percent of the sheet.

    `kpi` is the id of the template's measure it was made of (empty: the person's own); `odds` is how likely the
    person thinks they will make it, 0 to 10.
    """

    id: str
    title: str
    measure: str
    unit: str
    direction: Direction
    weight: Decimal
    due: date | None
    target: Decimal | None = None
    baseline: Decimal | None = None
    stretch: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    tolerance: Decimal | None = None
    milestones: tuple[Milestone, ...] = ()
    levels: tuple[Anchor, ...] = ()
    source: str = ""
    category: str = ""
    kpi: str = ""
    cumulative: bool = False
    odds: int | None = None

    def to_measure(self) -> Measure:
        """How the goal will be judged."""
        return Measure(
            name=self.title,
            direction=self.direction,
            unit=self.unit,
            target=self.target,
            baseline=self.baseline,
            low=self.low,
            high=self.high,
            tolerance=self.tolerance if self.direction is Direction.LOWER else None,
            slack_low=self._slack(),
            slack_high=self._slack(),
            milestones=self.milestones,
            anchors=self.levels,
            cumulative=self.cumulative,
        )

    def _slack(self) -> Decimal:
        return self.tolerance or Decimal(0) if self.direction is Direction.RANGE else Decimal(0)


class SheetState(StrEnum):
    """Where the talk about a person's goals stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    COUNTERED = "countered"
    AGREED = "agreed"
    CHANGING = "changing"


@dataclass(frozen=True)
class Sheet:
    """All goals of a person in a cycle. Once agreed, `agreed` is frozen under `version` and the hash of its rules.

    `goals` are the values on the table: the same as `agreed` when nothing is being talked about.
    """

    cycle_id: str
    person_id: str
    state: SheetState
    version: int
    goals: tuple[Goal, ...]
    agreed: tuple[Goal, ...] = ()
    rules_hash: str = ""
