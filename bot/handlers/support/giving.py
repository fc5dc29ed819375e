"""What a manager does: promise, change the promise, decline with a reason, say that it is delivered."""

from dataclasses import replace
from datetime import time

from bot.domain.access import Act
from bot.domain.cadence import add_working_days, instant
from bot.domain.refusal import Refused
from bot.domain.support import LONGEST, USUALLY, Support, declined, delivered, promised
from bot.handlers.support import coming_back, requesting, thanking, views
from bot.handlers.support.conversation import ON_PAGE, Case, case_of, flow, page_again, tell
from bot.slack.flow import Open, Replace, Turn
from bot.store import checkins, people, support
from bot.store.timers import remind_once

AT = time(9, 40)
"""When promises come back, on the manager's wall clock: after the digest, which may hold them already."""


@flow.action
def offer(turn: Turn) -> Open | Replace:
    """Open the window with what was asked and what this kind of manager can give."""
    facts = case_of(turn)
    kept = facts.request.due
    due = kept if kept and kept >= turn.today else add_working_days(turn.today, USUALLY, turn.workdays(turn.person))
    view = views.offer(turn.t, facts, turn.person, due)
    return Replace(view) if facts.page else Open(view)


@flow.view
def promise(turn: Turn) -> Replace | None:
    """Keep the promise; the employee hears of it, and it comes back when it is due."""
    facts, inputs = case_of(turn), turn.inputs
    offered = {kind.id for kind in facts.template.support}
    kind = inputs.text("kind") if inputs.text("kind") in offered else ""
    words = inputs.text("promise")[:LONGEST]
    after = promised(facts.request, kind=kind, promise=words, by=_by(turn), due=inputs.day("due"), today=turn.today)
    kept = _keep(turn, facts, replace(after, manager_id=turn.person.id, answered_at=turn.now))
    _plan(turn, kept)
    return _told(turn, facts, kept)


def _by(turn: Turn) -> str:
    chosen = turn.inputs.text("by") or turn.person.id
    person = people.get(turn.session, chosen)
    if person is None or not person.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="by")
    return chosen


def _keep(turn: Turn, facts: Case, after: Support) -> Support:
    if not facts.is_new:
        return support.change(turn.session, facts.request, after)
    kept = support.keep(turn.session, after)
    if kept is None:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return kept


def _plan(turn: Turn, one: Support) -> None:
    """It comes back on its day, and one working day after, to whoever is the manager then."""
    if one.due is None:
        return
    for day in (one.due, add_working_days(one.due, 1, turn.workdays(turn.person))):
        turn.remind(coming_back.bring_back, "", instant(day, AT, turn.person.tz), f"{one.id}/{day}")


def _told(turn: Turn, facts: Case, one: Support) -> Replace | None:
    """Cards, digests and the employee's one message say it; on the team's page the manager is back there."""
    turn.note(Act.GIVE_SUPPORT, one.person_id, one.id)
    heard, carry = ("support.hear", one.id) if one.apart else ("checkins.hear", one.place)
    remind_once(turn.session, heard, one.person_id, carry, turn.now + thanking.A_WHILE)
    checkin = checkins.find(turn.session, one.cycle_id, one.person_id, one.day)
    if checkin and not one.apart:
        checkins.acknowledge(turn.session, checkin, turn.now)
    tell(turn, one)
    if one.apart and one.manager_id != facts.request.manager_id:
        requesting.let_go(turn, one, facts.request.manager_id)
    if facts.request.due:
        coming_back.say_again(turn, facts.request)
    return page_again(turn, facts.page) if facts.page else None


@flow.action
def refuse(turn: Turn) -> Replace:
    """Ask for the reason."""
    return Replace(views.refusal(turn.t, case_of(turn)))


@flow.view
def decline(turn: Turn) -> Replace | None:
    """The manager cannot help, and the employee reads why."""
    facts = case_of(turn)
    if facts.is_new:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    after = declined(facts.request, turn.inputs.text("reason")[:LONGEST])
    return _told(
        turn,
        facts,
        support.change(turn.session, facts.request, replace(after, manager_id=turn.person.id, answered_at=turn.now)),
    )


@flow.action
def deliver(turn: Turn) -> Replace | None:
    """The manager has delivered; the employee is asked once whether it was useful."""
    support_id, _, where = turn.carry.partition("/")
    before = support.get(turn.session, support_id)
    turn.must(Act.GIVE_SUPPORT, before.person_id)
    after = support.change(turn.session, before, delivered(before, turn.today))
    turn.note(Act.GIVE_SUPPORT, after.person_id, after.id)
    turn.remind(thanking.ask, after.person_id, turn.now, after.id)
    tell(turn, after)
    coming_back.say_again(turn, after)
    return page_again(turn, where) if where.startswith(ON_PAGE) else None
