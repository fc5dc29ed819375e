"""Looking at a sheet: as it stands, with what can be done about it now, and every move that led there."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.domain.follow_on import Start
from bot.domain.goal import Goal, Sheet, SheetState, Side, awaits, differences
from bot.domain.org import CAIRN, Person
from bot.domain.refusal import N_, Refused
from bot.handlers.goals import drafting, follow_on, offering, protesting
from bot.handlers.goals.shown import changes, goal_card, goal_in_full, kept_with_reasons
from bot.handlers.goals.talk import Talk, flow, must_be_open, talk_about
from bot.slack.blocks import Block, View, button, buttons, context, divider, form, page, section
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, lines, quote
from bot.slack.words import Words
from bot.store import cycles, goals, people
from bot.store.goals import Spoken

MOST_MOVES = 20
NO_REASONS: Mapping[str, str] = {}

# What people see --------------------------------------------------------------------------


def whole(t: Words, talk: Talk, reasons: Mapping[str, str] = NO_REASONS, starts: Sequence[Start] = ()) -> View:
    """The sheet as it stands, with what can be done about it now; `starts` are for the manager, from before."""
    state = talk.sheet.state
    top = [section(offering.headline(t, talk)), *offering.said(talk.sheet)]
    if state is SheetState.DRAFT:
        start = button(t("Write a first suggestion"), does=drafting.edit, carry=talk.ref)
        return page(t("Goals"), [*top, buttons(start)], close=t("Close"))
    top += offering.under_protest(t, talk.sheet)
    left = follow_on.in_none(t, starts, talk.sheet.goals)
    if state is SheetState.AGREED:
        shown = [*top, *offering.cards(t, talk), *left, offering.change_button(t, talk)]
        return page(t("Goals"), shown, close=t("Close"))
    values = [
        *offering.values(t, talk.sheet),
        *kept_with_reasons(t, reasons),
        *(_all_of_it(t, talk.sheet) if offering.compared(talk.sheet) else []),
        *left,
    ]
    if not awaits(talk.sheet, talk.side):
        return form(t("Goals"), [*top, *values], does=offering.withdraw, submit=t("Take it back"), close=t("Close"),
                    carry=talk.asked)  # fmt: skip
    protest = button(t("Agree under protest"), does=protesting.protest, carry=talk.asked)
    change = buttons(
        button(t("Suggest a change"), does=drafting.edit, carry=talk.ref),
        protest if talk.side is Side.EMPLOYEE else None,
        button(t("History"), does=history, carry=talk.ref),
    )
    return form(t("Goals"), [*top, *values, change], does=offering.agree_here, submit=t("Agree"), close=t("Later"),
                carry=talk.asked)  # fmt: skip


def _all_of_it(t: Words, sheet: Sheet) -> list[Block]:
    """Below what is different: every goal as it would be."""
    return [divider(), *(section(goal_in_full(t, goal)) for goal in sheet.goals)]


def judging(t: Words, goal: Goal) -> View:
    """An agreed goal in full: how it is judged, where the number comes from, and what 80, 100 and 120 % look like."""
    return page(t("How it is judged"), [section(goal_card(t, goal))], close=t("Close"))


def moves(t: Words, sheet: Sheet, told: Sequence[Spoken], named: Mapping[str, Person]) -> View:
    """Who said what, and when, the newest first; above it what was agreed is named as in the record."""
    record = t("Version {version}, rules {hash}", version=sheet.version, hash=sheet.rules_hash[:8])
    top = [context(record)] if sheet.version else []
    first = [*_move(t, told[0], sheet.person_id, named), *changes(t, differences((), told[0].goals))]
    later = [
        [*_move(t, now, sheet.person_id, named), *changes(t, differences(before.goals, now.goals))]
        for before, now in pairwise(told)
    ]
    shown = [first, *later][-MOST_MOVES:]
    return page(t("History"), [*top, *(block for each in reversed(shown) for block in each)][:90], close=t("Close"))


MOVED = {
    SheetState.DRAFT: N_("{name} took the goals back"),
    SheetState.PROPOSED: N_("{name} proposed"),
    SheetState.COUNTERED: N_("{name} suggested"),
    SheetState.CHANGING: N_("{name} asked for a change"),
    SheetState.AGREED: N_("{name} agreed, or kept what was agreed: version {version}"),
}


def _move(t: Words, move: Spoken, person_id: str, named: Mapping[str, Person]) -> list[Block]:
    name = named[move.by].name if move.by in named else move.by
    what = t(MOVED[move.state], name=name, version=move.version)
    if move.state is SheetState.PROPOSED and move.by != person_id:
        what = t("{name} took the suggestion back", name=name)
    if move.by == CAIRN.id:
        what = t("A new role begins; what was agreed before is kept for the days until then")
    said = section(lines(t("{moment}: {move}", moment=t.moment(move.at), move=what), _comment(t, move)))
    return [said, *kept_with_reasons(t, move.reasons)]


def _comment(t: Words, move: Spoken) -> Text | None:
    if why := move.reasons.get(offering.PROTEST):
        return lines(t("Agreed under protest"), quote(why))
    return quote(move.comment) if move.comment else None


# What happens -----------------------------------------------------------------------------


@flow.action
def look(turn: Turn) -> Replace:
    """Somebody wants to see a sheet: their own, or the one that the button names."""
    ref = turn.carry if turn.carry.count("/") == 1 else _own_ref(turn)
    talk = talk_about(turn, *ref.split("/"))
    if talk.sheet.state is SheetState.DRAFT and talk.side is Side.EMPLOYEE:
        must_be_open(turn, talk.cycle)
        return drafting.opened(turn, talk)
    leads = talk.side is Side.MANAGER and talk.sheet.state is not SheetState.DRAFT
    starts = follow_on.starts_for(turn, talk.cycle, talk.person, talk.manager) if leads else ()
    return Replace(whole(turn.t, talk, goals.reasons(turn.session, talk.sheet), starts))


@flow.action
def history(turn: Turn) -> Open:
    """One of the two wants to know how it came to this."""
    talk = talk_about(turn, *turn.carried(2))
    told = goals.history(turn.session, talk.cycle.id, talk.person.id)
    if not told:
        raise Refused("Nothing was proposed so far.")
    return Open(moves(turn.t, talk.sheet, told, people.named(turn.session, [one.by for one in told])))


@flow.action
def judged(turn: Turn) -> Open:
    """One of the two wants to know how an agreed goal is judged."""
    cycle_id, person_id, goal_id = turn.carried(3)
    for goal in talk_about(turn, cycle_id, person_id).sheet.agreed:
        if goal.id == goal_id:
            return Open(judging(turn.t, goal))
    raise Refused("This goal is not in the list any more.")


# Inside -----------------------------------------------------------------------------------


def _own_ref(turn: Turn) -> str:
    cycle = cycles.begun_for(turn.session, turn.person.id, turn.today)
    return f"{cycle.id}/{turn.person.id}"
