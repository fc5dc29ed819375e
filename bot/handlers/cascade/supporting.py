"""Which objectives a person's goals support, and with how much of each goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.cascade import Objective, Support, check_alike, check_share, is_alike
from bot.domain.cycle import Cycle
from bot.domain.goal import Goal, SheetState
from bot.domain.goal_template import prefill, units_of
from bot.domain.refusal import Refused
from bot.domain.template import Template
from bot.handlers.cascade.forms import share_form, to_choose
from bot.handlers.cascade.shown import share_line, sized
from bot.handlers.cascade.sight import flow
from bot.slack.blocks import Block, Does, View, button, buttons, divider, page, section
from bot.slack.flow import Replace, Turn
from bot.slack.text import Text, bold, bullets, escape, lines, row
from bot.slack.words import Words
from bot.store import cycles, goals, objectives, people, templates

# What people see --------------------------------------------------------------------------


@dataclass(frozen=True)
class Mine:
    """A goal of one's own in a cycle, and the objectives it supports."""

    goal: Goal
    cycle: Cycle
    person_id: str
    supports: tuple[tuple[Objective, Support], ...]

    @property
    def ref(self) -> str:
        """What a button carries to come back to this goal."""
        return f"{self.cycle.id}/{self.person_id}/{self.goal.id}"


def supported(t: Words, found: Sequence[Mine], goals: Does) -> View:
    """Each goal with what it supports, and the way to the goals themselves."""
    each = [block for one in found for block in _goal(t, one)]
    return page(t("What my goals support"), [*each, buttons(button(t("My own goals"), does=goals))], close=t("Close"))


def _goal(t: Words, one: Mine) -> list[Block]:
    said = bullets(row(share_line(t, whole, each.share), _asked(t, one, whole)) for whole, each in one.supports)
    nothing = t("It supports no objective yet.")
    choose = button(t("Choose an objective"), does=support, carry=one.ref)
    return [section(lines(bold(escape(one.goal.title)), said or nothing), choose), divider()]


def _asked(t: Words, one: Mine, whole: Objective) -> Text | None:
    """How much one's own part asks for in the days of the cycle; what others carry is theirs."""
    if whole.owner_id != one.person_id:
        return None
    amount = sized(t, whole.between(one.cycle.starts_on, one.cycle.ends_on), whole.unit)
    return t("{cycle} asks for {amount}", cycle=one.cycle.name, amount=amount)


# What happens -----------------------------------------------------------------------------


@flow.action
def my_goals(turn: Turn) -> Replace:
    """Somebody wants to see what their goals support."""
    return _shown(turn, cycles.begun_for(turn.session, turn.person.id, turn.today))


@flow.action
def support(turn: Turn) -> Replace:
    """Somebody wants to say which objective a goal of theirs supports."""
    cycle, goal = _goal_of(turn, *turn.carried(3))
    fitting = _fitting(turn, cycle, goal, _reachable(turn))
    if not fitting:
        raise Refused("No objective of yours or of those above you is counted like “{title}”.", title=goal.title)
    kept = [one for one in objectives.supported_by(turn.session, cycle.id, turn.person.id) if one.goal_id == goal.id]
    known = {one.id: one for one in fitting}
    said = [share_line(turn.t, known[one.objective_id], one.share) for one in kept if one.objective_id in known]
    which = to_choose(turn.t, fitting, people.named(turn.session, [one.owner_id for one in fitting]))
    about = lines(bold(escape(goal.title)), *said)
    return Replace(share_form(turn.t, about, which, does=keep_support, carry=turn.carry))


@flow.view
def keep_support(turn: Turn) -> Replace:
    """It does: this much of the goal counts there."""
    cycle, goal = _goal_of(turn, *turn.carried(3))
    whole = objectives.get(turn.session, turn.inputs.text("objective"))
    share = turn.inputs.number("share") or Decimal(0)
    kept = objectives.supported_by(turn.session, cycle.id, turn.person.id)
    others = [one.share for one in kept if one.goal_id == goal.id and one.objective_id != whole.id]
    if share:
        if whole.id not in {one.id for one in _reachable(turn)}:
            raise Refused("This objective is not yours, nor of those above you.", field="objective")
        check_alike(_units(turn, cycle, goal), goal.direction, whole)
        check_share(share, others)
    objectives.support(turn.session, Support(whole.id, cycle.id, turn.person.id, goal.id, share))
    turn.note(Act.DRAFT_GOALS, turn.person.id, f"objective/{whole.id}/{goal.id}")
    return _shown(turn, cycle)


# Inside -----------------------------------------------------------------------------------


def _shown(turn: Turn, cycle: Cycle) -> Replace:
    """The goals that support something, or could."""
    kept = objectives.supported_by(turn.session, cycle.id, turn.person.id)
    known = {one.id: one for one in objectives.some(turn.session, [one.objective_id for one in kept])}
    reachable = _reachable(turn)
    found = []
    for goal in _goals(turn, cycle):
        theirs = tuple((known[one.objective_id], one) for one in kept if one.goal_id == goal.id)
        if theirs or _fitting(turn, cycle, goal, reachable):
            found.append(Mine(goal, cycle, turn.person.id, theirs))
    if not found:
        raise Refused("No objective of yours or of those above you is counted like one of your goals.")
    return Replace(supported(turn.t, found, turn.flows.steps["goals.look"]))


def _goals(turn: Turn, cycle: Cycle) -> tuple[Goal, ...]:
    """One's own goals: what one is writing, else what lies on the table."""
    sheet = goals.opened(turn.session, cycle.id, turn.person.id)
    draft = goals.draft(turn.session, cycle.id, turn.person.id, turn.person.id)
    writing = draft.goals if draft and draft.revision == sheet.revision else ()
    if sheet.state is SheetState.AGREED:
        return sheet.goals
    return writing or sheet.goals or prefill(_template(turn, cycle), turn.person.language, cycle.ends_on)


def _goal_of(turn: Turn, cycle_id: str, person_id: str, goal_id: str) -> tuple[Cycle, Goal]:
    turn.must(Act.DRAFT_GOALS, person_id)
    cycle = cycles.get(turn.session, cycle_id)
    for goal in _goals(turn, cycle):
        if goal.id == goal_id:
            return cycle, goal
    raise Refused("This goal is not in the list any more.")


def _reachable(turn: Turn) -> list[Objective]:
    """The objectives of a person and of those above them. Who has a part of one supports that part, not the whole."""
    return objectives.in_line(turn.session, people.line_of(turn.session, turn.person.id, turn.today), turn.today)


def _fitting(turn: Turn, cycle: Cycle, goal: Goal, reachable: Sequence[Objective]) -> list[Objective]:
    units = _units(turn, cycle, goal)
    return [one for one in reachable if is_alike(units, goal.direction, one)]


def _units(turn: Turn, cycle: Cycle, goal: Goal) -> set[str]:
    return units_of(goal, _template(turn, cycle).kpi(goal.kpi))


def _template(turn: Turn, cycle: Cycle) -> Template:
    taker = cycles.participant(turn.session, cycle.id, turn.person.id)
    return templates.template_of(turn.session, taker.template)
