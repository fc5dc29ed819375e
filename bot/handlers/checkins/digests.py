"""The manager's digest: one message a round, and what can be done about each line of it at once."""

from dataclasses import replace
from datetime import date

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import add_working_days, instant, next_civil_hour
from bot.domain.checkin import DIGEST_AT, Checkin, check_comment
from bot.domain.coaching import PATIENCE
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.support import LONGEST, asked, asked_before, asks
from bot.handlers.checkins import asking, digest_views, hearing, readers, team
from bot.handlers.checkins.conversation import digest_key, digest_of, flow, fresh, seen_in, workdays_of
from bot.handlers.checkins.roster import ON_PAGE
from bot.slack.flow import OUTDATED, Open, Replace, Reply, Turn, day_of
from bot.store import attention, checkins, cycles, outbox, people, support, talks, timers


@flow.timer_that(Attention.EXPIRES)
def digest(turn: Turn) -> None:
    """Tell a manager how the round went; on a day off, the next working morning."""
    cycle_id, on = turn.carried(2)
    day, manager = day_of(on), turn.person
    civil = next_civil_hour(turn.now, manager.tz, workdays_of(turn, manager, asked=False))
    if civil > turn.now:
        readers.look(turn, cycle_id, manager.id, day, civil)
        return
    seen = [one.person_id for one in seen_in(turn, cycle_id, manager, day)]
    told = checkins.tell(turn.session, cycle_id, manager.id, day, seen)
    for one in told:
        begin_support(turn, one)
    if told:
        _say(turn, manager, cycle_id, day)
    for one in told:
        asking.say_card(turn, one)
    if any(one.answered for one in told):
        _plan_nudge(turn, manager, cycle_id, day)
    if any(not one.told for one in checkins.in_digest(turn.session, cycle_id, manager.id, day)):
        readers.look(turn, cycle_id, manager.id, day, turn.now + readers.A_DAY)


def begin_support(turn: Turn, checkin: Checkin) -> None:
    """What blocks somebody, and the help they want, becomes a request to the manager, who knows of it from now on."""
    if checkin.answered and asks(checkin):
        before = support.of_people(turn.session, [checkin.person_id])
        if asked_before(checkin, before) is None:
            support.keep(turn.session, asked(checkin, turn.now))


def say(turn: Turn, checkin: Checkin) -> None:
    """Bring the digest with this check-in up to date, if it is out."""
    manager = people.get(turn.session, checkin.manager_id) if checkin.told else None
    if manager and checkin.digest_on:
        _say(turn, manager, checkin.cycle_id, checkin.digest_on)


def say_newest(turn: Turn, cycle_id: str) -> tuple[str, date] | None:
    """Bring the newest digest of this person's manager up to date, which tells what waits from before: whose, when."""
    manager = people.manager_of(turn.session, turn.person.id, turn.today)
    newest = checkins.newest_digest(turn.session, cycle_id, manager.id) if manager else None
    if manager is None or newest is None:
        return None
    _say(turn, manager, cycle_id, newest)
    return manager.id, newest


def late(turn: Turn, checkin: Checkin) -> None:
    """An answer came after the digest: it is completed, and what is asked for in it counts from now on.

    Whoever reads that digest may not be the manager any more; then the one who is gets the answer in theirs.
    """
    one = checkins.find(turn.session, checkin.cycle_id, checkin.person_id, checkin.day)
    if one is None or one.digest_on is None:
        return
    manager = people.manager_of(turn.session, one.person_id, turn.today)
    if manager and manager.takes_part and manager.id == one.manager_id:
        begin_support(turn, one)
        say(turn, one)
        _plan_nudge(turn, manager, one.cycle_id, one.digest_on)
    else:
        anew = fresh(turn, cycles.get(turn.session, one.cycle_id), one.day)
        if anew.digest_on is None:  # nobody is the manager yet
            anew = replace(anew, manager_id=one.manager_id, digest_on=turn.today + readers.A_DAY)
        checkins.tell_anew(turn.session, anew)
        readers.plan(turn, anew)


def _say(turn: Turn, manager: Person, cycle_id: str, day: date) -> None:
    key = digest_key(cycle_id, manager.id, day)
    attention.lock(turn.session, key)
    facts = digest_of(turn, cycle_id, manager, day)
    turn.say(manager, key, digest_views.digest, facts)
    turn.update(manager, _nudge_key(cycle_id, manager.id, day), digest_views.nudge, facts, day)


# A nudge, once ----------------------------------------------------------------------------


def _nudge_key(cycle_id: str, manager_id: str, day: date) -> str:
    return f"{digest_key(cycle_id, manager_id, day)}/nudge"


