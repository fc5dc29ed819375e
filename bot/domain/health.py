"""How healthy the process of a cycle was: figures beside those of the cycle before, and what goals were missed for.

Nothing is said of fewer than five people: a figure always knows how many stand behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.interview import Cause, Side
from bot.domain.refusal import N_

FEWEST = 5
"""People behind a figure, below which it is not shown."""


class Kind(StrEnum):
    """What a figure is: a share of something, a number of working days, or a count."""

    SHARE = "share"
    DAYS = "days"
    COUNT = "count"


class Figure(StrEnum):
    """What is looked at."""

    AGREED = "agreed"
    PROTESTS = "protests"
    OVERRIDDEN = "overridden"
    CHECKINS = "checkins"
    IN_TIME = "in_time"
    COACHED = "coached"
    SELF_REVIEWS = "self_reviews"
    REVIEWS = "reviews"
    TALKS = "talks"
    DAYS_TO_TALK = "days_to_talk"
    APPEALS = "appeals"
    FLAGS = "flags"
    NAGS = "nags"
    NAGS_ANSWERED = "nags_answered"


NAMES: Mapping[Figure, str] = {
    Figure.AGREED: N_("People with agreed goals"),
    Figure.PROTESTS: N_("Agreements under protest"),
    Figure.OVERRIDDEN: N_("Goals kept with a reason, against a check"),
    Figure.CHECKINS: N_("Check-ins answered"),
    Figure.IN_TIME: N_("Answers before any reminder"),
    Figure.COACHED: N_("Digests that managers answered"),
    Figure.SELF_REVIEWS: N_("Self-reviews sent"),
    Figure.REVIEWS: N_("Managers' reviews sent before results were computed"),
    Figure.TALKS: N_("Talks about results held"),
    Figure.DAYS_TO_TALK: N_("Working days from the result to the talk, half of them within"),
    Figure.APPEALS: N_("Appeals filed"),
    Figure.FLAGS: N_("Groups that stand out in the fairness report"),
    Figure.NAGS: N_("Messages that I sent unasked"),
    Figure.NAGS_ANSWERED: N_("Of these, answered"),
}
KINDS: Mapping[Figure, Kind] = {
    Figure.DAYS_TO_TALK: Kind.DAYS,
    **dict.fromkeys((Figure.APPEALS, Figure.FLAGS, Figure.NAGS), Kind.COUNT),
}
PARTS: Mapping[str, tuple[Figure, ...]] = {
    N_("Goals"): (Figure.AGREED, Figure.PROTESTS, Figure.OVERRIDDEN),
    N_("Along the way"): (Figure.CHECKINS, Figure.IN_TIME, Figure.COACHED),
    N_("Assessment"): (Figure.SELF_REVIEWS, Figure.REVIEWS, Figure.FLAGS),
    N_("After the result"): (Figure.TALKS, Figure.DAYS_TO_TALK, Figure.APPEALS),
    N_("My own messages"): (Figure.NAGS, Figure.NAGS_ANSWERED),
}
"""The figures in their order, under the names of the parts."""


@dataclass(frozen=True)
class Measured:
    """One figure: `n` (of `of`, where it is a share), and how many people stand behind it."""

    n: int
    of: int
    people: int

    def value(self, kind: Kind) -> Decimal:
        """As people compare it: a share as whole percent."""
        if kind is not Kind.SHARE:
            return Decimal(self.n)
        return (Decimal(100 * self.n) / self.of).quantize(Decimal(1)) if self.of else Decimal(0)


class Direction(StrEnum):
    """How a figure stands to the one before; nothing is better or worse by itself."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    ALONE = "alone"


@dataclass(frozen=True)
class Told:
    """One figure as it is shown: the value now, the one before where there is one, and how they stand."""

    figure: Figure
    kind: Kind
    now: Decimal
    direction: Direction
    before: Decimal | None = None


@dataclass(frozen=True)
class Misses:
    """What one side named as causes of missed goals: how often each, by how many people."""

    people: int = 0
    by_cause: Mapping[Cause, int] = field(default_factory=dict)

    def shares(self) -> list[tuple[Cause, Decimal]]:
        """Each cause's share of all that were named, in whole percent, the largest first; none of a few people."""
        named = sum(self.by_cause.values())
        if self.people < FEWEST or not named:
            return []
        in_order = sorted(self.by_cause.items(), key=lambda one: (-one[1], one[0]))
        return [(cause, (Decimal(100 * n) / named).quantize(Decimal(1))) for cause, n in in_order if n]


@dataclass(frozen=True)
class Health:
    """The report of one cycle; a figure that nothing is known of is not in it."""

    people: int
    figures: Mapping[Figure, Measured] = field(default_factory=dict)
    misses: Mapping[Side, Misses] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Whether anything may be said at all."""
        return self.people >= FEWEST

    def told(self, before: "Health | None") -> list[Told]:
        """Every figure that may be shown, beside the one of the cycle before."""
        return [
            _told(figure, self.figures[figure], before.figures.get(figure) if before else None)
            for some in PARTS.values()
            for figure in some
            if figure in self.figures and _may_show(self.figures[figure])
        ]

    def hidden(self) -> int:
        """How many figures are known and not shown, for too few people stand behind them."""
        return sum(not _may_show(one) for one in self.figures.values())

    def document(self) -> dict[str, Any]:
        """Plain JSON, to be kept."""
        figures = {figure.value: [one.n, one.of, one.people] for figure, one in self.figures.items()}
        misses = {
            side.value: {"people": one.people, "by_cause": {cause.value: n for cause, n in one.by_cause.items()}}
            for side, one in self.misses.items()
        }
        return {"people": self.people, "figures": figures, "misses": misses}


def from_document(kept: Mapping[str, Any]) -> Health:
    """A report as it was kept."""
    figures = {Figure(name): Measured(*numbers) for name, numbers in kept["figures"].items()}
    misses = {
        Side(side): Misses(one["people"], {Cause(cause): n for cause, n in one["by_cause"].items()})
        for side, one in kept["misses"].items()
    }
    return Health(kept["people"], figures, misses)


def _may_show(one: Measured) -> bool:
    return one.people >= FEWEST


def _told(figure: Figure, now: Measured, before: Measured | None) -> Told:
    kind = KINDS.get(figure, Kind.SHARE)
    value = now.value(kind)
    if before is None or not _may_show(before):
        return Told(figure, kind, value, Direction.ALONE)
    was = before.value(kind)
    direction = Direction.SAME if value == was else Direction.UP if value > was else Direction.DOWN
    return Told(figure, kind, value, direction, was)
