"""Checkpoints: asked on their day, written by the manager; while one is late the plan stands still."""

from datetime import time

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cadence import DAY, add_working_days, instant
from bot.domain.org import Person
from bot.domain.plan import IN_TIME, LONGEST, STANDINGS, Plan, Slot, Standing, Written, check_said, to_write
from bot.domain.refusal import Refused
from bot.handlers.plans import ending, handing, looking, views
from bot.handlers.plans.conversation import (
    Shown,
    asked_key,
    beside,
    card_key,
    flow,
    late_key,
    leads,
    plan_in,
    shown,
    today_of,
    window,
)
from bot.slack.blocks import Message, View, button, buttons, choice, context, form, section, text_input
from bot.slack.flow import OUTDATED, Open, Replace, Turn, known
from bot.slack.text import Text, bold, escape, lines
from bot.slack.words import Words
from bot.store import leavers, people, plans

MORNING = time(8)
"""When a plan is looked at, on the person's wall clock; what follows waits for the reader's hours."""
END = 0
"""In the place of a checkpoint's number: the end of the plan."""

# What people see --------------------------------------------------------------------------


def asked(t: Words, found: Shown, slot: Slot) -> Message:
    """The manager is asked for a checkpoint; once it is written, that."""
    push = t("A checkpoint waits for your words.")
    whose = escape(found.person.name)
    if not found.plan.open or slot.written_on:
        return _settled(t, whose)
    ways = buttons(
        button(t("Write the checkpoint"), does=write, carry=found.plan.id, style="primary"),
        button(t("See the plan"), does=looking.open_plan, carry=found.person.id),
    )
    return Message(push, [section(lines(bold(push), whose, _until(t, found, slot))), ways])


def _settled(t: Words, whose: Text | None = None) -> Message:
    text = t("This checkpoint is settled.")
    return Message(text, [section(lines(text, whose))], over=True)


def _until(t: Words, found: Shown, slot: Slot) -> Text:
    if found.where.stands_still:
        return t(
            "The plan stands still and goes on as soon as you write. {name} loses no day by it.", name=found.person
        )
    return t(
        "The checkpoint of {day}: please talk, then write what you saw and what you did of your part, by {until}. "
        "Later, the plan stands still until it is written.",
        day=t.weekday(slot.day),
        until=t.weekday(slot.until),
    )


def last_day(t: Words, found: Shown, slot: Slot) -> Message:
    """The one reminder, on the last day."""
    ways = buttons(button(t("Write the checkpoint"), does=write, carry=found.plan.id, style="primary"))
    push = t("A checkpoint still waits for your words.")
    over = not found.plan.open or slot.written_on is not None
    if over:
        return _settled(t)
    return Message(push, [section(lines(bold(push), escape(found.person.name), _until(t, found, slot))), ways])


def missing(t: Words, found: Shown, *, over: bool) -> Message:
    """For HR: a plan waits for its manager."""
    push = t("A plan waits for its manager.")
    if over and found.plan.open:
        return Message(t("The plan of {name} goes on.", name=found.person), over=True)
    if over:
        return Message(t("The plan of {name} is over.", name=found.person), over=True)
    what = t("The plan of {name} waits for {manager}. {name} loses no time by it; a word from you may help.",
             name=found.person, manager=found.manager)  # fmt: skip
    reads = button(t("See the plan"), does=looking.open_plan, carry=found.person.id)
    return Message(push, [section(lines(bold(push), what)), buttons(reads)])


def sheet(t: Words, found: Shown, slot: Slot) -> View:
    """What was seen, and what the manager did; both are read by the person."""
    standings = [(one.value, t(name)) for one, name in STANDINGS.items()]
    promised = views.duties(t, found)
    return form(
        t("Write the checkpoint"),
        [
            section(lines(bold(escape(found.person.name)), t.weekday(slot.day))),
            context(t("{name} reads this as you write it. Please talk before.", name=found.person)),
            choice("standing", t("How far are things?"), standings, chosen=Standing.PARTLY.value),
            text_input("seen", t("What did you see since the last time?"), lines=True, longest=LONGEST,
                       hint=t("Also what went well: when, what, and what came of it")),
            section(promised),
            text_input("done", t("What have you done for it so far?"), lines=True, longest=LONGEST),
        ],
        does=keep,
        submit=t("Save"),
        close=t("Not now"),
        carry=f"{found.plan.id}/{slot.n}",
    )  # fmt: skip


def arrived(t: Words, found: Shown, one: Written, author: Person) -> Message:
    """What the person reads of a checkpoint."""
    push = views.wrote(t, author)
    where = lines(push, bold(t(STANDINGS[one.standing])), views.said(t, one))
    reads = button(t("Read the plan"), does=looking.open_plan, carry=found.person.id, style="primary")
    own = button(t("Add my words"), does=looking.add_words, carry=found.plan.id)
    return Message(push, [section(where), buttons(reads, own)])


# Writing ----------------------------------------------------------------------------------


def _due(turn: Turn) -> tuple[Shown, Slot]:
    found = shown(turn, plan_in(turn, Act.WRITE_CHECKPOINT))
    if not found.plan.open:
        raise Refused("This plan is over.")
    return found, to_write(found.where)