def _plan_nudge(turn: Turn, manager: Person, cycle_id: str, day: date) -> None:
    after = add_working_days(max(day, turn.today), PATIENCE, workdays_of(turn, manager, asked=False))
    at = instant(after, DIGEST_AT, manager.tz)
    timers.remind_once(turn.session, nudge_manager.id, manager.id, f"{cycle_id}/{day}", at)


@flow.prompt_that(Attention.REMINDS)
def nudge_manager(turn: Turn) -> None:
    """Two working days of silence: remind the manager, exactly once for each digest."""
    cycle_id, on = turn.carried(2)
    day = day_of(on)
    facts = digest_of(turn, cycle_id, turn.person, day)
    key = _nudge_key(cycle_id, turn.person.id, day)
    if facts.unread and not outbox.was_said(turn.session, key):
        turn.say(turn.person, key, digest_views.nudge, facts, day)


# What a manager does ----------------------------------------------------------------------


@flow.action
def acknowledge(turn: Turn) -> Replace | None:
    """The manager has read it, of one person or of all; each person's card says so."""
    cycle_id, day, *one = turn.carried(min(turn.carry.count("/") + 1, 4) if "/" in turn.carry else 2)
    facts = digest_of(turn, cycle_id, turn.person, day_of(day))
    read = [line for line in facts.answered if line.person.id in (one[:1] or [line.person.id])]
    if not read:
        raise Refused("There is nothing here for you to acknowledge any more.")
    for line in sorted(read, key=lambda line: (line.person.id, line.checkin.day)):  # as a digest locks them
        if checkins.acknowledge(turn.session, line.checkin, turn.now):
            turn.note(Act.SEE_CHECKINS, line.person.id, f"{cycle_id}/{line.checkin.day}")
            asking.say_card(turn, line.checkin)
    _say(turn, turn.person, cycle_id, facts.day)
    return team.again(turn) if _on_page(turn) else None


@flow.action
def catch_up(turn: Turn) -> None:
    """The same for all, from the nudge."""
    acknowledge(turn)


@flow.action
def do_chosen(turn: Turn) -> Reply:
    """What was chosen behind the three dots of a large team's digest."""
    what, _, turn.carry = turn.carry.partition("/")
    steps = {"comment": comment, "help": turn.flows.steps["support.offer"], "talk": add_to_talk}
    if what not in steps:
        raise Refused(OUTDATED)
    return steps[what](turn)


@flow.action
def comment(turn: Turn) -> Open | Replace:
    """Ask for the words; on the team's page the form takes the page's place."""
    one = _theirs(turn, Act.ANSWER_CHECKIN)
    person = people.named(turn.session, [one.person_id])[one.person_id]
    written = (one.blocking or one.note) if one.manager_id == turn.person.id else ""  # said to whoever was it then
    so_far = one.comment if one.comment_by == turn.person.id else ""
    view = digest_views.comment_form(turn.t, person, written, so_far, turn.carry)
    return Replace(view) if _on_page(turn) else Open(view)


@flow.view
def send_comment(turn: Turn) -> Replace | None:
    """Keep the comment with the check-in; the employee finds it on their card and hears of it once."""
    one = _theirs(turn, Act.ANSWER_CHECKIN)
    words = turn.inputs.text("comment")[:LONGEST]
    check_comment(one, words)
    checkins.comment(turn.session, one, words, turn.person.id, turn.now)
    turn.note(Act.ANSWER_CHECKIN, one.person_id, f"{one.cycle_id}/{one.day}")
    asking.say_card(turn, one)
    say(turn, one)
    hearing.plan(turn, one)
    return team.again(turn) if _on_page(turn) else None


@flow.action
def add_to_talk(turn: Turn) -> None:
    """Put a check-in on the list for the next talk."""
    one = _theirs(turn, Act.PLAN_TALK)
    talks.add(turn.session, turn.person.id, one.person_id, turn.now, ref=str(one.day))
    turn.note(Act.PLAN_TALK, one.person_id, f"{one.cycle_id}/{one.day}")
    say(turn, one)


def _on_page(turn: Turn) -> bool:
    return turn.carry.rpartition("/")[2].startswith(ON_PAGE)


def _theirs(turn: Turn, act: Act) -> Checkin:
    """The check-in that was carried, if this person may answer it and it was told."""
    cycle_id, person_id, day, *_ = (*turn.carry.split("/"), "", "")
    turn.must(act, person_id)
    one = checkins.find(turn.session, cycle_id, person_id, day_of(day))
    if one is None or not one.told:
        raise Refused(OUTDATED)
    return one
