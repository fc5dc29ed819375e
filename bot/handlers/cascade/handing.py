"""Handing on a part of an objective: who may take it, how much of it, and what they are told."""

import secrets
from dataclasses import replace
from decimal import Decimal

from bot.domain.access import Act
from bot.domain.cascade import Cut, Objective, Part, given_out
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.domain.split import read_amount, read_target, respread
from bot.handlers.cascade.forms import PARTS
from bot.handlers.cascade.sight import is_hr
from bot.handlers.cascade.telling import tell
from bot.slack.flow import Turn
from bot.store import objectives, people


def check_new(turn: Turn, whole: Objective, taker: Person, cut: Cut, part: str) -> None:
    """Refuse to give the same part to the same person again: a form that was sent twice."""
    tree = objectives.tree_below(turn.session, [whole.id], whole.starts_on, whole.ends_on)
    if (taker.id, cut, part) in {(each.owner_id, each.cut, each.part) for each in tree.children(whole.id)}:
        raise Refused("{name} has this part already. Open it to change it.", field="owner", name=taker.name)


def give(turn: Turn, whole: Objective, taker: Person, cut: Cut, part: str, target: Decimal) -> None:
    """Keep a part, with the seasons of the whole, and tell whoever answers for it now."""
    one = replace(
        whole,
        id=secrets.token_hex(4),
        part=part,
        cut=cut,
        owner_id=taker.id,
        target=target,
        months=respread(target, whole.months, whole.target),
        baseline=None,
    )
    objectives.create(turn.session, one, Part(one.id, whole.id, given=True))
    if cut is Cut.PERSON:
        objectives.move_supports(turn.session, taker.id, whole.id, one.id)
    turn.note(Act.GIVE_OBJECTIVE, taker.id, f"objective/{one.id}")
    tell(turn, taker, one)


def takers(turn: Turn, one: Objective) -> list[Person]:
    """Who may be given a part: the owner's team and the owner; by HR, also whoever heads a department."""
    found = {each.id: each for each in people.reports_of(turn.session, one.owner_id, turn.today)}
    if is_hr(turn):
        found |= {each.id: each for those in people.heads(turn.session).values() for each in those}
    owner = people.get(turn.session, one.owner_id)
    return [*found.values(), *([owner] if owner and owner.id not in found else [])]


def department_of(turn: Turn, taker: Person) -> str:
    """Where somebody stands today."""
    stint = people.stint_on(turn.session, taker.id, turn.today)
    return stint.department if stint else ""


def free_of(turn: Turn, one: Objective) -> Decimal:
    """How much of an objective is with nobody yet."""
    tree = objectives.tree_below(turn.session, [one.id], one.starts_on, one.ends_on)
    given = given_out(tree, one.id)
    return given.gap if given else one.target


def chosen_taker(turn: Turn) -> Person:
    """Whom the form names, if they may be given something by this person."""
    taker = people.get(turn.session, turn.inputs.text("owner"))
    if taker is None or not taker.takes_part:
        raise Refused("Please choose a colleague who takes part here.", field="owner")
    turn.must(Act.GIVE_OBJECTIVE, taker.id)
    return taker


def chosen_cut(turn: Turn) -> Cut:
    """What a part is cut out by, as chosen in the form."""
    for each in PARTS:
        if each.value == turn.inputs.text("cut"):
            return each
    raise Refused("Please choose one of these.", field="cut")


def written_amount(turn: Turn, one: Objective) -> Decimal:
    """What was written: where parts add up also as a share."""
    written = turn.inputs.text("amount")
    return read_amount(written, one.target, one.unit) if one.months else read_target(written, None, one.unit, "amount")
