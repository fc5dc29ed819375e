"""What people read in their messages when an objective was given to them, changed, or taken back."""

from bot.domain.cascade import Objective, name_of
from bot.domain.org import Person
from bot.handlers.cascade.shown import sized
from bot.slack.blocks import Does, Message, button, buttons, section
from bot.slack.text import bold, escape, lines
from bot.slack.words import Words


def received(t: Words, by: Person, one: Objective, *, opens: Does, leads: bool) -> Message:
    """What somebody reads who was given a part, or whose part changed."""
    push = t("{name} gave you a part of an objective.", name=by)
    next_step = t("Give it out in your team, so that nothing of it is left over.") if leads else None
    what = lines(bold(push), escape(name_of(one)), sized(t, one.target, one.unit), next_step)
    return Message(push, [section(what), buttons(button(t("Open it"), does=opens, carry=one.id, style="primary"))])


def taken(t: Words, by: Person, one: Objective) -> Message:
    """What somebody reads whose part was taken back."""
    push = t("{name} took back a part of an objective that you had.", name=by)
    return Message(push, [section(lines(push, escape(name_of(one))))])
