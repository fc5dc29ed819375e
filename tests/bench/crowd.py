"""A company of any size in the middle of a quarter, with years behind it; written row by row, not lived.

In teams of ten, everybody reports to the person whose number is a tenth of theirs. The first one is HR.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, text, update
from sqlalchemy.orm import Session

from bot.domain.cycle import Cycle, CycleKind, Participant, Stage, propose_stages
from bot.domain.goal import Goal, SheetState
from bot.domain.goal_record import document_of
from bot.domain.goal_template import prefill
from bot.domain.measure import Direction
from bot.domain.template import Template
from bot.domain.template_document import document_of as template_document
from bot.sources.templates import shipped
from bot.store import cycles, people, templates
from bot.store.actuals import ReportedRow
from bot.store.db import Base, Database
from bot.store.goals import SheetRow, SpokenRow
from bot.store.people import PersonRow, StintRow
from bot.store.released import MeanRow
from bot.store.reviews import ReviewRow

FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)
WORKING = datetime(2027, 2, 1, 9, tzinfo=UTC)
"""The work is being done; goals may be agreed and check-ins answered."""
CALIBRATING = datetime(2027, 4, 15, 13, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
DEPARTMENTS = ("Sales", "R&D", "Logistics")
HR = "P0"
PIECE = 5000
TEAM = 10


@dataclass(frozen=True)
class Crowd:
    """How many there are, in how large teams, and the cycle they are in."""

    size: int
    cycle: Cycle
    team: int = TEAM

    @property
    def ids(self) -> list[str]:
        """Everybody."""
        return [f"P{n}" for n in range(self.size)]

    def boss_of(self, n: int) -> str:
        """Whom somebody reports to."""
        return boss_of(n, self.team)


def boss_of(n: int, team: int = TEAM) -> str:
    """Whom somebody reports to; the first one to themself, so that everybody takes part."""
    return f"P{n // team}"


def department_of(n: int) -> str:
    """Departments take turns."""
    return DEPARTMENTS[n % len(DEPARTMENTS)]


def employ(database: Database, size: int, team: int = TEAM) -> None:
    """Everybody is in Slack and stands somewhere."""
    with database.unit_of_work() as session:
        bulk(session, PersonRow, (_person(n) for n in range(size)))
        bulk(session, StintRow, (_stint(n, team) for n in range(size)))
        people.grant(session, HR, people.HR)


def bulk(session: Session, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows in pieces, as plainly as SQLAlchemy does."""
    while piece := list(islice(rows, PIECE)):
        session.execute(insert(table.__table__), piece)


def _person(n: int) -> dict[str, Any]:
    locale = "zh-CN" if n % 3 == 0 else "en-US"
    return {
        "id": f"P{n}", "name": f"Person {n}", "email": f"p{n}@example.com", "locale": locale, "tz": ZONES[n % 3],
        "owner": n == 0, "takes_part": True, "chosen_language": "", "paused_until": None, "greeted": True,
    }  # fmt: skip


def _stint(n: int, team: int) -> dict[str, Any]:
    return {
        "person_id": f"P{n}", "starts_on": date(2020, 1, 1), "ends_on": None, "department": department_of(n),
        "position": "Colleague", "manager_id": boss_of(n, team),
    }  # fmt: skip


def template_for(department: str) -> Template:
    """The template of a department."""
    return next(one for one in shipped().values() if one.serves(department))


def drafted(database: Database) -> Cycle:
    """A cycle with its templates, not launched."""
    with database.unit_of_work() as session:
        for name in DEPARTMENTS:
            one = template_for(name)
            templates.keep(session, one.content_hash, one.id, template_document(one), WORKING)
        opens = propose_stages(FIRST, LAST)
        days = (FIRST, LAST)
        return cycles.create(
            session, "2027-Q1", CycleKind.QUARTER, days, opens, by=HR, at=WORKING, departments=DEPARTMENTS
        )


