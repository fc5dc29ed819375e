"""Appeals against a result: until when, who may decide, what may follow from what, and how much is told to everybody.

An appeal is decided on a record that was frozen when it was filed, by somebody who has no part in it. It never makes a
result worse, so that nobody has to be afraid of asking.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from bot.domain.actuals import months_between, periods_between
from bot.domain.cadence import IsWorkday, add_working_days
from bot.domain.cycle import Cycle, Stage
from bot.domain.effort import is_filler, units
from bot.domain.fingerprint import fingerprint
from bot.domain.refusal import N_, Refused
from bot.domain.reported import months_of
from bot.domain.team import line_above

FILED_WITHIN, DECIDED_WITHIN, ESCALATED_WITHIN = 10, 10, 5
"""Working days: of the person from when they saw the result, of the handler, of the person from the decision."""
REMINDED_AFTER = (5, 9, 10, 12, 14)
"""Working days after which whoever decides is reminded; past DECIDED_WITHIN, HR hears of it too."""
AT_THE_LATEST = timedelta(days=30)
"""Nobody decides who would come to it only later, however few working days of theirs that is."""
ENOUGH_WORDS = Decimal(4)
FULL_REASON = Decimal(20)
"""Units of text wanted of a decision's reason (about 20 words, or 32 Chinese characters)."""
LEVELS = 2
LEAST_COUNTED = 5


class Kind(StrEnum):
    """What is wrong, as the person sees it."""

    DATA = "data"
    RULE = "rule"
    PROCEDURE = "procedure"
    RATING = "rating"


KINDS: Mapping[Kind, str] = {
    Kind.DATA: N_("A number is wrong, or something is missing"),
    Kind.RULE: N_("A rule was applied wrongly"),
    Kind.PROCEDURE: N_("A step was left out, or somebody was not impartial"),
    Kind.RATING: N_("A rating does not fit what I did"),
}


class State(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    DECIDING = "deciding"
    REDOING = "redoing"
    UPHELD = "upheld"
    ADJUSTED = "adjusted"
    REDONE = "redone"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.FILED, State.DECIDING, State.REDOING})
DECIDED = frozenset({State.UPHELD, State.ADJUSTED, State.REDONE})
HEARD = frozenset({State.DECIDING, State.REDOING})


class Move(StrEnum):
    """What somebody does to an appeal."""

    NAME = "name"
    HAND_ON = "hand_on"
    UPHOLD = "uphold"
    ADJUST = "adjust"
    REDO = "redo"
    RATE = "rate"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"


MOVES: Mapping[tuple[State, Move], State] = {
    (State.FILED, Move.NAME): State.DECIDING,
    (State.FILED, Move.WITHDRAW): State.WITHDRAWN,
    **{
        pair: after
        for heard in HEARD
        for pair, after in (
            ((heard, Move.NAME), State.DECIDING),
            ((heard, Move.HAND_ON), State.FILED),
            ((heard, Move.UPHOLD), State.UPHELD),
            ((heard, Move.ADJUST), State.ADJUSTED),
            ((heard, Move.REDO), State.REDOING),
            ((heard, Move.WITHDRAW), State.WITHDRAWN),
        )
    },
    (State.REDOING, Move.RATE): State.REDONE,
    **{(decided, Move.ESCALATE): State.FILED for decided in DECIDED},
}
"""What can happen in which state; everything else is refused."""


@dataclass(frozen=True)
class Decision:
    """What was decided at a level, by whom and why; `before` and `after` are marks of the results, if it changed."""

    level: int
    by: str
    state: State
    reason: str = field(repr=False)
    at: datetime
    before: str = ""
    after: str = ""

    @property
    def changed(self) -> bool:
        """Whether the result is another one by it."""
        return self.after != self.before


@dataclass(frozen=True)
class Appeal:
    """One appeal. `handler_id` decides at this level until `due_on`.

    If the rating is given anew, `rater_id` does so, for the reason that the handler wrote in `asked`.
    """

    id: str
    cycle_id: str
    person_id: str
    kind: Kind
    words: str = field(repr=False)
    wish: str = field(repr=False)
    filed_at: datetime
    state: State = State.FILED
    level: int = 1
    handler_id: str = ""
    named_by: str = ""
    due_on: date | None = None
    rater_id: str = ""
    asked: str = field(default="", repr=False)
    decisions: tuple[Decision, ...] = ()

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    @property
    def went_back(self) -> bool:
        """Whether somebody else was asked, and the question was taken back: what was decided first stands."""
        return self.state in DECIDED and self.level > len(self.decisions)

    @property
    def heard_by(self) -> frozenset[str]:
        """Who has decided it at an earlier level."""
        return frozenset(one.by for one in self.decisions)


def moved(appeal: Appeal, move: Move) -> State:
    """The state after a move; refused when it is not possible any more.

    Who takes back the question to somebody else goes back to what was decided first.
    """
    after = MOVES.get((appeal.state, move))
    if after is None or (move is Move.ESCALATE and appeal.level == LEVELS):
        raise Refused("This appeal was settled meanwhile. Please look at the newest card.")
    return appeal.decisions[-1].state if move is Move.WITHDRAW and appeal.decisions else after


# Until when -------------------------------------------------------------------------------


def last_day(shown_on: date, works: IsWorkday) -> date:
    """The last day on which a result that was shown on a day can be appealed against."""
    return add_working_days(shown_on, FILED_WITHIN, works)


def check_filed(shown_on: date, today: date, works: IsWorkday) -> None:
    """Refuse an appeal that comes too late."""
    until = last_day(shown_on, works)
    if today > until:
        raise Refused("Appeals against this result were possible until {day}. HR is there for questions.", day=until)


