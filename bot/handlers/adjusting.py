"""Points, red lines and goals that do not apply: proposed with evidence, decided by another one of HR, told at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.access import Act
from bot.domain.adjustment import LONGEST, MOST_POINTS, STAGES, Kind, Proposal, State, check, check_second
from bot.domain.attention import Attention
from bot.domain.bands import Band
from bot.domain.cycle import Cycle, Stage
from bot.domain.goal import Goal
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.result import rules_for
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
    person_input,
    section,
    text_input,
)
from bot.slack.flow import Flow, Open, Replace, Task, Turn, known
from bot.slack.text import Text, bold, escape, lines, mentioned, quote
from bot.slack.words import Words
from bot.store import adjustments, cycles, goals, outbox, people, results, templates, timers

flow = Flow("adjusting")

KINDS: Mapping[Kind, str] = {
    Kind.ADDITION: N_("Points added to the goals"),
    Kind.DEDUCTION: N_("Points taken off the goals"),
    Kind.RED_LINE: N_("A red line: the grade gets a ceiling, the number stays"),
    Kind.EXEMPTION: N_("A goal does not apply: its weight goes to the others"),
}


@dataclass(frozen=True)
class Shown:
    """A proposal with the people and the cycle in it."""

    one: Proposal
    cycle: Cycle
    named: Mapping[str, Person]
    goal: str = ""

    @property
    def person(self) -> Person:
        """Whom it is about."""
        return self.named[self.one.person_id]


@dataclass(frozen=True)
class Taking:
    """Somebody whose points or grade may still be changed: their cycle, goals and grades."""

    person: Person
    cycle: Cycle
    goals: tuple[Goal, ...]
    bands: tuple[Band, ...]


# What people see --------------------------------------------------------------------------


def sheet(t: Words, whom: str) -> View:
    """About whom, and what."""
    kinds = [(kind.value, t(name)) for kind, name in KINDS.items()]
    return form(
        t("Add or deduct points"),
        [
            person_input("whom", t("About whom?"), initial=whom),
            choice("kind", t("What is proposed?"), kinds, chosen=Kind.ADDITION.value),
        ],
        does=choose,
        submit=t("Continue"),
        close=t("Not now"),
    )


def reasons(t: Words, taking: Taking, kind: Kind) -> View:
    """How much, why, on what evidence."""
    match kind:
        case Kind.RED_LINE:
            grades = [(band.name, escape(band.name)) for band in taking.bands[1:]]
            size = choice("ceiling", t("Best grade left"), grades)
        case Kind.EXEMPTION:
            size = choice("goal", t("Which goal?"), [(one.id, escape(one.title)) for one in taking.goals])
        case _:
            hint = t("100 points are all targets met; {most} at most", most=MOST_POINTS)
            size = number_input("points", t("How many points?"), least=0, most=MOST_POINTS, hint=hint)
    return form(
        t("Add or deduct points"),
        [
            section(lines(bold(escape(taking.person.name)), t(KINDS[kind]))),
            size,
            text_input("reason", t("What happened, and why does it count?"), lines=True, longest=LONGEST),
            text_input("evidence", t("Evidence: a link, or where it can be looked up"), longest=LONGEST),
            context(t("Somebody of HR decides, not you. The person reads reason and evidence as you write them here.")),
        ],
        does=propose,
        submit=t("Send the proposal"),
        close=t("Not now"),
        carry=f"{taking.person.id}/{kind.value}",
    )


def _facts(t: Words, shown: Shown) -> list[Block]:
    one = shown.one
    size = (t("Best grade left"), escape(one.ceiling)) if one.kind is Kind.RED_LINE else None
    goal = (t("Which goal?"), escape(shown.goal)) if one.kind is Kind.EXEMPTION else None
    points = (t("Points"), t.number(one.points)) if one.points is not None else None
    pairs = [(t("Whose"), escape(shown.person.name)), (t("In the cycle"), escape(shown.cycle.name)), size, goal, points]
    said = lines(t(KINDS[one.kind]), quote(one.reason), t("Evidence"), quote(one.evidence))
    return [fields([pair for pair in pairs if pair]), section(said)]


def question(t: Words, shown: Shown) -> Message:
    """HR decides, or sees what was decided."""
    text = t("{name} proposes to change somebody's points or grade.", name=shown.named[shown.one.by])
    if shown.one.state is not State.WAITING:
        return Message(text, [section(lines(bold(text), _became(t, shown))), *_facts(t, shown)])
    ways = buttons(
        button(t("Approve it"), does=approve, carry=shown.one.id, style="primary"),
        button(t("Refuse"), does=doubt, carry=shown.one.id),
    )
    return Message(text, [section(bold(text)), *_facts(t, shown), ways])


def proposed(t: Words, shown: Shown) -> Message:
    """Whoever proposed it sees how it stands."""
    text = t("Your proposal waits for somebody else of HR.")
    if shown.one.state is State.WAITING:
        back = buttons(button(t("Withdraw"), does=withdraw, carry=shown.one.id))
        return Message(text, [section(text), *_facts(t, shown), back])
    return Message(_became(t, shown), [section(_became(t, shown)), *_facts(t, shown)])


def _became(t: Words, shown: Shown) -> Text:
    one = shown.one
    match one.state:
        case State.APPROVED:
            return t("{name} approved it. It counts from the next calculation on.", name=shown.named[one.decided_by])
        case State.REFUSED:
            return lines(t("{name} refused it.", name=shown.named[one.decided_by]), quote(one.word))
        case _:
            return t("The proposal was withdrawn.")


def told(t: Words, shown: Shown) -> Message:
    """The person reads what will stand in their result; the push says only that there is something to read."""
    push = t("Something was recorded for your result of {cycle}. Please read it.", cycle=shown.cycle.name)
    about = {
        Kind.ADDITION: t("Points were added to your goals."),
        Kind.DEDUCTION: t("Points were taken off your goals."),
        Kind.RED_LINE: t("A red line was crossed: your grade has a ceiling; the number stays what it is."),
        Kind.EXEMPTION: t("One of your goals is not counted; its weight goes to the others."),
    }
    after = t(
        "{proposer} proposed it and {approver} approved it. It stands in “Why this number?”. If you see it differently,"
        " talk to your manager or ask HR with `/cairn ask`.",
        proposer=shown.named[shown.one.by],
        approver=shown.named[shown.one.decided_by],
    )
    return Message(push, [section(lines(push, bold(about[shown.one.kind]))), *_facts(t, shown), section(after)])


def why_not(t: Words, shown: Shown) -> View:
    """Why it is refused."""
    return form(
        t("Refuse"),
        [*_facts(t, shown), text_input("word", t("Why not?"), lines=True, longest=LONGEST)],
        does=refuse,
        submit=t("Refuse"),
        close=t("Do not refuse yet"),
        carry=shown.one.id,
    )


# Proposing --------------------------------------------------------------------------------


@flow.command("adjust", N_("Propose to add or deduct points, with evidence"), for_hr=True)
@flow.action
def begin(turn: Turn) -> Open:
    """Open the form, for whoever leads people or is of HR."""
    leads = people.reports_of(turn.session, turn.person.id, turn.today)
    if not leads and not turn.may(Act.RUN_CYCLE, turn.person.id):
        raise Refused(
            "Whoever leads people proposes this for their team, and HR for anybody. If a result of yours seems wrong, "
            "`/cairn result` shows how it is made: please talk to your manager about it, or `/cairn ask` HR."
        )
    return Open(sheet(turn.t, mentioned(turn.carry)))


@flow.view
def choose(turn: Turn) -> Replace:
    """Ask for the rest, as the kind needs it."""
    taking = _taking(turn, turn.inputs.text("whom"))
    return Replace(reasons(turn.t, taking, known(Kind, turn.inputs.text("kind"))))


@flow.view
def propose(turn: Turn) -> None:
    """Keep the proposal, and bring it to the others of HR."""
    person_id, kind = turn.carried(2)
    taking = _taking(turn, person_id)
    one = Proposal("", taking.cycle.id, person_id, known(Kind, kind), turn.person.id, turn.now,
                   turn.inputs.number("points"), turn.inputs.text("ceiling"), turn.inputs.text("goal"),
                   turn.inputs.text("reason")[:LONGEST], turn.inputs.text("evidence")[:LONGEST])  # fmt: skip
    kept = adjustments.keep(turn.session, check(one, taking.bands, [goal.id for goal in taking.goals]))
    turn.note(Act.PROPOSE_ADJUSTMENT, person_id, kept.id)
    turn.say(turn.person, _mine(kept), proposed, _shown(turn, kept))
    for hr in _deciders(turn, turn.person.id, person_id):
        turn.remind(ask, hr.id, turn.now, kept.id)


def _taking(turn: Turn, person_id: str) -> Taking:
    """Somebody of whom this person may propose something, while there is time for it and somebody to decide."""
    whom = people.get(turn.session, person_id)
    if whom is None:
        raise Refused("Please choose somebody who takes part in a cycle.", field="whom")
    turn.must(Act.PROPOSE_ADJUSTMENT, whom.id)
    cycle = cycles.current_for(turn.session, whom.id, turn.today)
    if cycle is None or cycle.stage_on(turn.today) not in STAGES:
        raise Refused(
            "Points are added or deducted while a cycle's work is done and looked at; none is there now.", field="whom"
        )
    _must_be_open(turn, cycle, whom)
    if not _deciders(turn, turn.person.id, whom.id):
        raise Refused(
            "A second person of HR has to approve this, and there is none here. `/cairn setup` names one.", field="whom"
        )
    template = templates.template_of(turn.session, cycles.participant(turn.session, cycle.id, whom.id).template)
    agreed = goals.agreed_goals(turn.session, cycle.id, whom.id)
    return Taking(whom, cycle, agreed, rules_for(template, cycle.rules).bands)


def _deciders(turn: Turn, by: str, about: str) -> list[Person]:
    return [one for one in people.holders(turn.session, people.HR) if one.id not in {by, about}]


def _must_be_open(turn: Turn, cycle: Cycle, whom: Person) -> None:
    """Refuse what could not count any more. The result is held, so that it is not released meanwhile."""
    if results.as_released(turn.session, cycle.id, whom.id):
        raise Refused("This result was released already.", field="whom")
    if cycle.stage_on(turn.today) is Stage.CLOSED:
        raise Refused("This cycle is closed; its results stay as they are.", field="whom")


@flow.action
def withdraw(turn: Turn) -> None:
    """Whoever proposed it takes it back."""
    one = adjustments.get(turn.session, turn.carry)
    if one.by != turn.person.id:
        raise Refused("Only whoever proposed this takes it back.")
    _say_all(turn, adjustments.settle(turn.session, one, State.WITHDRAWN, by=turn.person.id))


# Deciding ---------------------------------------------------------------------------------


@flow.prompt
def ask(turn: Turn) -> None:
    """Somebody of HR is asked to decide."""
    one = adjustments.get(turn.session, turn.carry)
    if one.state is State.WAITING and turn.may(Act.DECIDE_ADJUSTMENT, one.person_id):
        turn.say(turn.person, _asked(one, turn.person), question, _shown(turn, one))


@flow.action
def approve(turn: Turn) -> None:
    """It counts; the person reads it, and results that are computed already are computed again before any release."""
    one = _to_decide(turn)
    cycle = cycles.get(turn.session, one.cycle_id)
    _must_be_open(turn, cycle, people.named(turn.session, [one.person_id])[one.person_id])
    settled = adjustments.settle(turn.session, one, State.APPROVED, by=turn.person.id)
    turn.note(Act.DECIDE_ADJUSTMENT, one.person_id, one.id)
    _say_all(turn, settled)
    turn.remind(hear, one.person_id, turn.now, one.id)
    if cycle.opens[Stage.CALIBRATING] <= turn.today or results.any_in(turn.session, cycle.id):
        timers.remind_once(turn.session, "scoring.compute_again", "", cycle.id, turn.now)


@flow.action
def doubt(turn: Turn) -> Open:
    """Ask why it is refused."""
    return Open(why_not(turn.t, _shown(turn, _to_decide(turn))))


@flow.view
def refuse(turn: Turn) -> None:
    """It does not count, and whoever proposed it reads why."""
    one, word = _to_decide(turn), turn.inputs.text("word")[:LONGEST]
    if not word:
        raise Refused("Please say why not.", field="word")
    turn.note(Act.DECIDE_ADJUSTMENT, one.person_id, one.id)
    _say_all(turn, adjustments.settle(turn.session, one, State.REFUSED, by=turn.person.id, word=word))


@flow.prompt_that(Attention.FREE)
def hear(turn: Turn) -> None:
    """The person reads what was recorded, when they work."""
    one = adjustments.get(turn.session, turn.carry)
    if one.state is State.APPROVED:
        turn.say(turn.person, f"adjusting/{one.id}/told/{turn.person.id}", told, _shown(turn, one))


def _to_decide(turn: Turn) -> Proposal:
    one = adjustments.get(turn.session, turn.carry)
    turn.must(Act.DECIDE_ADJUSTMENT, one.person_id)
    check_second(one, turn.person.id)
    return one


def _say_all(turn: Turn, one: Proposal) -> None:
    """Bring the cards that stand up to date: the proposer's, and those of whoever was asked."""
    shown = _shown(turn, one)
    if by := people.get(turn.session, one.by):
        turn.say(by, _mine(one), proposed, shown)
    for hr in _deciders(turn, one.by, one.person_id):
        turn.forget(ask, hr.id, one.id)
        if outbox.was_said(turn.session, _asked(one, hr)):
            turn.say(hr, _asked(one, hr), question, shown)


def _shown(turn: Turn, one: Proposal) -> Shown:
    those = {one.person_id, one.by, one.decided_by} - {""}
    titles = {goal.id: goal.title for goal in goals.agreed_goals(turn.session, one.cycle_id, one.person_id)}
    named = people.named(turn.session, those)
    return Shown(one, cycles.get(turn.session, one.cycle_id), named, titles.get(one.goal, ""))


def _mine(one: Proposal) -> str:
    return f"adjusting/{one.id}/{one.by}"


def _asked(one: Proposal, hr: Person) -> str:
    return f"adjusting/{one.id}/ask/{hr.id}"


# Elsewhere --------------------------------------------------------------------------------


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """What waits for somebody of HR to decide."""
    if not turn.may(Act.RUN_CYCLE, turn.person.id):
        return []
    mine = [one for one in adjustments.waiting(turn.session) if turn.person.id not in {one.by, one.person_id}]
    t = turn.t
    return [Task(t("Points or a red line, proposed for a result"), t("Decide"), look, one.id) for one in mine]


@flow.action
def look(turn: Turn) -> None:
    """Bring the question as a message, from Home."""
    one = _to_decide(turn)
    turn.say(turn.person, _asked(one, turn.person), question, _shown(turn, one))
