"""Saying something to somebody: at once when they wait for it, within their attention budget when nobody asked.

One place for every message. What a step says unasked, and for the first time, counts; past the budget of the week it is
kept back and gathered in one message, from which its reader brings it out. A reminder of what is kept back, or was put
off by its reader, is not sent at all. Nobody but the reader brings out what is kept back: by what others do it gets new
words, and goes unread only when its matter is over.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.attention import Attention, has_room, monday_of, week_begins
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.slack.blocks import Block, Message, button, buttons, context, more, section
from bot.slack.text import Text, bold
from bot.slack.words import Words, words_for
from bot.store import attention, outbox, policy
from bot.store.attention import KeptBack
from bot.store.outbox import Change

if TYPE_CHECKING:
    from bot.slack.flow import Step, Turn

TOMORROW, NEXT_WEEK = "tomorrow", "next_week"
WAITS_UNTIL = {TOMORROW: N_("Remind me tomorrow"), NEXT_WEEK: N_("Remind me next week")}
MOST_LINES = 40
SHOW, SNOOZE = "attention.show", "attention.snooze"


def say(turn: "Turn", to: Person, key: str, message: Message) -> None:
    """Have a message stand in somebody's DM; one that nobody asked for costs attention, or is kept back."""
    counts = turn.attention not in {None, Attention.FREE}
    if not (counts or message.over) or outbox.was_said(turn.session, key):
        _want(turn, to, key, message, acts=turn.urgent and to.id == turn.person.id)
    elif not message.over:
        _say_unasked(turn, to, key, _body(to, message))


def update_all(turn: "Turn", changes: Sequence[tuple[Person, str, Message]]) -> set[str]:
    """Bring messages up to date that were said; nothing comes anew by it. Returns the keys of those that were."""
    kept_back = outbox.bring_up_to_date(
        turn.session,
        [Change(key, to.id, _body(to, message), message.over) for to, key, message in changes],
        turn.real_now,
        urgent=turn.urgent,
    )
    for to, key, _ in changes:
        if asked_at := kept_back.get(key):
            gather(turn, to, asked_at)
    return set(kept_back)


def _body(to: Person, message: Message) -> dict[str, Any]:
    return message.body(whole_text=to.whole_text)


def _want(turn: "Turn", to: Person, key: str, message: Message, *, acts: bool) -> None:
    """Have these words stand, or be kept back as the words before were; what is gathered follows."""
    asked_at = outbox.want(turn.session, key, to.id, _body(to, message), turn.real_now, urgent=turn.urgent,
                           kind=outbox.MESSAGE, acted_at=turn.now if acts else None, over=message.over)  # fmt: skip
    if asked_at:
        gather(turn, to, asked_at)


def _say_unasked(turn: "Turn", to: Person, key: str, body: dict[str, Any]) -> None:
    """Say for the first time what nobody asked for: it takes a place of the week, or is kept back."""
    follows = turn.attention is Attention.REMINDS and attention.is_about_put_off(turn.session, key)
    keep_back = follows or not _has_room(turn, to)
    outbox.want(turn.session, key, to.id, _with_snooze(turn, to, body), turn.real_now, urgent=turn.urgent,
                kind=outbox.MESSAGE, asked_at=None if follows else turn.now, keep_back=keep_back)  # fmt: skip
    if keep_back and not follows:
        gather(turn, to, turn.now)


NEWS_STANDS = timedelta(hours=1)
"""So long a message of news is changed in its place; what comes later is a message of its own, which notifies."""


def say_news(turn: "Turn", to: Person, key: str, message: Message) -> None:
    """Say what is new under this key: a second thought changes what was just said, a later one is said anew.

    What its reader has not seen, for it was gathered or put off, is changed whenever it is.
    """
    newest = attention.newest_under(turn.session, to.id, f"{key}/")
    if newest and newest.body == _body(to, message):
        return
    seen_for = turn.now - datetime.fromisoformat(newest.key.removeprefix(f"{key}/")) if newest else NEWS_STANDS
    again = newest is not None and (not newest.wanted or seen_for < NEWS_STANDS)
    say(turn, to, newest.key if newest and again else f"{key}/{turn.now.isoformat()}", message)
    turn.touched.add(to.id)


def _has_room(turn: "Turn", to: Person) -> bool:
    begins = week_begins(monday_of(turn.now, to.tz), to.tz)
    sent = attention.count_since(turn.session, to.id, begins)
    return has_room(sent, policy.current(turn.session).a_week, turn.attention or Attention.WAITS)


# What is gathered -------------------------------------------------------------------------


def gather(turn: "Turn", to: Person, asked_at: datetime) -> None:
    """Bring the message up to date that gathers what was kept back in a week."""
    monday = monday_of(asked_at, to.tz)
    week = (week_begins(monday, to.tz), week_begins(monday + timedelta(days=7), to.tz))
    key = f"attention/{to.id}/{monday}"
    if attention.kept_back(turn.session, to.id, *week) or outbox.was_said(turn.session, key):
        attention.lock_gathering(turn.session, key, to.id, turn.real_now)
        rest = attention.kept_back(turn.session, to.id, *week)
        shown = also_waiting(words_for(to), rest, policy.current(turn.session).a_week, turn.flows.steps[SHOW])
        outbox.want(turn.session, key, to.id, _body(to, shown), turn.real_now, urgent=turn.urgent, kind=outbox.MESSAGE)


def also_waiting(t: Words, rest: list[KeptBack], a_week: int, show: "Step") -> Message:
    """One message for all that was kept back, each with the button that brings it."""
    if not rest:
        return Message(t("Nothing more waits here."))
    title = t.plural("Also waiting for you: one thing", "Also waiting for you: {n} things", len(rest))
    return Message(title, [section(bold(title)), *to_show(t, rest, show), context(_why_here(t, a_week))])


def _why_here(t: Words, a_week: int) -> Text:
    if a_week == 1:
        return t("At most one message a week comes to you unasked, and it is this one: everything is gathered here.")
    return t(
        "At most {n} messages a week come to you unasked, this one included. Some of these places are kept for what is "
        "due soon; what has no place is gathered here.",
        n=a_week,
    )


def to_show(t: Words, rest: list[KeptBack], show: "Step") -> list[Block]:
    """What was kept back, a line each with the button that brings it."""
    return [
        section(Text(one.body["text"]), button(t("Show"), does=show, carry=one.opaque)) for one in rest[:MOST_LINES]
    ]


# Snooze -----------------------------------------------------------------------------------


def _with_snooze(turn: "Turn", to: Person, body: dict[str, Any]) -> dict[str, Any]:
    """The message with a menu to be reminded later, beside its last buttons."""
    t, does = words_for(to), turn.flows.steps[SNOOZE]
    menu = more([(until, t(label)) for until, label in WAITS_UNTIL.items()], does=does)
    rows = [n for n, block in enumerate(body["blocks"]) if block["type"] == "actions"]
    if not rows:
        return body
    snoozed = deepcopy(body)
    snoozed["blocks"][rows[-1]]["elements"] += buttons(menu)["elements"]
    return snoozed
