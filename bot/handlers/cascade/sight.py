"""What somebody sees of the cascade: what they answer for, all that is below it, and the way up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from bot.domain.access import Act, may
from bot.domain.cascade import Cascade, Cut, Objective, Part, Support, carried, given_out, in_goals, unseen
from bot.domain.coverage import Coverage
from bot.domain.cycle import Stage
from bot.domain.org import Person
from bot.domain.refusal import Refused
from bot.slack.flow import Flow, Turn
from bot.store import cycles, objectives, people, reporting

flow = Flow("cascade")

FEWEST = 3
"""People that are shown together with a number."""


@dataclass(frozen=True)
class Days:
    """The days looked at: those of a cycle, or all of an objective's when the name is empty."""

    first: date
    last: date
    name: str = ""


@dataclass(frozen=True)
class Sight:
    """A tree of objectives with its sums, and whose own numbers the reader may see."""

    tree: Cascade
    days: Days
    sums: Mapping[str, Decimal]
    named: Mapping[str, Person] = field(default_factory=dict)
    open_to: Collection[str] = frozenset()
    unseen: Mapping[str, Collection[str]] = field(default_factory=dict)

    def name(self, one: Objective) -> str:
        """What a part is called among its brothers and sisters: a region, a department, else who answers for it."""
        return one.part or self.person(one.owner_id)

    def person(self, person_id: str) -> str:
        """Somebody's name."""
        return self.named[person_id].name if person_id in self.named else person_id

    def in_goals(self, one: Objective) -> Coverage | None:
        """How much of an objective stands in people's goals, in the days looked at."""
        found = in_goals(one, self.sums[one.id], self.days.first, self.days.last)
        return replace(found, rough=self.tells_too_much(one)) if found else None

    def drawn(self, one: Objective) -> Decimal:
        """What of an objective stands in goals, as far as a picture may tell."""
        found = self.in_goals(one)
        return round(found.target * found.percent / 100, 2) if found and found.rough else self.sums[one.id]

    def tells_too_much(self, one: Objective) -> bool:
        """Whether what stands in goals would tell, less what is shown below, what one or two people carry."""
        return 0 < len(self.unseen.get(one.id, ())) < FEWEST

    def given_out(self, one: Objective) -> Coverage | None:
        """How much of an objective was given out in parts."""
        found, hidden = given_out(self.tree, one.id), owners(self.parts(one.id)[1])
        return replace(found, rough=0 < len(hidden) < FEWEST) if found else None

    def is_open(self, one: Objective) -> bool:
        """Whether the reader may see this part by itself: what one person carries is as private as their goals."""
        return is_open(one, self.open_to)

    def parts(self, objective_id: str) -> tuple[list[tuple[Objective, Part]], list[tuple[Objective, Part]]]:
        """The parts of an objective: those to be shown one by one, and those to be shown only as a sum."""
        each = [(self.tree.objectives[part.child_id], part) for part in self.tree.parts.get(objective_id, ())]
        each.sort(key=lambda one: (-one[0].target, self.name(one[0])))
        shown = [one for one in each if self.is_open(one[0])]
        return shown, [one for one in each if not self.is_open(one[0])]

    def goals(self, objective_id: str) -> list[Support]:
        """The goals that support an objective directly and that the reader may see."""
        return [one for one in self.tree.supports.get(objective_id, ()) if one.person_id in self.open_to]


def sight_of(turn: Turn, roots: Iterable[Objective]) -> Sight:
    """Everything below these objectives, in a number of queries that does not grow with the company."""
    roots = list(roots)
    days = days_of(turn, roots[0])
    tree = objectives.tree_below(turn.session, [one.id for one in roots], days.first, days.last)
    people_in = {one.owner_id for one in tree.objectives.values()}
    people_in |= {one.person_id for goals in tree.supports.values() for one in goals}
    open_to = _open_to(turn)
    left = unseen(tree, lambda one: is_open(one, open_to), open_to, FEWEST)
    return Sight(tree, days, carried(tree), people.named(turn.session, people_in), open_to, left)


def is_open(one: Objective, open_to: Collection[str]) -> bool:
    """Whether a part may be shown by itself to who may see the goals of these people."""
    return one.cut is not Cut.PERSON or one.owner_id in open_to


def owners(parts: Iterable[tuple[Objective, Part]]) -> set[str]:
    """Who answers for these parts."""
    return {one.owner_id for one, _ in parts}


def days_of(turn: Turn, one: Objective) -> Days:
    """The cycle that is running for the reader, else for anybody, if it lies in these months; else the whole time."""
    own = cycles.current_for(turn.session, turn.person.id, turn.today)
    going = [own] if own else cycles.every(turn.session)
    for cycle in going:
        runs = cycle.stage_on(turn.today) not in {Stage.PREPARING, Stage.CLOSED}
        if runs and one.starts_on <= cycle.ends_on and cycle.starts_on <= one.ends_on:
            return Days(cycle.starts_on, cycle.ends_on, cycle.name)
    return Days(one.starts_on, one.ends_on)


def mine(turn: Turn) -> list[Objective]:
    """What a person answers for; for HR, also what the company wants."""
    found = objectives.looked_after(turn.session, turn.person.id, turn.today)
    own = [one for one in found if one.owner_id == turn.person.id]
    return found if len(own) < len(found) and is_hr(turn) else own


def is_hr(turn: Turn) -> bool:
    """Whether this person may set what the company wants."""
    return turn.may(Act.SET_OBJECTIVE, turn.person.id)


def to_look_at(turn: Turn, objective_id: str) -> Objective:
    """An objective to look at: one's own, anything below it, or of people whose goals one may see."""
    one = objectives.get(turn.session, objective_id)
    way_up = objectives.above(turn.session, [one.id])
    if one.cut is Cut.PERSON or all(each.owner_id != turn.person.id for each in (one, *way_up)):
        turn.must(Act.SEE_GOALS, one.owner_id)
        turn.look(Act.SEE_GOALS, one.owner_id, f"objective/{one.id}")
    return one


def to_give_out(turn: Turn, objective_id: str) -> Objective:
    """An objective to give out in parts: its owner does so, or HR."""
    one = objectives.get(turn.session, objective_id)
    if not acts_for(turn, one):
        raise Refused("Only whoever answers for an objective gives it out.")
    return one


def to_change(turn: Turn, objective_id: str) -> Objective:
    """An objective to change: by whoever gave it out, by its owner when nobody did, or by HR."""
    one = objectives.get(turn.session, objective_id)
    if not changes(turn, one, objectives.parents(turn.session, one.id)):
        raise Refused("Only whoever gave out an objective changes it. Please talk to them.")
    return one


def acts_for(turn: Turn, one: Objective) -> bool:
    """Whether this person answers for an objective, or is HR."""
    return one.owner_id == turn.person.id or is_hr(turn)


def changes(turn: Turn, one: Objective, parents: Iterable[Part]) -> bool:
    """Whether this person may change an objective itself, and where it counts: never only because it counts there."""
    if is_hr(turn):
        return True
    given_by = [objectives.get(turn.session, each.parent_id).owner_id for each in parents if each.given]
    if not given_by:
        return one.owner_id == turn.person.id and one.cut is not Cut.COMPANY
    return turn.person.id in given_by


def _open_to(turn: Turn) -> frozenset[str]:
    toward = reporting.everyone_toward(turn.session, turn.person.id, turn.today)
    seen = {person_id for person_id, roles in toward.items() if may(roles, Act.SEE_GOALS)}
    return frozenset(seen | {turn.person.id})
