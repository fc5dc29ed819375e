"""How people answer: the same again, an update, what blocks, a note in the thread, or on their own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.access import Act
from bot.domain.checkin import (
    Checkin,
    Confidence,
    Item,
    Kind,
    answered,
    answered_same,
    must_be_changeable,
    question_before_sending,
    same_again,
)
from bot.domain.cycle import Cycle, Stage
from bot.domain.effort import signs
from bot.domain.refusal import N_, Refused, Sentence
from bot.handlers.checkins import asking, digests, views
from bot.handlers.checkins.conversation import (
    NOTE_MOST,
    Card,
    Row,
    actuals_of,
    before_of,
    card_of,
    flow,
    fresh,
    rows_of,
    running_cycle,
)
from bot.slack.blocks import Block, View, divider, section
from bot.slack.flow import Open, Replace, Task, Turn, day_of
from bot.slack.text import bold, lines
from bot.slack.words import Words
from bot.store import checkins, cycles, goals, people

# The sheet of now -------------------------------------------------------------------------


@flow.command("checkin", N_("Say how your goals are going"))
@flow.action
def check_in(turn: Turn) -> Open:
    """Open the present check-in: the one that waits, the one that can still be changed, or a new one."""
    cycle = running_cycle(turn)
    if cycle is None:
        raise Refused("Check-ins run while a cycle's work is being done; yours is not in that stage today.")
    facts = card_of(turn, _present(turn, cycle))
    if not facts.rows:
        raise Refused("There is no agreed goal to check in on yet. Please agree your goals with your manager first.")
    return Open(views.sheet(turn.t, facts))


def _present(turn: Turn, cycle: Cycle) -> Checkin:
    kept = checkins.all_of(turn.session, cycle.id, turn.person.id)
    open_ones = [
        one for one in kept if one.changeable and (one.kind is Kind.OPEN or one.digest_on or one.day == turn.today)
    ]
    return open_ones[-1] if open_ones else fresh(turn, cycle, turn.today)


def _mine(turn: Turn) -> Checkin:
    """The check-in that was carried, if it is this person's and can still be answered."""
    cycle_id, person_id, day = turn.carried(3)
    turn.must(Act.CHECK_IN, person_id)
    cycle = cycles.get(turn.session, cycle_id)
    kept = checkins.find(turn.session, cycle_id, person_id, day_of(day))
    running = cycle.stage_on(turn.today) is Stage.EXECUTING
    if kept is None and not (running and turn.today - timedelta(days=1) <= day_of(day) <= turn.today):
        raise Refused("This check-in is closed. Type /cairn checkin for the present one.")
    one = kept or fresh(turn, cycle, day_of(day))
    must_be_changeable(one)
    if one.told and not running:
        raise Refused("The time of work of this cycle is over, and with it its check-ins.")
    return one


# Buttons ----------------------------------------------------------------------------------


@flow.action
def update(turn: Turn) -> Open:
    """Open the form with all goals, as they were last told."""
    return Open(views.sheet(turn.t, card_of(turn, _mine(turn))))


@flow.action
def blocked(turn: Turn) -> Open:
    """Open the form about what is in the way."""
    return Open(views.blocked_sheet(turn.t, card_of(turn, _mine(turn))))


@flow.action
def same(turn: Turn) -> None:
    """Record the last values again."""
    one = _mine(turn)
    agreed = goals.agreed_goals(turn.session, one.cycle_id, one.person_id)
    before = before_of(turn, one)
    _keep(turn, one, answered_same(one, before[-1] if before else None, agreed))


# Forms ------------------------------------------------------------------------------------


@flow.view
def send(turn: Turn) -> Replace | None:
    """Keep an update, or first ask its author one kind question; of that nothing is kept."""
    before, after = _updated(turn)
    if question := _kind_question(turn, after):
        return Replace(asked_once(turn.t, views.sheet(turn.t, card_of(turn, after)), question))
    _keep(turn, before, after)
    return None


@flow.view
def send_anyway(turn: Turn) -> None:
    """Keep the update as it is now."""
    _keep(turn, *_updated(turn))


def asked_once(t: Words, sheet: View, question: Sentence) -> View:
    """The same form with one question above it, and a button that sends it whatever the answer."""
    above = [section(lines(bold(t("Only you see this")), t.say(question))), divider()]
    return replace(sheet, blocks=[*above, *sheet.blocks], does=send_anyway, submit=t("Save as it is"))


def _kind_question(turn: Turn, after: Checkin) -> Sentence | None:
    """What to ask about a note that says little; who wrote none is not asked."""
    written = [text for text in (after.note, after.blocking) if text]
    if not after.note or not signs(written):  # then earlier notes could add one sign at most
        return None
    return question_before_sending(before_of(turn, after), after)