@flow.action
def write(turn: Turn) -> Open | Replace:
    """Ask for the checkpoint that is due."""
    return window(turn, sheet(turn.t, *_due(turn)))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep it: the clock goes on, everybody's cards with it, and the person reads it in their working hours."""
    found, slot = _due(turn)
    if turn.carry != f"{found.plan.id}/{slot.n}":
        raise Refused(OUTDATED)
    inputs = turn.inputs
    standing, seen = known(Standing, inputs.text("standing")), check_said(inputs.text("seen"), "seen")
    one = Written(slot.n, found.where.today, standing, seen, check_said(inputs.text("done"), "done"), turn.person.id)
    plans.write(turn.session, found.plan, one)
    turn.note(Act.WRITE_CHECKPOINT, found.person.id, found.plan.id)
    turn.remind(hear_checkpoint, found.person.id, turn.now, turn.carry)
    refresh(turn, found.plan, slot.n)
    return looking.page_again(turn, found.plan.id)


def refresh(turn: Turn, plan: Plan, n: int) -> None:
    """Bring up to date what stands about a checkpoint, or about the end."""
    now = plans.get(turn.session, plan.id) or plan
    found = shown(turn, now)
    slot = next((one for one in found.where.slots if one.n == n), None)
    if slot:
        turn.update(found.manager, asked_key(plan, n, found.manager), asked, found, slot)
        turn.update(found.manager, f"{asked_key(plan, n, found.manager)}/last", last_day, found, slot)
    for hr in beside(turn, plan):
        turn.update(hr, late_key(plan, n, hr), missing, found, over=True)


@flow.prompt_that(Attention.EXPIRES)
def hear_checkpoint(turn: Turn) -> None:
    """The person reads what was written, while it is still what they talked about."""
    plan_id, n = turn.carried(2)
    plan = plans.get(turn.session, plan_id)
    one = next((one for one in plan.written if str(one.n) == n), None) if plan else None
    if plan and one:
        author = people.named(turn.session, [one.by])[one.by]
        turn.say(turn.person, f"plans/{plan.id}/{n}/read/{turn.person.id}", arrived, shown(turn, plan), one, author)


# Looking at it every morning --------------------------------------------------------------


def look_tomorrow(turn: Turn, plan: Plan, person: Person) -> None:
    """Look at the plan again on the person's next morning."""
    turn.remind(look, "", instant(today_of(turn, person) + DAY, MORNING, person.tz), plan.id)


@flow.timer
def look(turn: Turn) -> None:
    """What is due today: a question to the manager, a word to HR; a new manager takes over what is owed.

    Whose person has left is over.
    """
    plan = plans.get(turn.session, turn.carry)
    person = people.get(turn.session, plan.person_id) if plan else None
    if plan is None or person is None or not plan.open:
        return
    if leavers.has_left(turn.session, person.id, today_of(turn, person)):
        ending.end_for_leaver(turn, plan)
        return
    look_tomorrow(turn, plan, person)
    found = shown(turn, plan)
    manager = leads(turn, person)
    if manager and manager.id != plan.manager_id:
        handing.hand_over(turn, found, manager)
    where, owed = found.where, found.where.owed
    if owed:
        _ask_for(turn, found, owed)
    elif where.next is None and where.today >= where.ends_on and not plan.proposal:
        turn.remind(ending.ask_end, found.manager.id, turn.now, plan.id)
        if add_working_days(where.ends_on, IN_TIME, turn.workdays(person)) < where.today:
            _tell_hr(turn, plan, END)


def _ask_for(turn: Turn, found: Shown, owed: Slot) -> None:
    carry = f"{found.plan.id}/{owed.n}"
    turn.remind(ask, found.manager.id, turn.now, carry)
    if found.where.today >= owed.until:
        turn.remind(ask_again, found.manager.id, turn.now, carry)
    if found.where.stands_still:
        turn.update(found.person, card_key(found.plan), views.card, found)
        _tell_hr(turn, found.plan, owed.n)


def _tell_hr(turn: Turn, plan: Plan, n: int) -> None:
    for hr in beside(turn, plan):
        turn.remind(hear_missing, hr.id, turn.now, f"{plan.id}/{n}")


def _owed(turn: Turn) -> tuple[Shown, Slot] | None:
    """The checkpoint that was carried, if it is still this person's to write."""
    plan_id, n = turn.carried(2)
    plan = plans.get(turn.session, plan_id)
    if plan is None or not plan.open or not turn.may(Act.WRITE_CHECKPOINT, plan.person_id):
        return None
    found = shown(turn, plan)
    owed = found.where.owed
    return (found, owed) if owed and str(owed.n) == n else None


@flow.prompt_that(Attention.EXPIRES)
def ask(turn: Turn) -> None:
    """Ask on the day; on later days the same card says what has changed."""
    if due := _owed(turn):
        turn.say(turn.person, asked_key(due[0].plan, due[1].n, turn.person), asked, *due)


@flow.prompt_that(Attention.REMINDS)
def ask_again(turn: Turn) -> None:
    """Remind once, on the last day that is in time."""
    if due := _owed(turn):
        turn.say(turn.person, f"{asked_key(due[0].plan, due[1].n, turn.person)}/last", last_day, *due)


@flow.prompt
def hear_missing(turn: Turn) -> None:
    """HR hears that a plan stands still, or is at its end without a word."""
    plan_id, n = turn.carried(2)
    plan = plans.get(turn.session, plan_id)
    if plan is None or not plan.open or not turn.may(Act.SEE_PLAN, plan.person_id):
        return
    found = shown(turn, plan)
    owed = str(found.where.owed.n) if found.where.owed else str(END)
    if owed == n and not plan.proposal:
        turn.say(turn.person, late_key(plan, int(n), turn.person), missing, found, over=False)
