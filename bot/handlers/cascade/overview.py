"""All that somebody answers for: by command, in Home with a picture, and what waits; and new objectives."""

import secrets
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.cascade import Cut, Objective, check_objective, name_of
from bot.domain.cycle import Stage
from bot.domain.measure import Direction
from bot.domain.refusal import N_, Refused
from bot.domain.split import evenly, read_number, read_target
from bot.handlers.cascade import forms, giving
from bot.handlers.cascade.shown import coverage, drawn_line, heading, hint, months
from bot.handlers.cascade.sight import Sight, flow, is_hr, mine, sight_of
from bot.handlers.cascade.supporting import my_goals
from bot.handlers.cascade.telling import tell
from bot.handlers.cascade.tree import leaf
from bot.slack.blocks import Block, Does, View, button, buttons, context, divider, header, page, section
from bot.slack.charts import bars
from bot.slack.flow import Replace, Reply, Task, Turn
from bot.slack.text import bullets, escape, lines, row
from bot.slack.words import Words
from bot.store import cycles, objectives, people

MOST = 12
"""Objectives on the page of all that somebody answers for."""
AT_HOME = 3
DRAWN = 12
"""Parts in the picture."""
NATURES = {
    "result": (Direction.HIGHER, True),
    "activity": (Direction.HIGHER, True),
    "limit": (Direction.LOWER, True),
    "rate_up": (Direction.HIGHER, False),
    "rate_down": (Direction.LOWER, False),
}
"""Which way is better, and whether parts add up."""

# What people see --------------------------------------------------------------------------


def all_of_mine(t: Words, sight: Sight | None, own: Sequence[Objective], *, hr: bool, leads: bool, goals: Does) -> View:
    """Each objective with its coverage in words, a hint about the set, and what can be set."""
    nothing = [section(t("You answer for no objective yet."))] if not own else []
    each = [block for one in own[:MOST] if sight for block in _one(t, sight, one)]
    found = hint(t, own) if leads else None
    more = t.plural("and one more", "and {n} more", len(own) - MOST) if len(own) > MOST else None
    acts = buttons(
        button(t("Set a company objective"), does=set_for_company) if hr else None,
        button(t("Set a team objective"), does=set_for_team) if leads else None,
        button(t("My own goals"), does=goals),
        button(t("What my goals support"), does=my_goals),
    )
    rest = [context(one) for one in (more, found) if one]
    return page(t("Objectives"), [*nothing, *each, *rest, acts], close=t("Close"))


def _one(t: Words, sight: Sight, one: Objective) -> list[Block]:
    """Who answers for a part alone reads here what each month asks for: visits and orders beside sales."""
    said = coverage(t, sight, one)
    about = section(lines(heading(t, sight, one), said), button(t("Open"), does=giving.look, carry=one.id))
    return [about, context(months(t, one))] if one.cut is Cut.PERSON and one.months else [about]


def drawn(t: Words, sight: Sight, one: Objective) -> list[Block]:
    """The parts of an objective as bars: what was given to each, and what stands in goals; the same in text."""
    parts = [child for child, _ in sight.parts(one.id)[0]][:DRAWN]
    if len(parts) < 2 or not one.months:
        return []
    names = [escape(sight.name(child)) for child in parts]
    wanted = [child.between(sight.days.first, sight.days.last) for child in parts]
    series = {t("Target"): wanted, t("In goals"): [sight.drawn(child) for child in parts]}
    text = section(bullets(drawn_line(t, sight, child) for child in parts))
    title = row(escape(one.part or one.title), escape(sight.days.name))
    return [bars(title, names, series, unit=escape(one.unit)), text]


# What happens -----------------------------------------------------------------------------


@flow.command("goals", N_("Your goals"))
@flow.action
def goals(turn: Turn) -> Reply:
    """Goals: the coverage of the team for whoever gives out objectives, their own goals for everybody else."""
    if turn.carry or not _shared(turn):
        return turn.flows.steps["goals.look"](turn)
    return overview(turn)


@flow.command("objectives", N_("Objectives: what is wanted, and how far it is covered"))
@flow.action
def overview(turn: Turn) -> Replace:
    """All that somebody answers for."""
    own = mine(turn)
    sight = sight_of(turn, own) if own else None
    leads = bool(people.reports_of(turn.session, turn.person.id, turn.today))
    return Replace(all_of_mine(turn.t, sight, own, hr=is_hr(turn), leads=leads, goals=turn.flows.steps["goals.look"]))


