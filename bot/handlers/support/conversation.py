"""The flow itself, and the facts that its windows and messages are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.access import Act
from bot.domain.checkin import Checkin
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.support import Support, asked, those_in
from bot.domain.template import Template
from bot.slack.flow import OUTDATED, Flow, Replace, Turn, day_of
from bot.slack.flow import Open as Opened
from bot.store import checkins, cycles, outbox, people, support, templates

flow = Flow("support")

ON_PAGE = "team"
"""What the buttons of the team's page carry at the end: what they open takes the page's place."""


@dataclass(frozen=True)
class Case:
    """A request with the people in it, and what its department's manager can give."""

    request: Support
    person: Person
    template: Template
    named: Mapping[str, Person] = field(default_factory=dict)
    on_page: bool = False

    @property
    def carry(self) -> str:
        """What the windows carry."""
        return f"{self.request.place}/{ON_PAGE}" if self.on_page else self.request.place

    @property
    def is_new(self) -> bool:
        """Whether nobody asked: the manager offers."""
        return not self.request.id


def case_of(turn: Turn) -> Case:
    """The open request of the day that was carried, if this person may answer it; without one, a new offer."""
    cycle_id, person_id, on, *more = (*turn.carry.split("/"), "", "")
    turn.must(Act.GIVE_SUPPORT, person_id)
    found = support.of_checkin(turn.session, cycle_id, person_id, day_of(on))
    if found is None or not found.open:
        checkin = _told(turn, cycle_id, person_id, on)
        found = replace(asked(checkin, turn.now), what="", kinds=(), manager_id=turn.person.id)
    return case(turn, found, on_page=more[0] == ON_PAGE)


def case(turn: Turn, request: Support, *, on_page: bool = False) -> Case:
    """What is to be known of a request."""
    taker = cycles.participant(turn.session, request.cycle_id, request.person_id)
    named = people.named(turn.session, those_in([request]))
    template = templates.template_of(turn.session, taker.template)
    return Case(request, named[request.person_id], template, named, on_page)


def _told(turn: Turn, cycle_id: str, person_id: str, on: str) -> Checkin:
    checkin = checkins.find(turn.session, cycle_id, person_id, day_of(on))
    if checkin is None or not checkin.told:
        raise Refused(OUTDATED)
    return checkin


def asked_key(request: Support) -> str:
    """The key of the card of somebody who asked outside a check-in."""
    return f"support/{request.id}/{request.person_id}/asked"


def by_itself(turn: Turn, request: Support) -> bool:
    """Whether it was asked outside a check-in, and so has a card of its own."""
    return outbox.was_said(turn.session, asked_key(request))


def tell(turn: Turn, request: Support) -> None:
    """Have cards and digests show what became of it."""
    if by_itself(turn, request):
        turn.remind("support.refresh", request.person_id, turn.now, request.id)
    turn.remind("checkins.refresh", request.person_id, turn.now, request.place)


def page_again(turn: Turn) -> Replace | None:
    """The team's page as it stands now."""
    reply = turn.flows.steps["checkins.open_team"](turn)
    return Replace(reply.view) if isinstance(reply, Opened) else None
