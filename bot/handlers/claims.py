"""Values by hand: employee or manager reports one with evidence, the other confirms it, and only then it counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.access import Act
from bot.domain.actuals import periods_between
from bot.domain.claim import Claim, ClaimState, check_answer, check_claim, other_of
from bot.domain.cycle import Cycle, Participant, Stage
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.reported import Reported, key_of
from bot.slack.blocks import (
    Block,
    Message,
    View,
    button,
    buttons,
    choice,
    context,
    fields,
    form,
    number_input,
    section,
    text_input,
)
from bot.slack.flow import Flow, Open, Task, Turn
from bot.slack.text import Text, escape, lines, quote, row
from bot.slack.words import Words
from bot.store import actuals, claims, cycles, goals, people

flow = Flow("claims")

MOST_GOALS = 100
SOURCE = 300
"""Letters of the evidence that stay beside the value as its source."""


@dataclass(frozen=True)
class Choice:
    """A goal that a value can be reported for: whose it is, and in which cycle."""

    cycle: Cycle
    taker: Participant
    person: Person
    goal: Goal

    @property
    def key(self) -> str:
        """What a form carries of it."""
        return f"{self.cycle.id}/{self.person.id}/{key_of(self.goal)}"


@dataclass(frozen=True)
class Shown:
    """A claim with the people in it, and what is known so far."""

    claim: Claim
    reporter: Person
    owner: Person
    other: Person
    known: Reported | None = None


# What people see --------------------------------------------------------------------------


def sheet(t: Words, me: Person, offered: Sequence[Choice]) -> View:
    """Which goal, when, how much, and how one can see it."""
    goals_of = [
        (one.key, escape(one.goal.title) if one.person == me else t("{name}: {title}", name=one.person,
                                                                    title=one.goal.title))
        for one in offered[:MOST_GOALS]
    ]  # fmt: skip
    periods = sorted({period for one in offered for period in _periods(one.cycle)})
    return form(
        t("Report a value"),
        [
            section(t("It counts as soon as the other of you two, employee or manager, has confirmed it.")),
            choice("goal", t("Goal"), goals_of),
            choice("period", t("Period"), [(one, escape(one)) for one in periods]),
            number_input("value", t("Actual value")),
            text_input(
                "evidence",
                t("Evidence"),
                lines=True,
                hint=t("A link, or where the number can be looked up. It stays beside the value."),
            ),
        ],
        does=report,
        submit=t("Ask to confirm"),
        close=t("Cancel"),
    )


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
        button(t("Confirm"), does=confirm, carry=shown.claim.id, style="primary"),
        button(t("Dispute"), does=doubt, carry=shown.claim.id),
    )
    return Message(text, [section(text), *facts(t, shown), does])


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
    return Message(text, [section(text), *facts(t, shown), *reason])


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
        close=t("Cancel"),
        carry=claim.id,
    )


def task_text(t: Words, claim: Claim) -> Text:
    """What Home says of it."""
    return t("A reported value waits for you: {title}, {period}", title=claim.title, period=claim.period)


# What happens -----------------------------------------------------------------------------


@flow.command("report", N_("Report an actual value, with evidence"))
@flow.action
def begin(turn: Turn) -> Open:
    """Open the form."""
    offered = _choices(turn)
    if not offered:
        raise Refused("There is no agreed goal yet that you could report a value for.")
    return Open(sheet(turn.t, turn.person, offered))


@flow.view
def report(turn: Turn) -> None:
    """Keep the claim, and ask the other one."""
    inputs = turn.inputs
    chosen = next((one for one in _choices(turn) if one.key == inputs.text("goal")), None)
    if chosen is None:
        raise Refused("Please choose a goal.", field="goal")
    turn.must(Act.REPORT_VALUE, chosen.person.id)
    period, evidence = inputs.text("period"), inputs.text("evidence")
    value = check_claim(inputs.number("value"), period, evidence, _periods(chosen.cycle))
    asked = other_of(turn.person.id, chosen.person.id, chosen.taker.manager_id)
    goal, ids = chosen.goal, (chosen.cycle.id, chosen.person.id, key_of(chosen.goal))
    claim = Claim("", *ids, goal.title, period, value, goal.unit, evidence, turn.person.id, asked, turn.now)
    kept = claims.keep(turn.session, claim)
    turn.note(Act.REPORT_VALUE, chosen.person.id, kept.id)
    shown = _shown(turn, kept)
    turn.say(shown.other, f"claims/{kept.id}/asked", question, shown)
    turn.say(turn.person, f"claims/{kept.id}/reported", reported, shown)


@flow.action
def confirm(turn: Turn) -> None:
    """The value counts from now on."""
    claim = _asked(turn)
    settled = claims.settle(turn.session, claim, ClaimState.CONFIRMED)
    actuals.put(turn.session, claim, source=claim.evidence[:SOURCE])
    _tell(turn, settled)


@flow.action
def doubt(turn: Turn) -> Open:
    """Ask for the reason."""
    return Open(why_not(turn.t, _asked(turn)))


@flow.view
def dispute(turn: Turn) -> None:
    """The value does not count; both read why."""
    claim, reason = _asked(turn), turn.inputs.text("reason")
    if not reason:
        raise Refused("Please say what is wrong with it.", field="reason")
    _tell(turn, claims.settle(turn.session, claim, ClaimState.DISPUTED, reason))


@flow.action
def withdraw(turn: Turn) -> None:
    """Who reported it takes it back."""
    claim = claims.get(turn.session, turn.carry)
    if claim.by != turn.person.id:
        raise Refused("Only who reported a value can withdraw it.")
    _tell(turn, claims.settle(turn.session, claim, ClaimState.WITHDRAWN))


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """The values somebody is asked to confirm."""
    t = turn.t
    return [
        Task(task_text(t, one), t("Look at it"), look, one.id, turn.today)
        for one in claims.waiting_for(turn.session, turn.person.id)
    ]


@flow.action
def look(turn: Turn) -> None:
    """Bring the question to the end of the conversation."""
    claim = _asked(turn)
    turn.say(turn.person, f"claims/{claim.id}/asked", question, _shown(turn, claim))


def _asked(turn: Turn) -> Claim:
    claim = claims.get(turn.session, turn.carry)
    turn.must(Act.CONFIRM_VALUE, claim.person_id)
    check_answer(claim, turn.person.id)
    return claim


def _tell(turn: Turn, claim: Claim) -> None:
    turn.note(Act.CONFIRM_VALUE, claim.person_id, claim.id)
    shown = _shown(turn, claim)
    turn.say(shown.other, f"claims/{claim.id}/asked", outcome, shown)
    turn.say(shown.reporter, f"claims/{claim.id}/reported", outcome, shown)


def _shown(turn: Turn, claim: Claim) -> Shown:
    named = people.named(turn.session, {claim.by, claim.person_id, claim.asked})
    known = actuals.reported(turn.session, claim) if claim.state is ClaimState.WAITING else None
    return Shown(claim, named[claim.by], named[claim.person_id], named[claim.asked], known)


def _choices(turn: Turn) -> list[Choice]:
    """My own agreed goals, then those of the people I manage, in the cycles that take values."""
    open_now = [one for one in cycles.every(turn.session) if one.launched and not _closed(turn, one)]
    return sorted(
        (one for cycle in open_now for one in _choices_in(turn, cycle)),
        key=lambda one: (one.person != turn.person, one.person.name),
    )


def _choices_in(turn: Turn, cycle: Cycle) -> list[Choice]:
    me = turn.person.id
    mine = {
        one.person_id: one
        for one in cycles.participants(turn.session, cycle.id)
        if me in {one.person_id, one.manager_id}
    }
    agreed = goals.agreed_by_person(turn.session, cycle.id, mine) if mine else {}
    named = people.named(turn.session, agreed)
    return [
        Choice(cycle, mine[person_id], named[person_id], goal)
        for person_id, those in agreed.items()
        for goal in those
        if goal.direction is not Direction.RUBRIC
    ]


def _closed(turn: Turn, cycle: Cycle) -> bool:
    return cycle.stage_on(turn.today) is Stage.CLOSED


def _periods(cycle: Cycle) -> frozenset[str]:
    return periods_between(cycle.starts_on, cycle.ends_on)
