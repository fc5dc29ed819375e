"""What an employee hears back: the card is always up to date, and one message a while later holds all that came."""

from datetime import timedelta

from bot.domain.attention import Attention
from bot.domain.checkin import Checkin
from bot.handlers.checkins import asking, digest_views, digests, views
from bot.handlers.checkins.conversation import card_key, card_of, flow
from bot.slack import attention
from bot.slack.flow import Turn, day_of
from bot.slack.text import escape
from bot.store import checkins, people, timers

A_WHILE = timedelta(minutes=10)
"""A comment, a promise and a second thought within this time are one message."""


def plan(turn: Turn, checkin: Checkin) -> None:
    """Have the employee told in a while, together with what comes until then."""
    carry = f"{checkin.cycle_id}/{checkin.person_id}/{checkin.day}"
    timers.remind_once(turn.session, hear.id, checkin.person_id, carry, turn.now + A_WHILE)


@flow.prompt_that(Attention.BRINGS)
def hear(turn: Turn) -> None:
    """Tell the employee what the manager wrote and promised."""
    one = _carried(turn)
    if one is None:
        return
    facts = card_of(turn, one)
    request = facts.request if facts.request and facts.request.answered_at else None
    who = one.comment_by or (request.manager_id if request else "")
    manager = people.get(turn.session, who) if who else None
    if manager is None:
        return
    so_far = views.standing_of(turn.t, request, facts.named) if request else None
    word = digest_views.word(turn.t, escape(manager.name), one.day, one.comment, so_far)
    attention.say_news(turn, turn.person, f"{card_key(one)}/word", word)


@flow.timer
def refresh(turn: Turn) -> None:
    """Something became of the help that was asked for in a check-in: card and digests show it."""
    one = _carried(turn)
    said = digests.say_newest(turn, turn.carried(3)[0])
    if one is None:
        return
    asking.say_card(turn, one)
    if (one.manager_id, one.digest_on) != said:
        digests.say(turn, one)
    newest = checkins.history(turn.session, one.cycle_id, one.person_id)[-1:]
    for later in newest:
        if later.told and later.day != one.day:
            asking.say_card(turn, later)


def _carried(turn: Turn) -> Checkin | None:
    cycle_id, person_id, day = turn.carried(3)
    return checkins.find(turn.session, cycle_id, person_id, day_of(day))