def under_way(database: Database, size: int, *, agreed: bool = True, team: int = TEAM) -> Crowd:
    """A launched quarter in which everybody has goals: agreed, or proposed to their manager."""
    employ(database, size, team)
    cycle = drafted(database)
    hashes = {name: template_for(name).content_hash for name in DEPARTMENTS}
    takers = [
        Participant(cycle.id, f"P{n}", department_of(n), boss_of(n, team), hashes[department_of(n)])
        for n in range(size)
    ]
    with database.unit_of_work() as session:
        cycles.launch(session, cycle.id, takers, WORKING)
        bulk(session, SheetRow, _sheets(cycle, size, agreed=agreed))
        return Crowd(size, cycles.get(session, cycle.id), team)


def goals_in(department: str, language: str) -> list[Any]:
    """What a department proposes, as it is kept."""
    return [document_of(goal) for goal in _goals(department, language)]


def _goals(department: str, language: str) -> list[Goal]:
    found = prefill(template_for(department), language, LAST)
    return [one if one.target is not None or one.stretch is None else replace(one, stretch=None) for one in found]


def _sheets(cycle: Cycle, size: int, *, agreed: bool) -> Iterator[dict[str, Any]]:
    known = {(name, lang): goals_in(name, lang) for name in DEPARTMENTS for lang in ("en", "zh")}
    for n in range(size):
        goals = known[department_of(n), "zh" if n % 3 == 0 else "en"]
        yield {
            "cycle_id": cycle.id, "person_id": f"P{n}", "state": (SheetState.AGREED if agreed else SheetState.PROPOSED),
            "version": int(agreed), "goals": goals, "agreed": goals if agreed else [], "rules_hash": "0" * 64,
            "revision": 2 if agreed else 1, "spoken_by": boss_of(n) if agreed else f"P{n}", "comment": "", "before": [],
        }  # fmt: skip


def propose_again(database: Database, crowd: Crowd) -> None:
    """Undo what was agreed, so that it can be agreed once more."""
    before = {"state": SheetState.PROPOSED.value, "version": 0, "agreed": [], "revision": 1}
    with database.unit_of_work() as session:
        of_cycle = (SheetRow.cycle_id == crowd.cycle.id, SheetRow.version > 0)
        session.execute(update(SheetRow).where(*of_cycle).values(**before))
        session.execute(delete(SpokenRow).where(SpokenRow.cycle_id == crowd.cycle.id))


# At the end of the quarter --------------------------------------------------------------------


def assessed(database: Database, crowd: Crowd) -> None:
    """Every value is reported, every manager has written, and five colleagues have answered about everyone."""
    with database.unit_of_work() as session:
        reported(session, crowd)
        bulk(session, MeanRow, _means(crowd))


def reported(session: Session, crowd: Crowd) -> None:
    """Every value is reported and every manager has written."""
    bulk(session, ReportedRow, _reported(crowd))
    bulk(session, ReviewRow, _reviews(crowd))


def _reported(crowd: Crowd) -> Iterator[dict[str, Any]]:
    known = {name: _goals(name, "en") for name in DEPARTMENTS}
    for n in range(crowd.size):
        for goal in known[department_of(n)]:
            if goal.direction is Direction.RUBRIC:
                continue
            reached = goal.target or goal.high or Decimal(80)
            yield {
                "cycle_id": crowd.cycle.id, "person_id": f"P{n}", "kpi": goal.kpi, "period": "2027-Q1",
                "value": reached * (80 + n % 40) / 100, "unit": goal.unit, "cumulative": goal.cumulative,
                "source": "Warehouse", "reported_by": HR, "at": CALIBRATING,
            }  # fmt: skip


