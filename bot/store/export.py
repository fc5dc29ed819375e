"""Results as a file: JSON with every tree, its rules and their hash, so that anyone can calculate it again.

A table is for looking at: XLSX or CSV, one line for each person.
"""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.appeal import Appeal
from bot.domain.calibration import Change
from bot.domain.cycle import Cycle
from bot.domain.proof import FORMAT, mistakes
from bot.store import appeals, calibrations, cycles, people, result_versions, results
from bot.store.db import Database
from bot.store.private_file import private_file
from bot.store.result_versions import Version
from bot.store.sheets import Cell, Sheet, csv_of, workbook

Say = Callable[[str], object]
ENDED_WELL, REFUSED = 0, 1
HEADING = ("E-mail", "Name", "State", "Score", "Grade", "Grade by the rules", "Released on", "Answer")


def results_of(session: Session, cycle: Cycle) -> dict[str, Any]:
    """Every result of a cycle as plain JSON. What people wrote is not in it."""
    rows = results.rows_of(session, cycle.id)
    named = people.named(session, [row.person_id for row in rows])
    changes, versions = calibrations.changes_in(session, cycle.id), result_versions.of(session, cycle.id)
    appealed, marks = appeals.in_cycle(session, cycle.id), appeals.marks(session, cycle.id)
    return {
        "format": FORMAT,
        "cycle": {
            "id": cycle.id,
            "name": cycle.name,
            "starts_on": cycle.starts_on.isoformat(),
            "ends_on": cycle.ends_on.isoformat(),
        },
        "results": [
            {
                "person": {"id": row.person_id, "name": named[row.person_id].name, "email": named[row.person_id].email},
                **result_versions.document(row),
                "calibration": [_changed(one) for one in changes if one.person_id == row.person_id],
                "versions": [_version(one) for one in versions.get(row.person_id, ())],
                "appeals": [_appeal(one, marks[one.id]) for one in appealed if one.person_id == row.person_id],
            }
            for row in rows
        ],
    }


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


def export_results(database: Database, wanted: str, file: Path, say: Say) -> int:
    """Write the results of a cycle, named or by id, to a file; the exit status is 1 when there is no such cycle.

    JSON with every tree; a table where the file's name ends in .xlsx or .csv.
    """
    with database.unit_of_work() as session:
        cycle = find_cycle(session, wanted)
        names = ", ".join(one.name for one in cycles.every(session)) or "none"
        document = results_of(session, cycle) if cycle else None
    if document is None:
        say(f"There is no cycle “{wanted}”. Known: {names}.")
        return REFUSED
    with private_file(file) as written:
        written.write(_as_file(document, file.suffix.lower()))
    say(f"{len(document['results'])} results written to {file}.")
    return ENDED_WELL


def _as_file(document: dict[str, Any], suffix: str) -> bytes:
    match suffix:
        case ".xlsx":
            return workbook([results_sheet(document), grades_sheet(document)])
        case ".csv":
            return csv_of(results_sheet(document))
        case _:
            return json.dumps(document, ensure_ascii=False, indent=1).encode()


def results_sheet(document: dict[str, Any]) -> Sheet:
    """One line for each result; how a score came about stands in the JSON."""
    return Sheet(document["cycle"]["name"], HEADING, [_line(one) for one in document["results"]])


def _line(one: dict[str, Any]) -> list[Cell]:
    released = one["released_at"]
    return [
        one["person"]["email"],
        one["person"]["name"],
        one["rated"],
        None if one["score"] is None else Decimal(one["score"]),
        one["band"],
        one["formula_band"],
        date.fromisoformat(released[:10]) if released else None,
        one["answer"],
    ]


def grades_sheet(document: dict[str, Any]) -> Sheet:
    """How many have which grade, as a table and as bars."""
    grades = [one["band"] for one in document["results"] if one["band"]]
    names = dict.fromkeys(name for one in document["results"] for name in results.grades_in(one["rules"]))
    rows: list[list[Cell]] = [[name, Decimal(grades.count(name))] for name in names]
    return Sheet("Grades", ("Grade", "People"), rows, chart=f"Grades of {document['cycle']['name']}")


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
