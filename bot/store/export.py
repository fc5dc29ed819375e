"""Results as a file: JSON with every tree, its rules and their hash, so that anyone can calculate it again.

A table is for looking at: XLSX or CSV, one line for each person.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.appeal import Appeal
from bot.domain.calibration import Change
from bot.domain.cycle import Cycle
from bot.domain.org import CAIRN, Person
from bot.domain.proof import FORMAT, mistakes
from bot.store import appeals, audit, calibrations, cycles, people, result_versions, results
from bot.store.db import Database
from bot.store.private_file import private_file
from bot.store.result_versions import Version
from bot.store.results import ResultRow
from bot.store.sheets import Cell, Sheet, csv_of, workbook

Say = Callable[[str], object]
ENDED_WELL, REFUSED = 0, 1
AT_A_TERMINAL = "see_export"
"""What the audit calls it when whoever runs Cairn has results written to a file."""
HEADING = ("E-mail", "Name", "State", "Score", "Grade", "Grade by the rules", "Released on", "Answer")
T = TypeVar("T", Change, Appeal)


@dataclass(frozen=True)
class Heads:
    """What stands above a table, and in place of the words of the JSON, for whoever reads it.

    `grades` are the name of the second sheet and of its two columns; days are those where the reader is, in `tz`.
    """

    columns: Sequence[str] = HEADING
    grades: Sequence[str] = ("Grades", "Grade", "People")
    chart: str = "Grades of {cycle}"
    words: Mapping[str, str] = field(default_factory=dict)
    tz: tzinfo = UTC


IN_ENGLISH = Heads()


def results_of(session: Session, cycle: Cycle, of: Collection[str] | None = None) -> dict[str, Any]:
    """Every result of a cycle, or those of these people, as plain JSON. What people wrote is not in it."""
    rows = results.rows_of(session, cycle.id, of)
    named = people.named(session, [row.person_id for row in rows])
    changes = _by_person(calibrations.changes_in(session, cycle.id, of))
    versions = result_versions.of(session, cycle.id, of)
    appealed, marks = _by_person(appeals.in_cycle(session, cycle.id)), appeals.marks(session, cycle.id)
    return {
        **head_of(cycle),
        "results": [
            {
                "person": person_of(named[row.person_id]),
                **result_versions.document(row),
                "calibration": [_changed(one) for one in changes.get(row.person_id, ())],
                "versions": [_version(one) for one in versions.get(row.person_id, ())],
                "appeals": [_appeal(one, marks[one.id]) for one in appealed.get(row.person_id, ())],
            }
            for row in rows
        ],
    }


_IN_A_TABLE = (
    ResultRow.person_id, ResultRow.rated, ResultRow.score, ResultRow.band, ResultRow.formula_band,
    ResultRow.released_at, ResultRow.answer, ResultRow.rules_hash,
)  # fmt: skip


def table_of(session: Session, cycle: Cycle, but_not: Collection[str] = ()) -> dict[str, Any]:
    """Every result but those of these people, as far as a table shows it: no tree is opened."""
    of_cycle = ResultRow.cycle_id == cycle.id
    every = session.execute(select(*_IN_A_TABLE).where(of_cycle).order_by(ResultRow.person_id)).mappings()
    rows = [row for row in every if row["person_id"] not in but_not]
    one_each = select(func.min(ResultRow.person_id)).where(of_cycle).group_by(ResultRow.rules_hash)
    made_by = select(ResultRow.rules_hash, ResultRow.rules).where(of_cycle, ResultRow.person_id.in_(one_each))
    rules = {row.rules_hash: row.rules for row in session.execute(made_by)}
    named = people.named(session, [row["person_id"] for row in rows])
    return {
        **head_of(cycle),
        "results": [
            {
                **row,
                "person": person_of(named[row["person_id"]]),
                "released_at": row["released_at"].isoformat() if row["released_at"] else None,
                "rules": rules[row["rules_hash"]],
            }
            for row in rows
        ],
    }


def head_of(cycle: Cycle) -> dict[str, Any]:
    """What every exported file begins with."""
    days = {"starts_on": cycle.starts_on.isoformat(), "ends_on": cycle.ends_on.isoformat()}
    return {"format": FORMAT, "cycle": {"id": cycle.id, "name": cycle.name, **days}}


def person_of(one: Person) -> dict[str, str]:
    """Whom a line is about."""
    return {"id": one.id, "name": one.name, "email": one.email}


def _by_person(some: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for one in some:
        found[one.person_id].append(one)
    return found


def _changed(change: Change) -> dict[str, Any]:
    """A change of a grade without the words of whoever made it."""
    return {
        "formula": change.formula,
        "before": change.before,
        "after": change.after,
        "decided_by": change.by,
        "at": change.at.isoformat(),
    }


def _version(one: Version) -> dict[str, Any]:
    """What stood before, and why it was replaced."""
    return {**one.document, "replaced_at": one.replaced_at.isoformat(), "because": one.because, "ref": one.ref}


def _appeal(one: Appeal, mark: str) -> dict[str, Any]:
    """An appeal without anybody's words: the mark of its record, and those of the results found and made."""
    decided = [
        {
            "level": each.level,
            "decided_by": each.by,
            "decision": each.state.value,
            "at": each.at.isoformat(),
            "before": each.before,
            "after": each.after,
        }
        for each in one.decisions
    ]
    return {"id": one.id, "kind": one.kind.value, "state": one.state.value, "record": mark, "decisions": decided}


