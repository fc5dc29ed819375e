"""The lines of the board: figures, evidence, what a meeting changed, and the same as a chart."""

from collections.abc import Mapping
from decimal import Decimal

from bot.domain.board import Drift, Figures
from bot.domain.calibration import Change, Evidence
from bot.domain.org import Person
from bot.domain.rounding import half_up
from bot.handlers.calibration.facts import Row
from bot.slack.text import Text, bold, escape, lines, quote, row
from bot.slack.words import Words


def person_lines(t: Words, one: Row) -> Text:
    """Somebody on the board: short enough for a phone."""
    head = t("{name}: {grade}", name=bold(escape(one.person.name)), grade=grade_of(t, one.figures))
    again = one.change is not None and one.change.formula != one.figures.formula
    moved = t("The grade by the rules has moved since it was changed. Please look again.") if again else None
    return lines(head, figures_line(t, one.figures), evidence_line(t, one.evidence), moved)


def grade_of(t: Words, figures: Figures) -> Text:
    """The grade as it stands, beside the one by the rules where people changed it."""
    if figures.grade == figures.formula:
        return escape(figures.grade)
    return t("{grade}, by the rules {formula}", grade=figures.grade, formula=figures.formula)


def figures_line(t: Words, figures: Figures) -> Text:
    """What the goals and the manager say, and how far that lies apart."""
    near = t("close to {boundary}", boundary=figures.near) if figures.near is not None else None
    return row(
        t("goals {value}", value=_number(t, figures.attainment)),
        t("rating {value}", value=_number(t, figures.rating)),
        t("{points} apart", points=_number(t, figures.apart)) if figures.apart else None,
        near,
    )


def evidence_line(t: Words, found: Evidence) -> Text:
    """How much stands behind it."""
    return row(
        t.plural("{n} dated example", "{n} dated examples", found.dated) if found.dated else t("no dated example"),
        t.plural("{n} shared note", "{n} shared notes", found.shared) if found.shared else None,
        t("not raised before") if found.not_raised else None,
    )


def _number(t: Words, value: Decimal | None) -> Text:
    return Text("–") if value is None else t.number(half_up(value, 1))


def change_lines(t: Words, change: Change, deciders: Mapping[str, Person]) -> Text:
    """A change as it is kept: when, by whom, from what to what, and why."""
    made = t(
        "{at}, {name}: {before} to {after}",
        at=change.at,
        name=deciders[change.by],
        before=change.before,
        after=change.after,
    )
    seen = t("seen on {day}", day=change.day) if change.day else None
    return lines(made, quote(change.reason), row(escape(change.link) if change.link else None, seen, between=", "))


# What a meeting changed ----------------------------------------------------------------------


def drift_lines(t: Words, found: Drift) -> Text:
    """How the grades moved as a whole, and what that asks; of few people only how many moved."""
    counted = t("{up} raised, {down} lowered", up=found.up, down=found.down)
    if not found.telling:
        return counted
    moved = t(
        "average {mean} and spread {spread} grade points",
        mean=signed(t, found.mean),
        spread=signed(t, found.spread),
    )
    share = t.percent(found.narrower)
    levelled = t("The spread shrank by {share}. Were differences looked at, or levelled?", share=share)
    return lines(row(counted, moved), bold(levelled) if found.levelled else None)


def signed(t: Words, value: Decimal) -> Text:
    """A difference with its sign."""
    shown = half_up(value, 2)
    sign = "+" if shown > 0 else "−" if shown < 0 else "±"
    return Text(sign + t.number(abs(shown), 2))


def distribution_lines(t: Words, before: Mapping[str, int], after: Mapping[str, int]) -> list[Text]:
    """How many had and have each grade: what the chart draws, in words."""
    return [
        t("{grade}: {before} before, {after} now", grade=grade, before=before[grade], after=after[grade])
        for grade in after
    ]
