"""Tables come in many encodings and shapes; they become rows with line numbers, or a sentence."""

import io
import random
import zipfile
from datetime import datetime

import openpyxl
import pytest

from bot.domain.refusal import Refused
from bot.sources.tables import EMAIL, MOST_BYTES, MOST_ROWS, Column, read_table

COLUMNS = (EMAIL, Column("value", ("实际值",)), Column("source", ("data source", "来源"), required=False))


def read(text, encoding="utf-8"):
    return read_table(text.encode(encoding), COLUMNS)


def cells(rows):
    return [tuple(row.cells.values()) for row in rows]


def workbook(*rows: object, number_format="General"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for row in book.active.iter_rows(min_row=2, min_col=2):
        for cell in row:
            if not isinstance(cell.value, datetime):
                cell.number_format = number_format
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refusal(content):
    with pytest.raises(Refused) as caught:
        read_table(content if isinstance(content, bytes) else content.encode(), COLUMNS)
    return caught.value.sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_is_read_however_the_spreadsheet_saved_it(encoding):
    rows = read("邮箱,实际值,来源\nmei@lantern.example,98.5,客户问卷的平均分\n", encoding)
    assert cells(rows) == [("mei@lantern.example", "98.5", "客户问卷的平均分")]


def test_a_western_file_is_not_taken_for_chinese():
    text = "email;value;source\na@x.example;3;Jörg Müller, Straße für Bücher\nb@x.example;4;Café à Orléans\n"
    assert [row.cells["source"] for row in read(text, "cp1252")] == ["Jörg Müller, Straße für Bücher", "Café à Orléans"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_recognised(delimiter):
    text = delimiter.join(["email", "value", "source"]) + "\n" + delimiter.join(["a@x.example", '"1,250;5|"', "CRM"])
    assert cells(read(text)) == [("a@x.example", "1,250;5|", "CRM")]


@pytest.mark.parametrize("heading", ["E-Mail,VALUE", "邮箱,实际值", " email address , Value *", "\uff45mail,value"])
def test_headings_are_known_by_their_synonyms_in_both_languages(heading):
    assert cells(read(f"{heading}\na@x.example,1\n")) == [("a@x.example", "1")]


def test_columns_may_stand_in_any_order_and_the_optional_may_be_absent():
    (row,) = read("value,email\n1,a@x.example\n")
    assert row.cells == {"email": "a@x.example", "value": "1"}


def test_line_numbers_are_those_of_the_spreadsheet_or_editor():
    text = 'email,value\n\na@x.example,1\n"b@x.example","two\nlines"\nc@x.example,3\n'
    assert [(row.line, row.cells["email"][0]) for row in read(text)] == [(3, "a"), (4, "b"), (6, "c")]


def test_a_short_row_is_filled_up_and_a_long_one_refused():
    assert read("email,value\na@x.example\n")[0].cells == {"email": "a@x.example", "value": ""}
    said = refusal("email,value\na@x.example,1\nb@x.example,1,250\n")
    assert (said.facts["line"], said.facts["count"], said.facts["expected"]) == (3, 3, 2)


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("email,value,shoe size\n", "columns", "“shoe size”"),
        ("email,,value\n", "columns", "“”"),
        ("email,source\n", "columns", "value"),
        ("email,value,实际值\n", "columns", "value"),
        ("email,value\na@x.example,=1+1\n", "line", 2),
        ("email,value\na@x.example,1\nb@x.example,@SUM(A1)\n", "line", 3),
        ("email,value\na@x.example,-cmd|x\n", "line", 2),
        ('email,value\na@x.example,"1\n', "line", 2),
    ],
)
def test_a_mistake_in_the_table_is_said_with_its_column_or_line(text, fact, value):
    assert refusal(text).facts[fact] == value


@pytest.mark.parametrize("value", ["-5", "+1,250.5", "- 3", "-12%", "-3万", "-", "- not yet known", "a=b"])
def test_signed_numbers_and_dashes_are_no_formulas(value):
    assert read(f'email,value\na@x.example,"{value}"\n')[0].cells["value"] == value


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"  ,  \n"])
def test_an_empty_file_is_said_to_be_empty(content):
    assert refusal(content).text == "The file is empty."


def test_a_file_too_large_or_with_too_many_rows_is_refused():
    assert refusal(b"x" * (MOST_BYTES + 1)).facts == {"most": 5}
    assert refusal("email,value\n" + "a@x.example,1\n" * (MOST_ROWS + 1)).facts == {"most": MOST_ROWS}


def test_an_excel_file_is_read_as_people_see_it():
    content = workbook(
        ["email", "value", "source"],
        ["a@x.example", 1250.5, datetime(2027, 1, 31)],  # noqa: DTZ001 - spreadsheets know no time zone
        [None, None, None],
        ["b@x.example", 0.1 + 0.2, 12],
        ["c@x.example", 30000000, None],
    )
    rows = read_table(content, COLUMNS)
    assert cells(rows) == [
        ("a@x.example", "1250.5", "2027-01-31"),
        ("b@x.example", "0.3", "12"),
        ("c@x.example", "30000000", ""),
    ]
    assert [row.line for row in rows] == [2, 4, 5]


def test_a_percent_cell_of_excel_stays_percent():
    content = workbook(["email", "value"], ["a@x.example", 0.186], number_format="0.0%")
    assert cells(read_table(content, COLUMNS)) == [("a@x.example", "18.6%")]


def test_an_excel_formula_is_refused_with_its_line():
    said = refusal(workbook(["email", "value"], ["a@x.example", 1], ["b@x.example", "=B2*2"]))
    assert said.facts == {"line": 3, "cell": "=B2*2"}


def test_an_old_excel_file_is_refused_with_what_to_do():
    assert "XLSX" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500).text


def test_an_excel_file_that_unpacks_to_a_mountain_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", 8) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * 61_000_000)
    assert refusal(packed.getvalue()).facts == {"most": 60}


@pytest.mark.filterwarnings("ignore")  # openpyxl warns about what it finds odd in damaged files
def test_damaged_files_are_refused_or_read_but_never_break():
    whole = workbook(["email", "value"], *[[f"{n}@x.example", n] for n in range(20)])
    chance = random.Random(7)
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 5, 20])):
            damaged[chance.randrange(4, len(whole))] = chance.randrange(256)
        try:
            rows = read_table(bytes(damaged[: chance.choice([None, len(whole) // 2])]), COLUMNS)
        except Refused:
            rows = []
        assert len(rows) <= 20
