"""Reported values: what was said for a month or quarter, and which number stands for the whole cycle."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from bot.domain.actuals import Expected, months_between
from bot.domain.goal import Goal
from bot.domain.measure import Direction
from bot.domain.rounding import total
from bot.domain.template import Kpi


@dataclass(frozen=True)
class Reported:
    """One value of one measure (`kpi`: the key of a goal) in a period, with who said so, from where and when.

    `value` None says that the source itself does not know it. `cumulative` values of parts add up; `others` are the
    units of added parts that are not written as `unit` is.
    """

    kpi: str
    period: str
    value: Decimal | None
    unit: str
    source: str
    reported_by: str
    at: datetime
    cumulative: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A measure that values are taken for: by which names, in which unit, and whether parts add up.

    `units` are all the ways in which that unit is written.
    """

    expected: Expected
    unit: str
    cumulative: bool
    units: frozenset[str] = frozenset()


def key_of(goal: Goal) -> str:
    """What the values of a goal are kept under: its template's measure, else the goal itself."""
    return goal.kpi or goal.id


def units_of(goal: Goal, kpi: Kpi | None) -> frozenset[str]:
    """How the unit of a goal may be written: as agreed; a department's own measure has it in both languages."""
    both = frozenset({kpi.unit.en, kpi.unit.zh}) if kpi else frozenset[str]()
    return both if goal.unit in both else frozenset({goal.unit})


def known_of_goal(goal: Goal) -> Known:
    """What an agreed goal is measured by; a file may call it by its title or its measure's words."""
    expected = Expected(key_of(goal), (goal.title, goal.measure), percent=goal.unit == "%")
    return Known(expected, goal.unit, goal.cumulative, units_of(goal, None))


def known_of_kpi(kpi: Kpi) -> Known:
    """A measure of a department, which values may arrive for before anyone agreed to a goal."""
    names = (kpi.title.en, kpi.title.zh, kpi.measure.en, kpi.measure.zh)
    units = frozenset({kpi.unit.en, kpi.unit.zh})
    return Known(Expected(kpi.id, names, percent=kpi.in_percent), kpi.unit.en, kpi.cumulative, units)


def known_measures(goals: Sequence[Goal], kpis: Sequence[Kpi]) -> dict[str, Known]:
    """Every measure values are taken for, the agreed ones first; by key, with the names of both."""
    known = {key_of(goal): known_of_goal(goal) for goal in goals}
    for kpi in kpis:
        one = known_of_kpi(kpi)
        mine = known.get(kpi.id)
        if mine is None:
            known[kpi.id] = one
        else:
            names = (*mine.expected.names, *one.expected.names)
            units = one.units if mine.unit in one.units else mine.units
            known[kpi.id] = replace(mine, expected=replace(mine.expected, names=names), units=units)
    return known


def months_of(period: str) -> frozenset[str]:
    """The months of a period: 2027-Q1 is 2027-01, 2027-02 and 2027-03; of days, also those that they cut."""
    if "/" in period:
        return frozenset(months_between(*map(date.fromisoformat, period.split("/"))))
    year, _, part = period.partition("-")
    first, count = 1, 12
    if part.startswith("Q"):
        first, count = 3 * int(part[1:]) - 2, 3
    elif part.startswith("H"):
        first, count = 6 * int(part[1:]) - 5, 6
    elif part:
        first, count = int(part), 1
    return frozenset(f"{year}-{month:02d}" for month in range(first, first + count))


def first_day_of(period: str) -> date:
    """The day on which a period begins."""
    begins, _, ends = period.partition("/")
    return date.fromisoformat(begins if ends else f"{min(months_of(period))}-01")


def over_cycle(values: Sequence[Reported], months: Collection[str]) -> Reported | None:
    """The value of one measure for a whole cycle, from all that was reported of it; None when parts are missing.

    A value of the whole cycle goes first. Parts of a cumulative measure are added if together they make the cycle; of
    any other measure the one that ends with the cycle stands, the widest of them.
    """
    wanted = frozenset(months)
    widest = sorted(values, key=lambda one: (-len(months_of(one.period)), one.period))
    whole = next((one for one in widest if months_of(one.period) >= wanted), None)
    if whole is not None or not values:
        return whole
    if values[0].cumulative:
        return _added(widest, wanted)
    last = max(wanted, default="")
    return next((one for one in widest if last in months_of(one.period)), None)


def _added(widest: Sequence[Reported], wanted: frozenset[str]) -> Reported | None:
    taken: list[Reported] = []
    left = wanted
    for one in widest:
        if one.value is not None and months_of(one.period) <= left:
            taken.append(one)
            left -= months_of(one.period)
    if left or not taken:
        return None
    latest = max(taken, key=lambda one: one.at)
    periods = sorted(one.period for one in taken)
    sources = list(dict.fromkeys(one.source for one in taken if one.source))
    added = total(one.value for one in taken if one.value is not None)
    others = tuple(sorted({one.unit for one in taken} - {latest.unit}))
    spanned = f"{periods[0]} – {periods[-1]}"
    return replace(latest, period=spanned, value=added, source=", ".join(sources), others=others)


def by_measure(values: Sequence[Reported], months: Collection[str]) -> Mapping[str, Reported]:
    """One value for each measure that has one for the whole cycle."""
    groups: dict[str, list[Reported]] = {}
    for one in values:
        groups.setdefault(one.kpi, []).append(one)
    found = {kpi: over_cycle(group, months) for kpi, group in groups.items()}
    return {kpi: one for kpi, one in found.items() if one is not None}


def so_far(values: Sequence[Reported]) -> Mapping[str, Reported]:
    """One value for each measure, for the part of a cycle that is known: January alone, while February is to come."""
    known = [one for one in values if one.value is not None]
    groups = {kpi: [one for one in known if one.kpi == kpi] for kpi in {one.kpi for one in known}}
    spans = {kpi: frozenset[str]().union(*(months_of(one.period) for one in group)) for kpi, group in groups.items()}
    found = {kpi: over_cycle(group, spans[kpi]) for kpi, group in groups.items()}
    return {kpi: one for kpi, one in found.items() if one is not None}


def lacking(goals: Sequence[Goal], known: Mapping[str, Reported]) -> tuple[Goal, ...]:
    """The goals whose value somebody has to report yet; a rubric's level is the manager's to choose."""
    return tuple(
        goal
        for goal in goals
        if goal.direction is not Direction.RUBRIC
        and ((found := known.get(key_of(goal))) is None or found.value is None)
    )
