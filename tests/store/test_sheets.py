"""Tables as files: what people typed is never calculated, Chinese stays as it is, and only the owner reads them."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from bot.sources.tables import read_lines
from bot.store.sheets import Sheet, csv_of, workbook

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "#N/A", "＝1+1"]  # noqa: RUF001
CHINESE = "林美（销售部）"
TABLE = Sheet(
    "Results: 2027/Q1",
    ("Name", "Score", "Day"),
    [[CHINESE, Decimal("-1234.50"), date(2027, 4, 23)], *([word, None, None] for word in HOSTILE)],
)


def test_a_workbook_holds_text_as_text_numbers_as_numbers_and_days_as_days() -> None:
    page = load_workbook(io.BytesIO(workbook([TABLE]))).worksheets[0]
    rows = list(page.iter_rows())
    assert [cell.value for cell in rows[1]][:2] == [CHINESE, -1234.5]
    assert rows[1][1].number_format == "0.00"
    assert rows[1][2].value.date() == date(2027, 4, 23)
    written = [row[0] for row in rows[2:]]
    assert [cell.data_type for cell in written] == ["s"] * len(HOSTILE)
    assert [cell.value for cell in written] == [word.replace("\r", "\n") for word in HOSTILE], "XML knows one line end"
    assert [cell.quotePrefix for cell in written] == [word != "#N/A" for word in HOSTILE]
    assert page.title == "Results  2027 Q1"


def test_a_workbook_draws_its_own_charts() -> None:
    grades = Sheet("Grades", ("Grade", "People"), [["S", Decimal(2)], ["A", Decimal(5)]], chart="Grades of 2027-Q1")
    (chart,) = load_workbook(io.BytesIO(workbook([TABLE, grades]))).worksheets[1]._charts
    assert chart.series[0].val.numRef.f == "'Grades'!$B$2:$B$3"
    assert chart.series[0].cat.numRef.f == "'Grades'!$A$2:$A$3"


def test_csv_opens_in_a_spreadsheet_and_nothing_in_it_acts() -> None:
    content = csv_of(TABLE)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1] == [CHINESE, "-1234.50", "2027-04-23"]
    assert [row[0] for row in rows[2:]] == [word if word == "#N/A" else f"'{word}" for word in HOSTILE]


@pytest.mark.parametrize("write", [lambda sheet: workbook([sheet]), csv_of])
def test_what_is_written_can_be_read_by_the_houses_own_reader(write) -> None:
    sheet = Sheet("People", ("email", "name"), [["mei@lantern.example", CHINESE], ["x@lantern.example", "Bell\x07"]])
    assert read_lines(write(sheet)) == [
        (1, ["email", "name"]),
        (2, ["mei@lantern.example", CHINESE]),
        (3, ["x@lantern.example", "Bell"]),
    ]
