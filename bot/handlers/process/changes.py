"""Proposing a change of the process, and deciding about it: HR proposes, whoever owns the process decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.access import Act
from bot.domain.attention import Attention
from bot.domain.cycle import Cycle
from bot.domain.process_change import (
    LONGEST,
    POLICY_FIELDS,
    STAGES,
    Change,
    State,
    check_words,
    checked_value,
    checkin_field,
    mix_field,
    policy_field,
    score_field,
    stage_field,
    weights_field,
    what,
)
from bot.domain.process_parts import OF_TEMPLATE, SCORE, checked_parts, in_parts, part_field, with_part
from bot.domain.refusal import Refused
from bot.domain.score_choice import SCORE_FIELDS, check_score, numbers_of
from bot.domain.team import Duty
from bot.handlers.process import forms, shown, suggested
from bot.handlers.process.conversation import flow, in_use, names_of
from bot.handlers.process.looking import page_for
from bot.slack.flow import OUTDATED, Open, Replace, Task, Turn
from bot.store import cycles, people, process_changes

# HR proposes --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """A field that may be changed, learned from a cycle, and how it stands."""

    cycle: Cycle
    path: str
    now: str


@flow.action
def propose(turn: Turn) -> Replace:
    """HR wants to change something: ask what."""
    turn.must(Act.PROPOSE_CHANGE, turn.person.id)
    cycle = cycles.get(turn.session, turn.carry)
    names = names_of(in_use(turn), turn.t.language)
    return Replace(forms.which(turn.t, _fields(turn, cycle), names, cycle.id, choose_value))


def _fields(turn: Turn, cycle: Cycle) -> list[str]:
    """Everything that can be changed, as far as the cycle has it."""
    serving = [one.id for one in in_use(turn).values() if any(one.serves(name) for name in cycle.departments)]
    return [
        *(policy_field(name) for name in POLICY_FIELDS),
        *(score_field(name) for name in SCORE_FIELDS),
        *(field(one) for one in serving for field in (weights_field, mix_field, checkin_field)),
        *(stage_field(cycle.kind, stage) for stage in STAGES),
    ]


@flow.view
def choose_value(turn: Turn) -> Replace:
    """The field is chosen: ask to what, and why."""
    turn.must(Act.PROPOSE_CHANGE, turn.person.id)
    chosen = _chosen(turn, turn.carry, turn.inputs.text("field"))
    names = names_of(in_use(turn), turn.t.language)
    offered = suggested.offered(turn)
    return Replace(forms.to_what(turn.t, chosen.cycle.id, (chosen.path, chosen.now), names, offered, keep_proposal))


def _chosen(turn: Turn, cycle_id: str, path: str) -> Chosen:
    cycle = cycles.get(turn.session, cycle_id)
    now = process_changes.value_now(turn.session, path, in_use(turn)) if path in _fields(turn, cycle) else None
    if now is None:
        raise Refused(OUTDATED)
    return Chosen(cycle, path, now)


@flow.view
def keep_proposal(turn: Turn) -> Replace:
    """Keep it; whoever owns the process hears of it."""
    turn.must(Act.PROPOSE_CHANGE, turn.person.id)
    cycle_id, _, path = turn.carry.partition("/")
    chosen = _chosen(turn, cycle_id, path)
    after = _wanted(turn, chosen)
    why = check_words(turn.inputs.text("why")[:LONGEST], "why")
    from_which = suggested.checked(turn, turn.inputs.text("suggestion"))
    wanted = Change("", cycle_id, path, chosen.now, after, why, turn.person.id, turn.now, from_which)
    kept = process_changes.propose(turn.session, wanted)
    turn.note(Act.PROPOSE_CHANGE, turn.person.id, f"change/{kept.id}")
    for one in people.holders(turn.session, Duty.OWNER):
        turn.remind(ask_owner, one.id, turn.now, kept.id)
    return Replace(page_for(turn, cycle_id))


def _wanted(turn: Turn, chosen: Chosen) -> str:
    """The value that the form holds, if it goes with the rest."""
    if in_parts(chosen.path):
        given = {name: turn.inputs.number(part_field(name)) for name in numbers_of(chosen.now)}
        after = checked_parts(chosen.path, chosen.now, given)
    else:
        after = checked_value(chosen.path, chosen.now, turn.inputs.text("after"))
    _check_together(turn, chosen.path, after)
    return after


def _check_together(turn: Turn, path: str, after: str) -> None:
    """Refuse a value that contradicts the rest of its template, or the rules with what was accepted already."""
    part, _, rest = path.partition("/")
    if part == SCORE:
        check_score(process_changes.rules_to_come(turn.session, path, after))
    if part in OF_TEMPLATE:
        with_part(in_use(turn)[rest], part, after)


# The owner decides --------------------------------------------------------------------------


@flow.prompt
def ask_owner(turn: Turn) -> None:
    """Ask whoever owns the process, unless it was decided meanwhile."""
    change = process_changes.get(turn.session, turn.carry)
    if change.state is State.PROPOSED and turn.may(Act.DECIDE_CHANGE, turn.person.id):
        names = names_of(in_use(turn), turn.t.language)
        turn.say(turn.person, _key(change, turn.person.id), forms.asked, change, names, open_change)


def _key(change: Change, person_id: str) -> str:
    return f"process/{change.id}/{person_id}"


@flow.action
def open_change(turn: Turn) -> Open:
    """Look at a change; who owns the process decides there."""
    turn.must(Act.SEE_PROCESS, turn.person.id)
    change = process_changes.get(turn.session, turn.carry)
    named = people.named(turn.session, {change.proposed_by, change.decided_by} - {""})
    names = names_of(in_use(turn), turn.t.language)
    decides = change.state is State.PROPOSED and turn.may(Act.DECIDE_CHANGE, turn.person.id)
    begins = cycles.get(turn.session, change.adopted_in).name if change.adopted_in else ""
    return Open(forms.one(turn.t, forms.Looked(change, named, names, begins), decide if decides else None))


@flow.view
def decide(turn: Turn) -> None:
    """Accept or decline, with a reason; whoever proposed it hears of it, and a suggestion behind it too."""
    turn.must(Act.DECIDE_CHANGE, turn.person.id)
    change = process_changes.get(turn.session, turn.carry)
    chosen = turn.inputs.text("state")
    if chosen not in {State.ACCEPTED, State.DECLINED}:
        raise Refused("Please choose one of these.", field="state")
    reason = check_words(turn.inputs.text("reason")[:LONGEST], "reason")
    moved = process_changes.value_now(turn.session, change.path, in_use(turn)) != change.before
    if moved and chosen == State.ACCEPTED:
        raise Refused("This was changed by hand meanwhile. Once you do not accept it, it can be proposed anew.",
                      field="state")  # fmt: skip
    if chosen == State.ACCEPTED:
        _check_together(turn, change.path, change.after)
    decided = process_changes.decide(turn.session, change.id, State(chosen), reason, turn.person.id)
    turn.note(Act.DECIDE_CHANGE, turn.person.id, f"change/{change.id}")
    suggested.tell_of(turn, [decided])
    for one in people.holders(turn.session, Duty.OWNER):
        names = names_of(in_use(turn), one.language)
        turn.update(one, _key(change, one.id), forms.settled, decided, names, open_change)
    turn.remind(tell_proposer, change.proposed_by, turn.now, change.id)


@flow.prompt_that(Attention.FREE)
def tell_proposer(turn: Turn) -> None:
    """Whoever proposed it reads what became of it."""
    change = process_changes.get(turn.session, turn.carry)
    by = people.named(turn.session, [change.decided_by])
    if turn.may(Act.SEE_PROCESS, turn.person.id) and change.decided_by != turn.person.id:
        names = names_of(in_use(turn), turn.t.language)
        name = by[change.decided_by].name if change.decided_by in by else "–"
        key = f"process/{change.id}/{turn.person.id}/decided"
        turn.say(turn.person, key, shown.news_of, change, names, name, open_change)


@flow.waiting
def tasks(turn: Turn) -> list[Task]:
    """What waits for whoever owns the process."""
    if not turn.may(Act.DECIDE_CHANGE, turn.person.id):
        return []
    waiting: Sequence[Change] = process_changes.in_state(turn.session, [State.PROPOSED])
    names = names_of(in_use(turn), turn.t.language) if waiting else {}
    named = [(one, turn.t.say(what(one.path, names))) for one in waiting]
    return [
        Task(turn.t("A change of the process waits for your decision: {what}", what=about), turn.t("Look"),
             open_change, one.id)
        for one, about in named
    ]  # fmt: skip
