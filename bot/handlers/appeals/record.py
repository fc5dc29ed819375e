"""The frozen record of an appeal, as whoever decides reads it: no names, and no sentence of a colleague."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.domain import review as reviewing
from bot.domain.adjustment import Kind as Adjustment
from bot.domain.anonymity import BAND_LABELS, Band
from bot.domain.appeal import KINDS
from bot.domain.explain import from_json, walk
from bot.domain.goal import Goal
from bot.domain.goal_record import goals_of
from bot.domain.refusal import N_
from bot.domain.reported import key_of
from bot.domain.rounding import half_up
from bot.domain.template import Anchored, Template
from bot.handlers.appeals.conversation import Shown
from bot.slack.blocks import Block, context, divider, fields, section
from bot.slack.goal_words import aim
from bot.slack.text import Text, bold, bullets, clip, escape, lines, quote, row
from bot.slack.words import Words

MOST_LINES, LONGEST = 60, 2900

ADJUSTED: Mapping[str, str] = {
    Adjustment.ADDITION.value: N_("Points added to the goals"),
    Adjustment.DEDUCTION.value: N_("Points taken off the goals"),
    Adjustment.RED_LINE.value: N_("A red line: the grade gets a ceiling, the number stays"),
    Adjustment.EXEMPTION.value: N_("A goal does not apply: its weight goes to the others"),
}


@dataclass(frozen=True)
class Record:
    """A frozen record, and the template that names what is in it."""

    document: Mapping[str, Any]
    mark: str
    template: Template | None

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals of every role, the present one first."""
        before = [goal for stint in self.document["earlier"] for goal in stint["goals"]]
        return goals_of([*self.document["goals"], *before])


def appeal_itself(t: Words, shown: Shown) -> list[Block]:
    """What the person says, and what was decided before."""
    one = shown.one
    wish = [section(lines(bold(t("What should change?")), quote(one.wish)))] if one.wish else []
    before = [section(lines(bold(t("Decided before")), quote(each.reason))) for each in one.decisions]
    return [
        fields([(t("Whose"), escape(shown.person.name)), (t("In the cycle"), escape(shown.cycle.name))]),
        section(lines(bold(t(KINDS[one.kind])), quote(one.words))),
        *wish,
        *before,
    ]


def record(t: Words, found: Record) -> list[Block]:
    """The whole record, part by part."""
    return [
        divider(),
        *_result(t, found.document["result"]),
        *_goals(t, found),
        *_review(t, t("From the manager's review"), found, found.document["manager_review"]),
        *_review(t, t("From the self-review"), found, found.document["self_review"]),
        *_changes(t, found.document),
        *_colleagues(t, found),
        *_checkins(t, found.document["checkins"]),
        context(t("This is the record as it was when the appeal was filed. Its SHA-256 begins with {mark}.",
                  mark=found.mark[:16])),
    ]  # fmt: skip


def _result(t: Words, result: Mapping[str, Any]) -> list[Block]:
    if result["tree"] is None:
        return [section(lines(bold(t("Result")), t("There is no number: the time was too short to be fair.")))]
    number = [(t("Grade"), escape(result["band"] or "–")), (t("Result"), t.number(Decimal(result["score"]), 2))]
    nodes = list(walk(from_json(result["tree"])))[:MOST_LINES]
    told = [t("{label}: {value}", label=one.label, value=half_up(one.value, 4).normalize()) for one in nodes]
    return [fields(number), *_listed(t("How the result is made"), told)]


def _listed(title: Text, told: Iterable[Text]) -> list[Block]:
    said = list(told)
    return [section(clip(lines(bold(title), bullets(said)), LONGEST))] if said else []


def _goals(t: Words, found: Record) -> list[Block]:
    known: dict[str, list[Mapping[str, Any]]] = {}
    for one in found.document["actuals"]:
        known.setdefault(one["kpi"], []).append(one)
    return [section(_goal(t, goal, known.get(key_of(goal), ()))) for goal in found.goals[:MOST_LINES]]


