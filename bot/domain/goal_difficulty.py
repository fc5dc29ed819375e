"""What history, colleagues and the person's own odds say about a target. They never stop anything."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from bot.domain.difficulty import (
    COLLEAGUES,
    TOO_EASY,
    TOO_HARD,
    Difficulty,
    Verdict,
    difficulty,
    eased,
    percentile,
    reaches,
)
from bot.domain.finding import Finding, GoalDraft, Level
from bot.domain.refusal import Sentence, sentence
from bot.domain.rounding import half_up

SURE, UNLIKELY = 9, 1  # of 10, as the person sees it
HUNDRED = Decimal(100)


def difficulty_findings(goal: GoalDraft, index: int) -> Iterator[Finding]:
    """Say what is known about the target of one goal: by own history, by colleagues, for a newcomer."""
    if goal.target is None or goal.direction not in {"higher", "lower"}:
        return
    higher = goal.direction == "higher"
    judged = difficulty(goal.target, goal.past.own, higher=higher)
    if judged.verdict is not Verdict.FINE:
        yield _judged(goal, index, judged)
    if words := _newcomer(goal, goal.target, higher=higher):
        yield Finding("newcomer", Level.WARN, words, index)
    for words in _among_colleagues(goal, goal.target, higher=higher):
        yield Finding("role", Level.HINT, words, index)


def odds_findings(goals: Sequence[GoalDraft]) -> Iterator[Finding]:
    """Say what the person's own odds say: a goal held for nearly impossible, or a set that is nearly certain."""
    for index, goal in enumerate(goals):
        if goal.odds is not None and goal.odds <= UNLIKELY:
            words = sentence(
                "Whoever has to reach “{title}” thinks it unlikely: {odds} of 10. What would make it possible?",
                title=goal.title,
                odds=goal.odds,
            )
            yield Finding("odds", Level.WARN, words, index)
    if len(goals) > 1 and all(goal.odds is not None and goal.odds >= SURE for goal in goals):
        words = sentence("Every goal seems nearly certain, 9 or 10 of 10. Could one of them ask for more?")
        yield Finding("odds", Level.WARN, words)


def _judged(goal: GoalDraft, index: int, judged: Difficulty) -> Finding:
    facts: dict[str, object] = {
        "title": goal.title,
        "target": goal.target,
        "periods": judged.periods,
        "reached": judged.reached,
    }
    if judged.chance is not None:
        facts["chance"] = half_up(judged.chance * HUNDRED, 0)
    match judged.verdict:
        case Verdict.HARD:
            return Finding("difficulty", Level.WARN, _too_hard(judged, facts), index)
        case Verdict.EASY:
            return Finding("difficulty", Level.WARN, _too_easy(judged, facts), index)
        case _:
            words = sentence(
                "There is too little history to say whether “{title}” is hard or easy. Please talk it over.", **facts
            )
            return Finding("difficulty", Level.HINT, words, index)


def _too_hard(judged: Difficulty, facts: dict[str, object]) -> Sentence:
    if judged.chance is None:
        return sentence(
            "“{title}” may be too hard: {target} was reached in {reached} of {periods} earlier periods. "
            "What would make it possible now?",
            **facts,
        )
    return sentence(
        "“{title}” may be too hard: {target} was reached in {reached} of {periods} earlier periods, a chance of about "
        "{chance} %. What would make it possible now?",
        **facts,
    )


def _too_easy(judged: Difficulty, facts: dict[str, object]) -> Sentence:
    if judged.chance is None:
        return sentence(
            "“{title}” may be too easy: {target} was reached in {reached} of {periods} earlier periods. "
            "Could it ask for more?",
            **facts,
        )
    return sentence(
        "“{title}” may be too easy: {target} was reached in {reached} of {periods} earlier periods, a chance of about "
        "{chance} %. Could it ask for more?",
        **facts,
    )


def _newcomer(goal: GoalDraft, target: Decimal, *, higher: bool) -> Sentence | None:
    """The mark is what experienced colleagues are asked for, where enough of them are; else the department's own."""
    experienced = goal.past.experienced
    mark = median(experienced) if len(experienced) >= COLLEAGUES else goal.usual
    if goal.ramp is None or mark is None or not reaches(target, mark, higher=higher):
        return None
    return sentence(
        "“{title}” asks of a newcomer what experienced colleagues are asked. About {share} % of the way is fair at "
        "this time: {amount}. Or plan the support that makes the rest possible.",
        title=goal.title,
        share=goal.ramp * HUNDRED,
        amount=round(eased(mark, goal.ramp, goal.baseline, higher=higher), 2),
    )


def _among_colleagues(goal: GoalDraft, target: Decimal, *, higher: bool) -> Iterator[Sentence]:
    """Only at the ends, and only coarsely: trying out targets must not find out what one colleague agreed to."""
    facts = {"title": goal.title, "count": len(goal.past.targets)}
    easier, harder = (percentile(target, goal.past.targets, higher=each) or 0 for each in (higher, not higher))
    if easier >= TOO_EASY:
        yield sentence(
            "Nine in ten of {count} colleagues in the same role have an easier target than “{title}”.", **facts
        )
    if harder >= TOO_EASY:
        yield sentence(
            "Nine in ten of {count} colleagues in the same role have a harder target than “{title}”.", **facts
        )
    beyond = percentile(target, goal.past.results, higher=higher)
    if beyond is not None and beyond > 1 - TOO_HARD:
        yield sentence(
            "More than four in five of {count} colleagues in the same role reached less than “{title}” last time.",
            title=goal.title,
            count=len(goal.past.results),
        )
