"""Why a number is what it is, in words: its inputs with their sources, the formula, the arithmetic, what capped it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.calibration import by_the_rules
from bot.domain.explain import Input, Node, Source, formula_of
from bot.domain.formulas import input_words
from bot.domain.measure import Anchor
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.domain.result import SOURCES
from bot.domain.rounding import half_up
from bot.domain.why import SHARES, above, arithmetic, below, find
from bot.slack.blocks import Block, Does, View, button, buttons, context, divider, page, section
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words

MOST_PARTS = 40
UNITS: Mapping[str, str] = {
    "working days": N_("working days"),
    "points": N_("points"),
    "people": N_("people"),
}
"""Units that the formulas themselves use; a goal's own unit stands as it was agreed."""
WHOLES: Mapping[str, str] = {"%": N_("{number} %"), "1–5": N_("{number} of 5")}


@dataclass(frozen=True)
class Asked:
    """A number somebody asked about: the tree it stands in, its place, and what its buttons carry in front of one.

    `said`: what the manager wrote to it; `levels`: those of the rubric that it is part of.
    """

    root: Node
    place: str
    carry: str
    reporters: Mapping[str, Person]
    said: Text | None = None
    levels: Sequence[Anchor] = ()


def explained(t: Words, asked: Asked, *, deeper: Does) -> View:
    """One number, with a way to each number it is made of and back to the one it goes into."""
    node = find(asked.root, asked.place)
    blocks: list[Block] = [section(bold(t("{label}: {value}", label=node.label, value=value_of(t, node))))]
    if note := node.note and t.say(node.note):
        blocks.append(section(note))
    blocks += [*([section(asked.said)] if asked.said else []), section(calculation(t, node))]
    if node.formula == "rubric" and asked.levels and "actual" in node.inputs:
        blocks += in_words(t, asked, node)
    elif node.inputs:
        blocks.append(section(lines(bold(t("What went in")), bullets(input_lines(t, asked, node)))))
    name = context(t("Formula “{name}”, version {version}", name=node.formula, version=node.version))
    blocks += [*parts(t, asked, node, deeper), name, *back(t, asked, deeper)]
    return page(t("Why this number?"), blocks, close=t("Close"))


def calculation(t: Words, node: Node) -> Text:
    """The formula in words, and the same in numbers."""
    made = arithmetic(node, lambda value: t.number(half_up(value, 4)))
    words = t(formula_of(node).words)
    return lines(bold(t("How it is calculated")), words, Text(f"`{escape(made)}`") if made else None)


def in_words(t: Words, asked: Asked, node: Node) -> list[Block]:
    """A rubric: the sentence of the level that was reached and who says so, then what each level is worth."""
    told = {one.level: _level(t, one) for one in asked.levels}
    reached, source = node.inputs["actual"].value, _source(t, asked, node.inputs["actual"].source)
    return [
        section(lines(bold(t("The level that was reached")), told.get(reached) or t.number(reached), source)),
        section(lines(bold(t("All levels")), bullets(told.values()))),
    ]


def _level(t: Words, one: Anchor) -> Text:
    return t("Level {level}, {share}: {words}", level=one.level, share=t.percent(one.worth), words=one.words)


def input_lines(t: Words, asked: Asked, node: Node) -> list[Text]:
    """Each input with its unit, source, time and reporter."""
    return [
        row(t("{name}: {amount}", name=_name(t, name), amount=_amount(t, each)), _source(t, asked, each.source))
        for name, each in node.inputs.items()
    ]


def _name(t: Words, name: str) -> Text:
    stem = name.rstrip("0123456789")
    return Text(f"{t(input_words(name))} {name[len(stem) :]}".strip())


def _amount(t: Words, each: Input) -> Text:
    number = t.number(half_up(each.value, 4))
    if (whole := WHOLES.get(each.unit)) is not None:
        return t(whole, number=number)
    return row(number, t(UNITS[each.unit]) if each.unit in UNITS else escape(each.unit), between=" ")


def _source(t: Words, asked: Asked, source: Source | None) -> Text | None:
    if source is None:
        return None
    name = t(source.name) if source.name in SOURCES else escape(source.name)
    said_by = asked.reporters.get(source.reporter)
    return row(
        name or None,
        t.moment(source.at) if source.at else None,
        t("from {name}", name=said_by) if said_by else None,
        between=", ",
    )


def parts(t: Words, asked: Asked, node: Node, deeper: Does) -> list[Block]:
    """The numbers that this one is made of, each with its own why."""
    if not node.children:
        return []
    rows = [
        section(
            t("{label}: {value}", label=child.label, value=value_of(t, child)),
            button(t("Why?"), does=deeper, carry=f"{asked.carry}/{below(asked.place, n)}"),
        )
        for n, child in enumerate(node.children[:MOST_PARTS])
    ]
    return [divider(), section(bold(t("Made of"))), *rows]


def back(t: Words, asked: Asked, deeper: Does) -> list[Block]:
    """The way up."""
    parent = above(asked.place)
    if parent is None:
        return [context(t("This is the result itself. Close this window to see the whole page."))]
    up = button(t("Back to what it goes into"), does=deeper, carry=f"{asked.carry}/{parent}")
    return [buttons(up), context(t("Close this window to get back to the whole result."))]


def value_of(t: Words, node: Node) -> Text:
    """A number as it is shown: attainments also as percent, the result with its two decimals."""
    if (rounded := by_the_rules(node)).formula == "rounded":
        return t.number(node.value, int(rounded.inputs["places"].value))
    shown = t.number(half_up(node.value, 4))
    return Text(f"{shown} ({percent(t, node.value)})") if node.formula in SHARES else shown


def percent(t: Words, share: Decimal) -> Text:
    """An attainment as percent, to one decimal where it needs one."""
    shown = half_up(share * 100, 1)
    return t.percent(share, 0 if shown == shown.to_integral_value() else 1)