def _goal(t: Words, goal: Goal, values: Sequence[Mapping[str, Any]]) -> Text:
    about = row(t("weight {share} %", share=goal.weight), t("Target: {target}", target=aim(t, goal)))
    return clip(lines(bold(escape(goal.title)), about, *(_value(t, one) for one in values)), LONGEST)


def _value(t: Words, one: Mapping[str, Any]) -> Text:
    number = row(t.number(Decimal(one["value"])), escape(one["unit"]), between=" ") if one["value"] else t("not known")
    day = t.day(datetime.fromisoformat(one["at"]).astimezone(t.tz).date())
    return row(t("Reached: {value}", value=number), escape(one["source"]), escape(one["period"]), day)


def _review(t: Words, title: Text, found: Record, review: Mapping[str, Any] | None) -> list[Block]:
    if review is None:
        return []
    competencies = found.template.competencies if found.template else ()
    rated = [_rated(t, one, review) for one in competencies if one.id in review["competencies"]]
    titles = {one.id: one.title for one in found.goals}
    levels = [t("{name}: {level}", name=titles.get(goal, goal), level=Decimal(level))
              for goal, level in review["levels"].items()]  # fmt: skip
    grade = [t("Grade expected: {grade}", grade=review["overall"])] if review["overall"] else []
    notes = {**review["notes"], **{name: said for each in review["later"].values() for name, said in each.items()}}
    words = [quote(said) for name, said in notes.items() if _is_words(name, said)]
    said = [section(clip(one, LONGEST)) for one in words[: MOST_LINES // 2]]
    return [divider(), *_listed(title, [*grade, *rated, *levels]), *said]


def _is_words(name: str, said: str) -> bool:
    """Whether a note is something that was written, and not a day or a choice."""
    chosen = {reviewing.EARLIER, reviewing.GIVEN_ON, reviewing.RAISED_ON}
    return bool(said) and name not in chosen and not name.startswith("day_") and not name.endswith("_day")


def _rated(t: Words, one: Anchored, review: Mapping[str, Any]) -> Text:
    rating = review["competencies"][one.id]
    words = one.anchors.get(rating)
    shown = row(t.number(rating), escape(words.read(t.language)) if words else None, between=" · ")
    return t("{label}: {value}", label=one.name.read(t.language), value=shown)


def _changes(t: Words, document: Mapping[str, Any]) -> list[Block]:
    changed = [
        lines(t("{before} became {after}", before=one["before"], after=one["after"]), quote(one["reason"]))
        for one in document["calibration"]
    ]
    kinds = [(ADJUSTED[one["kind"]], one) for one in document["adjustments"]]
    adjusted = [lines(t(kind), quote(one["reason"]), quote(one["evidence"])) for kind, one in kinds]
    return [section(clip(one, LONGEST)) for one in (*changed, *adjusted)]


def _colleagues(t: Words, found: Record) -> list[Block]:
    names = {one.id: one.name.read(t.language) for one in found.template.feedback} if found.template else {}
    blocks: list[Block] = []
    for group in found.document["feedback"]:
        told = [_topic(t, names.get(topic, topic), seen) for topic, seen in group["topics"]]
        counted = t("{n} of {invited} answered", n=group["n"], invited=group["invited"])
        blocks += _listed(t("From colleagues"), [counted, *told])
    return blocks


def _topic(t: Words, name: str, seen: str) -> Text:
    bands = {one.value: t(BAND_LABELS[one]) for one in Band}
    return t("{label}: {value}", label=name, value=bands.get(seen, escape(seen)))


def _checkins(t: Words, days: Sequence[str]) -> list[Block]:
    told = t.names([t.day(date.fromisoformat(one)) for one in days])
    return [section(clip(lines(bold(t("Check-ins")), told), LONGEST))] if days else []
