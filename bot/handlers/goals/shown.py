"""How a goal reads: in one line, as a card with what 80, 100 and 120 % look like, and as what changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from bot.domain.finding import Past
from bot.domain.goal import Difference, Goal, placed
from bot.domain.goal_check import Finding, Level
from bot.domain.goal_template import Known
from bot.domain.kpi import formula_for, looks_like
from bot.domain.measure import Anchor, Direction, Milestone, Point
from bot.domain.refusal import N_
from bot.domain.reported import key_of
from bot.slack.blocks import Block, context, section
from bot.slack.goal_words import aim, amount
from bot.slack.text import Text, bold, bullets, escape, lines, quote, row
from bot.slack.words import Words

HUNDRED = Decimal(100)
MARKS = (Decimal("0.8"), Decimal(1), Decimal("1.2"))
FIELDS: Mapping[str, str] = {
    "title": N_("Title"),
    "measure": N_("Measured by"),
    "unit": N_("Unit"),
    "direction": N_("Direction"),
    "weight": N_("Weight"),
    "due": N_("Due"),
    "target": N_("Target"),
    "baseline": N_("Baseline"),
    "stretch": N_("Stretch"),
    "low": N_("From"),
    "high": N_("To"),
    "tolerance": N_("Tolerance"),
    "milestones": N_("Milestones"),
    "levels": N_("Levels"),
    "points": N_("Points on the way"),
    "source": N_("Source"),
    "cumulative": N_("Kind of number"),
    "odds": N_("Chance, 0 to 10"),
}
DIRECTIONS: Mapping[Direction, str] = {
    Direction.HIGHER: N_("Higher is better"),
    Direction.LOWER: N_("Lower is better"),
    Direction.RANGE: N_("Within a range"),
    Direction.MILESTONES: N_("Milestones"),
    Direction.RUBRIC: N_("Judged in words"),
}
NOTICED: Mapping[Level, str] = {
    Level.BLOCK: N_("This needs a reason"),
    Level.WARN: N_("Worth a second look"),
    Level.HINT: N_("Only a thought"),
}
OVERRIDDEN: Mapping[str, str] = {
    "weight": N_("one goal above 60 %"),
    "concentration": N_("the weights lean on few goals"),
}
"""The rules that may be overridden with a reason."""
JUDGED: Mapping[str, str] = {
    "ratio": N_("What is reached, divided by the target."),
    "anchored": N_("Evenly from the baseline (0 %) to the target (100 %), and on beyond it."),
    "mirror": N_("100 % at the target; less is better, and twice the target is worth nothing."),
    "tolerance": N_("100 % at zero, and nothing at the tolerance."),
    "curve": N_("Evenly up to the target (100 %), then evenly up to the stretch (120 %)."),
    "curve_down": N_("Evenly up to the target (100 %), then evenly up to the stretch (120 %)."),
    "range": N_("100 % inside the range; outside it falls to nothing at the tolerance."),
    "milestones": N_("The points of the milestones that are done; days late cost a little."),
    "rubric": N_("A level, each described in words."),
    "points": N_("Evenly from point to point; below the first of them it is worth nothing."),
}


def goal_line(t: Words, goal: Goal) -> Text:
    """Title, weight and target."""
    return row(bold(escape(goal.title)), amount(t, goal.weight, "%"), aim(t, goal))


def goal_in_full(t: Words, goal: Goal) -> Text:
    """Everything that is to be agreed."""
    start = t("Baseline {amount}", amount=amount(t, goal.baseline, goal.unit)) if goal.baseline is not None else None
    far = t("Stretch {amount}: 120 %", amount=amount(t, goal.stretch, goal.unit)) if goal.stretch is not None else None
    due = t("by {day}", day=goal.due) if goal.due else None
    source = t("Source: {source}", source=goal.source) if goal.source else None
    odds = t("Chance: {odds} of 10", odds=goal.odds) if goal.odds is not None else None
    return lines(goal_line(t, goal), escape(goal.measure), row(start, far, due, source, odds), _parts(t, goal))


def goal_card(t: Words, goal: Goal) -> Text:
    """The target, how it is judged, where the number comes from, and what it looks like."""
    measure = goal.to_measure()
    return lines(
        goal_in_full(t, goal),
        t("How it is judged: {rule}", rule=t(JUDGED["points" if goal.points else formula_for(measure)])),
        looks(t, goal),
    )


def looks(t: Words, goal: Goal) -> Text | None:
    """What 80, 100 and 120 % look like, a line each, where a number says it."""
    measure, places = goal.to_measure(), _places(goal)
    found = [(mark, looks_like(measure, mark)) for mark in MARKS]
    known = [t("{mark}: {amount}", mark=t.percent(mark), amount=amount(t, round(value, places), goal.unit))
             for mark, value in found if value is not None]  # fmt: skip
    return lines(*known) if known else None


def _places(goal: Goal) -> int:
    """The decimals of what is calculated from a goal: two, or as many as its own numbers have and one more."""
    given = (goal.target, goal.baseline, goal.stretch, goal.low, goal.high, goal.tolerance)
    decimals = [-int(one.normalize().as_tuple().exponent) for one in given if one is not None]
    return max(2, *(one + 1 for one in decimals)) if decimals else 2


def _parts(t: Words, goal: Goal) -> Text | None:
    if goal.milestones:
        return bullets(_part(t, one) for one in goal.milestones)
    if goal.levels:
        return bullets(_part(t, one) for one in goal.levels)
    if goal.points:
        each = (t("{amount}: {share}", amount=amount(t, one.value, goal.unit), share=t.percent(one.worth))
                for one in goal.points)  # fmt: skip
        return bullets(each)
    if goal.tolerance is not None:
        return t("Tolerance {amount}", amount=amount(t, goal.tolerance, goal.unit))
    return None


def sum_line(t: Words, written: Sequence[Goal]) -> Text:
    """How much of the weight is given out: "85 %, 15 to place"."""
    total = placed(written)
    if total < HUNDRED:
        return t("Weights: {total} %, {rest} to place", total=total, rest=HUNDRED - total)
    if total > HUNDRED:
        return t("Weights: {total} %, {rest} too much", total=total, rest=total - HUNDRED)
    return t("Weights add up to 100 %")


def noticed(t: Words, findings: Sequence[Finding], written: Sequence[Goal]) -> list[Block]:
    """What the check found: what needs a reason, what is worth a second look, and what is only a thought."""
    return [
        section(lines(bold(t(heading)), found_list(t, each, written)))
        for level, heading in NOTICED.items()
        if (each := [one for one in findings if one.level is level])
    ]


def kept_with_reasons(t: Words, reasons: Mapping[str, str]) -> list[Block]:
    """What was kept although the check would have stopped it, or agreed to under protest, and why."""
    return [
        section(lines(t("Kept with a reason: {what}", what=t(OVERRIDDEN[rule])), quote(reason)))
        for rule, reason in reasons.items()
        if rule in OVERRIDDEN
    ]


def earlier(t: Words, written: Sequence[Goal], known: Known) -> list[Block]:
    """Beside each target what was reached in earlier cycles, the oldest first."""
    found = [(goal, known.past.get((key_of(goal), goal.unit), Past()).own) for goal in written]
    told = [t("{title}: {numbers}", title=goal.title, numbers=row(*(t.number(round(one, 2)) for one in own)))
            for goal, own in found if own]  # fmt: skip
    return [context(lines(t("Reached in earlier cycles"), *told))] if told else []


def found_list(t: Words, findings: Iterable[Finding], written: Sequence[Goal]) -> Text:
    """What the check found, each with the goal it is about."""
    return bullets(_found(t, one, written) for one in findings)


def _found(t: Words, finding: Finding, written: Sequence[Goal]) -> Text:
    said = t.say(finding.sentence)
    if finding.goal is None or "title" in finding.sentence.facts or "goal" in finding.sentence.facts:
        return said
    return t("{title}: {finding}", title=written[finding.goal].title or t("(no title)"), finding=said)


# What changed -----------------------------------------------------------------------------


def changes(t: Words, found: Sequence[Difference]) -> list[Block]:
    """Each goal that is new, dropped or different, old → new."""
    return [section(_change(t, one)) for one in found]


def _change(t: Words, one: Difference) -> Text:
    if one.after is None:
        return t("Dropped: {goal}", goal=goal_line(t, one.before) if one.before else "")
    if one.before is None:
        return t("New: {goal}", goal=goal_in_full(t, one.after))
    shown = [name for name in one.fields if name in FIELDS]
    return lines(bold(escape(one.after.title)), bullets(_field(t, one.before, one.after, name) for name in shown))


def _field(t: Words, before: Goal, after: Goal, name: str) -> Text:
    return t(
        "{field}: {old} → {new}",
        field=t(FIELDS[name]),
        old=_value(t, getattr(before, name)),
        new=_value(t, getattr(after, name)),
    )


def _value(t: Words, value: object) -> Text:
    match value:
        case None | "" | ():
            return t("nothing")
        case Direction():
            return t(DIRECTIONS[value])
        case bool():
            return t("adds up") if value else t("stands at a level")
        case Decimal() | int():
            return t.number(value)
        case date():
            return t.day(value)
        case tuple():
            return row(*(_part(t, one) for one in value))
        case _:
            return escape(str(value))


def _part(t: Words, part: Milestone | Anchor | Point) -> Text:
    if isinstance(part, Milestone):
        points = t("{name}: {points} points", name=part.name, points=part.worth)
        return row(points, t("by {day}", day=part.due) if part.due else None)
    if isinstance(part, Point):
        return t("{amount}: {share}", amount=part.value, share=t.percent(part.worth))
    return t("Level {level}, {share}: {words}", level=part.level, share=t.percent(part.worth), words=part.words)
