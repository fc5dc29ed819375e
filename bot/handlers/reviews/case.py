"""What a review is written from: gathered for one person, with the rights asked on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.access import Act
from bot.domain.checkin import Checkin
from bot.domain.cycle import Cycle, Participant, Stage
from bot.domain.evidence import line
from bot.domain.gate import asked_of, problems
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.org import Person
from bot.domain.refusal import Refused, Sentence
from bot.domain.reported import Reported
from bot.domain.result import attained_by
from bot.domain.review import Asked, Kind, Problems, Review
from bot.domain.template import Template
from bot.slack.flow import Turn
from bot.store import actuals, checkins, cycles, evidence, facts, goals, people, reviews, templates
from bot.store.reviewers import at_launch, go_on_together, may_write, written_for


@dataclass(frozen=True)
class Case:
    """A review as it stands, and all that its author may look at while writing it."""

    cycle: Cycle
    person: Person
    template: Template
    goals: tuple[Goal, ...]
    actuals: Mapping[str, Reported]
    history: tuple[Checkin, ...]
    own: Review | None
    review: Review
    asked: Asked
    evidence: tuple[tuple[date, Sentence], ...] = ()
    """What was said of this work since the cycle began, as far as its reader may know it."""
    attained: str | None = None
    """The grade that the goals alone would give, for the manager who grades; None while it is not known."""
    author: Person | None = None
    """Who sent the manager's review, and `written_for` the manager for whom they stood in."""
    written_for: Person | None = None
    begun_by: str = ""
    """Whose draft it was when it was opened; empty before anything was kept."""

    @property
    def carry(self) -> str:
        """What brings a step back to this review."""
        return f"{self.cycle.id}/{self.person.id}/{self.review.kind}"

    @property
    def rubrics(self) -> tuple[Goal, ...]:
        """The goals that are judged by a level in words."""
        return tuple(goal for goal in self.goals if goal.direction is Direction.RUBRIC and goal.levels)

    @property
    def problems(self) -> Problems:
        """What keeps it from being sent."""
        return problems(self.review, self.asked, self.attained)

    def having(self, review: Review) -> "Case":
        """The same with other answers."""
        return replace(self, review=review)


def case_of(turn: Turn, cycle_id: str, person_id: str, kind: Kind) -> Case:
    """The review of a person by whom the turn belongs to; refused unless it is theirs to write."""
    cycle = cycles.get(turn.session, cycle_id)
    participant = cycles.participant(turn.session, cycle_id, person_id)
    _must_write(turn, participant, kind)
    kept = reviews.get(turn.session, cycle_id, person_id, kind)
    review = _continued(turn, participant, kept) if kept else None
    review = review or Review(cycle_id, person_id, turn.person.id, kind)
    return replace(_gathered(turn, cycle, participant, review), begun_by=kept.author_id if kept else "")


def kind_of(carried: str) -> Kind:
    """Which review a button is about; a forged one is refused."""
    if carried not in set(Kind):
        raise Refused("This button is out of date. Please open Cairn's Home and start from there.")
    return Kind(carried)


def case_to_read(turn: Turn, cycle_id: str, person_id: str) -> Case:
    """The reviews of a person for whoever may read them; the manager's is not for the person, and no draft is."""
    turn.must(Act.SEE_REVIEW, person_id)
    participant = cycles.participant(turn.session, cycle_id, person_id)
    nothing = Review(cycle_id, person_id, "", Kind.MANAGER)
    kept = reviews.manager_review(turn.session, cycle_id, person_id) if person_id != turn.person.id else None
    return _gathered(turn, cycles.get(turn.session, cycle_id), participant, kept if kept and kept.sent else nothing)


def must_be_open(turn: Turn, cycle: Cycle) -> None:
    """Refuse to change a review outside the weeks for reviews."""
    stage = cycle.stage_on(turn.today)
    if stage in {Stage.PREPARING, Stage.PLANNING, Stage.EXECUTING}:
        raise Refused("Reviews open on {day}.", day=cycle.opens[Stage.ASSESSING])
    if stage is not Stage.ASSESSING:
        raise Refused("Reviews closed on {day}; what was sent stands as it is.", day=last_day(cycle))


