"""Accepted changes of the process: shown before a cycle is launched, and adopted with the launch."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.domain.cycle import Cycle, CycleKind, Stage
from bot.domain.process_change import (
    POLICY,
    Change,
    State,
    concerns,
    difference,
    names_in,
    redated,
    with_choice,
)
from bot.domain.process_parts import OF_TEMPLATE, SCORE, with_part
from bot.domain.refusal import Refused
from bot.domain.score_choice import check_score, with_score
from bot.domain.template import Template
from bot.domain.template_document import document_of
from bot.slack.flow import Turn
from bot.slack.text import Text, lines
from bot.sources.templates import shipped
from bot.store import policy, process_changes, score_rules, templates


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
    t, names = turn.t, names_in(used.values(), turn.t.language)
    return [
        lines(t.say(difference(one, names)), t("Why: {reason}", reason=one.why)) for one in waiting(turn, cycle, used)
    ]


def adopt(turn: Turn, cycle: Cycle, used: Mapping[str, Template]) -> None:
    """Have the cycle begin with them, and keep the rules of scoring as they stand then.

    What somebody changed by hand meanwhile stays as it is, and so does what no longer goes with it.
    """
    found = waiting(turn, cycle, used)
    for one in found:
        now = process_changes.value_now(turn.session, one.path, templates.in_use(turn.session, shipped()))
        if now not in {one.before, one.after} or (now == one.before and not _applied(turn, one)):
            process_changes.settle(turn.session, one.id, State.OVERTAKEN)
            continue
        process_changes.settle(turn.session, one.id, State.ADOPTED, cycle.id)
        turn.note("adopt_change", turn.person.id, f"change/{one.id}")
    if found:
        turn.remind("process.tell_adopted", "", turn.now, cycle.id)
    score_rules.freeze(turn.session, cycle.id)


def _applied(turn: Turn, change: Change) -> bool:
    """Make the change; False where it no longer goes with what was changed by hand beside it."""
    try:
        _apply(turn, change)
    except Refused:
        return False
    return True


def _apply(turn: Turn, change: Change) -> None:
    part, _, rest = change.path.partition("/")
    if part == POLICY:
        kept = with_choice(policy.current(turn.session), rest, change.after)
        policy.keep(turn.session, kept, by=turn.person.id, at=turn.now)
    elif part == SCORE:
        rules = with_score(score_rules.newest(turn.session), rest, change.after)
        check_score(rules)
        score_rules.keep(turn.session, rules, turn.now)
    elif part in OF_TEMPLATE:
        known = templates.in_use(turn.session, shipped())[rest]
        number = templates.next_version(turn.session, shipped(), rest)
        after = replace(with_part(known, part, change.after), version=number)
        by, body = turn.person.id, document_of(after)
        templates.keep(turn.session, after.content_hash, rest, body, turn.now, by=by)
