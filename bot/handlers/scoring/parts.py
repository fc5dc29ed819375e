"""How the results of a cycle stand, as HR sees it: counts and reasons, no score and no grade of anybody."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cycle import Cycle
from bot.domain.org import Person
from bot.domain.refusal import Sentence
from bot.slack.blocks import Block, Confirm, context, fields, section
from bot.slack.text import Text, bold, bullets, lines
from bot.slack.words import Words

A_SECTION = 8


@dataclass(frozen=True)
class Held:
    """Somebody without a result, and why."""

    person: Person
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True)
class Standing:
    """How the results of a cycle stand: only counts and reasons, no score and no grade of anybody."""

    cycle: Cycle
    rated: int
    near: int
    incomplete: tuple[Held, ...]
    not_rated: tuple[Held, ...]
    waiting: int
    released: int
    computed_at: datetime | None


def overview(t: Words, standing: Standing) -> list[Block]:
    """The counts, and what they mean."""
    notes = [
        standing.near
        and t("Close to a grade's boundary means within one point. Please look twice; no rule moves them."),
        t("Nothing was changed by a formula, and there are no quotas."),
    ]
    return [fields(counts(t, standing)), context(lines(*(note for note in notes if note)))]


def counts(t: Words, standing: Standing) -> list[tuple[Text, Text]]:
    """How many results of each kind there are."""
    return [
        (t("Rated"), t.number(standing.rated)),
        (t("Incomplete"), t.number(len(standing.incomplete))),
        (t("Not rated"), t.number(len(standing.not_rated))),
        (t("Close to a boundary"), t.number(standing.near)),
    ]


def held_up(t: Words, standing: Standing, most: int) -> list[Block]:
    """Who has no result, with the reasons."""
    groups = ((t("Incomplete"), standing.incomplete), (t("Not rated"), standing.not_rated))
    return [block for title, held in groups for block in _held_group(t, title, held, most)]


def _held_group(t: Words, title: Text, held: tuple[Held, ...], most: int) -> list[Block]:
    if not held:
        return []
    rows = [
        t("{name}: {reasons}", name=one.person, reasons=Text(" ".join(t.say(why) for why in one.reasons)))
        for one in held[:most]
    ]
    parts = [section(bullets(rows[n : n + A_SECTION])) for n in range(0, len(rows), A_SECTION)]
    rest = len(held) - len(rows)
    more = [context(t.plural("and one more", "and {n} more", rest))] if rest else []
    return [section(bold(title)), *parts, *more]


def computed_at(t: Words, standing: Standing) -> list[Block]:
    """When the numbers were made."""
    return [context(t("Computed {at}", at=standing.computed_at))] if standing.computed_at else []


def sure(t: Words, standing: Standing) -> Confirm:
    """Releasing asks once more, and says how many it concerns."""
    told = t.plural(
        "{n} person will be told, and results stay as they are. It happens once.",
        "{n} people will be told, and results stay as they are. It happens once.",
        standing.waiting,
    )
    return Confirm(t("Release the results?"), told, yes=t("Release"), no=t("Do not release yet"))
