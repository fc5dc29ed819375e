"""A talk comes to be due and gets its day; both see its agenda when both have prepared, or the day before."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import OPENS, add_working_days, instant
from bot.domain.interview import NUDGES, Interview, due_on
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.score import Rated
from bot.domain.talk import FURTHEST
from bot.handlers.interviews import calendar, cards, following, handing, views
from bot.handlers.interviews.conversation import AT, case_for, case_of, flow, talk_about, today_of
from bot.slack.flow import Replace, Turn
from bot.store import interviews, people, reporting, results


@flow.timer
def begin(turn: Turn) -> None:
    """Somebody's result was released: the talk about it is due in five working days of who leads them."""
    (cycle_id,) = turn.carried(1)
    result = results.result(turn.session, cycle_id, turn.person.id)
    if result is None or result.released_at is None or result.outcome.state is not Rated.RATED:
        return
    leader = interviews.leader_of(turn.session, turn.person.id, turn.today)
    keeper = leader or turn.person
    released_on = today_of(turn, keeper)
    day = due_on(released_on, turn.workdays(keeper))
    lead = reporting.lead_of(turn.session, turn.person.id, turn.today)
    talk = Interview(cycle_id, turn.person.id, leader.id if leader else "", released_on, day, day,
                     led_by=lead.id if lead else "")  # fmt: skip
    if interviews.begin(turn.session, talk):
        _plan(turn, talk, keeper)
        handing.look_tomorrow(turn)


def _plan(turn: Turn, talk: Interview, keeper: Person) -> None:
    """The agenda for the person, and two looks at whether the talk is late, by the calendar of who leads them.

    The manager's agenda comes with a day that they choose: by default all their talks would come on one morning.
    """
    plan_agenda(turn, talk, [turn.person])
    for n in NUDGES:
        day = add_working_days(talk.due_on, n, turn.workdays(keeper))
        turn.remind(following.overdue, "", instant(day, AT, keeper.tz), f"{talk.cycle_id}/{talk.person_id}/{n}")


def plan_agenda(turn: Turn, talk: Interview, readers: Iterable[Person]) -> None:
    """Have these see the agenda on the working day before the talk, each by their own calendar."""
    for one in readers:
        day = add_working_days(talk.on(ZoneInfo(one.tz)), -1, turn.workdays(one))
        turn.remind(show_agenda, one.id, instant(day, OPENS, one.tz), f"{talk.cycle_id}/{talk.person_id}")


@flow.prompt_that(Attention.EXPIRES)
def show_agenda(turn: Turn) -> None:
    """The agenda as it is now, unless they talked already."""
    cycle_id, person_id = turn.carried(2)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk is None or talk.held_on or not turn.may(Act.PREPARE_INTERVIEW, person_id):
        return
    case = case_for(turn, talk, turn.person)
    if case.leader:
        turn.say(turn.person, cards.agenda_key(talk, turn.person.id), cards.agenda, case)


def say_again(turn: Turn, talk: Interview) -> None:
    """Bring the agenda of both up to date."""
    now = talk_about(turn, talk.cycle_id, talk.person_id)
    leader = interviews.leader_of(turn.session, talk.person_id, turn.today)
    for one in people.named(turn.session, {talk.person_id, *([leader.id] if leader else [])}).values():
        turn.update(one, cards.agenda_key(talk, one.id), cards.agenda, case_for(turn, now, one))


# Its day ----------------------------------------------------------------------------------


@flow.action
def choose_day(turn: Turn) -> Replace:
    """Ask the manager when they will talk."""
    turn.must(Act.HOLD_INTERVIEW, case_of(turn).person.id)
    return Replace(views.day_form(turn.t, case_of(turn)))


@flow.view
def keep_day(turn: Turn) -> Replace:
    """Keep the day; the agenda comes before it, and the other one's card says it."""
    case, day = case_of(turn), turn.inputs.day("day")
    turn.must(Act.HOLD_INTERVIEW, case.person.id)
    if case.talk.held_on:
        raise Refused("You have talked already.")
    if day is None or not turn.today <= day <= turn.today + FURTHEST:
        raise Refused("Please choose a day from today on, within a year", field="day")
    time = turn.inputs.time("time")
    at = datetime.combine(day, time, ZoneInfo(turn.person.tz)).astimezone(UTC) if time else None
    if not case.talk.is_set or (day, at) != (case.talk.planned_on, case.talk.begins_at):
        interviews.plan(turn.session, case.talk, day, at)
        calendar.bring_again(turn, case)
    turn.note(Act.HOLD_INTERVIEW, case.person.id, case.carry)
    plan_agenda(turn, talk_about(turn, *case.carry.split("/")), [case.person, turn.person])
    say_again(turn, case.talk)
    return Replace(views.page_of(turn.t, case_of(turn)))
