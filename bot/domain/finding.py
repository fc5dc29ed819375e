"""What a check of goals looks at, and what it finds: in words, with how serious it is."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.domain.refusal import Sentence


class Level(StrEnum):
    """How serious a finding is."""

    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """One thing to look at: the rule's name, how serious, in words, and which goal (counted from 0) if only one."""

    rule: str
    level: Level
    sentence: Sentence
    goal: int | None = None
    overridable: bool = False


def blocking(findings: Iterable[Finding], overridden: Container[str] = ()) -> list[Finding]:
    """Return the findings that stop a set, without those that may be and were overridden (rule names) with a reason."""
    blocks = (finding for finding in findings if finding.level is Level.BLOCK)
    return [finding for finding in blocks if not (finding.overridable and finding.rule in overridden)]


@dataclass(frozen=True)
class Past:
    """What is known about one measure before a target is set; colleagues are those in the same role, without names.

    `own` are one's own results in earlier cycles of the same length, the oldest first. `targets` are what colleagues
    agreed to in this cycle, `experienced` the targets of those with four cycles or more, `results` what colleagues
    reached in the last one.
    """

    own: tuple[Decimal, ...] = ()
    targets: tuple[Decimal, ...] = ()
    experienced: tuple[Decimal, ...] = ()
    results: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class GoalDraft:
    """A goal as far as it is written, and what is known about its measure.

    `kpi` and `guard` are ids of measures: the goal's own, and the one that must not suffer from it. `usual` is the
    department's own target. `ramp` is the share that is fair to ask of a newcomer, None for everybody else.
    """

    title: str
    measure: str
    unit: str
    direction: str  # higher, lower, range, milestones or rubric
    weight: Decimal  # percent
    target: Decimal | None = None
    baseline: Decimal | None = None
    due: date | None = None
    category: str = ""  # result, customer, quality, process or learning
    kpi: str = ""
    guard: str = ""
    guard_title: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    steps: int = 0  # milestones, or levels of a rubric
    odds: int | None = None
    aligned: bool = True
    past: Past = field(default_factory=Past)
    ramp: Decimal | None = None
    usual: Decimal | None = None
