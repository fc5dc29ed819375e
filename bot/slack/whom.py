"""Who is meant by what somebody typed behind a command."""

from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.slack.flow import Turn
from bot.slack.text import mentioned
from bot.store import people


def named(turn: Turn, typed: str) -> Person:
    """Somebody by mention, by name, or by the id that a button brings along."""
    if person := people.get(turn.session, mentioned(typed) or typed):
        return person
    wanted = typed.lstrip("@").casefold()
    found = next((one for one in people.everyone(turn.session) if one.name.casefold() == wanted), None)
    if found is None:
        raise Refused("I do not know “{name}”. Write the name as Slack shows it.", name=typed[:80])
    return found
