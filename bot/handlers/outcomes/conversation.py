"""What the parts of this conversation share: the flow, what may be seen of one person, and when by themself."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.access import Act
from bot.domain.cadence import DAY, OPENS, instant
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.outcomes import Kind, Proposal
from bot.domain.refusal import Refused
from bot.slack.flow import Flow, Step, Turn, known
from bot.store import cycles, interviews, outcomes, people, results
from bot.store.outcomes import Commendation, Outcome

flow = Flow("outcomes")


@dataclass(frozen=True)
class Looked:
    """What follows for one person in a cycle, who decided, and whether whoever looks decides."""

    cycle: Cycle
    version: int
    person: Person
    outcome: Outcome
    deciders: Mapping[str, Person]
    commended: Commendation | None
    decides: bool

    @property
    def carry(self) -> str:
        """What a button brings along for this page."""
        return f"{self.cycle.id}/{self.person.id}"

    def proposal(self, kind: str) -> Proposal:
        """The proposal of this kind; one that the rules do not make is refused."""
        wanted = known(Kind, kind)
        found = [one for one in self.outcome.proposed if one.kind is wanted]
        if not found:
            raise Refused("The rules do not propose this any more. Please open the page again.")
        return found[0]


def look_at(turn: Turn, cycle_id: str, person_id: str) -> Looked:
    """What this person may see of what follows for that one, today."""
    turn.must(Act.SEE_OUTCOMES, person_id)
    result = results.result(turn.session, cycle_id, person_id)
    if result and result.released_at and person_id == turn.person.id:
        interviews.check_shown(turn.session, result, turn.today, turn.workdays(turn.person))
    cycle = cycles.get(turn.session, cycle_id)
    held = outcomes.terms_of(turn.session, cycle.id)
    if held is None:
        raise Refused("This cycle began without rules that propose anything, so nothing is proposed here.")
    found = outcomes.outcomes(turn.session, cycle.id, [person_id])
    if not found:
        raise Refused("There is no released result with a grade here, so nothing follows from it yet.")
    those = {person_id, *(one.decided_by for one in found[0].decided.values())}
    named = people.named(turn.session, those)
    commended = outcomes.commendation(turn.session, cycle.id, person_id)
    decides = turn.may(Act.DECIDE_OUTCOME, person_id)
    return Looked(cycle, held[1], named[person_id], found[0], named, commended, decides)


def may_see_own(turn: Turn, cycle_id: str) -> bool:
    """Whether nothing is kept from somebody about their own result: they have none, or may see it by now."""
    result = results.result(turn.session, cycle_id, turn.person.id)
    return result is None or interviews.may_see(turn.session, result, turn.today, turn.workdays(turn.person))


def waits_for_talk(turn: Turn, cycle_id: str, step: Step) -> bool:
    """Whether the result is shown to its person in a talk that is still to come; then this step asks again tomorrow."""
    if may_see_own(turn, cycle_id):
        return False
    turn.remind(step, turn.person.id, instant(turn.today + DAY, OPENS, turn.person.tz), cycle_id)
    return True
