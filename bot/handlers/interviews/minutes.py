"""What the talk leaves: that it was held, who does what, the minutes, and that both have read them."""

from datetime import date

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import add_working_days, instant, working_days_between
from bot.domain.interview import FOLLOW_UPS, LONGEST_MINUTES, check_held, follow_up_on, lacking
from bot.domain.refusal import Refused
from bot.domain.talk import LONGEST, Entry, Kind, check_day, check_words
from bot.handlers.interviews import agenda, cards, following, handing, views
from bot.handlers.interviews.conversation import AT, Case, case_for, case_of, flow, today_of
from bot.slack.blocks import View
from bot.slack.flow import Errors, Open, Replace, Turn
from bot.store import interviews, one_on_ones, results

USUALLY = 10
"""Working days that an action takes, unless somebody says otherwise."""
SHOWS_RESULT = "delivery.tell"


def _leads(turn: Turn) -> Case:
    """The talk that was carried, for who leads the person."""
    case = case_of(turn)
    turn.must(Act.HOLD_INTERVIEW, case.person.id)
    return case


def _again(turn: Turn) -> View:
    """The window as it stands now, and both cards with it."""
    case = case_of(turn)
    agenda.say_again(turn, case.talk)
    return views.page_of(turn.t, case)


# They talked ------------------------------------------------------------------------------


@flow.action
def talked(turn: Turn) -> Replace:
    """The talk takes place today."""
    _hold(turn, _leads(turn), turn.today)
    return Replace(_again(turn))


def _hold(turn: Turn, case: Case, day: date) -> None:
    """Note it once: a result that waited for the talk opens to its person, and two looks back are planned."""
    talk, waited = case.talk, _waits(turn, case)
    took = working_days_between(talk.released_on, day, turn.workdays(turn.person))
    if not interviews.hold(turn.session, talk, turn.person.id, day, took, turn.now):
        return
    turn.note(Act.HOLD_INTERVIEW, case.person.id, case.carry)
    for one in (case.person, turn.person):
        turn.forget(agenda.show_agenda, one.id, case.carry)
    for days in FOLLOW_UPS:
        on, carry = follow_up_on(day, days), f"{case.carry}/{days}"
        turn.remind(following.look_back, case.person.id, instant(on, AT, case.person.tz), carry)
        turn.remind(following.ask_lead, "", instant(on, following.EARLY, turn.person.tz), carry)
    handing.look_tomorrow(turn)
    if waited:
        turn.remind(SHOWS_RESULT, case.person.id, turn.now, case.cycle.id)


def _waits(turn: Turn, case: Case) -> bool:
    """Whether the result is still hidden from its person."""
    result = results.result(turn.session, case.cycle.id, case.person.id)
    today, works = today_of(turn, case.person), turn.workdays(case.person)
    return result is not None and not interviews.may_see(turn.session, result, today, works)


# Who does what ----------------------------------------------------------------------------


@flow.action
def add_action(turn: Turn) -> Replace:
    """Ask who does what for which gap, by when, with what support."""
    due = add_working_days(turn.today, USUALLY, turn.workdays(turn.person))
    return Replace(views.action_form(turn.t, case_of(turn), due))


@flow.view
def keep_action(turn: Turn) -> Replace:
    """Keep it: it comes back on the check-in card of who does it."""
    case, inputs = case_of(turn), turn.inputs
    words, owner, gap = inputs.text("item")[:LONGEST], inputs.text("owner"), inputs.text("gap")
    check_words(words, "item")
    if case.leader is None:
        raise Refused("Nobody leads you at the moment. HR can say who does.")
    if owner not in {case.person.id, case.leader.id}:
        raise Refused("Please choose one of these.", field="owner")
    if gap not in {*case.topics, views.NO_GAP}:
        raise Refused("Please choose one of these.", field="gap")
    due = check_day(inputs.day("due"), turn.today, "due")
    entry = Entry(
        "", case.leader.id, case.person.id, Kind.ITEM, turn.person.id, words, turn.now, owner, due,
        cycle_id=case.cycle.id, gap="" if gap == views.NO_GAP else gap, support=inputs.text("support")[:LONGEST],
    )  # fmt: skip
    one_on_ones.keep(turn.session, entry)
    turn.note(Act.PREPARE_INTERVIEW, case.person.id, case.carry)
    return Replace(_again(turn))


