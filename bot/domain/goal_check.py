"""Whether a set of goals is fit to be agreed: findings in words, with the reason and what to do.

A finding that blocks must be mended first; an overridable one may instead be answered with a reason.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from bot.domain.finding import Finding, GoalDraft, Level, blocking
from bot.domain.goal_difficulty import difficulty_findings, odds_findings
from bot.domain.refusal import Sentence, sentence
from bot.domain.similarity import similarity
from bot.domain.wording_hints import goal_hints

__all__ = ["Finding", "GoalDraft", "Level", "blocking", "check_goal", "check_goals", "concentration"]

HEAVY, TOO_HEAVY, LIGHT = Decimal(40), Decimal(60), Decimal(5)  # percent
NARROW, TOO_NARROW = Decimal("0.36"), Decimal("0.50")  # concentration
ONE_SIDED = Decimal(80)  # percent in one category
ALIKE = 0.55
FEWEST, MOST = 3, 8
SCALE = re.compile(
    r"\b(?:points? of|score|csat|nps|stars?|degrees?)\b|[/（]\s*(?:满分|10\b|100\b)|^分(?!钟)|[°℃]", re.IGNORECASE
)
"""Units of scales whose zero means little: between 80 and 95 points lies more than the sixth it looks like."""


def check_goals(goals: Sequence[GoalDraft], *, faces_customers: bool = False) -> list[Finding]:
    """Return every finding about a set and each of its goals; `faces_customers` asks for a goal that customers feel."""
    if not goals:
        return [Finding("count", Level.BLOCK, sentence("There is no goal yet. Please add at least one."))]
    return [
        *_sum(goals),
        *_count(goals),
        *_concentration(goals),
        *_balance(goals, faces_customers=faces_customers),
        *_guards(goals),
        *_duplicates(goals),
        *odds_findings(goals),
        *(finding for index, goal in enumerate(goals) for finding in check_goal(goal, index)),
    ]


def check_goal(goal: GoalDraft, index: int = 0) -> list[Finding]:
    """Return every finding about a single goal, `index` being its place in the set."""
    return [
        *_completeness(goal, index),
        *_weight(goal, index),
        *difficulty_findings(goal, index),
        *_alignment(goal, index),
        *_baseline(goal, index),
        *_wording(goal, index),
    ]


def concentration(weights: Iterable[Decimal]) -> Decimal:
    """Return the Herfindahl-Hirschman index, the sum of squared shares: 1 for one goal, 1/n for n equal ones."""
    return sum(((weight / 100) ** 2 for weight in weights), Decimal(0))


def _sum(goals: Sequence[GoalDraft]) -> Iterator[Finding]:
    total = sum((goal.weight for goal in goals), Decimal(0))
    if total < 100:
        words = sentence(
            "The weights add up to {total}, not 100. Please give out {rest} more.", total=total, rest=100 - total
        )
        yield Finding("sum", Level.BLOCK, words)
    elif total > 100:
        words = sentence(
            "The weights add up to {total}, not 100. Please take {rest} away.", total=total, rest=total - 100
        )
        yield Finding("sum", Level.BLOCK, words)


def _count(goals: Sequence[GoalDraft]) -> Iterator[Finding]:
    if len(goals) < FEWEST:
        words = sentence(
            "A set of {count} shows only part of the work. Three to six goals work best.", count=len(goals)
        )
        yield Finding("count", Level.WARN, words)
    elif len(goals) > MOST:
        words = sentence(
            "{count} goals are hard to keep in mind. Could some be merged? Three to six work best.", count=len(goals)
        )
        yield Finding("count", Level.WARN, words)


def _weight(goal: GoalDraft, index: int) -> Iterator[Finding]:
    facts = {"title": goal.title, "weight": goal.weight}
    if goal.weight <= 0:
        words = sentence("“{title}” has no weight. Please give it one, or drop the goal.", **facts)
        yield Finding("weight", Level.BLOCK, words, index)
    elif goal.weight > TOO_HEAVY:
        words = sentence(
            "“{title}” alone decides {weight} % of the result. At most 60, or tell us why it must be so.", **facts
        )
        yield Finding("weight", Level.BLOCK, words, index, overridable=True)
    elif goal.weight > HEAVY:
        words = sentence("“{title}” weighs {weight} %, a lot for one measure. Could some go to another goal?", **facts)
        yield Finding("weight", Level.WARN, words, index)
    elif goal.weight < LIGHT:
        words = sentence("“{title}” weighs only {weight} %: too little to matter. Raise it, or drop the goal.", **facts)
        yield Finding("weight", Level.WARN, words, index)


def _concentration(goals: Sequence[GoalDraft]) -> Iterator[Finding]:
    index = concentration(goal.weight for goal in goals)
    if index < NARROW:
        return
    goals_worth = round(1 / index, 1)
    words = sentence(
        "The weights lean on few goals, as if there were only {number}. Please spread them more evenly.",
        number=goals_worth,
    )
    blocks = index >= TOO_NARROW
    yield Finding("concentration", Level.BLOCK if blocks else Level.WARN, words, overridable=blocks)


def _balance(goals: Sequence[GoalDraft], *, faces_customers: bool) -> Iterator[Finding]:
    categories = {goal.category for goal in goals if goal.category}
    if faces_customers and not categories & {"customer", "quality"}:
        words = sentence("No goal says how customers fare or how good the work is. Please add one of that kind.")
        yield Finding("balance", Level.WARN, words)
    for category in sorted(categories):
        share = sum((goal.weight for goal in goals if goal.category == category), Decimal(0))
        if share >= ONE_SIDED:
            words = sentence(
                "{share} % of the weight looks at one side of the work only. "
                "Please add a goal about another side: customers, quality, process or learning.",
                share=share,
            )
            yield Finding("balance", Level.WARN, words)


def _guards(goals: Sequence[GoalDraft]) -> Iterator[Finding]:
    present = {goal.kpi for goal in goals}
    for index, goal in enumerate(goals):
        if goal.guard and goal.guard not in present:
            words = sentence(
                "“{title}” could be reached at the cost of something else. Please add its counterweight, “{guard}”.",
                title=goal.title,
                guard=goal.guard_title or goal.guard,
            )
            yield Finding("guard", Level.WARN, words, index)


def _duplicates(goals: Sequence[GoalDraft]) -> Iterator[Finding]:
    for (_, first), (index, second) in combinations(enumerate(goals), 2):
        if similarity(first.title, second.title) >= ALIKE:
            words = sentence(
                "“{second}” reads much like “{first}”. Please merge them, or say what tells them apart.",
                second=second.title,
                first=first.title,
            )
            yield Finding("duplicate", Level.WARN, words, index)


def _completeness(goal: GoalDraft, index: int) -> Iterator[Finding]:
    counted = goal.direction not in {"milestones", "rubric"}
    missing = {
        "title": (
            not goal.title.strip(),
            sentence("This goal has no title. Please say in a few words what it is about."),
        ),
        "measure": (not goal.measure.strip(), sentence("Please say how this goal is measured.")),
        "unit": (
            counted and not goal.unit.strip(),
            sentence("Please say in which unit it is counted, such as % or days."),
        ),
        "target": (not _has_target(goal), _target_wanted(goal.direction)),
        "due": (goal.due is None, sentence("Please say by which date the target is to be reached.")),
    }
    for rule, (is_missing, words) in missing.items():
        if is_missing:
            yield Finding(rule, Level.BLOCK, words, index)


def _has_target(goal: GoalDraft) -> bool:
    if goal.direction == "range":
        return goal.low is not None and goal.high is not None
    needed = {"milestones": 1, "rubric": 2}.get(goal.direction)
    return goal.target is not None if needed is None else goal.steps >= needed


def _target_wanted(direction: str) -> Sentence:
    match direction:
        case "range":
            return sentence("Please say from which to which number the result should stay.")
        case "milestones":
            return sentence("Please name at least one milestone.")
        case "rubric":
            return sentence("Please describe at least two levels in words.")
        case _:
            return sentence("Please name the number to reach.")


def _alignment(goal: GoalDraft, index: int) -> Iterator[Finding]:
    if not goal.aligned:
        words = sentence(
            "“{title}” is not linked to a goal of the department. If it serves one, please link it.", title=goal.title
        )
        yield Finding("alignment", Level.HINT, words, index)


def _baseline(goal: GoalDraft, index: int) -> Iterator[Finding]:
    if goal.direction in {"higher", "lower"} and goal.baseline is None and SCALE.search(goal.unit):
        words = sentence(
            "“{title}” is counted on a scale whose zero means little. A baseline, the value that is worth nothing, "
            "makes the steps up to the target count fairly.",
            title=goal.title,
        )
        yield Finding("baseline", Level.HINT, words, index)


def _wording(goal: GoalDraft, index: int) -> Iterator[Finding]:
    for words in goal_hints(f"{goal.title}\n{goal.measure}"):
        yield Finding("wording", Level.HINT, words, index)
