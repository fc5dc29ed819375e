"""Was it useful? Asked once after delivery; the manager hears the answer once, with the line that goes with it."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.refusal import Refused
from bot.domain.support import LONGEST, Support, Useful, rated
from bot.handlers.support import views
from bot.handlers.support.conversation import flow, tell
from bot.slack.flow import Open, Turn, known
from bot.store import people, support
from bot.store.timers import remind_once

A_WHILE = timedelta(minutes=10)
"""What comes within this time is one message."""


def put_question(turn: Turn, one: Support) -> None:
    """Put up the question, or the answer in its place."""
    turn.say(turn.person, f"support/{one.id}/{one.person_id}/useful", views.question, one)


@flow.prompt
def ask(turn: Turn) -> None:
    """Ask the employee once."""
    one = support.get(turn.session, turn.carry)
    if one.useful is None:
        put_question(turn, one)


@flow.action
def rate(turn: Turn) -> None:
    """Yes, partly or no."""
    support_id, answer = turn.carried(2)
    before = _mine(turn, support_id)
    _keep(turn, before, rated(before, known(Useful, answer)))


@flow.action
def write(turn: Turn) -> Open:
    """Ask for the line."""
    return Open(views.line_form(turn.t, _mine(turn, turn.carry)))


@flow.view
def send(turn: Turn) -> None:
    """Keep the line."""
    before = _mine(turn, turn.carry)
    words = turn.inputs.text("word")[:LONGEST]
    if not words:
        raise Refused("Please write a few words", field="word")
    _keep(turn, before, replace(before, word=words))


def _mine(turn: Turn, support_id: str) -> Support:
    one = support.get(turn.session, support_id)
    turn.must(Act.ASK_SUPPORT, one.person_id)
    return one


def _keep(turn: Turn, before: Support, after: Support) -> None:
    support.change(turn.session, before, after)
    turn.note(Act.ASK_SUPPORT, after.person_id, after.id)
    put_question(turn, after)
    tell(turn, after)
    remind_once(turn.session, thank.id, after.manager_id, after.id, turn.now + A_WHILE)


@flow.prompt_that(Attention.BRINGS)
def thank(turn: Turn) -> None:
    """The manager hears how the help worked out; a line that comes later changes the message in its place."""
    one = support.get(turn.session, turn.carry)
    person = people.get(turn.session, one.person_id)
    if person and turn.may(Act.GIVE_SUPPORT, one.person_id):
        turn.say(turn.person, f"support/{one.id}/{turn.person.id}/thanks", views.thanks, one, person)
