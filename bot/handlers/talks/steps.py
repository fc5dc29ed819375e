"""The window: who opens it, what is added to it, and that they talked."""

from datetime import date

from bot.domain.access import Act
from bot.domain.cadence import add_working_days
from bot.domain.refusal import N_, Refused
from bot.domain.talk import LONGEST, LONGEST_NOTE, Entry, Kind, check_day, check_talked, check_words
from bot.handlers.talks import rhythm, views
from bot.handlers.talks.conversation import Talk, flow, pair_of, pair_today, partners, talk_of
from bot.slack.blocks import View
from bot.slack.flow import Open, Replace, Turn, day_of
from bot.slack.text import mentioned
from bot.store import one_on_ones, people, talks
from bot.store.one_on_ones import Pair

USUALLY = 5
"""Working days that an action takes, unless somebody says otherwise."""


@flow.command("talk", N_("Your one-on-ones: agenda, notes and what you agreed; talk @name opens one"))
@flow.action
def open_talk(turn: Turn) -> Open:
    """Open the window with this person; without a name, the list of whom one talks with, if there are several."""
    whom = mentioned(turn.carry) or turn.carry.strip()
    if whom:
        return Open(_window(turn, pair_of(turn, whom)))
    found = partners(turn)
    if not found:
        raise Refused("I know neither your manager nor anybody who reports to you. HR can add them.")
    return Open(_window(turn, pair_of(turn, found[0].id)) if len(found) == 1 else views.partners(turn.t, found))


def _window(turn: Turn, pair: Pair) -> View:
    return views.window(turn.t, talk_of(turn, pair, turn.person))


def _talk(turn: Turn) -> Talk:
    """The talk with whom was carried."""
    return talk_of(turn, pair_of(turn, turn.carry), turn.person)


@flow.action
def back(turn: Turn) -> Replace:
    """Back to the window."""
    return Replace(_window(turn, pair_of(turn, turn.carry)))


@flow.action
def add_point(turn: Turn) -> Replace:
    """Ask for a point."""
    return Replace(views.point_form(turn.t, _talk(turn)))


@flow.action
def add_note(turn: Turn) -> Replace:
    """Ask for a note."""
    return Replace(views.note_form(turn.t, _talk(turn)))


@flow.action
def add_item(turn: Turn) -> Replace:
    """Ask who does what, and by when."""
    due = add_working_days(turn.today, USUALLY, turn.workdays(turn.person))
    return Replace(views.item_form(turn.t, _talk(turn), due))


@flow.action
def older(turn: Turn) -> Replace:
    """Show the notes from the one that was carried on."""
    other_id, first = turn.carried(2)
    facts = talk_of(turn, pair_of(turn, other_id), turn.person)
    return Replace(views.older(turn.t, facts, int(first) if first.isdecimal() and len(first) < 5 else 0))


@flow.action
def talked(turn: Turn) -> Replace:
    """Ask what the talk was about."""
    return Replace(views.talked_form(turn.t, _talk(turn)))


# What is kept -----------------------------------------------------------------------------


def _keep(turn: Turn, pair: Pair, kind: Kind, words: str, owner_id: str = "", due: date | None = None) -> None:
    entry = Entry("", pair.manager_id, pair.person_id, kind, turn.person.id, words, turn.now, owner_id, due)
    one_on_ones.keep(turn.session, entry)
    if kind is not Kind.PRIVATE:
        turn.note(Act.HOLD_TALK, pair.person_id)


def _again(turn: Turn, pair: Pair) -> Replace:
    """The window as it stands now, and the cards of these days with it."""
    rhythm.say_again(turn, pair)
    return Replace(_window(turn, pair))


@flow.view
def keep_point(turn: Turn) -> Replace:
    """Keep a point that both see."""
    pair = pair_of(turn, turn.carry)
    _keep_point(turn, pair, turn.inputs.text("point"))
    return _again(turn, pair)


def _keep_point(turn: Turn, pair: Pair, words: str) -> None:
    check_words(words, "point")
    _keep(turn, pair, Kind.POINT, words[:LONGEST])


