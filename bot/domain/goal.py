"""A goal as two people agreed on it, the sheet of all goals a person has in a cycle, and the talk about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.domain.explain import Source
from bot.domain.kpi import stepped, stretched
from bot.domain.measure import Anchor, Direction, Measure, Milestone, Point
from bot.domain.refusal import N_, Refused


@dataclass(frozen=True)
class Goal:
    """One goal. Numbers are in `unit` (a percentage is 20 with unit "%"); `weight` is percent of the sheet.

    `kpi` is the id of the template's measure it was made of (empty: the person's own); `odds` is how likely the
    person thinks they will make it, 0 to 10. `points` take the place of a stretch: what values on the way are worth.
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
    points: tuple[Point, ...] = ()

    @property
    def aimed_level(self) -> Anchor | None:
        """The level of a rubric that is to be reached: the one agreed on, else the first that is worth all of it."""
        agreed = next((one for one in self.levels if one.level == self.target), None)
        whole = [one for one in sorted(self.levels, key=lambda one: one.worth) if one.worth >= 1]
        return agreed or next(iter(whole or reversed(self.levels)), None)

    def to_measure(self, source: Source | None = None) -> Measure:
        """How the goal will be judged, by which source; a stretch or points that do not go with it are refused."""
        measure = Measure(
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
            source=source,
        )
        if self.points:
            return stepped(measure, self.points)
        return measure if self.stretch is None else stretched(measure, self.stretch)

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

    `goals` are the values on the table: the same as `agreed` when nothing is being talked about. `revision` counts
    every move, `spoken_by` made the last one with `comment`, and `before` is what lay on the table until then.
    `protest` says why the person agreed although they are not convinced; it holds as long as that agreement.
    """

    cycle_id: str
    person_id: str
    state: SheetState
    version: int
    goals: tuple[Goal, ...]
    agreed: tuple[Goal, ...] = ()
    rules_hash: str = ""
    revision: int = 0
    spoken_by: str = ""
    comment: str = ""
    before: tuple[Goal, ...] = ()
    protest: str = ""


# The talk ---------------------------------------------------------------------------------


class Side(StrEnum):
    """Who speaks."""

    EMPLOYEE = "employee"
    MANAGER = "manager"


class Move(StrEnum):
    """What one of the two does. `OFFER` lays values on the table, whatever was there before."""

    OFFER = "offer"
    AGREE = "agree"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


MOVES: Mapping[tuple[SheetState, Side, Move], SheetState] = {
    (SheetState.DRAFT, Side.EMPLOYEE, Move.OFFER): SheetState.PROPOSED,
    (SheetState.DRAFT, Side.MANAGER, Move.OFFER): SheetState.COUNTERED,
    (SheetState.PROPOSED, Side.MANAGER, Move.AGREE): SheetState.AGREED,
    (SheetState.PROPOSED, Side.MANAGER, Move.OFFER): SheetState.COUNTERED,
    (SheetState.PROPOSED, Side.EMPLOYEE, Move.WITHDRAW): SheetState.DRAFT,
    (SheetState.COUNTERED, Side.EMPLOYEE, Move.AGREE): SheetState.AGREED,
    (SheetState.COUNTERED, Side.EMPLOYEE, Move.OFFER): SheetState.PROPOSED,
    (SheetState.COUNTERED, Side.MANAGER, Move.WITHDRAW): SheetState.PROPOSED,
    **{
        (before, side, move): after
        for side in Side
        for before, move, after in (
            (SheetState.AGREED, Move.OFFER, SheetState.CHANGING),
            (SheetState.CHANGING, Move.OFFER, SheetState.CHANGING),
            (SheetState.CHANGING, Move.AGREE, SheetState.AGREED),
            (SheetState.CHANGING, Move.DECLINE, SheetState.AGREED),
            (SheetState.CHANGING, Move.WITHDRAW, SheetState.AGREED),
        )
    },
}
"""Every move there is. In a change, `moved` adds that an offer is answered by the other side, and taken back by one's
own; who takes back a first word leaves a draft."""


def moved(
    sheet: Sheet, side: Side, move: Move, by: str, goals: tuple[Goal, ...] | None = None, comment: str = ""
) -> Sheet:
    """Make a move; one that is not possible now is refused in words. `goals` come with an offer."""
    before, after = sheet.state, MOVES.get((sheet.state, side, move))
    answers = move is not Move.WITHDRAW
    if after is None or (sheet.state is SheetState.CHANGING and awaits(sheet, side) is not answers):
        raise Refused(_refusal(sheet, side, move))
    table = sheet.goals if goals is None else goals
    sheet = replace(sheet, revision=sheet.revision + 1, spoken_by=by, comment=comment)
    match move:
        case Move.OFFER:
            lay_there = () if before is SheetState.DRAFT else sheet.goals
            return replace(sheet, state=after, before=lay_there, goals=table)
        case Move.AGREE:
            settled = replace(sheet, state=after, version=sheet.version + 1, agreed=table, before=sheet.agreed)
            return replace(settled, protest="")
        case _ if after is SheetState.AGREED:
            return replace(sheet, state=after, goals=sheet.agreed, before=())
        case _ if before is SheetState.COUNTERED:
            return replace(sheet, state=after if sheet.before else SheetState.DRAFT, goals=sheet.before, before=())
        case _:
            return replace(sheet, state=after, before=())


def cleared(sheet: Sheet, by: str) -> Sheet:
    """An empty sheet for a new stint; versions and revisions go on counting."""
    return Sheet(
        sheet.cycle_id, sheet.person_id, SheetState.DRAFT, sheet.version, (), revision=sheet.revision + 1, spoken_by=by
    )


def protested(agreed: Sheet, side: Side, why: str) -> Sheet:
    """Mark an agreement just made as one under protest: binding, with the person's reason, seen one level up."""
    if side is not Side.EMPLOYEE:
        raise Refused("Only the person whose goals they are can agree under protest.")
    if not why:
        raise Refused("Please say in a sentence what you are not convinced of.", field="why")
    return replace(agreed, protest=why)


