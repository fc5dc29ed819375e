"""How the results of a cycle stand, as HR sees it: counts and reasons, no score and no grade of anybody."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.refusal import Sentence
from bot.slack.blocks import Block, Confirm, context, fields, section
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words

MOST_REASONS = 30
"""Groups of people with the same reasons, for each kind of no result."""


@dataclass(frozen=True)
class Held:
    """Somebody without a result, and why."""

    person: Person
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True)
class Standing:
    """How the results of a cycle stand: only counts and reasons, no score and no grade of anybody.

    `held` are those whose grade waits for its reasons. Of those that wait for their release, `finished` have a result
    and `unfinished` have none yet. `open`: computing again may still change something. `lasting`: how long it takes to
    tell them, when that is worth saying.
    """

    cycle: Cycle
    rated: int
    near: int
    incomplete: tuple[Held, ...]
    not_rated: tuple[Held, ...]
    held: tuple[Held, ...]
    waiting: int
    released: int
    computed_at: datetime | None
    finished: int
    unfinished: int
    lasting: Text | None
    open: bool


def overview(t: Words, standing: Standing) -> list[Block]:
    """The counts, and what they mean."""
    notes = [
        standing.near
        and t("Close to a grade's boundary means within one point. Please look twice; no rule moves them."),
        standing.held
        and t("A grade that is low, or a band away from what was expected, is released when its reasons are there."),
        t("Nothing was changed by a formula, and there are no quotas."),
    ]
    return [fields(counts(t, standing)), context(lines(*(note for note in notes if note)))]


def counts(t: Words, standing: Standing) -> list[tuple[Text, Text]]:
    """How many results of each kind there are."""
    return [
        (t("Rated"), t.number(standing.rated)),
        (t("Incomplete"), t.number(len(standing.incomplete))),
        (t("Not rated"), t.number(len(standing.not_rated))),
        *([(t("Wait for reasons"), t.number(len(standing.held)))] if standing.held else []),
        (t("Close to a boundary"), t.number(standing.near)),
    ]


def held_up(t: Words, standing: Standing, most: int) -> list[Block]:
    """Who has no result, or one that waits: people with the same reasons together, `most` of their names."""
    groups = (
        (t("Wait for reasons"), standing.held),
        (t("Incomplete"), standing.incomplete),
        (t("Not rated"), standing.not_rated),
    )
    return [block for title, held in groups for block in _held_group(t, title, held, most)]


def _held_group(t: Words, title: Text, held: tuple[Held, ...], most: int) -> list[Block]:
    if not held:
        return []
    alike: dict[Text, list[str]] = {}
    for one in held:
        alike.setdefault(t.sentences(*map(t.say, one.reasons)), []).append(one.person.name)
    largest = sorted(alike.items(), key=lambda group: -len(group[1]))
    shown = [section(_alike(t, reasons, names, most)) for reasons, names in largest[:MOST_REASONS]]
    rest = sum(len(names) for _, names in largest[MOST_REASONS:])
    return [section(bold(title)), *shown, *([context(_more(t, rest))] if rest else [])]


def _alike(t: Words, reasons: Text, names: list[str], most: int) -> Text:
    said = t.plural("One person: {reasons}", "{n} people: {reasons}", len(names), reasons=reasons)
    rest = len(names) - most
    return lines(said, t.names(names[:most]), _more(t, rest) if rest > 0 else None)


def _more(t: Words, rest: int) -> Text:
    return t.plural("and one more", "and {n} more", rest)


def computed_at(t: Words, standing: Standing) -> list[Block]:
    """When the numbers were made."""
    return [context(t("Computed {at}", at=standing.computed_at))] if standing.computed_at else []


def sure(t: Words, standing: Standing) -> Confirm:
    """Releasing asks once more, and says for how many it is too early."""
    told = t.plural(
        "{n} person will be told, and results stay as they are. It happens once.",
        "{n} people will be told, and results stay as they are. It happens once.",
        standing.waiting,
    )
    asked = too_early(t, standing) if standing.unfinished else told
    return Confirm(
        t("Release the results?"), lines(asked, standing.lasting), yes=t("Release"), no=t("Do not release yet")
    )


def too_early(t: Words, standing: Standing) -> Text:
    """How many of those who would be told have nothing to open yet."""
    if not standing.finished:
        return t("Nobody has a result yet. Release anyway?")
    without = t.plural("one does not", "{n} do not", standing.unfinished)
    return t.plural(
        "Only one person has a result; {without}. Release anyway?",
        "Only {n} have a result; {without}. Release anyway?",
        standing.finished,
        without=without,
    )