@flow.view
def keep_note(turn: Turn) -> Replace:
    """Keep a note, for both or for oneself; where that is not said, for oneself."""
    pair, words = pair_of(turn, turn.carry), turn.inputs.text("note")[:LONGEST_NOTE]
    check_words(words, "note")
    shared = turn.inputs.text("readers") == views.BOTH
    _keep(turn, pair, Kind.SHARED if shared else Kind.PRIVATE, words)
    return Replace(_window(turn, pair))


@flow.view
def keep_item(turn: Turn) -> Replace:
    """Keep who does what, and by when."""
    pair, words, owner = pair_of(turn, turn.carry), turn.inputs.text("item")[:LONGEST], turn.inputs.text("owner")
    check_words(words, "item")
    if owner not in {pair.manager_id, pair.person_id}:
        raise Refused("Please choose one of these.", field="owner")
    due = check_day(turn.inputs.day("due"), turn.today, "due")
    _keep(turn, pair, Kind.ITEM, words, owner, due)
    return _again(turn, pair)


@flow.view
def keep_talked(turn: Turn) -> Replace:
    """They talked: what was ticked is finished, a note is kept for both."""
    pair, inputs = pair_of(turn, turn.carry), turn.inputs
    facts, ticked = talk_of(turn, pair, turn.person), turn.inputs.many("points")
    day = check_talked(inputs.day("day"), turn.today)
    above = people.manager_of(turn.session, pair.person_id, day)
    if above is None or above.id != pair.manager_id:
        raise Refused("On this day you two were not yet manager and report.", field="day")
    for entry in facts.points:
        if entry.id in ticked:
            one_on_ones.finish(turn.session, entry, turn.now)
    for point in facts.own:
        if point.id in ticked:
            talks.finish(turn.session, point, turn.now)
    if words := inputs.text("note")[:LONGEST_NOTE]:
        _keep(turn, pair, Kind.SHARED, words)
    one_on_ones.talked(turn.session, pair, max(day, facts.terms.last_on or day))
    turn.note(Act.HOLD_TALK, pair.person_id)
    return _again(turn, pair)


# Action items -----------------------------------------------------------------------------


@flow.action
def done(turn: Turn) -> Replace:
    """An action item is done; either of the two says so in the window."""
    other_id, entry_id = turn.carried(2)
    pair = pair_of(turn, other_id)
    found = [one for one in talk_of(turn, pair, turn.person).items if one.id == entry_id]
    if not found:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    _finish(turn, found[0])
    return _again(turn, pair)


@flow.action
def done_in_checkin(turn: Turn) -> None:
    """Who has to do it says on the check-in card that it is done."""
    entry_id, cycle_id, person_id, on = turn.carried(4)
    entry = one_on_ones.get(turn.session, entry_id)
    turn.must(Act.CHECK_IN, entry.owner_id)
    _finish(turn, entry)
    turn.remind("checkins.refresh", turn.person.id, turn.now, f"{cycle_id}/{person_id}/{day_of(on)}")
    other_id = entry.manager_id if entry.owner_id == entry.person_id else entry.person_id
    if pair := pair_today(turn, turn.person, other_id):
        rhythm.say_again(turn, pair)


def _finish(turn: Turn, item: Entry) -> None:
    """It is done; what came of a talk about a result is looked back on there."""
    one_on_ones.finish(turn.session, item, turn.now)
    if item.cycle_id:
        turn.remind("interviews.item_done", "", turn.now, f"{item.cycle_id}/{item.person_id}")


@flow.reply
def add_by_reply(turn: Turn) -> None:
    """An answer in the thread of a card becomes a point for both; the cards show it."""
    _, manager_id, person_id, *_ = (*turn.carry.split("/"), "", "")
    pair = pair_of(turn, person_id if turn.person.id == manager_id else manager_id)
    _keep_point(turn, pair, " ".join(turn.inputs.text("text").split()))
    rhythm.say_again(turn, pair)
