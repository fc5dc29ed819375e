"""One goal on a page of its own: what was agreed and reached, and all that was said of it on the way."""

from bot.domain.access import Act
from bot.domain.checkin import CONFIDENCE_NAMES, Checkin
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.support import State, Support
from bot.handlers.reviews.case import Case, case_of, kind_of
from bot.handlers.reviews.conversation import flow
from bot.handlers.reviews.facts import LONGEST_LINE, actual_of, kept_evidence, measured, target_of, words_of
from bot.slack.blocks import Block, View, button, buttons, context, header, page, section
from bot.slack.flow import Open, Turn
from bot.slack.text import Text, bold, clip, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import people, support

MOST_CHECKINS, MOST_REQUESTS, MOST_BUTTONS = 26, 15, 10

STATES = {
    State.ASKED: N_("asked, not answered yet"),
    State.PROMISED: N_("promised"),
    State.DELIVERED: N_("delivered"),
    State.DECLINED: N_("declined"),
    State.WITHDRAWN: N_("not needed any more"),
}


def to_goals(t: Words, case: Case) -> list[Block]:
    """The ways to the pages of the goals."""
    presses = [
        button(clip(escape(goal.title), 60), does=open_goal, carry=f"{case.carry}/{goal.id}")
        for goal in case.goals[:MOST_BUTTONS]
    ]
    return [context(t("All about one goal:")), buttons(*presses)] if presses else []


@flow.action
def open_goal(turn: Turn) -> Open:
    """Show one goal with all that is known of it."""
    cycle_id, person_id, kind, goal_id = turn.carried(4)
    case = case_of(turn, cycle_id, person_id, kind_of(kind))
    goal = next((one for one in case.goals if one.id == goal_id), None)
    if goal is None:
        raise Refused("This goal is not among the agreed ones any more.")
    turn.look(Act.SEE_REVIEW, person_id, f"review/{cycle_id}")
    return Open(goal_view(turn.t, case, goal, *_supported(turn, case)))


def _supported(turn: Turn, case: Case) -> tuple[list[Support], dict[str, Person]]:
    """What was asked, promised and delivered in this cycle, for whoever may see it, and who is named there."""
    if not turn.may(Act.SEE_SUPPORT, case.person.id):
        return [], {}
    asked = [one for one in support.of_people(turn.session, [case.person.id]) if one.cycle_id == case.cycle.id]
    return asked, people.named(turn.session, {one.by for one in asked} - {""})


def goal_view(t: Words, case: Case, goal: Goal, asked: list[Support], named: dict[str, Person]) -> View:
    """The page: numbers first, then the check-ins, the support and the evidence, each oldest first."""
    own = case.own.levels.get(goal.id) if case.own else None
    said = [one for one in case.history if one.item(goal.id)][-MOST_CHECKINS:]
    numbers = lines(
        t("weight {share} %", share=goal.weight),
        row(t("Target: {target}", target=target_of(t, goal)), actual_of(t, case, goal)),
        t("Self-review: {level}", level=words_of(goal, own)) if own is not None else None,
    )
    return page(
        t("One goal"),
        [
            header(escape(goal.title)),
            section(numbers),
            section(bold(t("Check-ins"))),
            *([section(_said(t, goal, one)) for one in said] or [context(t("It came up in no check-in."))]),
            *_support(t, asked, named),
            *kept_evidence(t, case),
        ],
        close=t("Back"),
    )


def _said(t: Words, goal: Goal, checkin: Checkin) -> Text:
    item = checkin.item(goal.id)
    value = measured(t, item.value, goal.unit) if item and item.value is not None else None
    how = t(CONFIDENCE_NAMES[item.confidence]) if item else None
    words = (item.note if item else "", checkin.note, checkin.blocking)
    about = [quote(each[:LONGEST_LINE]) for each in words if each]
    day = bold(t.day(checkin.day))
    if checkin.blocking:  # what was said of the goal, perhaps earlier, does not stand above what blocks
        return lines(row(day, t("Blocked")), *about, row(value, how))
    return lines(row(day, value, how), *about)


def _support(t: Words, asked: list[Support], named: dict[str, Person]) -> list[Block]:
    """Help is asked for by a person, not for one goal: all of it stands on each page."""
    if not asked:
        return [context(t("No support was asked for in this cycle."))]
    told = [section(_one_support(t, one, named)) for one in asked[-MOST_REQUESTS:]]
    return [section(bold(t("Support in this cycle, for all goals"))), *told]


def _one_support(t: Words, one: Support, named: dict[str, Person]) -> Text:
    promised = t("Promised: {words}", words=one.promise[:LONGEST_LINE]) if one.promise else None
    by = t("{name}, until {day}", name=named[one.by], day=one.due) if one.by in named and one.due else None
    delivered = t("Delivered on {day}", day=one.delivered_on) if one.delivered_on else None
    asked = quote(one.what[:LONGEST_LINE]) if one.what else None
    return lines(row(bold(t.day(one.day)), t(STATES[one.state])), asked, row(promised, by, delivered) or None)
