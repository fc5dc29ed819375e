"""What the parts of this conversation share: an appeal with its people, who may decide it, and which cards stand."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.appeal import DECIDED, HEARD, LEVELS, Appeal, Decision, State, escalated_until, namers
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.team import Duty
from bot.slack.flow import OUTDATED, Flow, Turn
from bot.store import appeal_facts, appeals, cycles, people

flow = Flow("appeals")


@dataclass(frozen=True)
class Shown:
    """An appeal with the people and the cycle in it; `until` is the last day for asking somebody else to decide."""

    one: Appeal
    cycle: Cycle
    person: Person
    handler: Person | None = None
    rater: Person | None = None
    until: date | None = None
    late: bool = False

    @property
    def decision(self) -> Decision | None:
        """What was decided last, while it stands."""
        return self.one.decisions[-1] if self.one.state in DECIDED and self.one.decisions else None


def shown_of(turn: Turn, one: Appeal) -> Shown:
    """Gather what the cards of an appeal say."""
    ids = {one.person_id, one.handler_id, one.rater_id, *one.heard_by} - {""}
    named = people.named(turn.session, ids)
    person, last = named[one.person_id], one.decisions[-1] if one.decisions else None
    handler = named.get(last.by if last and one.state in DECIDED else one.handler_id)
    until = None
    if last and one.state in DECIDED and one.level < LEVELS:
        until = escalated_until(today_of(turn, person, last.at), turn.workdays(person))
    late = one.state in HEARD and one.due_on is not None and one.due_on < today_of(turn, handler or person)
    return Shown(one, cycles.get(turn.session, one.cycle_id), person, handler, named.get(one.rater_id), until, late)


def today_of(turn: Turn, person: Person, at: datetime | None = None) -> date:
    """The date where somebody is, now or at a moment."""
    return (at or turn.now).astimezone(ZoneInfo(person.tz)).date()


def own(turn: Turn) -> Appeal:
    """The appeal that a button names, for the person whose it is."""
    one = appeals.get(turn.session, _id_of(turn))
    if one.person_id != turn.person.id:
        raise Refused("This appeal was settled meanwhile. Please look at the newest card.")
    return one


def must_hear(turn: Turn) -> Appeal:
    """The appeal that a button names, for whoever decides it and still has no part in it: a right to one record."""
    one = appeals.get(turn.session, _id_of(turn))
    if one.handler_id != turn.person.id or one.state not in HEARD:
        raise Refused("Only whoever decides an appeal opens it, as long as it is open.")
    if turn.person.id in barred_from(turn, one):
        raise Refused("By now you have a part in this result yourself, so somebody else decides. They hear of it "
                      "within a day.")  # fmt: skip
    return one


def barred_from(turn: Turn, one: Appeal) -> frozenset[str]:
    """Who may not decide it: whoever has a part in the result, or has decided before."""
    cycle = cycles.get(turn.session, one.cycle_id)
    return appeal_facts.barred_from(turn.session, cycle, one.person_id, turn.today) | one.heard_by


def who_names(turn: Turn, one: Appeal) -> list[str]:
    """Who names somebody to decide it, where nobody is independent or somebody is late."""
    hr = [each.id for each in people.holders(turn.session, people.HR)]
    owners = [each.id for each in people.holders(turn.session, Duty.OWNER)]
    return namers(hr, owners, one.person_id, barred_from(turn, one))


def may_be_named(shown: Shown) -> bool:
    """Whether HR may name somebody: nobody decides yet, or whoever does is late."""
    return shown.one.state is State.FILED or shown.late


def _id_of(turn: Turn) -> str:
    if not turn.carry or "/" in turn.carry:
        raise Refused(OUTDATED)
    return turn.carry
