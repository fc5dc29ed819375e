"""Whose digest a check-in goes into: that of whoever is its person's manager, or acts for them, that morning."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.attention import Attention
from bot.domain.cadence import instant, next_civil_hour
from bot.domain.checkin import DIGEST_AT, Checkin
from bot.domain.cycle import Stage
from bot.domain.org import Person
from bot.domain.support import asks
from bot.handlers.checkins import asking, views
from bot.handlers.checkins.conversation import card_of, flow, reader_of, workdays_of
from bot.slack.flow import Turn, day_of
from bot.store import checkins, cycles, people, timers

A_DAY = timedelta(days=1)
"""Managers change, go on leave and leave: who is to be told is looked at anew at least this often."""


def plan(turn: Turn, checkin: Checkin) -> None:
    """Have a check-in told on the morning of its digest; that begins earlier where a new manager may work."""
    if checkin.digest_on and (manager := people.get(turn.session, checkin.manager_id)):
        at = instant(checkin.digest_on, time(), manager.tz)
        look(turn, checkin.cycle_id, manager.id, checkin.digest_on, at)


def look(turn: Turn, cycle_id: str, manager_id: str, day: date, at: datetime) -> None:
    """See at a moment who is to get what was meant for this manager. The timer is nobody's, for anybody may leave."""
    timers.remind_once(turn.session, hand_over.id, "", f"{cycle_id}/{manager_id}/{day}", at)


@flow.timer
def hand_over(turn: Turn) -> None:
    """Have the managers of today told, each in an hour of theirs; as long as there is none, look again the next day."""
    cycle_id, manager_id, on = turn.carried(3)
    day = day_of(on)
    if cycles.get(turn.session, cycle_id).stage_on(turn.today) is Stage.CLOSED:
        return
    by_id, theirs = _by_reader(turn, cycle_id, manager_id, day)
    for reader_id, waiting in theirs.items():
        reader = by_id.get(reader_id)
        if reader and reader_id != manager_id:
            checkins.pass_on(turn.session, waiting, reader_id)
        if reader_id != manager_id or reader is None:
            for one in waiting:
                asking.say_card(turn, one)  # it names who will read it
        if reader:
            _have_told(turn, cycle_id, reader, day, waiting)
        else:
            look(turn, cycle_id, manager_id, day, turn.now + A_DAY)


def _by_reader(
    turn: Turn, cycle_id: str, manager_id: str, day: date
) -> tuple[Mapping[str, Person], Mapping[str, Sequence[Checkin]]]:
    """What nobody was told of yet, by the manager of today, and those of these managers who take part."""
    waiting = [one for one in checkins.in_digest(turn.session, cycle_id, manager_id, day) if not one.told]
    if not waiting:
        return {}, {}
    known = people.named(turn.session, {manager_id, *(one.person_id for one in waiting)})
    stints = people.stints_by_person(turn.session, *(one.person_id for one in waiting))
    today = turn.now.astimezone(ZoneInfo(known[manager_id].tz)).date()
    theirs: dict[str, list[Checkin]] = {}
    for one in waiting:
        if known[one.person_id].takes_part:
            above = [stint.manager_id for stint in stints.get(one.person_id, ()) if stint.covers(today)]
            reader_id = people.acts_for(turn.session, above[0], one.person_id, today) if above and above[0] else ""
            theirs.setdefault(reader_id, []).append(one)
    found = people.named(turn.session, theirs)
    return {one.id: one for one in found.values() if one.takes_part}, theirs


def _have_told(turn: Turn, cycle_id: str, reader: Person, day: date, waiting: Sequence[Checkin]) -> None:
    works, morning = workdays_of(turn, reader, asked=False), instant(day, DIGEST_AT, reader.tz)
    at = next_civil_hour(max(turn.now, morning), reader.tz, works)
    if at <= turn.now:
        turn.remind("checkins.digest", reader.id, turn.now, f"{cycle_id}/{day}")
        return
    look(turn, cycle_id, reader.id, day, min(at, turn.now + A_DAY))
    for one in waiting if turn.now > morning else ():
        asking.say_card(turn, one)
        if one.answered and asks(one):
            turn.remind(say_unread, one.person_id, turn.now, f"{cycle_id}/{one.day}")


@flow.prompt_that(Attention.EXPIRES)
def say_unread(turn: Turn) -> None:
    """Who waits for help hears that nobody has read of it, for its digest did not go out."""
    cycle_id, day = turn.carried(2)
    one = checkins.find(turn.session, cycle_id, turn.person.id, day_of(day))
    if one and not one.told and asks(one) and reader_of(turn, one):
        turn.say(turn.person, asking.unread_key(one), views.unread, card_of(turn, one))
