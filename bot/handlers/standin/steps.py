"""Naming who stands in, telling those whom it concerns, and giving it all back when the days are over."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Stage, opening
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.stand_in import StandIn, check_days, check_stand_in
from bot.domain.timetable import FOR_MANAGERS, SELF_REVIEW
from bot.handlers.standin import views
from bot.handlers.standin.views import Known, Seen
from bot.slack.blocks import View
from bot.slack.flow import Flow, Open, Replace, Turn
from bot.store import cycles, leaves, people, stand_ins

flow = Flow("standin")

A_DAY = timedelta(days=1)
REASONS_OWED = "reviews.ask"
BACK, GIVEN_UP = "back", "given-up"


# Looking and naming -----------------------------------------------------------------------


@flow.command("standin", N_("Who acts for a manager who is away"))
@flow.action
def show(turn: Turn) -> Open:
    """Show who stands in, as far as it concerns whoever looks."""
    return Open(_overview(turn))


@flow.action
def name(turn: Turn) -> Replace:
    """Ask who, and when; HR also for whom."""
    me = turn.person
    if turn.may(Act.RUN_CYCLE, me.id):
        return Replace(views.naming(turn.t, me.id if _team(turn, me.id) else "", None, for_others=True, keep=keep))
    _must_lead(turn, me)
    away = leaves.of(turn.session, me.id, turn.today)
    return Replace(views.naming(turn.t, me.id, away[0] if away else None, for_others=False, keep=keep))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep it, and tell who stands in at once, the team on the first day."""
    manager_id = turn.carry or turn.inputs.text("whom")
    turn.must(Act.NAME_STAND_IN, manager_id)
    manager = people.get(turn.session, manager_id)
    if manager is None:
        raise Refused("Please choose a colleague who leads people here.", field="whom")
    _must_lead(turn, manager)
    days = check_days(turn.inputs.day("first"), turn.inputs.day("last"), turn.today)
    chosen = people.get(turn.session, turn.inputs.text("stand_in"))
    known = stand_ins.concerning(turn.session, manager.id, chosen.id if chosen else "")
    other = check_stand_in(manager, chosen, days, known)
    for one in known:
        if one.manager_id == manager.id and one.meets(*days):
            _ended(turn, one, days[0])
    new = stand_ins.name(turn.session, StandIn("", manager.id, other.id, *days, turn.person.id), turn.now)
    turn.note(Act.NAME_STAND_IN, manager.id, new.id)
    turn.remind(tell_stand_in, other.id, turn.now, new.id)
    turn.remind(tell_manager, manager.id, turn.now, new.id)
    turn.remind(begin, "", opening(new.first_day, manager.tz), new.id)
    turn.remind(finish, "", opening(new.last_day + A_DAY, manager.tz), new.id)
    return Replace(_overview(turn))


def _must_lead(turn: Turn, manager: Person) -> None:
    """Refuse where there is no team; one that is only stood in for is somebody else's to hand on."""
    if not _team(turn, manager.id):
        raise Refused("Nobody reports to {name}, so nobody has to stand in.", name=manager.name, field="whom")


def _team(turn: Turn, manager_id: str) -> list[Person]:
    """Who has this manager today, whoever acts for them."""
    ids = [one for one, above in people.managers_on(turn.session, turn.today).items() if above == manager_id]
    found = people.named(turn.session, ids).values()
    return sorted((one for one in found if one.takes_part), key=lambda one: (one.name, one.id))


# Ending -----------------------------------------------------------------------------------


@flow.action
def end(turn: Turn) -> None:
    """It ends today, from a card: by the manager, by HR, or by who cannot do it."""
    _end(turn)


@flow.action
def end_here(turn: Turn) -> Replace:
    """The same from the page."""
    _end(turn)
    return Replace(_overview(turn))


def _end(turn: Turn) -> None:
    one = stand_ins.get(turn.session, turn.carry)
    if one is None or one.last_day < turn.today:
        raise Refused("This has ended already.")
    if one.stand_in_id != turn.person.id:
        turn.must(Act.NAME_STAND_IN, one.manager_id)
    _ended(turn, one, turn.today)
    turn.note(Act.NAME_STAND_IN, one.manager_id, one.id)


def _ended(turn: Turn, one: StandIn, day: date) -> None:
    """From this day on it does not hold: the cards say so, at once where it is over, else when the day comes."""
    stand_ins.end(turn.session, one, day)
    kept, known = stand_ins.get(turn.session, one.id), _known(turn, one)
    if kept and kept.last_day >= turn.today:
        turn.remind(finish, "", opening(day, known.manager.tz), one.id)
        return
    turn.forget(finish, "", one.id)
    turn.forget(begin, "", one.id)
    _say_over(turn, known)


# Telling ----------------------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def tell_stand_in(turn: Turn) -> None:
    """Who stands in hears of it in a working hour."""
    if known := _holding(turn):
        by = people.get(turn.session, known.one.named_by) or known.manager
        turn.say(turn.person, _key(known.one, turn.person), views.asked, known, by, _acted_for(turn, known))


