"""Asking for help outside a check-in: the same request in the same ledger, told to the manager in a working hour."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.support import LONGEST, State, Support, those_in, waiting_for
from bot.domain.template import Named
from bot.handlers.support import views
from bot.handlers.support.conversation import asked_key, flow
from bot.slack import attention
from bot.slack.flow import Open, Turn
from bot.store import cycles, outbox, people, support, templates

A_DAY, SOON = timedelta(days=1), timedelta(hours=1)
"""Who is to have an open request is looked at anew at least this often; this soon where somebody was not the one."""


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
    turn.remind(hand, "", turn.now, kept.id)


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


@flow.timer
def hand(turn: Turn) -> None:
    """Whoever is the manager today gets an open request; looked at anew every day, for managers change and leave."""
    one = support.get(turn.session, turn.carry)
    if not one.open:
        return
    turn.remind(hand, "", turn.now + A_DAY, one.id)
    manager = people.manager_of(turn.session, one.person_id, turn.today)
    if manager is None or not manager.takes_part:
        return
    if manager.id != one.manager_id:
        let_go(turn, one, one.manager_id)
        one = _now_with(turn, one, manager)
    if one.state is State.ASKED and not outbox.was_said(turn.session, _wanted_key(one, manager.id)):
        turn.remind(tell, manager.id, turn.now, one.id)


def _now_with(turn: Turn, one: Support, manager: Person) -> Support:
    """The request as it passes on; what somebody promised stays theirs in words."""
    person = people.get(turn.session, one.person_id)
    if one.state is not State.ASKED or person is None:
        return one
    after = support.change(turn.session, one, replace(one, manager_id=manager.id))
    _show(turn, after, person)
    return after


def let_go(turn: Turn, one: Support, former_id: str) -> None:
    """The card of who was the manager loses its buttons."""
    if former := people.get(turn.session, former_id):
        turn.update(former, _wanted_key(one, former_id), views.passed_on_card, one, _named(turn, one))


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """The manager hears that somebody waits for them; if they are it no longer, it goes to who is."""
    one = support.get(turn.session, turn.carry)
    if one.open and turn.may(Act.GIVE_SUPPORT, one.person_id):
        turn.say(turn.person, _wanted_key(one, turn.person.id), views.wanted_card, one, _named(turn, one))
    elif one.open:
        turn.remind(hand, "", turn.now + SOON, one.id)


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
        turn.update(manager, _wanted_key(one, manager.id), views.wanted_card, one, _named(turn, one))


def _show(turn: Turn, one: Support, person: Person) -> None:
    turn.say(person, asked_key(one), views.asked_card, one, _named(turn, one))


def _named(turn: Turn, one: Support) -> dict[str, Person]:
    return people.named(turn.session, those_in([one]))


def _wanted_key(one: Support, manager_id: str) -> str:
    return f"support/{one.id}/{manager_id}/wanted"
