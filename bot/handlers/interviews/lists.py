"""The lists of talks about results: one's own and one's team's, and for HR how they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.cycle import Cycle
from bot.domain.interview import Interview, is_late
from bot.domain.org import Person
from bot.domain.policy import RESULT_SHOWN_NAMES, ResultShown
from bot.handlers.interviews import company, opening
from bot.slack.blocks import Block, View, button, choice, context, divider, form, page, section
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words

MOST_ROWS = 40


@dataclass(frozen=True)
class Told:
    """How the talks of a cycle stand, without who prepared or said what. `alone` are people whom nobody leads."""

    cycle: Cycle | None
    all: int
    held: int
    late: int
    half_within: int | None
    alone: tuple[Person, ...]
    shown: ResultShown


@dataclass(frozen=True)
class Row:
    """One talk in a list."""

    talk: Interview
    name: str
    cycle: Cycle


def overview(t: Words, rows: Sequence[Row], today: date, told: Told | None) -> View:
    """One's own talk, those with one's team, and under them the company's for HR."""
    shown = [
        section(
            lines(bold(t("{name}, {cycle}", name=one.name, cycle=one.cycle.name)), _stands(t, one.talk, today)),
            button(t("Open"), does=opening.look, carry=f"{one.cycle.id}/{one.talk.person_id}"),
        )
        for one in rows[:MOST_ROWS]
    ]
    nothing = [section(t("There is no talk about a result yet. It comes with the release."))]
    company_wide = _told(t, told) if told else []
    return page(t("Talks about results"), [*(shown or ([] if told else nothing)), *company_wide], close=t("Close"))


def _stands(t: Words, talk: Interview, today: date) -> Text:
    if talk.posted_at:
        return t("minutes read") if talk.seen_at else t("minutes sent")
    if talk.held_on:
        return t("talked on {day}; the minutes are still to come", day=t.weekday(talk.held_on))
    return row(t("By {day}", day=t.weekday(talk.on(t.tz))), t("it is late") if is_late(talk, today) else None)


def _told(t: Words, told: Told) -> list[Block]:
    change = button(t("Change"), does=company.choose_shown)
    opens = section(t("*People see their result:* {when}", when=t(RESULT_SHOWN_NAMES[told.shown])), change)
    if told.cycle is None:
        return [divider(), section(t("There is no talk about a result yet. It comes with the release.")), opens]
    half = t.plural(
        "Half of them within one working day", "Half of them within {n} working days", told.half_within
    ) if told.half_within else None  # fmt: skip
    held = t("{held} of {all} held, {late} late", held=told.held, all=told.all, late=told.late)
    names = bullets(escape(one.name) for one in told.alone[:MOST_ROWS])
    nobody = bold(t("Nobody leads them, so nobody can talk with them"))
    alone = [section(lines(nobody, names))] if told.alone else []
    counted = section(lines(bold(t("Talks of {cycle}", cycle=told.cycle.name)), held, half))
    seen = context(t("HR sees how many were held, not what was prepared or minuted."))
    return [divider(), counted, *alone, opens, seen]


def shown_form(t: Words, shown: ResultShown) -> View:
    """When people see their result."""
    options = [(one.value, t(name)) for one, name in RESULT_SHOWN_NAMES.items()]
    told = context(t("Who has opened theirs keeps seeing it."))
    asked = [choice("result_shown", t("When do people see their result?"), options, chosen=shown.value), told]
    return form(t("Results"), asked, does=company.keep_shown, submit=t("Save"), close=t("Not now"))
