"""Changes of the process itself: proposed as a difference, decided with a reason, adopted when a cycle begins.

What can be changed stands in a versioned place already: the company's policy, the rules of scoring, what a department's
template weighs and how often it has people check in, and how long a stage after the period lasts. A field is named by a
path, its values are words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from bot.domain.cycle import AFTER_THE_END, KIND_NAMES, STAGE_NAMES, Cycle, CycleKind, Stage
from bot.domain.policy import (
    MOST_A_WEEK,
    RESULT_SHOWN_NAMES,
    Missed,
    Policy,
    ResultShown,
    with_a_week,
    with_missed,
    with_result_shown,
)
from bot.domain.process_parts import CHECKIN, MIX, OF_TEMPLATE, SCORE, WEIGHTS, changed_parts, in_parts, in_words
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.score_choice import LIMITS, SCORE_FIELDS
from bot.domain.template import Rhythm, Template

LONGEST = 600
LONGEST_STAGE = 60
"""Days."""
MOST_HOURS = 24

POLICY, STAGE = "policy", "stage"
"""How the path of a field begins."""
POLICY_FIELDS: Mapping[str, str] = {
    "a_week": N_("Messages a week to each person, at most"),
    "missed": N_("A check-in that came due while Cairn was down"),
    "late_hours": N_("How late it may still be asked, in hours"),
    "result_shown": N_("When people see their result"),
}
TEMPLATE_FIELDS: Mapping[str, str] = {
    CHECKIN: N_("Check-ins by the template “{template}”"),
    MIX: N_("What counts in the result by the template “{template}”, in percent"),
    WEIGHTS: N_("Weights of the measures in the template “{template}”, in percent"),
}
RHYTHM_NAMES: Mapping[Rhythm, str] = {
    Rhythm.WEEKLY: N_("every week"),
    Rhythm.TWO_WEEKS: N_("every two weeks"),
    Rhythm.MONTHLY: N_("once a month"),
}
MISSED_NAMES: Mapping[Missed, str] = {
    Missed.LATE: N_("asked late"),
    Missed.NEXT_DAY: N_("asked on the next working day"),
    Missed.LEFT_OUT: N_("left out"),
}
STAGES = tuple(stage for stage in AFTER_THE_END if stage is not Stage.CLOSED)
"""The stages whose length can be changed."""


class State(StrEnum):
    """Where a proposed change stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ADOPTED = "adopted"
    OVERTAKEN = "overtaken"


STATE_NAMES: Mapping[State, str] = {
    State.PROPOSED: N_("Waits for the owner of the process"),
    State.ACCEPTED: N_("Accepted; it holds from the next cycle on"),
    State.DECLINED: N_("Not accepted"),
    State.ADOPTED: N_("Adopted"),
    State.OVERTAKEN: N_("Changed by hand meanwhile, so not adopted"),
}
OPEN = frozenset({State.PROPOSED, State.ACCEPTED})


@dataclass(frozen=True)
class Change:
    """One change of one field: `cycle_id` is what it was learned from, `adopted_in` the cycle that began with it."""

    id: str
    cycle_id: str
    path: str
    before: str
    after: str
    why: str = field(repr=False)
    proposed_by: str
    proposed_at: datetime
    suggestion_id: str = ""
    state: State = State.PROPOSED
    decided_by: str = ""
    reason: str = field(default="", repr=False)
    adopted_in: str = ""


# Fields ---------------------------------------------------------------------------------------


def policy_field(name: str) -> str:
    """The path of a choice of the policy."""
    return f"{POLICY}/{name}"


def checkin_field(template_id: str) -> str:
    """The path of how often a template has people check in."""
    return f"{CHECKIN}/{template_id}"


def mix_field(template_id: str) -> str:
    """The path of what counts in a result by a template."""
    return f"{MIX}/{template_id}"


def weights_field(template_id: str) -> str:
    """The path of what the measures of a template weigh."""
    return f"{WEIGHTS}/{template_id}"


def score_field(name: str) -> str:
    """The path of a rule of scoring."""
    return f"{SCORE}/{name}"


def stage_field(kind: CycleKind, stage: Stage) -> str:
    """The path of how long a stage of a kind of cycle lasts."""
    return f"{STAGE}/{kind}/{stage}"


def values_of(path: str) -> tuple[str, ...]:
    """The words to choose from; none where a number is given."""
    if path.startswith(f"{CHECKIN}/"):
        return tuple(Rhythm)
    return {policy_field("missed"): tuple(Missed), policy_field("result_shown"): tuple(ResultShown)}.get(path, ())


def range_of(path: str) -> tuple[int, int]:
    """The smallest and the largest number that a field takes."""
    part, _, rest = path.partition("/")
    if part == SCORE:
        return LIMITS[rest]
    most = {policy_field("a_week"): MOST_A_WEEK, policy_field("late_hours"): MOST_HOURS}.get(path, LONGEST_STAGE)
    return 1, most


