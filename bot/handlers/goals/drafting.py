"""Writing goals: a list with the sum of the weights, one window for each goal, and the check before they are offered.

Both sides write here: the person their draft, the manager a counter-offer, either of them a change.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bot.domain.follow_on import Start
from bot.domain.follow_on import goal_from as begun_with
from bot.domain.goal import Goal, Move, SheetState, Side, moved, placed
from bot.domain.goal_check import Finding, blocking
from bot.domain.goal_lines import read_levels, read_milestones, read_points
from bot.domain.goal_template import check_sheet, goal_from
from bot.domain.measure import Direction, check_measure
from bot.domain.refusal import N_, Refused
from bot.domain.template import Template
from bot.handlers.goals import follow_on, offering
from bot.handlers.goals.forms import numbers, words_of
from bot.handlers.goals.reach import first_points, named, numbers_of, under_its_input
from bot.handlers.goals.shown import HUNDRED, found_list, goal_line, sum_line
from bot.handlers.goals.talk import (
    Talk,
    draft_of,
    flow,
    known_about,
    left_behind,
    must_be_answered,
    must_be_open,
    talk_about,
    template_of,
    writing,
)
from bot.slack.blocks import Block, View, button, buttons, context, divider, menu, page, section
from bot.slack.flow import Replace, Reply, Turn, known
from bot.slack.text import Text, bold, bullets, escape, lines
from bot.slack.words import Words
from bot.store import goals
from bot.store.goals import Draft

OWN = {
    Direction.HIGHER: N_("My own: higher is better"),
    Direction.LOWER: N_("My own: lower is better"),
    Direction.RANGE: N_("My own: within a range"),
    Direction.MILESTONES: N_("My own: milestones"),
    Direction.RUBRIC: N_("My own: judged in words"),
}
SHOWN = 20
"""Goals in the list; the check asks for eight at most."""

# What people see --------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What stands beside the list: what the department has on offer, what was agreed before, what has to be mended."""

    template: Template
    starts: Sequence[Start] = ()
    stopped_by: Sequence[Finding] = ()


def editor(t: Words, talk: Talk, written: Sequence[Goal], beside: Beside) -> View:
    """All goals with their weights and their sum, what still has to be mended, and what a goal can begin with."""
    intro = t("Goals of {name} in {cycle}", name=talk.person, cycle=talk.cycle.name)
    mend = section(lines(bold(t("Please mend this first")), found_list(t, beside.stopped_by, written)))
    blocks = [
        section(lines(intro, bold(sum_line(t, written)))),
        *([mend] if beside.stopped_by else []),
        *(_editable(t, talk, goal) for goal in written[:SHOWN]),
        divider(),
        buttons(
            menu(t("Add a goal"), _to_add(t, talk, written, beside.template), does=add),
            button(send_label(t, talk), does=propose, carry=talk.ref, style="primary"),
        ),
        context(t("Everything is kept as you go. Nobody sees it before you send it.")),
        *follow_on.offered(t, talk, beside.starts, written),
    ]
    return page(t("Goals"), blocks, close=t("Later"))


def two_drafts(t: Words, talk: Talk, left: Draft, written: Sequence[Goal]) -> View:
    """Somebody was writing when the other side spoke: neither of the two is lost, and one of them is gone on with."""
    mine = [one for one in left.goals if one not in written][:SHOWN]
    said = t("These goals changed while you were writing. Your draft is kept; what would you like to go on with?")
    blocks = [
        section(said),
        section(lines(bold(t("Different in your draft")), bullets(_line(t, one) for one in mine))) if mine else None,
        buttons(
            button(t("Go on with my draft"), does=go_on, carry=talk.ref, style="primary"),
            button(t("Start from these goals"), does=start_anew, carry=talk.ref),
        ),
    ]
    return page(t("Goals"), [one for one in blocks if one], close=t("Later"))


def send_label(t: Words, talk: Talk) -> Text:
    """The button that offers what is written."""
    if talk.sheet.state in {SheetState.AGREED, SheetState.CHANGING}:
        return t("Ask {name} for this change", name=talk.other)
    if talk.side is Side.EMPLOYEE:
        return t("Propose to {name}", name=talk.other)
    return t("Suggest to {name}", name=talk.other)


def _editable(t: Words, talk: Talk, goal: Goal) -> Block:
    return section(_line(t, goal), button(t("Edit"), does=edit_goal, carry=f"{talk.ref}/{goal.id}"))


def _line(t: Words, goal: Goal) -> Text:
    return goal_line(t, goal) if goal.title else t("(no title)")


def _to_add(t: Words, talk: Talk, written: Sequence[Goal], template: Template) -> list[tuple[str, Text]]:
    there = {goal.kpi for goal in written}
    kpis = [(f"{talk.ref}/{kpi.id}", escape(kpi.title.read(t.language)))
            for kpi in (*template.kpis, *template.shelf) if kpi.id not in there]  # fmt: skip
    return [*kpis, *((f"{talk.ref}/own.{direction}", t(label)) for direction, label in OWN.items())]


