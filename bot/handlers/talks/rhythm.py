"""How often two people talk, and the agenda on the morning of the day: one card for each, in their working hours."""

from datetime import date, timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import add_working_days
from bot.domain.refusal import Refused
from bot.domain.talk import JUST_NOW, RHYTHMS, Terms, check_day, falls_on, next_talk
from bot.handlers.talks import views
from bot.handlers.talks.conversation import flow, pair_of, pair_today, talk_of, today_of
from bot.slack.flow import Replace, Turn, day_of
from bot.store import one_on_ones, outbox, people
from bot.store.one_on_ones import Pair


@flow.action
def choose(turn: Turn) -> Replace:
    """Ask how often, and from when on."""
    facts = talk_of(turn, pair_of(turn, turn.carry), turn.person)
    return Replace(views.rhythm_form(turn.t, facts, add_working_days(turn.today, 1, turn.workdays(turn.person))))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep it, and plan the next card of each."""
    pair, chosen = pair_of(turn, turn.carry), turn.inputs.text("weeks")
    weeks = next((one for one in RHYTHMS if str(one) == chosen), None)
    if weeks is None:
        raise Refused("Please choose one of these.", field="weeks")
    first_on = check_day(turn.inputs.day("first"), turn.today, "first") if weeks else None
    one_on_ones.choose_rhythm(turn.session, pair, weeks, first_on)
    turn.note(Act.HOLD_TALK, pair.person_id)
    for reader_id in (pair.manager_id, pair.person_id):
        _plan(turn, pair, reader_id)
    return Replace(views.window(turn.t, talk_of(turn, pair, turn.person)))


def _plan(turn: Turn, pair: Pair, reader_id: str) -> None:
    reader, terms = people.get(turn.session, reader_id), one_on_ones.terms(turn.session, pair)
    following = next_talk(terms, turn.now, reader.tz, turn.workdays(reader)) if reader else None
    if following:
        turn.remind(remind, reader_id, following.at, f"{_other(pair, reader_id)}/{_as_set(terms)}")


def _as_set(terms: Terms) -> str:
    """What a planned card holds for: another rhythm makes it void."""
    return f"{terms.weeks}-{terms.first_on}"


def _other(pair: Pair, reader_id: str) -> str:
    return pair.person_id if reader_id == pair.manager_id else pair.manager_id


@flow.prompt_that(Attention.EXPIRES)
def remind(turn: Turn) -> None:
    """Show the agenda of the day, unless they talked just now, left it out, or its day is over; plan the next one."""
    other_id, as_set = turn.carried(2)
    pair = pair_today(turn, turn.person, other_id)
    kept = pair or Pair(other_id, turn.person.id)
    terms = one_on_ones.terms(turn.session, kept)
    if _as_set(terms) != as_set:
        return
    if pair is None:
        _pass_on(turn, kept, terms.weeks)
        return
    _plan(turn, pair, turn.person.id)
    works = turn.workdays(turn.person)
    if falls_on(terms, turn.today, turn.person.tz, works) and not terms.is_settled(turn.today):
        facts = talk_of(turn, pair, turn.person)
        turn.say(turn.person, _key(pair, turn.person.id, turn.today), views.card, facts, turn.today)


# A new manager ----------------------------------------------------------------------------


def _pass_on(turn: Turn, former: Pair, weeks: int) -> None:
    """Somebody has another manager now: they read that this rhythm is over, and the other one is asked for theirs.

    While there is no other one, it is looked for again on the next day of the rhythm.
    """
    above = people.manager_of(turn.session, turn.person.id, turn.today)
    if above is None or not above.takes_part:
        _plan(turn, former, turn.person.id)
    elif not one_on_ones.terms(turn.session, Pair(above.id, turn.person.id)).weeks:
        before = people.named(turn.session, [former.manager_id])[former.manager_id]
        key = f"talks/{above.id}/{turn.person.id}/{turn.person.id}/passed-on"
        turn.say(turn.person, key, views.passed_on, before, above)
        turn.remind(offer, above.id, turn.now, f"{turn.person.id}/{weeks}")


@flow.prompt
def offer(turn: Turn) -> None:
    """Ask a new manager how often the two will talk, unless they settled it meanwhile."""
    person_id, weeks = turn.carried(2)
    pair, person = pair_today(turn, turn.person, person_id), people.get(turn.session, person_id)
    if pair and person and pair.person_id == person_id and not one_on_ones.terms(turn.session, pair).weeks:
        turn.say(turn.person, f"talks/{turn.person.id}/{person_id}/{turn.person.id}/passed-on", views.offered,
                 person, int(weeks))  # fmt: skip


# The cards that stand ---------------------------------------------------------------------


@flow.action
def leave_out(turn: Turn) -> None:
    """Not this time: both cards say so, and none comes to who has none yet."""
    other_id, on = turn.carried(2)
    pair = pair_of(turn, other_id)
    day = day_of(on)
    if abs(turn.today - day) <= JUST_NOW:
        one_on_ones.leave_out(turn.session, pair, day)
        say_again(turn, pair)


def say_again(turn: Turn, pair: Pair) -> None:
    """Bring up to date the cards of these days, each by the calendar of who reads it."""
    for reader in people.named(turn.session, (pair.manager_id, pair.person_id)).values():
        for ago in range(JUST_NOW.days + 1):
            day = today_of(turn, reader) - timedelta(days=ago)
            if outbox.was_said(turn.session, _key(pair, reader.id, day)):
                turn.update(reader, _key(pair, reader.id, day), views.card, talk_of(turn, pair, reader), day)


def _key(pair: Pair, reader_id: str, day: date) -> str:
    return f"talks/{pair.manager_id}/{pair.person_id}/{reader_id}/{day}"
