"""Reminders, by the bot alone: no person ever sees who has not answered, at most a share of five or more."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import OPENS, add_working_days, instant
from bot.domain.cycle import Stage
from bot.domain.feedback import RoundState
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.handlers.peers import answering, approving, nominating
from bot.handlers.peers.conversation import Case, case_of, flow, lead
from bot.slack.blocks import Message, button, section
from bot.slack.flow import Answer, Task, Turn
from bot.slack.text import Text, bullets, lines
from bot.slack.words import Words
from bot.store import attention, cycles, invitations
from bot.store import shares as taken

NUDGED = (1, 3)
"""Working days after the asking on which a rater is reminded."""
TOLD = (3, 6)
"""Working days after the asking on which the manager is told a share."""
COUNTED = (3, 6, 9)
"""Working days after the first asking of a cycle on which HR's share is counted."""

# What people see --------------------------------------------------------------------------


def nudge_card(t: Words, open_cases: Sequence[Case]) -> Message:
    """Remind one rater of what is still open; nobody else gets this."""
    text = t.plural(
        "A colleague still hopes for your feedback.", "{n} colleagues still hope for your feedback.", len(open_cases)
    )
    each = [
        section(
            t("{ratee}, until {day}", ratee=case.ratee, day=case.closes_on),
            button(t("Start"), does=answering.start, carry=case.carry, style="primary"),
        )
        for case in open_cases[:20]
    ]
    return Message(text, [section(text), *each])


def shares(t: Words, found: Sequence[tuple[str, tuple[Decimal | None, date] | None]]) -> Message:
    """How many had answered when it was last counted, cycle by cycle."""
    intro = t(
        "Feedback from colleagues: how many of those asked at first have answered. Nobody sees who, so I count on a "
        "few fixed days only."
    )
    each = [t("{cycle}: {share}", cycle=cycle, share=_share(t, counted)) for cycle, counted in found]
    return Message(intro, [section(lines(intro, bullets(each) if each else t("No cycle is being assessed.")))])


def _share(t: Words, counted: tuple[Decimal | None, date] | None) -> Text:
    if counted is None:
        return t("not counted yet")
    share, on = counted
    return (
        t("{share} on {day}", share=t.percent(share), day=on) if share is not None else t("fewer than five are asked")
    )


# What happens -----------------------------------------------------------------------------


def plan(turn: Turn, case: Case, rater: Person) -> None:
    """Plan both reminders; requests of the same day share them."""
    for n in NUDGED:
        carry = f"{case.cycle.id}/{turn.today.isoformat()}/{n}"
        day = add_working_days(turn.today, n, turn.workdays(rater))
        turn.remind(nudge, rater.id, instant(day, OPENS, rater.tz), carry)


def plan_coverage(turn: Turn, case: Case) -> None:
    """Plan to tell the manager a share on the same days, so that it does not move with each answer."""
    for n in TOLD:
        day = add_working_days(turn.today, n, turn.workdays(turn.person))
        turn.remind(tell_share, "", instant(day, OPENS, turn.person.tz), f"{case.carry}/{n}")


def plan_counting(turn: Turn, case: Case) -> None:
    """Plan the days on which the share of a cycle is counted, once for all its rounds."""
    for n in COUNTED:
        day = add_working_days(turn.today, n, turn.workdays(turn.person))
        at = instant(day, OPENS, turn.person.tz)
        turn.remind(count_share, "", at, f"{case.cycle.id}/{n}")


@flow.timer
def count_share(turn: Turn) -> None:
    """Count the share of a cycle."""
    cycle_id, _ = turn.carried(2)
    taken.count(turn.session, cycle_id, turn.today)


@flow.prompt_that(Attention.EXPIRES)
def nudge(turn: Turn) -> None:
    """Remind a rater of what was asked on one day and is still open: once a day, though leave put both off to it."""
    cycle_id, asked_on, _ = turn.carried(3)
    waiting = invitations.waiting_for(turn.session, turn.person.id)
    due = [one for one in waiting if one.cycle_id == cycle_id and one.asked_on == date.fromisoformat(asked_on)]
    if due:
        key = _nudged(turn, f"peers/{cycle_id}/{turn.person.id}/nudge/{asked_on}")
        turn.say(turn.person, key, nudge_card, [case_of(turn, cycle_id, one.ratee_id) for one in due])


def _nudged(turn: Turn, key: str) -> str:
    """Under which key to remind today; a reminder that its reader has yet to see is not joined by another."""
    newest = attention.newest_under(turn.session, turn.person.id, f"{key}/")
    return newest.key if newest and not newest.wanted else f"{key}/{turn.today}"


@flow.timer
def tell_share(turn: Turn) -> None:
    """Have a share told to whoever leads the person today."""
    cycle_id, ratee_id, _ = turn.carried(3)
    if (manager := lead(turn, case_of(turn, cycle_id, ratee_id))) is not None:
        turn.remind(show_share, manager.id, turn.now, turn.carry)


@flow.prompt
def show_share(turn: Turn) -> None:
    """Put the share on the card of whoever leads today, if enough were asked for it to say nothing of one person."""
    cycle_id, ratee_id, _ = turn.carried(3)
    case = case_of(turn, cycle_id, ratee_id)
    if case.about.state is RoundState.OPEN and approving.is_for(turn, case, show_share):
        asked = len(invitations.invited(turn.session, cycle_id, ratee_id))
        share = taken.of_round(turn.session, cycle_id, ratee_id)
        approving.stands_with(turn, case, turn.person, lambda t: approving.approved_card(t, case, asked, share))


@flow.command("peers", N_("How many colleagues have given feedback"), for_hr=True)
@flow.action
def show_shares(turn: Turn) -> Answer:
    """Tell HR how far each cycle was on the last of the days on which that is counted."""
    turn.must(Act.RUN_CYCLE, turn.person.id)
    assessing = [one for one in cycles.every(turn.session) if one.stage_on(turn.today) is Stage.ASSESSING]
    return Answer(shares(turn.t, [(one.name, taken.counted(turn.session, one.id)) for one in assessing]))


@flow.waiting
def waiting(turn: Turn) -> list[Task]:
    """Lists to make or to look at, and requests to answer."""
    return [*nominating.tasks(turn), *approving.tasks(turn), *answering.tasks(turn)]