def _updated(turn: Turn) -> tuple[Checkin, Checkin]:
    """The check-in before and after what the form holds."""
    one = _mine(turn)
    facts = card_of(turn, one)
    items = tuple(_item(turn, row) for row in facts.rows)
    after = answered(
        one,
        items,
        note=turn.inputs.text("note")[:NOTE_MOST],
        blocking=turn.inputs.text("blocking")[:NOTE_MOST],
        help_wanted=_help(turn, facts),
    )
    return one, after


def _item(turn: Turn, row: Row) -> Item:
    chosen = turn.inputs.text(f"confidence-{row.goal.id}")
    if chosen not in list(Confidence):
        raise Refused("Please choose one of the three", field=f"confidence-{row.goal.id}")
    return Item(row.goal.id, turn.inputs.amount(f"value-{row.goal.id}", row.goal.unit), Confidence(chosen))


@flow.view
def send_blocked(turn: Turn) -> None:
    """Keep what is in the way; the numbers stay as they were."""
    one = _mine(turn)
    facts = card_of(turn, one)
    blocking = turn.inputs.text("blocking")[:NOTE_MOST]
    if not blocking:
        raise Refused("Please say in a few words what is in the way", field="blocking")
    kept = answered(one, _unchanged(turn, one), note=one.note, blocking=blocking, help_wanted=_help(turn, facts))
    _keep(turn, one, kept)


def _unchanged(turn: Turn, one: Checkin) -> tuple[Item, ...]:
    agreed = goals.agreed_goals(turn.session, one.cycle_id, one.person_id)
    before = before_of(turn, one)
    last = one if one.items else (before[-1] if before else None)
    return same_again(last, agreed) if last and any(last.item(goal.id) for goal in agreed) else ()


def _help(turn: Turn, facts: Card) -> list[str]:
    offered = {kind.id for kind in facts.support}
    return [one for one in turn.inputs.many("help") if one in offered]


def _keep(turn: Turn, before: Checkin, after: Checkin) -> None:
    """Keep an answer, turn the card into its thanks, and tell a manager whose digest is out already."""
    told = checkins.answer(turn.session, after, turn.now)
    if told is None and asking.begin(turn, before):
        told = checkins.answer(turn.session, after, turn.now)
    if told is None:
        raise Refused("This check-in was changed meanwhile. Please look at the newest card.")
    turn.note(Act.CHECK_IN, before.person_id, f"{before.cycle_id}/{before.day}")
    if told:
        digests.late(turn, after)
    asking.say_card(turn, after)


# Notes ------------------------------------------------------------------------------------


@flow.reply
def noted(turn: Turn) -> None:
    """An answer in the card's thread becomes its note; the card shows it."""
    key = turn.carry.split("/")
    if key[1:2] == ["pause"]:
        raise Refused("I keep no notes on a pause. Your next check-in is the place for them.")
    if key[4:5] == ["digest"]:
        raise Refused("A reply here does not say whom it is for. Please press “Comment” below the person.")
    turn.carry = "/".join(key[1:4])
    one = _mine(turn)
    note = " ".join(turn.inputs.text("text").split())
    if len(note) > NOTE_MOST:
        raise Refused("This is longer than a note can be ({most} characters). Please shorten it.", most=NOTE_MOST)
    checkins.keep_note(turn.session, one, note)
    turn.note(Act.CHECK_IN, one.person_id, f"{one.cycle_id}/{one.day}")
    asking.say_card(turn, one)


# Elsewhere --------------------------------------------------------------------------------


@flow.waiting
def waiting(turn: Turn) -> Sequence[Task]:
    """The check-in that is open."""
    cycle = running_cycle(turn)
    kept = checkins.all_of(turn.session, cycle.id, turn.person.id) if cycle else []
    t = turn.t
    return [
        Task(
            t("Your check-in of {day}: about a minute", day=t.weekday(one.day)),
            t("Check in"),
            update,
            f"{one.cycle_id}/{one.person_id}/{one.day}",
            one.digest_on or one.day,
        )
        for one in kept
        if one.kind is Kind.OPEN
    ]


@flow.home
def home(turn: Turn) -> Sequence[Block]:
    """Where each goal stands, and the way to their team."""
    cycle = running_cycle(turn)
    agreed = goals.agreed_goals(turn.session, cycle.id, turn.person.id) if cycle else ()
    history = checkins.history(turn.session, cycle.id, turn.person.id) if cycle and agreed else []
    known = actuals_of(turn, cycle.id, turn.person.id) if cycle and agreed else {}
    mine = views.home(turn.t, rows_of(agreed, history[-1] if history else None, known)) if agreed else []
    leads = len(people.reports_of(turn.session, turn.person.id, turn.today))
    return [*mine, *(views.home_of_a_manager(turn.t, leads) if leads else [])]
