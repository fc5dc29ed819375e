"""Who is told what of objectives, each in their next working hour and only if it still holds then."""

from bot.domain.cascade import Objective, name_of
from bot.domain.org import Person
from bot.handlers.cascade.cards import counted, received, taken
from bot.handlers.cascade.sight import flow
from bot.slack.flow import Turn
from bot.store import objectives, people


def tell(turn: Turn, owner: Person, one: Objective) -> None:
    """Have somebody hear what they answer for now, unless it is themself who acts."""
    if owner.id != turn.person.id:
        turn.remind(hear, owner.id, turn.now, f"{one.id}/{turn.person.id}")


def tell_taken(turn: Turn, one: Objective) -> None:
    """Have somebody hear that they no longer answer for something, unless it is themself who acts."""
    if one.owner_id != turn.person.id:
        turn.remind(hear_taken, one.owner_id, turn.now, f"{one.id}/{turn.person.id}/{name_of(one)}")


def tell_counted(turn: Turn, one: Objective, above: Objective) -> None:
    """Have both who answer for them hear how much of one counts for the other now, but not whoever acts."""
    for owner_id in {one.owner_id, above.owner_id} - {turn.person.id}:
        turn.remind(hear_counted, owner_id, turn.now, f"{one.id}/{above.id}/{turn.person.id}")


@flow.prompt
def hear(turn: Turn) -> None:
    """Say to somebody what they answer for, if they still do."""
    objective_id, by = turn.carried(2)
    one, giver = objectives.find(turn.session, objective_id), people.get(turn.session, by)
    if one is None or giver is None or one.owner_id != turn.person.id:
        return
    leads = bool(people.reports_of(turn.session, turn.person.id, turn.today))
    part = any(each.given for each in objectives.parents(turn.session, one.id))
    look = turn.flows.steps["cascade.look"]
    turn.say(turn.person, _key(turn, one.id), received, giver, one, opens=look, leads=leads, part=part)


@flow.prompt
def hear_taken(turn: Turn) -> None:
    """Say to somebody that they no longer answer for something, unless it came back to them meanwhile."""
    objective_id, by, name = turn.carry.split("/", 2)
    one, taker = objectives.find(turn.session, objective_id), people.get(turn.session, by)
    if taker and (one is None or one.owner_id != turn.person.id):
        turn.say(turn.person, _key(turn, objective_id), taken, taker, name)


@flow.prompt
def hear_counted(turn: Turn) -> None:
    """Say how much of one objective counts for another, as it is by now."""
    objective_id, above_id, by = turn.carried(3)
    one, above = (objectives.find(turn.session, each) for each in (objective_id, above_id))
    actor = people.get(turn.session, by)
    if one and above and actor:
        shares = {each.parent_id: each.share for each in objectives.parents(turn.session, one.id)}
        key = f"{_key(turn, one.id)}/{above.id}"
        turn.say(turn.person, key, counted, actor, one, above, shares.get(above.id))


def _key(turn: Turn, objective_id: str) -> str:
    return f"cascade/{objective_id}/{turn.person.id}"
