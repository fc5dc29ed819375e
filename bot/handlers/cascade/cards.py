"""What people read in their messages when an objective was given to them, changed, or taken back."""

from decimal import Decimal

from bot.domain.cascade import Objective, name_of
from bot.domain.org import Person
from bot.handlers.cascade.shown import sized
from bot.slack.blocks import Does, Message, button, buttons, section
from bot.slack.text import bold, escape, lines
from bot.slack.words import Words


def received(t: Words, by: Person, one: Objective, *, opens: Does, leads: bool, part: bool) -> Message:
    """What somebody reads who was given a part or a whole, or whose part changed."""
    given = t("{name} gave you a part of an objective.", name=by)
    push = given if part else t("{name} asks you to answer for an objective.", name=by)
    next_step = t("Give it out in your team, so that nothing of it is left over.") if leads else None
    what = lines(bold(push), escape(name_of(one)), sized(t, one.target, one.unit), next_step)
    return Message(push, [section(what), buttons(button(t("Open it"), does=opens, carry=one.id, style="primary"))])


def counted(t: Words, by: Person, one: Objective, above: Objective, share: Decimal | None) -> Message:
    """What those read who answer for an objective and for what it counts for."""
    push = t("{name} changed what an objective counts for.", name=by)
    names = {"part": name_of(one), "whole": name_of(above)}
    said = t("“{part}” does not count for “{whole}” any more.", **names)
    if share:
        said = t("{share} % of “{part}” counts for “{whole}”.", share=share, **names)
    return Message(push, [section(lines(push, said))])


def taken(t: Words, by: Person, name: str) -> Message:
    """What somebody reads whose part was taken back."""
    push = t("{name} took back a part of an objective that you had.", name=by)
    return Message(push, [section(lines(push, escape(name)))])
