"""How a plan goes on or ends: the manager proposes, somebody of HR gives the second press, the person reads it."""

from collections.abc import Mapping

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.plan import LONGEST, Outcome, Plan, Proposal, check_outcome, check_said, check_second, more_days
from bot.domain.refusal import N_, Refused
from bot.handlers.plans import checkpoints, looking, views
from bot.handlers.plans.conversation import Shown, beside, card_key, flow, independent, plan_in, shown, window
from bot.slack.blocks import Message, View, button, buttons, choice, context, form, section, text_input
from bot.slack.flow import OUTDATED, Open, Replace, Turn, known
from bot.slack.text import bold, escape, lines, quote
from bot.slack.words import Words
from bot.store import one_on_ones, plans

LABELS: Mapping[Outcome, str] = {
    Outcome.COMPLETED: N_("Completed: what was expected is there"),
    Outcome.EXTENDED: N_("It goes on for 30 days, once"),
    Outcome.ENDED: N_("Over, not all that was expected is there"),
}
ASKED = N_("An outcome of a plan waits for HR's second press.")

# What people see --------------------------------------------------------------------------


def sheet(t: Words, found: Shown) -> View:
    """How it came out, by the standard of the first day."""
    offered = [one for one in LABELS if one is not Outcome.EXTENDED or not found.plan.extended]
    before = t("Please talk with {name} before: nobody should hear an outcome from me first. {hr} of HR looks at it, "
               "then {name} reads it.", name=found.person, hr=found.hr)  # fmt: skip
    return form(
        t("Say how it goes on"),
        [
            section(lines(bold(escape(found.person.name)), t("What is expected"), quote(found.plan.standard))),
            choice("outcome", t("How did it come out?"), [(one.value, t(LABELS[one])) for one in offered]),
            text_input("why", t("What do you base that on?"), lines=True, longest=LONGEST),
            context(before),
        ],
        does=send,
        submit=t("Send to HR"),
        close=t("Not now"),
        carry=found.plan.id,
    )


def why_not(t: Words, found: Shown) -> View:
    """Why HR does not confirm it."""
    asked = text_input("word", t("What is to be looked at again?"), lines=True, longest=LONGEST)
    return form(t("Send it back"), [asked, context(t("The manager reads it."))], does=send_back,
                submit=t("Send it back"), close=t("Not now"), carry=found.plan.id)  # fmt: skip


def question(t: Words, found: Shown) -> Message:
    """HR is asked for the second press."""
    if not found.plan.proposal:
        return Message(t("This outcome is settled."), over=True)
    look = button(t("See the plan"), does=looking.open_plan, carry=found.person.id, style="primary")
    return Message(t(ASKED), [section(lines(bold(t(ASKED)), escape(found.person.name))), buttons(look)])


def last_word(t: Words, found: Shown) -> Message:
    """The manager is asked how it goes on; or reads what HR made of it."""
    push = t("A plan is at its last day. How does it go on?")
    if not found.plan.open or found.plan.proposal:
        return Message(t("You have said how it goes on."), over=True)
    ways = buttons(
        button(t("Say how it goes on"), does=propose, carry=found.plan.id, style="primary"),
        button(t("See the plan"), does=looking.open_plan, carry=found.person.id),
    )
    return Message(push, [section(lines(bold(push), escape(found.person.name))), ways])


def answered(t: Words, found: Shown) -> Message:
    """For whoever proposed it: confirmed, or sent back."""
    back = found.plan.sent_back
    push = t("HR has answered how a plan goes on.")
    stands = t("It is confirmed, and {name} reads it in their working hours.", name=found.person)
    said = lines(t("HR sent the proposal back:"), quote(back)) if back else stands
    reads = button(t("See the plan"), does=looking.open_plan, carry=found.person.id)
    return Message(push, [section(lines(bold(push), escape(found.person.name), said)), buttons(reads)])


def came_out(t: Words, found: Shown, outcome: Outcome) -> Message:
    """What the person reads in the end, or when it goes on."""
    said = views.outcome_said(t, found)
    talk = {
        Outcome.COMPLETED: t("Well done. What helped may go on; just say so."),
        Outcome.EXTENDED: t("The help and the checkpoints go on, too."),
    }.get(outcome, t("{manager} and {hr} talk with you about it. You may bring your own view, and somebody you trust.",
                     manager=found.manager, hr=found.hr))  # fmt: skip
    ways = buttons(
        button(t("Read the plan"), does=looking.open_plan, carry=found.person.id, style="primary"),
        button(t("Add my words"), does=looking.add_words, carry=found.plan.id),
    )
    push = views.wrote(t, found.manager)
    return Message(push, [section(lines(push, bold(said), quote(found.plan.why), talk)), ways])


# The manager proposes ---------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def ask_end(turn: Turn) -> None:
    """The last day is there: the manager is asked."""
    plan = plans.get(turn.session, turn.carry)
    if plan and plan.open and not plan.proposal and turn.may(Act.WRITE_CHECKPOINT, plan.person_id):
        turn.say(turn.person, _end_key(plan, turn.person.id), last_word, shown(turn, plan))


def _end_key(plan: Plan, reader_id: str) -> str:
    """An extended plan has another last day."""
    return f"plans/{plan.id}/end-{plan.more_days}/{reader_id}"


@flow.action
def propose(turn: Turn) -> Open | Replace:
    """Ask how it came out."""
    found = shown(turn, plan_in(turn, Act.END_PLAN))
    if not found.plan.open or found.plan.proposal:
        raise Refused("This was settled meanwhile. Please look at the newest card.")
    return window(turn, sheet(turn.t, found))


