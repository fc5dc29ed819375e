"""Who decides: found by rule, named by HR where nobody is independent, reminded, and replaced when they cannot."""

from datetime import date, timedelta

from bot.domain.access import Act
from bot.domain.appeal import HEARD, REMINDED_AFTER, Appeal, State, comes_to_it, due_on, independent
from bot.domain.attention import Attention
from bot.domain.cadence import add_working_days, instant
from bot.domain.cycle import MORNING
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.team import Duty
from bot.handlers.appeals import cards, deciding, rating
from bot.handlers.appeals.conversation import Shown, barred_from, flow, may_be_named, shown_of, today_of, who_names
from bot.slack.blocks import View, form, page, person_input, section
from bot.slack.flow import Open, Replace, Task, Turn
from bot.slack.words import Words
from bot.store import appeals, cycles, people

A_DAY = timedelta(days=1)

# What HR sees -----------------------------------------------------------------------------------


def whom(t: Words, shown: Shown) -> View:
    """Who is to decide."""
    hint = t("Somebody who has no part in this result. They read the frozen record of this appeal, and nothing else.")
    return form(
        t("Name somebody"),
        [
            section(t("An appeal of {name} about {cycle}", name=shown.person, cycle=shown.cycle.name)),
            person_input("whom", t("Who decides?"), hint=hint),
        ],
        does=name_handler,
        submit=t("Name them"),
        close=t("Not now"),
        carry=shown.one.id,
    )


# Finding somebody -------------------------------------------------------------------------------


def give_out(turn: Turn, one: Appeal) -> Appeal:
    """Give it to whoever hears appeals and has no part in it, the fewest open ones first; else HR names somebody."""
    holders = [each.id for each in people.holders(turn.session, Duty.APPEALS)]
    turn.remind(watch, "", turn.now + A_DAY, one.id)
    found = independent(holders, barred_from(turn, one), appeals.load(turn.session))
    named = people.named(turn.session, found)
    if there := [named[each] for each in found if comes_to_it(_due(turn, named[each]), turn.today)]:
        return hand_to(turn, one, there[0])
    for each in who_names(turn, one):
        turn.remind(ask_to_name, each, turn.now, f"{one.id}/{one.level}")
    return one


def hand_to(turn: Turn, one: Appeal, handler: Person, by: str = "") -> Appeal:
    """Somebody decides it from today on: their working days count."""
    today, works = today_of(turn, handler), turn.workdays(handler)
    named = appeals.name(turn.session, one, handler.id, _due(turn, handler), by=by)
    turn.remind(tell_handler, handler.id, turn.now, f"{one.id}/{one.level}")
    for n in REMINDED_AFTER:
        at = instant(add_working_days(today, n, works), MORNING, handler.tz)
        turn.remind(remind_handler, handler.id, at, f"{one.id}/{one.level}/{n}")
    turn.note("name_appeal_handler", one.person_id, one.id)
    return named


def _due(turn: Turn, handler: Person) -> date:
    return due_on(today_of(turn, handler), turn.workdays(handler))


@flow.prompt_that(Attention.EXPIRES)
def tell_handler(turn: Turn) -> None:
    """Whoever decides hears of it."""
    appeal_id, level = turn.carried(2)
    one = appeals.get(turn.session, appeal_id)
    if _is_theirs(one, turn.person, level):
        turn.say(turn.person, cards.key(one, "decide", turn.person.id), cards.to_decide, shown_of(turn, one),
                 turn.person.id)  # fmt: skip


@flow.prompt_that(Attention.EXPIRES)
def remind_handler(turn: Turn) -> None:
    """The day comes near, or is past: then its person reads so, and HR hears of it."""
    appeal_id, level, n = turn.carried(3)
    one = appeals.get(turn.session, appeal_id)
    if not _is_theirs(one, turn.person, level):
        return
    shown = shown_of(turn, one)
    turn.say(turn.person, cards.key(one, f"due{n}", turn.person.id), cards.reminder, shown, turn.person.id)
    if shown.late:
        turn.update(shown.person, cards.key(one, "mine", one.person_id), cards.mine, shown)
        for each in who_names(turn, one):
            turn.remind(ask_to_name, each, turn.now, f"{one.id}/{one.level}")


