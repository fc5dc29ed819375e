"""The warm-up: everybody rates the same two people who do not exist; how far the ratings lie apart is shown."""

from bot.domain.access import Act
from bot.domain.refusal import Refused
from bot.domain.vignettes import ENOUGH, LEVELS, VIGNETTES, spread
from bot.handlers.calibration.conversation import flow
from bot.slack.blocks import View, choice, context, form, page, section
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words
from bot.store import calibrations, cycles

LEVEL_NUMBERS = {str(level): level for level, _ in LEVELS}

# What people see --------------------------------------------------------------------------


def sheet(t: Words, cycle_id: str) -> View:
    """Two short stories, each with five levels."""
    blocks = [section(t("Five minutes before the first person. Rate on your own; nobody sees whose rating is whose."))]
    for one in VIGNETTES:
        options = [(str(level), t(words)) for level, words in LEVELS]
        blocks += [section(lines(bold(t(one.name)), t(one.words))), choice(one.id, t("How much was it?"), options)]
    return form(t("Warm-up"), blocks, does=rate, submit=t("Rate"), close=t("Not now"), carry=cycle_id)


def spread_page(t: Words, levels: dict[str, list[int]]) -> View:
    """How far the ratings lie apart, and what to talk about."""
    told = [section(lines(bold(t(one.name)), _apart(t, levels.get(one.id, [])))) for one in VIGNETTES]
    ask = t("Where they lie apart: what did each of you count, and what not? Agree on it before the first person.")
    return page(t("Warm-up"), [*told, context(ask)], close=t("Close"))


def _apart(t: Words, levels: list[int]) -> Text:
    found = spread(levels)
    if found is None:
        return t("The spread is shown from {least} ratings on.", least=ENOUGH)
    return t(
        "{count} ratings, from {lowest} to {highest}; the middle one is {middle}.",
        count=found.count,
        lowest=found.lowest,
        highest=found.highest,
        middle=found.middle,
    )


# What happens -----------------------------------------------------------------------------


@flow.action
def warm_up(turn: Turn) -> Open:
    """Rate the two, or see how far the ratings lie apart once one has rated."""
    cycle_id = _cycle(turn)
    if calibrations.has_rated(turn.session, cycle_id, turn.person.id):
        return Open(spread_page(turn.t, calibrations.levels(turn.session, cycle_id)))
    return Open(sheet(turn.t, cycle_id))


@flow.view
def rate(turn: Turn) -> Replace:
    """Keep the ratings; the first ones stand."""
    cycle_id = _cycle(turn)
    chosen = {one.id: LEVEL_NUMBERS.get(turn.inputs.text(one.id)) for one in VIGNETTES}
    for vignette, level in chosen.items():
        if level is None:
            raise Refused("Please choose the words that fit best.", field=vignette)
        calibrations.rate(turn.session, cycle_id, turn.person.id, vignette, level)
    return Replace(spread_page(turn.t, calibrations.levels(turn.session, cycle_id)))


def _cycle(turn: Turn) -> str:
    turn.must(Act.SEE_BOARD, turn.person.id)
    (cycle_id,) = turn.carried(1)
    return cycles.get(turn.session, cycle_id).id
