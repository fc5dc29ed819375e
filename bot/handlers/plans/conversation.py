"""The flow itself, who stands around a plan, and the facts that its page and cards are drawn from."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.access import Act
from bot.domain.org import Person
from bot.domain.plan import Clock, Plan, clock
from bot.domain.refusal import Refused
from bot.slack.blocks import View
from bot.slack.flow import OUTDATED, Flow, Open, Replace, Turn
from bot.store import one_on_ones, people, plans, reporting

flow = Flow("plans")

PAGE = "page"
"""What buttons of the page carry last: what they open takes the page's place."""


@dataclass(frozen=True)
class Shown:
    """A plan, where its clock stands today, and who is in it; `done` are the action items that are done.

    `author` led the person when it began; `manager` does today.
    """

    plan: Plan
    where: Clock
    person: Person
    manager: Person
    hr: Person
    author: Person
    done: frozenset[str] = frozenset()


def today_of(turn: Turn, person: Person) -> date:
    """The date where the person of a plan is: the clock is theirs, whoever's turn it is."""
    return turn.now.astimezone(ZoneInfo(person.tz)).date()


def plan_in(turn: Turn, act: Act) -> Plan:
    """The plan that was carried first, if this person may do this to it."""
    plan = plans.get(turn.session, turn.carry.split("/")[0])
    if plan is None:
        raise Refused(OUTDATED)
    turn.must(act, plan.person_id)
    return plan


def window(turn: Turn, view: View) -> Open | Replace:
    """A form, in the place of the page whose button was pressed, else on its own."""
    return Replace(view) if turn.carry.endswith(f"/{PAGE}") else Open(view)


def shown(turn: Turn, plan: Plan) -> Shown:
    """Gather what page and cards show."""
    author_id = one_on_ones.author_among(turn.session, plan.items) or plan.manager_id
    named = people.named(turn.session, {plan.person_id, plan.manager_id, plan.hr_id, author_id})
    person = named[plan.person_id]
    today = today_of(turn, person)
    now = people.manager_of(turn.session, person.id, today) if plan.open else None
    manager = now if now and now.takes_part else named[plan.manager_id]
    where = clock(plan, today, turn.workdays(person))
    done = one_on_ones.done_among(turn.session, plan.items) if plan.open else set()
    hr = next(iter(beside(turn, plan)), named[plan.hr_id]) if plan.open else named[plan.hr_id]
    return Shown(plan, where, person, manager, hr, named[author_id], frozenset(done))


def leads(turn: Turn, person: Person) -> Person | None:
    """Whose part in a plan the manager's is: whom they report to, also while somebody stands in for a few days."""
    return reporting.lead_of(turn.session, person.id, today_of(turn, person))


def independent(turn: Turn, person_id: str, manager_id: str) -> list[Person]:
    """Who of HR can own a plan together with a manager: neither of the two."""
    return [one for one in people.holders(turn.session, people.HR) if one.id not in {person_id, manager_id}]


def beside(turn: Turn, plan: Plan) -> list[Person]:
    """Who of HR is told and asked: the one who owns the plan, or all others once that one is not of HR any more."""
    others = independent(turn, plan.person_id, plan.manager_id)
    return [one for one in others if one.id == plan.hr_id] or others


def card_key(plan: Plan) -> str:
    """The key of the person's card."""
    return f"plans/{plan.id}/{plan.person_id}"


def asked_key(plan: Plan, n: int, reader: Person) -> str:
    """The key of the card that asks a manager for a checkpoint."""
    return f"plans/{plan.id}/{n}/{reader.id}"


def late_key(plan: Plan, n: int, reader: Person) -> str:
    """The key of what HR reads of a checkpoint that is missing."""
    return f"plans/{plan.id}/{n}/late/{reader.id}"
