"""Asking for help outside a check-in: the same request in the same ledger, told to the manager in a working hour."""

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.support import LONGEST, Support, those_in, waiting_for
from bot.domain.template import Named
from bot.handlers.support import views
from bot.handlers.support.conversation import asked_key, flow
from bot.slack import attention
from bot.slack.flow import Open, Turn
from bot.store import cycles, people, support, templates


@flow.command("support", N_("Ask your manager for help, at any time"))
@flow.action
def want(turn: Turn) -> Open:
    """Open the form."""
    cycle, manager = _where(turn)
    return Open(views.request_form(turn.t, manager, _kinds(turn, cycle)))


@flow.view
def request(turn: Turn) -> None:
    """Keep the request; its card shows what becomes of it, and the manager hears of it."""
    cycle, manager = _where(turn)
    words = turn.inputs.text("what")[:LONGEST]
    if not words:
        raise Refused("Please say in a few words what is in the way", field="what")
    offered = [one.id for one in _kinds(turn, cycle)]
    kinds = tuple(one for one in turn.inputs.many("help") if one in offered)
    asked = Support("", cycle.id, turn.person.id, turn.today, manager.id, turn.now, kinds, words, apart=True)
    again = waiting_for(words, kinds, support.of_people(turn.session, [turn.person.id]))
    kept = None if again else support.keep(turn.session, asked)
    if kept is None:
        raise Refused("You have asked for this, and it is still open. Home shows what becomes of it.", field="what")
    turn.note(Act.ASK_SUPPORT, turn.person.id, kept.id)
    _show(turn, kept, turn.person)
    turn.remind(tell, manager.id, turn.now, kept.id)


def _where(turn: Turn) -> tuple[Cycle, Person]:
    turn.must(Act.ASK_SUPPORT, turn.person.id)
    cycle = cycles.current_for(turn.session, turn.person.id, turn.today)
    manager = people.manager_of(turn.session, turn.person.id, turn.today)
    if cycle is None or manager is None or not manager.takes_part:
        raise Refused("I carry requests for help while a cycle runs for you. Please talk to your manager directly.")
    return cycle, manager


def _kinds(turn: Turn, cycle: Cycle) -> tuple[Named, ...]:
    taker = cycles.participant(turn.session, cycle.id, turn.person.id)
    return templates.template_of(turn.session, taker.template).support


# Telling ----------------------------------------------------------------------------------


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """The manager hears that somebody waits for them."""
    one = support.get(turn.session, turn.carry)
    if one.open and turn.may(Act.GIVE_SUPPORT, one.person_id):
        turn.say(turn.person, _wanted_key(one, turn.person), views.wanted_card, one, _named(turn, one))


@flow.prompt_that(Attention.FREE)
def hear(turn: Turn) -> None:
    """Who asked hears the answer."""
    one = support.get(turn.session, turn.carry)
    told = views.answered(turn.t, one, _named(turn, one))
    attention.say_news(turn, turn.person, f"support/{one.id}/{turn.person.id}/answer", told)


@flow.timer
def refresh(turn: Turn) -> None:
    """Something became of it: both cards show it."""
    one = support.get(turn.session, turn.carry)
    _show(turn, one, turn.person)
    if manager := people.get(turn.session, one.manager_id):
        turn.update(manager, _wanted_key(one, manager), views.wanted_card, one, _named(turn, one))


def _show(turn: Turn, one: Support, person: Person) -> None:
    turn.say(person, asked_key(one), views.asked_card, one, _named(turn, one))


def _named(turn: Turn, one: Support) -> dict[str, Person]:
    return people.named(turn.session, those_in([one]))


def _wanted_key(one: Support, manager: Person) -> str:
    return f"support/{one.id}/{manager.id}/wanted"