# The minutes ------------------------------------------------------------------------------


@flow.action
def write_minutes(turn: Turn) -> Replace:
    """Ask the manager for the minutes."""
    return Replace(views.minutes_form(turn.t, _leads(turn)))


@flow.view
def send_minutes(turn: Turn) -> Replace | Errors:
    """Send them, once every gap has an action; what was typed is kept until then."""
    case, inputs = _leads(turn), turn.inputs
    words, gaps = inputs.text("minutes")[:LONGEST_MINUTES], tuple(inputs.many("gaps"))
    day = case.talk.held_on or check_held(inputs.day("day"), case.talk.released_on, turn.today)
    if not set(gaps) <= set(case.topics):
        raise Refused("Please choose one of these.", field="gaps")
    if problems := lacking(words, gaps, case.gaps, {one.gap for one in case.actions}):
        interviews.draft(turn.session, case.talk, words, gaps, turn.person.id)
        return Errors({name: turn.t.say(one) for name, one in problems.items()})
    _hold(turn, case, day)
    interviews.post(turn.session, case.talk, words, gaps, turn.person.id, turn.now)
    turn.note(Act.HOLD_INTERVIEW, case.person.id, f"{case.carry}/minutes")
    turn.remind(tell_minutes, case.person.id, turn.now, case.carry)
    return Replace(_again(turn))


@flow.prompt_that(Attention.FREE)
def tell_minutes(turn: Turn) -> None:
    """The person reads the minutes, in a working hour."""
    cycle_id, person_id = turn.carried(2)
    if talk := interviews.find(turn.session, cycle_id, person_id):
        case = case_for(turn, talk, turn.person)
        turn.say(turn.person, cards.minutes_key(talk, turn.person.id), cards.minutes, case)


@flow.action
def confirm(turn: Turn) -> Replace | None:
    """The person has read them; that is no agreement."""
    return _seen(turn, "")


@flow.action
def comment_form(turn: Turn) -> Open:
    """Ask what they would add."""
    case = case_of(turn)
    turn.must(Act.CONFIRM_MINUTES, case.person.id)
    return Open(views.comment_form(turn.t, case))


@flow.view
def send_comment(turn: Turn) -> Replace | None:
    """The person has read the minutes and adds something; the manager hears it."""
    words = turn.inputs.text("comment")[:LONGEST_MINUTES]
    check_words(words, "comment")
    return _seen(turn, words)


def _seen(turn: Turn, words: str) -> Replace | None:
    case = case_of(turn)
    turn.must(Act.CONFIRM_MINUTES, case.person.id)
    interviews.see(turn.session, case.talk, words, turn.now)
    turn.note(Act.CONFIRM_MINUTES, case.person.id, case.carry)
    now = case_of(turn)
    turn.update(turn.person, cards.minutes_key(now.talk, turn.person.id), cards.minutes, now)
    if words and now.leader:
        turn.remind(tell_comment, now.leader.id, turn.now, case.carry)
    return None if turn.place else Replace(views.page_of(turn.t, now))


@flow.prompt_that(Attention.BRINGS)
def tell_comment(turn: Turn) -> None:
    """The manager reads what the person adds to the minutes."""
    cycle_id, person_id = turn.carried(2)
    talk = interviews.find(turn.session, cycle_id, person_id)
    if talk and turn.may(Act.HOLD_INTERVIEW, person_id):
        key = f"interviews/{cycle_id}/{person_id}/{turn.person.id}/comment"
        turn.say(turn.person, key, cards.commented, case_for(turn, talk, turn.person))
