"""Goals made of a template's measures, and a set of goals checked against the template it came from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.domain.cascade import Objective, Support, is_alike
from bot.domain.finding import Finding, GoalDraft, Level, Past
from bot.domain.goal import Goal
from bot.domain.goal_check import check_goals
from bot.domain.goal_parts import UNLINKED, Named, Owed, part_findings
from bot.domain.measure import Direction, check_measure
from bot.domain.refusal import Refused, sentence
from bot.domain.reported import key_of
from bot.domain.template import Category, Kpi, Template
from bot.domain.template_measures import measure_of

INCOMPLETE = frozenset({"target", "title", "unit"})
"""Findings after which there is no measure yet that could be looked at."""
STARVED = "difficulty"
COUNTED = frozenset({Direction.HIGHER, Direction.LOWER})
"""The directions that go toward a target."""


def prefill(template: Template, language: str, due: date) -> tuple[Goal, ...]:
    """The goals that a department proposes, in the words of one language."""
    return tuple(goal_from(kpi, language, due) for kpi in template.kpis)


def goal_from(kpi: Kpi, language: str, due: date) -> Goal:
    """Make a goal of a measure; its id is the measure's, since a set has each measure once."""
    words = measure_of(kpi, language)
    return Goal(
        id=kpi.id,
        title=kpi.title.read(language),
        measure=kpi.measure.read(language),
        unit=kpi.unit.read(language),
        direction=kpi.direction,
        weight=Decimal(kpi.weight),
        due=due,
        target=None if kpi.direction in {Direction.MILESTONES, Direction.RUBRIC} else kpi.target,
        baseline=kpi.baseline,
        stretch=kpi.stretch,
        low=kpi.low,
        high=kpi.high,
        tolerance=kpi.tolerance,
        milestones=words.milestones,
        levels=words.anchors,
        source=kpi.source.read(language),
        category=kpi.category.value,
        kpi=kpi.id,
        cumulative=kpi.cumulative,
    )


@dataclass(frozen=True)
class Known:
    """What is known of a person when their goals are checked: what came before, and the rest.

    `past` is by the key of a goal and the unit of its numbers: what was counted otherwise is not compared.

    `ramp` is the share that is fair to ask of a newcomer; `linked` the goals that support an objective, of those in
    `reachable`: without any link nobody is asked for one; `ends_on` the last day of the cycle; `joins_on` the first
    day of who comes after it began; `owed` the parts of objectives that were given to the person, `supports` the links.
    """

    past: Mapping[tuple[str, str], Past] = field(default_factory=dict)
    ramp: Decimal | None = None
    linked: Collection[str] = ()
    reachable: Collection[Objective] = ()
    ends_on: date | None = None
    joins_on: date | None = None
    owed: Sequence[Owed] = ()
    supports: Sequence[Support] = ()


NOTHING_KNOWN = Known()


def check_sheet(goals: Sequence[Goal], template: Template, known: Known = NOTHING_KNOWN) -> list[Finding]:
    """Return every finding about a set of goals: as a set, one by one, and whether each can be scored honestly."""
    faces_customers = any(kpi.category is Category.CUSTOMER for kpi in template.kpis)
    drafts = [_draft(goal, template, known) for goal in goals]
    findings = check_goals(drafts, faces_customers=faces_customers)
    unfinished = {one.goal for one in findings if one.rule in INCOMPLETE and one.level is Level.BLOCK}
    measured = [_measured(goal, index) for index, goal in enumerate(goals) if index not in unfinished]
    toward = sum(goal.target is not None and goal.direction in COUNTED for goal in goals)
    late = [_due_late(goal, index, known.ends_on) for index, goal in enumerate(goals)]
    return _told_once(
        [
            *findings,
            *(one for one in (*measured, *late) if one),
            *_part_of_it(goals, known),
            *_owed(goals, template, known),
        ],
        toward,
    )


