"""Deciding: the record, then one of three decisions, each with its reason."""

from collections.abc import Mapping
from decimal import Decimal

from bot.domain.appeal import (
    SOURCE,
    Appeal,
    Decision,
    Move,
    State,
    check_not_worse,
    check_reason,
    mark_of_result,
    whole_period,
)
from bot.domain.attention import Attention
from bot.domain.claim import Claim, check_scored
from bot.domain.fingerprint import fingerprint
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.reported import key_of
from bot.domain.webhook import Event
from bot.handlers.appeals import cards, rating
from bot.handlers.appeals.conversation import Shown, flow, must_hear, shown_of
from bot.handlers.appeals.record import Record, appeal_itself, record
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    amount_input,
    button,
    buttons,
    choice,
    context,
    form,
    page,
    section,
    text_input,
)
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, bold, clip, escape, row
from bot.slack.words import Words
from bot.store import actuals, appeal_facts, appeals, cycles, people, result_versions, results, templates, webhooks
from bot.store.results import ResultRow

LONGEST = 2000
MOST_GOALS = 40

# What people see --------------------------------------------------------------------------------


def record_page(t: Words, shown: Shown, found: Record) -> View:
    """The appeal, the ways to decide it, and the record."""
    carry = shown.one.id
    ways = buttons(
        button(t("Let the result stand"), does=uphold_form, carry=carry),
        button(t("Correct a value"), does=adjust_form, carry=carry),
        button(t("Have the rating given anew"), does=redo_form, carry=carry),
    )
    blocks = [*appeal_itself(t, shown), ways, *record(t, found)]
    return page(t("Appeal"), blocks[:100], close=t("Close"))


def _reason(t: Words, hint: Text) -> Block:
    label = t("Why? What did you look at, and what does it show?")
    return text_input("reason", label, lines=True, longest=LONGEST, hint=hint)


def upholding(t: Words, shown: Shown) -> View:
    """The result stands, and why."""
    hint = t("The person reads this; write it as you would say it to them.")
    return form(
        t("Let the result stand"),
        [*appeal_itself(t, shown), _reason(t, hint)],
        does=uphold,
        submit=t("Let it stand"),
        close=t("Not now"),
        carry=shown.one.id,
    )


def correcting(t: Words, shown: Shown, goals: tuple[Goal, ...], known: Mapping[str, Decimal]) -> View:
    """The values that are wrong, and why."""
    hint = t("The person, their manager and HR read this beside the result, with the number before and after.")
    inputs = [
        amount_input(
            f"value-{one.id}",
            clip(row(escape(one.title), escape(one.unit), between=", "), 1900),
            optional=True,
            hint=_known(t, known.get(key_of(one))),
        )
        for one in goals[:MOST_GOALS]
    ]
    how = t("Write only what is wrong, for the whole cycle. The result is computed again by the same rules from all "
            "that is on record now; one that would be lower is refused.")  # fmt: skip
    return form(
        t("Correct a value"),
        [section(how), *inputs, _reason(t, hint)],
        does=adjust,
        submit=t("Correct it"),
        close=t("Not now"),
        carry=shown.one.id,
    )


def _known(t: Words, value: Decimal | None) -> Text:
    return t("Nothing is known yet.") if value is None else t("Known is {value}.", value=value)


def redoing(t: Words, shown: Shown, raters: list[Person]) -> View:
    """Who gives the rating anew, and why."""
    offered = [(one.id, escape(one.name)) for one in raters]
    hint = t("Whoever rates reads this now; the person, their manager and HR read it beside the result.")
    return form(
        t("Rating anew"),
        [choice("rater", t("Who gives it?"), offered, chosen=raters[0].id), _reason(t, hint)],
        does=redo,
        submit=t("Ask for it"),
        close=t("Not now"),
        carry=shown.one.id,
    )


def was_changed(t: Words, shown: Shown, opens: Does) -> Message:
    """To the manager: a result of the team is another one; what it was, and why, stands in it."""
    text = t("The result of {name} for {cycle} was changed after an appeal.", name=shown.person, cycle=shown.cycle.name)
    see = button(t("Open the result"), does=opens, carry=f"{shown.cycle.id}/{shown.person.id}")
    return Message(text, [section(text), buttons(see), context(t(cards.NOBODY_WORSE))])


# What happens -----------------------------------------------------------------------------------


@flow.action
def open_record(turn: Turn) -> Open:
    """Show the record to whoever decides, as long as they do; looking leaves a trace."""
    one = must_hear(turn)
    document = appeals.record(turn.session, one.id)
    template = document["template"]
    found = Record(document, fingerprint(document), templates.template_of(turn.session, template) if template else None)
    turn.note("see_appeal", one.person_id, one.id)
    return Open(record_page(turn.t, shown_of(turn, one), found))


@flow.action
def uphold_form(turn: Turn) -> Open:
    """Ask why the result stands."""
    return Open(upholding(turn.t, shown_of(turn, must_hear(turn))))


@flow.view
def uphold(turn: Turn) -> Replace:
    """The result stands."""
    one = must_hear(turn)
    return settle(turn, one, Move.UPHOLD, Decision(one.level, turn.person.id, State.UPHELD, _why(turn), turn.now))


@flow.action
def adjust_form(turn: Turn) -> Open:
    """Ask which values are wrong."""
    one = must_hear(turn)
    goals = appeal_facts.measured(turn.session, one.cycle_id, one.person_id)
    known = appeal_facts.known_values(turn.session, one.cycle_id, one.person_id)
    return Open(correcting(turn.t, shown_of(turn, one), goals, known))


