"""One's own calendar: who looks at it, which weekdays they do not work, and when they are away."""

from bot.domain.access import Act
from bot.domain.org import Person
from bot.domain.policy import checked_weekdays, span
from bot.domain.refusal import N_, Refused
from bot.handlers.days import views
from bot.handlers.days.facts import companys, flow, mine
from bot.slack.blocks import View
from bot.slack.flow import Open, Replace, Turn, day_of
from bot.store import leaves, people

LONGEST_LEAVE = 366


def page_of(turn: Turn) -> View:
    """The calendar as it stands now."""
    turn.person = people.get(turn.session, turn.person.id) or turn.person
    return views.calendar(turn.t, mine(turn), companys(turn))


@flow.command("calendar", N_("Days off, your week, and when you are away"))
@flow.action
def show(turn: Turn) -> Open:
    """Look at the calendar."""
    return Open(page_of(turn))


@flow.action
def choose_week(turn: Turn) -> Replace:
    """Somebody wants to change their week."""
    return Replace(views.week(turn.t, turn.person, does=save_week))


@flow.view
def save_week(turn: Turn) -> Replace:
    """Keep somebody's own week."""
    keep_week(turn, turn.person)
    return Replace(page_of(turn))


def keep_week(turn: Turn, person: Person) -> str:
    """Keep the weekdays that somebody does not work, and give them as digits; some working days have to be left."""
    turn.must(Act.SET_WEEK, person.id)
    works = turn.calendar.country_days(turn.session)(person)
    free = checked_weekdays(turn.inputs.many("weekdays"), turn.today, works)
    people.work_without(turn.session, person.id, free)
    turn.note(Act.SET_WEEK, person.id)
    return free


@flow.action
def choose_days(turn: Turn) -> Replace:
    """Somebody will be away."""
    return Replace(views.away(turn.t))


@flow.view
def save_days(turn: Turn) -> Replace:
    """Keep from when to when."""
    first, last = span(turn.inputs.day("first"), turn.inputs.day("last"), turn.today, most=LONGEST_LEAVE)
    if last < turn.today:
        raise Refused("These days are over", field="last" if turn.inputs.day("last") else "first")
    leaves.take(turn.session, turn.person.id, first, last)
    turn.note(Act.SET_WEEK, turn.person.id, f"leave/{first}")
    return Replace(page_of(turn))


@flow.action
def cancel(turn: Turn) -> Replace:
    """They will not be away after all."""
    leaves.cancel(turn.session, turn.person.id, day_of(turn.carry))
    turn.note(Act.SET_WEEK, turn.person.id, f"leave/{turn.carry}")
    return Replace(page_of(turn))
