"""What else HR takes along of a cycle: what was agreed, how many check-ins came in which week, who does what by when.

Of check-ins and of the actions of a talk there are counts, days and states: what people wrote there is not even read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle, Participant
from bot.domain.goal import Goal, SheetState
from bot.domain.goal_record import document_of, goals_of
from bot.domain.measure import Direction
from bot.domain.org import Person
from bot.domain.refusal import N_
from bot.domain.rounding import half_up
from bot.domain.talk import Kind
from bot.store import cycles, export, goal_stints, people
from bot.store.checkins import CheckinRow
from bot.store.cycles import ParticipantRow
from bot.store.goals import SheetRow
from bot.store.health import UNANSWERED
from bot.store.one_on_ones import TalkEntryRow
from bot.store.sheets import Cell, Sheet

Say = Callable[[str], str]
"""A word of these tables in the reader's language."""
Document = dict[str, Any]


class Table(StrEnum):
    """What is written, besides results."""

    GOALS = "goals"
    CHECKINS = "checkins"
    ACTIONS = "actions"


class Standing(StrEnum):
    """How an action stands."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"


PERSON = (N_("E-mail"), N_("Name of the person"))
OF_GOALS = (
    *PERSON, N_("Department"), N_("State"), N_("First day"), N_("Last day"), N_("Goal"), N_("Measured by"),
    N_("Direction"), N_("Unit"), N_("Baseline"), N_("Target"), N_("Stretch"), N_("From"), N_("To"),
    N_("Weight, in percent"), N_("Due"), N_("Source"), N_("Steps on the way"),
)  # fmt: skip
OF_CHECKINS = (*PERSON, N_("Week that begins on"), N_("Check-ins"), N_("Answered ones"))
OF_WEEKS = (N_("Week that begins on"), N_("Answered, in percent"), N_("Check-ins"), N_("Answered ones"))
OF_ACTIONS = (*PERSON, N_("Who does it"), N_("Due"), N_("State"))
WORDS: Mapping[str, str] = {
    SheetState.DRAFT: N_("not proposed yet"),
    SheetState.PROPOSED: N_("proposed"),
    SheetState.COUNTERED: N_("a change is suggested"),
    SheetState.AGREED: N_("agreed"),
    SheetState.CHANGING: N_("agreed, a change is asked for"),
    Direction.HIGHER: N_("Higher is better"),
    Direction.LOWER: N_("Lower is better"),
    Direction.RANGE: N_("Within a range"),
    Direction.MILESTONES: N_("Milestones"),
    Direction.RUBRIC: N_("Judged in words"),
    Standing.OPEN: N_("still to do"),
    Standing.LATE: N_("late"),
    Standing.DONE: N_("done"),
}
AT_A_TERMINAL: Mapping[Table, str] = {table: f"{export.AT_A_TERMINAL}_{table}" for table in Table}
"""What the audit calls it when whoever runs Cairn has one written to a file."""
NOT_EXPORTED = ("odds", "kpi")
"""What of a goal is somebody's own thought, or only a number of ours."""
BY_WEEK = N_("By week")
CHART = N_("Check-ins answered, in percent by week")
SAID = frozenset({*OF_GOALS, *OF_CHECKINS, *OF_WEEKS, *OF_ACTIONS, *WORDS.values(), BY_WEEK, CHART})
"""Every word of these tables."""


@dataclass(frozen=True)
class _Known:
    """A cycle with its people: everybody who takes part, and who else is named."""

    cycle: Cycle
    takers: Sequence[Participant]
    named: Mapping[str, Person]

    def document(self, of: Callable[[str], Document | None]) -> Document:
        """One entry for each person of whom there is something to say."""
        told = ((one.person_id, of(one.person_id)) for one in self.takers)
        entries = [{"person": export.person_of(self.named[one]), **some} for one, some in told if some is not None]
        return {**export.head_of(self.cycle), "people": entries}


def _known(session: Session, cycle: Cycle, others: Iterable[str] = ()) -> _Known:
    takers = cycles.participants(session, cycle.id)
    return _Known(cycle, takers, people.named(session, {*(one.person_id for one in takers), *others}))


def document_for(session: Session, table: Table, cycle: Cycle, today: date) -> Document:
    """A table as plain JSON: an entry for each person in it."""
    match table:
        case Table.GOALS:
            return goals_in(session, cycle)
        case Table.CHECKINS:
            return checkins_in(session, cycle)
        case Table.ACTIONS:
            return actions_in(session, cycle, today)


