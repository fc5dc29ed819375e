"""What one reader may see side by side, gathered after asking whether they may."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from bot.domain import board
from bot.domain.access import Act
from bot.domain.board import Aspect, Figures, Pair
from bot.domain.calibration import Change, Evidence, Meeting, evidence_in, in_force, unseen_by, without_example
from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.review import Kind, Review
from bot.domain.score_rules import RULES
from bot.domain.team import Duty, may_judge
from bot.slack.flow import Turn
from bot.store import board as sides
from bot.store import calibrations, cycles, evidence, goals, people, results, reviews

GRADES = tuple(band.name for band in RULES.bands)
MOST_PAIRS = 40


@dataclass(frozen=True)
class Sight:
    """The results that one reader may see, the changes made to them, and how the meeting stands.

    Whoever reads sees neither themself nor anybody above them, in no list, no count and no average.
    """

    cycle: Cycle
    meeting: Meeting | None
    figures: tuple[Figures, ...]
    changes: tuple[Change, ...]
    runs_it: bool
    calibrating: bool

    @property
    def is_open(self) -> bool:
        """Whether grades may be changed now."""
        return self.calibrating and self.meeting is not None and self.meeting.is_open

    @property
    def meeting_n(self) -> int:
        """The number of the meeting, 0 before the first."""
        return self.meeting.n if self.meeting else 0

    @property
    def newest(self) -> Mapping[str, Change]:
        """The newest change of each person."""
        return {one.person_id: one for one in self.changes}

    @property
    def of_meeting(self) -> tuple[Change, ...]:
        """The changes of the meeting that is open, or was the last, as far as they count."""
        formulas = {one.person_id: one.formula for one in self.figures}
        made = (one for one in self.changes if one.meeting == self.meeting_n)
        return tuple(one for one in made if in_force(one, formulas.get(one.person_id)))

    def of(self, person_id: str) -> Figures:
        """One person's line; refused where the reader may not see it."""
        found = next((one for one in self.figures if one.person_id == person_id), None)
        if found is None:
            raise Refused("This result is not yours to look at, or there is none.")
        return found


@dataclass(frozen=True)
class Row:
    """One person on the board: their line, what stands behind it, and their newest change."""

    person: Person
    figures: Figures
    evidence: Evidence
    change: Change | None = None


@dataclass(frozen=True)
class Looked:
    """One person looked at closely; `barred` says why this reader may not change the grade."""

    sight: Sight
    row: Row
    review: Review | None
    changes: tuple[Change, ...]
    deciders: Mapping[str, Person]
    barred: Refused | None
    own_grade: str = ""
    goals: tuple[Goal, ...] = ()

    @property
    def carry(self) -> str:
        """What a button brings along to find it again."""
        return f"{self.sight.cycle.id}/{self.row.person.id}"


def newest_cycle(turn: Turn, wanted: str = "") -> Cycle | None:
    """The cycle that is being calibrated, else the newest one with results; or the one that is named."""
    found = [one for one in cycles.every(turn.session) if one.launched]
    named = [one for one in found if one.id == wanted]
    now = [one for one in found if one.stage_on(turn.today) is Stage.CALIBRATING]
    return next((one for one in (named or now + found) if results.any_in(turn.session, one.id)), None)


def sight_of(turn: Turn, cycle_id: str) -> Sight:
    """All that this person may see of a cycle."""
    turn.must(Act.SEE_BOARD, turn.person.id)
    session, cycle = turn.session, cycles.get(turn.session, cycle_id)
    hidden = unseen_by(turn.person.id, people.managers_on(turn.session, turn.today))
    return Sight(
        cycle,
        calibrations.newest_meeting(session, cycle_id),
        tuple(one for one in sides.figures(session, cycle_id) if one.person_id not in hidden),
        tuple(one for one in calibrations.changes_in(session, cycle_id) if one.person_id not in hidden),
        turn.may(Act.RUN_CYCLE, turn.person.id),
        cycle.stage_on(turn.today) is Stage.CALIBRATING,
    )


