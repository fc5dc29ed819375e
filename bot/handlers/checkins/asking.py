"""When people are asked: the first prompt, each next one, and at most two reminders."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.attention import Attention
from bot.domain.cadence import Cadence, add_working_days, instant, next_occurrence
from bot.domain.checkin import (
    AT,
    NUDGES,
    OUTAGE,
    Checkin,
    Due,
    Kind,
    answered_lately,
    cadence_of,
    due,
    ignored,
    look_at,
)
from bot.domain.cycle import Cycle, Stage
from bot.domain.org import Person
from bot.domain.policy import Missed
from bot.domain.support import asks
from bot.domain.talk import Entry
from bot.handlers.checkins import readers, views
from bot.handlers.checkins.conversation import (
    actuals_of,
    card_key,
    card_of,
    flow,
    fresh,
    template_in,
    workdays_of,
)
from bot.slack.flow import Turn, day_of
from bot.store import checkins, cycles, goals, one_on_ones, people, policy, reporting


@flow.timer
def start(turn: Turn) -> None:
    """The work begins: plan this person's first prompt by their department's rhythm."""
    cycle = cycles.get(turn.session, turn.carry)
    cadence = _cadence(turn, cycle)
    first = next_occurrence(turn.now, turn.person.tz, cadence, workdays_of(turn, turn.person))
    _plan(turn, cycle, first.at, first.local_date)


def _cadence(turn: Turn, cycle: Cycle) -> Cadence:
    return cadence_of(template_in(turn, cycle.id, turn.person.id).checkin, cycle.opens[Stage.EXECUTING])


def _plan(turn: Turn, cycle: Cycle, at: datetime, planned: date) -> None:
    """Plan a prompt; what keeps it away for long is looked at anew whenever it would have come."""
    when = look_at(at, turn.now, turn.person.tz, _cadence(turn, cycle))
    turn.remind(ask, turn.person.id, when, f"{cycle.id}/{planned}")


@flow.timer_that(Attention.EXPIRES)
def ask(turn: Turn) -> None:
    """Ask, unless something speaks against it at this moment; then plan the next prompt."""
    cycle_id, planned = turn.carried(2)
    cycle = cycles.get(turn.session, cycle_id)
    if cycle.stage_on(turn.today) is not Stage.EXECUTING:
        close_unanswered(turn, cycle_id)
        return
    found = _due(turn, cycle, day_of(planned))
    _plan(turn, cycle, found.at, found.planned)
    if found.now and _wanted(turn, cycle_id):
        close_unanswered(turn, cycle_id)
        asked = fresh(turn, cycle, turn.today)
        begin(turn, asked)
        say_card(turn, asked)
        _plan_nudges(turn, cycle_id)


def _due(turn: Turn, cycle: Cycle, planned: date) -> Due:
    works, chosen = workdays_of(turn, turn.person), policy.current(turn.session)
    return due(planned, turn.now, turn.person.tz, _cadence(turn, cycle), works, chosen, turn.late)


def _wanted(turn: Turn, cycle_id: str) -> bool:
    """Whether there is something to ask about that was not answered just now."""
    rhythm = template_in(turn, cycle_id, turn.person.id).checkin.cadence
    history = checkins.history(turn.session, cycle_id, turn.person.id)
    asked_today = checkins.find(turn.session, cycle_id, turn.person.id, turn.today)
    agreed = goals.agreed_goals(turn.session, cycle_id, turn.person.id)
    return bool(agreed) and not asked_today and not answered_lately(history, turn.today, rhythm)


def begin(turn: Turn, checkin: Checkin) -> bool:
    """Keep a new check-in, and plan the digest that it goes into; its card is put up by who knows what it says."""
    new = checkins.begin(turn.session, checkin, turn.now)
    if new:
        readers.plan(turn, checkin)
    return new


def close_unanswered(turn: Turn, cycle_id: str) -> None:
    """Close what stands unanswered: a newer check-in replaces it, or the time for it is over."""
    for one in checkins.all_of(turn.session, cycle_id, turn.person.id):
        if checkins.close(turn.session, one):
            say_card(turn, one)


def say_card(turn: Turn, checkin: Checkin) -> None:
    """Put up a person's card, and their reminders, as the check-in stands now."""
    person = people.get(turn.session, checkin.person_id)
    now = checkins.find(turn.session, checkin.cycle_id, checkin.person_id, checkin.day)
    if person is None or now is None:
        return
    known = actuals_of(turn, now.cycle_id, now.person_id)
    facts = replace(card_of(turn, now, known), to_do=to_do(turn, person))
    turn.say(person, card_key(now), views.card, facts)
    if asks(now) and now.digest_on and turn.today > now.digest_on:
        turn.update(person, unread_key(now), views.unread, facts)
    for n in range(1, now.nudges + 1):
        turn.update(person, f"{card_key(now)}/reminder/{n}", views.reminder, facts, n)