# What happens -----------------------------------------------------------------------------


@flow.action
def edit(turn: Turn) -> Replace:
    """Somebody wants to write: a draft, a counter-offer or a change."""
    return opened(turn, _speaking(turn, *turn.carried(2)))


@flow.action
def go_on(turn: Turn) -> Replace:
    """With what was written before the other side spoke."""
    talk = _speaking(turn, *turn.carried(2))
    if left := left_behind(turn, talk):
        goals.keep_draft(turn.session, talk.sheet, talk.me.id, left.goals)
    return listed(turn, talk, writing(turn, talk))


@flow.action
def start_anew(turn: Turn) -> Replace:
    """From what lies on the table; what was written before is dropped."""
    talk = _speaking(turn, *turn.carried(2))
    goals.drop_draft(turn.session, talk.cycle.id, talk.person.id, talk.me.id)
    return listed(turn, talk, writing(turn, talk))


@flow.action
def keep_said(turn: Turn) -> Replace:
    """Back from the last look; what was said there is kept."""
    talk = _join(turn, *turn.carried(2))
    return listed(turn, talk, _keep_said(turn, talk))


@flow.action
def edit_goal(turn: Turn) -> Replace:
    """One goal of the list."""
    talk, goal = _one(turn)
    return Replace(numbers(turn.t, talk, goal))


@flow.action
def reword(turn: Turn) -> Replace:
    """The words of that goal; the numbers typed so far are kept."""
    talk, goal = _typed(turn)
    return Replace(words_of(turn.t, talk, goal))


@flow.action
def back(turn: Turn) -> Replace:
    """The list again; the numbers typed so far are kept."""
    talk, _ = _typed(turn)
    return listed(turn, talk, writing(turn, talk))


@flow.action
def pointing(turn: Turn) -> Replace:
    """Values on the way are to be worth something of their own."""
    talk, goal = _typed(turn)
    pointed = replace(goal, points=goal.points or first_points(goal), stretch=None)
    _keep(turn, talk, writing(turn, talk), pointed)
    return Replace(numbers(turn.t, talk, pointed))


@flow.action
def supporting(turn: Turn) -> Reply:
    """Which objective that goal supports is asked elsewhere; what was typed so far is kept."""
    talk, _ = _typed(turn)
    if "comment" in turn.inputs:
        _keep_said(turn, talk)
    return turn.flows.steps["cascade.support"](turn)


@flow.action
def add(turn: Turn) -> Replace:
    """A goal more: from the template, with its words, begun with what was agreed before, or of one's own."""
    cycle_id, person_id, what = turn.carried(3)
    talk = _join(turn, cycle_id, person_id)
    written = writing(turn, talk)
    rest = max(HUNDRED - placed(written), Decimal(0))
    if what.startswith("own."):
        return Replace(words_of(turn.t, talk, _blank(talk, known(Direction, what.removeprefix("own.")), rest)))
    kpi = template_of(turn, talk).kpi(what)
    begun = goal_from(kpi, talk.person.language, talk.cycle.ends_on) if kpi else _begun_before(turn, talk, what)
    if begun is None or what in {goal.id for goal in written}:
        raise Refused("This is in the list already, or not on offer any more.")
    goal = replace(begun, weight=rest)
    goals.keep_draft(turn.session, talk.sheet, talk.me.id, [*written, goal])
    return Replace(numbers(turn.t, talk, goal) if kpi else words_of(turn.t, talk, goal))


def _begun_before(turn: Turn, talk: Talk, what: str) -> Goal | None:
    starts = follow_on.starts_for(turn, talk.cycle, talk.person, talk.me)
    found = next((one for one in starts if one.id == what), None)
    return begun_with(found, turn.today, talk.cycle.ends_on) if found else None


@flow.action
def remove(turn: Turn) -> Replace:
    """A goal less."""
    talk, goal = _one(turn)
    left = tuple(each for each in writing(turn, talk) if each.id != goal.id)
    goals.keep_draft(turn.session, talk.sheet, talk.me.id, left)
    return listed(turn, talk, left)


@flow.view
def keep_words(turn: Turn) -> Replace:
    """The words are written; the numbers come next."""
    cycle_id, person_id, goal_id, direction = turn.carried(4)
    talk = _join(turn, cycle_id, person_id)
    written = writing(turn, talk)
    rest = max(HUNDRED - placed(written), Decimal(0))
    blank = replace(_blank(talk, known(Direction, direction), rest), id=goal_id)
    before = next((goal for goal in written if goal.id == goal_id), blank)
    said: dict[str, Any] = {
        name: turn.inputs.text(named(before, name)) for name in ("title", "measure", "unit", "source")
    }
    adds = turn.inputs.text(named(before, "adds"))
    goal = replace(before, **said, cumulative=adds == "yes" if adds else before.cumulative)
    _keep(turn, talk, written, goal)
    return Replace(numbers(turn.t, talk, goal))


