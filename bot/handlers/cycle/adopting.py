"""Accepted changes of the process: shown before a cycle is launched, and adopted with the launch."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.domain.cycle import Cycle, CycleKind, Stage
from bot.domain.process_change import (
    CHECKIN,
    POLICY,
    Change,
    State,
    concerns,
    difference,
    redated,
    with_choice,
)
from bot.domain.template import Rhythm, Template
from bot.domain.template_document import document_of
from bot.slack.flow import Turn
from bot.slack.text import Text, lines
from bot.sources.templates import shipped
from bot.store import policy, process_changes, templates


def dated(turn: Turn, kind: CycleKind, opens: Mapping[Stage, date]) -> dict[Stage, date]:
    """The proposed dates, with the lengths of stages that were accepted for such cycles."""
    return redated(opens, process_changes.stage_lengths(turn.session, kind))


def waiting(turn: Turn, cycle: Cycle, used: Mapping[str, Template]) -> list[Change]:
    """The accepted changes that this cycle would begin with."""
    ids = frozenset(one.id for one in used.values())
    accepted = process_changes.in_state(turn.session, [State.ACCEPTED])
    return [one for one in accepted if concerns(one, cycle, ids)]


def told(turn: Turn, cycle: Cycle, used: Mapping[str, Template]) -> list[Text]:
    """The same in words, each with its reason."""
    t, names = turn.t, {one.id: one.name.read(turn.t.language) for one in used.values()}
    return [
        lines(t.say(difference(one, names)), t("Why: {reason}", reason=one.why)) for one in waiting(turn, cycle, used)
    ]


def adopt(turn: Turn, cycle: Cycle, used: Mapping[str, Template]) -> None:
    """Have the cycle begin with them; what somebody changed by hand meanwhile stays as it is."""
    found = waiting(turn, cycle, used)
    for one in found:
        now = process_changes.value_now(turn.session, one.path, templates.in_use(turn.session, shipped()))
        if now not in {one.before, one.after}:
            process_changes.settle(turn.session, one.id, State.OVERTAKEN)
            continue
        if now == one.before:
            _apply(turn, one)
        process_changes.settle(turn.session, one.id, State.ADOPTED, cycle.id)
        turn.note("adopt_change", turn.person.id, f"change/{one.id}")
    if found:
        turn.remind("process.tell_adopted", "", turn.now, cycle.id)


def _apply(turn: Turn, change: Change) -> None:
    part, _, rest = change.path.partition("/")
    if part == POLICY:
        kept = with_choice(policy.current(turn.session), rest, change.after)
        policy.keep(turn.session, kept, by=turn.person.id, at=turn.now)
    elif part == CHECKIN:
        known = templates.in_use(turn.session, shipped())[rest]
        checkin = replace(known.checkin, cadence=Rhythm(change.after))
        number = templates.next_version(turn.session, shipped(), rest)
        after = replace(known, checkin=checkin, version=number)
        by, body = turn.person.id, document_of(after)
        templates.keep(turn.session, after.content_hash, rest, body, turn.now, by=by)