@flow.action
def set_for_company(turn: Turn) -> Replace:
    """HR wants to set what the company wants."""
    turn.must(Act.SET_OBJECTIVE, turn.person.id)
    return Replace(forms.objective_form(turn.t, turn.today, turn.person, does=keep_objective))


@flow.action
def set_for_team(turn: Turn) -> Replace:
    """A manager wants to set something for their own team."""
    return Replace(forms.objective_form(turn.t, turn.today, None, does=keep_objective))


@flow.view
def keep_objective(turn: Turn) -> Replace:
    """A new objective, at the top of its own tree."""
    company = turn.carry == "company"
    if company:
        turn.must(Act.SET_OBJECTIVE, turn.person.id)
    elif not people.reports_of(turn.session, turn.person.id, turn.today):
        raise Refused("Nobody reports to you, so there is no team to set an objective for.")
    owner = people.get(turn.session, turn.inputs.text("owner")) if company else turn.person
    if owner is None or not owner.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="owner")
    one = _read(turn, owner.id, Cut.COMPANY if company else Cut.TEAM)
    check_objective(one)
    objectives.create(turn.session, one)
    turn.note(Act.SET_OBJECTIVE, owner.id, f"objective/{one.id}")
    tell(turn, owner, one)
    return giving.again(turn, one)


@flow.home
def at_home(turn: Turn) -> list[Block]:
    """What I give out: how far it is covered, and the first that has parts as a picture."""
    own = _shared(turn)[:AT_HOME]
    if not own:
        return []
    sight, t = sight_of(turn, own), turn.t
    each = [block for one in own for block in _one(t, sight, one)]
    picture = next(filter(None, (drawn(t, sight, one) for one in own)), [])
    tree = button(t("See the tree"), does=leaf, carry=f"{own[0].id}/0")
    more = button(t("All objectives"), does=overview)
    return [divider(), header(t("Objectives")), *each, *picture, buttons(tree, more)]


@flow.waiting
def waiting(turn: Turn) -> list[Task]:
    """Objectives that a manager has not given out, and one's own that no goal supports while goals are set."""
    left = objectives.without_parts(turn.session, turn.person.id, turn.today)[:AT_HOME]
    if not left:
        return []
    t = turn.t
    if people.reports_of(turn.session, turn.person.id, turn.today):
        return [Task(t("“{title}” is not given out in your team yet.", title=name_of(one)), t("Open"),
                     giving.look, one.id) for one in left]  # fmt: skip
    cycle = cycles.current_for(turn.session, turn.person.id, turn.today)
    if cycle is None or cycle.stage_on(turn.today) is not Stage.PLANNING:
        return []
    kept = {one.objective_id for one in objectives.supported_by(turn.session, cycle.id, turn.person.id)}
    return [Task(t("No goal of yours supports “{title}” yet.", title=name_of(one)), t("Choose"), my_goals,
                 due=cycle.opens[Stage.EXECUTING]) for one in left if one.id not in kept]  # fmt: skip


# Inside -----------------------------------------------------------------------------------


def _shared(turn: Turn) -> list[Objective]:
    """What somebody answers for together with others: all but a part by person that they have not given on."""
    own = mine(turn)
    if all(one.cut is not Cut.PERSON for one in own):
        return own
    kept = {one.id for one in objectives.without_parts(turn.session, turn.person.id, turn.today)}
    return [one for one in own if one.cut is not Cut.PERSON or one.id not in kept]


def _last_year(turn: Turn) -> Decimal | None:
    written = turn.inputs.text("baseline")
    return read_number(written, "baseline", turn.inputs.text("unit")) if written else None


def _read(turn: Turn, owner_id: str, cut: Cut) -> Objective:
    """What the form says; growth such as +20 % is counted from last year's value."""
    year = turn.inputs.text("year")
    if year not in {str(turn.today.year), str(turn.today.year + 1)}:
        raise Refused("Please choose this year or the next.", field="year")
    kind = turn.inputs.text("kind")
    if kind not in NATURES:
        raise Refused("Please choose one of these.", field="kind")
    (direction, adds_up), baseline = NATURES[kind], _last_year(turn)
    target = read_target(turn.inputs.text("target"), baseline, turn.inputs.text("unit"), "target")
    return Objective(
        secrets.token_hex(4),
        turn.inputs.text("title"),
        "",
        cut,
        owner_id,
        turn.inputs.text("unit"),
        direction,
        target,
        date(int(year), 1, 1),
        date(int(year), 12, 31),
        evenly(target, 12) if adds_up else (),
        baseline,
        leading=kind == "activity",
    )