def any_in(session: Session, table: Table, cycle_id: str) -> bool:
    """Whether a table would have a line."""
    rows = {
        Table.GOALS: select(ParticipantRow.person_id).where(ParticipantRow.cycle_id == cycle_id),
        Table.CHECKINS: select(CheckinRow.person_id).where(CheckinRow.cycle_id == cycle_id),
        Table.ACTIONS: select(TalkEntryRow.id).where(_agreed_in(cycle_id)),
    }
    return session.scalar(rows[table].limit(1)) is not None


def whose(document: Document) -> list[str]:
    """The ids of everybody who stands in a table: whom it is about, and who does something in it."""
    owners = [each["owner"]["id"] for one in document["people"] for each in one.get("actions", ())]
    return list(dict.fromkeys([*(one["person"]["id"] for one in document["people"]), *owners]))


def at_a_terminal(table: Table, today: date) -> export.Export:
    """A table for whoever runs Cairn, in English; nobody's own language is known there."""
    return export.Export(
        lambda session, cycle: document_for(session, table, cycle, today),
        lambda document, suffix: as_file(table, document, suffix, str),
        whose,
        AT_A_TERMINAL[table],
        lambda document: f"{table.capitalize()} of {len(document['people'])} people",
    )


def as_file(table: Table, document: Document, suffix: str, say: Say) -> bytes:
    """Tables where the suffix is .xlsx, the first of them where it is .csv, else JSON."""
    return export.written(document, suffix, lambda: sheets_for(table, document, say))


def sheets_for(table: Table, document: Document, say: Say) -> list[Sheet]:
    """The same as tables to look at, the first of which is all of it."""
    match table:
        case Table.GOALS:
            return [_sheet(document, OF_GOALS, _goal_lines, say)]
        case Table.CHECKINS:
            return [_sheet(document, OF_CHECKINS, _week_lines, say), _by_week(document, say)]
        case Table.ACTIONS:
            return [_sheet(document, OF_ACTIONS, _action_lines, say)]


Lines = Callable[[Document, Say], list[list[Cell]]]


def _sheet(document: Document, heading: Sequence[str], lines: Lines, say: Say) -> Sheet:
    rows = [[*_whose(one), *line] for one in document["people"] for line in lines(one, say)]
    return Sheet(document["cycle"]["name"], [say(one) for one in heading], rows)


def _whose(one: Document) -> list[Cell]:
    return [one["person"]["email"], one["person"]["name"]]


# Goals --------------------------------------------------------------------------------------


def goals_in(session: Session, cycle: Cycle) -> Document:
    """What each person agreed on, and in earlier roles; of what is not agreed only how far it is."""
    columns = (SheetRow.person_id, SheetRow.state, SheetRow.version, SheetRow.agreed)
    rows = session.execute(select(*columns).where(SheetRow.cycle_id == cycle.id)).all()
    drawn, past = {row.person_id: row for row in rows}, goal_stints.of(session, cycle.id)
    known = _known(session, cycle)
    placed = {one.person_id: one.department for one in known.takers}

    def of(person_id: str) -> Document:
        row = drawn.get(person_id)
        earlier = [
            {"department": one.department, "first_day": one.first_day.isoformat(),
             "last_day": one.last_day.isoformat(), "goals": _goals(one.goals)}
            for one in past.get(person_id, ())
        ]  # fmt: skip
        return {
            "department": placed[person_id],
            "state": row.state if row else SheetState.DRAFT.value,
            "version": row.version if row else 0,
            "goals": _goals(goals_of(row.agreed)) if row else [],
            "earlier": earlier,
        }

    return known.document(of)


def _goals(some: Iterable[Goal]) -> list[Document]:
    return [{name: value for name, value in document_of(one).items() if name not in NOT_EXPORTED} for one in some]


def _goal_lines(one: Document, say: Say) -> list[list[Cell]]:
    agreed = say(WORDS[SheetState.AGREED])
    past = [
        [each["department"], agreed, _day(each["first_day"]), _day(each["last_day"]), *_cells(goal, say)]
        for each in one["earlier"]
        for goal in each["goals"]
    ]
    head: list[Cell] = [one["department"], say(WORDS[one["state"]]), None, None]
    now = [[*head, *_cells(goal, say)] for goal in one["goals"]]
    return [*past, *(now or [[*head, *[None] * (len(OF_GOALS) - len(PERSON) - len(head))]])]


