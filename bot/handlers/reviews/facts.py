"""What is known of a person's work: goals with target and actual, check-ins, and a review that was sent."""

from dataclasses import replace
from decimal import Decimal

from bot.domain.checkin import CONFIDENCE_NAMES, Checkin
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.org import Person
from bot.domain.reported import key_of
from bot.domain.review import (
    EXAMPLE,
    EXAMPLE_DAY,
    GAP,
    GAP_DAY,
    GIVEN_ON,
    NEED,
    NOT_WELL,
    STRENGTH,
    STRENGTH_DAY,
    WELL,
    Kind,
    Review,
    heard,
    reason,
    seen_on,
    why,
)
from bot.domain.template import Anchored
from bot.handlers.reviews.case import Case
from bot.slack.blocks import Block, context, header, section
from bot.slack.goal_words import aim
from bot.slack.text import Text, bold, clip, escape, lines, quote, row
from bot.slack.words import Words

CHECKINS_SHOWN = 3
MOST_EVIDENCE, LONGEST_LINE = 15, 180


def facts(t: Words, case: Case) -> list[Block]:
    """Each goal with its target, its actual value and what the check-ins said."""
    if not case.goals:
        none = section(t("No goals were agreed in this cycle, so none are scored."))
        return [header(t("Goals")), none, *kept_evidence(t, case)]
    shown = [section(_goal(t, case, goal)) for goal in case.goals]
    notes = [one for one in case.history if one.note or one.blocking][-CHECKINS_SHOWN:]
    said = [section(lines(bold(t("Said in check-ins")), *(_said(t, one) for one in notes)))] if notes else []
    return [header(t("Goals")), *shown, *said, *kept_evidence(t, case)]


def kept_evidence(t: Words, case: Case) -> list[Block]:
    """Thanks, feedback and saved messages of the whole cycle, oldest first: not the last weeks alone."""
    if not case.evidence:
        return []
    told = [row(t.day(day), clip(t.say(said), LONGEST_LINE)) for day, said in case.evidence[-MOST_EVIDENCE:]]
    return [section(lines(bold(t("Evidence of this cycle")), *told))]


def answers(t: Words, case: Case, review: Review) -> list[Block]:
    """A review in words: ratings with what they rest on, levels, the grade and the rest."""
    ratings = [section(_rated(t, one, review)) for one in case.template.competencies]
    levels = [section(_level(t, goal, review)) for goal in case.rubrics]
    grade = t("Expected grade: {grade}", grade=bold(escape(review.overall))) if review.overall else None
    return [
        *ratings,
        *levels,
        *([section(grade)] if grade else []),
        *_written(t, case, review),
        *_later(t, case, review),
    ]


def written_by(t: Words, author: Person | None, written_for: Person | None) -> Text | None:
    """Whose words these are, and for whom they stood in."""
    if author is None:
        return None
    if written_for is None:
        return t("Written by {name}", name=author)
    return t("Written by {name}, standing in for {manager}", name=author, manager=written_for)


def _later(t: Words, case: Case, review: Review) -> list[Block]:
    """The reasons that were given after the review was sent, each for its grade."""
    told = {grade: replace(review, notes=notes) for grade, notes in review.later.items()}
    return [
        block
        for grade, one in told.items()
        for block in (
            section(lines(bold(t("Given later, for the grade {grade}", grade=grade)), _on_day(t, one))),
            *_written(t, case, one),
        )
    ]


def _on_day(t: Words, told: Review) -> Text | None:
    day = told.day(GIVEN_ON)
    return t.day(day) if day else None


def said_in(t: Words, checkin: Checkin) -> Text:
    """An earlier note, short enough for a list to choose from."""
    return (
        row(t.day(checkin.day), escape(checkin.blocking or checkin.note)) if _words_in(checkin) else t.day(checkin.day)
    )


def _goal(t: Words, case: Case, goal: Goal) -> Text:
    title = lines(bold(escape(goal.title)), t("weight {share} %", share=goal.weight))
    level = case.own.levels.get(goal.id) if case.own else None
    chosen = t("Self-review: {level}", level=words_of(goal, level)) if level is not None else None
    standings = [item_row for one in case.history[-CHECKINS_SHOWN:] if (item_row := _standing(t, goal, one))]
    values = row(t("Target: {target}", target=target_of(t, goal)), actual_of(t, case, goal))
    return lines(title, values, chosen, *standings)


