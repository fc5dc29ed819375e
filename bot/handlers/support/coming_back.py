"""Open promises come back to the manager; the employee sees in Home what is open, and can close it."""

from collections.abc import Sequence
from datetime import date

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import add_working_days
from bot.domain.org import Person
from bot.domain.support import State, Support, delivered, those_in, withdrawn
from bot.handlers.support import giving, thanking, views
from bot.handlers.support.conversation import flow, tell
from bot.slack.blocks import Block
from bot.slack.flow import Task, Turn, day_of
from bot.store import attention, checkins, people, support


@flow.timer
def bring_back(turn: Turn) -> None:
    """A promise is due, or was yesterday: its manager of today is told with all others of that day."""
    support_id, day = turn.carried(2)
    one = support.get(turn.session, support_id)
    manager = people.manager_of(turn.session, one.person_id, turn.today)
    if one.state is State.PROMISED and manager:
        turn.remind(promises, manager.id, turn.now, day)


@flow.prompt_that(Attention.EXPIRES)
def promises(turn: Turn) -> None:
    """What was promised for this day, or the working day before, and is not delivered: one message for all of it.

    On a morning with a digest, that holds them already; who was away then gets one message on their first day.
    """
    day = _day_of(turn)
    due = [one for one, _ in _back_on(turn, turn.person, day) if one.open and _is_news(turn, one, day)]
    if due and not checkins.has_digest(turn.session, turn.person.id, turn.today):
        key = _key(turn.person, str(day))
        turn.say(turn.person, key, views.due_promises, _back_on(turn, turn.person, day))


def _day_of(turn: Turn) -> date:
    """The day that this is about; if it is late, and its promises were to come back again meanwhile, that later day."""
    planned = day_of(turn.carry)
    if turn.today <= planned:
        return planned
    those = [one for one, _ in _back_on(turn, turn.person, planned)]
    return max(day for one in those for day in _days(turn, turn.person, one) if day <= turn.today) if those else planned


def _days(turn: Turn, manager: Person, one: Support) -> set[date]:
    """When a promise comes back: on its day, and one working day after."""
    return {one.due, add_working_days(one.due, 1, turn.workdays(manager))} if one.due else set()


def _is_news(turn: Turn, one: Support, day: date) -> bool:
    """Whether a promise is to be brought back: not a second time while the first is still gathered with others."""
    return one.due == day or not attention.is_put_off(turn.session, _key(turn.person, str(one.due)))


def say_again(turn: Turn, one: Support) -> None:
    """Bring up to date the messages in which a promise came back."""
    manager = people.manager_of(turn.session, one.person_id, turn.today)
    if manager is None:
        return
    for day in sorted(_days(turn, manager, one)):
        turn.update(manager, _key(manager, str(day)), views.due_promises, _back_on(turn, manager, day))


def _key(manager: Person, on: str) -> str:
    return f"support/{manager.id}/{on}/due"


def _back_on(turn: Turn, manager: Person, day: date) -> list[tuple[Support, Person]]:
    reports = {one.id: one for one in people.reports_of(turn.session, manager.id, turn.today)}
    return [
        (one, reports[one.person_id])
        for one in support.of_people(turn.session, reports)
        if one.state in {State.PROMISED, State.DELIVERED} and day in _days(turn, manager, one)
    ]


# The employee's side ----------------------------------------------------------------------


@flow.action
def arrived(turn: Turn) -> None:
    """The employee says that it arrived, and is asked right away whether it was useful."""
    before = _mine(turn)
    after = support.change(turn.session, before, delivered(before, turn.today))
    turn.note(Act.ASK_SUPPORT, after.person_id, after.id)
    thanking.put_question(turn, after)
    tell(turn, after)
    say_again(turn, after)


@flow.action
def withdraw(turn: Turn) -> None:
    """The employee needs it no longer."""
    before = _mine(turn)
    after = support.change(turn.session, before, withdrawn(before))
    turn.note(Act.ASK_SUPPORT, after.person_id, after.id)
    tell(turn, after)
    say_again(turn, after)


def _mine(turn: Turn) -> Support:
    one = support.get(turn.session, turn.carry)
    turn.must(Act.ASK_SUPPORT, one.person_id)
    return one


@flow.home
def home(turn: Turn) -> Sequence[Block]:
    """The help that this person asked for and that is open."""
    found = support.concerning(turn.session, turn.person.id, turn.today)
    mine = [one for one in found if one.person_id == turn.person.id]
    return views.home(turn.t, mine, people.named(turn.session, those_in(mine))) if mine else []


@flow.waiting
def waiting(turn: Turn) -> Sequence[Task]:
    """The requests that wait for this manager, and the promises that are due."""
    found = support.concerning(turn.session, turn.person.id, turn.today)
    theirs = [one for one in found if one.person_id != turn.person.id]
    named = people.named(turn.session, those_in(theirs)) if theirs else {}
    return [
        _task(turn, one, named[one.person_id]) for one in theirs if one.state is State.ASKED or one.is_due(turn.today)
    ]


def _task(turn: Turn, one: Support, person: Person) -> Task:
    t = turn.t
    if one.state is State.ASKED:
        since = one.asked_at.astimezone(t.tz).date()
        return Task(
            t("{name} waits for your help since {day}", name=person, day=t.weekday(since)),
            t("Help"),
            giving.offer,
            one.carry,
            since,
        )
    return Task(t("Your promise to {name} is due", name=person), t("Delivered"), giving.deliver, one.id, one.due)
