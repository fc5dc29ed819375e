"""The company's calendar: HR enters and removes exceptions, sets a person's week, and says what an outage means."""

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import DAY
from bot.domain.policy import span, with_missed
from bot.domain.refusal import Refused
from bot.handlers.days import views
from bot.handlers.days.facts import countries, flow, unannounced
from bot.handlers.days.own import keep_week, page_of
from bot.handlers.days.views import ALL, LONGEST_NOTE, OFF, WORKED
from bot.slack.blocks import Block
from bot.slack.flow import Replace, Turn, day_of
from bot.store import calendar_days, people, policy
from bot.store.calendar_days import EVERYWHERE, CalendarDay


@flow.home
def at_home(turn: Turn) -> list[Block]:
    """HR sees that nobody has announced a year yet."""
    found = unannounced(turn) if turn.may(Act.SET_CALENDAR, turn.person.id) else ()
    return [views.not_announced(turn.t, country, year) for country, year in found]


# Exceptions ---------------------------------------------------------------------------------


@flow.action
def choose(turn: Turn) -> Replace:
    """HR enters days."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    return Replace(views.entering(turn.t, countries(turn)))


@flow.view
def enter(turn: Turn) -> Replace:
    """Keep an exception for each of the days."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    first, last = span(turn.inputs.day("first"), turn.inputs.day("last"), turn.today)
    where, kind = turn.inputs.text("where"), turn.inputs.text("kind")
    if where not in {ALL, *countries(turn)}:
        raise Refused("Please choose one of these.", field="where")
    if kind not in {WORKED, OFF}:
        raise Refused("Please choose one of these.", field="kind")
    country, note = EVERYWHERE if where == ALL else where, turn.inputs.text("note")[:LONGEST_NOTE]
    for n in range((last - first).days + 1):
        day = CalendarDay(country, first + DAY * n, kind == WORKED, note, turn.person.id, turn.now)
        calendar_days.keep(turn.session, day)
    turn.note(Act.SET_CALENDAR, turn.person.id, f"{where}/{first}/{last}/{kind}")
    return Replace(page_of(turn))


@flow.action
def remove(turn: Turn) -> Replace:
    """The calendar of the country holds again."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    where, day = turn.carried(2)
    calendar_days.forget(turn.session, EVERYWHERE if where == ALL else where, day_of(day))
    turn.note(Act.SET_CALENDAR, turn.person.id, f"{where}/{day}/removed")
    return Replace(page_of(turn))


# A person's week ----------------------------------------------------------------------------


@flow.action
def choose_person(turn: Turn) -> Replace:
    """HR changes somebody's week."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    return Replace(views.whose(turn.t))


@flow.view
def chosen(turn: Turn) -> Replace:
    """Show that week."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    person = people.get(turn.session, turn.inputs.text("person"))
    if person is None or not person.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="person")
    turn.must(Act.SET_WEEK, person.id)
    return Replace(views.week(turn.t, person, does=save_week_of))


@flow.view
def save_week_of(turn: Turn) -> Replace:
    """Keep it, and tell whose week it is."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    person = people.get(turn.session, turn.carry)
    if person is None or not person.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="weekdays")
    keep_week(turn, person)
    if person.id != turn.person.id:
        turn.remind(tell_week, person.id, turn.now, turn.person.id)
    return Replace(page_of(turn))


@flow.prompt_that(Attention.FREE)
def tell_week(turn: Turn) -> None:
    """Somebody reads that HR set their week, and how it is now."""
    if by := people.get(turn.session, turn.carry):
        turn.say(turn.person, f"days/week/{turn.person.id}", views.week_set, by, turn.person.free_weekdays)


# What an outage means -----------------------------------------------------------------------


@flow.action
def choose_policy(turn: Turn) -> Replace:
    """HR says what becomes of missed check-ins."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    return Replace(views.missed(turn.t, policy.current(turn.session)))


@flow.view
def save_policy(turn: Turn) -> Replace:
    """Keep the choice."""
    turn.must(Act.SET_CALENDAR, turn.person.id)
    now = policy.current(turn.session)
    kept = with_missed(now, turn.inputs.text("missed"), turn.inputs.number("late_hours"))
    policy.keep(turn.session, kept, by=turn.person.id, at=turn.now)
    turn.note(Act.SET_CALENDAR, turn.person.id, f"policy/{kept.missed}/{kept.late_hours}")
    return Replace(page_of(turn))