def _part_of_it(goals: Sequence[Goal], known: Known) -> list[Finding]:
    """The score takes the days into account; a target that does so already would shrink twice."""
    if known.joins_on is None or not any(goal.cumulative for goal in goals):
        return []
    words = sentence(
        "Targets that add up are written for the whole cycle. "
        "Counted is the part that falls on the days from {day} on.",
        day=known.joins_on,
    )
    return [Finding("joins", Level.HINT, words)]


def _owed(goals: Sequence[Goal], template: Template, known: Known) -> list[Finding]:
    """What the goals hold of parts given; where others are linked already, the check asks for the link itself."""
    found = part_findings([_named(goal, template) for goal in goals], known.owed, known.supports) if known.owed else ()
    return [one for one in found if one.rule != UNLINKED or not known.linked]


def _named(goal: Goal, template: Template) -> Named:
    kpi = template.kpi(goal.kpi) if goal.kpi else None
    titles = (kpi.title.en, kpi.title.zh) if kpi else ()
    return Named(goal, frozenset(units_of(goal, kpi)), frozenset({goal.title, goal.measure, *titles}))


def _draft(goal: Goal, template: Template, known: Known) -> GoalDraft:
    kpi = template.kpi(goal.kpi) if goal.kpi else None
    guard = template.kpi(kpi.guard) if kpi and kpi.guard else None
    return GoalDraft(
        title=goal.title,
        measure=goal.measure,
        unit=goal.unit,
        direction=goal.direction.value,
        weight=goal.weight,
        target=goal.target,
        baseline=goal.baseline,
        due=goal.due,
        category=goal.category,
        kpi=goal.kpi,
        guard=guard.id if guard else "",
        guard_title=_title_in(goal, kpi, guard),
        low=goal.low,
        high=goal.high,
        steps=len(goal.milestones) + len(goal.levels),
        odds=goal.odds,
        aligned=not known.linked or goal.id in known.linked or not _could_support(goal, kpi, known),
        past=known.past.get((key_of(goal), goal.unit), Past()),
        ramp=known.ramp,
        usual=kpi.target if kpi else None,
    )


def units_of(goal: Goal, kpi: Kpi | None) -> set[str]:
    """The unit of a goal, in both languages where it was made of the template's measure."""
    return {goal.unit, *((kpi.unit.en, kpi.unit.zh) if kpi else ())}


def _could_support(goal: Goal, kpi: Kpi | None, known: Known) -> bool:
    return any(is_alike(units_of(goal, kpi), goal.direction, one) for one in known.reachable)


def _title_in(goal: Goal, kpi: Kpi | None, guard: Kpi | None) -> str:
    """The guard's title in the language that the goal was written in."""
    if kpi is None or guard is None:
        return ""
    return guard.title.read("zh" if goal.title == kpi.title.zh else "en")


def _measured(goal: Goal, index: int) -> Finding | None:
    try:
        check_measure(goal.to_measure())
    except Refused as refused:
        return Finding(refused.field or "measure", Level.BLOCK, refused.sentence, index)
    return None


def _due_late(goal: Goal, index: int, ends_on: date | None) -> Finding | None:
    if goal.due is None or ends_on is None or goal.due <= ends_on:
        return None
    words = sentence(
        "“{title}” is due on {due}, after the cycle ends on {end}: it would be judged before it is finished.",
        title=goal.title,
        due=goal.due,
        end=ends_on,
    )
    return Finding("due_late", Level.WARN, words, index)


def _told_once(findings: Sequence[Finding], toward: int) -> list[Finding]:
    """Where several goals lack history, say so once; `toward` is how many go toward a target."""
    starved = [one for one in findings if one.rule == STARVED and one.level is Level.HINT]
    if len(starved) < 2:
        return list(findings)
    words = sentence("There is too little history yet to say which of these goals are hard or easy. Talk them over.")
    if len(starved) < toward:
        words = sentence("There is too little history yet to say it of the other goals. Talk them over.")
    return [*(one for one in findings if one not in starved), Finding(STARVED, Level.HINT, words)]
