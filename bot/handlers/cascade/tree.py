"""The whole tree as text, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.cascade import Objective, Part, Support
from bot.domain.refusal import Refused
from bot.handlers.cascade.shown import goal_line, heading, part_line, summed
from bot.handlers.cascade.sight import Sight, flow, sight_of, to_look_at
from bot.slack.blocks import Block, Does, View, button, buttons, context, page, section
from bot.slack.flow import Replace, Turn
from bot.slack.text import Text, lines
from bot.slack.words import Words

ROWS = 40
"""Lines on a page: about 4,000 characters, far below what a window takes."""
TOGETHER = 10
"""Lines in a paragraph."""
INDENT = "\u2003"


@dataclass(frozen=True)
class Row:
    """A line of the tree: a part, or somebody's goal, or parts that are shown only as a sum."""

    depth: int
    under: Objective
    of: tuple[Objective, Part] | Support | list[tuple[Objective, Part]]


def rows(sight: Sight, root: Objective, depth: int = 0) -> Iterator[Row]:
    """The lines below an objective, each part followed by what is below it; one's own goals are in one's percentage."""
    shown, hidden = sight.parts(root.id)
    for one, part in shown:
        yield Row(depth, root, (one, part))
        yield from rows(sight, one, depth + 1)
    if hidden:
        yield Row(depth, root, hidden)
    yield from (Row(depth, root, goal) for goal in sight.goals(root.id) if goal.person_id != root.owner_id)


# What people see --------------------------------------------------------------------------


def picture(t: Words, sight: Sight, root: Objective, number: int, back: Does) -> View:
    """One page of the tree, and the way back to the objective."""
    every = list(rows(sight, root))
    pages = max(-(-len(every) // ROWS), 1)
    here = [_line(t, sight, one) for one in every[number * ROWS : (number + 1) * ROWS]]
    texts = [section(lines(*here[at : at + TOGETHER])) for at in range(0, len(here), TOGETHER)]
    nothing = [section(t("It was not given out yet."))] if not here else []
    return page(
        t("From top to bottom"),
        [
            section(heading(t, sight, root), button(t("Open"), does=back, carry=root.id)),
            *texts,
            *nothing,
            *_turning(t, root, number, pages),
        ],
        close=t("Close"),
    )


def _turning(t: Words, root: Objective, number: int, pages: int) -> list[Block]:
    if pages == 1:
        return []
    earlier = button(t("Page before"), does=leaf, carry=f"{root.id}/{number - 1}") if number else None
    later = button(t("Next page"), does=leaf, carry=f"{root.id}/{number + 1}") if number + 1 < pages else None
    return [buttons(earlier, later), context(t("Page {number} of {pages}", number=number + 1, pages=pages))]


def _line(t: Words, sight: Sight, one: Row) -> Text:
    match one.of:
        case Support() as goal:
            said = goal_line(t, sight, goal, one.under.unit)
        case list() as hidden:
            said = summed(t, hidden)
        case (child, part):
            said = part_line(t, sight, child, part)
    return Text(f"{INDENT * 2 * one.depth}•  {said}")


# What happens -----------------------------------------------------------------------------


@flow.action
def leaf(turn: Turn) -> Replace:
    """Somebody wants to see the tree below an objective, or another page of it."""
    objective_id, number = turn.carried(2)
    if not number.isdecimal() or len(number) > 6:
        raise Refused("There is no such page.")
    root = to_look_at(turn, objective_id)
    return Replace(picture(turn.t, sight_of(turn, [root]), root, int(number), turn.flows.steps["cascade.look"]))