def due_on(today: date, works: IsWorkday) -> date:
    """The last day of somebody who is given an appeal today: their own working days count."""
    return add_working_days(today, DECIDED_WITHIN, works)


def comes_to_it(due: date, today: date) -> bool:
    """Whether somebody who decides by then is not away for too long."""
    return due <= today + AT_THE_LATEST


def escalated_until(decided_on: date, works: IsWorkday) -> date:
    """The last day on which another handler can be asked."""
    return add_working_days(decided_on, ESCALATED_WITHIN, works)


# Who ----------------------------------------------------------------------------------------


def barred(
    person_id: str, raters: Collection[str], others: Collection[str], lines: Iterable[Mapping[str, str]]
) -> frozenset[str]:
    """Who has a part in somebody's result, and so decides no appeal about it.

    `lines` say whom everybody reported to on the days that count. `raters` led or rated the person: whoever stands
    above them stands above the rating too. `others` changed points or the grade.
    """
    rated = {person_id, *raters} - {""}
    above = {one for managers in lines for each in rated for one in line_above(each, managers)}
    return frozenset(rated | {*others} - {""} | above)


def independent(candidates: Iterable[str], barred_ones: Collection[str], load: Mapping[str, int]) -> list[str]:
    """Those who may decide, whoever decides the fewest open appeals first."""
    return sorted({*candidates} - {*barred_ones}, key=lambda one: (load.get(one, 0), one))


def namers(hr: Collection[str], owners: Collection[str], person_id: str, barred_ones: Collection[str]) -> list[str]:
    """Who names somebody when nobody is independent: HR without a part in it, else other HR, else the owner."""
    others = [one for one in hr if one != person_id]
    apart = [one for one in others if one not in barred_ones]
    return sorted(apart or others or [one for one in owners if one != person_id])


# Words ----------------------------------------------------------------------------------------


def check_words(words: str) -> None:
    """Refuse an appeal that does not say what it is about."""
    if units(words) < ENOUGH_WORDS or is_filler(words):
        raise Refused("Please say in a sentence what is wrong: at least 4 words.", field="words")


def check_reason(reason: str) -> None:
    """Refuse a decision whose reason says too little."""
    if units(reason) < FULL_REASON or is_filler(reason):
        raise Refused("Please write the reason in full: what you looked at, and what it shows. At least 20 words.",
                      field="reason")  # fmt: skip


# What a decision does -----------------------------------------------------------------------


def check_not_worse(before: tuple[Decimal | None, str | None], after: tuple[Decimal | None, str | None],
                    grades: Sequence[str]) -> None:  # fmt: skip
    """Refuse a result that is lower, as number or as grade, than the one that was appealed against."""
    lower = before[0] is not None and (after[0] is None or after[0] < before[0])
    if lower or (before[1] in grades and after[1] in grades and grades.index(after[1]) > grades.index(before[1])):
        raise Refused("This would make the result lower. An appeal never does: please let the result stand, and talk "
                      "about it with HR.")  # fmt: skip


def whole_period(cycle: Cycle) -> str:
    """The period that a corrected value is for: all of a cycle, by its usual name if there is one."""
    days = (cycle.starts_on, cycle.ends_on)
    wanted = frozenset(months_between(*days))
    whole = (one for one in sorted(periods_between(*days), key=len) if months_of(one) >= wanted)
    return next(whole, f"{cycle.starts_on}/{cycle.ends_on}")


# The frozen record ----------------------------------------------------------------------------


EXPLAINED = ("rated", "score", "band", "formula_band", "tree", "rules_hash")
"""What of a result its mark is made of."""


def mark_of_result(document: Mapping[str, Any]) -> str:
    """The mark of a result as it is exported: its number, its grade, and the tree that explains them."""
    return fingerprint({name: document.get(name) for name in EXPLAINED})


def changes_on_record(chain: Sequence[Mapping[str, Any]], appeals: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Say which replacement of a result nothing on record explains; `chain` has its versions, the oldest first."""
    decided = [one for appeal in appeals for one in appeal["decisions"] if one["after"] != one["before"]]
    explained = {(one["before"], one["after"]) for one in decided}
    for earlier, later in pairwise(chain):
        if earlier["because"] == COMPLETED and earlier["rated"] == "incomplete":
            continue
        if (mark_of_result(earlier), mark_of_result(later)) not in explained:
            yield "the result was replaced, and no decision of an appeal on record explains it."
        if earlier["rules_hash"] != later["rules_hash"]:
            yield "a result was replaced by one of other rules."
    known = {mark_of_result(one) for one in chain}
    if not known.issuperset(one[side] for one in decided for side in ("before", "after")):
        yield "an appeal changed a result, but the one that it found or made is not here."


COMPLETED, APPEALED = "completed", "appeal"
"""Why a result took the place of another: it was incomplete, or an appeal changed it."""
SOURCE = "appeal/"
"""How the source of a value begins that an appeal corrected."""


# What everybody reads -------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """How many appeals there were; how many changed a result is told only where neither part is a few people."""

    total: int
    stood: int | None = None
    changed: int | None = None


def published(counts: Mapping[tuple[State, bool], int], stage: Stage) -> Published | None:
    """What everybody may read of a cycle's appeals: from five up, and not while they come in one by one.

    They are counted by where they stand and whether the result is another one by a decision, at whichever level.
    """
    total = sum(n for (state, _), n in counts.items() if state is not State.WITHDRAWN)
    if total < LEAST_COUNTED or stage not in {Stage.REVIEWING, Stage.CLOSED}:
        return None
    stood, changed = (sum(counts.get((state, another), 0) for state in DECIDED) for another in (False, True))
    parts = (stood, changed, total - stood - changed)
    told = all(n == 0 or n >= LEAST_COUNTED for n in parts)
    return Published(total, *((stood, changed) if told else (None, None)))
