"""Values by hand: employee or manager reports one with evidence, the other confirms it, and only then it counts."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.claim import Claim, ClaimState, check_answer, check_claim, check_scored, other_of
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.reported import Reported, key_of
from bot.handlers.claims import forms
from bot.handlers.claims.choosing import Choice, choices, manager_id, may_count, periods_of
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    context,
    fields,
    form,
    section,
    text_input,
)
from bot.slack.flow import Flow, Open, Replace, Task, Turn
from bot.slack.text import Text, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import actuals, claims, people

flow = Flow("claims")

SOURCE = 300
"""Letters of the evidence that stay beside the value as its source."""
EACH_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """A claim with the people in it, and what is known so far."""

    claim: Claim
    reporter: Person
    owner: Person
    other: Person
    known: Reported | None = None

    @property
    def to_confirm(self) -> str:
        """What the button carries: which claim, and the value that stands beside it, so that none goes unseen."""
        value = self.known.value if self.known else None
        return f"{self.claim.id}/{'-' if value is None else f'{value.normalize():f}'}"


# What people see --------------------------------------------------------------------------


def facts(t: Words, shown: Shown) -> list[Block]:
    """What is claimed, and what is known so far."""
    claim = shown.claim
    known = shown.known
    return [
        fields(
            [
                (t("Goal"), escape(claim.title)),
                (t("Whose"), escape(shown.owner.name)),
                (t("Period"), escape(claim.period)),
                (t("Actual value"), row(t.number(claim.value), escape(claim.unit), between=" ")),
            ]
        ),
        *([section(t("This value is below zero. Is it meant so?"))] if claim.value < 0 else []),
        section(lines(t("Evidence"), quote(claim.evidence))),
        *(
            [context(t("So far: {value}, from {source}", value=known.value, source=known.source or "–"))]
            if known and known.value is not None
            else []
        ),
    ]


def question(t: Words, shown: Shown) -> Message:
    """The other one is asked."""
    text = t("{name} reports an actual value and asks you to confirm it.", name=shown.reporter)
    does = buttons(
        button(t("Confirm"), does=confirm, carry=shown.to_confirm, style="primary"),
        button(t("Dispute"), does=doubt, carry=shown.claim.id),
    )
    return Message(text, [section(text), *facts(t, shown), does])


def sight(t: Words, shown: Shown, *, anew: bool = False) -> View:
    """The same in a window: from Home, or when something became known since the question was asked."""
    text = t("{name} reports an actual value and asks you to confirm it.", name=shown.reporter)
    since = [section(t("What is known of it changed since I asked you. Please look again."))] if anew else []
    does = buttons(button(t("Dispute"), does=doubt, carry=shown.claim.id))
    return form(
        t("A reported value"),
        [*since, section(text), *facts(t, shown), does],
        does=agree,
        submit=t("Confirm"),
        close=t("Later"),
        carry=shown.to_confirm,
    )


def passed_on(t: Words, shown: Shown) -> Message:
    """Who was asked before sees that it is not theirs any more, and nothing else of it."""
    return Message(t("{name} is to confirm this value now.", name=shown.other), over=True)


def reported(t: Words, shown: Shown) -> Message:
    """Who reported it sees that it waits."""
    text = t("I asked {name} to confirm the value. Until then it does not count.", name=shown.other)
    withdrawing = buttons(button(t("Withdraw"), does=withdraw, carry=shown.claim.id))
    return Message(text, [section(text), *facts(t, shown), withdrawing])


def outcome(t: Words, shown: Shown) -> Message:
    """What became of it, for both, in the place of question and waiting."""
    match shown.claim.state:
        case ClaimState.CONFIRMED:
            text = t("The value that {name} reported is confirmed and counts.", name=shown.reporter)
        case ClaimState.DISPUTED:
            text = t("{other} disputes the value that {name} reported. It does not count.",
                     other=shown.other, name=shown.reporter)  # fmt: skip
        case _:
            text = t("{name} withdrew the value.", name=shown.reporter)
    reason = [section(quote(shown.claim.reason))] if shown.claim.reason else []
    withdrawn, settle = shown.claim.state is ClaimState.WITHDRAWN, shown.claim.state is ClaimState.DISPUTED
    how = t("While no other value is known, the result waits for one: report it anew together, or give it to HR.")
    return Message(
        text, [section(text), *facts(t, shown), *reason, *([context(how)] if settle else [])], over=withdrawn
    )


def why_not(t: Words, claim: Claim) -> View:
    """Why it is disputed."""
    return form(
        t("Dispute a value"),
        [
            section(t("{title}, {period}", title=claim.title, period=claim.period)),
            text_input("reason", t("What is wrong with it?"), lines=True),
        ],
        does=dispute,
        submit=t("Dispute"),
        close=t("Do not dispute it"),
        carry=claim.id,
    )


def task_text(t: Words, claim: Claim) -> Text:
    """What Home says of it."""
    return t("A reported value waits for you: {title}, {period}", title=claim.title, period=claim.period)


# What happens -----------------------------------------------------------------------------


@flow.command("report", N_("Report an actual value, with evidence"))
@flow.action
def begin(turn: Turn) -> Open:
    """Ask which goal it is about."""
    offered = choices(turn)
    if not offered:
        raise Refused("There is no agreed goal yet that you could report a value for.")
    return Open(forms.which_goal(turn.t, turn.person, offered))


@flow.action
def choose(turn: Turn) -> Replace:
    """Show which number is asked for this goal."""
    return Replace(forms.sheet(turn.t, turn.person, _chosen(turn), turn.today))


def _chosen(turn: Turn) -> Choice:
    """The goal that was carried, if a value of it may be reported."""
    chosen = next((one for one in choices(turn) if one.key == turn.carry), None)
    if chosen is None:
        raise Refused("No value can be reported for this goal any more.")
    turn.must(Act.REPORT_VALUE, chosen.person.id)
    return chosen


@flow.view
def report(turn: Turn) -> None:
    """Keep the claim, and ask the other one."""
    chosen, inputs = _chosen(turn), turn.inputs
    period, evidence = inputs.text("period"), inputs.text("evidence")
    written = inputs.amount("value", chosen.goal.unit)
    value = check_claim(written, period, evidence, periods_of(chosen.cycle), turn.today)
    check_scored(value, chosen.goal)
    asked = other_of(turn.person.id, chosen.person.id, manager_id(turn, chosen.person.id))
    goal, ids = chosen.goal, (chosen.cycle.id, chosen.person.id, key_of(chosen.goal))
    claim = Claim("", *ids, goal.title, period, value, goal.unit, evidence, turn.person.id, asked, turn.now)
    kept = claims.keep(turn.session, claim)
    turn.note(Act.REPORT_VALUE, chosen.person.id, kept.id)
    shown = _shown(turn, kept)
    turn.say(shown.other, _question_of(kept), question, shown)
    turn.say(turn.person, f"claims/{kept.id}/reported", reported, shown)
    turn.remind(look_after, "", turn.now + EACH_DAY, kept.id)


@flow.action
def confirm(turn: Turn) -> Open | None:
    """The value counts from now on."""
    again = _confirmed(turn)
    return Open(again) if again else None


@flow.view
def agree(turn: Turn) -> Replace | None:
    """The same, from the window."""
    again = _confirmed(turn)
    return Replace(again) if again else None


def _confirmed(turn: Turn) -> View | None:
    """Take the value over; if another became known than stood beside the button, show it first."""
    claim_id, _ = turn.carried(2)
    claim = _asked(turn, claim_id)
    shown = _shown(turn, claim)
    if turn.carry != shown.to_confirm:
        turn.say(turn.person, _question_of(claim), question, shown)
        return sight(turn.t, shown, anew=True)
    settled = claims.settle(turn.session, claim, ClaimState.CONFIRMED)
    actuals.put(turn.session, claim, source=claim.evidence[:SOURCE])
    _tell(turn, settled, Act.CONFIRM_VALUE)
    return None


@flow.action
def doubt(turn: Turn) -> Replace:
    """Ask for the reason."""
    return Replace(why_not(turn.t, _asked(turn, turn.carry)))


@flow.view
def dispute(turn: Turn) -> None:
    """The value does not count; both read why."""
    claim, reason = _asked(turn, turn.carry), turn.inputs.text("reason")
    if not reason:
        raise Refused("Please say what is wrong with it.", field="reason")
    _tell(turn, claims.settle(turn.session, claim, ClaimState.DISPUTED, reason), "dispute_value")


@flow.action
def withdraw(turn: Turn) -> None:
    """Who reported it takes it back."""
    claim = claims.get(turn.session, turn.carry)
    if claim.by != turn.person.id:
        raise Refused("Only who reported a value can withdraw it.")
    _tell(turn, claims.settle(turn.session, claim, ClaimState.WITHDRAWN), "withdraw_value")


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """The values somebody is to confirm."""
    t, reports = turn.t, [one.id for one in people.reports_of(turn.session, turn.person.id, turn.today)]
    return [
        Task(task_text(t, one), t("Look at it"), look, one.id, turn.today)
        for one in claims.waiting_for(turn.session, turn.person.id, reports)
        if may_count(turn, one)
    ]


@flow.action
def look(turn: Turn) -> Open:
    """Show a value that waits."""
    return Open(sight(turn.t, _shown(turn, _asked(turn, turn.carry))))


@flow.timer
def look_after(turn: Turn) -> None:
    """Each day that a value waits: if another one is to confirm it by now, that one is asked."""
    claim = claims.get(turn.session, turn.carry)
    if claim.state is not ClaimState.WAITING or not may_count(turn, claim):
        return
    now = manager_id(turn, claim.person_id)
    if claim.by == claim.person_id and now not in {"", claim.asked}:
        turn.remind(ask, now, turn.now, _passed_on(turn, claim, now).id)
    turn.remind(look_after, "", turn.now + EACH_DAY, claim.id)


@flow.prompt_that(Attention.EXPIRES)
def ask(turn: Turn) -> None:
    """Ask who became the manager while a value waits."""
    claim = claims.get(turn.session, turn.carry)
    if claim.state is ClaimState.WAITING and claim.asked == turn.person.id and may_count(turn, claim):
        turn.say(turn.person, _question_of(claim), question, _shown(turn, claim))


def _asked(turn: Turn, claim_id: str) -> Claim:
    """The claim, if it is this person's to answer today and may still count."""
    claim = claims.get(turn.session, claim_id)
    turn.must(Act.CONFIRM_VALUE, claim.person_id)
    check_answer(claim, turn.person.id, manager_id(turn, claim.person_id))
    if not may_count(turn, claim):
        raise Refused("This value cannot count any more: the result was released, or the cycle is closed.")
    return claim if claim.asked == turn.person.id else _passed_on(turn, claim, turn.person.id)


