"""The cascade: what the company wants, handed on part by part, and how much of it people's goals carry.

Sums are taken upwards: a part counts for each objective above
it with its share, so nothing counts twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from graphlib import TopologicalSorter
from itertools import groupby

from bot.domain.coverage import Coverage
from bot.domain.measure import Direction
from bot.domain.refusal import N_, Refused, Sentence, sentence
from bot.domain.rounding import ARITHMETIC, HUNDRED, total
from bot.domain.split import MOST_MONTHS, months_of

ZERO = Decimal(0)


class Cut(StrEnum):
    """What an objective is a part by."""

    COMPANY = "company"
    DEPARTMENT = "department"
    TEAM = "team"
    REGION = "region"
    PRODUCT_LINE = "product_line"
    PERSON = "person"


CUT_NAMES: Mapping[Cut, str] = {
    Cut.COMPANY: N_("Company"),
    Cut.DEPARTMENT: N_("Department"),
    Cut.TEAM: N_("Team"),
    Cut.REGION: N_("Region"),
    Cut.PRODUCT_LINE: N_("Product line"),
    Cut.PERSON: N_("Person"),
}


@dataclass(frozen=True)
class Objective:
    """Something to reach between two days, and who answers for it. `part` says which part: a region, a department.

    `months` is the target month by month and adds up to it exactly; empty where parts do not add up, such as a rate.
    A `leading` one moves early (visits, orders signed); the others show afterwards how it went (revenue).
    """

    id: str
    title: str
    part: str
    cut: Cut
    owner_id: str
    unit: str
    direction: Direction
    target: Decimal
    starts_on: date
    ends_on: date
    months: tuple[Decimal, ...] = ()
    baseline: Decimal | None = None
    leading: bool = False
    revision: int = 0

    def between(self, first: date, last: date) -> Decimal:
        """How much of the target lies in the months of these days; a rate holds all the time."""
        if not self.months:
            return self.target
        each = zip(months_of(self.starts_on, self.ends_on), self.months, strict=True)
        return total(value for month, value in each if first.replace(day=1) <= month <= last)


@dataclass(frozen=True)
class Part:
    """An objective under another. `share` percent of the child counts for this parent.

    `given` marks the one it was given out from: whoever answers for that one may change it, no other.
    """

    child_id: str
    parent_id: str
    share: Decimal = HUNDRED
    given: bool = False


@dataclass(frozen=True)
class Support:
    """A person's goal under an objective: `share` percent of its target counts there."""

    objective_id: str
    cycle_id: str
    person_id: str
    goal_id: str
    share: Decimal
    target: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """How much of the objective this goal carries."""
        return _of(self.target, self.share)


@dataclass(frozen=True)
class Cascade:
    """Objectives by id, their parts by parent, and people's goals by objective."""

    objectives: Mapping[str, Objective]
    parts: Mapping[str, tuple[Part, ...]]
    supports: Mapping[str, tuple[Support, ...]]

    def children(self, objective_id: str) -> list[Objective]:
        """The parts that an objective was given out in."""
        return [self.objectives[part.child_id] for part in self.parts.get(objective_id, ())]

    def parents(self, objective_id: str) -> list[Part]:
        """Where an objective counts, and with which share."""
        return [part for parts in self.parts.values() for part in parts if part.child_id == objective_id]


def cascade(objectives: Iterable[Objective], parts: Iterable[Part], supports: Iterable[Support] = ()) -> Cascade:
    """Put together what belongs together; what names an objective that is not here is left out."""
    known = {one.id: one for one in objectives}
    here = [part for part in parts if part.child_id in known and part.parent_id in known]
    by_parent = groupby(sorted(here, key=lambda part: (part.parent_id, part.child_id)), key=lambda part: part.parent_id)
    goals = sorted((one for one in supports if one.objective_id in known), key=lambda one: one.objective_id)
    by_objective = groupby(goals, key=lambda one: one.objective_id)
    return Cascade(known, {name: tuple(each) for name, each in by_parent}, {name: tuple(s) for name, s in by_objective})


# Coverage ---------------------------------------------------------------------------------


def given_out(tree: Cascade, objective_id: str) -> Coverage | None:
    """How much of an objective was given on in parts; None where nothing was, or where parts do not add up."""
    whole, parts = tree.objectives[objective_id], tree.parts.get(objective_id, ())
    if not parts or not whole.months:
        return None
    return Coverage(whole.target, total(_of(tree.objectives[part.child_id].target, part.share) for part in parts))


def carried(tree: Cascade) -> dict[str, Decimal]:
    """How much of each objective stands in people's goals: its own, and those under all of its parts."""
    sums: dict[str, Decimal] = {}
    for objective_id in TopologicalSorter(_edges(tree)).static_order():
        own = [one.amount for one in tree.supports.get(objective_id, ())]
        below = [_of(sums[part.child_id], part.share) for part in tree.parts.get(objective_id, ())]
        sums[objective_id] = total([*own, *below])
    return sums