def awaits(sheet: Sheet, side: Side) -> bool:
    """Whether it is this side's turn to answer an offer."""
    match sheet.state:
        case SheetState.PROPOSED:
            return side is Side.MANAGER
        case SheetState.COUNTERED:
            return side is Side.EMPLOYEE
        case SheetState.CHANGING:
            return (sheet.spoken_by == sheet.person_id) is (side is Side.MANAGER)
        case _:
            return False


def _refusal(sheet: Sheet, side: Side, move: Move) -> str:
    if move in {Move.AGREE, Move.DECLINE} and sheet.state not in {SheetState.DRAFT, SheetState.AGREED}:
        return N_("Nobody agrees to their own values. The other side has to answer.")
    match sheet.state:
        case SheetState.DRAFT:
            return N_("Nothing is proposed at the moment, so there is nothing to answer.")
        case SheetState.AGREED:
            return N_("These goals are agreed already. If something has to change, ask for a change.")
        case _ if awaits(sheet, side):
            return N_("It is your turn to answer: agree, or suggest a change.")
        case _:
            return N_("These goals are proposed and wait for an answer. To change them first, take them back.")


# What changed -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """What became of one goal: `before` is None for a new one, `after` None for one that was dropped."""

    before: Goal | None
    after: Goal | None
    fields: tuple[str, ...] = ()


def differences(before: Sequence[Goal], after: Sequence[Goal]) -> list[Difference]:
    """Compare two versions goal by goal, in the order of the later one; what is the same is left out."""
    old = {goal.id: goal for goal in before}
    new = {goal.id for goal in after}
    found = [_difference(old.get(goal.id), goal) for goal in after]
    dropped = [Difference(goal, None) for goal in before if goal.id not in new]
    return [one for one in found if one.before is None or one.fields] + dropped


def _difference(before: Goal | None, after: Goal) -> Difference:
    if before is None:
        return Difference(None, after)
    names = (each.name for each in fields(Goal))
    return Difference(before, after, tuple(name for name in names if getattr(before, name) != getattr(after, name)))


# Weights ----------------------------------------------------------------------------------


def placed(goals: Sequence[Goal]) -> Decimal:
    """How many of the 100 points of weight are given out."""
    return sum((goal.weight for goal in goals), Decimal(0))