def _passed_on(turn: Turn, claim: Claim, person_id: str) -> Claim:
    """Another one is to confirm it; who was asked before and who reported it see so."""
    passed = claims.ask(turn.session, claim, person_id)
    shown, before = _shown(turn, passed), people.get(turn.session, claim.asked)
    if before and before.takes_part:
        turn.update(before, _question_of(claim), passed_on, shown)
    turn.update(shown.reporter, f"claims/{claim.id}/reported", reported, shown)
    return passed


def _tell(turn: Turn, claim: Claim, act: Act | str) -> None:
    turn.note(act, claim.person_id, claim.id)
    turn.forget(look_after, "", claim.id)
    shown = _shown(turn, claim)
    turn.update(shown.reporter, f"claims/{claim.id}/reported", outcome, shown)
    if shown.other.id == turn.person.id:
        turn.say(shown.other, _question_of(claim), outcome, shown)
    elif shown.other.takes_part:
        turn.update(shown.other, _question_of(claim), outcome, shown)


def _question_of(claim: Claim) -> str:
    return f"claims/{claim.id}/asked/{claim.asked}"


def _shown(turn: Turn, claim: Claim) -> Shown:
    named = people.named(turn.session, {claim.by, claim.person_id, claim.asked})
    known = actuals.reported(turn.session, claim) if claim.state is ClaimState.WAITING else None
    return Shown(claim, named[claim.by], named[claim.person_id], named[claim.asked], known)
