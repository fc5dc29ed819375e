"""Reviews in a DM: the invitation, the list for a manager, and what says that something was sent."""

from collections.abc import Sequence
from datetime import date

from bot.domain.cycle import Cycle
from bot.domain.review import Review
from bot.domain.stage_card import Task
from bot.handlers.reviews.team import Standing
from bot.slack.blocks import Block, Does, Message, button, buttons, context, section
from bot.slack.text import Text, bold, escape, lines, row
from bot.slack.training import two_minutes
from bot.slack.words import Words

MOST_ROWS = 40


def invitation(t: Words, cycle: Cycle, until: date, write: Does, read: Does) -> Message:
    """The self-review is open."""
    text = t("Your self-review for {cycle} is open until {day}.", cycle=cycle.name, day=t.weekday(until))
    more = t("How do you see your own work? It takes about 15 minutes, and every step is kept as a draft.")
    who = t("You, your manager and HR can read it once it is sent. Your manager reads it before writing theirs.")
    press = button(t("Write my self-review"), does=write, carry=cycle.id, style="primary")
    return Message(
        text, [section(lines(bold(text), more)), buttons(press, two_minutes(t, Task.SELF_REVIEW, read)), context(who)]
    )


def reminder(t: Words, cycle: Cycle, until: date, write: Does) -> Message:
    """The self-review is still to be sent."""
    text = t("Your self-review for {cycle} can be sent until {day}.", cycle=cycle.name, day=t.weekday(until))
    more = t("What you wrote so far is kept. This is the only reminder.")
    press = button(t("Write my self-review"), does=write, carry=cycle.id, style="primary")
    return Message(text, [section(lines(bold(text), more)), buttons(press)])


def self_sent(t: Words, cycle: Cycle, look: Does) -> Message:
    """The self-review is with the manager."""
    text = t("Thank you. Your self-review for {cycle} is sent.", cycle=cycle.name)
    more = t("You can reopen it until your manager has sent theirs.")
    return Message(
        text, [section(lines(bold(text), more)), buttons(button(t("Look at it"), does=look, carry=cycle.id))]
    )


def team(t: Words, cycle: Cycle, until: date, standings: Sequence[Standing], review: Does, read: Does) -> Message:
    """Everybody whom a manager reviews, with how far it is."""
    sent = sum(1 for one in standings if not one.waits)
    text = t("Your reviews for {cycle} are open until {day}.", cycle=cycle.name, day=t.weekday(until))
    if sent == len(standings):
        text = t("Thank you. All your reviews for {cycle} are sent.", cycle=cycle.name)
    progress = t("{sent} of {all} sent", sent=sent, all=len(standings))
    rows = [_report(t, cycle, one, review) for one in standings[:MOST_ROWS]]
    hidden = len(standings) - len(rows)
    end = [context(t.plural("and one more", "and {n} more", hidden))] if hidden else []
    private = context(t("They see what you wrote only after the results are released."))
    learn = buttons(two_minutes(t, Task.REVIEW, read))
    return Message(text, [section(lines(bold(text), progress)), *rows, *end, learn, private])


def team_reminder(t: Words, cycle: Cycle, until: date, waiting: int, show: Does) -> Message:
    """Some of a manager's reviews are still to be sent."""
    text = t.plural(
        "One review for {cycle} waits for you until {day}.",
        "{n} reviews for {cycle} wait for you until {day}.",
        waiting,
        cycle=cycle.name,
        day=t.weekday(until),
    )
    more = t("What you wrote so far is kept. This is the only reminder.")
    press = button(t("Show my reviews"), does=show, carry=cycle.id, style="primary")
    return Message(text, [section(lines(bold(text), more)), buttons(press)])


def nothing_open(t: Words) -> Message:
    """No review can be written now."""
    return Message(t("No review is open for you now. I will write to you when one is."))


def _report(t: Words, cycle: Cycle, one: Standing, review: Does) -> Block:
    label = t("Review {name}", name=one.person) if one.waits else t("Look at {name}", name=one.person)
    press = button(label, does=review, carry=f"{cycle.id}/{one.person.id}", style="primary" if one.waits else None)
    states = row(
        t("Self-review sent") if one.own and one.own.sent else t("No self-review yet"), _own_state(t, one.review)
    )
    return section(lines(bold(escape(one.person.name)), states), press)


def _own_state(t: Words, review: Review | None) -> Text:
    if review is None:
        return t("Yours: not begun")
    return t("Yours: sent") if review.sent else t("Yours: a draft")