def may_reopen(turn: Turn, case: Case) -> bool:
    """Whether a sent review can be changed: before calibrating, and one's own only until the manager's is sent.

    A manager may change what was sent by who stood in for them, and the other way round.
    """
    author_id, me = case.review.author_id, turn.person.id
    taker = cycles.participant(turn.session, case.cycle.id, case.person.id)
    theirs = author_id == me or go_on_together(turn.session, taker, author_id, me, turn.today)
    if case.cycle.stage_on(turn.today) is not Stage.ASSESSING or not theirs:
        return False
    if case.review.kind is Kind.MANAGER:
        return True
    answer = reviews.manager_review(turn.session, case.cycle.id, case.person.id)
    return answer is None or not answer.sent


def last_day(cycle: Cycle) -> date:
    """The last day on which a review can be sent."""
    return cycle.opens[Stage.CALIBRATING] - timedelta(days=1)


def _gathered(turn: Turn, cycle: Cycle, participant: Participant, review: Review) -> Case:
    own = reviews.self_review(turn.session, cycle.id, participant.person_id)
    agreed = tuple(goals.agreed_goals(turn.session, cycle.id, participant.person_id))
    history = tuple(checkins.history(turn.session, cycle.id, participant.person_id))
    template = templates.template_of(turn.session, participant.template)
    sent = own if own and own.sent else None
    return Case(
        cycle,
        people.named(turn.session, [participant.person_id])[participant.person_id],
        template,
        agreed,
        actuals.values(turn.session, cycle.id, participant.person_id),
        history,
        sent,
        review,
        asked_of(template, agreed, history, cycle.starts_on, turn.today, (sent.overall if sent else None) or ""),
        _evidence(turn, cycle, participant.person_id),
        attained_now(turn, cycle, participant.person_id) if review.kind is Kind.MANAGER else None,
        people.get(turn.session, review.author_id) if review.sent else None,
        written_for(turn.session, participant, review) if review.kind is Kind.MANAGER else None,
    )


def attained_now(turn: Turn, cycle: Cycle, person_id: str) -> str | None:
    """The grade that somebody's goals alone would give by what is known now."""
    calendar = turn.calendar.country_days(turn.session)
    return attained_by(facts.gather(turn.session, cycle, turn.today, calendar, [person_id], {})[person_id])


def _evidence(turn: Turn, cycle: Cycle, person_id: str) -> tuple[tuple[date, Sentence], ...]:
    """What the person shared, and what the reader wrote or got themself; nobody else's."""
    if not turn.may(Act.SEE_EVIDENCE, person_id):
        return ()
    since = datetime.combine(cycle.starts_on, time(), UTC)
    found = evidence.for_review(turn.session, person_id, turn.person.id, since)
    names = people.named(turn.session, {one.author_id for one in found})
    return tuple((one.day(turn.person.tz), line(one, names[one.author_id].name)) for one in found)


def _must_write(turn: Turn, participant: Participant, kind: Kind) -> None:
    """One's own review, or that of somebody who reported to one at the launch or does today; never both in one.

    Who stands in for a manager writes what that manager would.
    """
    about, me = participant.person_id, turn.person.id
    launched = me != about and me in {participant.manager_id, at_launch(turn.session, participant, turn.today)}
    if kind is Kind.SELF:
        turn.must(Act.REVIEW_SELF, about)
    elif not launched:
        turn.must(Act.REVIEW_AS_MANAGER, about)


def _continued(turn: Turn, participant: Participant, kept: Review) -> Review | None:
    """A review as this person goes on with it, or None to begin anew; it is its author's while it is theirs to write.

    A draft goes on with who stands in for its author, and comes back to them.
    """
    me = turn.person.id
    if kept.author_id == me:
        return kept
    author = people.get(turn.session, kept.author_id)
    writes = kept.author_id in may_write(turn.session, participant, turn.today)
    if author is not None and author.takes_part and writes:
        raise Refused("{name} is writing this review, or has sent it.", name=author.name)
    if kept.sent:
        return kept
    together = go_on_together(turn.session, participant, kept.author_id, me, turn.today)
    return replace(kept, author_id=me) if together else None
