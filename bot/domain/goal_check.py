"""Whether a set of goals is fit to be agreed: findings in words, with the reason and what to do.

A finding that blocks must be mended first; an overridable one may instead be answered with a reason.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from bot.domain.difficulty import Difficulty, Verdict, difficulty
from bot.domain.refusal import Sentence, sentence
from bot.domain.similarity import similarity

HEAVY, TOO_HEAVY, LIGHT = Decimal(40), Decimal(60), Decimal(5)  # percent
NARROW, TOO_NARROW = Decimal("0.36"), Decimal("0.50")  # concentration
ONE_SIDED = Decimal(80)  # percent in one category
ALIKE = 0.55
FEWEST, MOST = 3, 8


class Level(StrEnum):
    """How serious a finding is."""

    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """One thing to look at: the rule's name, how serious, in words, and which goal (counted from 0) if only one."""

    rule: str
    level: Level
    sentence: Sentence
    goal: int | None = None
    overridable: bool = False


@dataclass(frozen=True)
class GoalDraft:
    """A goal as far as it is written; `history` holds one's own results in earlier periods of the same length.

    `kpi` and `guard` are ids of measures: the goal's own, and the one that must not suffer from it. `experienced` is
    the median target of people with at least four cycles in the same role, needed for a newcomer's goal only.
    """

    title: str
    measure: str
    unit: str
    direction: str  # higher, lower, range, milestones or rubric
    weight: Decimal  # percent
    target: Decimal | None = None
    due: date | None = None
    category: str = ""  # result, customer, quality, process or learning
    kpi: str = ""
    guard: str = ""
    guard_title: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    steps: int = 0  # milestones, or levels of a rubric
    aligned: bool = True
    history: tuple[Decimal, ...] = ()
    newcomer: bool = False
    experienced: Decimal | None = None


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
        *(finding for index, goal in enumerate(goals) for finding in check_goal(goal, index)),
    ]


def check_goal(goal: GoalDraft, index: int = 0) -> list[Finding]:
    """Return every finding about a single goal, `index` being its place in the set."""
    return [*_completeness(goal, index), *_weight(goal, index), *_difficulty(goal, index), *_alignment(goal, index)]


def blocking(findings: Iterable[Finding], overridden: Container[str] = ()) -> list[Finding]:
    """Return the findings that stop a set, without those that may be and were overridden (rule names) with a reason."""
    blocks = (finding for finding in findings if finding.level is Level.BLOCK)
    return [finding for finding in blocks if not (finding.overridable and finding.rule in overridden)]


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


def _difficulty(goal: GoalDraft, index: int) -> Iterator[Finding]:
    if goal.target is None or goal.direction not in {"higher", "lower"}:
        return
    higher = goal.direction == "higher"
    judged = difficulty(goal.target, goal.history, higher=higher)
    if judged.verdict is not Verdict.FINE:
        yield _judged(goal, index, judged)
    if goal.newcomer and goal.experienced is not None and _reaches(goal.target, goal.experienced, higher=higher):
        yield Finding("newcomer", Level.WARN, _newcomer(goal), index)


def _reaches(value: Decimal, mark: Decimal, *, higher: bool) -> bool:
    return value >= mark if higher else value <= mark


def _newcomer(goal: GoalDraft) -> Sentence:
    return sentence(
        "“{title}” asks of a newcomer what experienced colleagues are asked. Please start easier, or plan the support "
        "that makes it possible.",
        title=goal.title,
    )


def _judged(goal: GoalDraft, index: int, judged: Difficulty) -> Finding:
    facts = {"title": goal.title, "target": goal.target, "periods": judged.periods, "reached": judged.reached}
    match judged.verdict:
        case Verdict.HARD:
            words = sentence(
                "“{title}” may be too hard: {target} was reached in {reached} of {periods} earlier periods. "
                "What would make it possible now?",
                **facts,
            )
        case Verdict.EASY:
            words = sentence(
                "“{title}” may be too easy: {target} was reached in {reached} of {periods} earlier periods. "
                "Could it ask for more?",
                **facts,
            )
        case _:
            words = sentence(
                "There is too little history to say whether “{title}” is hard or easy. Please talk it over.", **facts
            )
            return Finding("difficulty", Level.HINT, words, index)
    return Finding("difficulty", Level.WARN, words, index)


def _alignment(goal: GoalDraft, index: int) -> Iterator[Finding]:
    if not goal.aligned:
        words = sentence(
            "“{title}” is not linked to a goal of the department. If it serves one, please link it.", title=goal.title
        )
        yield Finding("alignment", Level.HINT, words, index)