def checked_value(path: str, before: str, chosen: str) -> str:
    """The new value; one that is none, or that changes nothing, is refused."""
    if values := values_of(path):
        if chosen not in values:
            raise Refused("Please choose one of these.", field="after")
    elif not _is_whole(chosen, *range_of(path)):
        least, most = range_of(path)
        raise Refused("Please give a whole number from {least} to {most}.", field="after", least=least, most=most)
    value = chosen if values else str(int(chosen))
    if value == before:
        raise Refused("This is how it is now. Please choose something else.", field="after")
    return value


def _is_whole(chosen: str, least: int, most: int) -> bool:
    return chosen.isascii() and chosen.isdigit() and least <= int(chosen) <= most


def check_words(words: str, name: str) -> str:
    """A reason; an empty one is refused."""
    if not words.strip():
        raise Refused("Please say why; everybody in the next cycle can read it.", field=name)
    return words.strip()


# In words -------------------------------------------------------------------------------------


def names_in(templates: Iterable[Template], language: str) -> dict[str, str]:
    """What templates are called in a language, by id, and their measures, by the template's id and theirs."""
    some = list(templates)
    measures = {f"{one.id}/{kpi.id}": kpi.title.read(language) for one in some for kpi in one.kpis}
    return {one.id: one.name.read(language) for one in some} | measures


def what(path: str, names: Mapping[str, str]) -> Sentence:
    """What a field is called; `names` is that of `names_in`."""
    part, _, rest = path.partition("/")
    if part == POLICY:
        return Sentence(POLICY_FIELDS[rest])
    if part == SCORE:
        return Sentence(SCORE_FIELDS[rest])
    if part in OF_TEMPLATE:
        return Sentence(TEMPLATE_FIELDS[part], {"template": names.get(rest, rest)})
    kind, _, stage = rest.partition("/")
    return sentence(
        "Days that “{stage}” lasts ({kind})",
        stage=Sentence(STAGE_NAMES[Stage(stage)]),
        kind=Sentence(KIND_NAMES[CycleKind(kind)]),
    )


def value_name(path: str, value: str, names: Mapping[str, str]) -> Sentence | int | tuple[Sentence, ...]:
    """What a value is called: a number, words, or several of them."""
    if in_parts(path):
        return in_words(path, value, names)
    if path.startswith(f"{CHECKIN}/"):
        return Sentence(RHYTHM_NAMES[Rhythm(value)])
    if path == policy_field("missed"):
        return Sentence(MISSED_NAMES[Missed(value)])
    if path == policy_field("result_shown"):
        return Sentence(RESULT_SHOWN_NAMES[ResultShown(value)])
    return int(value)


def difference(change: Change, names: Mapping[str, str]) -> Sentence:
    """The change as one line; of several numbers those that change."""
    called = what(change.path, names)
    if in_parts(change.path):
        return sentence(
            "{what}: {changes}", what=called, changes=changed_parts(change.path, change.before, change.after, names)
        )
    return sentence(
        "{what}: from “{before}” to “{after}”",
        what=called,
        before=value_name(change.path, change.before, names),
        after=value_name(change.path, change.after, names),
    )


# How it is, and how it becomes ----------------------------------------------------------------


def of_policy(policy: Policy, name: str) -> str:
    """A choice of the policy, as a word."""
    return str(getattr(policy, name))


def with_choice(policy: Policy, name: str, value: str) -> Policy:
    """The policy with another choice."""
    match name:
        case "a_week":
            return with_a_week(policy, Decimal(value))
        case "missed":
            return with_missed(policy, value, Decimal(policy.late_hours))
        case "late_hours":
            return with_missed(policy, policy.missed, Decimal(value))
        case _:
            return with_result_shown(policy, value)


def usual_lengths() -> dict[Stage, int]:
    """How many days each stage after the period lasts when nobody said otherwise."""
    return {stage: AFTER_THE_END[after] - AFTER_THE_END[stage] for stage, after in pairwise(AFTER_THE_END)}


def lengths(opens: Mapping[Stage, date]) -> dict[Stage, int]:
    """How many days each stage of a cycle lasts, as it is dated."""
    in_order = [stage for stage in AFTER_THE_END if stage in opens]
    return {stage: (opens[after] - opens[stage]).days for stage, after in pairwise(in_order)}


def redated(opens: Mapping[Stage, date], wanted: Mapping[Stage, int]) -> dict[Stage, date]:
    """The dates of a cycle with stages of these lengths: what comes after a longer one begins later."""
    found, usual = dict(opens), lengths(opens)
    for stage, after in pairwise(AFTER_THE_END):
        found[after] = found[stage] + timedelta(days=wanted.get(stage, usual[stage]))
    return found


def concerns(change: Change, cycle: Cycle, template_ids: frozenset[str]) -> bool:
    """Whether a cycle that begins now would begin with this change."""
    part, _, rest = change.path.partition("/")
    if part in OF_TEMPLATE:
        return rest in template_ids
    if part == STAGE:
        kind, _, stage = rest.partition("/")
        return cycle.kind == kind and str(lengths(cycle.opens).get(Stage(stage), "")) == change.after
    return True