def to_do(turn: Turn, person: Person) -> tuple[Entry, ...]:
    """What somebody has agreed to do, but nothing for who left, nor what the next manager is asked about by now."""
    found = one_on_ones.to_do(turn.session, person.id)
    if not found:
        return ()
    about = people.named(turn.session, {one.person_id for one in found})
    return tuple(one for one in found if about[one.person_id].takes_part and not _passed_on(turn, one))


def _passed_on(turn: Turn, one: Entry) -> bool:
    """Whether a manager promised it in a talk about a result, and somebody else leads the person now."""
    if not one.cycle_id or one.owner_id == one.person_id:
        return False
    lead = reporting.lead_of(turn.session, one.person_id, turn.today)
    return lead is not None and lead.id != one.owner_id


def unread_key(checkin: Checkin) -> str:
    """The key of the word that nobody has read yet what somebody needs."""
    return f"{card_key(checkin)}/unread"


# Reminders --------------------------------------------------------------------------------


def _plan_nudges(turn: Turn, cycle_id: str) -> None:
    """Two reminders at most; none for somebody who left many check-ins alone, whom the manager is told to talk to."""
    earlier = [one for one in checkins.all_of(turn.session, cycle_id, turn.person.id) if one.day < turn.today]
    if ignored(earlier):
        return
    is_workday = workdays_of(turn, turn.person)
    for n, days in enumerate(NUDGES, 1):
        at = instant(add_working_days(turn.today, days, is_workday), AT, turn.person.tz)
        turn.remind(nudge, turn.person.id, at, f"{cycle_id}/{turn.today}/{n}")


@flow.prompt_that(Attention.REMINDS)
def nudge(turn: Turn) -> None:
    """Remind, if the check-in is still open; what an outage swallowed is left out where the company wants that."""
    cycle_id, day, n = turn.carried(3)
    one = checkins.find(turn.session, cycle_id, turn.person.id, day_of(day))
    running = cycles.get(turn.session, cycle_id).stage_on(turn.today) is Stage.EXECUTING
    if one is None or one.kind is not Kind.OPEN or not running:
        return
    if turn.late > OUTAGE and policy.current(turn.session).missed is Missed.LEFT_OUT:
        return
    is_workday = workdays_of(turn, turn.person)
    its_day = add_working_days(one.day, NUDGES[int(n) - 1], is_workday)
    if turn.today < its_day:  # days off that were entered meanwhile moved it
        turn.remind(nudge, turn.person.id, instant(its_day, AT, turn.person.tz), turn.carry)
        return
    if any(turn.today >= add_working_days(one.day, days, is_workday) for days in NUDGES[int(n) :]):
        return  # the next reminder is due as well: after an outage one is enough
    checkins.count_nudge(turn.session, one, int(n))
    turn.say(turn.person, f"{card_key(one)}/reminder/{n}", views.reminder, card_of(turn, one), int(n))