def _cells(goal: Document, say: Say) -> list[Cell]:
    numbers = [_number(goal[name]) for name in ("baseline", "target", "stretch", "low", "high", "weight")]
    what = [goal["title"], goal["measure"], say(WORDS[goal["direction"]]), goal["unit"]]
    return [*what, *numbers, _day(goal["due"]), goal["source"], _steps(goal)]


def _steps(goal: Document) -> str:
    """Milestones with their days, levels with what they look like, values on the way with what they are worth."""
    milestones = [" ".join([name, *rest]) for name, _, *rest in goal["milestones"]]
    levels = [f"{level} {words}" for level, words, _ in goal["levels"]]
    points = [f"{value}: {Decimal(worth) * 100:f} %" for value, worth in goal["points"]]
    return "; ".join([*milestones, *levels, *points])


# Check-ins, counted -------------------------------------------------------------------------


def checkins_in(session: Session, cycle: Cycle) -> Document:
    """How many check-ins each person had in which week, and how many of them they answered."""
    columns = (CheckinRow.person_id, CheckinRow.day, CheckinRow.kind)
    by_person: dict[str, dict[date, list[bool]]] = {}
    for row in session.execute(select(*columns).where(CheckinRow.cycle_id == cycle.id)):
        week = row.day - timedelta(days=row.day.weekday())
        by_person.setdefault(row.person_id, {}).setdefault(week, []).append(row.kind not in UNANSWERED)

    def of(person_id: str) -> Document | None:
        weeks = by_person.get(person_id)
        if weeks is None:
            return None
        counted = [
            {"week_of": week.isoformat(), "checkins": len(some), "answered": sum(some)}
            for week, some in sorted(weeks.items())
        ]
        every = [one for some in weeks.values() for one in some]
        return {"checkins": len(every), "answered": sum(every), "weeks": counted}

    return _known(session, cycle).document(of)


def _week_lines(one: Document, _: Say) -> list[list[Cell]]:
    return [[_day(week["week_of"]), Decimal(week["checkins"]), Decimal(week["answered"])] for week in one["weeks"]]


def _by_week(document: Document, say: Say) -> Sheet:
    """All of them together, as a table and as bars."""
    sums: dict[str, list[int]] = {}
    for one in document["people"]:
        for week in one["weeks"]:
            of = sums.setdefault(week["week_of"], [0, 0])
            of[0], of[1] = of[0] + week["checkins"], of[1] + week["answered"]
    rows: list[list[Cell]] = [
        [_day(week), _percent(answered, of), Decimal(of), Decimal(answered)]
        for week, (of, answered) in sorted(sums.items())
    ]
    return Sheet(say(BY_WEEK), [say(one) for one in OF_WEEKS], rows, chart=say(CHART))


def _percent(n: int, of: int) -> Decimal:
    return half_up(Decimal(100 * n) / of, 0)


# Actions of the talks about results -----------------------------------------------------------


def actions_in(session: Session, cycle: Cycle, today: date) -> Document:
    """Whose each action is that came of a talk about a result, by when, and how it stands."""
    entry = TalkEntryRow
    columns = (entry.person_id, entry.owner_id, entry.due, entry.done_at)
    agreed = select(*columns).where(_agreed_in(cycle.id))
    by_person: dict[str, list[Any]] = {}
    for row in session.execute(agreed.order_by(entry.due, entry.at, entry.id)):
        by_person.setdefault(row.person_id, []).append(row)
    known = _known(session, cycle, {row.owner_id for some in by_person.values() for row in some})

    def of(person_id: str) -> Document | None:
        rows = by_person.get(person_id)
        return {"actions": [_action(row, known.named, today) for row in rows]} if rows else None

    return known.document(of)


def _agreed_in(cycle_id: str) -> ColumnElement[bool]:
    return and_(TalkEntryRow.cycle_id == cycle_id, TalkEntryRow.kind == Kind.ITEM.value)


def _action(row: Any, named: Mapping[str, Person], today: date) -> Document:
    late = row.due is not None and row.due < today
    standing = Standing.DONE if row.done_at else Standing.LATE if late else Standing.OPEN
    due = row.due.isoformat() if row.due else None
    return {"owner": export.person_of(named[row.owner_id]), "due": due, "state": standing.value}


def _action_lines(one: Document, say: Say) -> list[list[Cell]]:
    return [[each["owner"]["name"], _day(each["due"]), say(WORDS[each["state"]])] for each in one["actions"]]


# Inside -------------------------------------------------------------------------------------


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _number(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