def _is_theirs(one: Appeal, person: Person, level: str) -> bool:
    return one.state in HEARD and one.handler_id == person.id and str(one.level) == level


@flow.timer
def watch(turn: Turn) -> None:
    """Once a day: whoever left, is away or has a part in it by now decides no more; who hears appeals since may."""
    one = appeals.get(turn.session, turn.carry)
    if not one.open:
        return
    turn.remind(watch, "", turn.now + A_DAY, one.id)
    if one.state in HEARD:
        handler = people.get(turn.session, one.handler_id)
        comes = one.due_on is not None and comes_to_it(one.due_on, turn.today)
        if handler and handler.takes_part and comes and handler.id not in barred_from(turn, one):
            return
        cards.show(turn, given := give_out(turn, appeals.hand_on(turn.session, one)), one.handler_id, one.rater_id)
    elif (given := give_out(turn, one)).state is not one.state:
        cards.show(turn, given)


# HR names somebody --------------------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def ask_to_name(turn: Turn) -> None:
    """Somebody of HR is asked to name somebody, as long as that is needed."""
    appeal_id, level = turn.carried(2)
    one = appeals.get(turn.session, appeal_id)
    shown = shown_of(turn, one)
    if one.open and str(one.level) == level and may_be_named(shown) and turn.person.id in who_names(turn, one):
        turn.say(turn.person, cards.key(one, "name", turn.person.id), cards.to_name, shown)


@flow.action
def choose_handler(turn: Turn) -> Open:
    """Ask who is to decide."""
    return Open(whom(turn.t, shown_of(turn, _to_name(turn))))


@flow.view
def name_handler(turn: Turn) -> Replace:
    """Somebody without a part in it decides from now on."""
    one, t = _to_name(turn), turn.t
    chosen = people.get(turn.session, turn.inputs.text("whom"))
    if chosen is None or not chosen.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="whom")
    if chosen.id in barred_from(turn, one):
        raise Refused(
            "{name} has a part in this result: as its person, in the line, by rating, by a change, or by an earlier "
            "decision. Please choose somebody else.",
            field="whom",
            name=chosen.name,
        )
    if not comes_to_it(_due(turn, chosen), turn.today):
        raise Refused("{name} is away for too long. Please choose somebody who can decide within a month.",
                      field="whom", name=chosen.name)  # fmt: skip
    named = hand_to(turn, one, chosen, by=turn.person.id)
    cards.show(turn, named, one.handler_id, one.rater_id)
    said = t("{name} decides it and hears of it in their working hours.", name=chosen)
    return Replace(page(t("Name somebody"), [section(said)], close=t("Close")))


def _to_name(turn: Turn) -> Appeal:
    one = appeals.get(turn.session, turn.carry)
    if turn.person.id not in who_names(turn, one):
        raise Refused("This is not yours to do. If you think it should be, please ask HR.")
    if not one.open or not may_be_named(shown_of(turn, one)):
        raise Refused("Somebody decides this appeal already.")
    return one


# What waits -----------------------------------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """Appeals to decide, ratings to give anew, and for HR somebody to name."""
    return [task for one in appeals.concerning(turn.session, turn.person.id) for task in _tasks(turn, one)]


def _tasks(turn: Turn, one: Appeal) -> list[Task]:
    t, cycle = turn.t, cycles.get(turn.session, one.cycle_id)
    if one.state is State.REDOING and one.rater_id == turn.person.id:
        text = t("A rating of {cycle} to give anew", cycle=cycle.name)
        return [Task(text, t("Give the rating"), rating.open_rating, one.id)]
    if one.state is State.DECIDING and one.due_on:
        text = t("An appeal about {cycle}, to decide by {day}", cycle=cycle.name, day=t.weekday(one.due_on))
        return [Task(text, t("Open the record"), deciding.open_record, one.id, one.due_on)]
    if one.state is State.FILED and turn.may(Act.RUN_CYCLE, turn.person.id) and turn.person.id in who_names(turn, one):
        text = t("An appeal about {cycle} needs somebody who decides it.", cycle=cycle.name)
        return [Task(text, t("Name somebody"), choose_handler, one.id)]
    return []