# What the board shows ----------------------------------------------------------------------


def listed(turn: Turn, sight: Sight, aspect: Aspect) -> list[Figures]:
    """Whom an aspect of the board lists, in its order; pairs have a list of their own."""
    match aspect:
        case Aspect.NEAR:
            return board.near_boundary(sight.figures)
        case Aspect.TOO_LOW:
            return board.perhaps_too_low(sight.figures)
        case Aspect.AGAIN:
            return board.to_look_at_again(sight.figures, sight.newest)
        case Aspect.CHANGED:
            return [one for one in sight.figures if one.grade != one.formula]
        case Aspect.UNDATED:
            found = reviews.in_cycle(turn.session, sight.cycle.id, Kind.MANAGER)
            undated = without_example(found, [one.person_id for one in sight.figures])
            return board.by_difference(one for one in sight.figures if one.person_id in undated)
        case _:
            return board.by_difference(sight.figures)


def alike(sight: Sight) -> list[Pair]:
    """The most telling pairs of the same attainment and different grades."""
    return board.pairs(sight.figures, GRADES, MOST_PAIRS)


def rows_of(turn: Turn, sight: Sight, figures: Sequence[Figures]) -> list[Row]:
    """These people with what stands behind their results; as many queries for many as for one."""
    ids, session = [one.person_id for one in figures], turn.session
    named = people.named(session, ids)
    found = reviews.in_cycle(session, sight.cycle.id, Kind.MANAGER, ids)
    shared = evidence.shared_about(session, ids, datetime.combine(sight.cycle.starts_on, time(), UTC))
    return [
        Row(
            named[one.person_id],
            one,
            evidence_in(found.get(one.person_id), shared.get(one.person_id, 0)),
            sight.newest.get(one.person_id),
        )
        for one in figures
    ]


def drift_of(sight: Sight, changes: Iterable[Change]) -> board.Drift:
    """What these changes did to the grades that the reader may see."""
    before = board.grades_before(sight.figures, tuple(changes))
    return board.drift(before, {one.person_id: one.grade for one in sight.figures}, GRADES)


# One person, closely -----------------------------------------------------------------------


def look_at(turn: Turn, cycle_id: str, person_id: str) -> Looked:
    """One person's result with the review behind it."""
    sight = sight_of(turn, cycle_id)
    (row,) = rows_of(turn, sight, [sight.of(person_id)])
    review = reviews.manager_review(turn.session, cycle_id, person_id)
    review = review if review and review.sent else None
    changes = tuple(one for one in sight.changes if one.person_id == person_id)
    deciders = people.named(turn.session, {one.by for one in changes})
    own = reviews.self_review(turn.session, cycle_id, person_id)
    expected = own.overall or "" if own and own.sent else ""
    agreed = goals.agreed_goals(turn.session, cycle_id, person_id)
    barred = _why_not(turn, sight, row.person, review)
    return Looked(sight, row, review, changes, deciders, barred, expected, agreed)


def _why_not(turn: Turn, sight: Sight, about: Person, review: Review | None) -> Refused | None:
    """Why this person may not change that grade now; None when they may."""
    cycle = sight.cycle
    rated_by_me = review is not None and review.author_id == turn.person.id
    judge = may_judge(turn.person.id, about.id, people.managers_on(turn.session, turn.today)) and turn.may(
        Act.CALIBRATE, about.id
    )
    if rated_by_me or not judge:
        return Refused("You rated {name}, or stand above them, so others look at this grade.", name=about.name)
    if turn.person in people.holders(turn.session, Duty.APPEALS):
        return Refused("Whoever hears appeals changes no grades.")
    if not sight.calibrating:
        return Refused(
            "Grades are changed from {first} until {last}, before results are given.",
            first=cycle.opens[Stage.CALIBRATING],
            last=cycle.opens[Stage.RELEASING],
        )
    if not sight.is_open:
        return Refused("Grades are changed in a review meeting; HR opens it.")
    return None
