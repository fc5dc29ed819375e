"""An objective and its parts: looked at, given out, shared out in a team, spread over months, changed, taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.cascade import Cut, Objective, Part, check_objective, check_part, name_of
from bot.domain.refusal import Refused
from bot.domain.split import evenly, read_shares, read_target, respread, spread
from bot.handlers.cascade import forms
from bot.handlers.cascade.handing import (
    check_new,
    chosen_cut,
    chosen_taker,
    department_of,
    free_of,
    give,
    takers,
    written_amount,
)
from bot.handlers.cascade.shown import coverage, goal_line, heading, months, part_line, share_line, summed, way_up
from bot.handlers.cascade.sight import (
    Sight,
    acts_for,
    changes,
    flow,
    is_hr,
    sight_of,
    to_change,
    to_give_out,
    to_look_at,
)
from bot.handlers.cascade.supporting import my_goals
from bot.handlers.cascade.telling import tell, tell_counted, tell_taken
from bot.handlers.cascade.tree import leaf
from bot.slack.blocks import Block, Confirm, View, button, buttons, context, divider, page, section
from bot.slack.flow import Replace, Turn
from bot.slack.text import bold, bullets, escape, lines
from bot.slack.words import Words
from bot.store import objectives, people

SHOWN = 20
"""Parts on the page of an objective; the tree has all of them."""


@dataclass(frozen=True)
class Allowed:
    """What the reader may do with an objective."""

    give: bool
    share_out: bool
    own: bool
    change: bool


# What people see --------------------------------------------------------------------------


def whole(t: Words, sight: Sight, one: Objective, above: Sequence[Objective], may: Allowed) -> View:
    """An objective with its coverage, its parts, and what can be done about it."""
    said = coverage(t, sight, one)
    blocks = [
        section(heading(t, sight, one)),
        *([context(way_up(t, above))] if above else []),
        *([section(said)] if said else []),
        *([context(months(t, one))] if one.months else []),
        divider(),
        *_parts(t, sight, one),
        *_doing(t, one, may),
    ]
    return page(t("Objective"), blocks, close=t("Close"))


def _parts(t: Words, sight: Sight, one: Objective) -> list[Block]:
    shown, hidden = sight.parts(one.id)
    each = [section(part_line(t, sight, child, part), button(t("Open"), does=look, carry=child.id))
            for child, part in shown[:SHOWN]]  # fmt: skip
    more = t.plural("and one more", "and {n} more", len(shown) - SHOWN) if len(shown) > SHOWN else None
    together = summed(t, hidden) if hidden else None
    goals = bullets(goal_line(t, sight, goal, one.unit) for goal in sight.goals(one.id)[:SHOWN])
    rest = lines(more, together, goals)
    return [*each, *([section(rest)] if rest else [])]


def _doing(t: Words, one: Objective, may: Allowed) -> list[Block]:
    evenly = Confirm(
        t("Share it out evenly?"),
        t("What is free goes to everybody in your team who has no part yet. You can change each part afterwards."),
        t("Share it out"),
        t("Not now"),
    )
    sure = Confirm(t("Take it back?"), t("Goals that support it stay as they are."), t("Take it back"), t("Leave it"))
    rest = (
        button(t("Share out evenly"), does=share_out, carry=one.id, confirm=evenly) if may.share_out else None,
        button(t("Month by month"), does=by_month, carry=one.id) if may.own and one.months else None,
        button(t("Counts also for …"), does=also, carry=one.id) if may.change else None,
        button(t("What my goals support"), does=my_goals) if may.own and not may.give else None,
        button(t("Change it"), does=alter, carry=one.id) if may.change else None,
        button(t("Take it back"), does=take_back, carry=one.id, style="danger", confirm=sure) if may.change else None,
    )
    give = button(t("Give out a part"), does=give_part, carry=one.id, style="primary") if may.give else None
    return [buttons(give, button(t("See the tree"), does=leaf, carry=f"{one.id}/0"), *rest)]


# What happens -----------------------------------------------------------------------------


@flow.action
def look(turn: Turn) -> Replace:
    """Somebody opens an objective."""
    return again(turn, to_look_at(turn, turn.carry))


@flow.action
def give_part(turn: Turn) -> Replace:
    """Its owner wants to give out a part."""
    one = to_give_out(turn, turn.carry)
    cut = Cut.DEPARTMENT if one.cut is Cut.COMPANY else Cut.PERSON
    return Replace(forms.part_form(turn.t, one, takers(turn, one), free_of(turn, one), cut, does=keep_part))


@flow.view
def keep_part(turn: Turn) -> Replace:
    """A part is given to somebody."""
    one = to_give_out(turn, objectives.held(turn.session, turn.carry).id)
    taker = chosen_taker(turn)
    cut = chosen_cut(turn)
    part = turn.inputs.text("part") or department_of(turn, taker) * (cut is Cut.DEPARTMENT)
    if not part and cut in {Cut.REGION, Cut.PRODUCT_LINE}:
        raise Refused("Please name the region or the product line.", field="part")
    check_new(turn, one, taker, cut, part)
    give(turn, one, taker, cut, part, written_amount(turn, one))
    return again(turn, one)


@flow.action
def share_out(turn: Turn) -> Replace:
    """What is free goes to the team, in equal parts."""
    one = to_give_out(turn, objectives.held(turn.session, turn.carry).id)
    tree = objectives.tree_below(turn.session, [one.id], one.starts_on, one.ends_on)
    having = {child.owner_id for child in tree.children(one.id)}
    team = [each for each in people.reports_of(turn.session, one.owner_id, turn.today) if each.id not in having]
    free = free_of(turn, one)
    if not team:
        raise Refused("Everybody in your team has a part already.")
    if not one.months or free <= 0:
        raise Refused("Nothing is left to share out.")
    leading = {stint.manager_id for stint in people.stints_on(turn.session, turn.today)}
    for each, amount in zip(team, evenly(free, len(team)), strict=True):
        if amount:
            give(turn, one, each, Cut.TEAM if each.id in leading else Cut.PERSON, "", amount)
    return again(turn, one)


@flow.action
def by_month(turn: Turn) -> Replace:
    """Its owner wants to see and change the months."""
    return Replace(forms.months_form(turn.t, to_give_out(turn, turn.carry), does=keep_months))


@flow.view
def keep_months(turn: Turn) -> Replace:
    """The months get new shares; together they still make the target exactly."""
    one = _as_opened(turn, to_give_out)
    if not one.months:
        raise Refused("A rate holds in every month alike.", field="shares")
    shares = read_shares(turn.inputs.text("shares"), len(one.months))
    return _changed(turn, replace(one, months=spread(one.target, shares)))


@flow.action
def alter(turn: Turn) -> Replace:
    """Whoever gave it out wants to change it."""
    one = to_change(turn, turn.carry)
    top = not any(each.given for each in objectives.parents(turn.session, one.id))
    return Replace(forms.change_form(turn.t, one, top=top, does=keep_change))


@flow.view
def keep_change(turn: Turn) -> Replace:
    """A name, a target and an owner, such as whoever comes after a leaver; the months keep their proportions."""
    one = _as_opened(turn, to_change)
    owner_id = one.owner_id if turn.inputs.text("owner") in {"", one.owner_id} else chosen_taker(turn).id
    top = not any(each.given for each in objectives.parents(turn.session, one.id))
    name = turn.inputs.text("name") or (one.title if top else one.part)
    target = read_target(turn.inputs.text("amount"), one.baseline, one.unit, "amount")
    named = replace(one, title=name) if top else replace(one, part=name)
    months = respread(target, one.months, one.target)
    after = replace(named, target=target, months=months, owner_id=owner_id)
    check_objective(after)
    if owner_id != one.owner_id:
        tell_taken(turn, one)
    if after.title != one.title:
        objectives.rename_parts(turn.session, one, after.title)
    return _changed(turn, after)


@flow.action
def take_back(turn: Turn) -> Replace:
    """Whoever gave it out takes it back; one that was given on in parts is refused."""
    one = to_change(turn, turn.carry)
    parents = [each for each in objectives.parents(turn.session, one.id) if each.given]
    objectives.drop(turn.session, one.id)
    turn.note(Act.GIVE_OBJECTIVE, one.owner_id, f"objective/{one.id}/taken_back")
    tell_taken(turn, one)
    if parents:
        return again(turn, objectives.get(turn.session, parents[0].parent_id))
    return Replace(page(turn.t("Objective"), [section(turn.t("It is taken back."))], close=turn.t("Close")))


@flow.action
def also(turn: Turn) -> Replace:
    """Whoever gave it out wants it to count for another objective as well."""
    one = to_change(turn, turn.carry)
    tree = objectives.tree_around(turn.session, one.id)
    parents = tree.parents(one.id)
    said = [share_line(turn.t, tree.objectives[each.parent_id], each.share) for each in parents]
    options = [each for each in tree.objectives.values() if each.id != one.id and each.cut is not Cut.PERSON
               and (each.unit, each.direction) == (one.unit, one.direction)]  # fmt: skip
    if not options:
        raise Refused("There is no other objective with the same unit and direction.")
    which = forms.to_choose(turn.t, options, people.named(turn.session, [each.owner_id for each in options]))
    about = lines(bold(escape(name_of(one))), *said)
    return Replace(forms.share_form(turn.t, about, which, does=keep_also, carry=one.id))


@flow.view
def keep_also(turn: Turn) -> Replace:
    """It does: this much of it counts there."""
    one = to_change(turn, turn.carry)
    tree = objectives.tree_around(turn.session, one.id)
    above = tree.objectives.get(turn.inputs.text("objective"))
    if above is None or above.cut is Cut.PERSON:
        raise Refused("The two are not for the same months, so their numbers cannot be added up.", field="objective")
    before = next((each for each in tree.parents(one.id) if each.parent_id == above.id), Part(one.id, above.id))
    part = replace(before, share=turn.inputs.number("share") or Decimal(0))
    if part.share:
        check_part(tree, part)
        objectives.link(turn.session, part)
    elif part.given:
        raise Refused("It was given out from there. To end that, take it back.", field="share")
    else:
        objectives.unlink(turn.session, part)
    turn.note(Act.GIVE_OBJECTIVE, one.owner_id, f"objective/{one.id}/{above.id}/{part.share.normalize():f}")
    tell_counted(turn, one, above)
    return again(turn, one)


# Inside -----------------------------------------------------------------------------------


def again(turn: Turn, one: Objective) -> Replace:
    """The page of an objective as it stands now."""
    above = objectives.above(turn.session, [one.id])
    parents = objectives.parents(turn.session, one.id)
    leads = bool(people.reports_of(turn.session, turn.person.id, turn.today))
    own = acts_for(turn, one)
    may = Allowed(
        give=own and (leads or is_hr(turn)),
        share_out=one.owner_id == turn.person.id and bool(one.months) and leads,
        own=own,
        change=changes(turn, one, parents),
    )
    return Replace(whole(turn.t, sight_of(turn, [one]), one, above, may))


def _as_opened(turn: Turn, may: Callable[[Turn, str], Objective]) -> Objective:
    """The objective of a form; to keep it is refused when it changed since the form was opened."""
    objective_id, revision = turn.carried(2)
    return replace(may(turn, objective_id), revision=int(revision) if revision.isdecimal() else -1)


def _changed(turn: Turn, after: Objective) -> Replace:
    objectives.change(turn.session, after)
    turn.note(Act.GIVE_OBJECTIVE, after.owner_id, f"objective/{after.id}")
    owner = people.get(turn.session, after.owner_id)
    if owner:
        tell(turn, owner, after)
    return again(turn, after)