def _reviews(crowd: Crowd) -> Iterator[dict[str, Any]]:
    for n in range(crowd.size):
        template = template_for(department_of(n))
        rubrics = [one for one in _goals(department_of(n), "en") if one.direction is Direction.RUBRIC]
        yield {
            "cycle_id": crowd.cycle.id, "person_id": f"P{n}", "kind": "manager", "author_id": crowd.boss_of(n),
            "state": "sent", "competencies": {one.id: 2 + (n + k) % 4 for k, one in enumerate(template.competencies)},
            "levels": {one.id: str(one.levels[n % len(one.levels)].level) for one in rubrics}, "overall": "B",
            "notes": {"strength": "Stayed calm when a shipment was lost and told the customer first."},
            "sent_at": CALIBRATING,
        }  # fmt: skip


def _means(crowd: Crowd) -> Iterator[dict[str, Any]]:
    for n in range(crowd.size):
        for k in range(5):
            yield {
                "id": (n * 5 + k).to_bytes(16, "big"), "cycle_id": crowd.cycle.id, "ratee_id": f"P{n}",
                "relation": "peer", "mean": Decimal(20 + (n * 7 + k * 11) % 31) / 10,
            }  # fmt: skip


# Years behind it ------------------------------------------------------------------------------

_PAST = (
    """INSERT INTO cycles (id, name, kind, starts_on, ends_on, opens, created_by, created_at, launched_at, departments)
       SELECT :id, :name, kind, :starts_on, :ends_on, :opens, created_by, :at, :at, departments
       FROM cycles WHERE id = :now""",
    """INSERT INTO participants (cycle_id, person_id, department, manager_id, template)
       SELECT :id, person_id, department, manager_id, template FROM participants WHERE cycle_id = :now""",
    """INSERT INTO goal_sheets (cycle_id, person_id, state, version, goals, agreed, rules_hash, revision, spoken_by,
       comment, before)
       SELECT :id, person_id, 'agreed', 1, '[]', '[]', '', 2, spoken_by, '', '[]'
       FROM goal_sheets WHERE cycle_id = :now""",
    """INSERT INTO checkins (cycle_id, person_id, day, kind, items, note, blocking, help_wanted, manager_id, digest_on,
       asked_at, answered_at, told, read_at, nudges)
       SELECT :id, person_id, :starts_on, 'update', '[]', '', '', '[]', manager_id, :starts_on, :at, :at, true, :at, 0
       FROM participants WHERE cycle_id = :now""",
    """INSERT INTO results (cycle_id, person_id, rated, score, band, near, tree, reasons, rules_version, rules_hash,
       rules, inputs, computed_at, released_at, released_by, opened_at, answer, words, answered_at)
       SELECT :id, person_id, 'rated', '87.5', 'B', NULL, NULL, '[]', '1', '', '{}', '{}', :at, :at, 'P0', :at,
       'agrees', '', :at FROM participants WHERE cycle_id = :now""",
)
"""Each is one statement for one past quarter of everybody. What was written then is left out: its size, not its words,
is what a turn of today could trip over."""


def remember(database: Database, crowd: Crowd, quarters: int = 12) -> None:
    """Give everybody this many quarters behind them: goals, a check-in and an answered result in each."""
    opens = '{"planning": "%d-01-01", "closed": "%d-12-31"}'
    for n in range(quarters):
        year, quarter = 2026 - n // 4, 4 - n % 4
        starts, ends = date(year, 3 * quarter - 2, 1), date(year, 3 * quarter, 28)
        values = {
            "id": f"past{n}", "now": crowd.cycle.id, "name": f"{year}-Q{quarter}", "starts_on": starts, "ends_on": ends,
            "opens": opens % (year, year), "at": f"{year}-12-31 00:00:00.000000",
        }  # fmt: skip
        with database.unit_of_work() as session:
            for statement in _PAST:
                session.execute(text(statement), _as_text(values) if database.is_sqlite else values)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _as_text(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def stage_of(crowd: Crowd, at: datetime) -> Stage:
    """Where the quarter stands."""
    return crowd.cycle.stage_on(at.date())
