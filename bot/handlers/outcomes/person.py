"""One person: what the rules propose, what was decided and why; HR decides here, the others read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle
from bot.domain.outcomes import (
    KINDS,
    LONGEST,
    MOST_COEFFICIENT,
    Decision,
    Kind,
    Proposal,
    checked_decision,
    rule_of,
)
from bot.domain.refusal import Refused
from bot.handlers.outcomes import commending
from bot.handlers.outcomes.conversation import Looked, flow, look_at, waits_for_talk
from bot.slack import attention
from bot.slack.blocks import (
    Block,
    Does,
    Message,
    View,
    button,
    buttons,
    choice,
    context,
    form,
    number_input,
    page,
    section,
    text_input,
)
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, bold, lines, quote
from bot.slack.words import Words
from bot.store import cycles, outcomes, pools, timers

YES, NO = "yes", "no"

# What people see --------------------------------------------------------------------------


def person_page(t: Words, looked: Looked, back: Does) -> View:
    """Every proposal with its rule, and what became of it."""
    head = bold(t("{name}, {cycle}", name=looked.person, cycle=looked.cycle.name))
    none = section(t("The rules propose nothing for this grade."))
    shown = [_proposal(t, looked, one) for one in looked.outcome.proposed]
    ways = [buttons(button(t("Back to the list"), does=back, carry=looked.cycle.id))] if looked.decides else []
    by_hand = context(t("Nothing follows by itself: a person decides each one and says why."))
    return page(t("What follows"), [section(head), *(shown or [none]), by_hand, *ways], close=t("Close"))


def _proposal(t: Words, looked: Looked, one: Proposal) -> Block:
    decided = looked.outcome.stands(one.kind)
    label = t("Change") if decided else t("Decide")
    press = button(label, does=decide_form, carry=f"{looked.carry}/{one.kind}") if looked.decides else None
    said = _decided(t, looked, one, decided) if decided else [t("Nobody has decided this yet.")]
    return section(lines(bold(t(KINDS[one.kind])), t.say(rule_of(one, looked.version)), *said), press)


def _decided(t: Words, looked: Looked, one: Proposal, decided: Decision) -> list[Text]:
    by = looked.deciders[decided.decided_by]
    if one.kind is Kind.COEFFICIENT:
        text = t("{name} decided on {value}, {at}", name=by, value=decided.value, at=decided.at.date())
    elif decided.granted:
        text = t("{name} decided: yes, {at}", name=by, at=decided.at.date())
    else:
        text = t("{name} decided: not this time, {at}", name=by, at=decided.at.date())
    commended = looked.commended if one.kind is Kind.COMMENDATION and decided.granted else None
    return [text, quote(decided.reason), *([commending.state(t, commended, looked.person)] if commended else [])]


def decide_sheet(t: Words, looked: Looked, one: Proposal) -> View:
    """The form: as proposed or otherwise, and why."""
    head = lines(bold(t("{name}, {cycle}", name=looked.person, cycle=looked.cycle.name)), t(KINDS[one.kind]),
                 t.say(rule_of(one, looked.version)))  # fmt: skip
    decided = looked.outcome.stands(one.kind)
    what = _choices(t, one, decided)
    words = commending.words_input(t, looked) if one.kind is Kind.COMMENDATION else []
    hint = t("{name} reads this. What differs from the proposal needs about eight words.", name=looked.person)
    why = text_input("reason", t("Why?"), initial=decided.reason if decided else "", lines=True, hint=hint,
                     longest=LONGEST)  # fmt: skip
    return form(
        t("Decide"), [section(head), what, *words, why], does=keep, submit=t("Decide"), close=t("Not now"),
        carry=f"{looked.carry}/{one.kind}",
    )  # fmt: skip


def _choices(t: Words, one: Proposal, decided: Decision | None) -> Block:
    if one.kind is Kind.COEFFICIENT:
        initial = decided.value if decided else one.value
        return number_input("value", t("Bonus coefficient"), initial=initial, least=0, most=MOST_COEFFICIENT)
    ways = [(YES, t("Yes, as proposed")), (NO, t("No, not this time"))]
    chosen = NO if decided and not decided.granted else YES
    return choice("granted", t("What do you decide?"), ways, chosen=chosen)


def all_decided(t: Words, cycle: Cycle, carry: str, at: datetime) -> Message:
    """There is something to read; what it is stands behind the button."""
    push = t("What follows from your result of {cycle} is decided.", cycle=cycle.name)
    told = context(t("Each with its rule and the reason, as of {at}. If you see it differently: `/cairn ask`.", at=at))
    return Message(
        push, [section(push), buttons(button(t("Read what was decided"), does=open_person, carry=carry)), told]
    )


# What happens -----------------------------------------------------------------------------


@flow.action
def open_person(turn: Turn) -> Open:
    """Look at one person; that somebody else looked stays in the audit."""
    return Open(page_of(turn, look_at(turn, *turn.carried(2))))


def page_of(turn: Turn, looked: Looked) -> View:
    """The page, with a trace of who looked at somebody else's."""
    if looked.person.id != turn.person.id:
        turn.note(Act.SEE_OUTCOMES, looked.person.id, looked.cycle.id)
    return person_page(turn.t, looked, turn.flows.steps["outcomes.back"])


