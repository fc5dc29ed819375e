"""Afterwards: the manager hears which talks are late; both look back on what they agreed after 30 and 60 days."""

from datetime import date, time, timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import DAY, instant
from bot.domain.interview import MATTERS_FOR, Interview, is_late
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.talk import Entry
from bot.handlers.interviews import cards, views
from bot.handlers.interviews.conversation import AT, LookBack, case_for, flow, talk_about, today_of
from bot.slack.flow import Replace, Turn
from bot.store import cycles, interviews, one_on_ones, outbox, people, reporting, timers

EARLY = time(4)
"""When it is looked up who looks back today."""


@flow.timer
def overdue(turn: Turn) -> None:
    """A talk is late: whoever leads the person by now hears of it; while nobody does, it is looked at every day."""
    cycle_id, person_id, _ = turn.carried(3)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk is None or talk.held_on or turn.today - talk.released_on > MATTERS_FOR:
        return
    if leader := interviews.leader_of(turn.session, person_id, turn.today):
        turn.remind(nudge, leader.id, turn.now, f"{cycle_id}/{turn.today}")
    else:
        turn.remind(overdue, "", turn.now + DAY, turn.carry)


@flow.prompt_that(Attention.REMINDS)
def nudge(turn: Turn) -> None:
    """All talks with people of mine that are late, in one message a day."""
    cycle_id, day = turn.carried(2)
    reports = {one.id: one for one in people.reports_of(turn.session, turn.person.id, turn.today)}
    found = interviews.of_people(turn.session, reports)
    late = [reports[one.person_id] for one in found if one.cycle_id == cycle_id and is_late(one, turn.today)]
    if late:
        key = f"interviews/{cycle_id}/{turn.person.id}/late/{day}"
        turn.say(turn.person, key, cards.late, cycles.get(turn.session, cycle_id), late)


@flow.timer
def ask_lead(turn: Turn) -> None:
    """The day of a look back: whoever leads the person by now looks, too; while nobody does, it is asked every day."""
    cycle_id, person_id, _ = turn.carried(3)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk is None or talk.held_on is None or turn.today - talk.held_on > MATTERS_FOR:
        return
    if lead := reporting.lead_of(turn.session, person_id, turn.today):
        turn.remind(look_back, lead.id, instant(today_of(turn, lead), AT, lead.tz), turn.carry)
    else:
        turn.remind(ask_lead, "", turn.now + DAY, turn.carry)


@flow.prompt_that(Attention.EXPIRES)
def look_back(turn: Turn) -> None:
    """All that somebody looks back on today, in one message; what comes after it that day waits for tomorrow's."""
    me, day = turn.person, turn.today
    tomorrow = day + timedelta(days=1)
    also = timers.take_all(turn.session, look_back.id, me.id, instant(tomorrow, time(), me.tz))
    if outbox.was_said(turn.session, cards.look_back_key(me.id, day)):
        for carry in (turn.carry, *also):
            turn.remind(look_back, me.id, instant(tomorrow, AT, me.tz), carry)
        return
    for carry in (turn.carry, *also):
        cycle_id, person_id, _ = carry.split("/")
        talk = interviews.find(turn.session, cycle_id, person_id)
        person = people.get(turn.session, person_id)
        there = person is not None and person.takes_part and turn.may(Act.PREPARE_INTERVIEW, person_id)
        if talk and there and _still_open(turn, talk):
            interviews.ask_back(turn.session, talk, me.id, day)
    if found := _looks_back_on(turn, me, day):
        turn.say(me, cards.look_back_key(me.id, day), cards.look_back, day, found)


@flow.action
def take_over(turn: Turn) -> Replace:
    """What a former manager had promised is promised by who leads the person now."""
    cycle_id, person_id, entry_id = turn.carried(3)
    turn.must(Act.HOLD_INTERVIEW, person_id)
    case = case_for(turn, talk_about(turn, cycle_id, person_id), turn.person)
    left = [one for one in case.actions if one.id == entry_id and case.owed_by(one)]
    if not left or case.lead != turn.person:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    one_on_ones.hand_over(turn.session, [entry_id], left[0].manager_id, turn.person.id)
    turn.note(Act.HOLD_INTERVIEW, person_id, f"{case.carry}/{entry_id}")
    turn.remind(item_done, "", turn.now, case.carry)
    return Replace(views.page_of(turn.t, case_for(turn, case.talk, turn.person)))


def looked(turn: Turn, talk: Interview) -> None:
    """Somebody has opened a talk: their card asks them no more to look back on it."""
    _asks_no_more(turn, talk, turn.person)


@flow.timer
def item_done(turn: Turn) -> None:
    """Something that was agreed is done: the cards say so, and ask no more where nothing is left to do."""
    cycle_id, person_id = turn.carried(2)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk is None:
        return
    leader = interviews.leader_of(turn.session, person_id, turn.today)
    for one in people.named(turn.session, {person_id, *([leader.id] if leader else [])}).values():
        if _still_open(turn, talk):
            say_again(turn, one, talk.asked_on(one.id))
        else:
            _asks_no_more(turn, talk, one)


def _asks_no_more(turn: Turn, talk: Interview, reader: Person) -> None:
    if day := talk.asked_on(reader.id):
        interviews.ask_back(turn.session, talk, reader.id, None)
        say_again(turn, reader, day)


def say_again(turn: Turn, reader: Person, day: date | None) -> None:
    """Bring somebody's card of a day up to date, if there is one."""
    if day:
        found = _looks_back_on(turn, reader, day)
        turn.update(reader, cards.look_back_key(reader.id, day), cards.look_back, day, found)


def _still_open(turn: Turn, talk: Interview) -> list[Entry]:
    agreed = one_on_ones.agreed_about(turn.session, talk.cycle_id, talk.person_id)
    return [one for one in agreed if one.done_at is None]


def _looks_back_on(turn: Turn, reader: Person, day: date) -> list[LookBack]:
    """What stands on somebody's card of a day."""
    team = people.reports_of(turn.session, reader.id, today_of(turn, reader))
    found = interviews.asked_back(turn.session, reader.id, [one.id for one in team], day)
    left = [(talk, _still_open(turn, talk)) for talk in found]
    both = {one for talk in found for one in (talk.person_id, talk.manager_id)}
    owners = {one.owner_id for _, some in left for one in some}
    named = {one.id: one.name for one in people.named(turn.session, both | owners).values()}
    return [
        LookBack(
            talk,
            cycles.get(turn.session, talk.cycle_id),
            named.get(talk.manager_id if talk.person_id == reader.id else talk.person_id, "–"),
            still_open,
            named,
            "" if reader.id in {talk.person_id, talk.manager_id} else named.get(talk.manager_id, ""),
        )
        for talk, still_open in left
    ]
