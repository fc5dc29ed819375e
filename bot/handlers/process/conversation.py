"""The flow itself, and what its parts share: the names of templates, and what a cycle began with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.cycle import Cycle
from bot.domain.process_change import Change, names_in
from bot.domain.template import Template
from bot.slack.flow import Flow, Turn
from bot.sources.templates import shipped
from bot.store import cycles, process_changes, templates

flow = Flow("process")


@dataclass(frozen=True)
class Begun:
    """What a cycle began with that was otherwise before; `names` has the templates' names."""

    cycle: Cycle
    changes: Sequence[Change]
    names: Mapping[str, str]


def in_use(turn: Turn) -> dict[str, Template]:
    """The template of each department, as HR would launch with it now."""
    return templates.in_use(turn.session, shipped())


def names_of(found: Mapping[str, Template], language: str) -> dict[str, str]:
    """The templates' names and those of their measures in a language."""
    return names_in(found.values(), language)


def begun_with(turn: Turn, cycle_id: str) -> Begun | None:
    """What a cycle began with, if anything was changed for it."""
    found = process_changes.adopted_in(turn.session, cycle_id)
    if not found:
        return None
    return Begun(cycles.get(turn.session, cycle_id), found, names_of(in_use(turn), turn.t.language))
