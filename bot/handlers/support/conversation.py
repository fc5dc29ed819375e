"""The flow itself, and the facts that its windows and messages are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.access import Act
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.support import Support, asked, those_in
from bot.domain.template import Template
from bot.slack.flow import OUTDATED, Flow, Replace, Turn, day_of
from bot.store import checkins, cycles, people, support, templates

flow = Flow("support")

ON_PAGE = "team"
"""How the last thing begins that buttons of the team's page carry: what they open takes that page's place."""


SEEN = "seen"
"""What windows carry besides: when the request had been answered that they show, so that nobody answers it unseen."""


@dataclass(frozen=True)
class Case:
    """A request, the people in it, and what its department's manager can give; `page` is the team's to go back to."""

    request: Support
    person: Person
    template: Template
    named: Mapping[str, Person] = field(default_factory=dict)
    page: str = ""

    @property
    def carry(self) -> str:
        """What the windows carry."""
        return "/".join(part for part in (self.request.carry, _seen(self.request), self.page) if part)

    @property
    def is_new(self) -> bool:
        """Whether nobody asked: the manager offers."""
        return not self.request.id


def case_of(turn: Turn) -> Case:
    """The open request that was carried, if this person may answer it; where a check-in has none, a new offer."""
    parts = turn.carry.split("/")
    where = [one for one in parts if not one.startswith((ON_PAGE, SEEN))]
    request = _apart(turn, where[0]) if len(where) == 1 else _of_checkin(turn, *[*where, "", "", ""][:3])
    if any(one.startswith(SEEN) and one != _seen(request) for one in parts):
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return case(turn, request, page=next((one for one in parts if one.startswith(ON_PAGE)), ""))


def _seen(request: Support) -> str:
    return f"{SEEN}{request.answered_at or ''}"


def _of_checkin(turn: Turn, cycle_id: str, person_id: str, on: str) -> Support:
    turn.must(Act.GIVE_SUPPORT, person_id)
    found = support.of_checkin(turn.session, cycle_id, person_id, day_of(on))
    if found and found.open:
        return found
    checkin = checkins.find(turn.session, cycle_id, person_id, day_of(on))
    if checkin is None or not (checkin.told and checkin.answered):
        raise Refused(OUTDATED)
    return replace(asked(checkin, turn.now), what="", kinds=(), manager_id=turn.person.id)


def _apart(turn: Turn, support_id: str) -> Support:
    found = support.find(turn.session, support_id)
    turn.must(Act.GIVE_SUPPORT, found.person_id if found else "")
    if found is None or not found.open:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return found


def case(turn: Turn, request: Support, *, page: str = "") -> Case:
    """What is to be known of a request."""
    taker = cycles.participant(turn.session, request.cycle_id, request.person_id)
    named = people.named(turn.session, those_in([request]))
    template = templates.template_of(turn.session, taker.template)
    return Case(request, named[request.person_id], template, named, page)


def asked_key(request: Support) -> str:
    """The key of the card of somebody who asked outside a check-in."""
    return f"support/{request.id}/{request.person_id}/asked"


def tell(turn: Turn, request: Support) -> None:
    """Have cards and digests show what became of it."""
    if request.apart:
        turn.remind("support.refresh", request.person_id, turn.now, request.id)
    turn.remind("checkins.refresh", request.person_id, turn.now, request.place)


def page_again(turn: Turn, page: str) -> Replace | None:
    """The page of the team as it stands now."""
    turn.carry = page
    reply = turn.flows.steps["checkins.turn_page"](turn)
    return reply if isinstance(reply, Replace) else None
