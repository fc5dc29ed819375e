"""The conversation about feedback from colleagues, and the facts that its parts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.anonymity import Thresholds
from bot.domain.cycle import Cycle, Stage
from bot.domain.feedback import Invitation, Round
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.template import Group, Template
from bot.slack.flow import Flow, Turn
from bot.store import cycles, invitations, people, templates

flow = Flow("peers")


@dataclass(frozen=True)
class Case:
    """One round, and what is needed to speak about it."""

    cycle: Cycle
    about: Round
    ratee: Person
    template: Template
    thresholds: Thresholds

    @property
    def carry(self) -> str:
        """What a button brings along to find this round again."""
        return f"{self.cycle.id}/{self.ratee.id}"

    @property
    def closes_on(self) -> date:
        """The day on which the answers are opened."""
        return self.cycle.opens[Stage.CALIBRATING]

    @property
    def served(self) -> bool:
        """Whether other departments are customers of this person's."""
        return any(group.id is Group.INTERNAL_CUSTOMER for group in self.template.raters)

    def key(self, *rest: str) -> str:
        """The key of a message about this round."""
        return "/".join(("peers", self.cycle.id, self.ratee.id, *rest))


def case_of(turn: Turn, cycle_id: str, ratee_id: str, *, to_change: bool = False) -> Case:
    """Gather the facts about a round, locked `to_change` who is asked; one that does not exist is refused."""
    about = invitations.round_about(turn.session, cycle_id, ratee_id, to_change=to_change)
    participant = cycles.participant(turn.session, cycle_id, ratee_id)
    ratee = people.get(turn.session, ratee_id)
    if ratee is None:
        raise Refused("There is no feedback round about this person.")
    return Case(
        cycles.get(turn.session, cycle_id),
        about,
        ratee,
        templates.template_of(turn.session, participant.template),
        invitations.terms(turn.session, cycle_id),
    )


def lead(turn: Turn, case: Case) -> Person | None:
    """Who leads the person it is about today, or stands in: by the date where that person is, whoever asks."""
    day = turn.now.astimezone(ZoneInfo(case.ratee.tz)).date()
    found = people.manager_of(turn.session, case.ratee.id, day)
    return found if found and found.takes_part else None


def cases_of(turn: Turn, cycle_id: str, rounds: Sequence[Round]) -> list[Case]:
    """The same for many rounds of one cycle, with as many queries as for one; those that do not exist are left out."""
    ids = [one.ratee_id for one in rounds]
    cycle, terms = cycles.get(turn.session, cycle_id), invitations.terms(turn.session, cycle_id)
    takers = {one.person_id: one for one in cycles.participants(turn.session, cycle_id, ids)}
    ratees = people.named(turn.session, ids)
    read = {one: templates.template_of(turn.session, one) for one in {taker.template for taker in takers.values()}}
    return [
        Case(cycle, one, ratees[one.ratee_id], read[takers[one.ratee_id].template], terms)
        for one in rounds
        if one.ratee_id in ratees and one.ratee_id in takers
    ]


def must_be_assessing(turn: Turn, case: Case) -> None:
    """Refuse to settle who is asked when it is too late for them to answer."""
    if case.cycle.stage_on(turn.today) is not Stage.ASSESSING:
        raise Refused("Colleagues are asked only while a cycle is being assessed. Please talk to each other directly.")


def my_request(turn: Turn, cycle_id: str, ratee_id: str) -> Invitation:
    """The invitation of the person whose turn it is."""
    return invitations.invitation(turn.session, cycle_id, ratee_id, turn.person.id)
