"""What is read before the meeting, manager by manager: how they rated, where it is close, and what lacks evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import board
from bot.domain.calibration import days_in, unseen_by
from bot.domain.cycle import Cycle
from bot.domain.fairness_report import comparable
from bot.domain.org import Person
from bot.domain.refusal import N_, Refused
from bot.domain.review import Kind, Review
from bot.handlers.calibration import lens
from bot.handlers.calibration.conversation import flow
from bot.handlers.calibration.facts import GRADES, Row, Sight, rows_of, sight_of
from bot.slack.blocks import Block, View, button, buttons, context, page, section
from bot.slack.flow import Open, Replace, Turn
from bot.slack.text import Text, bold, lines
from bot.slack.words import Words
from bot.store import cycles, fairness_reports, people, reviews

if TYPE_CHECKING:
    from bot.domain.rater_lens import Lens

PAGE = 20
MOST_NAMED = 12
MOST_APART = 3


@dataclass(frozen=True)
class Ahead:
    """One manager's ratings as those who calibrate read them beforehand; `lens` is None where nothing may be said."""

    cycle: Cycle
    manager: Person
    rows: tuple[Row, ...]
    lens: "Lens | None"


# What people see --------------------------------------------------------------------------


def list_of_managers(t: Words, cycle: Cycle, managers: Sequence[tuple[Person, int]], first: int) -> View:
    """Everybody whose ratings may be read, a page at a time."""
    rows = [
        section(
            t.plural("{name}: one person", "{name}: {n} people", count, name=person),
            button(t("Read"), does=read_about, carry=f"{cycle.id}/{person.id}"),
        )
        for person, count in managers[first : first + PAGE]
    ]
    none = section(t("There is nothing to read yet."))
    turns = _turns(t, cycle, first, len(managers))
    return page(t("Before the meeting"), [*(rows or [none]), *turns], close=t("Close"))


def _turns(t: Words, cycle: Cycle, first: int, count: int) -> list[Block]:
    back = button(t("Earlier"), does=turn_list, carry=f"{cycle.id}/{max(first - PAGE, 0)}") if first else None
    on = button(t("Further"), does=turn_list, carry=f"{cycle.id}/{first + PAGE}") if first + PAGE < count else None
    return [buttons(back, on)] if back or on else []


def ahead_page(t: Words, ahead: Ahead) -> View:
    """One manager's ratings: the grades, who stands out, who is close, who has no evidence, and how they rate."""
    figures = [row.figures for row in ahead.rows]
    counts = board.distribution((one.grade for one in figures), GRADES)
    grades = t.names([f"{grade} {count}" for grade, count in counts.items() if count])
    apart = [row for row in sorted(ahead.rows, key=lambda row: -row.figures.apart) if row.figures.apart][:MOST_APART]
    parts = [
        (N_("Goals and rating furthest apart"), apart),
        (N_("Close to a boundary"), [row for row in ahead.rows if row.figures.near is not None]),
        (N_("No dated example"), [row for row in ahead.rows if row.evidence.missing]),
        (N_("Not raised before"), [row for row in ahead.rows if row.evidence.not_raised]),
    ]
    title = t("{name}, {cycle}", name=ahead.manager, cycle=ahead.cycle.name)
    people_rated = t.plural("One person rated: {grades}", "{n} people rated: {grades}", len(figures), grades=grades)
    blocks = [
        section(lines(bold(title), people_rated)),
        *(section(lines(bold(t(label)), _names(t, rows))) for label, rows in parts if rows),
        *lens.blocks(t, ahead.manager, ahead.lens),
        context(t("These are questions for the meeting. Nothing is changed by a formula, and there are no quotas.")),
    ]
    return page(t("Before the meeting"), blocks, close=t("Close"))


def _names(t: Words, rows: Sequence[Row]) -> Text:
    rest = len(rows) - MOST_NAMED
    more = t.plural("and one more", "and {n} more", rest) if rest > 0 else None
    return lines(t.names([row.person.name for row in rows[:MOST_NAMED]]), more)


# What happens -----------------------------------------------------------------------------


@flow.action
def read_ahead(turn: Turn) -> Open:
    """List the managers whose ratings can be read."""
    (cycle_id,) = turn.carried(1)
    return Open(_listed(turn, cycle_id, 0))


@flow.action
def turn_list(turn: Turn) -> Replace:
    """Turn a page of that list."""
    cycle_id, first = turn.carried(2)
    return Replace(_listed(turn, cycle_id, int(first) if first.isdecimal() and len(first) < 6 else 0))


@flow.action
def read_about(turn: Turn) -> Open:
    """Read how one manager rated."""
    cycle_id, manager_id = turn.carried(2)
    sight = sight_of(turn, cycle_id)
    rated = _by_rater(turn, sight).get(manager_id, [])
    manager = people.get(turn.session, manager_id)
    if manager is None or not rated:
        raise Refused("This result is not yours to look at, or there is none.")
    rows = rows_of(turn, sight, [one for one in sight.figures if one.person_id in rated])
    how = lens.of(manager_id, _comparable_ratings(turn, sight))
    return Open(ahead_page(turn.t, Ahead(sight.cycle, manager, tuple(rows), how)))


def _comparable_ratings(turn: Turn, sight: Sight) -> list[lens.Rated]:
    """Every rating that the reader may see, and with whom its person can be compared: as in the fairness report."""
    seen = {one.person_id for one in sight.figures}
    everybody = fairness_reports.assessed(turn.session, sight.cycle.id, sight.cycle.ends_on)
    known = [one for one in everybody if one.person_id in seen]
    found, alike = reviews.in_cycle(turn.session, sight.cycle.id, Kind.MANAGER), comparable(known)
    return [
        (review, alike(one), _when(sight.cycle, review))
        for one in known
        if (review := found.get(one.person_id)) is not None and review.sent
    ]


def _listed(turn: Turn, cycle_id: str, first: int) -> View:
    sight = sight_of(turn, cycle_id)
    rated = _by_rater(turn, sight)
    named = people.named(turn.session, rated)
    managers = sorted(((named[one], len(of)) for one, of in rated.items() if one in named), key=lambda one: one[0].name)
    return list_of_managers(turn.t, sight.cycle, managers, first)


def _by_rater(turn: Turn, sight: Sight) -> dict[str, list[str]]:
    """Whose ratings may be read, with those they rated; nobody reads about those above them.

    Whoever wrote the review rated, also after a change of manager; without one it is who led the person at the launch.
    """
    seen, hidden = (
        {one.person_id for one in sight.figures},
        unseen_by(turn.person.id, people.managers_on(turn.session, turn.today)),
    )
    found: dict[str, list[str]] = {}
    authors = fairness_reports.raters(turn.session, sight.cycle.id)
    for taker in cycles.participants(turn.session, sight.cycle.id):
        rater = authors.get(taker.person_id) or taker.manager_id
        own_or_below = rater == turn.person.id or rater not in hidden
        if taker.person_id in seen and rater and own_or_below:
            found.setdefault(rater, []).append(taker.person_id)
    return found


def _when(cycle: Cycle, review: Review) -> Iterable[float]:
    """When the examples were, from 0 on the first day of the cycle to 1 on the last."""
    whole = max((cycle.ends_on - cycle.starts_on).days, 1)
    return [(day - cycle.starts_on).days / whole for day in days_in(review)]