@flow.view
def adjust(turn: Turn) -> Replace:
    """Values are corrected, and the result is computed again by the same rules."""
    one, why = must_hear(turn), _why(turn)
    _correct(turn, one)
    before, after = recompute(turn, one)
    if before == after:
        raise Refused("Nothing changes by this: the result stays what it is. Please correct a value, or let the result "
                      "stand.")  # fmt: skip
    return settle(
        turn, one, Move.ADJUST, Decision(one.level, turn.person.id, State.ADJUSTED, why, turn.now, before, after)
    )


def _correct(turn: Turn, one: Appeal) -> None:
    """Corrected values go the way of all values, with the appeal as their source."""
    cycle = cycles.get(turn.session, one.cycle_id)
    known = appeal_facts.known_values(turn.session, one.cycle_id, one.person_id)
    for goal in appeal_facts.measured(turn.session, one.cycle_id, one.person_id)[:MOST_GOALS]:
        value = turn.inputs.amount(f"value-{goal.id}", goal.unit)
        if value is not None and value != known.get(key_of(goal)):
            check_scored(value, goal)
            claim = Claim(one.id, cycle.id, one.person_id, key_of(goal), goal.title, whole_period(cycle), value,
                          goal.unit, "", turn.person.id, "", turn.now)  # fmt: skip
            actuals.put(turn.session, claim, source=f"{SOURCE}{one.id}")


def recompute(turn: Turn, one: Appeal) -> tuple[str, str]:
    """Put what is made of all that is on record now in the place of the result that stands; gives the marks of both.

    What is the same to the last digit stays as it is; what would be lower is refused.
    """
    cycle = cycles.get(turn.session, one.cycle_id)
    row_ = results.as_released(turn.session, one.cycle_id, one.person_id)
    if row_ is None:
        raise Refused("This result has not been released.")
    stood, mark = (row_.score, row_.band), _mark(row_)
    calendar = turn.calendar.country_days(turn.session)
    computed = appeal_facts.computed_anew(turn.session, cycle, row_, turn.today, calendar)
    if results.is_same(row_, computed):
        return mark, mark
    stands = results.replace_released(turn.session, one.cycle_id, computed, one.id, turn.now)
    check_not_worse(stood, (stands.score, stands.band), results.grades_in(computed.rules))
    return mark, _mark(stands)


def _mark(row_: ResultRow) -> str:
    return mark_of_result(result_versions.document(row_))


@flow.action
def redo_form(turn: Turn) -> Open:
    """Ask who gives the rating anew."""
    one = must_hear(turn)
    return Open(redoing(turn.t, shown_of(turn, one), _raters(turn, one)))


@flow.view
def redo(turn: Turn) -> Replace:
    """Somebody is asked to give the rating anew."""
    one, why = must_hear(turn), _why(turn)
    chosen = next((each for each in _raters(turn, one) if each.id == turn.inputs.text("rater")), None)
    if chosen is None:
        raise Refused("Please choose one of these.", field="rater")
    asked = appeals.ask_anew(turn.session, one, chosen.id, why)
    turn.note("decide_appeal", one.person_id, f"{one.id}/redo")
    turn.remind(rating.ask, chosen.id, turn.now, f"{one.id}/{one.level}")
    cards.show(turn, asked, one.rater_id)
    return _done(turn, turn.t("{name} is asked to give the rating anew.", name=chosen))


def _raters(turn: Turn, one: Appeal) -> list[Person]:
    if not rating.can_be_rated(turn, one):
        raise Refused("There is no rating in this result that could be given anew.")
    cycle = cycles.get(turn.session, one.cycle_id)
    found = appeal_facts.candidates_to_rate(turn.session, cycle, one.person_id, turn.today)
    if not found:
        raise Refused("Nobody is here any more who could rate. Please correct a value, or let the result stand.")
    return found


def _why(turn: Turn) -> str:
    reason = turn.inputs.text("reason")[:LONGEST]
    check_reason(reason)
    return reason


# What follows -------------------------------------------------------------------------------------


def settle(turn: Turn, one: Appeal, move: Move, decision: Decision) -> Replace:
    """Keep the decision, bring it to its person, and tell the manager of a result that is another one."""
    decided = appeals.decide(turn.session, one, move, decision)
    turn.note("decide_appeal", one.person_id, f"{one.id}/{decision.state.value}")
    turn.remind(tell_decided, one.person_id, turn.now, f"{one.id}/{one.level}")
    webhooks.tell(turn.session, Event.APPEAL_DECIDED, one.cycle_id, [one.person_id], turn.now, turn.real_now)
    if decision.changed:
        turn.remind("delivery.tell", one.person_id, turn.now, one.cycle_id)
        if manager := people.manager_of(turn.session, one.person_id, turn.today):
            turn.remind(tell_changed, manager.id, turn.now, one.id)
    cards.show(turn, decided, one.handler_id, one.rater_id)
    return _done(turn, turn.t("It is decided. The person reads it in their working hours."))


def _done(turn: Turn, said: Text) -> Replace:
    return Replace(page(turn.t("Appeal"), [section(bold(said))], close=turn.t("Close")))


@flow.prompt_that(Attention.FREE)
def tell_decided(turn: Turn) -> None:
    """Its person hears that it is decided."""
    appeal_id, level = turn.carried(2)
    one = appeals.get(turn.session, appeal_id)
    if str(one.level) == level and not one.open:
        opens = turn.flows.steps["delivery.open_result"]
        turn.say(turn.person, cards.key(one, "decided", turn.person.id), cards.decided, shown_of(turn, one), opens)


@flow.prompt_that(Attention.FREE)
def tell_changed(turn: Turn) -> None:
    """The manager hears that a result of the team is another one."""
    one = appeals.get(turn.session, turn.carry)
    opens = turn.flows.steps["delivery.open_result"]
    turn.say(turn.person, cards.key(one, "changed", turn.person.id), was_changed, shown_of(turn, one), opens)
