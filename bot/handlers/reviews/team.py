"""Who is reviewed by whom, and what of it is still to be written."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.cycle import Cycle, Stage
from bot.domain.org import Person
from bot.domain.review import Kind, Review
from bot.slack.flow import Turn
from bot.store import cycles, people, reviews
from bot.store.reviewers import at_launch, may_write


@dataclass(frozen=True)
class Standing:
    """How far the reviews of one report are."""

    person: Person
    own: Review | None
    review: Review | None

    @property
    def waits(self) -> bool:
        """Whether the manager's review is still to be sent."""
        return self.review is None or not self.review.sent


def assessing(turn: Turn) -> list[Cycle]:
    """The cycles in which reviews are written today."""
    return [one for one in cycles.every(turn.session) if one.stage_on(turn.today) is Stage.ASSESSING]


def takes_part(turn: Turn, cycle: Cycle) -> bool:
    """Whether the person whose turn it is will be reviewed in this cycle."""
    return cycles.takes_part(turn.session, cycle.id, turn.person.id)


def team_of(turn: Turn, cycle: Cycle, manager_id: str) -> list[Standing]:
    """Whom somebody reviews in a cycle, and is still there."""
    present = {one.id: one for one in led_in(turn, cycle, manager_id) if one.takes_part}
    own = reviews.in_cycle(turn.session, cycle.id, Kind.SELF, present)
    written = reviews.in_cycle(turn.session, cycle.id, Kind.MANAGER, present)
    return [Standing(one, own.get(one.id), written.get(one.id)) for one in present.values()]


def led_in(turn: Turn, cycle: Cycle, manager_id: str) -> list[Person]:
    """Who reported to somebody, or to whom they stand in for, at the launch or today; who left meanwhile too."""
    today = {one.id for one in people.reports_of(turn.session, manager_id, turn.today)}
    others = people.stood_in_for(turn.session, manager_id, turn.today)
    launched = [one for lead in (manager_id, *others) for one in cycles.reports_in(turn.session, cycle.id, lead)]
    found = [
        *(one for one in launched if manager_id in (one.manager_id, at_launch(turn.session, one, turn.today))),
        *cycles.participants(turn.session, cycle.id, today),
    ]
    ids = {one.person_id for one in found} - {manager_id}
    return sorted(people.named(turn.session, ids).values(), key=lambda one: (one.name, one.id))


def self_waits(turn: Turn, cycle: Cycle) -> bool:
    """Whether this person's own review is still to be sent."""
    if cycle.stage_on(turn.today) is not Stage.ASSESSING or not takes_part(turn, cycle):
        return False
    own = reviews.self_review(turn.session, cycle.id, turn.person.id)
    return own is None or not own.sent


def reviews_waiting(turn: Turn, cycle: Cycle) -> int:
    """How many reviews this manager has still to send; what somebody else writes meanwhile does not wait for them."""
    if cycle.stage_on(turn.today) is not Stage.ASSESSING:
        return 0
    me, waiting = turn.person.id, [one for one in team_of(turn, cycle, turn.person.id) if one.waits]
    return sum(1 for one in waiting if people.acts_for(turn.session, me, one.person.id, turn.today) == me)


def reviewers_of(turn: Turn, cycle: Cycle, person: Person) -> list[Person]:
    """Who may review somebody: their manager at the launch, and today's, or who stands in for them."""
    taker = cycles.participant(turn.session, cycle.id, person.id)
    ids = {taker.manager_id, *may_write(turn.session, taker, turn.today)} - {"", person.id}
    return [one for one in people.named(turn.session, ids).values() if one.takes_part]


def ratings_given(turn: Turn, cycle_id: str, review: Review) -> Sequence[int]:
    """All ratings that this manager has sent in the cycle, and those about to be."""
    others = reviews.by_manager(turn.session, cycle_id, turn.person.id)
    given = [one.competencies for one in others if one.sent and one.person_id != review.person_id]
    return [rated for ratings in (*given, review.competencies) for rated in ratings.values()]
