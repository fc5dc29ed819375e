"""What earlier talks and plans leave for the next goals: what a goal can begin with, and what stands in none yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.domain.goal import Goal
from bot.domain.interview import Cause
from bot.domain.measure import Direction, Milestone

WHOLE = Decimal(100)
LONGEST_TITLE, LONGEST_MEASURE = 100, 500
"""Characters, as in the form of a goal."""


class Left(StrEnum):
    """By what it was left: an action of the talk about a result, a gap named in it, the standard of a plan."""

    ACTION = "action"
    GAP = "gap"
    PLAN = "plan"


@dataclass(frozen=True)
class Start:
    """Something that a goal can begin with. The goal takes its `id`, so a set has it once, and one knows where from.

    `words` are the action, the gap or the standard; `cycle` is what the talk was about, by name. `causes` of a missed
    goal are by the name of who sees them; `before` is that goal as it was agreed then.
    """

    kind: Left
    id: str
    words: str = field(repr=False)
    cycle: str = ""
    due: date | None = None
    done: bool = False
    support: str = field(default="", repr=False)
    causes: Mapping[str, Sequence[Cause]] = field(default_factory=dict, repr=False)
    before: Goal | None = field(default=None, repr=False)


def goal_from(start: Start, today: date, ends_on: date) -> Goal:
    """Begin a goal; all of it can be changed. What has no number yet is a milestone, but a standard asks for one."""
    if start.before:
        return replace(start.before, id=start.id, kpi="", due=ends_on, odds=None,
                       milestones=tuple(replace(one, due=None) for one in start.before.milestones))  # fmt: skip
    due = start.due if start.due and today <= start.due <= ends_on else ends_on
    step = (Milestone(" ".join(start.words.split()), WHOLE, due),)
    counted = start.kind is Left.PLAN
    return Goal(
        id=start.id,
        title=next(iter(start.words.splitlines()), "")[:LONGEST_TITLE],
        measure=start.words[:LONGEST_MEASURE],
        unit="",
        direction=Direction.HIGHER if counted else Direction.MILESTONES,
        weight=Decimal(0),
        due=due,
        milestones=() if counted else step,
    )


def not_taken(starts: Sequence[Start], goals: Sequence[Goal]) -> list[Start]:
    """What two people agreed on that is still to be done, and that no goal began with."""
    taken = {one.id for one in goals}
    return [one for one in starts if one.kind is not Left.GAP and not one.done and one.id not in taken]
