"""Files that Cairn hands to people in their DM."""

from collections.abc import Callable

from bot.domain.org import Person
from bot.slack.flow import Step, Turn
from bot.slack.text import Text
from bot.slack.words import Words, words_for
from bot.store import outbox


def hand_out(turn: Turn, to: Person, key: str, makes: Step, carry: str, says: Callable[[Words], Text]) -> None:
    """Have a file come into somebody's DM, with a sentence in their language; a further wish brings it once more.

    The outbox keeps which step `makes` it and what about, never what is in it: it is made in a turn of that person when
    it is sent, and asks for the right again there.
    """
    body = {"does": makes.id, "carry": carry, "text": says(words_for(to))}
    outbox.want(turn.session, key, to.id, body, turn.real_now, urgent=turn.urgent, kind=outbox.FILE)
    turn.touched.add(to.id)


def was_handed(turn: Turn, to: Person, key: str) -> bool:
    """Whether this file was ever handed to this person, or is on its way."""
    return outbox.was_said(turn.session, key, to.id)