def unseen(
    tree: Cascade, shown: Callable[[Objective], bool], open_to: Collection[str], fewest: int
) -> dict[str, set[str]]:
    """Whose goals are in what is left of each sum once what is shown below it is taken off; `open_to` may be seen."""
    left: dict[str, set[str]] = {}
    for objective_id in TopologicalSorter(_edges(tree)).static_order():
        own = {one.person_id for one in tree.supports.get(objective_id, ())} - {*open_to}
        told = [one.id for one in tree.children(objective_id) if shown(one) and len(left[one.id]) >= fewest]
        left[objective_id] = own.union(*(left[one.id] for one in tree.children(objective_id) if one.id not in told))
    return left


def in_goals(whole: Objective, amount: Decimal, first: date, last: date) -> Coverage | None:
    """How much of an objective's target for these days stands in goals; None where there is nothing to add up."""
    target = whole.between(first, last)
    return Coverage(target, amount) if whole.months and target > 0 else None


def held(tree: Cascade, objective_id: str) -> tuple[int, int]:
    """Where parts do not add up: how many of them aim at least as far as the whole, and how many there are."""
    whole, children = tree.objectives[objective_id], tree.children(objective_id)
    return sum(_as_far(one, whole) for one in children), len(children)


def _as_far(one: Objective, whole: Objective) -> bool:
    return one.target >= whole.target if whole.direction is Direction.HIGHER else one.target <= whole.target


def _edges(tree: Cascade) -> dict[str, list[str]]:
    return {one: [part.child_id for part in tree.parts.get(one, ())] for one in tree.objectives}


def _of(amount: Decimal, share: Decimal) -> Decimal:
    return ARITHMETIC.divide(ARITHMETIC.multiply(amount, share), HUNDRED)


# What cannot be ---------------------------------------------------------------------------


def check_objective(one: Objective) -> None:
    """Refuse an objective that could not be handed on."""
    if not one.title:
        raise Refused("Please say what is to be reached.", field="title")
    if not one.unit:
        raise Refused("Please name the unit, such as CNY, visits or %.", field="unit")
    if one.target <= 0:
        raise Refused("Please write a number above zero.", field="target")
    if one.ends_on < one.starts_on or len(list(months_of(one.starts_on, one.ends_on))) > MOST_MONTHS:
        raise Refused("The last day has to come after the first, at most two years later.", field="ends_on")


def check_part(tree: Cascade, part: Part) -> None:
    """Refuse a part that measures something else, would close a loop, or would count more than once."""
    child, parent = tree.objectives[part.child_id], tree.objectives[part.parent_id]
    check_share(part.share, [one.share for one in tree.parents(child.id) if one.parent_id != parent.id])
    check_alike({child.unit}, child.direction, parent)
    if (child.starts_on, child.ends_on, bool(child.months)) != (parent.starts_on, parent.ends_on, bool(parent.months)):
        raise Refused("The two are not for the same months, so their numbers cannot be added up.", field="objective")
    if parent.id in below(tree, child.id):
        raise Refused(
            "That would be a loop: “{title}” is itself a part of it.", field="objective", title=name_of(parent)
        )


def check_alike(units: Iterable[str], direction: Direction, parent: Objective) -> None:
    """Refuse to add up what has another unit or direction; `units` is one unit in the words of each language."""
    if not is_alike(units, parent.direction, parent):
        raise Refused(
            "“{title}” is counted in {unit}. Only what has the same unit can be added up.",
            field="objective",
            title=name_of(parent),
            unit=parent.unit,
        )
    if direction is not parent.direction:
        raise Refused("For one of the two higher is better, for the other lower.", field="objective")


def is_alike(units: Iterable[str], direction: Direction, one: Objective) -> bool:
    """Whether what is counted so could be added up in an objective; `units` as in `check_alike`."""
    return one.direction is direction and one.unit.strip().casefold() in {each.strip().casefold() for each in units}


def check_share(share: Decimal, others: Sequence[Decimal]) -> None:
    """Refuse a share that would have something count twice; `others` are the shares that count elsewhere."""
    if share <= 0:
        raise Refused("Please write a number above zero.", field="share")
    if (made := total([share, *others])) > HUNDRED:
        raise Refused(
            "Its shares would make {total} %. At most 100, or it would count twice.", field="share", total=made
        )


def below(tree: Cascade, objective_id: str) -> set[str]:
    """An objective and everything under it."""
    found, todo = {objective_id}, [objective_id]
    while todo:
        new = {part.child_id for part in tree.parts.get(todo.pop(), ())} - found
        found |= new
        todo += new
    return found


def name_of(one: Objective) -> str:
    """Title and part, as in “Sales · China”."""
    return f"{one.title} · {one.part}" if one.part else one.title


def one_sided(objectives: Sequence[Objective]) -> Sentence | None:
    """A hint where all that somebody answers for moves early, or all of it shows only afterwards."""
    if not objectives or len({one.leading for one in objectives}) > 1:
        return None
    if objectives[0].leading:
        return sentence("All of these are activities. Add a result that they lead to, such as revenue.")
    return sentence("All of these show only afterwards how it went. Add one that moves early, such as visits a month.")
