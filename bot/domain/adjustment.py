"""Points, red lines and goals that do not apply: one proposes with evidence, another one of HR decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.bands import Band
from bot.domain.cycle import Stage
from bot.domain.effort import REASON, units
from bot.domain.goal_score import Adjustment
from bot.domain.refusal import Refused
from bot.domain.score import Veto

LONGEST = 500
"""Characters of a reason, of evidence, and of why it was refused."""
MOST_POINTS = Decimal(20)
STAGES = (Stage.EXECUTING, Stage.ASSESSING, Stage.CALIBRATING)
"""While the work is done and looked at; what was released stays as it is."""
SHORTEST_EVIDENCE = 8


class Kind(StrEnum):
    """What it does: points to the goals or off them, the best grade that is left, a goal that is not counted."""

    ADDITION = "addition"
    DEDUCTION = "deduction"
    RED_LINE = "red_line"
    EXEMPTION = "exemption"


class State(StrEnum):
    """Where it stands; only what was approved counts."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Proposal:
    """Points (above zero) for an addition or a deduction, a `ceiling` grade for a red line, a goal for an exemption."""

    id: str
    cycle_id: str
    person_id: str
    kind: Kind
    by: str
    at: datetime
    points: Decimal | None = None
    ceiling: str = ""
    goal: str = ""
    reason: str = field(default="", repr=False)
    evidence: str = field(default="", repr=False)
    state: State = State.WAITING
    decided_by: str = ""
    word: str = field(default="", repr=False)


def check(one: Proposal, bands: Sequence[Band], goals: Collection[str]) -> Proposal:
    """Refuse what says too little or does not fit its kind; `goals` are the ids of the person's agreed goals."""
    if one.kind is Kind.RED_LINE and one.ceiling not in [band.name for band in bands[1:]]:
        raise Refused("Please choose the best grade that can still be reached.", field="ceiling")
    if one.kind is Kind.EXEMPTION and one.goal not in goals:
        raise Refused("Please choose the goal that does not apply.", field="goal")
    changes_points = one.kind in {Kind.ADDITION, Kind.DEDUCTION}
    if changes_points and (one.points is None or not 0 < one.points <= MOST_POINTS):
        raise Refused("Please give points above 0, and at most {most}.", field="points", most=MOST_POINTS)
    if units(one.reason) < REASON:
        raise Refused("Please give a reason of about 8 words: what happened, and why does it count?", field="reason")
    if len(one.evidence) < SHORTEST_EVIDENCE:
        raise Refused("Please give a link, or say where it can be looked up.", field="evidence")
    return one


def check_second(one: Proposal, decider: str) -> None:
    """Four eyes: whoever proposed it, or is meant by it, does not decide."""
    if one.state is not State.WAITING:
        raise Refused("This was decided or withdrawn meanwhile.")
    if decider in {one.by, one.person_id}:
        raise Refused("Somebody else of HR has to decide this: you proposed it, or it is about you.")


def exempted(those: Collection[Proposal]) -> dict[str, str]:
    """The goals that do not apply by approval, with the reason."""
    approved = [one for one in those if one.state is State.APPROVED and one.kind is Kind.EXEMPTION]
    return {one.goal: one.reason for one in approved}


def adjustments(those: Collection[Proposal]) -> tuple[Adjustment, ...]:
    """The approved ones that change points, as the score takes them."""
    found = []
    for one in those:
        if one.state is State.APPROVED and one.points is not None:
            points = one.points if one.kind is Kind.ADDITION else -one.points
            found.append(Adjustment(points, one.reason, one.evidence, one.decided_by))
    return tuple(found)


def vetoes(those: Collection[Proposal]) -> tuple[Veto, ...]:
    """The approved red lines, as the score takes them."""
    approved = [one for one in those if one.state is State.APPROVED and one.kind is Kind.RED_LINE]
    return tuple(Veto(one.ceiling, one.reason, one.evidence, one.decided_by) for one in approved)