@flow.view
def keep_numbers(turn: Turn) -> Replace:
    """The numbers are written; what cannot be scored honestly is said at once, what is missing only later."""
    talk, before = _one(turn)
    goal = _with_numbers(turn, talk.side, before)
    if goal.target is not None or goal.low is not None or goal.milestones or goal.levels:
        with under_its_input(goal):
            check_measure(goal.to_measure())
    written = writing(turn, talk)
    return listed(turn, talk, _keep(turn, talk, written, goal))


@flow.action
def propose(turn: Turn) -> Replace:
    """Ready to be offered? What blocks is said in the list, all of it; else a last look."""
    talk = _join(turn, *turn.carried(2))
    must_be_answered(talk)
    written = writing(turn, talk)
    if written == talk.sheet.goals and talk.sheet.state is not SheetState.DRAFT:
        raise Refused("Nothing is different yet. Change a goal first.")
    findings = check_sheet(written, template_of(turn, talk), known_about(turn, talk))
    stopped_by = [one for one in blocking(findings) if not one.overridable]
    if stopped_by:
        return listed(turn, talk, written, stopped_by)
    return Replace(offering.last_look(turn.t, talk, written, findings, draft_of(turn, talk)))


# Inside -----------------------------------------------------------------------------------


def _join(turn: Turn, cycle_id: str, person_id: str) -> Talk:
    """Join a talk to write on; refused while an earlier draft would be lost by it."""
    talk = _speaking(turn, cycle_id, person_id)
    if left_behind(turn, talk):
        raise Refused("These goals changed while you were writing. Please open them anew; your draft is kept.")
    return talk


def _speaking(turn: Turn, cycle_id: str, person_id: str) -> Talk:
    """Join a talk to say something; refused where it is not this side's turn."""
    talk = talk_about(turn, cycle_id, person_id)
    must_be_open(turn, talk.cycle)
    moved(talk.sheet, talk.side, Move.OFFER, talk.me.id, ())
    return talk


def _one(turn: Turn) -> tuple[Talk, Goal]:
    cycle_id, person_id, goal_id = turn.carried(3)
    talk = _join(turn, cycle_id, person_id)
    for goal in writing(turn, talk):
        if goal.id == goal_id:
            return talk, goal
    raise Refused("This goal is not in the list any more.")


def _typed(turn: Turn) -> tuple[Talk, Goal]:
    """The goal whose form is open, with what was typed there before another page was asked for."""
    talk, before = _one(turn)
    if named(before, "weight") not in turn.inputs:
        return talk, before
    goal = _with_numbers(turn, talk.side, before)
    _keep(turn, talk, writing(turn, talk), goal)
    return talk, goal


def _keep_said(turn: Turn, talk: Talk) -> tuple[Goal, ...]:
    """Keep what was said in the last look; the goals that it was about."""
    said, written = turn.inputs, writing(turn, talk)
    goals.keep_draft(turn.session, talk.sheet, talk.me.id, written, comment=said.text("comment"),
                     reason=said.text("reason"))  # fmt: skip
    return written


def _with_numbers(turn: Turn, side: Side, before: Goal) -> Goal:
    """Take over the numbers that the form of this goal asked for."""

    def number(name: str) -> Decimal | None:
        return turn.inputs.number(named(before, name))

    odds = number("odds") if side is Side.EMPLOYEE else before.odds
    given: dict[str, Any] = {name: turn.inputs.amount(named(before, name), before.unit) for name in numbers_of(before)}
    with under_its_input(before):
        milestones = read_milestones(turn.inputs.text(named(before, "milestones")))
        levels = read_levels(turn.inputs.text(named(before, "levels")))
        points = read_points(turn.inputs.text(named(before, "points")))
    return replace(
        before,
        weight=number("weight") or Decimal(0),
        due=turn.inputs.day(named(before, "due")),
        odds=None if odds is None else int(odds),
        milestones=milestones,
        levels=levels,
        points=points,
        **given,
    )


def _keep(turn: Turn, talk: Talk, written: Sequence[Goal], goal: Goal) -> tuple[Goal, ...]:
    there = goal.id in {each.id for each in written}
    kept = tuple(goal if each.id == goal.id else each for each in written) + (() if there else (goal,))
    goals.keep_draft(turn.session, talk.sheet, talk.me.id, kept)
    return kept


def opened(turn: Turn, talk: Talk) -> Replace:
    """Show the list, or what to go on with where the other side spoke meanwhile."""
    left, written = left_behind(turn, talk), writing(turn, talk)
    return Replace(two_drafts(turn.t, talk, left, written)) if left else listed(turn, talk, written)


def listed(turn: Turn, talk: Talk, written: Sequence[Goal], stopped_by: Sequence[Finding] = ()) -> Replace:
    """Show the list, in the place of whatever is open."""
    starts = follow_on.starts_for(turn, talk.cycle, talk.person, talk.me)
    return Replace(editor(turn.t, talk, written, Beside(template_of(turn, talk), starts, stopped_by)))


def _blank(talk: Talk, direction: Direction, weight: Decimal) -> Goal:
    return Goal(secrets.token_hex(4), "", "", "", direction, weight, talk.cycle.ends_on)
