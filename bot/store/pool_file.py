"""A pool as a file for payroll: the only way by which amounts leave. What is held back has a column of its own."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.fingerprint import fingerprint
from bot.domain.org import CAIRN, Person
from bot.domain.refusal import Refused
from bot.store import audit, people, pools
from bot.store.db import Database
from bot.store.pools import Pool
from bot.store.private_file import private_file
from bot.store.sheets import Cell, Sheet, csv_of, workbook

ENDED_WELL, REFUSED = 0, 1
NOTHING = Decimal("0.00")
HEADING = ("E-mail", "Name", "Department", "Grade", "Coefficient", "Target bonus", "Share of the cycle", "Most",
           "Amount", "To pay", "Held back")  # fmt: skip
AMENDED = ("Amount before an appeal",)
DEPARTMENTS = ("Department", "Factor of its result", "Pool", "Shared out", "Left over", "Factor")
RAISES = ("Salary", "Salary ÷ middle of the range", "Raise in percent", "Raise", "Paid once")


def export_pool(database: Database, wanted: str, file: Path, now: datetime, say: Callable[[str], object]) -> int:
    """Write the newest pool of a cycle as XLSX or CSV and note it in the audit; 1 when there is nothing to write."""
    try:
        with database.unit_of_work() as session:
            content, told = _written(session, wanted, file.suffix.lower(), now)
    except Refused as refused:
        say(refused.sentence.text.format_map(refused.sentence.facts))
        return REFUSED
    with private_file(file) as written:
        written.write(content)
    say(f"{told} written to {file}.")
    return ENDED_WELL


def _written(session: Session, wanted: str, suffix: str, now: datetime) -> tuple[bytes, str]:
    if suffix not in {".xlsx", ".csv"}:
        raise Refused("A pool is written as .xlsx or .csv: please name the file so.")
    cycle = pools.cycle_for(session, wanted)
    pool = pools.newest(session, cycle.id)
    if pool is None:
        raise Refused("There is no pool of this cycle yet. Finance makes it in Slack: `/cairn pool`.")
    if fingerprint(pool.document) != pool.hash:
        raise Refused("This pool was changed after it was made: its fingerprint does not fit. Nothing is written.")
    lines = pool.document["lines"]
    those = [line["person"] for line in lines]
    held, named = pools.on_hold(session, cycle.id, those), people.named(session, those)
    for person_id in those:
        audit.note(session, now, CAIRN.id, "export_pool", person_id, f"{cycle.id}/{pool.n}")
    table, by = pay_sheet(pool, held, named), people.named(session, {pool.made_by, pool.approved_by} - {""})
    content = csv_of(table) if suffix == ".csv" else workbook([table, _sums(pool, held, by), *_departments(pool)])
    state = "approved" if pool.approved_by else "not approved yet"
    return content, f"{len(lines)} people ({state}, fingerprint {pool.shown})"


def pay_sheet(pool: Pool, held: Collection[str], named: Mapping[str, Person]) -> Sheet:
    """One line for each person; who disputes a result has the amount held back, and nothing to pay until then."""
    raises = pool.document["budget"] is not None
    lines, width = pool.document["lines"], len(HEADING) + (len(RAISES) if raises else 0)
    rows = [_row(line, named[line["person"]], held=line["person"] in held)[:width] for line in lines]
    heading = (*HEADING, *RAISES)[:width]
    if "added" in pool.document:
        heading = (*heading, *AMENDED)
        rows = [[*row, _decimal(line.get("before"))] for row, line in zip(rows, lines, strict=True)]
    return Sheet("Pool", heading, rows)


def _row(line: Mapping[str, Any], person: Person, *, held: bool) -> list[Cell]:
    amount = Decimal(line["amount"])
    numbers = [_decimal(line[name]) for name in ("coefficient", "target", "served", "cap")]
    pay: list[Cell] = [amount, NOTHING if held else amount, amount if held else NOTHING]
    once = {True: "yes", False: "no", None: None}[line.get("once")]
    raised = [_decimal(line.get(name)) for name in ("salary", "ratio", "percent", "raise")]
    return [person.email, person.name, line["department"], line["grade"], *numbers, *pay, *raised, once]


def _sums(pool: Pool, held: Collection[str], by: Mapping[str, Person]) -> Sheet:
    document, approver = pool.document, by.get(pool.approved_by)
    amounts = {line["person"]: Decimal(line["amount"]) for line in document["lines"]}
    waiting = sum((amount for one, amount in amounts.items() if one in held), NOTHING)
    rows: list[list[Cell]] = [
        ["Cycle", document["name"]],
        ["State", "approved" if approver else "not approved yet"],
        ["Made by", by[pool.made_by].name],
        ["Made on", pool.made_at.date()],
        ["Approved by", approver.name if approver else None],
        ["Approved on", pool.approved_at.date() if pool.approved_at else None],
        ["Fingerprint", pool.hash],
        ["Pool", Decimal(document["total"])],
        ["Shared out", sum(amounts.values(), NOTHING)],
        ["Left over", Decimal(document["unspent"])],
        ["Added after appeals", _decimal(document.get("added"))],
        ["Held back", waiting],
        ["Factor", _decimal(document["factor"])],
        ["Budget of raises in percent", _decimal(document["budget"])],
    ]
    return Sheet("Sums", ("What", "How much"), rows)


def _departments(pool: Pool) -> list[Sheet]:
    """The pool of each department, where each has its own, and what came later to one without; all lines add up."""
    apart = {one["department"]: one for one in pool.document.get("departments", ())}
    if not apart:
        return []
    sums = dict.fromkeys([*apart, *sorted(line["department"] for line in pool.document["lines"])], NOTHING)
    for line in pool.document["lines"]:
        sums[line["department"]] += Decimal(line["amount"])
    later = {"result": None, "total": NOTHING, "unspent": NOTHING, "factor": None}
    rows: list[list[Cell]] = [
        [
            name,
            _decimal(one["result"]),
            Decimal(one["total"]),
            shared_out,
            Decimal(one["unspent"]),
            _decimal(one["factor"]),
        ]
        for name, shared_out in sums.items()
        for one in [apart.get(name, later)]
    ]
    return [Sheet("Departments", DEPARTMENTS, rows)]


def _decimal(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