@flow.view
def send(turn: Turn) -> Replace:
    """Keep the proposal and bring it to HR."""
    found = shown(turn, plan_in(turn, Act.END_PLAN))
    plan, outcome = found.plan, known(Outcome, turn.inputs.text("outcome"))
    if outcome not in LABELS:
        raise Refused("Please choose one of these.", field="outcome")
    check_outcome(plan, found.where, outcome)
    why = check_said(turn.inputs.text("why"), "why")
    seconds = [one for one in beside(turn, plan) if one.id != turn.person.id] or [
        one for one in independent(turn, plan.person_id, plan.manager_id) if one.id != turn.person.id
    ]
    if not seconds:
        raise Refused("A second person of HR has to confirm this, and there is none here. `/cairn setup` names one.")
    plans.propose(turn.session, plan, Proposal(outcome, turn.person.id, why))
    turn.note(Act.END_PLAN, plan.person_id, plan.id)
    for hr in seconds:
        turn.remind(ask_second, hr.id, turn.now, plan.id)
    _refresh(turn, plan.id)
    return looking.page_again(turn, plan.id)


# HR's second press ------------------------------------------------------------------------


@flow.prompt_that(Attention.EXPIRES)
def ask_second(turn: Turn) -> None:
    """HR is asked to look at a proposed outcome."""
    plan = plans.get(turn.session, turn.carry)
    if plan and plan.proposal and turn.may(Act.END_PLAN, plan.person_id):
        turn.say(turn.person, _second_key(plan, turn.person.id), question, shown(turn, plan))


def _second_key(plan: Plan, reader_id: str) -> str:
    return f"plans/{plan.id}/second-{plan.more_days}/{reader_id}"


def _to_decide(turn: Turn) -> tuple[Shown, Proposal]:
    found = shown(turn, plan_in(turn, Act.END_PLAN))
    proposal = check_second(found.plan, turn.person.id)
    if turn.person not in independent(turn, found.plan.person_id, found.plan.manager_id):
        raise Refused("The second press is for somebody else of HR.")
    return found, proposal


@flow.action
def confirm(turn: Turn) -> Replace:
    """It stands: the plan is over or goes on, and the person reads it in their working hours."""
    found, proposal = _to_decide(turn)
    if turn.carried(2)[1] != proposal.outcome:
        raise Refused(OUTDATED)
    plan = found.plan
    plans.settle(turn.session, plan, found.where.today, more_days(found.where))
    if proposal.outcome is not Outcome.EXTENDED:
        one_on_ones.finish_all(turn.session, plan.items, turn.now)
    turn.note(Act.END_PLAN, plan.person_id, plan.id)
    turn.remind(hear_outcome, plan.person_id, turn.now, f"{plan.id}/{proposal.outcome}")
    turn.remind(hear_answer, proposal.by, turn.now, plan.id)
    _refresh(turn, plan.id)
    return looking.page_again(turn, plan.id)


@flow.action
def doubt(turn: Turn) -> Open | Replace:
    """Ask what is to be looked at again."""
    return window(turn, why_not(turn.t, _to_decide(turn)[0]))


@flow.view
def send_back(turn: Turn) -> Replace:
    """It does not stand, and whoever proposed it reads why."""
    found, proposal = _to_decide(turn)
    plans.send_back(turn.session, found.plan, check_said(turn.inputs.text("word"), "word"))
    turn.note(Act.END_PLAN, found.person.id, found.plan.id)
    turn.remind(hear_answer, proposal.by, turn.now, found.plan.id)
    _refresh(turn, found.plan.id)
    return looking.page_again(turn, found.plan.id)


def end_for_leaver(turn: Turn, plan: Plan) -> None:
    """Its person has left: nothing of it is asked for any more, and nothing keeps the records because of it."""
    owed = shown(turn, plan).where.owed
    plans.leave(turn.session, plan, turn.today)
    one_on_ones.finish_all(turn.session, plan.items, turn.now)
    turn.note(Act.END_PLAN, plan.person_id, plan.id)
    _refresh(turn, plan.id)
    if owed:
        checkpoints.refresh(turn, plan, owed.n)


def _refresh(turn: Turn, plan_id: str) -> None:
    """Bring the questions up to date that stand with HR and the manager."""
    plan = plans.get(turn.session, plan_id)
    if plan is None:
        return
    found = shown(turn, plan)
    turn.update(found.manager, _end_key(plan, found.manager.id), last_word, found)
    for hr in independent(turn, plan.person_id, plan.manager_id):
        turn.update(hr, _second_key(plan, hr.id), question, found)
    checkpoints.refresh(turn, plan, checkpoints.END)


@flow.prompt_that(Attention.FREE)
def hear_outcome(turn: Turn) -> None:
    """The person reads how it goes on."""
    plan_id, outcome = turn.carried(2)
    plan = plans.get(turn.session, plan_id)
    if plan:
        key = f"{card_key(plan)}/{outcome}"
        turn.say(turn.person, key, came_out, shown(turn, plan), known(Outcome, outcome))


@flow.prompt_that(Attention.FREE)
def hear_answer(turn: Turn) -> None:
    """Whoever proposed it hears of HR's answer."""
    plan = plans.get(turn.session, turn.carry)
    if plan and turn.may(Act.SEE_PLAN, plan.person_id):
        key = f"plans/{plan.id}/answered-{turn.now:%Y%m%d%H%M}/{turn.person.id}"
        turn.say(turn.person, key, answered, shown(turn, plan))