def find_cycle(session: Session, wanted: str) -> Cycle | None:
    """The cycle with this id, else the newest one of this name."""
    every = cycles.every(session)
    return next((one for one in every if one.id == wanted), next((one for one in every if one.name == wanted), None))


@dataclass(frozen=True)
class Export:
    """What is written at a terminal: gathered of a cycle, made a file by its suffix, and how much of it there is.

    `whose` are the ids of everybody in it, who see it under `act`.
    """

    gather: Callable[[Session, Cycle], dict[str, Any]]
    as_file: Callable[[dict[str, Any], str], bytes]
    whose: Callable[[dict[str, Any]], Iterable[str]]
    act: str
    how_much: Callable[[dict[str, Any]], str]


def export_results(database: Database, wanted: str, file: Path, now: datetime, say: Say) -> int:
    """Write the results of a cycle: JSON with every tree, or a table."""
    return export_to(database, RESULTS, (wanted, file), now, say)


def export_to(database: Database, export: Export, at: tuple[str, Path], now: datetime, say: Say) -> int:
    """Write what there is of a cycle, named or by id, to a file: both are `at`. 1 when there is no such cycle.

    A table where the file's name ends in .xlsx or .csv, else JSON. Everybody in it can see that it was made.
    """
    wanted, file = at
    with database.unit_of_work() as session:
        cycle = find_cycle(session, wanted)
        names = ", ".join(one.name for one in cycles.every(session)) or "none"
        document = export.gather(session, cycle) if cycle else None
        for person_id in export.whose(document) if document else ():
            audit.note(session, now, CAIRN.id, export.act, person_id, cycle.id if cycle else "")
    if document is None:
        say(f"There is no cycle “{wanted}”. Known: {names}.")
        return REFUSED
    with private_file(file) as written:
        written.write(export.as_file(document, file.suffix.lower()))
    say(f"{export.how_much(document)} written to {file}.")
    return ENDED_WELL


def as_file(document: dict[str, Any], suffix: str, heads: Heads = IN_ENGLISH) -> bytes:
    """A table where the suffix is .xlsx or .csv, else JSON."""
    return written(document, suffix, lambda: [results_sheet(document, heads), grades_sheet(document, heads)])


def written(document: dict[str, Any], suffix: str, sheets: Callable[[], Sequence[Sheet]]) -> bytes:
    """A document as its sheets where the suffix is .xlsx, as the first of them where it is .csv, else as JSON."""
    match suffix:
        case ".xlsx":
            return workbook(sheets())
        case ".csv":
            return csv_of(sheets()[0])
        case _:
            return json.dumps(document, ensure_ascii=False, indent=1).encode()


RESULTS = Export(
    results_of,
    as_file,
    lambda document: [one["person"]["id"] for one in document["results"]],
    AT_A_TERMINAL,
    lambda document: f"{len(document['results'])} results",
)


def results_sheet(document: dict[str, Any], heads: Heads = IN_ENGLISH) -> Sheet:
    """One line for each result; how a score came about stands in the JSON."""
    return Sheet(document["cycle"]["name"], heads.columns, [_line(one, heads) for one in document["results"]])


def _line(one: dict[str, Any], heads: Heads) -> list[Cell]:
    released, words = one["released_at"], heads.words
    return [
        one["person"]["email"],
        one["person"]["name"],
        words.get(one["rated"], one["rated"]),
        None if one["score"] is None else Decimal(one["score"]),
        one["band"],
        one["formula_band"],
        datetime.fromisoformat(released).astimezone(heads.tz).date() if released else None,
        words.get(one["answer"], one["answer"]),
    ]


def grades_sheet(document: dict[str, Any], heads: Heads = IN_ENGLISH) -> Sheet:
    """How many have which grade, as a table and as bars."""
    grades = [one["band"] for one in document["results"] if one["band"]]
    names = dict.fromkeys(name for one in document["results"] for name in results.grades_in(one["rules"]))
    rows: list[list[Cell]] = [[name, Decimal(grades.count(name))] for name in names]
    title, *columns = heads.grades
    return Sheet(title, columns, rows, chart=heads.chart.format(cycle=document["cycle"]["name"]))


def verify(file: Path, say: Say) -> int:
    """Calculate every result of an exported file again; the exit status is 1 unless all match to the last digit."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        say(f"{file} cannot be read ({type(problem).__name__}).")
        return REFUSED
    found = mistakes(document)
    for one in found:
        say(one)
    if not found:
        say(f"{len(document['results'])} results recomputed; every one matches to the last digit.")
    return REFUSED if found else ENDED_WELL
