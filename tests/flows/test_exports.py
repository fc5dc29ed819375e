"""HR takes results along as files in their own DM: what is in them, who can see that, and who gets none."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from bot.domain.cycle import Cycle
from bot.handlers.exports import A_PART, starts_of
from bot.store import export, people
from bot.store.outbox import OutboxRow
from bot.store.people import Member
from bot.store.results import ResultRow
from tests.beginnings import lived_once
from tests.company import Company, Persona
from tests.flows.test_delivery import SENTENCE, STRENGTH, released_quarter
from tests.forging import Forger
from tests.working_quarters import presses

FORMULA = "=1+1"


@lived_once
def results_out(company: Company) -> Cycle:
    """Emily's and Jonas's results are out; those of Mei, who is HR, and of who leads her are computed."""
    cycle = released_quarter(company, "emily")
    company.knows(lambda session: computed_alike(session, cycle.id))
    return cycle


def computed_alike(session: Any, cycle_id: str) -> None:
    emily = session.get(ResultRow, (cycle_id, "U01EMILY"))
    kept = {one.name: getattr(emily, one.name) for one in ResultRow.__table__.columns}
    above = people.manager_of(session, "U01MEI", emily.released_at.date())
    for one, released_at in (("U01MEI", None), (above.id, None), ("U01JONAS", emily.released_at)):
        session.add(ResultRow(**{**kept, "person_id": one, "released_at": released_at}))
    jonas = Member("U01JONAS", FORMULA, "jonas@lantern.example", "de-DE", "Europe/Berlin", owner=False, takes_part=True)
    people.keep_member(session, jonas)


def wants(mei: Persona, kind: str) -> None:
    mei.types("/cairn export")
    mei.submits(cycle="2027-Q1", kind=kind)


def files_of(person: Persona) -> list[bytes]:
    slack = person.company.slack
    return [slack.files[one["id"]].content for message in person.messages for one in message.get("files", ())]


def test_hr_gets_the_file_that_verify_recomputes_and_everybody_in_it_can_see_that(
    company: Company, tmp_path: Path
) -> None:
    results_out(company)
    mei = company.person("mei")
    wants(mei, "json")
    assert "文件会发到你和我的私信里" in mei.sees()
    mei.closes()
    assert mei.pushes[-1] == "2027-Q1 的结果"
    (content,) = files_of(mei)
    file, told = tmp_path / "results.json", list[str]()
    file.write_bytes(content)
    assert export.verify(file, told.append) == 0
    assert told == ["2 results recomputed; every one matches to the last digit."], "neither her own nor one above her"
    assert {one["person"]["name"] for one in json.loads(content)["results"]} == {"Emily Carter", FORMULA}
    for hidden in (SENTENCE, STRENGTH):
        assert hidden.encode() not in content
    key = f"exports/{mei.id}/"
    rows = company.knows(lambda session: session.query(OutboxRow).filter(OutboxRow.key.startswith(key)).all())
    assert [sorted(row.body) for row in rows] == [["carry", "does", "text"]]
    emily = Forger(company, "U01EMILY")
    assert "林美: your result, in a file with those of all" in emily.reads("privacy.show_looks", "", {})


def test_tables_are_in_the_language_of_hr_with_a_chart_and_no_formula_acts(company: Company) -> None:
    results_out(company)
    mei = company.person("mei")
    for kind in ("xlsx", "csv"):
        wants(mei, kind)
        mei.closes()
    table, text = files_of(mei)
    results, grades = load_workbook(io.BytesIO(table)).worksheets
    (_, name, state, *_), *lines = results.iter_rows()
    assert (name.value, state.value) == ("姓名", "状态")
    assert {(line[1].value, line[1].data_type, line[2].value) for line in lines} == {
        ("Emily Carter", "s", "已评定"),
        (FORMULA, "s", "已评定"),
    }
    assert len(grades._charts) == 1, "drawn by the spreadsheet itself"
    assert sum(row[1].value for row in grades.iter_rows(min_row=2)) == 2
    _, *lines = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    assert {line[1] for line in lines} == {"Emily Carter", f"'{FORMULA}"}


def test_the_day_of_a_release_is_the_one_where_hr_is(company: Company) -> None:
    results_out(company)
    evening, hers = datetime(2027, 4, 22, 22, 30, tzinfo=UTC), ResultRow.person_id == "U01EMILY"
    company.knows(lambda session: session.execute(update(ResultRow).where(hers).values(released_at=evening)))
    mei = company.person("mei")
    wants(mei, "csv")
    mei.closes()
    _, *lines = csv.reader(io.StringIO(files_of(mei)[-1].decode("utf-8-sig")))
    assert next(line[6] for line in lines if line[1] == "Emily Carter") == "2027-04-23", "in Shanghai"


def test_nobody_else_gets_one_nor_who_has_lost_the_duty_meanwhile(company: Company) -> None:
    cycle = results_out(company)
    for name in ("emily", "thomas"):
        one = company.person(name)
        one.types("/cairn export")
        assert "This is not yours to do." in one.sees()
        assert "This is not yours to do." in presses(company, "exports.send", one, cycle.id)
    mei = company.person("mei")
    mei.types("/cairn export")
    chosen = {"cycle": {"value": cycle.id}, "kind": {"value": "json"}}
    company.runs(mei.slack.act(mei.id, "submit", view_id=mei.modal["id"], state=chosen))
    company.knows(lambda session: people.revoke(session, mei.id, people.HR))
    company.settles()
    assert files_of(mei) == []
    assert company.knows(lambda session: session.query(OutboxRow).filter(OutboxRow.key.startswith("exports/")).count())


@pytest.mark.parametrize("count", [1, A_PART, A_PART + 1, 2 * A_PART, 2 * A_PART + 1])
def test_everybody_is_in_one_of_the_files(count: int) -> None:
    ids = [f"U{n:05}" for n in range(count)]
    parts = [[one for one in ids if one > after][:A_PART] for after in starts_of(ids)]
    assert [one for part in parts for one in part] == ids
    assert all(parts)
