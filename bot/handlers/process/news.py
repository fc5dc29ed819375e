"""What everybody reads: what changed since the last cycle, and why; in Home while goals are set, and at any time."""

from collections.abc import Sequence
from datetime import date

from bot.domain.cycle import Cycle, Stage
from bot.domain.process_change import difference
from bot.handlers.process.conversation import Begun, begun_with, flow
from bot.slack.blocks import Block, View, context, divider, header, page, section
from bot.slack.flow import Passage, Turn
from bot.slack.text import Text, bold, bullets, escape, lines
from bot.slack.words import Words
from bot.store import cycles

MOST_CYCLES = 4

# What people see --------------------------------------------------------------------------


def changed(t: Words, begun: Begun) -> list[Text]:
    """Each change of a cycle, with the reason."""
    return [lines(t.say(difference(one, begun.names)), t("Why: {reason}", reason=one.why)) for one in begun.changes]


def since_then(t: Words, found: Sequence[Begun]) -> View:
    """The cycles that began with something new."""
    shown = [section(lines(bold(escape(one.cycle.name)), bullets(changed(t, one)))) for one in found]
    nothing = section(t("Nothing was changed for your cycles so far."))
    how = t(
        "When a cycle ends, HR looks at how it went and may propose changes; whoever owns the process decides. "
        "What they adopt stands here. `/cairn suggest` reaches HR, also sealed."
    )
    return page(t("What changed"), [*(shown or [nothing]), context(how)], close=t("Close"))


# What happens -----------------------------------------------------------------------------


def of_mine(turn: Turn) -> View:
    """For somebody without a part in the process: what their own cycles began with."""
    mine = cycles.running_for(turn.session, turn.person.id)
    found = [begun for one in mine[:MOST_CYCLES] if (begun := begun_with(turn, one.id))]
    return since_then(turn.t, found)


@flow.home
def in_sight(turn: Turn) -> list[Block]:
    """While goals are set: what is new in this cycle."""
    mine = cycles.running_for(turn.session, turn.person.id)
    cycle = next((one for one in mine if is_beginning(one, turn.today)), None)
    begun = begun_with(turn, cycle.id) if cycle else None
    if begun is None:
        return []
    t = turn.t
    head = header(t("Changed since last time"))
    return [divider(), head, section(lines(bold(escape(begun.cycle.name)), bullets(changed(t, begun))))]


def is_beginning(cycle: Cycle, day: date) -> bool:
    """Whether a cycle is about to begin, or goals are set in it."""
    return cycle.stage_on(day) in {Stage.PREPARING, Stage.PLANNING}


@flow.published
def passages(turn: Turn) -> list[Passage]:
    """What the person's cycle began with."""
    newest = cycles.running_for(turn.session, turn.person.id)[:1]
    begun = begun_with(turn, newest[0].id) if newest else None
    if begun is None:
        return []
    source = turn.t("Changes of the process in {cycle}", cycle=begun.cycle.name)
    told = changed(turn.t, begun)
    return [Passage(source, turn.t("change {n}", n=n), words) for n, words in enumerate(told, start=1)]