@flow.action
def decide_form(turn: Turn) -> Replace:
    """Ask what is decided, and why."""
    cycle_id, person_id, kind = turn.carried(3)
    turn.must(Act.DECIDE_OUTCOME, person_id)
    looked = look_at(turn, cycle_id, person_id)
    proposal = looked.proposal(kind)
    check_open(turn, cycle_id, person_id, proposal.kind)
    return Replace(decide_sheet(turn.t, looked, proposal))


@flow.view
def keep(turn: Turn) -> Replace:
    """Keep what was decided about one proposal."""
    cycle_id, person_id, kind = turn.carried(3)
    turn.must(Act.DECIDE_OUTCOME, person_id)
    looked = look_at(turn, cycle_id, person_id)
    proposal = looked.proposal(kind)
    check_open(turn, cycle_id, person_id, proposal.kind)
    granted = proposal.kind is Kind.COEFFICIENT or turn.inputs.text("granted") == YES
    value = turn.inputs.number("value") if proposal.kind is Kind.COEFFICIENT else None
    one = _decision(turn, looked, proposal)
    decide(turn, [checked_decision(replace(one, granted=granted, value=value), proposal)])
    if proposal.kind is Kind.COMMENDATION and granted:
        commending.propose(turn, looked, turn.inputs.text("words"))
    elif proposal.kind is Kind.COMMENDATION:
        commending.take_back(turn, looked)
    return Replace(person_page(turn.t, look_at(turn, cycle_id, person_id), turn.flows.steps["outcomes.back"]))


def _decision(turn: Turn, looked: Looked, one: Proposal) -> Decision:
    reason = turn.inputs.text("reason")[:LONGEST]
    kept = (looked.cycle.id, looked.person.id, one.kind, one.grade)
    return Decision(*kept, granted=True, value=one.value, reason=reason, decided_by=turn.person.id, at=turn.now)


def check_open(turn: Turn, cycle_id: str, person_id: str, kind: Kind) -> None:
    """Once a pool is approved, the coefficient of each line stays as long as its grade does."""
    if kind is Kind.COEFFICIENT and person_id in pools.settled(turn.session, cycle_id):
        raise Refused("The bonus pool of this cycle is approved, so its coefficients stay as they are.")


def decide(turn: Turn, made: Sequence[Decision]) -> None:
    """Keep decisions, leave a trace of each, and tell those for whom nothing is open any more."""
    outcomes.decide(turn.session, made)
    for one in made:
        turn.note(Act.DECIDE_OUTCOME, one.person_id, f"{one.cycle_id}/{one.kind}")
    cycle_id = made[0].cycle_id
    found = outcomes.outcomes(turn.session, cycle_id, [one.person_id for one in made])
    done = [timers.Timer(tell.id, one.person_id, cycle_id, turn.now) for one in found if not one.open]
    timers.set_all(turn.session, done)


@flow.prompt_that(Attention.FREE)
def tell(turn: Turn) -> None:
    """The person hears that everything is decided, where the result is shown in the talk: after it."""
    (cycle_id,) = turn.carried(1)
    found = outcomes.outcomes(turn.session, cycle_id, [turn.person.id])
    if not found or found[0].open or not found[0].decided or waits_for_talk(turn, cycle_id, tell):
        return
    newest = max(one.at for one in found[0].decided.values())
    cycle, carry = cycles.get(turn.session, cycle_id), f"{cycle_id}/{turn.person.id}"
    key = f"outcomes/{cycle_id}/decided/{turn.person.id}"
    attention.say_news(turn, turn.person, key, all_decided(turn.t, cycle, carry, newest))