@flow.prompt_that(Attention.FREE)
def tell_manager(turn: Turn) -> None:
    """The manager has a card with the way to end it, whoever named it."""
    if known := _holding(turn):
        turn.say(turn.person, _key(known.one, turn.person), views.stands, known)


@flow.timer
def begin(turn: Turn) -> None:
    """The first day: each of the team is told, and who stands in is asked for what waits and will wait."""
    if not (known := _holding(turn)):
        return
    for report in _acted_for(turn, known):
        turn.remind(tell_team, report.id, turn.now, known.one.id)
    for cycle in cycles.every(turn.session):
        asked = opening(cycle.opens[Stage.ASSESSING] + SELF_REVIEW, known.other.tz)
        if cycle.launched and cycle.stage_on(turn.today) is not Stage.CLOSED and asked < _back(known):
            turn.remind(FOR_MANAGERS, known.other.id, max(turn.now, asked), cycle.id)
        if cycle.launched and cycle.stage_on(turn.today) is Stage.CALIBRATING:
            turn.remind(REASONS_OWED, known.other.id, turn.now, cycle.id)


@flow.prompt
def tell_team(turn: Turn) -> None:
    """Somebody of the team hears who writes now, and why."""
    if known := _holding(turn):
        turn.say(turn.person, _key(known.one, turn.person), views.told_team, known)


@flow.timer
def finish(turn: Turn) -> None:
    """The last day is over."""
    if (one := stand_ins.get(turn.session, turn.carry)) and one.last_day < _today_of(turn, one):
        _say_over(turn, _known(turn, one))


def _say_over(turn: Turn, known: Known) -> None:
    """The cards that stand say that it is over; whoever did not end it is told, when they work."""
    one = known.one
    turn.update(known.other, _key(one, known.other), views.over_for_stand_in, known)
    turn.update(known.manager, _key(one, known.manager), views.over_for_manager, known.other)
    for report in [each for each in _team(turn, known.manager.id) if each != known.other]:
        turn.update(report, _key(one, report), views.over_for_team, known)
    given_up = turn.person == known.other
    hr = [each.id for each in people.holders(turn.session, people.HR)] if given_up else []
    for reader_id in {one.manager_id, *hr} - {turn.person.id}:
        how = GIVEN_UP if given_up else BACK
        turn.remind(tell_back, reader_id, turn.now, f"{one.id}/{one.manager_id}/{one.stand_in_id}/{how}")


@flow.prompt_that(Attention.EXPIRES)
def tell_back(turn: Turn) -> None:
    """The manager is back and hears where to go on; or learns, with HR, that who was named does not do it."""
    one_id, manager_id, other_id, how = turn.carried(4)
    named = people.named(turn.session, (manager_id, other_id))
    key = f"standin/{one_id}/{turn.person.id}/{how}"
    if how == GIVEN_UP:
        turn.say(turn.person, key, views.not_on, named[manager_id], named[other_id])
    else:
        turn.say(turn.person, key, views.over_for_manager, named[other_id])


# Inside -----------------------------------------------------------------------------------


def _holding(turn: Turn) -> Known | None:
    """What was carried, while it holds or is to come."""
    one = stand_ins.get(turn.session, turn.carry)
    return _known(turn, one) if one and one.last_day >= _today_of(turn, one) else None


def _today_of(turn: Turn, one: StandIn) -> date:
    """The date where the manager is."""
    return turn.now.astimezone(ZoneInfo(people.named(turn.session, [one.manager_id])[one.manager_id].tz)).date()


def _back(known: Known) -> datetime:
    return opening(known.one.last_day + A_DAY, known.other.tz)


def _known(turn: Turn, one: StandIn) -> Known:
    return Known(one, people.named(turn.session, (one.manager_id, one.stand_in_id)), end, end_here)


def _acted_for(turn: Turn, known: Known) -> list[Person]:
    """Those of the team about whom this person may act."""
    line = people.line_of(turn.session, known.other.id, turn.today)
    return [one for one in _team(turn, known.manager.id) if one.id not in line]


def _overview(turn: Turn) -> View:
    me, hr = turn.person, turn.may(Act.RUN_CYCLE, turn.person.id)
    coming = stand_ins.from_day(turn.session, turn.today)
    mine = [one for one in coming if hr or me.id in {one.manager_id, one.stand_in_id}]
    stint = people.stint_on(turn.session, me.id, turn.today)
    above = [one for one in coming if stint and one.manager_id == stint.manager_id and one not in mine]
    seen = Seen(
        [_known(turn, one) for one in mine], [_known(turn, one) for one in above], hr or bool(_team(turn, me.id))
    )
    return views.overview(turn.t, seen, name)


def _key(one: StandIn, reader: Person) -> str:
    return f"standin/{one.id}/{reader.id}"
