"""The demo company's own files go through the importer as HR would send them."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bot.domain.actuals import Expected, missing_values, periods_between, plan_actuals
from bot.domain.directory import plan_directory
from bot.domain.refusal import Refused
from bot.sources.actuals_file import read_actuals
from bot.sources.people_file import read_people
from bot.sources.templates import shipped

LANTERN = Path(__file__).parents[2] / "examples" / "lantern"
PEOPLE, ACTUALS = (LANTERN / "people.csv").read_bytes(), (LANTERN / "actuals.csv").read_bytes()


def as_excel(content):
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(content.decode())):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_text(content, delimiter):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(csv.reader(io.StringIO(content.decode())))
    return file.getvalue().encode()


def with_heading(content, heading):
    return heading.encode() + content[content.index(b"\n") :]


def test_all_forty_are_taken_without_a_refusal():
    rows = read_people(PEOPLE)
    preview = plan_directory(rows, {}, [row.email for row in rows])
    assert (len(preview.added), preview.refused) == (40, ())
    assert preview.added[13].start_date == date(2027, 2, 1)


@pytest.mark.parametrize(
    "content",
    [
        as_excel(PEOPLE),
        PEOPLE.decode().encode("gb18030"),
        as_text(PEOPLE, ";"),
        with_heading(PEOPLE, "邮箱,姓名,部门,岗位,上级邮箱,入职日期"),
    ],
    ids=["excel", "gb18030", "semicolons", "chinese headings"],
)
def test_the_file_says_the_same_in_any_shape(content):
    assert read_people(content)[1:] == read_people(PEOPLE)[1:]


def test_a_person_whom_slack_does_not_know_is_refused_by_line():
    rows = read_people(PEOPLE)
    preview = plan_directory(rows, {}, [row.email for row in rows if not row.email.startswith("maria")])
    assert [each.line for each in preview.refused] == [41]


def test_a_file_of_values_is_not_taken_for_people():
    with pytest.raises(Refused, match="not known"):
        read_people(ACTUALS)


def test_the_quarters_values_are_taken_with_one_missing():
    goals, templates = {}, shipped().values()
    for person in read_people(PEOPLE):
        for template in templates:
            if template.serves(person.department):
                goals[person.email] = [
                    Expected(kpi.id, (kpi.title.en, kpi.title.zh), kpi.in_percent) for kpi in template.kpis
                ]
    quarter = periods_between(date(2027, 1, 1), date(2027, 3, 31))
    preview = plan_actuals(read_actuals(ACTUALS), "q1", quarter, goals, {})
    assert (len(preview.added), preview.refused) == (204, ())
    assert [(each.email, each.measure) for each in missing_values(preview)] == [
        ("jonas@lantern.example", "satisfaction")
    ]
    assert preview.added[0].value == Decimal(39_150_000)