def target_of(t: Words, goal: Goal) -> Text:
    """What was agreed, in the goal's own unit; milestones by their names."""
    if goal.direction is Direction.MILESTONES:
        return t.names([one.name for one in goal.milestones])
    return aim(t, goal)


def words_of(goal: Goal, level: Decimal) -> Text:
    """A level of a rubric in its words."""
    return escape(next((one.words for one in goal.levels if one.level == level), f"{level:f}"))


def measured(t: Words, value: Decimal, unit: str) -> Text:
    """A number with its unit."""
    return row(t.number(value), escape(unit), between=" ")


def actual_of(t: Words, case: Case, goal: Goal) -> Text | None:
    """What was reported; a rubric has no such value."""
    reported = case.actuals.get(key_of(goal))
    if goal.direction is Direction.RUBRIC:
        return None  # its level is chosen in the review itself
    if reported is None or reported.value is None:
        return t("no actual value yet")
    value = measured(t, reported.value, reported.unit or goal.unit)
    return t("Actual: {value} ({source})", value=value, source=reported.source or t("no source named"))


def _standing(t: Words, goal: Goal, checkin: Checkin) -> Text | None:
    item = checkin.item(goal.id)
    if item is None:
        return None
    value = measured(t, item.value, goal.unit) if item.value is not None else None
    note = escape(item.note) if item.note else None
    blocked = t("Blocked") if checkin.blocking else None
    return row(t.day(checkin.day), blocked, value, t(CONFIDENCE_NAMES[item.confidence]), note)


def _words_in(checkin: Checkin) -> str:
    return checkin.blocking or checkin.note


def _said(t: Words, checkin: Checkin) -> Text:
    return lines(t.day(checkin.day), quote(_words_in(checkin)))


def _rated(t: Words, one: Anchored, review: Review) -> Text:
    rated = review.competencies.get(one.id)
    name = bold(escape(one.name.read(t.language)))
    anchor = t("not rated") if rated is None else anchor_of(t, one, rated)
    return lines(name, anchor, _note(review, reason(one.id)), _on(t, review, seen_on(one.id)))


def _level(t: Words, goal: Goal, review: Review) -> Text:
    level = review.levels.get(goal.id)
    return lines(bold(escape(goal.title)), t("not rated") if level is None else words_of(goal, level))


def _written(t: Words, case: Case, review: Review) -> list[Block]:
    parts = _own_parts(t) if review.kind is Kind.SELF else _manager_parts(t, case)
    shown = [
        section(lines(bold(label), _note(review, name), _on(t, review, day)))
        for name, day, label in parts
        if review.note(name)
    ]
    return [*shown, *([context(t.say(told))] if (told := heard(review)) else [])]


def _own_parts(t: Words) -> list[tuple[str, str, Text]]:
    return [
        (WELL, "", t("What went well")),
        (NOT_WELL, "", t("What did not")),
        (NEED, "", t("What I need")),
    ]


def _manager_parts(t: Words, case: Case) -> list[tuple[str, str, Text]]:
    return [
        (STRENGTH, STRENGTH_DAY, t("One strength")),
        (GAP, GAP_DAY, t("One gap")),
        *((why(goal.id), "", t("Why, for “{goal}”", goal=goal.title)) for goal in case.goals),
        (EXAMPLE, EXAMPLE_DAY, t("An example")),
    ]


def _note(review: Review, name: str) -> Text | None:
    return quote(review.note(name)) if review.note(name) else None


def _on(t: Words, review: Review, name: str) -> Text | None:
    day = review.day(name) if name else None
    return t("Seen on {day}", day=day) if day else None


def anchor_of(t: Words, one: Anchored, rated: int) -> Text:
    """A level of a competency in words, after its number."""
    words = one.anchors.get(rated)
    return row(t.number(rated), escape(words.read(t.language)) if words else None, between=" · ")
